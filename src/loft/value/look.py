"""The verdict of a change on a day, from its locked plan and the cells known then."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from loft import __version__
from loft.value import checks
from loft.value.alone import Alone, alone
from loft.value.cells import Cells
from loft.value.guarding import cells_named, guarded
from loft.value.history import spread
from loft.value.levels import BLOCK, Levels, Setup
from loft.value.looking import Looked, aligned, look, places, planned_of, scaled, scaled_mde, setup_of
from loft.value.obstacles import obstacles
from loft.value.path import half_width
from loft.value.picture import groups_of, months_of, size_of
from loft.value.plan import Plan
from loft.value.policy import Policy, policy
from loft.value.rule import Found, Numbers, Obstacle, rule, security
from loft.value.saying import answer
from loft.value.tally import hash_of
from loft.value.verdicts import Check, Size, Verdict


def verdict(
    plan: Plan,
    cells: Mapping[str, Cells],
    today: date,
    *,
    others: Sequence[str] = (),
    breaks: Sequence[str] = (),
) -> Verdict:
    """The verdict of *plan* on *today*.

    *cells* holds the cells of the plan's measure and guardrails by their names, of ``volume``, and under ``use`` whether a case was
    handled in the new way. Only what was known on *today* is used. *others* names other registered changes in the same units and window,
    *breaks* units whose definition changed or that were merged. Raises ``BadInput`` for cells that are missing or do not fit.
    """
    rules = policy(plan.policy)
    primary = cells_named(cells, plan.measure)
    looked = look(plan, primary, today, rules)
    use = cells.get("use")
    single = _alone(plan, looked, rules)
    size = None if looked is None else _size(plan, looked, primary)
    known = size is not None
    stops = _obstacles(plan, primary, looked, use, others, breaks, today, rules)
    made = _checks(plan, cells, looked, use, rules) if looked is not None and (known or single is not None) else ()
    kept = tuple(guarded(plan, guardrail, cells, today, rules) for guardrail in plan.guardrails)
    numbers = _numbers(plan, looked, rules) if known and looked is not None else Numbers(False)
    if single is not None:
        numbers = _numbers_of_one(plan, single)
    unusual = None if single is None else single.p <= rules["alpha"] and single.quiet
    if plan.design == "one unit":
        unusual = bool(unusual)
    found = Found(_locked(plan), today, numbers, stops, made, kept, unusual)
    ruling = rule(plan, found, rules)
    if single is not None:
        size = size_of(plan, primary, single.estimate, single.width)
    withstands = _withstands(looked) if known and looked is not None else None
    units = places(plan, primary)
    return Verdict(
        word=ruling.word,
        on=today,
        answer=answer(primary.measure, ruling, size, treated=len(units[0]), comparison=len(units[2])),
        size=size,
        security=security(plan, found, treated=len(units[0]), comparison=len(units[2]), withstands=withstands),
        reasons=ruling.reasons,
        knowable=ruling.knowable,
        next_look=ruling.next_look,
        checks=made,
        guardrails=kept,
        path=months_of(looked, primary) if looked is not None else (),
        groups=groups_of(plan, looked, primary, rules) if known and looked is not None else (),
        treated=len(units[0]),
        comparison=len(units[2]),
        withstands=withstands,
        plan_hash=plan.hash,
        cells_hash=hash_of_all(cells),
        policy=rules.id,
        code=__version__,
    )


def _locked(plan: Plan) -> bool:
    return bool(plan.locked_at) and date.fromisoformat(plan.locked_at[:10]) <= plan.first_start


def _obstacles(
    plan: Plan,
    cells: Cells,
    looked: Looked | None,
    use: Cells | None,
    others: Sequence[str],
    breaks: Sequence[str],
    today: date,
    rules: Policy,
) -> tuple[Obstacle, ...]:
    setup = setup_of(plan, cells, rules)
    missing = exposed = None
    mde = scaled_mde(plan)
    if looked is not None:
        measured = looked.measured
        block = max(BLOCK, cells.step)
        named = len(plan.treated) + len(plan.comparison)
        missing = checks.missing_share(measured.sums, measured.setup, measured.day, block, named=named)
        if use is not None:
            exposed = checks.exposed_share(use, aligned(measured.setup, cells, use), (today - use.first).days)
        by_history = planned_of(plan, measured, rules)[1]
        # A claim in the plan that the years before contradict by more than a quarter is not believed.
        if mde is None or by_history > 1.25 * mde:
            mde = by_history
    history = 0 if setup is None else int(setup.starts.min()) - setup.history
    return obstacles(
        plan, rules, smallest=scaled(plan, plan.smallest), mde=mde, missing=missing, exposed=exposed, others=others, breaks=breaks,
        history=history, treated=0 if setup is None else len(setup.treated),
        comparison=0 if setup is None else len(setup.comparison),
        constant=looked is not None and _constant(looked),
    )  # fmt: skip


def _constant(looked: Looked) -> bool:
    """Whether every unit has the same figure, so that there is nothing to compare."""
    levels_ = np.concatenate([looked.found.base_t.ravel(), looked.found.post_t[:, -1].ravel()])
    levels_ = levels_[np.isfinite(levels_)]
    return len(levels_) > 1 and bool(np.ptp(levels_) <= 1e-12 * max(np.abs(levels_).max(), 1e-12))


def _checks(
    plan: Plan, cells: Mapping[str, Cells], looked: Looked, use: Cells | None, rules: Policy
) -> tuple[Check, ...]:
    """All checks; of one unit alone, whose estimate has no error from units, those that need none."""
    setup, primary = looked.measured.setup, cells[plan.measure]
    made = [checks.in_use(use, *_moved(looked, primary, use), rules)]
    for name in ("volume", *checks.OTHERS):
        if name == primary.measure.base:  # what the change is to move cannot be asked to stay
            continue
        found = next((c for key, c in cells.items() if key.partition(":")[0] == name), None)
        made.append(checks.other_measure(name, found, *_moved(looked, primary, found), rules))
    if plan.design == "one unit":
        return tuple(made)
    place = {name: i for i, name in enumerate(primary.units)}
    near = np.array([place[u] for u in plan.near if u in place], np.int64)
    estimate, se = float(looked.estimates.estimate[-1]), float(looked.estimates.se[-1])
    se_plan, rng = float(looked.aim.se_plan), np.random.default_rng(int(plan.hash[:8], 16))
    dates = checks.quiet_dates(looked.measured.sums, setup, se_plan=se_plan, policy=rules)
    halves = checks.quiet_halves(_last(looked.found), setup, se_plan=se_plan, rng=rng, policy=rules)
    made += [
        check
        for check in (
            checks.mix(primary, looked.measured, looked.estimates, rules),
            checks.near(looked.measured, near, estimate, se),
            checks.quiet("placebo dates", dates, rules),
            checks.quiet("placebo units", halves, rules),
        )
        if check is not None
    ]
    return tuple(made)


def _moved(looked: Looked, primary: Cells, other: Cells | None) -> tuple[Setup, int]:
    """Who is compared, and the day of the look, as *other* cells count units and days."""
    setup, day = looked.measured.setup, looked.measured.day
    if other is None:
        return setup, day
    return aligned(setup, primary, other), day + (primary.first - other.first).days


def _last(found: Levels) -> Levels:
    """The levels at the last look alone."""
    return replace(
        found,
        post_t=found.post_t[..., -1:],
        post_c=found.post_c[..., -1:],
        entered=found.entered[..., -1:],
        post_centre=found.post_centre[..., -1:],
    )


def _numbers(plan: Plan, looked: Looked, rules: Policy) -> Numbers:
    c, e, aim = looked.conditions, looked.estimates, looked.aim
    good = aim.sign * float(e.estimate[-1])
    margin = good - float(c.high[-1] - e.estimate[-1])
    other_margin = aim.sign * float(e.other[-1]) - float(c.other_high[-1] - e.other[-1])
    drift, other_drift = (rules["drift"] * float(d[-1]) for d in (e.drift, e.other_drift))
    return Numbers(
        known=True,
        harm=bool(c.harm[-1]),
        clear=bool(c.clear[-1]),
        held=bool(c.held[-1]),
        outside=margin > 0,
        large=good >= aim.smallest,
        inside=bool(c.inside[-1]),
        drifted=not (margin > drift and other_margin > other_drift),
        drift_known=bool(np.isfinite(drift)),
        expected=_expected(plan, looked, rules),
    )


def _alone(plan: Plan, looked: Looked | None, rules: Policy) -> Alone | None:
    """What one unit held against a synthetic one shows; None for other designs, and where nothing can be told yet."""
    if plan.design != "one unit" or looked is None:
        return None
    setup = looked.measured.setup
    if len(setup.treated) != 1 or len(setup.comparison) < rules["donors"]:
        return None
    rng = np.random.default_rng(int(plan.hash[:8], 16))
    return alone(looked.measured, rules, se_plan=plan.se_plan, rng=rng)


def _numbers_of_one(plan: Plan, single: Alone) -> Numbers:
    good = (1 if plan.better == "higher" else -1) * single.estimate
    limit = scaled(plan, plan.smallest)
    outside = good - single.width > 0
    return Numbers(
        known=True,
        harm=good + single.width < 0,
        clear=outside and good >= limit,
        held=outside and good >= limit,
        outside=outside,
        large=good >= limit,
        inside=good + single.width < limit and good - single.width > -limit,
    )


def _expected(plan: Plan, looked: Looked, rules: Policy) -> date | None:
    """When the sequence would leave 0 after the allowance if the estimate stays as it is.

    The error is taken to shrink as it did in the years before."""
    measured, e, aim = looked.measured, looked.estimates, looked.aim
    setup = measured.setup
    good, se, df = aim.sign * float(e.estimate[-1]), float(e.se[-1]), float(e.df[-1])
    drift = float(e.drift[-1])
    units = np.concatenate([setup.treated, setup.comparison])
    passed = measured.day - int(setup.starts.min())

    def spread_at(days: int) -> float:
        return float(
            spread(
                measured.sums,
                units,
                before=int(setup.starts.min()),
                span=days,
                baseline=setup.baseline,
                history=setup.history,
            )
        )

    now = spread_at(max(passed, BLOCK))
    if not np.isfinite(now) or now <= 0 or not np.isfinite(drift):
        return None
    for more in range(0, 3 * 365, BLOCK):
        later = spread_at(passed + more)
        if not np.isfinite(later):
            return None
        error = se * min(later / now, 1.0)
        width = half_width(np.array([error]), np.array([df]), se_plan=aim.se_plan, alpha=rules["alpha"])[0]
        if good - width - drift > 0 and good >= aim.smallest:
            day = plan.first_start + timedelta(days=passed + more)
            return day if day <= plan.last else None
    return None


def _size(plan: Plan, looked: Looked, cells: Cells) -> Size | None:
    estimate = float(looked.estimates.estimate[-1])
    return size_of(plan, cells, estimate, float(looked.conditions.high[-1]) - estimate)


def _withstands(looked: Looked) -> float | None:
    """The M̄ that the finding withstands; None where 0 is inside without any allowance."""
    value = float(looked.conditions.withstands[-1])
    return value if np.isfinite(value) and value > 0 else None


def hash_of_all(cells: Mapping[str, Cells]) -> str:
    """SHA-256 of all *cells* by name, 64 hexadecimal digits."""
    told = "".join(f"{name}:{hash_of(cells[name])}\n" for name in sorted(cells))
    return hashlib.sha256(told.encode()).hexdigest()
