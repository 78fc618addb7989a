"""Values that come in from Python, NumPy and pandas as FEEL's."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, Overflow
from math import isfinite
from typing import Any, Final

from loft.decisions.errors import FactError, Place
from loft.decisions.facts import NOTHING, Fact
from loft.decisions.feel.kinds import KINDS
from loft.decisions.feel.values import Value, number
from loft.decisions.feel.wide import FineMoment, FineTime, at, with_nanos
from loft.language import mark

DEEPEST = 50
"""Lists and contexts inside each other in a fact."""

ABSENT: Final = object()
"""What stands for a value that is not known: NaN, NaT and NA are how tables write it."""


def feel_value(value: Any, *, name: str = "") -> Value:
    """*value* as FEEL's, null where it is not known; see ``known_value``."""
    found = known_value(value, name=name)
    return None if found is ABSENT else found


def known_value(value: Any, *, name: str = "", depth: int = 0) -> Value:
    """*value* as FEEL's: numbers become decimals, sequences lists, mappings contexts, NumPy's and pandas' values what they hold.

    ``NOTHING`` is null; ``ABSENT`` is given for what is not a number, or infinite, and null in its place inside lists and contexts.
    Raises ``FactError`` for what FEEL has no type for, numbers that are too large, and past ``DEEPEST`` levels.
    """
    if isinstance(value, Fact):
        value = value.value
    if value is NOTHING:
        return None
    if type(value) in _OWN:
        return value
    if depth > DEEPEST:
        raise FactError(_DEEP, Place(column=name), most=DEEPEST)

    def inner(part: Any) -> Value:
        found = known_value(part, name=name, depth=depth + 1)
        return None if found is ABSENT else found

    if isinstance(value, Mapping):
        return {str(key): inner(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [inner(part) for part in value]
    if isinstance(value, int | float | Decimal):
        return _number(value, name)
    for kind, plain in _PLAIN:
        if isinstance(value, kind):
            return plain(value) if value == value else ABSENT  # NaT is not itself
    if isinstance(value, str):
        return str.__str__(value)
    if type(value).__name__ == "NAType":
        return ABSENT
    held = _held(value)
    if held is value:
        raise FactError(_KIND, Place(column=name), kind=type(value).__name__)
    return ABSENT if held is None else known_value(held, name=name, depth=depth + 1)


_OWN = frozenset(KINDS) - {Decimal, list, dict} | {FineTime, FineMoment}
"""Types whose values are FEEL's as they are."""


def _number(value: int | float | Decimal, name: str) -> Value:
    if not (value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or isfinite(value)):
        return ABSENT
    try:
        return number(value)
    except Overflow:
        raise FactError(_LARGE, Place(column=name)) from None


def _moment(value: datetime) -> datetime:
    """A date and time of another class, such as pandas' with its billionths of a second."""
    clock = time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo, fold=value.fold)
    moment = at(date(value.year, value.month, value.day), with_nanos(clock, int(getattr(value, "nanosecond", 0))))
    assert isinstance(moment, datetime)
    return moment


_PLAIN: tuple[tuple[type, Callable[[Any], Value]], ...] = (
    (datetime, _moment),
    (date, lambda value: date(value.year, value.month, value.day)),
    (
        time,
        lambda value: time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo, fold=value.fold),
    ),
    (timedelta, lambda value: timedelta(value.days, value.seconds, value.microseconds)),
)


def _held(value: Any) -> Any:
    """What a value of NumPy's or Arrow's holds; itself where it holds nothing."""
    try:
        if getattr(value, "ndim", 0):
            return value.tolist()
        for give in ("item", "as_py"):
            if hasattr(value, give):
                held = getattr(value, give)()
                # NumPy's moments and durations in billionths of a second are plain whole numbers to it.
                timed = isinstance(held, int) and type(value).__name__ in ("datetime64", "timedelta64")
                return value.astype(f"{type(value).__name__}[us]").item() if timed else held
    except (AttributeError, TypeError, ValueError):
        return value
    return value


_DEEP = mark("the fact has more than %(most)s lists inside each other. Give it with fewer levels.")
_KIND = mark("the fact is a %(kind)s, which rules have no type for. Give a number, text, date, list or dictionary.")
_LARGE = mark("the number is too large to reckon with; give one of fewer than 6,145 digits.")
