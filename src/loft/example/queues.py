"""Queues at the desks: first come, first served, as far as the day's hands reach.

Every office day each desk works through its queue in order of arrival until the day's minutes are used up; what is left waits
for the next day. What comes in today is taken up tomorrow at the earliest (post is sorted in the morning). So waiting is never drawn:
it follows from how much comes in, and from how many are at work. A desk that began a long job on its last minutes
owes them the next day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loft.example.calendar import CLOSES, DAY, OPENS, Calendar
from loft.example.paths import Paths
from loft.example.steps import Kind
from loft.example.ways import STEPS
from loft.log.progress import Progress, silent

NEVER = np.iinfo(np.int32).max
OVERTIME = 0.35
"""The most a desk adds to its day when its queue grows."""
_STRETCHED = (5.0, 15.0)
"""Days of work waiting from which a desk works overtime, and at which it works all it can."""
_KIND = np.array([step.kind for step in STEPS], np.int8)


@dataclass(frozen=True)
class Times:
    """For each step of the paths: when work ``began`` (desks only) and when it was done, ``at``; in seconds, or NEVER."""

    began: NDArray[np.int32]
    at: NDArray[np.int32]


def serve(
    paths: Paths,
    lane: NDArray[np.int16],
    capacity: NDArray[np.float32],
    days: Calendar,
    progress: Progress = silent,
) -> Times:
    """When each step of *paths* happened.

    *lane* says for each step which queue it waits in (read for desk steps only); *capacity* has the minutes of work each lane
    can do on each day, shape (lanes, days).
    """
    town = _Town(paths, lane, days)
    town.go_on(np.arange(paths.cases), paths.opened, arriving=True)
    balance = np.zeros(len(capacity))
    usual = np.maximum(capacity.mean(axis=1), 1e-6)
    for day in np.flatnonzero(days.working).tolist():
        case, queue = town.sorted_in(day)
        if len(case):
            work = paths.size[town.current[case]]
            waiting = np.bincount(queue, work, len(capacity)) / usual
            stretched = np.clip((waiting - _STRETCHED[0]) / (_STRETCHED[1] - _STRETCHED[0]), 0, 1)
            minutes = np.minimum(balance, 0) + capacity[:, day] * (1 + OVERTIME * stretched)
            ahead = _work_ahead(queue, work, len(capacity))
            taken = ahead < minutes[queue]
            balance = minutes - np.bincount(queue[taken], work[taken], len(capacity))
            town.waiting_case, town.waiting_lane = case[~taken], queue[~taken]
            town.work_on(case[taken], ahead[taken] / minutes[queue[taken]], day)
        else:
            balance = np.minimum(balance, 0) + capacity[:, day]
        if day % 50 == 0:
            progress("casework", day, days.days)
    return Times(town.began, town.at)


def _work_ahead(queue: NDArray[np.int16], work: NDArray[np.float32], lanes: int) -> NDArray[np.float64]:
    """Minutes of work before each in its own queue; *queue* is sorted."""
    until = np.cumsum(work, dtype=np.float64)
    starts = np.searchsorted(queue, np.arange(lanes, dtype=np.int16))
    base = np.concatenate([[0.0], until])[starts]
    ahead: NDArray[np.float64] = until - work - base[queue]
    return ahead


class _Town:
    """Where every case is now: waiting at a desk, on its way to one, or done."""

    def __init__(self, paths: Paths, lane: NDArray[np.int16], days: Calendar) -> None:
        self.paths, self.lane, self.days = paths, lane, days
        self.current = paths.first[:-1].copy()
        self.began = np.full(len(paths.step), NEVER, np.int32)
        self.at = np.full(len(paths.step), NEVER, np.int32)
        self.waiting_case = np.empty(0, np.int64)
        self.waiting_lane = np.empty(0, np.int16)
        self.due: list[list[NDArray[np.int64]]] = [[] for _ in range(days.days + 1)]

    def sorted_in(self, day: int) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
        """All who wait this morning, by queue and, within it, by arrival."""
        due = self.due[day]
        self.due[day] = []
        if not due:
            return self.waiting_case, self.waiting_lane
        new = np.concatenate(due)
        new = new[np.argsort(self.at[self.current[new] - 1], kind="stable")]
        case = np.concatenate([self.waiting_case, new])
        lane = np.concatenate([self.waiting_lane, self.lane[self.current[new]]])
        order = np.argsort(lane, kind="stable")
        return case[order], lane[order]

    def work_on(self, case: NDArray[np.int64], moment: NDArray[np.float64], day: int) -> None:
        """The desks do their work; *moment* is the share of the day's work that was before it."""
        here = self.current[case]
        open_for = CLOSES - OPENS
        work = np.minimum(self.paths.size[here] * 60, open_for * 0.9).astype(np.int32) + 60
        began = day * DAY + OPENS + (moment * (open_for - work - 1)).astype(np.int32)
        self.began[here], self.at[here] = began, began + work
        self.current[case] += 1
        self.go_on(case, began + work)

    def go_on(self, case: NDArray[np.int64], now: NDArray[np.int32], *, arriving: bool = False) -> None:
        """Each case from *now* through all that needs no desk here, and into the queue of its next desk."""
        if arriving:
            self.at[self.current] = now
            self.current += 1
        while len(case):
            left = self.current[case] < self.paths.first[case + 1]
            case, now = case[left], now[left]
            here = self.current[case]
            kind = _KIND[self.paths.step[here]]
            desk = kind == Kind.DESK
            self._queue(case[desk], now[desk])
            case, here, now, kind = case[~desk], here[~desk], now[~desk], kind[~desk]
            then = self._next(here, kind, now)
            self.at[here] = then
            within = then < self.days.days * DAY
            self.current[case] += 1
            case, now = case[within], then[within]

    def _queue(self, case: NDArray[np.int64], now: NDArray[np.int32]) -> None:
        if not len(case):
            return
        day = self.days.next_working[np.minimum(now // DAY + 1, self.days.days - 1)]
        order = np.argsort(day, kind="stable")
        case, day = case[order], day[order]
        starts = np.flatnonzero(np.concatenate([[True], day[1:] != day[:-1]]))
        for part, first in zip(np.split(case, starts[1:]), starts, strict=True):
            self.due[day[first]].append(part)

    def _next(self, here: NDArray[np.int64], kind: NDArray[np.int8], now: NDArray[np.int32]) -> NDArray[np.int32]:
        """When a step that waits for no desk is done."""
        size, luck = self.paths.size[here], self.paths.luck[here]
        then = now + 5 + (luck * 110).astype(np.int32)
        closes = now // DAY * DAY + CLOSES
        then = np.where(kind == Kind.THEN, now + ((closes - now) * luck * 0.3).astype(np.int32), then)
        later = now // DAY + np.maximum(size, 0.51).round().astype(np.int32)
        evening = later * DAY + ((6 + 17 * (luck + luck**2) / 2) * 3600).astype(np.int32)
        then = np.where(kind == Kind.RESIDENT, evening, then)
        last = self.days.days - 1
        open_day = np.where(later > last, later, self.days.next_working[np.minimum(later, last)])
        meeting = open_day * DAY + OPENS + (luck * (CLOSES - OPENS - 60)).astype(np.int32)
        return np.where(kind == Kind.ELSEWHERE, meeting, then).astype(np.int32)
