"""Moments that Python's types do not hold: years below 1 or above 9999, and parts of a second below a millionth (DMN 1.5 §10.3.2.3.4–6).

FEEL's years go from -999 999 999 to 999 999 999. ``date`` and ``date and time`` make these values where they are needed, and ``@"…"``
is read as a call of them; facts never are such. Supported for far years: reading and writing, equality and order, parts by name, sums
and differences, months between, and the functions ``date``, ``time``, ``date and time``; all else gives null. Parts of a second below
a millionth are written again and change nothing else.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

LAST_YEAR = 999_999_999
_CYCLE = 400
"""Years after which Gregory's calendar begins again."""
_CYCLE_MICROS = 146_097 * 86_400 * 1_000_000
_MICRO = timedelta(microseconds=1)


class Far:
    """A date, or a date and time, of a year that Python has none of."""

    __slots__ = ()


@dataclass(frozen=True)
class FarDate(Far):
    """A date of a far year. Raises ``ValueError`` for a day that is not in the calendar."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if abs(self.year) > LAST_YEAR or not self.alike:
            raise ValueError

    @property
    def alike(self) -> date:
        """The same day of the year from 2000 to 2399 whose calendar is the same."""
        return date(2000 + self.year % _CYCLE, self.month, self.day)

    def isoweekday(self) -> int:
        return self.alike.isoweekday()

    def isoformat(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04}-{self.month:02}-{self.day:02}"

    __str__ = isoformat


@dataclass(frozen=True)
class FarMoment(Far):
    """A date of a far year with a time of day."""

    date: FarDate
    time: time

    @property
    def year(self) -> int:
        return self.date.year

    @property
    def month(self) -> int:
        return self.date.month

    @property
    def day(self) -> int:
        return self.date.day

    @property
    def alike(self) -> datetime:
        """The same moment of the year from 2000 to 2399 whose calendar is the same; a named zone has that year's offset."""
        return datetime.combine(self.date.alike, self.time)

    def isoformat(self) -> str:
        return f"{self.date}T{self.time.isoformat()}"

    __str__ = isoformat


class FineTime(time):
    """A time of day with billionths of a second, ``nanos``, after its millionths."""

    nanos = 0


class FineMoment(datetime):
    """A date and time with billionths of a second, ``nanos``, after its millionths."""

    nanos = 0


def day_of(year: int, month: int, day: int) -> date | FarDate:
    """The day, whatever its year. Raises ``ValueError`` where there is none."""
    return date(year, month, day) if 1 <= year <= 9999 else FarDate(year, month, day)


def with_nanos(clock: time, nanos: int) -> time:
    """The time of day with so many billionths of a second (below a thousand) more."""
    if not nanos:
        return clock
    fine = FineTime(clock.hour, clock.minute, clock.second, clock.microsecond, clock.tzinfo)
    fine.nanos = nanos
    return fine


def at(day: date | FarDate, clock: time) -> datetime | FarMoment:
    """A day and a time of day as one moment."""
    if isinstance(day, FarDate):
        return FarMoment(day, clock)
    if not isinstance(clock, FineTime):
        return datetime.combine(day, clock)
    fine = FineMoment.combine(day, clock)
    fine.nanos = clock.nanos
    return fine


def clock_of(moment: datetime | FarMoment) -> time:
    """The time of day, with its zone."""
    if isinstance(moment, FarMoment):
        return moment.time
    return with_nanos(moment.timetz(), nanos_of(moment))


def nanos_of(value: time | datetime) -> int:
    """Billionths of a second after the millionths."""
    return value.nanos if isinstance(value, FineTime | FineMoment) else 0


def side(value: Any, kind: type) -> bool | None:
    """Whether a far value comes after all values of *kind* (``date``, or ``datetime`` without a zone); None for what has no order there."""
    if kind is date and isinstance(value, FarDate):
        return value.year > 0
    if kind is datetime and isinstance(value, FarMoment) and value.time.tzinfo is None:
        return value.year > 0
    return None


def passed(moment: date | FarDate | FarMoment) -> tuple[bool, int]:
    """Whether a moment stands in a zone, and the millionths of a second from the year 2000 to it; a date is midnight UTC."""
    if not isinstance(moment, datetime | FarMoment):
        moment = at(moment, time(0, tzinfo=UTC))
    alike = moment.alike if isinstance(moment, FarMoment) else moment
    cycles = (moment.year - alike.year) // _CYCLE
    micros = (alike.replace(tzinfo=None) - datetime(2000, 1, 1)) // _MICRO  # noqa: DTZ001 - the offset is taken off next
    return alike.tzinfo is not None, micros - (alike.utcoffset() or timedelta(0)) // _MICRO + cycles * _CYCLE_MICROS
