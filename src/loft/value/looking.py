"""A look at one measure: who is compared with whom, what the numbers are held against, and the estimates up to a day."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from loft.language import mark
from loft.value.cells import Cells, Ints
from loft.value.checks import Measured
from loft.value.conditions import Aim, Conditions, conditions
from loft.value.errors import BadInput
from loft.value.history import planned
from loft.value.levels import Levels, Setup, levels, sums_of
from loft.value.path import Estimates, estimates
from loft.value.plan import Plan
from loft.value.policy import Policy

EVERY = 10
"""Days between the looks of the path, counted back from today."""


@dataclass(frozen=True)
class Looked:
    """What a look at the primary measure gave: ``found`` has the levels at the ``looks``, the last of which is today."""

    measured: Measured
    looks: Ints
    found: Levels
    estimates: Estimates
    conditions: Conditions
    aim: Aim


def look(plan: Plan, cells: Cells, today: date, rules: Policy, *, every: int = EVERY) -> Looked | None:
    """The estimates of the plan's measure at looks *every* so many days up to *today*; None before the first start, and where there is
    nobody to compare with."""
    setup = setup_of(plan, cells, rules)
    if setup is None or not len(setup.comparison):
        return None
    looks = looks_of(cells, (min(today, cells.until) - cells.first).days, int(setup.starts.min()), every)
    if not len(looks):
        return None
    day = int(looks[-1])
    sums, durations = sums_of(cells, logs=plan.relative, today=day, since=int(setup.starts.min()))
    measured = Measured(sums, durations, setup, day)
    found = levels(sums, setup, looks, durations)
    gained = estimates(found, setup)
    aim = aim_of(plan, measured, rules)
    return Looked(measured, looks, found, gained, conditions(gained, aim, looks, int(setup.starts.min()), rules), aim)


def looks_of(cells: Cells, day: int, start: int, every: int) -> Ints:
    """The days of the looks after *start*, rising: *every* so many days, counted back from *day*. Of a panel the last day of each period
    that is over by *day*, for the figure of a period is not known before."""
    if cells.step == 1:
        return np.arange(day, start, -every)[::-1]
    begins = np.unique(cells.day)
    ends = np.append(begins[1:], (cells.until - cells.first).days + 1) - 1
    return ends[(ends > start) & (ends <= day)]


def places(plan: Plan, cells: Cells) -> tuple[Ints, Ints, Ints]:
    """Treated units, their starts and the comparison, as places in the cells; units that the log does not have are left out."""
    place = {name: i for i, name in enumerate(cells.units)}
    treated = [(place[unit], (start - cells.first).days) for unit, start in plan.treated if unit in place]
    comparison = [place[unit] for unit in plan.comparison if unit in place]
    return (
        np.array([t for t, _ in treated], np.int64),
        np.array([s for _, s in treated], np.int64),
        np.array(comparison, np.int64),
    )


def setup_of(plan: Plan, cells: Cells, rules: Policy) -> Setup | None:
    """Who is compared with whom, as places in *cells*; None where no treated unit has cases before and after."""
    treated, starts, comparison = places(plan, cells)
    if not len(treated):
        return None
    first = int(starts.min())
    decided = first
    if plan.locked_at:
        decided = min(first, (date.fromisoformat(plan.locked_at[:10]) - cells.first).days)
    seen = int(cells.day.min()) if len(cells.day) else 0
    duration = cells.measure.form == "duration"
    # A panel's figure stands on the first day of its period, and years with a leap day are longer.
    leap = 0 if cells.step == 1 else 1 + plan.baseline_days // 1461
    return Setup(
        treated=treated,
        starts=starts,
        comparison=comparison,
        baseline=plan.baseline_days + leap,
        other_end=decided - int(rules["gap_days"]),
        history=max(seen, first - int(rules["history_days"]) - leap),
        enter=max(int(rules["enter_days"]), cells.step),
        lag=0 if duration else cells.within,
        begin_gap=cells.within if duration else 0,
        step=cells.step,
    )


def scaled(plan: Plan, size: float) -> float:
    """A size given as the plan gives it, on the scale of the levels; always above 0."""
    return on_levels(size, better=plan.better, relative=plan.relative)


def on_levels(size: float, *, better: str, relative: bool) -> float:
    """A size given as a share where *relative*, else in the measure's unit, on the scale of the levels; always above 0."""
    if not relative:
        return size
    return float(-np.log1p(-min(size, 0.99)) if better == "lower" else np.log1p(size))


def off_levels(size: float, *, better: str, relative: bool) -> float:
    """A size on the scale of the levels, as a share or in the measure's unit: what ``on_levels`` was given."""
    if not relative:
        return size
    return float(-np.expm1(-size) if better == "lower" else np.expm1(size))


def aim_of(plan: Plan, measured: Measured, rules: Policy) -> Aim:
    """What the numbers are held against; a plan without a planned error gets the one that its history gives."""
    if plan.better not in ("lower", "higher"):
        raise BadInput(mark("A plan must say whether lower or higher is better."))
    if not plan.smallest > 0:
        raise BadInput(mark("The smallest effect worth having must be above 0."))
    se_plan = plan.se_plan or float(planned_of(plan, measured, rules)[0])
    return Aim(1 if plan.better == "higher" else -1, scaled(plan, plan.smallest), np.asarray(se_plan))


def planned_of(plan: Plan, measured: Measured, rules: Policy) -> tuple[float, float]:
    """The planned standard error at half horizon and the detectable effect at the horizon, from the years before; NaN where unknown."""
    setup = measured.setup
    found = planned(
        measured.sums,
        np.concatenate([setup.treated, setup.comparison]),
        treated=len(setup.treated),
        comparison=max(len(setup.comparison), 1),
        before=int(setup.starts.min()),
        horizon=max(plan.horizon, 60),
        baseline=setup.baseline,
        history=setup.history,
        alpha=rules["alpha"],
    )
    se, mde = float(found.se_plan), float(found.mde)
    return (se if np.isfinite(se) and se > 0 else 1e-6), mde


def scaled_mde(plan: Plan) -> float | None:
    """The plan's detectable effect on the scale of the levels; None where it has none."""
    return scaled(plan, plan.mde) if plan.mde else None


def aligned(setup: Setup, cells: Cells, other: Cells) -> Setup:
    """*setup*, which counts units and days as *cells* do, for *other* cells."""
    place = {name: i for i, name in enumerate(other.units)}
    shift = (cells.first - other.first).days
    kept = np.array([cells.units[i] in place for i in setup.treated], bool)

    def moved(units: Ints) -> Ints:
        return np.array([place[cells.units[i]] for i in units if cells.units[i] in place], np.int64)

    return replace(
        setup, treated=moved(setup.treated), starts=setup.starts[kept] + shift, comparison=moved(setup.comparison),
        other_end=setup.other_end + shift, history=max(setup.history + shift, 0),
    )  # fmt: skip
