"""Did other cases come? The part of a change that the mix of cases explains, and what is left with the mix held still.

Cases are of kinds, strata. Between two windows a unit's level can move because its kinds have other shares or because each kind is handled
differently; only the latter is the change's doing. Kitagawa (1955); direct and indirect standardisation as in Breslow & Day (1987), ch. 2.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from loft.language import mark
from loft.value.cells import Cells, Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure

Missing = Literal["pooled", "dropped"]
ROUNDS = 60
"""Turns, at most, in which units' levels and kinds' are fitted."""


@dataclass(frozen=True)
class MixChanges:
    """Each unit's change from the baseline to each later window, (U, W − 1), in the measure's unit or as a logarithm of a ratio.

    ``plain``: as it was. ``predicted``: had each kind kept its baseline mean, so that only the mix moved. ``reweighted``: had the mix
    stayed as in the baseline, so that only the kinds' means moved. ``left_out`` is the share of the two windows' cases, the larger
    of the two, whose kind could not be compared and was left out of the latter two; ``borrowed`` the share, likewise, whose kind's
    mean was taken from the pool.
    """

    plain: Floats
    predicted: Floats
    reweighted: Floats
    left_out: Floats
    borrowed: Floats


@dataclass(frozen=True)
class MixEffects:
    """Differences in differences, treated less comparison, for each later window (W − 1,), of the three changes, and their standard errors
    (Welch; NaN-free, hence two units or more on a side). ``left_out`` and ``borrowed`` are means over all units."""

    plain: Floats
    predicted: Floats
    reweighted: Floats
    plain_se: Floats
    predicted_se: Floats
    reweighted_se: Floats
    left_out: Floats
    borrowed: Floats


def mix_changes(
    n: Floats, total: Floats, *, logs: bool = False, missing: Missing = "pooled", pool: Ints | None = None
) -> MixChanges:
    """Each unit's changes from *n* cases and Σy in *total*, both (U, W, S): units, windows (the first is the baseline), kinds of cases.

    *logs*: changes are of the logarithm of the level. A kind that a unit lacks in one of the two windows is, by *missing*, given the
    mean of its *pool* (U,) in that window (all units, if not given), moved to the unit's own level; or it is dropped. Where nobody
    in the pool has it, it is dropped too. Pool treated and comparison units apart, lest the one's change is lent to the other.
    Raises ``BadInput`` for arrays that do not fit, ``CannotBeKnown`` where a unit has no case in a window, no kind in common, or with
    *logs* a level of 0.
    """
    n, total = np.asarray(n, np.float64), np.asarray(total, np.float64)
    pool = np.zeros(len(n), np.int64) if pool is None else np.asarray(pool)
    _check(n, total, pool)
    level = total.sum(axis=-1) / n.sum(axis=-1)
    share = n / n.sum(axis=-1, keepdims=True)
    own = n > 0
    mean = _ratio(total, n, 0.0)
    if missing == "pooled":
        mean, known = _borrowed(n, total, mean, pool, logs=logs)
    else:
        known = own
    both = known[:, :1] & known[:, 1:]
    used = (share[:, :1] > 0) | (share[:, 1:] > 0)
    before, after = (_kept(share[:, w], both) for w in (slice(0, 1), slice(1, None)))
    if (before.sum(axis=-1) == 0).any() or (after.sum(axis=-1) == 0).any():
        raise CannotBeKnown(
            mark("A unit has no kind of case in common before and after. Choose wider kinds, or leave the unit out.")
        )
    m0, m1 = mean[:, :1], mean[:, 1:]
    standing, mixed, held = (np.sum(s * m, axis=-1) for s, m in ((before, m0), (after, m0), (before, m1)))
    lent = both & used & ~(own[:, :1] & own[:, 1:])
    return MixChanges(
        plain=_change(level[:, :1], level[:, 1:], logs),
        predicted=_change(standing, mixed, logs),
        reweighted=_change(standing, held, logs),
        left_out=_larger(share, ~both),
        borrowed=_larger(share, lent),
    )


def mix_effects(changes: MixChanges, treated: Flags) -> MixEffects:
    """What the mix alone would show as an effect, and what is left with the mix held still; units weigh the same. *treated* is (U,)."""
    treated = np.asarray(treated, bool)
    if treated.shape != changes.plain.shape[:1]:
        raise BadInput(mark("Say of each unit whether it is treated: one value for each."))
    if treated.sum() < 2 or (~treated).sum() < 2:
        raise CannotBeKnown(mark("The mix of cases needs at least two treated units and two to compare with."))
    plain, predicted, reweighted = (
        _difference(c, treated) for c in (changes.plain, changes.predicted, changes.reweighted)
    )
    return MixEffects(
        plain=plain[0],
        predicted=predicted[0],
        reweighted=reweighted[0],
        plain_se=plain[1],
        predicted_se=predicted[1],
        reweighted_se=reweighted[1],
        left_out=changes.left_out.mean(axis=0),
        borrowed=changes.borrowed.mean(axis=0),
    )


def by_kind(cells: Cells, *, begins: Ints, ends: Ints) -> tuple[Floats, Floats]:
    """The cases and Σy of *cells* by unit, window and stratum, both (U, W, S), over the days from *begins* to before *ends*, both (U, W).

    Of durations a case counts its days up to τ, if it was opened at least τ days before the last day of the log; later ones are
    left out in all windows, so none is cut short. Raises ``BadInput`` for a measure that counts cases, which has no mix.
    """
    if cells.measure.form == "count":
        raise BadInput(mark("A number of cases has no mix of cases; ask this of a measure of each case."))
    begins, ends = np.asarray(begins, np.int64), np.asarray(ends, np.int64)
    if begins.shape != ends.shape or begins.ndim != 2 or len(begins) != len(cells.units):
        raise BadInput(mark("Windows are a first and a last day for each unit; give as many rows as there are units."))
    value = cells.total
    if cells.age is not None:
        value = cells.n * np.minimum(cells.age, cells.within)
    last = (cells.until - cells.first).days + 1 - cells.within
    stratum = np.zeros(len(cells.unit), np.int64) if cells.stratum is None else cells.stratum
    kinds, place = len(cells.strata), cells.unit * len(cells.strata) + stratum
    n: list[Floats] = []
    total: list[Floats] = []
    for begin, end in zip(begins.T, np.minimum(ends, last).T, strict=True):
        inside = (cells.day >= begin[cells.unit]) & (cells.day < end[cells.unit])
        for sink, values in ((n, cells.n), (total, value)):
            summed = np.bincount(place[inside], values[inside], len(begins) * kinds)
            sink.append(summed.reshape(-1, kinds).astype(np.float64))
    return np.stack(n, axis=1), np.stack(total, axis=1)


def _check(n: Floats, total: Floats, pool: Ints) -> None:
    if n.ndim != 3 or n.shape != total.shape or n.shape[1] < 2 or pool.shape != n.shape[:1]:
        raise BadInput(
            mark(
                "The mix of cases needs tables of units, windows (a baseline and one after it, at least) and kinds of cases."
            )
        )
    if not (np.isfinite(n).all() and np.isfinite(total).all()) or (n < 0).any():
        raise BadInput(mark("A number of cases is below 0, or a sum is not a number; check how they were made."))
    if empty := int((n.sum(axis=-1) == 0).any(axis=-1).sum()):
        raise CannotBeKnown(
            mark("%(count)s units have no case in one of the windows. Leave them out, or choose longer windows."),
            count=Figure(empty, "count"),
        )


def _borrowed(n: Floats, total: Floats, mean: Floats, pool: Ints, *, logs: bool) -> tuple[Floats, Flags]:
    """Means (U, W, S) with the pool's, moved to the unit's level, where the unit has none; and which are known now.

    In each pool and window a unit's level and a kind's are fitted together, as a product with *logs* and else as a sum, so that a kind
    is not taken for slow because slow units have it. By turns (Deming & Stephan 1940), which settles long before the last.
    """
    groups, place = np.unique(pool, return_inverse=True)
    member = (place == np.arange(len(groups))[:, None]).astype(np.float64)

    def pooled(values: Floats) -> Floats:
        return np.asarray(np.tensordot(member, values, axes=1)[place], np.float64)

    cases, sums = pooled(n), total.sum(axis=-1)
    unit = np.ones(n.shape[:2]) if logs else np.zeros(n.shape[:2])
    for _ in range(ROUNDS):
        before = unit
        if logs:
            kind = _ratio(pooled(total), pooled(n * unit[..., None]), 0.0)
            unit = _ratio(sums, (n * kind).sum(axis=-1), 1.0)
        else:
            kind = _ratio(pooled(total - n * unit[..., None]), cases, 0.0)
            unit = (sums - (n * kind).sum(axis=-1)) / n.sum(axis=-1)
        if (np.abs(unit - before) <= 1e-15 * np.abs(unit).max()).all():
            break
    moved = unit[..., None] * kind if logs else unit[..., None] + kind
    return np.where(n > 0, mean, moved), cases > 0


def _ratio(above: Floats, below: Floats, otherwise: float) -> Floats:
    return np.divide(above, below, out=np.full_like(above, otherwise), where=below > 0)


def _kept(share: Floats, both: Flags) -> Floats:
    """*share* (U, 1 or W − 1, S) of the kinds in *both* windows, brought to sum to 1; zeros where none is left."""
    kept = np.where(both, share, 0.0)
    return _ratio(kept, kept.sum(axis=-1, keepdims=True) + np.zeros_like(kept), 0.0)


def _larger(share: Floats, chosen: Flags) -> Floats:
    """The share of cases of the *chosen* kinds, in the baseline or the later window, whichever is larger: (U, W − 1)."""
    before, after = (np.where(chosen, share[:, w], 0.0).sum(axis=-1) for w in (slice(0, 1), slice(1, None)))
    return np.maximum(before, after)


def _change(before: Floats, after: Floats, logs: bool) -> Floats:
    if not logs:
        return after - before
    if (before <= 0).any() or (after <= 0).any():
        raise CannotBeKnown(
            mark("A unit's level is 0, which has no logarithm. Measure the change in the measure's own unit.")
        )
    return np.log(after / before)


def _difference(change: Floats, treated: Flags) -> tuple[Floats, Floats]:
    one, other = change[treated], change[~treated]
    se = np.sqrt(one.var(axis=0, ddof=1) / len(one) + other.var(axis=0, ddof=1) / len(other))
    return one.mean(axis=0) - other.mean(axis=0), se
