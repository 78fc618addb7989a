"""``not``, ``is``, and whether all or any of a list hold (DMN 1.5, 10.3.4.2, 10.3.4.4 and 10.3.4.7)."""

from datetime import datetime, time

from loft.decisions.feel.compare import equal
from loft.decisions.feel.functions.signatures import builtin
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.values import Value


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
    """Whether two values are the same one: of one type, and for times and dates with the same offset or none."""
    if kind(left) != kind(right):
        return False
    if isinstance(left, datetime | time):
        return _zone(left) == _zone(right) and left.replace(tzinfo=None) == right.replace(tzinfo=None)
    return left is right or equal(left, right) is True


def _zone(value: datetime | time) -> object:
    """What tells zones apart: the offset where it is known, else the zone's name."""
    offset = value.utcoffset()
    return str(value.tzinfo) if offset is None and value.tzinfo is not None else offset


FUNCTIONS = (
    builtin("not", ("negand: boolean", lambda value: not value)),
    builtin("is", ("value1: any, value2: any", same)),
    builtin("all", ("list: list", all_hold), ("b: any...", lambda *values: all_hold([*values]))),
    builtin("any", ("list: list", any_holds), ("b: any...", lambda *values: any_holds([*values]))),
)
