"""Norwegian office days: when an employee of Fjordvik is at work, and what the clock in Oslo shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY = 86_400
OPENS, CLOSES = 8 * 3600, 15 * 3600 + 1800
"""Office hours in seconds after midnight: 8.00 to 15.30."""
WARM_UP_DAYS, COOL_DOWN_DAYS = 120, 240
"""Simulated before and after the log, so that it neither starts nor ends with empty queues."""


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian algorithm; Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


def holidays(year: int) -> frozenset[date]:
    """Public holidays in Norway (helligdagsfredloven, and 1 and 17 May)."""
    fixed = {date(year, month, day) for month, day in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))}
    return frozenset(fixed | {easter(year) + timedelta(days) for days in (-3, -2, 0, 1, 39, 49, 50)})


def office_day(day: date) -> bool:
    """Whether the offices are open: not at weekends and on holidays, nor on Christmas Eve and New Year's Eve."""
    eve = (day.month, day.day) in ((12, 24), (12, 31))
    return day.weekday() < 5 and not eve and day not in holidays(day.year)


@dataclass(frozen=True)
class Calendar:
    """The days of the simulation, numbered from 0; time in it is seconds on Oslo's clock after day 0 began.

    ``log_from`` and ``log_until`` are the first day of the log and the first day after it. For each day: ``working``,
    ``next_working`` (itself or the first office day after it; the number of days where there is none), ``month``
    (counted from the log's first; negative before it), ``month_of_year`` (0 to 11), ``weekday`` (0 is Monday) and
    ``ahead_of_utc`` (seconds).
    """

    day_0: date
    log_from: int
    log_until: int
    working: NDArray[np.bool_]
    next_working: NDArray[np.int32]
    month: NDArray[np.int16]
    month_of_year: NDArray[np.int8]
    weekday: NDArray[np.int8]
    ahead_of_utc: NDArray[np.int32]

    @property
    def days(self) -> int:
        return len(self.working)

    @property
    def ends(self) -> int:
        """The instant the log is cut, in seconds."""
        return self.log_until * DAY

    def utc(self, seconds: NDArray[np.int32]) -> NDArray[np.int64]:
        """Microseconds since 1970 in UTC. Nobody is at work at the hour the clock is changed."""
        start = (self.day_0 - date(1970, 1, 1)).days * DAY
        return (seconds.astype(np.int64) + start - self.ahead_of_utc[seconds // DAY]) * 1_000_000

    def date(self, day: int) -> date:
        return self.day_0 + timedelta(int(day))

    def month_start(self, month: int) -> int:
        """The day a month of the log begins; ``log_until`` for the month after the last."""
        return int(np.searchsorted(self.month, month))


def calendar(first: date, months: int) -> Calendar:
    """The calendar of a log of *months* whole months from *first*, the first of a month."""
    last = date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)
    day_0 = first - timedelta(WARM_UP_DAYS)
    dates = [day_0 + timedelta(day) for day in range((last - day_0).days + COOL_DOWN_DAYS)]
    working = np.array([office_day(day) for day in dates])
    positions = np.where(working, np.arange(len(dates)), len(dates))
    oslo = ZoneInfo("Europe/Oslo")
    offsets = [datetime(day.year, day.month, day.day, 12, tzinfo=oslo).utcoffset() or timedelta() for day in dates]
    return Calendar(
        day_0=day_0,
        log_from=(first - day_0).days,
        log_until=(last - day_0).days,
        working=working,
        next_working=np.minimum.accumulate(positions[::-1])[::-1].astype(np.int32),
        month=np.array([(day.year - first.year) * 12 + day.month - first.month for day in dates], np.int16),
        month_of_year=np.array([day.month - 1 for day in dates], np.int8),
        weekday=np.array([day.weekday() for day in dates], np.int8),
        ahead_of_utc=np.array([offset.total_seconds() for offset in offsets], np.int32),
    )
