"""The whole of Fjordvik: all services through all units, and the log that is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from loft.example.arrivals import Arrivals, Surge, arrivals, surge
from loft.example.calendar import Calendar, calendar
from loft.example.desks import opened_between
from loft.example.experiment import Lives, live
from loft.example.lots import Lot, draw_lot
from loft.example.others import Others, live_others
from loft.example.paths import Paths, draw_paths, joined
from loft.example.queues import Times
from loft.example.services import NEWCOMERS, SERVICES
from loft.example.streams import stream
from loft.log.progress import Progress

FIRST_DAY = date(2022, 1, 1)
SMALLEST_TOWN = 20_000
"""Events a month below which the town is simulated at this size and a sample of its cases kept: a queue needs a town."""


@dataclass(frozen=True)
class Town:
    """A simulated town.

    For each case, newcomers first: ``service``, ``type`` (places in SERVICES and its types), ``channel``, ``kept``
    (whether it is in the log), ``centre``. ``paths`` and ``times`` are those of all cases; ``newcomers`` and ``others`` have both
    lives of theirs.
    """

    days: Calendar
    lot: Lot
    shock: Surge
    service: NDArray[np.int8]
    type: NDArray[np.int8]
    channel: NDArray[np.int8]
    centre: NDArray[np.int8]
    kept: NDArray[np.bool_]
    paths: Paths
    times: Times
    newcomers: Lives
    others: Others


def simulate(events: int, seed: int, months: int, progress: Progress) -> Town:
    """A town that leaves about *events* events in *months* months."""
    days, shock, lot = calendar(FIRST_DAY, months), surge(NEWCOMERS.name, months), draw_lot(seed, months)
    size = max(events, SMALLEST_TOWN * months)
    cases_in_log = size / _events_per_case(days, shock, seed)
    applied = [arrivals(service, round(service.share * cases_in_log), days, shock, seed) for service in SERVICES]
    newcomers = live(applied[0], lot, days, months, seed, progress)
    others = live_others(applied[1:], days, months, seed, progress)
    paths = joined([newcomers.paths, others.paths])
    times = Times(
        np.concatenate([newcomers.times.began, others.times.began]),
        np.concatenate([newcomers.times.at, others.times.at]),
    )
    kept = opened_between(paths, days.log_from, days.log_until)
    if size > events:
        kept &= stream(seed, "sample").random(paths.cases) < events / size
    service = np.repeat(np.arange(len(SERVICES), dtype=np.int8), [len(cases.opened) for cases in applied])
    return Town(
        days,
        lot,
        shock,
        service,
        _all(applied, "type"),
        _all(applied, "channel"),
        np.concatenate([newcomers.centre, others.centre]),
        kept,
        paths,
        times,
        newcomers,
        others,
    )


def _all(applied: Sequence[Arrivals], name: str) -> NDArray[np.int8]:
    return np.concatenate([getattr(cases, name) for cases in applied])


def _events_per_case(days: Calendar, shock: Surge, seed: int) -> float:
    """Events an average case leaves in the log, from a small trial; a few come after the log is cut."""
    mean = 0.0
    for service in SERVICES:
        trial = draw_paths(service.parts, service.name, arrivals(service, 1500, days, shock, seed), days, seed)
        mean += service.share * len(trial.step) / trial.cases
    return mean * 0.99
