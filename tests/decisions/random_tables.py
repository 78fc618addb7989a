"""Small tables of every kind and facts for them, made by chance; and the slow, obvious way to answer what is asked of them.

``LOFT_TABLES=20000`` sets how many are made for each property; the usual run makes few, always the same.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from loft.decisions import NOTHING, Table
from loft.decisions.decision import Status
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.types import BOOLEAN, DATE, NUMBER, STRING, Type
from loft.decisions.model import (
    Aggregation,
    Cell,
    DecisionNode,
    DecisionTable,
    HitPolicy,
    Input,
    InputData,
    Model,
    Output,
    OutputCell,
    Row,
)
from loft.decisions.outcomes import key_of

TABLES = int(os.environ.get("LOFT_TABLES", "150"))
MANY = settings(
    max_examples=TABLES,
    deadline=None,
    database=None,
    derandomize=TABLES <= 1_000,
    suppress_health_check=list(HealthCheck),
)

CELLS = {
    "number": "-|-|< 2|<= 2|> 1|>= 3|[1..3]|(1..3)|[0..2)|2|1, 3|not(2)|not([1..2], > 3)|< 1, > 3|null|1.5".split("|"),
    "string": '-|-|"a"|"b"|"a", "b"|not("a")|not("a", "c")|null'.split("|"),
    "boolean": "-|-|true|false|not(true)".split("|"),
    "date": '-|< date("2026-02-01")|>= date("2026-02-01")|[date("2026-01-10")..date("2026-02-01")]|date("2026-01-10")'.split(
        "|"
    ),
}
"""What may stand in a column of each type; every end is one of ``VALUES`` or lies between two of them."""

VALUES: dict[str, list[Any]] = {
    "number": [Decimal(n) / 2 for n in range(-1, 9)],
    "string": ["a", "b", "c", "zebra"],
    "boolean": [False, True],
    "date": [date(2026, 1, 1), date(2026, 1, 10), date(2026, 1, 20), date(2026, 2, 1), date(2026, 3, 1)],
}
"""Values in every piece that the cells above tell apart."""

TYPES = {"number": NUMBER, "string": STRING, "boolean": BOOLEAN, "date": DATE}
ALLOWED = {"number": "[0..3]", "string": '"a", "b", "c"'}
OUTPUTS = ("1", "2", "3")


@dataclass(frozen=True)
class Chance:
    """A table and facts for it; None is not known."""

    table: Table
    facts: dict[str, Any]

    def __repr__(self) -> str:
        logic = self.table.node.logic
        assert isinstance(logic, DecisionTable)
        rows = [" | ".join([*(c.text for c in row.cells), *(o.text for o in row.outputs)]) for row in logic.rows]
        return "\n".join([f"{logic.hit_policy}{logic.aggregation or ''} {self.facts}", *rows])

    def completions(self) -> Iterator[dict[str, Any]]:
        """Every way in which the facts that are not known could turn out, as far as cells can tell."""
        names = [given.name for given in self.table.inputs]
        yield from (
            dict(zip(names, chosen, strict=True))
            for chosen in product(
                *(values_of(self.table, n) if self.facts[n] is None else [self.facts[n]] for n in names)
            )
        )


def values_of(table: Table, name: str) -> list[Any]:
    """The values that a fact may have; known to be empty among them where a cell or the allowed values speak of it."""
    given = next(given for given in table.inputs if given.name == name)
    logic = table.node.logic
    assert isinstance(logic, DecisionTable)
    column = [column.text for column in logic.inputs].index(name)
    values = VALUES[given.type.kind]
    if given.type.allowed is not None:
        values = [v for v in values if v in ("a", "b", "c") or (isinstance(v, Decimal) and 0 <= v <= 3)]
    speaks = any("null" in row.cells[column].text for row in logic.rows)
    return [*values, NOTHING] if speaks else list(values)


def outcome(table: Table, facts: dict[str, Any]) -> Any:
    """The key of the outcome on whole facts, as DMN's own rules give it row by row."""
    logic = table.node.logic
    assert isinstance(logic, DecisionTable)
    return key_of(table.evaluate({name: None if value is NOTHING else value for name, value in facts.items()}))


def answered(table: Table, facts: dict[str, Any]) -> tuple[Status, Any]:
    """Status and the key of the value."""
    decision = table.decide(facts)
    return decision.status, key_of(decision.value)


@st.composite
def chances(draw: st.DrawFn, *, policies: tuple[HitPolicy, ...] = tuple(HitPolicy), outputs: int = 2) -> Chance:
    """A table of up to four columns and six rows, and facts of which some are not known."""
    kinds = draw(st.lists(st.sampled_from(list(TYPES)), min_size=1, max_size=4))
    names = [f"fact {i}" for i in range(len(kinds))]
    policy = draw(st.sampled_from(policies))
    many = draw(st.integers(1, outputs))
    single = policy is HitPolicy.COLLECT and many == 1
    aggregation = draw(st.none() | st.sampled_from(list(Aggregation))) if single else None
    types = {n: _type(draw, kind) for n, kind in zip(names, kinds, strict=True)}
    rows = draw(
        st.lists(st.tuples(*(st.sampled_from(CELLS[k]) for k in kinds), *[st.sampled_from(OUTPUTS)] * many), max_size=6)
    )
    default = draw(st.booleans()) and policy.single
    table = made(types, rows, policy=policy, aggregation=aggregation, outputs=many, default="3" if default else "")
    facts = {n: draw(st.none() | st.sampled_from(values_of(table, n))) for n in names}
    return Chance(table, facts)


def _type(draw: st.DrawFn, kind: str) -> Type:
    if kind in ALLOWED and draw(st.booleans()):
        return Type(kind, allowed=parse_tests(ALLOWED[kind], Names()))
    return TYPES[kind]


def made(
    types: dict[str, Type],
    rows: list[tuple[str, ...]],
    *,
    policy: HitPolicy = HitPolicy.UNIQUE,
    aggregation: Aggregation | None = None,
    outputs: int = 1,
    default: str = "",
) -> Table:
    """A table over plain facts: each row has a cell for each fact, then its outputs."""
    names = Names(types)
    allowed = Cell(", ".join(OUTPUTS[::-1]), parse_tests(", ".join(OUTPUTS[::-1]), names))

    def entry(text: str) -> OutputCell:
        return OutputCell(text, parse_expression(text, names))

    table = DecisionTable(
        inputs=tuple(Input(name, parse_expression(name, names), type_) for name, type_ in types.items()),
        outputs=tuple(
            Output(f"output {i}" if outputs > 1 else "", NUMBER, allowed, entry(default) if default else None)
            for i in range(outputs)
        ),
        rows=tuple(
            Row(
                tuple(Cell(text, parse_tests(text, names)) for text in row[: len(types)]),
                tuple(entry(text) for text in row[len(types) :]),
            )
            for row in rows
        ),
        hit_policy=policy,
        aggregation=aggregation,
    )
    inputs = tuple(InputData(name, type_, id=f"input-{name}") for name, type_ in types.items())
    node = DecisionNode("outcome", table, requires=tuple(given.id for given in inputs), id="decision")
    model = Model("made by chance", namespace="chance", inputs=inputs, decisions=(node,))
    return Table(model, node)
