"""What must hold besides the numbers before value is shown: is it in use, did other people come, is it quiet where nothing was changed.

Each check gives a ``Check`` with what was found. Nothing here decides; the rule does.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from loft.language import mark
from loft.value.casemix import by_kind, mix_changes
from loft.value.cells import Cells, Ints
from loft.value.errors import CannotBeKnown
from loft.value.levels import BLOCK, Durations, Levels, Setup, Sums, sums_of
from loft.value.path import Estimates, differences, half_width, path
from loft.value.policy import Policy
from loft.value.sentence import Figure, say
from loft.value.verdicts import Check

OTHERS = ("withdrawal", "refusal", "reopening")
"""Shares that must not rise: a wait can be made short by sending people away."""
_OTHER_LABELS = {"withdrawal": mark("Withdrawals"), "refusal": mark("Refusals"), "reopening": mark("Re-openings")}


@dataclass(frozen=True)
class Measured:
    """A measure ready to be compared: its sums, its durations where it has any, who is compared, and the day of the look."""

    sums: Sums
    durations: Durations | None
    setup: Setup
    day: int

    def at(self, setup: Setup) -> Estimates:
        """The estimate on the day for another *setup*."""
        return path(self.sums, setup, np.array([self.day]), self.durations)


def in_use(use: Cells | None, setup: Setup, day: int, policy: Policy) -> Check:
    """Whether enough of the eligible cases are handled in the new way, from the log."""
    if use is None:
        return Check(
            "in use",
            None,
            say(mark("The plan does not say how the log shows that a case was handled in the new way.")),
        )
    share = share_of(use, setup.treated, setup.starts, day)
    if share is None:
        return Check("in use", None, say(mark("No eligible case has come since the start.")))
    says = say(
        mark("%(share)s of the eligible cases are handled in the new way; at least %(least)s are needed."),
        share=Figure(share, "percent"),
        least=Figure(policy["in_use"], "percent"),
    )
    return Check("in use", share >= policy["in_use"], says)


def share_of(use: Cells, units: Ints, starts: Ints, day: int) -> float | None:
    """The share of cases of *units*, opened from their *starts* to *day* and final by then, that met the change; None where there are
    none."""
    begins = np.full(len(use.units), np.iinfo(np.int64).max)
    begins[units] = starts
    inside = (use.day >= begins[use.unit]) & (use.day <= day - use.within)
    n = float(use.n[inside].sum())
    return float(use.total[inside].sum()) / n if n else None


def other_measure(name: str, cells: Cells | None, setup: Setup, day: int, policy: Policy) -> Check:
    """Whether ``volume``, the number of cases, or one of ``OTHERS`` stayed within tolerance; not made without *cells*."""
    change = None if cells is None else _change(cells, setup, day, logs=name == "volume")
    if name == "volume":
        return _volume(change, policy)
    label = Figure(_OTHER_LABELS[name], "told")
    if change is None:
        return Check(name, None, say(mark("%(what)s: the log does not tell."), what=label))
    says = say(
        mark(
            "%(what)s changed by %(change)s percentage points beside the comparison; a rise of up to %(tolerance)s "
            "is tolerated."
        ),
        what=label,
        change=Figure(change, "points"),
        tolerance=Figure(policy["other_shares"], "points"),
    )
    return Check(name, change <= policy["other_shares"], says)


def _volume(logs: float | None, policy: Policy) -> Check:
    if logs is None:
        return Check("volume", None, say(mark("The change in the number of cases cannot be told.")))
    change = float(np.expm1(logs))
    says = say(
        mark("The number of cases changed by %(change)s beside the comparison; up to %(tolerance)s is tolerated."),
        change=Figure(change, "signed"),
        tolerance=Figure(policy["volume"], "percent"),
    )
    return Check("volume", abs(change) <= policy["volume"], says)


def _change(cells: Cells, setup: Setup, day: int, *, logs: bool) -> float | None:
    if not len(setup.treated) or not len(setup.comparison):
        return None
    sums, _ = sums_of(cells, logs=logs, today=day)
    setup = replace(setup, lag=cells.within, begin_gap=0)
    value = float(path(sums, setup, np.array([day])).estimate[0])
    return value if np.isfinite(value) else None


def exposed_share(use: Cells | None, setup: Setup, day: int) -> float | None:
    """The share of the comparison's cases, opened since the first start, that met the change; None where the log does not tell."""
    if use is None or not len(setup.comparison) or not len(setup.treated):
        return None
    return share_of(use, setup.comparison, np.full(len(setup.comparison), setup.starts.min()), day)


