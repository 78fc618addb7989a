"""Equality and order of FEEL values (DMN 1.5 §10.3.2.13, tables 51 to 54): True, False, or None where FEEL says null.

Values of different types are not comparable: null. Null equals null and nothing else. Times, and dates and times, are compared by
instant where both have a zone, as they stand where neither has; else they are not equal and have no order. They are equal when they
are so to the second, as DMN's conformance kit has it; their order is exact. A date beside a date and time is midnight UTC. A time
of day in a named zone has that zone's offset outside of summer time.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from loft.decisions.feel import bounds
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.values import Months, Range, Value
from loft.decisions.feel.wide import Far, passed

ORDERED: frozenset[type] = frozenset((Decimal, str, date, timedelta, Months))
"""Types whose order in Python is FEEL's, among values of exactly this type."""
_PLAIN = ORDERED | {bool}
_MOMENTS = ("date", "date and time")
_SECOND = timedelta(seconds=1)
_MICRO = timedelta(microseconds=1)
_ANY_DAY = date(2024, 1, 1)


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None for values of different types. Lists and contexts are compared in depth."""
    if type(left) is type(right) and type(left) in _PLAIN:
        return cast(bool, left == right)
    if left is None or right is None:
        return left is right
    same = kind(left)
    if same in _MOMENTS and kind(right) in _MOMENTS:
        return _equal_moments(left, right)
    if same != kind(right):
        return None
    if same in ("list", "context", "range"):
        return bounds.within(_equal_in_depth, left, right)
    if same == "time":
        return _equal_moments(left, right)
    return cast(bool, left == right)


def less(left: Value, right: Value) -> bool | None:
    """Whether *left* comes before *right*; None for values of different types, of a type without order, and for null."""
    if type(left) is type(right) and type(left) in ORDERED:
        return cast(bool, left < right)
    keys = _keys(left, right)
    return keys[0] < keys[1] if keys else None


def at_most(left: Value, right: Value) -> bool | None:
    """Whether *left* comes before *right* or stands where it does; None as ``less``."""
    if type(left) is type(right) and type(left) in ORDERED:
        return cast(bool, left <= right)
    keys = _keys(left, right)
    return keys[0] <= keys[1] if keys else None


def in_range(value: Value, range_: Range) -> bool | None:
    """Whether a value lies in a range; None where it cannot be compared with an end. An end that is None and closed is null."""
    answers = (
        _within_end(range_.low, value, closed=range_.low_closed) if _bounded(range_.low, range_.low_closed) else True,
        _within_end(value, range_.high, closed=range_.high_closed)
        if _bounded(range_.high, range_.high_closed)
        else True,
    )
    if value is None or (range_.low is None and range_.high is None):
        return None
    return False if False in answers else None if None in answers else True


def _bounded(end: Value, closed: bool) -> bool:
    return end is not None or closed


def _within_end(low: Value, high: Value, *, closed: bool) -> bool | None:
    return at_most(low, high) if closed else less(low, high)


def _equal_in_depth(left: Value, right: Value) -> bool:
    """Equality of lists, contexts and ranges; what stands in them counts as different where it is of different types."""
    if left is right:
        return True
    if isinstance(left, Range):
        ends = _equal_part(left.low, right.low) and _equal_part(left.high, right.high)
        return ends and (left.low_closed, left.high_closed) == (right.low_closed, right.high_closed)
    if len(left) != len(right):
        return False
    bounds.spend(len(left))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_equal_part(value, right[name]) for name, value in left.items())
    return all(map(_equal_part, left, right))


def _equal_part(left: Value, right: Value) -> bool:
    return equal(left, right) is True


# --- moments ----------------------------------------------------------------------------------------------------------


def _equal_moments(left: Value, right: Value) -> bool:
    keys = _keys(left, right)
    second = _SECOND // _MICRO if isinstance(left, Far) or isinstance(right, Far) else _SECOND
    return keys is not None and bool(keys[0] // second == keys[1] // second)


def _keys(left: Value, right: Value) -> tuple[Any, Any] | None:
    """What to compare in place of two values that have an order with each other; None where they have none."""
    if left is None or right is None:
        return None
    kinds = kind(left), kind(right)
    if (isinstance(left, Far) or isinstance(right, Far)) and kinds[0] in _MOMENTS and kinds[1] in _MOMENTS:
        (zoned, first), (also_zoned, second) = passed(left), passed(right)
        return (first, second) if zoned is also_zoned else None
    if kinds[0] in _MOMENTS and kinds[1] in _MOMENTS and kinds != ("date", "date"):
        moments = [at_midnight(value) for value in (left, right)]
        local = [moment.tzinfo is None for moment in moments]
        return (instant(moments[0]), instant(moments[1])) if local[0] is local[1] else None
    if kinds[0] != kinds[1]:
        return None
    if kinds[0] == "time":
        return clocks(left, right)
    return (left, right) if kinds[0] in ("number", "string", "date", "days and time duration") else None


def at_midnight(value: date) -> datetime:
    """A date as the date and time it counts as: midnight UTC (10.3.2.3.5); a date and time itself."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(0), UTC)


def instant(value: datetime) -> timedelta:
    """What has passed since the first midnight of year 1 in UTC, so that two can be compared and subtracted; a local one as it stands."""
    passed = timedelta(days=value.toordinal()) + _since_midnight(value)
    return passed - (value.utcoffset() or timedelta(0))


def clocks(left: time, right: time) -> tuple[timedelta, timedelta] | None:
    """Two times as what has passed since midnight, in UTC where both have a zone; None where only one has."""
    passed = [_since_midnight(value) for value in (left, right)]
    if left.tzinfo is right.tzinfo:
        return passed[0], passed[1]
    if left.tzinfo is None or right.tzinfo is None:
        return None
    offsets = [_offset(value) for value in (left, right)]
    return passed[0] - offsets[0], passed[1] - offsets[1]


def _offset(value: time) -> timedelta:
    moment = datetime.combine(_ANY_DAY, value)
    return (moment.utcoffset() or timedelta(0)) - (moment.dst() or timedelta(0))


def _since_midnight(value: time | datetime) -> timedelta:
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
