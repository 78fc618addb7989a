"""Far moments and durations: what ``arithmetic`` does with dates of the years that Python has, in Gregory's calendar reckoned on.

A far date and time in a named zone moves as its clock shows it: that zone's rules for such a year are not known.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import cast

from loft.decisions.feel.values import Months
from loft.decisions.feel.wide import Far, FarDate, FarMoment, at, clock_of, day_of, passed

_ALIKE = 2000
_CYCLE = 400


def moved(moment: FarDate | FarMoment, length: timedelta) -> date | FarDate | FarMoment:
    """A far moment so much later. Raises ``ArithmeticError`` or ``ValueError`` where it leaves the calendar."""
    alike = moment.alike
    start = alike if isinstance(alike, datetime) else datetime.combine(alike, time(0))
    end = start.replace(tzinfo=None) + length
    day = day_of(moment.year + end.year - start.year, end.month, end.day)
    return day if isinstance(moment, FarDate) else at(day, end.time().replace(tzinfo=start.tzinfo))


def day_after(day: date | FarDate) -> date | FarDate:
    """The next day. Raises as ``moved``."""
    if isinstance(day, FarDate):
        return cast(date | FarDate, moved(day, timedelta(days=1)))
    return day + timedelta(days=1) if day < date.max else FarDate(day.year + 1, 1, 1)


def moved_months(moment: FarDate | FarMoment, months: Months) -> date | FarDate | FarMoment:
    """A far moment as many months later; the last day of the month where the day does not exist in it. Raises as ``moved``."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months.months, 12)
    last = monthrange(_ALIKE + year % _CYCLE, month + 1)[1]
    day = day_of(year, month + 1, min(moment.day, last))
    return day if isinstance(moment, FarDate) else at(day, clock_of(moment))


def between(later: date | Far, earlier: date | Far) -> timedelta | None:
    """From one moment to another: both with a zone or both without; a date is midnight UTC. Raises as ``moved``."""
    assert isinstance(later, date | FarDate | FarMoment) and isinstance(earlier, date | FarDate | FarMoment)
    ends = passed(later), passed(earlier)
    return timedelta(microseconds=ends[0][1] - ends[1][1]) if ends[0][0] is ends[1][0] else None
