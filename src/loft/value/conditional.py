"""The conditional test with a least favourable first stage (C-LF): may these moments all be 0 or less?

Andrews, Roth & Pakes (2023), "Inference for linear conditional moment inequalities", Review of Economic Studies 90(6), as used by Rambachan
& Roth (2023), "A more credible approach to parallel trends", Review of Economic Studies 90(5). The largest standardised moment η
is rejected where it is beyond what the least favourable case gives (error κ), or else beyond the quantile of a normal that is truncated
to where the same moment is largest (the rest of α). Moments here are the vertices of the dual of their linear program, so that
no program is solved.
"""

from functools import lru_cache

import numpy as np
from scipy import special
from scipy.stats import qmc

from loft.value.cells import Flags, Floats

DRAWS_LOG2 = 13


def accepts(moments: Floats, covariance: Floats, *, critical: float, alpha: float, kappa: float) -> Flags:
    """Which rows of *moments* (points, vertices) pass at level *alpha*; *covariance* is (vertices, vertices), *critical* from
    ``least_favourable``. Truncation: vertex j stays the largest for η between lo and up."""
    top = moments.argmax(axis=1)
    eta = moments.max(axis=1)
    variance = np.diag(covariance)[top]
    slope = covariance[top] / np.where(variance > 0, variance, 1.0)[:, None]
    rest = 1 - slope
    level = np.abs(rest) < 1e-9
    edge = (moments - slope * eta[:, None]) / np.where(level, 1.0, rest)
    low = np.where(~level & (rest > 0), edge, -np.inf).max(axis=1)
    high = np.where(~level & (rest < 0), edge, np.inf).min(axis=1)
    sd = np.sqrt(variance)
    known = sd > 0
    scale = np.where(known, sd, 1.0)
    quantile = _truncated(low / scale, np.minimum(high, critical) / scale, (alpha - kappa) / (1 - kappa))
    return (eta <= critical) & np.where(known, eta / scale <= np.maximum(0.0, quantile), eta <= 0)


def least_favourable(covariance: Floats, kappa: float) -> float:
    """The 1 − κ quantile of the largest of normal moments with mean 0 and *covariance*: by 8,191 evenly spread (Sobol) points, so that the
    answer is the same each time and needs no seed; its error is about 1 %."""
    value, vector = np.linalg.eigh(covariance)
    root = vector * np.sqrt(np.maximum(value, 0))
    return float(np.quantile((_points(len(value)) @ root.T).max(axis=1), 1 - kappa))


@lru_cache(maxsize=8)
def _points(dimensions: int) -> Floats:
    return np.asarray(special.ndtri(qmc.Sobol(dimensions, scramble=False).random_base2(DRAWS_LOG2)[1:]))


def _truncated(low: Floats, high: Floats, tail: float) -> Floats:
    """The 1 − *tail* quantile of a standard normal between *low* and *high*, in logarithms, which holds in far tails."""
    upper = np.logaddexp(special.log_ndtr(-high) + np.log1p(-tail), special.log_ndtr(-low) + np.log(tail))
    return np.asarray(-special.ndtri_exp(np.minimum(upper, 0.0)))
