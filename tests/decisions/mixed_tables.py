"""Tables with any expression over any cell, and values of every kind for their facts."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from loft.decisions import Table
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


def mixed(columns: list[tuple[str, str, str]], rows: list[list[str]], policy: HitPolicy, *, typed: bool) -> Table:
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
