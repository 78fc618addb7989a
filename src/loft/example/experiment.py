"""The change with a known effect: one joint door for newcomers, opened in 12 of 24 local centres in an order drawn by lot.

Each centre has desks of its own, so that what happens in one centre touches no other. Every newcomer's case is lived twice with the same
luck, once without the door and once as the lot decided; the difference is the effect, known for each case.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from loft.example.arrivals import Arrivals
from loft.example.calendar import DAY, Calendar
from loft.example.desks import capacity, offered, opened_between
from loft.example.lots import CENTRES, Lot, centre_of_cases
from loft.example.paths import Paths, draw_paths, mixed
from loft.example.queues import Times, serve
from loft.example.services import NEWCOMERS
from loft.example.units import BOLIG, DOOR, NAV, SCHOOL, TORGET
from loft.example.ways import JOINT_DOOR, STEPS
from loft.log.progress import Progress

DAYS_RATIO = 0.75
"""The effect that is built in: days with the door, as a share of the same cases' days without it."""
UTILISED = {TORGET: 0.5, NAV: 0.7, SCHOOL: 0.5, BOLIG: 0.5, DOOR: 0.6}
"""Share of the day's minutes that the usual load takes: small desks, with a case now and then, need more room."""
UNEVEN = 0.03
"""How much staff differs from week to week."""
_UNITS = tuple(UTILISED)


@dataclass(frozen=True)
class Lives:
    """The newcomers' cases, lived as the lot decided (``paths``, ``times``) and without any door (``paths_without``, …).

    For each case: ``centre`` (a place in CENTRES), ``door`` (whether it came in by the joint door). ``meeting`` is the pace
    of the doors' meetings that gives the effect its size.
    """

    calendar: Calendar
    centre: NDArray[np.int8]
    door: NDArray[np.bool_]
    paths: Paths
    times: Times
    paths_without: Paths
    times_without: Times
    meeting: float

    def days(self, *, door: bool) -> NDArray[np.float64]:
        """Days from the first event of each case to its last, in the life as drawn (``door``) or the one without."""
        paths, times = (self.paths, self.times) if door else (self.paths_without, self.times_without)
        return days_of(paths, times, self.calendar)


def days_of(paths: Paths, times: Times, days: Calendar) -> NDArray[np.float64]:
    """Days from first to last event of each case; not a number where the case outlives the simulation."""
    last = times.at[paths.first[1:] - 1]
    known = last < days.days * DAY
    lasted = days.utc(np.where(known, last, 0)) - days.utc(paths.opened)
    return np.where(known, lasted / (DAY * 1e6), np.nan)


def live(cases: Arrivals, lot: Lot, days: Calendar, months: int, seed: int, progress: Progress) -> Lives:
    """Both lives of the newcomers' *cases*."""
    centre = centre_of_cases(seed, len(cases.opened))
    starts = lot.start_seconds(days)
    door = cases.opened >= starts[centre]
    without = draw_paths(NEWCOMERS.parts, NEWCOMERS.name, cases, days, seed)
    by_door = draw_paths(JOINT_DOOR, NEWCOMERS.name, cases, days, seed)
    paths = mixed(without, by_door, door)
    minutes = _minutes(without, paths, centre, starts // DAY, days, months)
    names = [name for _ in _UNITS for name in CENTRES]
    staff = capacity(minutes, names, days, months, seed, uneven=UNEVEN)
    times_without = serve(without, _lane(without, centre), staff, days, progress)
    measured = door & opened_between(paths, days.log_from, days.log_until)
    paths, times, meeting = _sized(
        paths, _lane(paths, centre), staff, days, measured, days_of(without, times_without, days)
    )
    return Lives(days, centre, door, paths, times, without, times_without, meeting)


def _sized(
    paths: Paths,
    lane: NDArray[np.int16],
    staff: NDArray[np.float32],
    days: Calendar,
    measured: NDArray[np.bool_],
    without: NDArray[np.float64],
) -> tuple[Paths, Times, float]:
    """The life with doors whose effect is DAYS_RATIO: the doors' meetings come as much sooner or later as that takes.

    Queues answer to load, so that no pace of meetings gives the same effect in every town; a day more of waiting for the
    meeting is about a day more for the case, and a few corrections are enough.
    """
    meeting = STEPS.index(next(step for step in STEPS if step.unit == DOOR and step.activity == "meeting.held"))
    held = paths.step == meeting
    usual, pace = float(paths.size[held].mean()) if held.any() else 1.0, 1.0
    for _ in range(6):
        tried = replace(paths, size=np.where(held, paths.size * np.float32(pace), paths.size))
        times = serve(tried, lane, staff, days)
        lived = days_of(tried, times, days)
        both = measured & np.isfinite(lived) & np.isfinite(without)
        missed = DAYS_RATIO * without[both].mean() - lived[both].mean()
        if abs(missed) < 0.002 * without[both].mean():
            break
        pace = float(np.clip(pace + missed / usual, 0.1, 3.0))
    return tried, times, pace


def _lane(paths: Paths, centre: NDArray[np.int8]) -> NDArray[np.int16]:
    """Each unit has a desk in each centre."""
    place = {unit: place for place, unit in enumerate(_UNITS)}
    unit = np.array([place.get(step.unit, 0) for step in STEPS], np.int16)
    return unit[paths.step] * np.int16(len(CENTRES)) + np.repeat(centre.astype(np.int16), np.diff(paths.first))


def _minutes(
    without: Paths, paths: Paths, centre: NDArray[np.int8], starts: NDArray[np.int64], days: Calendar, months: int
) -> NDArray[np.float64]:
    """An ordinary full day of each desk: by the load of the first half; of a joint door, by the load it gets."""
    lanes = len(_UNITS) * len(CENTRES)
    half = days.month_start(months // 2)
    usual = offered(without, _lane(without, centre), lanes, opened_between(without, days.log_from, half))
    minutes = usual / days.working[days.log_from : half].sum()
    doors = offered(paths, _lane(paths, centre), lanes, opened_between(paths, days.log_from, days.log_until))
    open_days = np.array([max(days.working[start : days.log_until].sum(), 1) for start in starts])
    first = _UNITS.index(DOOR) * len(CENTRES)
    minutes[first:] = doors[first:] / open_days
    at_least: NDArray[np.float64] = np.maximum(minutes / np.repeat(list(UTILISED.values()), len(CENTRES)), 1.0)
    return at_least
