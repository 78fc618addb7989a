"""From events to steps: the one streaming pass that gives every event its past.

The definitions stand here and nowhere else. All of it is array arithmetic over events sorted by case and time, so a pass
over ten million events takes seconds and its memory is that of one batch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNKNOWN = np.iinfo(np.int64).min
"""A time that is not known, in arrays of microseconds."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400
RESIDENT_CODE = 1
REASONS = ("first", "resident", "other unit", "same unit")
"""What a step was waiting for; a step keeps the index. ``first``: nothing, it opened the case."""


@dataclass(frozen=True)
class SortedEvents:
    """Whole cases, sorted by case and time. All arrays have one entry for each event.

    ``start`` is True at the first event of a case. ``activity`` counts from 1; ``unit``, ``service`` and ``actor`` too, with 0
    for not known. ``at`` and ``began`` are microseconds since 1970, ``began`` is ``UNKNOWN`` where nobody knows.
    """

    start: Flags
    activity: Ints
    unit: Ints
    service: Ints
    actor: Ints
    at: Ints
    began: Ints


@dataclass(frozen=True)
class Sizes:
    """How many activities and units there are; ids are built from these."""

    activities: int
    units: int

    def arc(self, previous: Ints, activity: Ints) -> Ints:
        """The id of the arc from one activity to the next."""
        return previous * (self.activities + 1) + activity

    def handover(self, previous: Ints, unit: Ints) -> Ints:
        """The id of the hand-over from one unit to another."""
        return previous * (self.units + 1) + unit

    def place(self, activity: Ints, unit: Ints) -> Ints:
        """The id of an activity done by a unit (0: unit not known)."""
        return activity * (self.units + 1) + unit

    def move(self, previous_activity: Ints, previous_unit: Ints, activity: Ints, unit: Ints) -> Ints:
        """The id of an arc together with the units on either side."""
        return self.place(previous_activity, previous_unit) * ((self.activities + 1) * (self.units + 1)) + self.place(
            activity, unit
        )


def make_steps(events: SortedEvents, sizes: Sizes) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[Any]]]:
    """Steps and cases for *events*: two dictionaries of columns.

    Steps, one entry for each event:

    - ``case_row``: the case's index in this batch; ``position``: 1, 2, … in the case
    - ``previous_activity``, ``previous_unit``: 0 for none; the previous unit is the last **known** one in the case
    - ``wait_s``: seconds from the previous event to the start of work (to completion where the start is not
    known), never below 0; -1 for the
      first event. ``work_s``: seconds of work, -1 where the start is not known
    - ``handover``: the unit differs from the last known one. ``new_door``: the unit's first time in the case. ``bounce``: a hand-over
      to a unit that the case has met before; ``away_s`` seconds since it was last there, else -1
    - ``rework``: the activity has been done before in the case; ``again_s`` seconds since then, else -1
    - ``first_arc``, ``first_handover``, ``first_place``, ``first_move``: the first time in the case, so that a sum counts distinct cases
    - ``reason``: index into ``REASONS``

    - ``units_met``: of the case, a bit for each unit it meets at any time (bit *n* for unit *n*, up to ``MASKED``)

    Cases, one entry for each: ``service`` (the first one named), ``opened``, ``ended`` (µs), ``steps``,
    ``doors``, ``handovers``, ``bounces``,
    ``reworks``, ``wait_s``, ``work_s``, ``last_activity``, ``variant`` (a 64-bit sum of mixed activity and position).
    """
    n = len(events.at)
    index = np.arange(n)
    first = np.flatnonzero(events.start)
    row = np.cumsum(events.start) - 1
    begin = first[row]
    previous_activity = np.where(events.start, 0, _shift(events.activity))
    previous_unit = _last_known(events.unit, index, begin)
    handover = (events.unit > 0) & (previous_unit > 0) & (events.unit != previous_unit)
    wait, work = _times(events)

    again = _Repeats.of(row, events.activity, sizes.activities, np.ones(n, dtype=bool))
    met = _Repeats.of(row, events.unit, sizes.units, events.unit > 0)
    bounce = handover & met.repeated
    steps = {
        "case_row": row,
        "position": index - begin + 1,
        "previous_activity": previous_activity,
        "previous_unit": previous_unit,
        "wait_s": wait,
        "work_s": work,
        "handover": handover,
        "new_door": (events.unit > 0) & ~met.repeated,
        "bounce": bounce,
        "rework": again.repeated,
        "away_s": met.seconds_since(events.at, bounce),
        "again_s": again.seconds_since(events.at, again.repeated),
        "first_arc": ~events.start
        & ~_repeated_within(
            row, sizes.arc(previous_activity, events.activity), (sizes.activities + 1) ** 2, again.many
        ),
        "first_handover": handover
        & ~_repeated_within(row, sizes.handover(previous_unit, events.unit), (sizes.units + 1) ** 2, handover),
        "first_place": ~_repeated_within(
            row, sizes.place(events.activity, events.unit), (sizes.activities + 1) * (sizes.units + 1), again.many
        ),
        "first_move": ~events.start
        & ~_repeated_within(
            row,
            sizes.move(previous_activity, previous_unit, events.activity, events.unit),
            ((sizes.activities + 1) * (sizes.units + 1)) ** 2,
            again.many,
        ),
        "reason": _reason(events, handover),
        "units_met": _units_met(events.unit, first)[row],
    }
    return steps, _cases(events, steps, first)


