"""General boundaries for a sum that is looked at all the time, of which the rule's sequence is one.

Howard, Ramdas, McAuliffe & Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49(2).
A sum S_t with variance process V_t (their "intrinsic time", in the sum's unit squared) crosses a boundary u(V_t) at any t with
probability α at most. A mixture m(s, v) is a supermartingale that starts at 1; the boundary is where m reaches 1/α, and 1/m is a
p-value at every look. Not supported: gamma-Poisson and beta-binomial mixtures, and quantiles.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from loft.language import mark
from loft.value.cells import Floats
from loft.value.errors import BadInput
from loft.value.sentence import Figure


def best_rho(v: float, *, alpha: float = 0.05, sides: int = 2) -> float:
    """The ρ (unit of *v*) with which a normal mixture is tightest, nearly, at the variance *v*. Their section on tuning."""
    _check(mark("the variance"), v > 0)
    _check_alpha(alpha if sides == 2 else 2 * alpha)
    log = -2 * np.log(alpha if sides == 2 else 2 * alpha)
    return float(v / (log + np.log1p(log)))


def normal_mixture(s: ArrayLike, v: ArrayLike, *, rho: float) -> Floats:
    """ln m(s, v) of the two-sided normal mixture; shape of *s* and *v* together."""
    s, v = _sum_and_variance(s, v, rho)
    return np.asarray(np.log(rho / (v + rho)) / 2 + s**2 / (2 * (v + rho)))


def normal_bound(v: ArrayLike, *, rho: float, alpha: float = 0.05) -> Floats:
    """The boundary of |s| of the two-sided normal mixture, unit of s, shape of *v*."""
    _, v = _sum_and_variance(0.0, v, rho)
    _check_alpha(alpha)
    return np.asarray(np.sqrt((v + rho) * (np.log1p(v / rho) - 2 * np.log(alpha))))


def one_sided_mixture(s: ArrayLike, v: ArrayLike, *, rho: float) -> Floats:
    """ln m(s, v) of the one-sided normal mixture; shape of *s* and *v* together."""
    s, v = _sum_and_variance(s, v, rho)
    return np.asarray(np.log(4 * rho / (v + rho)) / 2 + s**2 / (2 * (v + rho)) + special.log_ndtr(s / np.sqrt(v + rho)))


def one_sided_bound(v: ArrayLike, *, rho: float, alpha: float = 0.05) -> Floats:
    """The upper boundary of the one-sided normal mixture, unit of s, shape of *v*."""
    return _reaches(lambda s, v: one_sided_mixture(s, v, rho=rho), v, alpha)


def gamma_exponential_mixture(s: ArrayLike, v: ArrayLike, *, rho: float, c: float) -> Floats:
    """ln m(s, v) for sums whose terms have a bounded lower side: *c* is the scale of the sub-exponential tail, in the unit of *s*.

    With a = (v + ρ)/c² and x = (cs + v + ρ)/c² it holds γ(a, x)·x^−a·e^x = M(1, a + 1, x)/a with Kummer's M,
    by which it can also be computed where x is small or negative. Loses digits where c² is under a millionth of ρ.
    """
    s, v = _sum_and_variance(s, v, rho)
    _check(mark("the scale c"), c > 0)
    prior = rho / c**2
    a, x = np.broadcast_arrays((v + rho) / c**2, (c * s + v + rho) / c**2)
    small = x < a
    safe = np.where(small, a, x)
    large = special.gammaln(a) + np.log(special.gammainc(a, safe)) - a * np.log(safe) + safe
    series = np.log(special.hyp1f1(1.0, a + 1, np.minimum(x, a))) - np.log(a)
    start = prior * np.log(prior) - prior - special.gammaln(prior) - np.log(special.gammainc(prior, prior))
    return np.asarray(start + np.where(small, series, large))


def gamma_exponential_bound(v: ArrayLike, *, rho: float, c: float, alpha: float = 0.05) -> Floats:
    """The upper boundary of the gamma-exponential mixture, unit of s, shape of *v*."""
    return _reaches(lambda s, v: gamma_exponential_mixture(s, v, rho=rho, c=c), v, alpha)


def stitched_bound(
    v: ArrayLike, *, v_min: float, c: float = 0.0, alpha: float = 0.05, power: float = 1.4, eta: float = 2.0
) -> Floats:
    """The upper boundary by polynomial stitching, unit of s, shape of *v*: grows as √(v ln ln v), from *v_min* on. Their theorem 1.

    *power* is their s, and *eta* the ratio between the epochs that are stitched together.
    """
    _, v = _sum_and_variance(0.0, v, v_min)
    _check_alpha(alpha)
    _check(mark("the power"), power > 1)
    _check(mark("the ratio between epochs"), eta > 1)
    k1, k2 = (eta**0.25 + eta**-0.25) / np.sqrt(2), (np.sqrt(eta) + 1) / 2
    v = np.maximum(v, v_min)
    level = power * np.log(np.log(eta * v / v_min)) + np.log(special.zeta(power) / (alpha * np.log(eta) ** power))
    return np.asarray(np.sqrt(k1**2 * v * level + (k2 * c * level) ** 2) + k2 * c * level)


@dataclass(frozen=True)
class AverageEffect:
    """The average effect after each case; every array has one entry a case, in the order they came.

    ``low`` and ``high`` hold at every look. ``p`` is the p-value at every look of "the effect is not above 0".
    """

    estimate: Floats
    low: Floats
    high: Floats
    p: Floats


def average_effect(
    y: ArrayLike,
    treated: ArrayLike,
    *,
    share: float,
    support: tuple[float, float],
    v_plan: float,
    alpha: float = 0.05,
) -> AverageEffect:
    """The effect on cases that are drawn one by one to the new way with probability *share*, for as long as one likes.

    *y* (cases,) are outcomes inside *support*; *treated* (cases,) is True for the new way; *v_plan* is the variance process, in y's
    unit squared, at which the range shall be tightest. Nothing else is assumed: no distribution, no common mean. Howard et al. 2021,
    on average treatment effects, with each arm's mean so far as prediction. Raises ``BadInput`` for outcomes outside *support*.
    """
    y, treated = np.asarray(y, float), np.asarray(treated, bool)
    low, high = support
    _check(mark("the share that is treated"), 0 < share < 1)
    if y.ndim != 1 or y.shape != treated.shape or not np.all((y >= low) & (y <= high)):
        raise BadInput(
            mark("Each case needs an outcome between %(low)s and %(high)s and a mark for the new way."),
            low=Figure(str(low), "text"),
            high=Figure(str(high), "text"),
        )
    predicted = [_mean_before(y, arm, (low + high) / 2) for arm in (treated, ~treated)]
    expected = predicted[0] - predicted[1]
    weight = (treated - share) / (share * (1 - share))
    x = expected + weight * (y - np.where(treated, *predicted))
    s, v, t = np.cumsum(x), np.cumsum((x - expected) ** 2), np.arange(1, len(y) + 1)
    c = 2 * (high - low) / min(share, 1 - share)
    rho = best_rho(v_plan, alpha=alpha / 2, sides=1)
    radius = gamma_exponential_bound(v, rho=rho, c=c, alpha=alpha / 2) / t
    return AverageEffect(
        estimate=s / t,
        low=np.maximum(low - high, s / t - radius),
        high=np.minimum(high - low, s / t + radius),
        p=np.exp(np.minimum(0.0, -gamma_exponential_mixture(s, v, rho=rho, c=c))),
    )


def _mean_before(y: Floats, arm: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], start: float) -> Floats:
    """The mean of the arm's outcomes before each case: *start* for the first case, 0 until the arm has a case."""
    mean = np.cumsum(y * arm) / np.maximum(1, np.cumsum(arm))
    return np.concatenate(([start], mean))[:-1]


