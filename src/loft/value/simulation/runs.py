"""A world lived many times and looked at every day: how often the rule is wrong, and how often it finds what is there."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from loft.value import checks
from loft.value.casemix import mix_changes, mix_effects
from loft.value.cells import Flags, Floats, Ints
from loft.value.conditions import Aim, Conditions, conditions
from loft.value.history import planned
from loft.value.levels import Levels, Setup, Sums, levels
from loft.value.path import Estimates, estimates
from loft.value.policy import Policy, Threshold, policy
from loft.value.simulation.worlds import YEAR, Lived, World, live

CHUNK = 50
FIRST_LOOK = 30
_SHARED = (date(2026, 11, 1), "the error shared among guardrails")


@dataclass(frozen=True)
class Tally:
    """Shares of runs, over all looks together. ``value`` and ``harm``: shown at some look, by the whole rule; ``value_alone``: by
    the numbers without the limit on the detectable effect and for any size of effect, the harder case. ``knowable``: the detectable
    effect was small enough. ``either``: the sequence left the truth on either side at some look, one less uniform coverage.
    ``peeking``: a plain t test of cases looked at daily, and ``before_after``: the treated units' own change with a 95 % interval,
    looked at daily: what the rule guards against."""

    name: str
    runs: int
    value: float
    value_alone: float
    harm: float
    knowable: float
    either: float
    peeking: float
    before_after: float


def simulate(world: World, *, runs: int, seed: int, processes: int = 1, smallest: float = 0.05) -> Tally:
    """The tally of *runs* lives; the same *seed* gives the same lives, whatever the number of *processes*."""
    chunks = [(world, min(CHUNK, runs - at), seed, at, smallest) for at in range(0, runs, CHUNK)]
    return _summed(world.name, list(_lived(chunks, processes)))


def _lived(chunks: list[tuple[World, int, int, int, float]], processes: int) -> Iterator[dict[str, float]]:
    if processes < 2:
        yield from map(_chunk, chunks)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_chunk, chunks)


def _summed(name: str, parts: list[dict[str, float]]) -> Tally:
    runs = sum(int(part["runs"]) for part in parts)
    shares = [f.name for f in fields(Tally) if f.name not in ("name", "runs")]
    return Tally(name, runs, **{share: sum(part[share] for part in parts) / runs for share in shares})


def _chunk(asked: tuple[World, int, int, int, float]) -> dict[str, float]:
    world, runs, seed, at, smallest = asked
    rng = np.random.default_rng([seed, at, sum(world.name.encode())])
    rules = policy()
    lived = live(world, runs, rng)
    setup = setup_of(world, rules)
    looks = looks_of(world)
    sums = summed(lived.n, lived.total)
    plan = planned(
        sums, np.arange(world.units), treated=world.treated, comparison=world.comparison, before=world.before,
        horizon=world.days, baseline=setup.baseline, history=setup.history, alpha=rules["alpha"],
    )  # fmt: skip
    found = levels(sums, setup, looks)
    gained = estimates(found, setup)
    limit = -np.log1p(-smallest)
    told = conditions(gained, Aim(-1, limit, plan.se_plan), looks, world.before, rules)
    alone = conditions(gained, Aim(-1, 1e-9, plan.se_plan), looks, world.before, rules)
    harm = told.harm.any(-1)
    for _ in range(world.guardrails):
        harm |= _guardrail_harmed(world, runs, setup, looks, plan.se_plan, rules, rng)
    knowable = plan.mde <= rules["mde_times"] * limit
    quiet = _quiet(world, told, sums, setup, found, gained, plan.se_plan, lived, rules, rng)
    truth = np.log1p(world.effect) * (1 - world.spill)
    outside = (told.low > truth) | (told.high < truth)
    return {
        "runs": runs,
        "value": float((told.held.any(-1) & quiet & knowable).sum()),
        "value_alone": float(alone.held.any(-1).sum()),
        "harm": float(harm.sum()),
        "knowable": float(knowable.sum()),
        "either": float(outside.any(-1).sum()),
        "peeking": float(_peeking(world, lived, looks, gained).sum()),
        "before_after": float(_before_after(world, lived, looks, found).sum()),
    }


def looks_of(world: World) -> Ints:
    """The days of the looks: every one from the 30th, or the last of each year."""
    if world.yearly:
        return world.before + np.arange(YEAR, world.days + 1, YEAR) - 1
    return np.arange(world.before + FIRST_LOOK, world.before + world.days + 1)


def _guardrail_harmed(
    world: World, runs: int, setup: Setup, looks: Ints, se_plan: Floats, rules: Policy, rng: np.random.Generator
) -> Flags:
    """In which runs a further measure, which nothing happened to, is found to be harmed at its share of the error."""
    lived = live(world, runs, rng)
    share = Threshold(rules["alpha"] / world.guardrails, *_SHARED)
    stricter = replace(rules, thresholds={**rules.thresholds, "alpha": share})
    gained = estimates(levels(summed(lived.n, lived.total), setup, looks), setup)
    return np.asarray(conditions(gained, Aim(-1, 1e-9, se_plan), looks, world.before, stricter).harm.any(-1))


def setup_of(world: World, rules: Policy) -> Setup:
    """Who is compared with whom in a *world*; the change is decided on the day it starts."""
    return Setup(
        treated=np.arange(world.treated),
        starts=world.starts,
        comparison=np.arange(world.treated, world.units),
        baseline=3 * YEAR if world.yearly else int(rules["baseline_days"]),
        other_end=world.before - int(rules["gap_days"]),
        history=0 if world.yearly else max(world.before - int(rules["history_days"]), 0),
        enter=int(rules["enter_days"]),
        step=YEAR if world.yearly else 1,
    )


def summed(n: Floats, total: Floats) -> Sums:
    """Running sums of cases and totals (runs, units, days)."""
    nothing = np.zeros((*n.shape[:-1], 1))
    n, total = (np.concatenate([nothing, values.cumsum(-1)], axis=-1) for values in (n, total))
    return Sums(n, total, rate=False, logs=False, known=n.shape[-1] - 1)


def _quiet(
    world: World,
    told: Conditions,
    sums: Sums,
    setup: Setup,
    found: Levels,
    gained: Estimates,
    se_plan: Floats,
    lived: Lived,
    rules: Policy,
    rng: np.random.Generator,
) -> Flags:
    """In which runs the rule's checks pass at the first look where the numbers hold, or at the last."""
    passed = np.zeros(len(told.held), bool)
    for run in map(int, np.flatnonzero(told.held.any(-1))):
        own = Sums(sums.n[run], sums.total[run], sums.rate, sums.logs, sums.known)
        dates = checks.quiet_dates(own, setup, se_plan=float(se_plan[run]), policy=rules)
        if dates[0] < rules["quiet"] * dates[1]:
            continue
        places = {int(told.held[run].argmax()), told.held.shape[-1] - 1}
        passed[run] = any(
            told.held[run, place] and _passes(world, setup, found, gained, se_plan, lived, run, place, rules, rng)
            for place in places
        )
    return passed


