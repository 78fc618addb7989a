"""The parts that dates, times, durations and ranges have by name: ``date.year``, ``duration.days``, ``range.start`` (DMN 1.5, table 65)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from loft.decisions.feel.values import Months, Range, Value
from loft.decisions.feel.wide import FarDate, FarMoment, FineMoment, FineTime, nanos_of

_MICRO = timedelta(microseconds=1)


def part(value: Value, name: str) -> Value:
    """The part of *value* with this name; of each member, where it is a list; None where there is none."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        return [part(member, name) for member in value]
    read = PROPERTIES.get(type(value), _NONE).get(name)
    return read(value) if read else None


def _second(value: time | datetime) -> Decimal:
    micros = value.second * 1_000_000 + value.microsecond
    return Decimal(micros * 1_000 + nanos_of(value)).scaleb(-9).normalize() + 0


def _zone(value: time | datetime) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _counted(unit: timedelta, within: timedelta | None = None) -> Callable[[timedelta], Decimal]:
    """Reads how many whole units are left of a duration over the next larger unit; negative for a negative duration."""

    def read(value: timedelta) -> Decimal:
        length = abs(value) % within if within else abs(value)
        count = Decimal(length // unit)
        return -count if value < timedelta(0) and count else count

    return read


def _seconds(value: timedelta) -> Decimal:
    count = Decimal((abs(value) % timedelta(minutes=1)) // _MICRO).scaleb(-6).normalize() + 0
    return -count if value < timedelta(0) and count else count


_Read = Callable[[Any], Value]
_NONE: dict[str, _Read] = {}

_OF_DATE: dict[str, _Read] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_OF_TIME: dict[str, _Read] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": _second,
    "time offset": lambda value: value.utcoffset(),
    "timezone": _zone,
}


def _far(reads: dict[str, _Read], half: str) -> dict[str, _Read]:
    """The parts of a far moment's date or time."""

    def of_half(read: _Read) -> _Read:
        return lambda value: read(getattr(value, half))

    return {name: of_half(read) for name, read in reads.items()}


PROPERTIES: Mapping[type, dict[str, _Read]] = {
    date: _OF_DATE,
    time: _OF_TIME,
    datetime: _OF_DATE | _OF_TIME,
    FarDate: _OF_DATE,
    FarMoment: _far(_OF_DATE, "date") | _far(_OF_TIME, "time"),
    FineTime: _OF_TIME,
    FineMoment: _OF_DATE | _OF_TIME,
    Months: {
        "years": lambda value: Decimal(int(value.months / 12)),
        "months": lambda value: Decimal(abs(value.months) % 12 * (-1 if value.months < 0 else 1)),
    },
    timedelta: {
        "days": _counted(timedelta(days=1)),
        "hours": _counted(timedelta(hours=1), timedelta(days=1)),
        "minutes": _counted(timedelta(minutes=1), timedelta(hours=1)),
        "seconds": _seconds,
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_closed,
        "end included": lambda value: value.high_closed,
    },
}
"""For each type, how each of its named parts is read."""
