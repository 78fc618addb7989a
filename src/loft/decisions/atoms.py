"""The values of one input cut into atoms, and samples inside them."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from loft.decisions.cells import ORDERED, Piece
from loft.decisions.feel.types import Type
from loft.decisions.feel.values import ARITHMETIC, Months
from loft.decisions.feel.wide import side

_CLASSES: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "years and months duration": Months,
}
_ZEROS: dict[type, Any] = {
    Decimal: Decimal(0),
    date: date(2000, 1, 1),
    datetime: datetime(2000, 1, 1),  # noqa: DTZ001 - a date and time of FEEL without a zone
    time: time(12),
    timedelta: timedelta(),
    Months: Months(0),
    str: "a",
}
_STEPS: dict[type, Any] = {
    date: timedelta(days=1),
    datetime: timedelta(hours=1),
    timedelta: timedelta(days=1),
}


@dataclass(frozen=True)
class Atom:
    """A piece of an axis.

    ``kind`` is ``point`` (one value: ``low``), ``between`` (``low`` < value < ``high``; None: without end), ``other`` (any value of the
    type that no cell names), ``null`` or ``holds`` (``low`` is True or False). ``sample`` is a value inside it. ``possible`` is False
    for null and where no value lies inside (between two days that follow each other).
    """

    kind: str
    low: Any = None
    high: Any = None
    sample: Any = None
    possible: bool = False


Find = Callable[[Any], int]


def cut(pieces: Iterable[Piece], type: Type) -> tuple[tuple[Atom, ...], tuple[Any, ...], bool, Find | None]:
    """The atoms that *pieces* tell apart, the points between them, whether they are ordered, and the function that finds a value's atom.

    The last atom is always null. The function gives -1 for a value that no atom holds: of another type, or one that is not compared with
    the ends as Python does. It is None where the pieces are of several kinds, which no one axis can hold.
    """
    pieces = list(pieces)
    classes = {
        end.__class__ for piece in pieces for end in piece.ends
    }  # before they are put together: true is 1 in Python
    ends = {end for piece in pieces for end in piece.ends}
    if len(classes) > 1:
        return (), (), False, None
    kind = classes.pop() if classes else _CLASSES.get(type.kind)
    if kind is bool:
        return _named([False, True], bool, other=False)
    if kind in ORDERED or (kind is str and any(not piece.point and not piece.null for piece in pieces)):
        assert kind is not None
        return _ordered(sorted(ends), kind)
    return _named(sorted(ends), kind, other=True)


def _named(
    points: Sequence[Any], kind: type | None, *, other: bool
) -> tuple[tuple[Atom, ...], tuple[Any, ...], bool, Find]:
    """Values that are named one by one, and any other."""
    atoms = [Atom("point", p, p, p, True) for p in points]
    if other:
        atoms.append(Atom("other", sample=_another(points, kind), possible=True))
    atoms.append(Atom("null"))
    null, rest = len(atoms) - 1, len(points) if other else len(atoms) - 1
    index = {point: i for i, point in enumerate(points)}

    def find(value: Any) -> int:
        if value.__class__ is kind:
            return index.get(value, rest)
        if value is None:
            return null
        return rest if kind is None and value.__class__ is not list else -1

    return tuple(atoms), tuple(points), False, find


def _another(points: Sequence[Any], kind: type | None) -> Any:
    """A value that none of *points* is."""
    if kind is not str and kind is not None:
        return None
    name = "other"
    while name in points:
        name += "…"
    return name


def _ordered(points: Sequence[Any], kind: type) -> tuple[tuple[Atom, ...], tuple[Any, ...], bool, Find]:
    """The line cut at *points*: what lies before the first, the first, what lies between it and the next …"""
    atoms: list[Atom] = []
    for low, high in zip([None, *points], [*points, None], strict=True):
        sample = _inside(low, high, kind)
        atoms.append(Atom("between", low, high, sample, sample is not None))
        if high is not None:
            atoms.append(Atom("point", high, high, high, True))
    atoms.append(Atom("null"))
    null, last = len(atoms) - 1, len(points)
    clocked = kind in (time, datetime) and bool(points)

    def find(value: Any) -> int:
        if value.__class__ is not kind:
            beyond = side(value, kind) if kind is date else None
            return null if value is None else -1 if beyond is None else 2 * last if beyond else 0
        clock: Any = value
        if clocked and (clock.tzinfo or clock.microsecond):  # has no order with ends, or is equal to them to the second
            return -1
        at = bisect_left(points, value)
        return 2 * at + 1 if at < last and points[at] == value else 2 * at

    return tuple(atoms), tuple(points), True, find


def _inside(low: Any, high: Any, kind: type) -> Any:
    """A value between two ends, a round one where there is one; None where nothing lies between."""
    if low is None and high is None:
        return _ZEROS[kind]
    if kind is Decimal:
        return _number_inside(low, high)
    if kind is str:
        return _text_inside(low, high)
    if kind is Months:
        return _months_inside(low, high)
    if kind is time:
        return _time_inside(low, high)
    step = _STEPS[kind]
    try:
        value = high - step if low is None else low + step
    except OverflowError:
        return None
    if low is not None and high is not None and value >= high:
        if kind is date:
            return None
        value = low + (high - low) / 2
        if not low < value < high:
            return None
    return value


def _number_inside(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    one = Decimal(1)
    if low is None or high is None:
        if low is not None:
            return max(ARITHMETIC.add(low, one), ARITHMETIC.next_plus(low))
        return None if high is None else min(ARITHMETIC.subtract(high, one), ARITHMETIC.next_minus(high))
    whole = ARITHMETIC.add(low, one)
    if low < whole < high:
        return whole
    middle = ARITHMETIC.divide(ARITHMETIC.add(low, high), Decimal(2))
    return middle if low < middle < high else None


def _months_inside(low: Months | None, high: Months | None) -> Months | None:
    value = Months((low.months + 1) if low is not None else high.months - 1 if high is not None else 0)
    return value if high is None or value < high else None


def _text_inside(low: str | None, high: str | None) -> str | None:
    if low is None:
        return "" if high else None
    value = low + "\u0001"
    return value if high is None or value < high else None


def _time_inside(low: time | None, high: time | None) -> time | None:
    start = timedelta(microseconds=-1) if low is None else _of_day(low)
    end = timedelta(days=1) if high is None else _of_day(high)
    middle = start + (end - start) / 2
    if not start < middle < end:
        return None
    return (datetime(2000, 1, 1) + middle).time()  # noqa: DTZ001 - a time of day without a zone


def _of_day(value: time) -> timedelta:
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