def _shift(values: Ints) -> Ints:
    shifted = np.empty_like(values)
    shifted[0] = 0
    shifted[1:] = values[:-1]
    return shifted


def _last_known(unit: Ints, index: Ints, begin: Ints) -> Ints:
    """The last known unit before each event, within its case; 0 for none."""
    known = np.maximum.accumulate(np.where(unit > 0, index, -1))
    before = _shift(known)
    before[0] = -1
    return np.where(before >= begin, unit[before], 0)


def _times(events: SortedEvents) -> tuple[Ints, Ints]:
    known = events.began != UNKNOWN
    ready = np.where(known, np.minimum(events.began, events.at), events.at)
    wait = np.maximum(ready - _shift(events.at), 0) // 1_000_000
    wait[events.start] = -1
    work = np.where(known, (events.at - ready) // 1_000_000, -1)
    return wait, work


def _reason(events: SortedEvents, handover: Flags) -> Ints:
    reason = np.where(events.actor == RESIDENT_CODE, 1, np.where(handover, 2, 3))
    return np.where(events.start, 0, reason)


MASKED = 62
"""The most frequent units, which have a bit in ``units_met``; a bit more would be the sign."""


def _units_met(unit: Ints, first: Ints) -> Ints:
    masked = (unit > 0) & (unit <= MASKED)
    return np.bitwise_or.reduceat(np.where(masked, np.left_shift(np.int64(1), np.where(masked, unit, 0)), 0), first)


@dataclass(frozen=True)
class _Repeats:
    """Which events repeat a key within their case.

    ``repeated``: not the first time. ``many``: the key occurs more than once. ``previous``: for each of ``rows`` (sorted by
    key), the event before it with the same key.
    """

    repeated: Flags
    many: Flags
    later: Ints
    previous: Ints

    @classmethod
    def of(cls, row: Ints, key: Ints, largest: int, where: Flags) -> "_Repeats":
        keys = row * (largest + 1) + key
        repeated = _repeated_within(row, key, largest, where)
        many = where & np.isin(keys, keys[repeated]) if repeated.any() else repeated
        rows = np.flatnonzero(many)
        order = np.argsort(keys[rows], kind="stable")
        same = keys[rows][order][1:] == keys[rows][order][:-1]
        return cls(repeated, many, rows[order][1:][same], rows[order][:-1][same])

    def seconds_since(self, at: Ints, where: Flags) -> Ints:
        """Seconds since the key's last time in the case, for the events of *where*; -1 for the others."""
        seconds = np.full(len(at), -1, dtype=np.int64)
        seconds[self.later] = (at[self.later] - at[self.previous]) // 1_000_000
        return np.where(where, seconds, -1)


TABLE = 4_000_000
"""Up to so many possible keys a table with a place for each is quicker than a hash table."""


def _repeated_within(row: Ints, key: Ints, largest: int, where: Flags) -> Flags:
    """Whether an event repeats *key* within its case; only the events of *where* can."""
    repeated = np.zeros(len(row), dtype=bool)
    index = np.flatnonzero(where)
    if not len(index):
        return repeated
    if (int(row[-1]) + 1) * (largest + 1) > np.iinfo(np.int64).max:
        key, largest = np.unique(key, return_inverse=True)[1], len(key)
    keys = row[index] * (largest + 1) + key[index]
    if (row[-1] + 1) * (largest + 1) <= TABLE:
        first = np.empty((row[-1] + 1) * (largest + 1), dtype=np.int64)
        # Written from the end, so that the first event with a key is the one that stays.
        first[keys[::-1]] = index[::-1]
        repeated[index] = first[keys] != index
    else:
        repeated[index] = pd.Series(keys).duplicated().to_numpy()
    return repeated


def _cases(events: SortedEvents, steps: dict[str, Any], first: Ints) -> dict[str, npt.NDArray[Any]]:
    last = np.append(first[1:], len(events.at)) - 1
    named = np.minimum.reduceat(np.where(events.service > 0, np.arange(len(events.at)), len(events.at)), first)
    service = np.append(events.service, 0)[np.where(named <= last, named, len(events.at))]

    def total(values: npt.NDArray[Any]) -> Ints:
        return np.add.reduceat(values.astype(np.int64), first)

    return {
        "service": service,
        "opened": events.at[first],
        "ended": events.at[last],
        "steps": last - first + 1,
        "doors": total(steps["new_door"]),
        "handovers": total(steps["handover"]),
        "bounces": total(steps["bounce"]),
        "reworks": total(steps["rework"]),
        "units_met": steps["units_met"][first],
        "wait_s": total(np.maximum(steps["wait_s"], 0)),
        "work_s": total(np.maximum(steps["work_s"], 0)),
        "last_activity": events.activity[last],
        "variant": np.add.reduceat(_mix(events.activity, steps["position"]), first).view(np.int64),
    }


def _mix(activity: Ints, position: Ints) -> npt.NDArray[np.uint64]:
    """SplitMix64's finaliser (Steele, Lea & Flood 2014) over activity and position: sums of it tell sequences apart."""
    x = activity.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + position.astype(np.uint64) * np.uint64(
        0xD1B54A32D192ED03
    )
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def bins(seconds: Ints) -> Ints:
    """The histogram bin of a time: whole minutes below two days, whole hours below sixty, whole days beyond.

    Bins keep the order of times, so percentiles can be read from counts per bin on any engine, exact to the minute, the
    hour or the day. Negative times (not known) give -1.
    """
    hours_from, days_from = 2 * DAY, 60 * DAY
    minute_bins, hour_bins = hours_from // MINUTE, (days_from - hours_from) // HOUR
    found = np.where(
        seconds < hours_from,
        seconds // MINUTE,
        np.where(
            seconds < days_from,
            minute_bins + (seconds - hours_from) // HOUR,
            minute_bins + hour_bins + (seconds - days_from) // DAY,
        ),
    )
    return np.where(seconds < 0, -1, found)


def bin_days(numbers: Ints) -> npt.NDArray[np.float64]:
    """The time that bins begin at, in days: what ``bins`` turns into their numbers."""
    minute_bins, hour_bins = 2 * DAY // MINUTE, 58 * DAY // HOUR
    seconds = np.where(
        numbers < minute_bins,
        numbers * MINUTE,
        np.where(
            numbers < minute_bins + hour_bins,
            2 * DAY + (numbers - minute_bins) * HOUR,
            60 * DAY + (numbers - minute_bins - hour_bins) * DAY,
        ),
    )
    return seconds / DAY
