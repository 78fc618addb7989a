"""Dates, times and durations made and asked about (DMN 1.5, 10.3.4.1 and 10.3.4.7).

``now`` and ``today`` give null: an evaluation has no clock, so that a decision is the same whenever it is made again. ``clock`` makes
both for a moment; who wants them puts them in scope.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from loft.decisions.feel import temporal
from loft.decisions.feel.functions.signatures import UnfitError, builtin, whole
from loft.decisions.feel.values import Function, Months, Value
from loft.decisions.feel.wide import LAST_YEAR, Far, FarDate, FarMoment, at, clock_of, day_of, with_nanos

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_FURTHEST = timedelta(hours=18)
"""The offset that a time can have, either way."""


def date_of(moment: date | FarDate | FarMoment) -> date | FarDate:
    """The day of a date, or of a date and time."""
    if isinstance(moment, FarMoment):
        return moment.date
    return moment.date() if isinstance(moment, datetime) else moment


def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> date | FarDate:
    """A date of whole numbers, of any year that FEEL has."""
    return day_of(whole(year, LAST_YEAR), whole(month), whole(day))


def time_of(moment: time | date | Far) -> time:
    """The time of day with its zone; of a date, midnight in UTC."""
    if isinstance(moment, datetime | FarMoment):
        return clock_of(moment)
    return moment if isinstance(moment, time) else time(tzinfo=UTC)


def time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    """A time of day; seconds may have parts, down to a billionth."""
    if not 0 <= second < 60 or (offset is not None and abs(offset) > _FURTHEST):
        raise UnfitError
    zone = None if offset is None else timezone(offset) if offset else UTC
    whole_second = int(second)
    micros, nanos = divmod(int((second - whole_second) * 1_000_000_000), 1_000)
    return with_nanos(time(whole(hour), whole(minute), whole_second, micros, zone), nanos)


def date_and_time_of(day: date | FarDate | FarMoment, clock: time) -> datetime | FarMoment:
    """A date, or that of a date and time, with a time of day and its zone."""
    return at(date_of(day), clock)


def months_between(first: date | FarDate | FarMoment, last: date | FarDate | FarMoment) -> Months:
    """The whole months from *first* to *last*, towards zero; below 0 where *last* is earlier.

    Days alone count, as they stand: neither times of day nor zones, as the conformance kit (1121) has it.
    """
    start, end = date_of(first), date_of(last)
    if (end.year, end.month, end.day) < (start.year, start.month, start.day):
        return Months(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return Months(months - (end.day < start.day))


def day_of_year(moment: date) -> Decimal:
    """1 for the first of January."""
    return Decimal(moment.timetuple().tm_yday)


def week_of_year(moment: date) -> Decimal:
    """The week by ISO 8601: the year's first is the one with its first Thursday."""
    return Decimal(moment.isocalendar().week)


def clock(now: datetime) -> dict[str, Function]:
    """``now`` and ``today`` for one moment, to be put in scope."""
    return {"now": builtin("now", ("", lambda: now)), "today": builtin("today", ("", lambda: now.date()))}


def _no_clock() -> Value:
    raise UnfitError


FUNCTIONS = (
    builtin(
        "date",
        ("from: string", temporal.wide_date),
        ("from: any date or date and time", date_of),
        ("year: number, month: number, day: number", date_from_parts),
    ),
    builtin(
        "time",
        ("from: string", temporal.wide_time),
        ("from: time", time_of),
        ("from: any date or date and time", time_of),
        ("hour: number, minute: number, second: number, [offset: days and time duration?]", time_from_parts),
    ),
    builtin(
        "date and time",
        ("from: string", temporal.wide_date_and_time),
        ("date: any date or date and time, time: time", date_and_time_of),
    ),
    builtin("duration", ("from: string", temporal.parse_duration)),
    builtin(
        "years and months duration", ("from: any date or date and time, to: any date or date and time", months_between)
    ),
    builtin("day of year", ("date: date or date and time", day_of_year)),
    builtin("day of week", ("date: date or date and time", lambda moment: _DAYS[moment.weekday()])),
    builtin("month of year", ("date: date or date and time", lambda moment: _MONTHS[moment.month - 1])),
    builtin("week of year", ("date: date or date and time", week_of_year)),
    builtin("now", ("", _no_clock)),
    builtin("today", ("", _no_clock)),
)
