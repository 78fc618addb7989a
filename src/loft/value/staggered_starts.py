"""Staggered starts: the effect in each group of units that start together, in each period (Callaway & Sant'Anna 2021).

A regression with two-way fixed effects compares units that start late with those that already have, and can be wrong in size and sign
when effects grow or differ. Here each group is only held against units that are without the change.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.choices import one_of
from loft.value.errors import CannotBeKnown
from loft.value.followed import Followed, followed, refuse_lone_starts
from loft.value.twogroups import METHODS, two_groups

COMPARISONS = ("never", "not yet")
BASES = ("varying", "universal")


@dataclass(frozen=True)
class GroupTime:
    """The effects of K pairs of a group and a period, of N units.

    ``group`` (K,) is when the group started, ``period`` (K,) and ``base`` (K,) the period and the one it is held against; ``effect`` (K,)
    and ``error`` (K,) the average effect in the treated, ATT(g, t), and its standard error. ``treated`` (K,) and ``comparison`` (K,)
    count units. ``influence`` (N, K) is what each unit adds: the mean of a column is the error of its effect. ``starts`` (N,; infinite
    for never), ``weights`` (N,; mean 1) and ``cluster`` (N,; from 0) are those of the units. ``left_out`` are pairs that had nobody to
    compare with.
    """

    group: Floats
    period: Floats
    base: Floats
    effect: Floats
    error: Floats
    treated: Ints
    comparison: Ints
    influence: Floats
    starts: Floats
    weights: Floats
    cluster: Ints
    anticipation: float
    left_out: tuple[tuple[float, float], ...]

    @property
    def after(self) -> Flags:
        """Which pairs are of a period in which the group had started (K,)."""
        return self.period >= self.group


@dataclass(frozen=True)
class PreTest:
    """Were the groups moving alike before? A Wald test that ``df`` effects before the start are all 0. A high ``p`` does not prove it."""

    statistic: float
    df: int
    p: float


def group_time(
    y: Floats,
    starts: Floats,
    periods: Floats,
    *,
    covariates: Floats | None = None,
    weights: Floats | None = None,
    cluster: Ints | None = None,
    comparison: str = "never",
    method: str = METHODS[0],
    base: str = "varying",
    anticipation: float = 0,
    alone: bool = False,
) -> GroupTime:
    """The average effect of each group in each period, with standard errors.

    *y* (N, T) is each unit's outcome in each period, without gaps (``wide.wide`` makes it and refuses an unbalanced panel); *starts* (N,)
    the period in which a unit starts, ``inf`` for never; *periods* (T,) increasing. *covariates* (N, k) are fixed in time, *weights*
    (N,) positive. *comparison*: units that ``never`` start, or those that have ``not yet`` started. *base*: before the start, each
    period is held against the one before it (``varying``) or, as after the start, against the last before the start (``universal``;
    the base itself, 0 by definition, is left out). *anticipation*: for how long before the start units may already react, in the
    periods' measure; these are held against the last period before that. Errors are robust to anything inside a unit, or inside a
    *cluster* (N,) of units.

    A unit that starts on its own has no others to tell its chance from the effect, and is refused. Where such units are let in
    (*alone*), the error of their effects is that of one comparison unit, and ``aggregate`` measures chance by how they differ.

    Raises ``BadInput``, or ``CannotBeKnown`` where there is no comparison. Errors are large-sample ones: with fewer than about 40 units
    they are too small, and ``few_units`` gives others from the influence.

    Source: Callaway & Sant'Anna (2021), eqs 2.2–2.10 and theorem 2; choices of periods as in R's ``did``, except that inside the
    anticipation window the base is that of the paper.
    """
    panel = followed(
        y, starts, periods, covariates=covariates, weights=weights, cluster=cluster, anticipation=anticipation
    )
    one_of(comparison, COMPARISONS)
    one_of(base, BASES)
    if not alone:
        refuse_lone_starts(panel)
    groups = np.unique(panel.starts[panel.starts <= panel.periods[-1]])
    parts: list[_Part] = []
    left_out: list[tuple[float, float]] = []
    for g, t, b in _pairs(groups, panel.periods, base, anticipation):
        others = _others(panel.starts, g, max(t, b), panel.periods[-1], comparison, anticipation)
        if others.sum() < 2:
            left_out.append((float(g), float(t)))
        else:
            parts.append(_part(panel, g, t, b, others, method))
    if not any(part.period >= part.group for part in parts):
        raise _nobody_left()
    return _together(panel, parts, float(anticipation), tuple(left_out))


def standard_error(influence: Floats, cluster: Ints) -> Floats:
    """Standard errors (K,) from *influence* (N, K), of units that may move together inside a *cluster* (N,; from 0)."""
    return np.sqrt((by_cluster(influence, cluster) ** 2).sum(axis=0)) / len(influence)


def by_cluster(influence: Floats, cluster: Ints) -> Floats:
    """*influence* (N, K) summed inside each *cluster* (N,; from 0): (C, K)."""
    summed = np.zeros((int(cluster.max()) + 1, influence.shape[1]))
    np.add.at(summed, cluster, influence)
    return summed


def pre_test(found: GroupTime) -> PreTest | None:
    """Were the groups moving alike before they started? None where no period tells, or there are more effects than units to tell them.

    Source: the pre-test of R's ``did``, with effects inside the anticipation window left out, and those of units
    that start on their own.
    """
    before = (found.period < found.group - found.anticipation) & (found.treated > 1)
    if not before.any():
        return None
    effect = found.effect[before]
    summed = by_cluster(found.influence[:, before], found.cluster)
    v = summed.T @ summed / len(found.influence) ** 2
    size = np.sqrt(np.diag(v))
    if np.any(size <= 0) or np.linalg.eigvalsh(v / np.outer(size, size))[0] < 1e-10:
        return None
    statistic = float(effect @ np.linalg.solve(v, effect))
    return PreTest(statistic, len(effect), float(stats.chi2.sf(statistic, len(effect))))


@dataclass(frozen=True)
class _Part:
    group: float
    period: float
    base: float
    effect: float
    lone_error: float
    treated: int
    comparison: int
    influence: Floats


def _part(panel: Followed, g: float, t: float, b: float, others: Flags, method: str) -> _Part:
    own = panel.starts == g
    used = own | others
    change = (panel.y[:, panel.periods == t] - panel.y[:, panel.periods == b])[:, 0]
    x = None if panel.covariates is None else panel.covariates[used]
    found = two_groups(change[used], own[used], covariates=x, weights=panel.weights[used], method=method)
    influence = np.zeros(len(own))
    influence[used] = found.influence * (len(own) / used.sum())
    lone = float(change[others].std(ddof=1)) * np.sqrt(1 + 1 / others.sum()) if own.sum() == 1 else 0.0
    return _Part(float(g), float(t), float(b), found.effect, lone, int(own.sum()), int(others.sum()), influence)


def _together(
    panel: Followed, parts: list[_Part], anticipation: float, left_out: tuple[tuple[float, float], ...]
) -> GroupTime:
    influence = np.column_stack([part.influence for part in parts])
    lone = np.array([part.lone_error for part in parts])
    error = np.where(lone > 0, lone, standard_error(influence, panel.cluster))
    if np.any(error <= 1e-12 * np.abs(panel.y).max()):
        raise CannotBeKnown(
            mark(
                "Units of a group all change alike to the last digit, so chance cannot be measured. Check the figures."
            )
        )
    return GroupTime(
        group=np.array([part.group for part in parts]),
        period=np.array([part.period for part in parts]),
        base=np.array([part.base for part in parts]),
        effect=np.array([part.effect for part in parts]),
        error=error,
        treated=np.array([part.treated for part in parts]),
        comparison=np.array([part.comparison for part in parts]),
        influence=influence,
        starts=panel.starts,
        weights=panel.weights,
        cluster=panel.cluster,
        anticipation=anticipation,
        left_out=left_out,
    )


def _pairs(groups: Floats, periods: Floats, base: str, anticipation: float) -> list[tuple[float, float, float]]:
    """Each group with each period it has an effect in, and the period that is held against."""
    pairs = []
    for g in groups:
        last = periods[periods < g - anticipation][-1]
        for place, t in enumerate(periods):
            if t >= g - anticipation or base == "universal":
                if t != last:
                    pairs.append((g, t, last))
            elif place > 0:
                pairs.append((g, t, periods[place - 1]))
    return pairs


def _others(starts: Floats, g: float, latest: float, end: float, comparison: str, anticipation: float) -> Flags:
    if comparison == "never":
        return starts > end + anticipation
    return (starts > latest + anticipation) & (starts != g)


def _nobody_left() -> CannotBeKnown:
    return CannotBeKnown(
        mark(
            "No units are without the change when the others have it, so there is nothing to compare with."
            " Had two units waited, or if two that never start are added, it could be known."
        )
    )
