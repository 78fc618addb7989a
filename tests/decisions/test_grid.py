"""A table cut into atoms, held against trying row after row, for values of every kind in every kind of column."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.decisions import NOTHING, Table
from loft.decisions.decision import Status
from loft.decisions.errors import FactError
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.types import Type
from loft.decisions.feel.values import Months
from loft.decisions.model import (
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
from tests.decisions.random_tables import MANY

FACTS: dict[str, tuple[str, list[Any]]] = {
    "x": ("number", [Decimal(0), Decimal(1), Decimal("2.00"), Decimal(3), Decimal("1E+1")]),
    "y": ("number", [Decimal(1), Decimal(2)]),
    "s": ("string", ["a", "b", "zz", ""]),
    "d": ("date", [date(2026, 1, 10), date(2026, 2, 1), date(2026, 3, 1)]),
    "m": (
        "date and time",
        [
            datetime(2026, 2, 1),
            datetime(2026, 2, 1, 0, 0, 0, 500),
            datetime(2026, 2, 1, tzinfo=UTC),
            datetime(2026, 2, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        ],
    ),
    "t": ("time", [time(10), time(10, 0, 0, 500), time(10, tzinfo=UTC), time(9)]),
    "p": ("days and time duration", [timedelta(0), timedelta(1), timedelta(-2)]),
    "q": ("years and months duration", [Months(12), Months(0)]),
    "b": ("boolean", [True, False]),
    "l": ("list", [[Decimal(1)], [Decimal(1), Decimal(2)], [], [None], ["a"]]),
    "c": ("context", [{"part": Decimal(1)}, {"part": None}, {}]),
    "a": ("Any", [Decimal(1), "a", True, [Decimal(1)], date(2026, 1, 10), {"part": Decimal(1)}, [None], []]),
}
CELLS = (
    "-|1|< 2|[1..3]|not(1)|not(< 2)|null|not(null)|< y|? > y|y, 3|1, 2|[1,2]|true|not(true)|b|"
    '"a"|not("a")|< "b"|["a".."c"]|starts with(?, "a")|"a", 1|{part: 1}|?.part = null|count(?) > 1|'
    'date("2026-01-10")|< date("2026-02-01")|not(date("2026-02-01"))|[date("2026-01-10")..d]|'
    'date and time("2026-02-01T00:00:00")|not(date and time("2026-02-01T00:00:00"))|date and time("2026-02-01T00:00:00Z")|'
    '>= date and time("2026-02-01T00:00:00")|< date and time("2026-03-01T00:00:00Z")|time("10:00:00")|< time("10:00:00.5")|'
    'not(time("10:00:00"))|duration("P1D")|< duration("P1D")|duration("P12M")|<= duration("P1Y")'
).split("|")
EXPRESSIONS = (*FACTS, "x + y", "x / y", "c.part", "l[1]", "d.year", "if b then x else s", "[x, y]", "x > y", "date(m)")


def _table(columns: list[tuple[str, str, str]], rows: list[list[str]], policy: HitPolicy, typed: bool) -> Table:
    """Columns are expression, type and allowed values (empty: any); each row has its cells and one output."""
    types = {name: Type(kind if typed else "Any") for name, (kind, _) in FACTS.items()}
    names = Names(types)
    table = DecisionTable(
        tuple(
            Input(text, parse_expression(text, names), Type(kind), Cell(limits, parse_tests(limits, names)))
            for text, kind, limits in columns
        ),
        (Output(),),
        tuple(
            Row(
                tuple(Cell(text, parse_tests(text, names)) for text in row[:-1]),
                (OutputCell(row[-1], parse_expression(row[-1], names)),),
            )
            for row in rows
        ),
        policy,
    )
    inputs = tuple(InputData(name, type_, id=name) for name, type_ in types.items())
    node = DecisionNode("outcome", table, requires=tuple(FACTS), id="outcome")
    return Table(Model("by chance", inputs=inputs, decisions=(node,)), node)


@st.composite
def _mixed(draw: Callable[[Any], Any]) -> Table:
    """A table in which any cell may stand under any expression."""
    typed = draw(st.booleans())
    texts = draw(st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=3))
    kinds = [draw(st.sampled_from(["Any", FACTS.get(text, ("Any",))[0]])) for text in texts]
    limits = [draw(st.just("") | st.sampled_from(CELLS)) for _ in texts]
    rows = draw(st.lists(st.lists(st.sampled_from(CELLS), min_size=len(texts), max_size=len(texts)), max_size=4))
    policy = draw(st.sampled_from([HitPolicy.RULE_ORDER, HitPolicy.FIRST]))
    return _table(
        list(zip(texts, kinds, limits, strict=True)), [[*row, str(at)] for at, row in enumerate(rows)], policy, typed
    )


@MANY
@given(_mixed(), st.fixed_dictionaries({n: st.sampled_from([*v, NOTHING]) for n, (_, v) in FACTS.items()}))
def test_values_of_any_kind_in_any_column_fit_the_rows_that_trying_each_row_gives(
    table: Table, facts: dict[str, Any]
) -> None:
    known = {name: None if value is NOTHING else value for name, value in facts.items()}
    assert key_of(table.decided(known, {}).value) == key_of(table.evaluate(known))


@pytest.mark.parametrize(
    ("text", "kind", "limits", "facts", "rows"),
    [
        ("x", "number", "[0..y]", {"x": 2, "y": 1}, [4]),
        ("x", "number", "[0..5]", {"x": 3}, [2]),
        ("x + y", "number", "[0..5]", {"x": 7, "y": 1}, [4]),
        ("a", "Any", "", {"a": [1, "no"]}, [1, 3]),
        ("a", "Any", "", {"a": True}, []),
    ],
)
def test_what_no_atom_holds_is_tried_cell_by_cell(
    text: str, kind: str, limits: str, facts: dict[str, Any], rows: list[int]
) -> None:
    table = _table(
        [(text, kind, limits)], [[cell, "1"] for cell in ("1", "> 1", "1, 2", "null")], HitPolicy.COLLECT, False
    )
    everything = dict.fromkeys(FACTS, NOTHING) | facts
    decision = table.decide(everything)
    assert list(decision.rows) == rows


def test_a_fact_outside_the_allowed_values_of_its_column_is_refused() -> None:
    table = _table([("x", "number", "[0..5]")], [["-", "1"]], HitPolicy.FIRST, True)
    with pytest.raises(FactError, match=re.escape("may not be 7; allowed is: [0..5]")):
        table.decide({"x": 7})


@pytest.mark.parametrize(("text", "missing", "late"), [("x / y", "y", 0), ("if y > 3 then 1 else null", "y", 1)])
def test_what_is_computed_may_be_null_while_facts_are_missing(text: str, missing: str, late: int) -> None:
    table = _table([(text, "number", "")], [["< 5", "1"], [">= 5", "1"]], HitPolicy.UNIQUE, True)
    before = table.decide({"x": 1})
    assert (before.status, before.missing) == (Status.UNDECIDED, (missing,))
    assert table.decide({"x": 1, missing: late}).status is Status.UNMATCHED


def test_a_sum_of_numbers_is_never_null() -> None:
    table = _table([("x + 2 * y", "number", "")], [["< 5", "1"], [">= 5", "1"]], HitPolicy.UNIQUE, True)
    assert table.decide({"x": 1}).value == 1


def test_what_is_computed_may_be_outside_what_its_column_expects() -> None:
    table = _table([("x + y", "number", "[0..10]")], [["< 5", "1"], [">= 5", "1"]], HitPolicy.UNIQUE, True)
    assert table.decide({"x": 8}).status is Status.UNDECIDED


@pytest.mark.parametrize("number", ["1" + "0" * 32, "9" * 34, "1E+40", "-1E-40", "0.1"])
def test_samples_lie_inside_their_atoms_however_large_the_numbers(number: str) -> None:
    cells = [f"< {number}", number, f"> {number}"] if "E" not in number else [f"< {Decimal(number):f}"] * 3
    (axis,) = _table([("x", "number", "")], [[cell, "1"] for cell in cells], HitPolicy.FIRST, True).grid.axes
    assert [axis.find(atom.sample) for atom in axis.atoms[:-1]] == [0, 1, 2]
