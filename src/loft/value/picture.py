"""What a verdict shows beside the answer: the measured path against the expected one, and the effect in groups."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from loft.language import mark
from loft.log import MINIMUM
from loft.value.cells import Cells, Floats, Ints
from loft.value.levels import Durations, Setup, Sums, sums_of
from loft.value.path import half_width, path
from loft.value.plan import Plan
from loft.value.policy import Policy
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Group, Look, Size

if TYPE_CHECKING:
    from loft.value.looking import Looked

MONTHS_BEFORE = 24
MOST_KINDS = 12
WIDEST = 20.0
"""On the scale of logarithms: a range from one to several hundred million says nothing."""
FEWEST = 30
"""Cases of a group's treated units after the start, below which its effect is not told."""


def months_of(looked: "Looked", cells: Cells) -> tuple[Look, ...]:
    """By month, up to two years before the start and until today: the treated units' level, and what the comparison says it would have been
    without the change: the treated units' baseline moved as the comparison moved. The bounds are as wide as the sequence was then;
    a share has none below 0 or above 1."""
    measured = looked.measured
    sums, setup = measured.sums, measured.setup
    start = int(setup.starts.min())
    edges = _month_edges(cells.first, max(start - 31 * MONTHS_BEFORE, setup.history), min(measured.day + 1, sums.known))
    treated = _monthly(sums, setup.treated, edges)
    comparison = _monthly(sums, setup.comparison, edges)
    base_t = _known_mean(looked.found.base_t)
    base_c = _known_mean(looked.found.base_c)
    told = []
    for i, (begins, ends) in enumerate(edges):
        expected = base_t + comparison[i] - base_c
        place = int(np.searchsorted(looked.looks, ends - 1, side="right")) - 1
        width = np.nan
        if begins >= start and place >= 0:
            width = float(looked.conditions.high[place] - looked.estimates.estimate[place])
            width = np.nan if sums.logs and width > WIDEST else width
        values = [treated[i], expected, expected - width, expected + width]
        if sums.logs:
            values = [float(np.exp(v)) for v in values]
        if cells.measure.kind == "share":
            values = [float(np.clip(v, 0, 1)) for v in values]
        plain = [float(v) if np.isfinite(v) else None for v in values]
        told.append(Look(cells.first + timedelta(days=int(begins)), *plain))
    return tuple(told)


def _month_edges(first: date, begins: int, ends: int) -> list[tuple[int, int]]:
    """First and last-plus-one day of each whole calendar month inside, counted from *first*."""
    day = first + timedelta(days=begins)
    month = date(day.year + day.month // 12, day.month % 12 + 1, 1) if day.day > 1 else day
    edges: list[tuple[int, int]] = []
    while True:
        later = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        span = ((month - first).days, (later - first).days)
        if span[1] > ends:
            return edges
        edges.append(span)
        month = later


def _monthly(sums: Sums, units: Ints, edges: list[tuple[int, int]]) -> Floats:
    """The mean of the units' levels in each span; NaN where they rest on fewer than ``MINIMUM`` cases together, which the gate would hold
    back too."""
    if not edges:
        return np.zeros(0)
    spans = np.array(edges)
    level = sums.level(units[:, None], spans[:, 0], spans[:, 1])
    cases = (sums.n[units[:, None], spans[:, 1]] - sums.n[units[:, None], spans[:, 0]]).sum(0)
    known = np.isfinite(level) & (cases >= MINIMUM)
    count = known.sum(0)
    return np.divide(np.where(known, level, 0.0).sum(0), count, out=np.full(len(edges), np.nan), where=count > 0)


def _known_mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def groups_of(plan: Plan, looked: "Looked", cells: Cells, rules: Policy) -> tuple[Group, ...]:
    """The effect in the quarter of the treated units that was worst served before, in the others, and in each kind of case where there are
    several. Groups with fewer than ``FEWEST`` cases are named without a figure.

    The worst served are held against the worst served of the comparison: units that are chosen for a bad year become better by themselves.
    """
    measured = looked.measured
    setup = measured.setup
    told = []
    ours, theirs = (_quarters(base, plan.better) for base in (looked.found.base_t, looked.found.base_c[0]))
    if ours and theirs:
        labels = (mark("The quarter of the units that was worst served before"), mark("The other units"))
        for text, chosen, beside in zip(labels, ours, theirs, strict=True):
            label = say(text)
            part = replace(
                setup,
                treated=setup.treated[chosen],
                starts=setup.starts[chosen],
                comparison=setup.comparison[beside],
            )
            told.append(_group(label, plan, looked, measured.sums, measured.durations, part, cells, rules))
    if cells.stratum is not None and 1 < len(cells.strata) <= MOST_KINDS:
        sums, durations = sums_of(
            apart(cells), logs=measured.sums.logs, today=measured.day, since=int(setup.starts.min())
        )
        for number, name in enumerate(cells.strata):
            first = number * len(cells.units)
            own = replace(setup, treated=setup.treated + first, comparison=setup.comparison + first)
            label = say(mark("Of the kind %(kind)s"), kind=Figure(name, "text"))
            told.append(_group(label, plan, looked, sums, durations, own, cells, rules))
    return tuple(told)


def _quarters(base: Floats, better: str) -> tuple[Ints, Ints] | None:
    """The places of the worst quarter of the levels, two at least, and of the others; None where there are too few."""
    worst_first = np.argsort(base if better == "higher" else -base)
    quarter = max(len(base) // 4, 2)
    return (np.sort(worst_first[:quarter]), np.sort(worst_first[quarter:])) if len(base) >= 2 * quarter else None


def apart(cells: Cells) -> Cells:
    """The same cells where the cases of each kind are a unit of their own: of the kind k, unit i is number k·U + i."""
    if cells.stratum is None:
        return cells
    units = tuple(f"{unit}, {kind}" for kind in cells.strata for unit in cells.units)
    return replace(cells, units=units, unit=cells.stratum * len(cells.units) + cells.unit)


def _group(
    label: Sentence,
    plan: Plan,
    looked: "Looked",
    sums: Sums,
    durations: Durations | None,
    setup: Setup,
    cells: Cells,
    rules: Policy,
) -> Group:
    """The effect on the last day, in the cases of *sums* and the units of *setup*."""
    day = looked.measured.day
    cases = int((sums.n[setup.treated, -1] - sums.n[setup.treated, np.minimum(setup.starts, day + 1)]).sum())
    if cases < FEWEST:
        return Group(label, cases, None)
    found = path(sums, setup, np.array([day]), durations)
    width = half_width(found.se, found.df, se_plan=looked.aim.se_plan, alpha=rules["alpha"])
    if not np.isfinite(found.estimate[0]) or not np.isfinite(width[0]):
        return Group(label, cases, None)
    return Group(label, cases, size_of(plan, cells, float(found.estimate[0]), float(width[0])))


def size_of(plan: Plan, cells: Cells, estimate: float, width: float) -> Size | None:
    """An estimate on the scale of the levels, and half the width of its range, as a size; None where it is too wide to mean a thing."""
    told = (estimate, estimate - width, estimate + width)
    if not np.all(np.isfinite(told)) or (plan.relative and max(map(abs, told)) > WIDEST):
        return None
    if plan.relative:
        told = tuple(float(np.expm1(v)) for v in told)  # type: ignore[assignment]
    return Size(*told, relative=plan.relative, kind=cells.measure.kind)
