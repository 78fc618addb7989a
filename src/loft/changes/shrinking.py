"""What many effects say together: each drawn toward the mean of all, so that the largest are not believed for being largest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 4
"""With fewer effects their spread tells too little for the mean to be learned from (Morris 1983 needs k − 3 above 0)."""
NORMAL = 1.959963984540054
"""The normal quantile by which half a range of 95 % is a standard error. Of a sequence, which is wider than an interval, this gives a
larger error than the true one, so that effects are drawn somewhat further toward the mean."""


@dataclass(frozen=True)
class Shrunken:
    """Effects drawn together: ``estimate`` (k,) and ``error`` (k,), the posterior's; their ``mean``, and ``spread``, the standard deviation
    of the true effects around it (0 where chance alone would explain what differs)."""

    estimate: Floats
    error: Floats
    mean: float
    spread: float


def shrunken(estimate: Floats, error: Floats) -> Shrunken | None:
    """The effects (k,), with standard errors (k,) above 0, drawn toward their mean; None for fewer than ``FEWEST``.

    Empirical Bayes for unequal errors: θ_i ~ N(μ, A), x_i ~ N(θ_i, V_i); A solves Σ (x_i − μ)² / (V_i + A) = k − 1 with μ the weighted
    mean (Paule & Mandel 1982), and each is drawn by B_i = (k − 3)/(k − 1) · V_i / (V_i + A) (Morris 1983, JASA 78, section 3; the
    factor allows for A being estimated). Such estimates need no correction for having been picked, as long as all that were measured are
    given and not only those that came out well (Efron 2011, JASA 106, section 1).
    """
    x, v = np.asarray(estimate, np.float64), np.asarray(error, np.float64) ** 2
    k = len(x)
    if k < FEWEST or not (np.isfinite(x).all() and np.isfinite(v).all() and (v > 0).all()):
        return None
    between = _between(x, v)
    weight = 1 / (v + between)
    mean = float((weight * x).sum() / weight.sum())
    drawn = (k - 3) / (k - 1) * v * weight
    # Morris 1983, equation 3.10: what is left of V, the mean's own error, and that of A.
    own = v * (1 - (1 - weight / weight.sum()) * drawn)
    extra = 2 / (k - 3) * drawn**2 * (x - mean) ** 2
    return Shrunken((1 - drawn) * x + drawn * mean, np.sqrt(own + extra), mean, float(np.sqrt(between)))


def _between(x: Floats, v: Floats) -> float:
    """The variance A between true effects, by bisection; 0 where the effects differ no more than their errors make them."""

    def excess(between: float) -> float:
        weight = 1 / (v + between)
        mean = (weight * x).sum() / weight.sum()
        return float((weight * (x - mean) ** 2).sum()) - (len(x) - 1)

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(np.ptp(x) ** 2) + float(v.max())
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
