"""Least squares from cells, equal to the regression on every case: coefficients and standard errors.

A cell is n cases with the same regressors, their Σy and Σy². These are sufficient: no figure below needs the cases themselves.
J. Wong, E. Forsell, R. Lewis, T. Mao, M. Wardrop, You only compress once: optimal data compression for estimating linear models
(2021), arXiv:2102.11297. Effects of units and periods are taken out exactly (``absorbing``). Clustered errors are those of
K.-Y. Liang, S. Zeger, Biometrika 73 (1986), with the small-sample factor that fixest (L. Bergé 2018) and pyfixest use by default.

Not supported: more than two sets of absorbed effects, two-way clusters, instruments. Cases that are alone in their unit or period are
kept and counted, where pyfixest by default drops them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

from loft.language import mark
from loft.value.absorbing import Levels, levels, nested, sums_by, without
from loft.value.cells import Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure

ERRORS = ("clustered", "hetero", "iid")
"""Clusters that are alike inside (CRV1); every case with a spread of its own (HC1); one spread for all."""


@dataclass(frozen=True)
class Fit:
    """A regression with k regressors and G clusters (0 where errors are not clustered).

    ``names`` (k), ``coefficient`` (k,), ``covariance`` (k, k), ``dof`` of the t distribution, ``cases`` Σn. ``pull`` (G, k): for each
    cluster and regressor Σ n·r·e, with r the regressor after all others and e the residual; ``weight`` (G, k): Σ n·r². A coefficient's
    error is Σ_g pull / Σ_g weight, which is all that the bootstrap needs. ``factor`` is the small-sample factor in ``covariance``.
    """

    names: tuple[str, ...]
    coefficient: Floats
    covariance: Floats
    dof: float
    cases: float
    clusters: int
    pull: Floats
    weight: Floats
    factor: float

    def place(self, name: str) -> int:
        """Where the regressor *name* stands. Raises ``BadInput`` if there is none."""
        if name not in self.names:
            raise BadInput(
                mark("The regression has no %(name)s. It has: %(names)s."),
                name=Figure(name, "text"),
                names=Figure(", ".join(self.names), "text"),
            )
        return self.names.index(name)

    def estimate(self, name: str, *, level: float = 0.95) -> "Estimate":
        """The coefficient *name* with its interval by the t distribution with ``dof`` degrees of freedom."""
        j = self.place(name)
        return estimated(float(self.coefficient[j]), float(np.sqrt(self.covariance[j, j])), self.dof, level=level)


@dataclass(frozen=True)
class Estimate:
    """A number, its standard error, the bounds of its interval at ``level``, the two-sided p of no effect, and degrees of freedom."""

    estimate: float
    se: float
    low: float
    high: float
    p: float
    dof: float
    level: float


def estimated(estimate: float, se: float, dof: float, *, level: float = 0.95) -> Estimate:
    """*estimate* with interval and p by t with *dof* degrees of freedom (normal where *dof* is infinite)."""
    if not 0 < level < 1:
        raise BadInput(mark("A level lies between 0 and 1, such as 0.95. Got %(level)s."), level=Figure(level, "text"))
    half = float(stats.t.ppf((1 + level) / 2, dof)) * se
    p = float(2 * stats.t.sf(abs(estimate) / se, dof))
    return Estimate(estimate, se, estimate - half, estimate + half, p, float(dof), level)


def least_squares(
    regressors: Floats,
    n: Floats,
    total: Floats,
    squares: Floats,
    *,
    names: Sequence[str],
    absorb: Sequence[Ints] = (),
    cluster: Ints | None = None,
    errors: str = "clustered",
) -> Fit:
    """The regression of y on *regressors* (m, k), given m cells with *n*, *total* Σy and *squares* Σy² (m,).

    *absorb*: none (an intercept), one or two arrays (m,) of levels, such as units and periods. *cluster* (m,): who are alike; needed for
    ``errors="clustered"``. Raises ``CannotBeKnown`` where a regressor cannot be told apart from the rest, or nothing is left to
    tell the uncertainty by, and ``BadInput`` for arrays that do not fit together.
    """
    x, n, total, squares = _checked(regressors, n, total, squares, names, errors)
    kept = n > 0
    sets = [levels(np.asarray(a)[kept]) for a in absorb] or [levels(np.zeros(int(kept.sum()), np.int64))]
    x, n, total, squares = x[kept], n[kept], total[kept], squares[kept]
    left = without(np.column_stack([x, total / n]), n, sets)
    inside, y = left[:, :-1], left[:, -1]
    _must_differ(x, inside, n, names)
    bread = linalg.inv((inside * n[:, None]).T @ inside)
    coefficient = bread @ (inside.T @ (n * y))
    residual = y - inside @ coefficient
    # The spread inside a cell, Σ(y − mean)², is in no regressor; rounding may leave it a hair below 0.
    within = np.maximum(squares - total**2 / n, 0)
    groups = _groups(errors, cluster, kept)
    lost = _numbers(x.shape[1], float(n.sum()), sets, groups)
    _must_leave_something(n, total, squares, residual, within)
    alone = (inside @ bread) / np.diag(bread)
    ends = _Ends(alone, n, residual, within, bread, lost, groups)
    covariance, dof, factor, pull = ends.covariance(errors)
    weight = sums_by(groups, n[:, None] * alone**2) if groups else np.zeros((0, x.shape[1]))
    if (np.diag(covariance) <= 0).any():
        raise CannotBeKnown(_NO_SPREAD)
    count = groups.count if groups else 0
    return Fit(tuple(names), coefficient, covariance, dof, float(n.sum()), count, pull, weight, factor)


@dataclass(frozen=True)
class _Ends:
    """All that the three kinds of errors need."""

    alone: Floats
    n: Floats
    residual: Floats
    within: Floats
    bread: Floats
    lost: int
    groups: Levels | None

    def covariance(self, errors: str) -> tuple[Floats, float, float, Floats]:
        """Covariance (k, k), degrees of freedom, small-sample factor, and the clusters' pulls (G, k)."""
        k, cases, scale = self.alone.shape[1], float(self.n.sum()), np.diag(self.bread)
        left = cases - self.lost
        if self.groups is not None:
            g = self.groups.count
            pull = sums_by(self.groups, (self.n * self.residual)[:, None] * self.alone)
            factor = (cases - 1) / left * g / (g - 1)
            return factor * _outer(pull.T @ pull, scale), g - 1.0, factor, pull
        none, factor, spread = np.zeros((0, k)), cases / left, self.n * self.residual**2 + self.within
        if errors == "hetero":
            return factor * _outer(self.alone.T @ (self.alone * spread[:, None]), scale), left, factor, none
        return self.bread * spread.sum() / left, left, factor, none


