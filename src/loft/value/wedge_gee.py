"""A stepped wedge by generalised estimating equations: the effect over all units alike, with errors that need no model of units."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from loft.language import mark
from loft.value.cells import Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.wedge import Exposure, Wedge, WedgeEffect

Scale = Literal["shares", "figures"]


@dataclass(frozen=True)
class GeeFit:
    """Estimating equations solved: ``coefficients`` (k,), the robust ``covariance`` (k, k) and the working ``correlation`` of two cases."""

    coefficients: Floats
    covariance: Floats
    correlation: float


def gee_effect(
    cells: Wedge, *, scale: Scale = "shares", exposure: Exposure = "immediate", small_sample: bool = True
) -> WedgeEffect:
    """The change's effect, as log odds for *shares* of 0 and 1 and in the measure's unit for *figures*, over all units alike.

    *small_sample*: errors corrected for few units (Mancl & DeRouen 2001). Without it, and by the normal distribution, 95 % intervals miss
    the truth in about 15 % of simulated wedges of 8 units, 6 % of 16; with it in 3 %.
    Raises ``BadInput`` for shares of other values than 0 and 1, ``CannotBeKnown`` where an effect runs to infinity.
    """
    if scale == "shares" and (not np.allclose(cells.squares, cells.total) or (cells.total > cells.n).any()):
        raise BadInput(mark("Shares are of answers of 0 and 1; ask for figures instead."))
    x, weights = cells.columns(exposure)
    fit = exchangeable(x, cells, scale=scale, small_sample=small_sample)
    return WedgeEffect(
        estimate=float(weights @ fit.coefficients),
        se=float(np.sqrt(weights @ fit.covariance @ weights)),
        df=cells.units - 2,
        levels=fit.coefficients[: cells.periods],
    )


def exchangeable(x: Floats, cells: Wedge, *, scale: Scale, small_sample: bool) -> GeeFit:
    """The solution for the columns *x* (c, k), where any two cases of a unit are taken to be equally alike (Liang & Zeger 1986)."""
    beta = np.zeros(x.shape[1])
    for _ in range(100):
        scores, breads, correlation = _by_units(beta, x, cells, scale)
        step = np.linalg.solve(breads.sum(axis=0), scores.sum(axis=0))
        beta = beta + np.clip(step, -3.0, 3.0) if scale == "shares" else beta + step
        if not np.isfinite(beta).all() or (scale == "shares" and np.abs(beta).max() > 15):
            break
        if np.abs(step).max() < 1e-10 * max(1.0, np.abs(beta).max()):
            return GeeFit(beta, _sandwich(*_by_units(beta, x, cells, scale)[:2], small_sample), correlation)
    raise CannotBeKnown(
        mark("The estimating equations have no solution: a period, or all with the change, may have one answer only.")
    )


def _by_units(beta: Floats, x: Floats, cells: Wedge, scale: Scale) -> tuple[Floats, Floats, float]:
    """Each unit's score (units, k) and information (units, k, k) at *beta*, with the working correlation estimated there.

    The inverse of an exchangeable correlation is (I − c·11ᵀ)/(1 − α), c = α/(1 + (n − 1)α), so sums over cases are enough.
    """
    eta = x @ beta
    mean = special.expit(eta) if scale == "shares" else eta
    variance = np.maximum(mean * (1 - mean), 1e-12) if scale == "shares" else np.ones_like(eta)
    rest = cells.total - cells.n * mean
    squares = cells.squares - 2 * mean * cells.total + cells.n * mean**2
    standing = _sum(rest / np.sqrt(variance), cells.unit)
    size = _sum(cells.n, cells.unit)
    alpha = _correlation(standing, _sum(squares / variance, cells.unit), size, x.shape[1])
    shrink = alpha / (1 + (size - 1) * alpha)
    along = _sum(x * (cells.n * np.sqrt(variance))[:, None], cells.unit)
    scores = _sum(x * rest[:, None], cells.unit) - along * (shrink * standing)[:, None]
    plain = _sum(x[:, :, None] * x[:, None, :] * (cells.n * variance)[:, None, None], cells.unit)
    breads = plain - along[:, :, None] * along[:, None, :] * shrink[:, None, None]
    return scores / (1 - alpha), breads / (1 - alpha), alpha


def _correlation(standing: Floats, squares: Floats, size: Floats, k: int) -> float:
    """The moment estimate of the correlation of two cases of a unit, kept where it is a correlation of all units' sizes."""
    cases, pairs = float(size.sum()), float((size * (size - 1)).sum()) / 2
    variance = float(squares.sum()) / (cases - k)
    if variance <= 0 or pairs <= k:
        raise CannotBeKnown(
            mark("The units' cases show no difference, or each unit has one case; the effect's error cannot be told.")
        )
    alpha = float((standing**2 - squares).sum()) / 2 / variance / (pairs - k)
    return float(np.clip(alpha, -0.9 / (size.max() - 1) if size.max() > 1 else 0.0, 0.99))


def _sandwich(scores: Floats, breads: Floats, small_sample: bool) -> Floats:
    """The robust covariance (k, k). With *small_sample* each score is freed of its own pull: s → M(M − B)⁻¹ s (Mancl & DeRouen 2001)."""
    whole = breads.sum(axis=0)
    inverse = np.linalg.inv(whole)
    if small_sample:
        rest = whole - breads
        if max(np.linalg.cond(r) for r in rest) > 1e10:
            raise CannotBeKnown(
                mark(
                    "One unit alone tells of a period or of the change, so its error cannot be told; let more take part."
                )
            )
        scores = np.einsum("kl,ul->uk", whole, np.linalg.solve(rest, scores[:, :, None])[:, :, 0])
    return inverse @ (scores.T @ scores) @ inverse


def _sum(values: Floats, unit: Ints) -> Floats:
    """The sums of *values* (c, …) over each unit: (units, …)."""
    sums = np.zeros((int(unit.max()) + 1, *values.shape[1:]))
    np.add.at(sums, unit, values)
    return sums