def missing_share(sums: Sums, setup: Setup, day: int, block: int, *, named: int) -> float:
    """The share of blocks of *block* days, from the baseline to the day, in which a unit has no case; over all units that the plan has
    *named*, also those that have no case at all."""
    units = np.concatenate([setup.treated, setup.comparison])
    begins = np.arange(max(int(setup.starts.min()) - setup.baseline, setup.history), day + 2 - setup.lag - block, block)
    absent = (named - len(units)) / named
    if not len(begins):
        return absent
    n = sums.n[units[:, None], begins + block] - sums.n[units[:, None], begins]
    return absent + (1 - absent) * float((n <= 0).mean())


def near(measured: Measured, near_units: Ints, estimate: float, se: float) -> Check | None:
    """Whether the estimate stands without comparison units that are near neighbours or share staff; None where none are named."""
    if not len(near_units):
        return None
    kept = np.setdiff1d(measured.setup.comparison, near_units)
    again = float("nan") if len(kept) < 2 else float(measured.at(replace(measured.setup, comparison=kept)).estimate[0])
    if not np.isfinite(again):
        return Check("near", None, say(mark("Without near neighbours too few units are left to compare with.")))
    says = say(
        mark("Without near neighbours and shared staff the estimate moves by %(moved)s of its error."),
        moved=Figure(abs(again - estimate) / se, "percent"),
    )
    return Check("near", bool(abs(again - estimate) < se), says)


def quiet_dates(sums: Sums, setup: Setup, *, se_plan: float, policy: Policy) -> tuple[int, int]:
    """How many pretended starts before the real one find nothing, and how many were tried: every 30 days, the change held over half a year
    against the year before (less where there is less)."""
    start, span = int(setup.starts.min()), max(int(policy["least_days"]), setup.step)
    baseline = min(setup.baseline, start - setup.history - span)
    if baseline < policy["least_history_days"]:
        return 0, 0
    days = np.arange(start - span, setup.history + baseline - 1, -max(BLOCK, setup.step))
    change_t, change_c = (
        sums.level(units[:, None], days, days + span) - sums.level(units[:, None], days - baseline, days)
        for units in (setup.treated, setup.comparison)
    )
    alone = np.zeros(len(change_t), np.int64)
    estimate, se, df = differences(change_t, change_c[None], np.ones(change_t.shape, bool), alone)
    width = half_width(se, df, se_plan=np.asarray(se_plan), alpha=policy["alpha"])
    return int((np.abs(estimate) <= width).sum()), len(days)