def _groups(errors: str, cluster: Ints | None, kept: Flags) -> Levels | None:
    if errors != "clustered":
        return None
    if cluster is None:
        raise BadInput(
            mark("Clustered errors need to know who are alike: give a cluster, such as the unit, for each cell.")
        )
    groups = levels(np.asarray(cluster)[kept])
    if groups.count < 2:
        raise CannotBeKnown(_ONE_CLUSTER)
    return groups


def _numbers(k: int, cases: float, sets: Sequence[Levels], groups: Levels | None) -> int:
    """How many numbers are estimated, as fixest counts: effects nested in the clusters cost only one."""
    lost = k + sum(s.count for s in sets) - (len(sets) - 1)
    if groups is not None:
        inside = [s for s in sets if s.count > 1 and nested(s, groups)]
        lost += len(inside) - sum(s.count for s in inside)
    if cases <= lost:
        raise CannotBeKnown(_TOO_FEW, cases=Figure(cases, "count"), numbers=Figure(lost, "count"))
    return lost


def _outer(meat: Floats, scale: Floats) -> Floats:
    return meat * scale[:, None] * scale[None, :]


def twfe(
    treated: Floats,
    unit: Ints,
    period: Ints,
    n: Floats,
    total: Floats,
    squares: Floats,
    *,
    cluster: Ints | None = None,
    errors: str = "clustered",
) -> Fit:
    """One effect of being treated, with effects of units and periods: the coefficient ``treated``.

    *treated* (m,) is 1 in cells that are treated, else 0. Errors are clustered by *cluster*, by default by *unit*. Right where all start at
    once, or where the effect is the same everywhere and always; for staggered starts with effects that grow, use
    ``loft.value.staggered`` (Goodman-Bacon 2021). Raises as ``least_squares``, and ``CannotBeKnown`` unless two units or more were treated.
    """
    treated, unit = np.asarray(treated, np.float64), np.asarray(unit)
    if errors == "clustered":
        begun, period = np.asarray(unit)[treated != 0], np.asarray(period)
        if len(np.unique(begun)) < 2:
            raise CannotBeKnown(_ONE_TREATED)
        two_apart(unit, np.where(treated != 0, period, np.iinfo(np.int64).max))
    return least_squares(
        treated[:, None],
        n,
        total,
        squares,
        names=("treated",),
        absorb=(unit, period),
        cluster=unit if cluster is None else cluster,
        errors=errors,
    )


