"""``not``, ``is``, and whether all or any of a list hold (DMN 1.5, 10.3.4.2, 10.3.4.4 and 10.3.4.7)."""

from datetime import datetime, time, timedelta

from loft.decisions.feel.compare import equal
from loft.decisions.feel.functions.signatures import builtin
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.values import Value
from loft.decisions.feel.wide import Far

_ANY_DAY = datetime(2024, 1, 1)  # noqa: DTZ001 - a zone is put to it
"""A day to ask a named zone on, always the same one: what is the same value does not change with the year."""


def all_hold(members: list[Value]) -> bool | None:
    """False where one is false, else null where one is no boolean, else true."""
    if any(member is False for member in members):
        return False
    return True if all(member is True for member in members) else None


def any_holds(members: list[Value]) -> bool | None:
    """True where one is true, else null where one is no boolean, else false."""
    if any(member is True for member in members):
        return True
    return False if all(member is False for member in members) else None


def same(left: Value, right: Value) -> bool:
    """Whether two values are the same one: of one type, and for times and dates with times also at the same offset.

    A time of day in a named zone has that zone's offset outside of summer time.
    """
    if kind(left) != kind(right):
        return False
    if isinstance(left, Far) or isinstance(right, Far):
        return bool(left == right)
    if isinstance(left, datetime | time):
        return _offset(left) == _offset(right) and left.replace(tzinfo=None) == right.replace(tzinfo=None)
    return left is right or equal(left, right) is True


def _offset(value: datetime | time) -> timedelta | None:
    offset = value.utcoffset()
    if offset is not None or value.tzinfo is None:
        return offset
    day = _ANY_DAY.replace(tzinfo=value.tzinfo)
    known, summer = day.utcoffset(), day.dst()
    return known - summer if known is not None and summer is not None else known


FUNCTIONS = (
    builtin("not", ("negand: boolean", lambda value: not value)),
    # the conformance kit (0103) gives a third value by name and has it ignored
    builtin("is", ("value1: any, value2: any, [value3: any]", lambda left, right, ignored=None: same(left, right))),
    builtin("all", ("list: list", all_hold), ("b: any...", lambda *values: all_hold([*values]))),
    builtin("any", ("list: list", any_holds), ("b: any...", lambda *values: any_holds([*values]))),
)
