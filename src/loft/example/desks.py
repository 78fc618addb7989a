"""How many hands each desk has: enough for the usual load, fewer in the holidays, uneven from week to week."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from loft.example.calendar import DAY, Calendar
from loft.example.paths import Paths
from loft.example.steps import Kind
from loft.example.streams import stream
from loft.example.ways import STEPS

AT_WORK = (1.0, 1.0, 1.0, 1.0, 1.0, 0.97, 0.6, 0.92, 1.0, 1.0, 1.0, 0.95)
"""Staff at work by month of the year: July is the common holiday."""
ABSENCE = 0.78
"""Staff at work in the winter of absence, against an ordinary winter."""
DESK_STEP = np.array([step.kind == Kind.DESK for step in STEPS])


def absence(months: int) -> tuple[int, int]:
    """The months of the log (from, until) with much absence: the first two of the second year of four."""
    return months * 12 // 48, months * 14 // 48


def offered(paths: Paths, lane: NDArray[np.int16], lanes: int, within: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Minutes of work for each lane in the cases *within* (one flag for each case)."""
    desk = DESK_STEP[paths.step] & np.repeat(within, np.diff(paths.first))
    return np.bincount(lane[desk], paths.size[desk], lanes).astype(np.float64)


def opened_between(paths: Paths, from_day: int, until_day: int) -> NDArray[np.bool_]:
    return (paths.opened >= from_day * DAY) & (paths.opened < until_day * DAY)


def capacity(
    minutes: NDArray[np.float64], names: Sequence[str], days: Calendar, months: int, seed: int, *, uneven: float = 0.1
) -> NDArray[np.float32]:
    """Minutes each lane can work on each day, shape (lanes, days), from the *minutes* of an ordinary full day.

    Lanes with the same name have their good and bad weeks together; *uneven* says how much these differ.
    """
    weeks = days.days // 7 + 1
    by_name = {}
    for name in dict.fromkeys(names):
        shock = stream(seed, "staff", name).standard_normal(weeks) * uneven
        level = np.zeros(weeks)
        for week in range(1, weeks):
            level[week] = 0.7 * level[week - 1] + shock[week]
        by_name[name] = np.repeat(np.exp(level - level.mean()), 7)[: days.days]
    common = np.array(AT_WORK)[days.month_of_year] * days.working
    from_month, until_month = absence(months)
    common = common * np.where((days.month >= from_month) & (days.month < until_month), ABSENCE, 1.0)
    pattern = np.array([by_name[name] for name in names]) * common
    staff: NDArray[np.float32] = (pattern * minutes[:, None]).astype(np.float32)
    return staff
