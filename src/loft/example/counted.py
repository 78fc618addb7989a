"""Cells straight from the simulated town, as they would be asked of its log: for trying the rule on many towns quickly."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from loft.example.calendar import DAY
from loft.example.lots import CENTRES
from loft.example.services import ENDINGS, SERVICES
from loft.example.town import Town
from loft.example.units import UNITS
from loft.example.ways import STEPS
from loft.language import mark
from loft.value.cells import Cells, Flags, Floats, Ints
from loft.value.errors import BadInput
from loft.value.measures import Measure, measure
from loft.value.plan import Plan, Use
from loft.value.sentence import Figure

_ACTIVITY = np.array([step.activity for step in STEPS])
_UNIT = np.array([step.unit for step in STEPS])
_PLACE = np.array([[unit.name for unit in UNITS].index(name) for name in _UNIT], np.int64)
_ENDS = np.isin(_ACTIVITY, ENDINGS)


@dataclass(frozen=True)
class Seen:
    """The eligible cases as the log shows them, one entry each: ``case`` (its place in the town), ``unit`` (its place in CENTRES), ``day``
    (of opening, from ``first``), ``age`` in whole days and whether it is ``closed``; ``strata`` and ``stratum`` its service. ``first`` and
    ``until`` are the days (of the calendar) of the log's first and last event."""

    town: Town
    first: int
    until: int
    case: Ints
    unit: Ints
    day: Ints
    age: Ints
    closed: Flags
    strata: tuple[str, ...]
    stratum: Ints


def cells_of_town(town: Town, plan: Plan) -> dict[str, Cells]:
    """The cells that ``loft.value.verdict`` needs of *plan*: its measure and guardrails, volume, withdrawals and ``use``.

    Of measures it knows ``days``, ``doors``, ``volume``, ``withdrawal`` and ``activity:NAME``; others raise ``BadInput``, and so does a
    plan whose units are not the local centres.
    """
    if plan.by != "attribute:center":
        raise BadInput(mark("Fjordvik's changes are judged by local centre: write attribute:center."))
    seen = seen_in(town, plan.services)
    names = dict.fromkeys((plan.measure, *(g.measure for g in plan.guardrails), "volume", "withdrawal"))
    cells = {name: _cells(seen, measure(name), plan.within) for name in names}
    if plan.use:
        used = Measure("use", "Handled in the new way", "share", "", "share")
        cells["use"] = _summed(seen, used, _used(seen, plan.use, plan.within), plan.within)
    return cells


def seen_in(town: Town, services: tuple[str, ...] = ()) -> Seen:
    """The cases of *services* (all where empty) that are in the log, as it was cut."""
    days = town.days
    chosen = [place for place, service in enumerate(SERVICES) if not services or service.name in services]
    case = np.flatnonzero(town.kept & np.isin(town.service, chosen))
    ends = town.paths.first[case + 1] - 1
    # An ending is the last step of a case, so a case is closed when its last step is an ending and lies within the log.
    closed = (town.times.at[ends] < days.ends) & _ENDS[town.paths.step[ends]]
    cut = _last_event(town)
    until = days.utc(np.where(closed, town.times.at[ends], cut))
    opened = days.utc(town.paths.opened[case])
    first = int(town.paths.opened[town.kept].min()) // DAY
    names = tuple(SERVICES[place].name for place in chosen)
    return Seen(
        town,
        first,
        cut // DAY,
        case,
        town.centre[case].astype(np.int64),
        (town.paths.opened[case] // DAY - first).astype(np.int64),
        ((until - opened) // (DAY * 1_000_000)).astype(np.int64),
        closed,
        names,
        np.searchsorted(chosen, town.service[case]).astype(np.int64),
    )


def _last_event(town: Town) -> int:
    """The second the log knows of last: its last event's."""
    return int(town.times.at[town.kept[town.paths.case_of_step()] & (town.times.at < town.days.ends)].max())


def _cells(seen: Seen, what: Measure, within: int) -> Cells:
    if what.form == "duration":
        return _durations(seen, what, within)
    if what.base == "volume":
        return _summed(seen, what, np.ones(len(seen.case)), 0)
    if what.base == "doors":
        return _summed(seen, what, _doors(seen, within), within)
    if what.base in ("activity", "withdrawal"):
        return _summed(seen, what, _done(seen, what.told or "application.withdrawn", within), within)
    text = mark("The measure %(name)s is not counted here. Import the log and ask it.")
    raise BadInput(text, name=Figure(what.name, "text"))


def _done(seen: Seen, activity: str, within: int) -> Floats:
    case, _ = _soon(seen.town, np.equal(_ACTIVITY, activity), within)
    return (np.bincount(case, minlength=seen.town.paths.cases) > 0)[seen.case].astype(float)


def _used(seen: Seen, use: Use, within: int) -> Floats:
    if use.kind == "activity":
        return _done(seen, use.name, within)
    case, _ = _soon(seen.town, np.equal(_UNIT, use.name), within)
    return (np.bincount(case, minlength=seen.town.paths.cases) > 0)[seen.case].astype(float)


def _doors(seen: Seen, within: int) -> Floats:
    case, unit = _soon(seen.town, np.ones(len(STEPS), bool), within)
    met = np.unique(case * len(UNITS) + unit) // len(UNITS)
    return np.bincount(met, minlength=seen.town.paths.cases)[seen.case].astype(float)


def _soon(town: Town, steps: Flags, within: int) -> tuple[Ints, Ints]:
    """The case and the unit of every one of *steps* taken within so many days, the day of opening being the first, midnight being UTC's."""
    here = np.flatnonzero(steps[town.paths.step] & (town.times.at < town.days.ends))
    case = np.searchsorted(town.paths.first, here, side="right") - 1
    opened = town.paths.opened[case] // DAY + (town.days.day_0 - date(1970, 1, 1)).days
    soon = town.days.utc(town.times.at[here]) < (opened.astype(np.int64) + within) * DAY * 1_000_000
    return case[soon], _PLACE[town.paths.step[here[soon]]]


def _durations(seen: Seen, what: Measure, within: int) -> Cells:
    key = np.stack([seen.unit, seen.day, seen.stratum, seen.age, seen.closed])
    (unit, day, stratum, age, closed), n = np.unique(key, axis=1, return_counts=True)
    return Cells(
        what, CENTRES, *_span(seen), unit, day, n.astype(float), (n * age).astype(float),
        (n * age**2).astype(float), seen.strata, stratum, age, closed.astype(bool), within,
    )  # fmt: skip


def _summed(seen: Seen, what: Measure, value: Floats, within: int) -> Cells:
    """Cells of a figure of each case; of cases opened too late to be final none."""
    final = seen.day <= seen.until - seen.first - within
    strata = ("",) if what.form == "count" else seen.strata
    stratum = np.zeros(len(seen.case), np.int64) if what.form == "count" else seen.stratum
    key = np.stack([seen.unit, seen.day, stratum])[:, final]
    (unit, day, kind), place, n = np.unique(key, axis=1, return_inverse=True, return_counts=True)
    value = value[final]
    total, squares = (np.bincount(place.ravel(), each, len(n)).astype(float) for each in (value, value**2))
    return Cells(
        what, CENTRES, *_span(seen), unit, day, n.astype(float), total, squares, strata,
        None if what.form == "count" else kind, within=within,
    )  # fmt: skip


def _span(seen: Seen) -> tuple[date, date]:
    return seen.town.days.date(seen.first), seen.town.days.date(seen.until)
