"""How large a hidden drift a finding withstands.

Parallel trends cannot be seen after the change; what can be seen is how far the two groups drifted apart before it. Rambachan & Roth
(2023), "A more credible approach to parallel trends", Review of Economic Studies 90(5), turn that into ranges: **relative magnitudes** lets
each period's drift after the change be up to M̄ times the largest before it; **smoothness** lets a straight trend bend by up to M a period.

Coefficients come in the order of time, with the last period before the change left out as the reference. Not supported: sign and monotone
restrictions, and combinations of the two restrictions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from loft.language import mark
from loft.value.cells import Flags, Floats
from loft.value.conditional import accepts, least_favourable
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.fixed_length import fixed_length
from loft.value.sentence import Figure

GRID = 401
LARGEST_MAGNITUDE = 1e6


@dataclass(frozen=True)
class Robust:
    """A range for the effect, in the coefficients' unit, that holds where the drift is no more than ``allowed`` (M̄, or M a period)."""

    low: float
    high: float
    allowed: float


@dataclass(frozen=True)
class _Study:
    """β̂ (periods,), Σ̂ (periods, periods), the number of periods before, and l (periods,), 0 before the change."""

    beta: Floats
    covariance: Floats
    pre: int
    weights: Floats
    alpha: float

    def sd(self, rows: Floats) -> Floats:
        """The standard deviation of each of *rows* (rows, periods) times β̂."""
        return np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", rows, self.covariance, rows), 0.0))


@dataclass(frozen=True)
class _Vertices:
    """Moments as F·β̂ + f·θ that must be 0 or less: F (vertices, periods), f (vertices,); the last rows do not depend on θ.

    ``critical`` is the least favourable critical value; no θ outside ``low`` to ``high`` passes it.
    """

    value: Floats
    theta: Floats
    covariance: Floats
    critical: float

    @property
    def low(self) -> float:
        return float((self.value[0] - self.critical) / -self.theta[0])

    @property
    def high(self) -> float:
        return float((self.critical - self.value[1]) / self.theta[1])


def relative_magnitudes(
    beta: ArrayLike, covariance: ArrayLike, *, pre: int, weights: ArrayLike, magnitude: float = 1.0, alpha: float = 0.05
) -> Robust:
    """The C-LF range for the effect Σ weights·β_post when each period's drift is at most *magnitude* (M̄) times the largest before.

    *beta* (pre + post,), *covariance* (pre + post, pre + post), *weights* (post,). The set need not be connected; its hull is given.
    Moments that only concern the periods before are left out, as HonestDiD does. Raises ``CannotBeKnown`` without a period before, and
    ``BadInput`` for shapes and numbers that do not fit.
    """
    study = _study(beta, covariance, pre, weights, alpha, magnitude)
    sets = [_ends(study, found) for found in _vertices(study, magnitude)]
    found = [ends for ends in sets if ends is not None]
    return Robust(min(low for low, _ in found), max(high for _, high in found), magnitude)


def smoothness(
    beta: ArrayLike, covariance: ArrayLike, *, pre: int, weights: ArrayLike, bend: float = 0.0, alpha: float = 0.05
) -> Robust:
    """The shortest fixed-length range for the effect Σ weights·β_post when the drift's slope changes by at most *bend* (M) a period.

    With *bend* 0 a straight trend, estimated from the periods before, is taken out. Shapes and errors as ``relative_magnitudes``.
    """
    study = _study(beta, covariance, pre, weights, alpha, bend)
    found = fixed_length(study.covariance, pre=pre, weights=study.weights[pre:], bend=bend, alpha=alpha)
    centre = float(found.weights @ study.beta)
    return Robust(centre - found.half_length, centre + found.half_length, bend)


def breakdown(
    beta: ArrayLike,
    covariance: ArrayLike,
    *,
    pre: int,
    weights: ArrayLike,
    alpha: float = 0.05,
    precision: float = 1e-3,
) -> float:
    """The largest M̄ at which the C-LF set still excludes 0, to *precision*, by bisection; 0 where 0 is not excluded with no drift at all.

    Shapes and errors as ``relative_magnitudes``.
    """
    study = _study(beta, covariance, pre, weights, alpha, 0.0)
    low, high = 0.0, 1.0
    if _zero_passes(study, low):
        return 0.0
    while not _zero_passes(study, high):
        low, high = high, 2 * high
        if high > LARGEST_MAGNITUDE:
            return low
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (low, middle) if _zero_passes(study, middle) else (middle, high)
    return low