def _passes(
    world: World, setup: Setup, found: Levels, gained: Estimates, se_plan: Floats, lived: Lived, run: int, place: int,
    rules: Policy, rng: np.random.Generator,
) -> bool:  # fmt: skip
    halves = checks.quiet_halves(_one(found, run, place), setup, se_plan=float(se_plan[run]), rng=rng, policy=rules)
    if halves[0] < rules["quiet"] * halves[1]:
        return False
    if lived.slow_n is None or lived.slow_total is None:
        return True
    n, total = (
        _by_kind(world, whole[run], slow[run], FIRST_LOOK + place)
        for whole, slow in ((lived.n, lived.slow_n), (lived.total, lived.slow_total))
    )
    treated = np.arange(world.units) < world.treated
    changes = mix_changes(n, total, pool=treated.astype(np.int64))
    told = mix_effects(changes, treated)
    moved = abs(float(told.reweighted[0] - told.plain[0]))
    effect, se = float(gained.estimate[run, place]), float(gained.se[run, place])
    return checks.mix_passes(float(told.predicted[0]), moved, effect=effect, se=se, policy=rules)


def _by_kind(world: World, whole: Floats, slow: Floats, days: int) -> Floats:
    """What stands in *whole* and of it in *slow* (units, days), by unit, window (baseline, after) and kind (slow, quick)."""
    start = world.before
    windows = (slice(start - YEAR, start), slice(start, start + days + 1))
    return np.stack([np.stack([slow[:, w].sum(-1), (whole - slow)[:, w].sum(-1)], -1) for w in windows], axis=1)


def _one(found: Levels, run: int, place: int) -> Levels:
    """The levels of one run at one look."""
    return Levels(
        post_t=found.post_t[run][..., place : place + 1],
        post_c=found.post_c[run][..., place : place + 1],
        base_t=found.base_t[run], base_c=found.base_c[run], other_t=found.other_t[run], other_c=found.other_c[run],
        slope_t=found.slope_t[run], slope_c=found.slope_c[run],
        entered=found.entered[..., place : place + 1], centre=found.centre, other_centre=found.other_centre,
        post_centre=found.post_centre[..., place : place + 1],
    )  # fmt: skip


def _peeking(world: World, lived: Lived, looks: Ints, gained: Estimates) -> Flags:
    """Whether a t test of cases, as if each were independent, ever finds that it got better."""
    ours = np.arange(world.units) < world.treated
    parts = [
        1 / _cases(lived, units, begins, ends) for units in (ours, ~ours) for begins, ends in _windows(world, looks)
    ]
    return np.asarray((gained.estimate < -1.96 * world.sigma * np.sqrt(sum(parts))).any(-1))


def _before_after(world: World, lived: Lived, looks: Ints, found: Levels) -> Flags:
    """Whether the treated units' own change, tested as if every case were independent, ever looks better."""
    ours = np.arange(world.units) < world.treated
    parts = [1 / _cases(lived, ours, begins, ends) for begins, ends in _windows(world, looks)]
    change = (found.post_t - found.base_t[..., None]).mean(-2)
    return np.asarray((change < -1.96 * world.sigma * np.sqrt(sum(parts))).any(-1))


def _windows(world: World, looks: Ints) -> tuple[tuple[int, Ints], tuple[int, Ints]]:
    """First and last day of the time after the start, at each look, and of the baseline."""
    start = world.before
    return (start, looks), (start - 365, np.full(len(looks), start - 1))


def _cases(lived: Lived, units: Flags, begins: int, ends: Ints) -> Floats:
    """Cases of *units* from a day to each of *ends* (runs, L)."""
    counted = lived.n[:, units].sum(1).cumsum(-1)
    return counted[:, ends] - counted[:, begins - 1][:, None]
