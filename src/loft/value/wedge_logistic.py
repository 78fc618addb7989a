"""A stepped wedge of shares: a logistic mixed model by Laplace's approximation, from cells."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from loft.language import mark
from loft.value.cells import Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.wedge import Exposure, Wedge, WedgeEffect

_ENDLESS = 12.0
"""Log odds beyond which a coefficient is on its way to infinity: a share of 6 in a million."""


@dataclass(frozen=True)
class LogisticFit:
    """A logistic mixed model: ``coefficients`` (k,), their ``covariance`` (k, k), the standard deviations and the log likelihood."""

    coefficients: Floats
    covariance: Floats
    between: float
    drift: float
    log_likelihood: float


def logistic_effect(cells: Wedge, *, drift: bool = True, exposure: Exposure = "immediate") -> WedgeEffect:
    """The change's effect as log odds within a unit, allowing for a level of each unit and, with *drift*, of each unit in each period.

    Standard errors come from the curvature in all parameters, those of the standard deviations too, as ``lme4`` has them.
    Laplace's approximation is good where cells have some ten cases or more; with few cases and large differences between units
    it makes these differences too small (Joe 2008).
    Raises ``BadInput`` for values other than 0 and 1, ``CannotBeKnown`` where an effect or a level runs to infinity.
    """
    if not np.allclose(cells.squares, cells.total) or (cells.total < 0).any() or (cells.total > cells.n).any():
        raise BadInput(
            mark("A logistic model is for answers of 0 and 1; use the linear mixed model for other figures.")
        )
    x, weights = cells.columns(exposure)
    fit = laplace_fit(x, cells, drift=drift)
    return WedgeEffect(
        estimate=float(weights @ fit.coefficients),
        se=float(np.sqrt(weights @ fit.covariance @ weights)),
        df=cells.units - 2,
        levels=fit.coefficients[: cells.periods],
        between=fit.between,
        drift=fit.drift if drift else None,
    )


def laplace_fit(x: Floats, cells: Wedge, *, drift: bool) -> LogisticFit:
    """The fit of the columns *x* (c, k) at the highest approximate likelihood (Breslow & Clayton 1993; Bates et al. 2015 for its form)."""
    k = x.shape[1]

    def cost(parameters: Floats) -> float:
        return -laplace(parameters[:k], np.abs(parameters[k:]), x, cells)

    plain = _plain_logistic(x, cells)
    sds = 2 if drift else 1
    starts = [np.r_[plain, np.full(sds, start)] for start in (0.2, 0.7)]
    found = [optimize.minimize(cost, start, method="BFGS", options={"gtol": 1e-5}) for start in starts]
    best = min(found, key=lambda f: float(f.fun))
    best = optimize.minimize(cost, best.x, method="BFGS", options={"gtol": 1e-6})
    parameters = np.r_[best.x[:k], np.abs(best.x[k:])]
    _check_finite(parameters[:k])
    inner = np.r_[np.full(k, True), parameters[k:] > 0.01]
    covariance = _inverse_curvature(cost, parameters, inner)[:k, :k]
    spread = np.r_[parameters[k:], 0.0][:2]
    return LogisticFit(parameters[:k], covariance, float(spread[0]), float(spread[1]), -float(best.fun))


def laplace(beta: Floats, sds: Floats, x: Floats, cells: Wedge) -> float:
    """The logarithm of the likelihood of *beta* (k,) and *sds*, of units and, where it has two, of units' periods.

    For each unit the integrand is replaced by a normal curve at its peak, which is found by Newton's method; the curvature has the
    shape of an arrow, one level with the periods hanging on it, and is taken apart by hand.
    """
    between, drift = float(sds[0]), float(sds[1]) if len(sds) > 1 else 0.0
    fixed, units = x @ beta, cells.units
    level, wave = np.zeros(units), np.zeros(len(fixed))
    for _ in range(200):
        eta = fixed + between * level[cells.unit] + drift * wave
        share = special.expit(eta)
        rest, weight = cells.total - cells.n * share, cells.n * share * (1.0 - share)
        own = 1.0 + drift**2 * weight
        hang = between * drift * weight / own
        slope = drift * rest - wave
        trunk = 1.0 + between**2 * _by_unit(weight / own, cells.unit, units)
        up = (between * _by_unit(rest, cells.unit, units) - level - _by_unit(hang * slope, cells.unit, units)) / trunk
        out = slope / own - hang * up[cells.unit]
        level += np.clip(up, -2.0, 2.0)
        wave += np.clip(out, -2.0, 2.0)
        if max(np.abs(up).max(), np.abs(out).max()) < 1e-10:
            break
    joint = np.sum(cells.total * eta - cells.n * np.logaddexp(0.0, eta)) - 0.5 * (level @ level + wave @ wave)
    return float(joint - 0.5 * (np.log(trunk).sum() + np.log(own).sum()))


def _by_unit(values: Floats, unit: Ints, units: int) -> Floats:
    return np.asarray(np.bincount(unit, weights=values, minlength=units), np.float64)


def _plain_logistic(x: Floats, cells: Wedge) -> Floats:
    """The coefficients (k,) of a logistic regression without units, by Newton's method, slightly drawn to 0."""
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        share = special.expit(x @ beta)
        weight = cells.n * share * (1.0 - share)
        curvature = x.T @ (x * weight[:, None]) + 1e-3 * np.eye(len(beta))
        beta = beta + np.linalg.solve(curvature, x.T @ (cells.total - cells.n * share) - 1e-3 * beta)
    return beta


def _check_finite(beta: Floats) -> None:
    if not np.isfinite(beta).all() or np.abs(beta).max() > _ENDLESS:
        raise CannotBeKnown(
            mark(
                "All cases with the change, or all in a period, have the same answer, so the odds have no limit. Wait for more cases."
            ),
        )


def _inverse_curvature(cost: Callable[[Floats], float], at: Floats, inner: Floats) -> Floats:
    """The inverse of the second derivatives of *cost* in the parameters that are *inner*, by central differences."""
    index = np.flatnonzero(inner)
    steps = np.eye(len(at))[index] * 1e-3
    curvature = np.empty((len(index), len(index)))
    for i, one in enumerate(steps):
        for j, other in enumerate(steps[: i + 1]):
            corners = cost(at + one + other) - cost(at + one - other) - cost(at - one + other) + cost(at - one - other)
            curvature[i, j] = curvature[j, i] = corners / 4e-6
    if np.linalg.eigvalsh(curvature).min() <= 0:
        raise CannotBeKnown(
            mark("The likelihood has no clear peak, so no error can be told. Wait for more cases, or leave out drift.")
        )
    return np.asarray(np.linalg.inv(curvature), np.float64)
