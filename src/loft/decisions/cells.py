"""What the cells of a column mean as sets of values: points, ranges, or a condition that only evaluation can tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from loft.decisions.errors import Missing
from loft.decisions.feel.ast import Compared, Node, RangeOf, Tests
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.needs import needs
from loft.decisions.feel.values import Months, Range

ORDERED = (Decimal, date, datetime, time, timedelta, Months)
"""Classes whose values are cut at the ends of ranges. Strings are only where a range of strings is written."""


@dataclass(frozen=True)
class Piece:
    """One alternative of a cell: the values from ``low`` to ``high`` (None: without end); a point has both the same; ``null`` is null."""

    low: Any = None
    high: Any = None
    low_closed: bool = False
    high_closed: bool = False
    null: bool = False

    @property
    def point(self) -> bool:
        return self.low_closed and self.high_closed and self.low is not None and self.low == self.high

    @property
    def ends(self) -> Iterator[Any]:
        return (end for end in (self.low, self.high) if end is not None)


@dataclass(frozen=True)
class Meaning:
    """A cell as pieces of its column: any of ``pieces`` holds, or none of them where ``negated``; ``-`` has ``always``."""

    pieces: tuple[Piece, ...] = ()
    negated: bool = False
    always: bool = False


def meaning(tests: Tests) -> Meaning | None:
    """The cell as pieces; None where it looks at other facts, or compares in a way that pieces cannot tell."""
    if tests.always:
        return Meaning(always=True)
    pieces: list[Piece] = []
    for test in tests.tests:
        more = _pieces(test)
        if more is None:
            return None
        pieces += more
    return Meaning(tuple(pieces), tests.negated)


def constant(node: Node) -> tuple[Any] | None:
    """The value of *node* in a tuple, where it rests on no fact; None otherwise."""
    if "?" in needs(node):
        return None
    try:
        return (expression(node)({}),)
    except Missing:
        return None


def _pieces(test: Node) -> list[Piece] | None:
    if isinstance(test, Compared):
        found = constant(test.value)
        return None if found is None else _compared(test.sign, found[0])
    if isinstance(test, RangeOf):
        low, high = (None if end is None else constant(end) for end in (test.low, test.high))
        if (test.low is not None and low is None) or (test.high is not None and high is None):
            return None
        return _range(Range(low and low[0], high and high[0], test.low_closed, test.high_closed))
    found = constant(test)
    return None if found is None else _value(found[0])


def _compared(sign: str, value: Any) -> list[Piece] | None:
    if not _scalar(value):
        return None
    match sign:
        case "<":
            return [Piece(high=value)]
        case "<=":
            return [Piece(high=value, high_closed=True)]
        case ">":
            return [Piece(low=value)]
        case ">=":
            return [Piece(low=value, low_closed=True)]
        case "=":
            return [_point(value)]
    return None


def _range(value: Range) -> list[Piece] | None:
    ends = [end for end in (value.low, value.high) if end is not None]
    if not ends or not all(_scalar(end) for end in ends) or len({type(end) for end in ends}) > 1:
        return None
    return [Piece(value.low, value.high, value.low_closed, value.high_closed)]


def _value(value: Any) -> list[Piece] | None:
    if value is None:
        return [Piece(null=True)]
    if isinstance(value, Range):
        return _range(value)
    if isinstance(value, list):
        parts = [_value(member) for member in value]
        flat = [piece for part in parts if part is not None for piece in part]
        return None if None in parts or any(isinstance(member, list) for member in value) else flat
    return [_point(value)] if _scalar(value) else None


def _point(value: Any) -> Piece:
    return Piece(value, value, True, True)


def _scalar(value: Any) -> bool:
    """Whether values like this can be told apart and ordered; times with a zone cannot be without their day.

    Nor can parts of a second, which count for the order of two times and not for whether they are equal.
    """
    if type(value) in (bool, str, Decimal, date, timedelta, Months):
        return True
    return type(value) in (datetime, time) and value.tzinfo is None and not value.microsecond
