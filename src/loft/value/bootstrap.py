"""Wild score cluster bootstrap: p-values and intervals that hold with few or unlike clusters, from one number pair per cluster.

P. Kline, A. Santos, A score based approach to wild bootstrap inference, Journal of Econometric Methods 1 (2012), with the null imposed, and
fast as in J. MacKinnon, M. Nielsen, M. Webb, Fast and reliable jackknife and bootstrap methods for cluster-robust inference,
Journal of Applied Econometrics 38 (2023): the draws are products with a matrix of weights, and an interval takes no new draws.

A draw is of the scores, so effects of periods are not fitted again in each draw. With a handful of treated clusters, or with clusters
of very different size, no bootstrap of this kind is to be trusted (MacKinnon and Webb 2017), and randomisation inference is better.
"""

from dataclasses import dataclass

import numpy as np

from loft.language import mark
from loft.value.cells import Floats
from loft.value.errors import BadInput
from loft.value.inversion import not_rejected
from loft.value.regression import Estimate, Fit
from loft.value.sentence import Figure

DRAWS = 999
_WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])


def weights(clusters: int, draws: int, rng: np.random.Generator, *, kind: str = "") -> tuple[Floats, bool]:
    """Weights (draws, *clusters*) with mean 0 and variance 1, and whether they are all there are.

    ``rademacher`` is ±1, every combination once where there are no more than *draws* of them; ``webb`` has six points (M. Webb,
    Canadian Journal of Economics 56 (2023)) and is taken for fewer than 12 clusters where *kind* is empty.
    """
    kind = kind or ("webb" if clusters < 12 else "rademacher")
    if kind not in ("rademacher", "webb"):
        raise BadInput(mark("Weights are rademacher or webb, not %(kind)s."), kind=Figure(kind, "text"))
    if kind == "webb":
        return rng.choice(_WEBB, size=(draws, clusters)), False
    every = clusters < 62 and 2**clusters <= draws
    flipped = (
        (np.arange(2**clusters)[:, None] >> np.arange(clusters)) & 1
        if every
        else rng.integers(0, 2, size=(draws, clusters))
    )
    return 1.0 - 2.0 * flipped.astype(np.float64), every


@dataclass(frozen=True)
class Draws:
    """The draws of one coefficient; every test and interval is made from these.

    ``estimate``; ``information`` Σ_g a_g; the observed t at b is (estimate − b)/``se``. ``vs``, ``va`` (B,): Σ_g v_g s_g and Σ_g v_g a_g;
    ``ss``, ``sa``, ``aa`` (B,): Σ_g (v_g s_g)², Σ_g v_g² s_g a_g, Σ_g (v_g a_g)²; ``ts``, ``ta`` (B,): Σ_g a_g v_g s_g and Σ_g v_g a_g²;
    ``tt`` Σ_g a_g². ``scale`` is √factor. ``exact``: the draws are all there are.
    """

    estimate: float
    se: float
    information: float
    vs: Floats
    va: Floats
    ss: Floats
    sa: Floats
    aa: Floats
    ts: Floats
    ta: Floats
    tt: float
    scale: float
    exact: bool

    def p(self, null: float = 0.0) -> float:
        """The two-sided p of the coefficient being *null*, which is imposed on the scores."""
        gap = self.estimate - null
        move = (self.vs + gap * self.va) / self.information
        spread = (
            self.ss + 2 * gap * self.sa + gap**2 * self.aa - 2 * move * (self.ts + gap * self.ta) + move**2 * self.tt
        )
        # A draw whose spread is 0 has all its clusters in step: it is counted as extreme, which errs on the side of doubt.
        bound = abs(gap) / self.se * self.scale * np.sqrt(np.maximum(spread, 0))
        extreme = int((np.abs(move) * self.information >= bound * (1 - 1e-9)).sum())
        return extreme / len(self.vs) if self.exact else (extreme + 1) / (len(self.vs) + 1)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The values that are not rejected at 1 − *level*, by bisection on each side.

        Raises ``CannotBeKnown`` where no value is rejected: too few clusters for an interval at this level.
        """
        return not_rejected(self.p, self.estimate, self.se, level)


def cluster_draws(fit: Fit, name: str, rng: np.random.Generator, *, draws: int = DRAWS, kind: str = "") -> Draws:
    """The bootstrap's draws of the coefficient *name* of *fit*, with *draws* weights of *kind* (see ``weights``).

    Raises ``BadInput`` where *fit* has no clusters.
    """
    if fit.clusters < 2:
        raise BadInput(mark("The bootstrap needs a regression with clustered errors."))
    j = fit.place(name)
    s, a = fit.pull[:, j], fit.weight[:, j]
    v, exact = weights(fit.clusters, draws, rng, kind=kind)
    vs, va, ts, ta = (v @ np.column_stack([s, a, a * s, a * a])).T
    ss, sa, aa = ((v * v) @ np.column_stack([s * s, s * a, a * a])).T
    return Draws(
        estimate=float(fit.coefficient[j]),
        se=float(np.sqrt(fit.covariance[j, j])),
        information=float(a.sum()),
        vs=vs,
        va=va,
        ss=ss,
        sa=sa,
        aa=aa,
        ts=ts,
        ta=ta,
        tt=float(a @ a),
        scale=float(np.sqrt(fit.factor)),
        exact=exact,
    )


def bootstrapped(
    fit: Fit, name: str, rng: np.random.Generator, *, draws: int = DRAWS, kind: str = "", level: float = 0.95
) -> Estimate:
    """The coefficient *name* of *fit* with p and interval by the bootstrap; ``se`` and ``dof`` are those of *fit*."""
    made = cluster_draws(fit, name, rng, draws=draws, kind=kind)
    low, high = made.interval(level)
    return Estimate(made.estimate, made.se, low, high, made.p(), fit.dof, level)
