"""The shortest interval of fixed length that holds when a trend may bend by at most M a period.

Rambachan & Roth (2023), Δ^SD(M) with fixed-length intervals, after Donoho (1994) and Armstrong & Kolesár (2018). An estimator
l'β_post + x'β_pre that is blind to straight trends has bias M·(B₀ + Σ|g_j|) at most, where g_j = Σ_{k>j} (k − j)·x_k weighs the
bend j periods before the reference. So the least variance for each bias is a lasso in g, and its path is piecewise straight.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from loft.value.cells import Floats


@dataclass(frozen=True)
class FixedLength:
    """The optimal estimator: ``weights`` (periods,) on all coefficients, its largest ``bias``, its ``sd``, and the ``half_length``."""

    weights: Floats
    bias: float
    sd: float
    half_length: float


def fixed_length(covariance: Floats, *, pre: int, weights: Floats, bend: float, alpha: float) -> FixedLength:
    """The estimator with the shortest interval for *weights* (post,) on the coefficients after; *covariance* is (pre + post)²."""
    g_first = float(np.arange(1, len(weights) + 1) @ weights)
    to_pre = _from_bends(pre)
    before, between = covariance[:pre, :pre], covariance[:pre, pre:] @ weights
    q = to_pre.T @ before @ to_pre
    c = to_pre.T @ between
    constant = float(weights @ covariance[pre:, pre:] @ weights) + 2 * c[0] * g_first + q[0, 0] * g_first**2
    path = _lasso_path(q[1:, 1:], c[1:] + q[1:, 0] * g_first)
    post = sum(abs(float(np.maximum(0, np.arange(1, len(weights) + 1) - j) @ weights)) for j in range(1, len(weights)))

    def along(place: float) -> FixedLength:
        g = np.array([np.interp(place, np.arange(len(path)), path[:, j]) for j in range(pre - 1)])
        sd = np.sqrt(max(constant + 2 * g @ (c[1:] + q[1:, 0] * g_first) + g @ q[1:, 1:] @ g, np.finfo(float).tiny))
        bias = bend * (post + abs(g_first) + np.abs(g).sum())
        full = np.concatenate((to_pre @ np.concatenate(([g_first], g)), weights))
        return FixedLength(full, float(bias), float(sd), folded_quantile(float(bias / sd), alpha) * float(sd))

    best = min(range(len(path)), key=lambda k: along(k).half_length)
    ends = (max(best - 1, 0), min(best + 1, len(path) - 1))
    if ends[0] == ends[1]:
        return along(best)
    place = optimize.minimize_scalar(
        lambda k: along(k).half_length, bounds=ends, method="bounded", options={"xatol": 1e-10}
    ).x
    return min(along(place), along(best), key=lambda found: found.half_length)


def folded_quantile(mean: float, alpha: float) -> float:
    """The 1 − α quantile of |N(mean, 1)|: what an interval needs in standard errors when its estimator may be off by *mean* of them."""
    mean = abs(mean)

    def beyond(extra: float) -> float:
        return float(special.ndtr(-extra) + special.ndtr(-extra - 2 * mean) - alpha)

    high = float(-special.ndtri(alpha / 2)) * 1.0001
    return mean + float(optimize.brentq(beyond, max(-mean, -40.0), high, xtol=1e-12))


def _from_bends(pre: int) -> Floats:
    """The matrix that makes the weights of the periods before, in order of time, from g: second differences, (pre, pre)."""
    later = np.arange(1, pre + 1)
    to_g = np.maximum(0, later[None, :] - np.arange(pre)[:, None]).astype(float)
    return np.asarray(np.linalg.inv(to_g)[::-1])


def _lasso_path(q: Floats, c: Floats) -> Floats:
    """The corners (corners, bends) of argmin ½g'qg + c'g + λΣ|g| as λ falls from where g is 0 to 0 (Osborne, Presnell & Turlach 2000)."""
    size = len(c)
    g = np.zeros(size)
    corners = [g]
    if size == 0 or not np.any(c):
        return np.array(corners)
    penalty = float(np.abs(c).max())
    active = [int(np.abs(c).argmax())]
    for _ in range(20 * size):
        sign = -np.sign((q @ g + c)[active])
        step = np.zeros(size)
        step[active] = np.linalg.lstsq(q[np.ix_(active, active)], sign, rcond=None)[0]
        fall, event, leaves = _next_corner(q, c, g, step, penalty, active)
        g = g + fall * step
        penalty -= fall
        if event >= 0 and leaves:
            g[event] = 0.0
            active.remove(event)
        elif event >= 0:
            active.append(event)
        corners.append(g)
        if event < 0 or penalty <= 0 or not active:
            break
    return np.array(corners)


def _next_corner(
    q: Floats, c: Floats, g: Floats, step: Floats, penalty: float, active: list[int]
) -> tuple[float, int, bool]:
    """How far λ falls until a bend comes in or one leaves; −1 where none does before λ is 0."""
    gradient, change = q @ g + c, q @ step
    fall, event, leaves = penalty, -1, False
    slack = 1e-12 * penalty
    for j in range(len(g)):
        if j in active:
            at = -g[j] / step[j] if step[j] * g[j] < 0 else np.inf
            if slack < at < fall:
                fall, event, leaves = at, j, True
            continue
        for side in (1.0, -1.0):  # gradient + fall·change = side·(penalty − fall)
            speed = change[j] + side
            at = (side * penalty - gradient[j]) / speed if abs(speed) > 1e-14 else np.inf
            if slack < at < fall:
                fall, event, leaves = at, j, False
    return fall, event, leaves
