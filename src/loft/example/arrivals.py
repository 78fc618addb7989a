"""When people apply: growth, seasons, weekdays, uneven weeks, and one surge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loft.example.calendar import CLOSES, DAY, OPENS, Calendar
from loft.example.services import Service
from loft.example.streams import stream

SEASONS = {
    "even": (1.0, 1.0, 1.05, 1.0, 1.0, 1.0, 0.7, 1.0, 1.1, 1.1, 1.1, 0.95),
    "newcomers": (0.9, 0.95, 1.0, 1.05, 1.05, 1.0, 0.75, 1.1, 1.2, 1.15, 1.0, 0.85),
    "building": (0.7, 0.8, 1.1, 1.3, 1.35, 1.2, 0.7, 1.0, 1.1, 1.1, 0.95, 0.7),
    "kindergarten": (1.3, 2.9, 1.6, 0.7, 0.6, 0.6, 0.5, 0.9, 0.9, 0.8, 0.7, 0.5),
    "welfare": (1.2, 1.05, 1.0, 0.95, 0.9, 0.95, 0.85, 0.95, 1.0, 1.0, 1.1, 1.3),
    "summer": (0.6, 0.7, 1.0, 1.4, 1.7, 1.5, 0.9, 0.8, 0.8, 0.8, 0.9, 0.9),
    "spring": (0.9, 1.0, 1.2, 1.3, 1.3, 1.1, 0.7, 1.0, 1.0, 0.9, 0.9, 0.7),
    "winter": (1.25, 1.2, 1.1, 1.0, 0.9, 0.9, 0.8, 0.9, 0.95, 1.0, 1.1, 1.1),
    "autumn": (1.1, 0.9, 0.9, 0.9, 0.9, 0.8, 0.5, 1.6, 1.5, 1.1, 1.0, 0.8),
}
"""Applications by month of the year, from January, against an average month."""
WEEKDAYS = (1.3, 1.15, 1.05, 1.0, 0.9, 0.3, 0.3)
"""Applications by day of the week, from Monday."""
GROWTH = 0.03
"""More applications each year."""
CHANNELS = ("digital", "counter", "letter")


@dataclass(frozen=True)
class Surge:
    """More applications to one service for some months, counted from the first of the log."""

    service: str
    from_month: int
    until_month: int
    factor: float


def surge(service: str, months: int) -> Surge:
    """The surge in the third quarter of the log (the third year of four), fading before the quarter is over."""
    return Surge(service, months * 25 // 48, months * 32 // 48, 1.5)


@dataclass(frozen=True)
class Arrivals:
    """One row for each case: ``opened`` in seconds (see Calendar), ``channel`` and ``type`` as places in their lists,
    ``factor`` the case's own share of work and waiting, around 1."""

    opened: NDArray[np.int32]
    channel: NDArray[np.int8]
    type: NDArray[np.int8]
    factor: NDArray[np.float32]


def arrivals(service: Service, count: int, days: Calendar, shock: Surge, seed: int) -> Arrivals:
    """About *count* applications to *service* within the log, and at the same pace before and after it."""
    rate = _rate(service, days, shock, seed)
    within = rate[days.log_from : days.log_until].sum()
    opened_on = np.repeat(
        np.arange(days.days, dtype=np.int32), stream(seed, "arrivals", service.name).poisson(rate * count / within)
    )
    n = len(opened_on)
    draw = stream(seed, "cases", service.name)
    rest = 1 - service.digital
    channel = draw.choice(3, n, p=(service.digital, rest * 0.6, rest * 0.4)).astype(np.int8)
    kind = draw.choice(len(service.types), n, p=[share for share, _ in service.types.values()]).astype(np.int8)
    weight = np.array([weight for _, weight in service.types.values()], np.float32)[kind]
    factor = weight * np.exp(0.3 * draw.standard_normal(n, np.float32) - 0.045)
    return Arrivals(_moment(opened_on, channel, days, draw), channel, kind, factor.astype(np.float32))


def _rate(service: Service, days: Calendar, shock: Surge, seed: int) -> NDArray[np.float64]:
    rate: NDArray[np.float64]
    rate = np.array(SEASONS[service.season])[days.month_of_year] * np.array(WEEKDAYS)[days.weekday]
    rate = rate * (1 + GROWTH) ** (days.month / 12)
    weeks = np.exp(0.1 * stream(seed, "weeks", service.name).standard_normal(days.days // 7 + 1))
    rate *= np.repeat(weeks, 7)[: days.days]
    if service.name == shock.service:
        rate[(days.month >= shock.from_month) & (days.month < shock.until_month)] *= shock.factor
    return rate


def _moment(
    day: NDArray[np.int32], channel: NDArray[np.int8], days: Calendar, draw: np.random.Generator
) -> NDArray[np.int32]:
    """The second of the day: online from early to late; at the counter and by letter when the offices are open."""
    luck = draw.random(len(day))
    online = 6 * 3600 + (17 * 3600 * (luck + luck**2) / 2).astype(np.int32)
    office = OPENS + (luck * (CLOSES - OPENS - 60)).astype(np.int32)
    open_day = np.minimum(days.next_working[day], days.days - 1)
    return np.where(channel == 0, day * DAY + online, open_day * DAY + office).astype(np.int32)