def _vertices(study: _Study, magnitude: float) -> Iterator[_Vertices]:
    """The moments for each period s before and each sign of its drift, that is taken to be the largest (Δ^RM_{s,+}, Δ^RM_{s,−})."""
    periods, pre, weights = len(study.beta), study.pre, study.weights
    steps = np.diff(np.insert(np.eye(periods), pre, 0.0, axis=0), axis=0)
    tail = np.cumsum(weights[pre:][::-1])[::-1]
    for drift in (sign * step for step in steps[:pre] for sign in (1.0, -1.0)):
        bound = magnitude * drift
        up, down = study.sd(steps[pre:] - bound), study.sd(-steps[pre:] - bound)
        over, under = np.abs(tail) @ np.where(tail > 0, up, down), np.abs(tail) @ np.where(tail > 0, down, up)
        if min(over, under) <= 0:
            raise BadInput(
                mark("The effect has no variance. A range needs coefficients with a standard error above 0.")
            )
        reach = np.abs(tail).sum() * bound
        rows = [(weights - reach) / over, (-weights - reach) / under]
        rows += [-2 * bound / both for both in up + down if magnitude > 0 and both > 0]
        matrix = np.array(rows)
        spread = matrix @ study.covariance @ matrix.T
        theta = np.zeros(len(rows))
        theta[:2] = -1 / over, 1 / under
        yield _Vertices(matrix @ study.beta, theta, spread, least_favourable(spread, study.alpha / 10))


def _passes(study: _Study, found: _Vertices, theta: Floats) -> Flags:
    moments = found.value[None, :] + theta[:, None] * found.theta[None, :]
    return accepts(moments, found.covariance, critical=found.critical, alpha=study.alpha, kappa=study.alpha / 10)


def _zero_passes(study: _Study, magnitude: float) -> bool:
    return any(bool(_passes(study, found, np.zeros(1))[0]) for found in _vertices(study, magnitude))


def _ends(study: _Study, found: _Vertices) -> tuple[float, float] | None:
    """The least and the largest θ that pass; None where none does."""
    if found.low > found.high:
        return None
    centre = np.clip(study.weights @ study.beta, found.low, found.high)
    grid = np.sort(np.append(np.linspace(found.low, found.high, GRID), centre))
    passed = np.flatnonzero(_passes(study, found, grid))
    if not len(passed):
        return None
    first, last = passed[0], passed[-1]
    inner = grid[[first, last]]
    outer = grid[[max(first - 1, 0), min(last + 1, GRID)]]
    for _ in range(40):
        middle = (inner + outer) / 2
        good = _passes(study, found, middle)
        inner, outer = np.where(good, middle, inner), np.where(good, outer, middle)
    return float(inner[0]), float(inner[1])


def _study(
    beta: ArrayLike, covariance: ArrayLike, pre: int, weights: ArrayLike, alpha: float, allowed: float
) -> _Study:
    b, v, w = (np.asarray(a, float) for a in (beta, covariance, weights))
    if b.ndim != 1 or w.ndim != 1 or v.shape != (len(b), len(b)) or len(w) != len(b) - pre or not len(w) or pre < 0:
        raise BadInput(
            mark("%(beta)s coefficients with %(pre)s before do not fit the covariance and %(weights)s weights after."),
            beta=Figure(b.size, "count"),
            pre=Figure(pre, "count"),
            weights=Figure(w.size, "count"),
        )
    if pre < 1:
        raise CannotBeKnown(
            mark("With one period before the change nothing is known of the drift. Two or more would make it knowable.")
        )
    if not all(np.all(np.isfinite(a)) for a in (b, v, w)) or not np.any(w):
        raise BadInput(mark("Coefficients, covariance and weights must be numbers, and one weight not 0."))
    _check_covariance(v)
    if not 0 < alpha < 1 or not 0 <= allowed < np.inf:
        raise BadInput(mark("The error α must be between 0 and 1, and the drift allowed a number not below 0."))
    return _Study(b, v, pre, np.concatenate((np.zeros(pre), w)), alpha)


def _check_covariance(v: Floats) -> None:
    value = np.linalg.eigvalsh((v + v.T) / 2)
    symmetric = np.allclose(v, v.T, rtol=1e-6, atol=1e-9 * abs(value[-1]))
    if not symmetric or value[-1] <= 0 or value[0] < -1e-8 * value[-1]:
        raise BadInput(mark("That is no covariance matrix: it must be symmetric, with variances above 0."))
