"""The plain passes: one walk over events sorted by case and time, as integers. What a good C programmer would write for each question.

Compiled by numba where it is installed; the same code runs, slowly, without it. ``keep`` is worked out at each case's first event:
the day it was opened, and whether any of its events has the unit or the value that is asked for.
"""

from typing import Any

import numpy as np

try:
    from numba import njit
except ImportError:  # the tests run a tiny log without it

    def njit(function: Any) -> Any:
        return np.errstate(over="ignore")(function)


DAY, HOUR, MINUTE = 86_400, 3_600, 60
SECOND = 1_000_000
"""Times are in microseconds, since differences of rounded times are not the rounded differences."""
BINS = 2_880 + 1_392 + 5_000
"""Minutes below two days, hours below sixty, then days, as Løft's histogram has them."""
ANY = -1


@njit
def keep(
    case: Any, day: Any, unit: Any, value: Any, i: int, first: int, last: int, wanted_unit: int, wanted_value: int
) -> bool:
    if day[i] < first or day[i] > last:
        return False
    if wanted_unit == ANY and wanted_value == ANY:
        return True
    found_unit, found_value = wanted_unit == ANY, wanted_value == ANY
    j = i
    while j < len(case) and case[j] == case[i] and not (found_unit and found_value):
        found_unit = found_unit or unit[j] == wanted_unit
        found_value = found_value or value[j] == wanted_value
        j += 1
    return found_unit and found_value


@njit
def waiting_bin(seconds: int) -> int:
    if seconds < 2 * DAY:
        return seconds // MINUTE
    if seconds < 60 * DAY:
        return 2_880 + (seconds - 2 * DAY) // HOUR
    return min(2_880 + 1_392 + (seconds - 60 * DAY) // DAY, BINS - 1)


@njit
def follows(
    case: Any,
    at: Any,
    day: Any,
    activity: Any,
    unit: Any,
    value: Any,
    width: int,
    first: int,
    last: int,
    wu: int,
    wv: int,
) -> Any:
    counts = np.zeros(width * width, np.int64)
    inside = keep(case, day, unit, value, 0, first, last, wu, wv)
    for i in range(1, len(case)):
        if case[i] != case[i - 1]:
            inside = keep(case, day, unit, value, i, first, last, wu, wv)
        elif inside:
            counts[activity[i - 1] * width + activity[i]] += 1
    return counts


@njit
def follows_waits(
    case: Any,
    at: Any,
    day: Any,
    activity: Any,
    unit: Any,
    value: Any,
    width: int,
    first: int,
    last: int,
    wu: int,
    wv: int,
) -> Any:
    counts, sums = np.zeros(width * width, np.int64), np.zeros(width * width, np.int64)
    bins = np.zeros((width * width, BINS), np.int32)
    inside = keep(case, day, unit, value, 0, first, last, wu, wv)
    for i in range(1, len(case)):
        if case[i] != case[i - 1]:
            inside = keep(case, day, unit, value, i, first, last, wu, wv)
        elif inside:
            arc = activity[i - 1] * width + activity[i]
            wait = (at[i] - at[i - 1]) // SECOND
            counts[arc] += 1
            sums[arc] += wait
            bins[arc, waiting_bin(wait)] += 1
    return counts, sums, middles(counts, bins)


@njit
def handovers(
    case: Any,
    at: Any,
    day: Any,
    activity: Any,
    unit: Any,
    value: Any,
    width: int,
    first: int,
    last: int,
    wu: int,
    wv: int,
) -> Any:
    counts, sums = np.zeros(width * width, np.int64), np.zeros(width * width, np.int64)
    bins = np.zeros((width * width, BINS), np.int32)
    inside = keep(case, day, unit, value, 0, first, last, wu, wv)
    known = unit[0]
    for i in range(1, len(case)):
        if case[i] != case[i - 1]:
            inside = keep(case, day, unit, value, i, first, last, wu, wv)
            known = unit[i]
        elif unit[i] > 0:
            if inside and known > 0 and known != unit[i]:
                pair = known * width + unit[i]
                wait = (at[i] - at[i - 1]) // SECOND
                counts[pair] += 1
                sums[pair] += wait
                bins[pair, waiting_bin(wait)] += 1
            known = unit[i]
    return counts, sums, middles(counts, bins)


@njit
def middles(counts: Any, bins: Any) -> Any:
    """The bin that half of each row's counts lie in or below."""
    found = np.zeros(len(counts), np.int64)
    for row in range(len(counts)):
        reached = 0
        for place in range(BINS):
            if counts[row] == 0 or (2 * reached >= counts[row] and reached > 0):
                break
            reached += bins[row, place]
            found[row] = place
    return found


SLOTS = 1 << 20


@njit
def variants(
    case: Any,
    at: Any,
    day: Any,
    activity: Any,
    unit: Any,
    value: Any,
    width: int,
    first: int,
    last: int,
    wu: int,
    wv: int,
) -> Any:
    """For each variant: its cases, and where one of them begins. Variants are told apart by a 64-bit hash in an open table."""
    keys, cases, begins = np.zeros(SLOTS, np.uint64), np.zeros(SLOTS, np.int64), np.zeros(SLOTS, np.int64)
    prime = np.uint64(0x100000001B3)
    i = 0
    while i < len(case):
        inside = keep(case, day, unit, value, i, first, last, wu, wv)
        begin, mixed = i, np.uint64(0xCBF29CE484222325)
        while i < len(case) and case[i] == case[begin]:
            mixed = (mixed ^ np.uint64(activity[i])) * prime
            i += 1
        if inside:
            mixed = (mixed ^ (mixed >> np.uint64(32))) | np.uint64(1)
            slot = np.int64(mixed & np.uint64(SLOTS - 1))
            while cases[slot] > 0 and keys[slot] != mixed:
                slot = (slot + 1) % SLOTS
            keys[slot] = mixed
            begins[slot] = begin
            cases[slot] += 1
    return cases, begins


@njit
def throughput(
    case: Any,
    at: Any,
    day: Any,
    activity: Any,
    unit: Any,
    value: Any,
    width: int,
    first: int,
    last: int,
    wu: int,
    wv: int,
) -> Any:
    """Cases by the month of opening (counted from the first) and by the days they lasted. ``width`` is the number of months."""
    lasted = np.zeros((width, BINS), np.int32)
    i = 0
    while i < len(case):
        begin = i
        inside = keep(case, day, unit, value, i, first, last, wu, wv)
        while i < len(case) and case[i] == case[begin]:
            i += 1
        if inside:
            # Months are looked up: activity holds, for each day, its month.
            lasted[activity[day[begin]], min((at[i - 1] - at[begin]) // (DAY * SECOND), BINS - 1)] += 1
    return lasted
