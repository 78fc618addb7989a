"""Cells that do not fit their column, whatever the case: a text where the column has dates, a date that is no day, ``"a" or "b"``."""

from collections.abc import Iterator

from loft.decisions.checking_findings import Finding, Kind, Severity
from loft.decisions.checking_outputs import UNKNOWN, constant
from loft.decisions.feel.ast import Compared, ListOf, Literal, Name, Node, RangeOf
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.types import SIMPLE
from loft.decisions.feel.values import Range, Value
from loft.decisions.model import DecisionTable, Input, Model
from loft.language import mark

_DAYS = ("date", "date and time")
"""Kinds that compare with each other: a date is the midnight it begins with."""


def misfits(model: Model, table: DecisionTable, decision: str) -> Iterator[Finding]:
    """The cells with a test that no value of the column's type can meet, however the table came by it (DMN 1.5, 10.3.2.13).

    Looked at are columns of a simple type, and tests that are constants; those that look at other facts, or at ``?``, are left alone.
    """
    for number, column in enumerate(table.inputs):
        wanted = _kind_of(model, column)
        seen: dict[str, str | None] = {}
        for row, cells in enumerate(table.rows, 1) if wanted else ():
            cell = cells.cells[number]
            if cell.text not in seen:
                seen[cell.text] = next((found for test in cell.tests.tests for found in _unmet(test, wanted)), None)
            if (found := seen[cell.text]) is not None:
                values = (("cell", cell.text.strip()), ("wanted", wanted), ("found", found))
                text = _OTHER if found else _NO_VALUE
                yield Finding(Kind.TEST, Severity.ERROR, decision, text, (row,), column=column.text, values=values)


def _kind_of(model: Model, column: Input) -> str:
    """The simple type of a column, or of the fact it stands for; empty where it has none."""
    found = column.type.kind
    if found == "Any" and isinstance(column.node, Name):
        found = next((given.type.kind for given in model.inputs if given.name == column.node.name), found)
    return found if found in SIMPLE and found not in ("Any", "Null") else ""


def _unmet(test: Node, wanted: str) -> Iterator[str]:
    """What a test compares with that can never be met: its type, or an empty text for null."""
    match test:
        case Compared(sign, value):
            yield from _other(value, wanted, null=sign in ("=", "!="))
        case RangeOf(low, high):
            for end in (low, high):
                if end is not None:
                    yield from _other(end, wanted, null=isinstance(end, Literal))
        case ListOf(members):
            for member in members:
                yield from _unmet(member, wanted)
        case _:
            yield from _other(test, wanted, null=True)


def _other(node: Node, wanted: str, *, null: bool) -> Iterator[str]:
    """The type of a constant that has another than *wanted*. A written ``null`` is meant where *null*."""
    value = node.value if isinstance(node, Literal) else constant(node)
    if value is None:
        if not (null and isinstance(node, Literal)):
            yield ""
    elif value is not UNKNOWN:
        yield from (found for found in _kinds(value) if not _comparable(found, wanted))


def _kinds(value: Value) -> Iterator[str]:
    """The types of what a case is compared with: of the members of a list and the ends of a range."""
    if isinstance(value, list):
        yield from (found for member in value for found in _kinds(member))
    elif isinstance(value, Range):
        yield from (kind(end) for end in (value.low, value.high) if end is not None)
    else:
        yield kind(value)


def _comparable(found: str, wanted: str) -> bool:
    return found in (wanted, "Null") or (found in _DAYS and wanted in _DAYS)


_OTHER = mark(
    "row %(row)s: the test “%(cell)s” does not fit: column “%(column)s” is of type %(wanted)s, and this is of type %(found)s. "
    "Correct the cell, or the type."
)
_NO_VALUE = mark(
    "row %(row)s: the test “%(cell)s” in column “%(column)s” cannot work: it compares with what has no value. A date is written "
    'date("2026-01-31"); several values stand with commas between them.'
)