def two_apart(unit: Ints, start: Ints) -> None:
    """Raises ``CannotBeKnown`` where all units but one start at once: one unit cannot show how much units differ.

    *start* (m,) is the earliest for its *unit* (m,) that counts.
    """
    _, place = np.unique(unit, return_inverse=True)
    first = np.full(int(place.max(initial=0)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, place, start)
    if len(first) - np.unique(first, return_counts=True)[1].max() == 1:
        raise CannotBeKnown(_ONE_OTHER)


def wald(values: Floats, covariance: Floats, dof: float) -> tuple[float, int, float]:
    """F, its first degrees of freedom q, and p of *values* (q,) being all 0; the second degrees of freedom are *dof*.

    Raises ``CannotBeKnown`` where *covariance* (q, q) has no inverse, as with fewer clusters than values.
    """
    q = len(values)
    spread = np.sqrt(np.diag(covariance))
    alike = covariance / np.outer(spread, spread) if q and (spread > 0).all() else np.zeros((q, q))
    if q == 0 or np.linalg.matrix_rank(alike, tol=1e-9) < q:
        raise CannotBeKnown(
            mark("A joint test of %(q)s numbers needs more units than that. Use fewer or longer periods."),
            q=Figure(q, "count"),
        )
    f = float(values / spread @ linalg.solve(alike, values / spread, assume_a="sym")) / q
    return f, q, float(stats.f.sf(f, q, dof) if np.isfinite(dof) else stats.chi2.sf(f * q, q))


_NO_SPREAD = mark(
    "Units, periods and treatment account for every figure, so nothing is left to tell how sure the answer is. Use more units."
)
_TOO_FEW = mark("%(cases)s cases cannot carry %(numbers)s numbers to be estimated. Use longer periods or more cases.")
_ONE_CLUSTER = mark("With one unit there is nothing to compare with. Add units that did not start.")
_ONE_TREATED = mark(
    "Fewer than two units are treated in the data, and one unit cannot show how much units differ. Use a synthetic control, "
    "or wait until more units have started."
)
_ONE_OTHER = mark(
    "All units but one start at once, and one unit to compare with cannot show how much units differ. Add units that have not started."
)
_ALIKE = mark(
    "%(name)s cannot be told apart from differences between units, between periods, or from the rest: it needs both units with it "
    "and units without it in the same periods, before and after. Add units that start later or never."
)


def _checked(
    regressors: Floats, n: Floats, total: Floats, squares: Floats, names: Sequence[str], errors: str
) -> tuple[Floats, Floats, Floats, Floats]:
    x = np.asarray(regressors, np.float64)
    sums = [np.asarray(a, np.float64) for a in (n, total, squares)]
    if errors not in ERRORS:
        raise BadInput(mark("Errors are clustered, hetero or iid, not %(errors)s."), errors=Figure(errors, "text"))
    if x.ndim != 2 or x.shape[1] != len(names) or any(a.shape != x.shape[:1] for a in sums):
        raise BadInput(mark("The columns are not of the same length: give one figure for each cell in every column."))
    if not (np.isfinite(x).all() and all(np.isfinite(a).all() for a in sums) and (sums[0] >= 0).all()):
        raise BadInput(
            mark("Some figures are missing, infinite or counts below 0. Leave these cells out, or correct them.")
        )
    if not (sums[0] > 0).any():
        raise BadInput(mark("There are no cases to estimate from. Choose a longer time or more services."))
    return x, sums[0], sums[1], sums[2]


def _must_differ(x: Floats, inside: Floats, n: Floats, names: Sequence[str]) -> None:
    """Every regressor must have something of its own once units, periods and the other regressors are taken out."""
    whole = (n[:, None] * x**2).sum(axis=0)
    # Elimination: once the regressors before it are swept out, a regressor's own part stands on the diagonal.
    left = (inside * n[:, None]).T @ inside
    for j, name in enumerate(names):
        own = left[j, j]
        if not own > 1e-10 * whole[j]:
            raise CannotBeKnown(_ALIKE, name=Figure(name, "text"))
        left[j + 1 :, j + 1 :] -= np.outer(left[j + 1 :, j], left[j, j + 1 :]) / own


def _must_leave_something(n: Floats, total: Floats, squares: Floats, residual: Floats, within: Floats) -> None:
    spread = float(squares.sum() - total.sum() ** 2 / n.sum())
    if spread <= 1e-12 * float(squares.sum()):
        raise CannotBeKnown(
            mark("Every case has the same figure, so there is nothing to explain. Choose another measure.")
        )
    if float((n * residual**2 + within).sum()) <= 1e-18 * spread:
        raise CannotBeKnown(_NO_SPREAD)