def quiet_halves(
    found: Levels, setup: Setup, *, se_plan: float, rng: np.random.Generator, policy: Policy
) -> tuple[int, int]:
    """How many random halves of the comparison, held against the other half, find nothing, and how many were tried."""
    count = len(setup.comparison)
    if count < 4:
        return 0, 0
    draws = int(policy["pseudo_draws"])
    # As if one half had started with the largest group of the treated.
    group = int(np.bincount(setup.groups[1]).argmax())
    change = found.post_c[group] - found.base_c[group][:, None]
    entered = found.entered[setup.groups[1] == group][0]
    order = np.stack([rng.permutation(count) for _ in range(draws)])
    one, two = change[order[:, : count // 2]], change[order[:, count // 2 :]]
    own = np.zeros(count // 2, np.int64)
    estimate, se, df = differences(one, two[:, None], np.broadcast_to(entered, one.shape), own)
    wider = se_plan * np.sqrt(4 / count) / np.sqrt(1 / len(setup.treated) + 1 / count)
    width = half_width(se, df, se_plan=np.asarray(wider), alpha=policy["alpha"])
    return int((~np.isfinite(estimate) | (np.abs(estimate) <= width)).all(-1).sum()), draws


def quiet(name: str, found: tuple[int, int], policy: Policy) -> Check:
    """The check that so many of the tries that should find nothing did."""
    calm, tried = found
    texts = {
        "placebo dates": (
            mark("%(calm)s of %(tried)s pretended starts before the real one find nothing, as they should."),
            mark("There is too little history to try pretended starts."),
        ),
        "placebo units": (
            mark(
                "%(calm)s of %(tried)s random halves of the comparison, held against each other, find nothing, as they should."
            ),
            mark("There are too few comparison units to hold against each other."),
        ),
    }[name]
    if not tried:
        return Check(name, None, say(texts[1]))
    says = say(texts[0], calm=Figure(calm, "count"), tried=Figure(tried, "count"))
    return Check(name, calm >= policy["quiet"] * tried, says)


def mix(cells: Cells, measured: Measured, found: Estimates, policy: Policy) -> Check | None:
    """Whether the effect could come from other kinds of cases; None where cases are of one kind."""
    if cells.stratum is None or len(cells.strata) < 2 or cells.measure.form == "count":
        return None
    told = mix_told(cells, measured)
    if told is None:
        return Check("case mix", None, say(mark("The mix of cases is too thin to be compared.")))
    effect, se = float(found.estimate[-1]), float(found.se[-1])
    plain, predicted, reweighted = told
    # Durations of cases still open are in the estimate and not in the mix, so the move is measured against the mix's own plain figure.
    moved = abs(reweighted - plain)
    passed = mix_passes(predicted, moved, effect=effect, se=se, policy=policy)
    says = say(
        mark(
            "Other kinds of cases alone would change the figure by %(predicted)s, against an effect of %(effect)s; "
            "with the mix held still the estimate moves by %(moved)s of its error."
        ),
        predicted=Figure(predicted, "signed" if measured.sums.logs else "decimal"),
        effect=Figure(effect, "signed" if measured.sums.logs else "decimal"),
        moved=Figure(moved / se, "percent"),
    )
    return Check("case mix", bool(passed), says)


def mix_passes(predicted: float, moved: float, *, effect: float, se: float, policy: Policy) -> bool:
    """Whether what other kinds of cases alone would do is small beside the *effect*, and holding the mix still moves it little."""
    return abs(predicted) < policy["mix_share"] * abs(effect) and moved < se


def mix_told(cells: Cells, measured: Measured) -> tuple[float, float, float] | None:
    """The estimate from whole windows, what the mix alone would make of it, and what is left with the mix held still; None where a unit
    has no case that is final. Each group of starts is held against the comparison over its own windows."""
    setup, day = measured.setup, measured.day
    as_known = replace(cells, until=cells.first + timedelta(days=day))
    starts, own = setup.groups
    told = np.zeros(3)
    for group, start in enumerate(starts):
        units = np.concatenate([setup.treated[own == group], setup.comparison])
        windows = np.array([[max(start - setup.baseline, setup.history), start], [start, day + 1 - setup.lag]])
        begins, ends = (np.tile(windows[:, side], (len(cells.units), 1)) for side in (0, 1))
        n, total = by_kind(as_known, begins=begins, ends=ends)
        count = int((own == group).sum())
        treated = np.arange(len(units)) < count
        if (n[units].sum(-1) <= 0).any():
            return None
        try:
            changes = mix_changes(n[units], total[units], logs=measured.sums.logs, pool=treated.astype(np.int64))
        except CannotBeKnown:
            return None
        figures = (changes.plain, changes.predicted, changes.reweighted)
        told += [float(f[treated].mean() - f[~treated].mean()) * count / len(own) for f in figures]
    return float(told[0]), float(told[1]), float(told[2])
