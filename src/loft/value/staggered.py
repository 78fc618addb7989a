"""Staggered starts: the effect in each group of units that start together, in each period (Callaway & Sant'Anna 2021).

A regression with two-way fixed effects compares units that start late with those that already have, and can be wrong in size and sign
when effects grow or differ. Here each group is only held against units that are without the change.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure
from loft.value.twogroups import METHODS, two_groups
from loft.value.wide import checked_outcome

COMPARISONS = ("never", "not yet")
BASES = ("varying", "universal")


@dataclass(frozen=True)
class GroupTime:
    """The effects of K pairs of a group and a period, of N units.

    ``group`` (K,) is when the group started, ``period`` (K,) and ``base`` (K,) the period and the one it is held against; ``effect`` (K,) and
    ``error`` (K,) the average effect in the treated, ATT(g, t), and its standard error. ``treated`` (K,) and ``comparison`` (K,) count units.
    ``influence`` (N, K) is what each unit adds: the mean of a column is the error of its effect. ``starts`` (N,; infinite for never),
    ``weights`` (N,; mean 1) and ``cluster`` (N,; from 0) are those of the units. ``left_out`` are pairs that had nobody to compare with.
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
) -> GroupTime:
    """The average effect of each group in each period, with standard errors.

    *y* (N, T) is each unit's outcome in each period, without gaps (``wide.wide`` makes it and refuses an unbalanced panel); *starts* (N,) the
    period in which a unit starts, ``inf`` for never; *periods* (T,) increasing. *covariates* (N, k) are fixed in time, *weights* (N,) positive.
    *comparison*: units that ``never`` start, or those that have ``not yet`` started. *base*: before the start, each period is held against
    the one before it (``varying``) or, as after the start, against the last before the start (``universal``; the base itself, 0 by
    definition, is left out). *anticipation*: for how long before the start units may already react, in the periods' measure; these are
    held against the last period before that. Errors are robust to anything inside a unit, or inside a *cluster* (N,) of units.

    Raises ``BadInput``, or ``CannotBeKnown`` where there is no comparison or a group is a single unit, whose chance cannot be told from
    the effect. Errors are large-sample ones: with fewer than about 20 units they are too small.

    Source: Callaway & Sant'Anna (2021), eqs 2.2–2.10 and theorem 2; choices of periods as in R's ``did``, except that inside the
    anticipation window the base is that of the paper.
    """
    y, periods, starts, w, k = _checked(y, starts, periods, weights, cluster, anticipation)
    _one_of(comparison, COMPARISONS)
    _one_of(base, BASES)
    x = None if covariates is None else _checked_covariates(covariates, len(y))
    groups = np.unique(starts[starts <= periods[-1]])
    rows: list[tuple[float, float, float, float, int, int]] = []
    columns: list[Floats] = []
    left_out: list[tuple[float, float]] = []
    for g, t, b in _pairs(groups, periods, base, anticipation):
        own = starts == g
        others = _others(starts, g, max(t, b), periods[-1], comparison, anticipation)
        if others.sum() < 2:
            left_out.append((float(g), float(t)))
            continue
        used = own | others
        change = (y[:, periods == t] - y[:, periods == b])[used, 0]
        part = two_groups(change, own[used], covariates=None if x is None else x[used], weights=w[used], method=method)
        column = np.zeros(len(y))
        column[used] = part.influence * (len(y) / used.sum())
        columns.append(column)
        rows.append((float(g), float(t), float(b), part.effect, int(own.sum()), int(others.sum())))
    if not any(row[1] >= row[0] for row in rows):
        raise _nobody_left()
    told = np.array(rows)
    influence = np.column_stack(columns)
    error = standard_error(influence, k)
    if np.any(error[told[:, 1] >= told[:, 0]] <= 1e-12 * np.abs(y).max()):
        raise CannotBeKnown(mark("The units of a group all change alike to the last digit, so chance cannot be measured. Check the figures."))
    return GroupTime(
        group=told[:, 0], period=told[:, 1], base=told[:, 2], effect=told[:, 3], error=error, treated=told[:, 4].astype(np.int64),
        comparison=told[:, 5].astype(np.int64), influence=influence, starts=starts, weights=w, cluster=k, anticipation=float(anticipation),
        left_out=tuple(left_out),
    )  # fmt: skip


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

    Source: the pre-test of R's ``did``, with effects inside the anticipation window left out.
    """
    before = found.period < found.group - found.anticipation
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


def _checked(
    y: Floats, starts: Floats, periods: Floats, weights: Floats | None, cluster: Ints | None, anticipation: float
) -> tuple[Floats, Floats, Floats, Floats, Ints]:
    y, periods = checked_outcome(y, periods)
    n = len(y)
    starts = np.asarray(starts, dtype=np.float64)
    if starts.shape != (n,) or np.isnan(starts).any():
        raise BadInput(mark("Give each of the %(count)s units a start: a period, or infinity for never."), count=Figure(n, "count"))
    if anticipation < 0 or not np.isfinite(anticipation):
        raise BadInput(mark("The time units may react in advance is 0 or more."))
    started = starts[starts <= periods[-1]]
    if not len(started):
        raise BadInput(mark("No unit starts in the periods given. Check the starts, or wait until one has."))
    early = int((started - anticipation <= periods[0]).sum())
    if early:
        raise BadInput(
            mark(
                "%(count)s units started in the first period or before, so nothing shows how they were without the change."
                " Leave them out, or add earlier periods."
            ),
            count=Figure(early, "count"),
        )
    stray = np.setdiff1d(started, periods)
    if len(stray):
        raise BadInput(
            mark("The start %(start)s is none of the periods. Give the period in which the unit started."), start=Figure(float(stray[0]), "decimal")
        )
    groups, sizes = np.unique(started, return_counts=True)
    if sizes.min() < 2:
        raise CannotBeKnown(
            mark(
                "Only one unit starts in period %(start)s, so chance in that unit cannot be told from the effect."
                " Put starts near each other together by using longer periods, or ask for a synthetic comparison of that unit."
            ),
            start=Figure(float(groups[sizes.argmin()]), "decimal"),
        )
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (n,) or not np.all(np.isfinite(w)) or np.any(w <= 0):
        raise BadInput(mark("Give each of the %(count)s units a weight above 0."), count=Figure(n, "count"))
    k = np.arange(n) if cluster is None else np.unique(np.asarray(cluster), return_inverse=True)[1]
    if len(k) != n or k.max() < 1:
        raise BadInput(mark("Give each of the %(count)s units a cluster, and at least two of them."), count=Figure(n, "count"))
    return y, periods, starts, w / w.mean(), k.astype(np.int64)


def _checked_covariates(covariates: Floats, n: int) -> Floats:
    x = np.asarray(covariates, dtype=np.float64)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or len(x) != n or not np.all(np.isfinite(x)):
        raise BadInput(mark("Each of the %(count)s units needs a number for every covariate."), count=Figure(n, "count"))
    return x


def _one_of(name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise BadInput(
            mark("There is no choice %(name)s; choose one of %(known)s."), name=Figure(name, "text"), known=Figure(", ".join(known), "text")
        )


def _nobody_left() -> CannotBeKnown:
    return CannotBeKnown(
        mark(
            "No units are without the change when the others have it, so there is nothing to compare with."
            " Had two units waited, or if two that never start are added, it could be known."
        )
    )
