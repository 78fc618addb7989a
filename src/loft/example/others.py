"""All services but the newcomers': one queue in each unit, and each case lived with the changes and without."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loft.example.arrivals import Arrivals
from loft.example.calendar import Calendar
from loft.example.desks import capacity, offered, opened_between
from loft.example.lots import Lot, centre_of_cases, lot_of
from loft.example.paths import Paths, draw_paths, joined, mixed
from loft.example.queues import Times, serve
from loft.example.services import SERVICES, Service
from loft.example.units import UNITS
from loft.example.ways import STEPS, TRIALS
from loft.log.progress import Progress

UTILISED = 0.88
"""Share of the day's minutes that the usual load takes."""
_NAMES = [unit.name for unit in UNITS]
_LANE = np.array([_NAMES.index(step.unit) for step in STEPS], np.int16)


@dataclass(frozen=True)
class Others:
    """The cases of all services but the newcomers', lived as it went (``paths``, ``times``) and without any change (``…_without``).

    ``lots`` has one draw for each of TRIALS. For each case: ``centre`` (a place in CENTRES), ``new`` (whether it went a new way).
    """

    calendar: Calendar
    lots: tuple[Lot, ...]
    centre: NDArray[np.int8]
    new: NDArray[np.bool_]
    paths: Paths
    times: Times
    paths_without: Paths
    times_without: Times


def live_others(applied: Sequence[Arrivals], days: Calendar, months: int, seed: int, progress: Progress) -> Others:
    """Both lives of the cases that *applied*, to each of SERVICES but the first."""
    lots = tuple(lot_of(trial, seed, months) for trial in TRIALS)
    drawn = [_ways(service, cases, lots, days, seed) for service, cases in zip(SERVICES[1:], applied, strict=True)]
    without, paths = joined([each[0] for each in drawn]), joined([each[1] for each in drawn])
    staff = _staff(without, days, months, seed)
    times = serve(paths, _LANE[paths.step], staff, days, progress)
    return Others(
        days,
        lots,
        np.concatenate([each[2] for each in drawn]),
        np.concatenate([each[3] for each in drawn]),
        paths,
        times,
        without,
        serve(without, _LANE[without.step], staff, days),
    )


def _ways(
    service: Service, cases: Arrivals, lots: Sequence[Lot], days: Calendar, seed: int
) -> tuple[Paths, Paths, NDArray[np.int8], NDArray[np.bool_]]:
    """The ways of the cases without a change and as it went, their centres, and which went a new way."""
    centre = centre_of_cases(seed, len(cases.opened), service.name)
    without = draw_paths(service.parts, service.name, cases, days, seed)
    for trial, lot in zip(TRIALS, lots, strict=True):
        if service.name in trial.services:
            new = cases.opened >= lot.start_seconds(days)[centre]
            other = draw_paths(trial.way(service.name), service.name, cases, days, seed)
            return without, mixed(without, other, new), centre, new
    return without, without, centre, np.zeros(len(cases.opened), bool)


def _staff(paths: Paths, days: Calendar, months: int, seed: int) -> NDArray[np.float32]:
    half = days.month_start(months // 2)
    usual = offered(paths, _LANE[paths.step], len(_NAMES), opened_between(paths, days.log_from, half))
    minutes = np.maximum(usual / days.working[days.log_from : half].sum() / UTILISED, 1.0)
    return capacity(minutes, _NAMES, days, months, seed)