def _reaches(log_mixture: Callable[[Floats, Floats], Floats], v: ArrayLike, alpha: float) -> Floats:
    """The s at which the mixture, which grows with s, reaches 1/α; by bisection to the last digit."""
    _check_alpha(alpha)
    v, level = np.asarray(v, float), -np.log(alpha)
    low = np.zeros(v.shape)
    high = np.sqrt(v) + 1
    while np.any(short := log_mixture(high, v) < level):
        high = np.where(short, 2 * high, high)
    for _ in range(64):
        middle = (low + high) / 2
        over = log_mixture(middle, v) >= level
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.asarray((low + high) / 2)


def _sum_and_variance(s: ArrayLike, v: ArrayLike, rho: float) -> tuple[Floats, Floats]:
    s, v = np.asarray(s, float), np.asarray(v, float)
    _check(mark("the prior's ρ, or the smallest variance,"), 0 < rho < np.inf)
    if not (np.all(np.isfinite(s)) and np.all((v >= 0) & (v < np.inf))):
        raise BadInput(mark("A sum must be a number and its variance a number not below 0."))
    return s, v


def _check_alpha(alpha: float) -> None:
    _check(mark("the error α"), 0 < alpha < 1)


def _check(what: str, right: bool) -> None:
    if not right:
        raise BadInput(
            mark("Here %(what)s is outside what makes sense. Give another value."), what=Figure(what, "told")
        )
