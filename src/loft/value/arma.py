"""The exact Gaussian likelihood of a regression whose errors remember the past: seasonal autoregression and moving average."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from loft.language import mark
from loft.value.cells import Floats
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure


@dataclass(frozen=True)
class Memory:
    """How the errors of a series remember: ``ARIMA(ar, 0, ma)(seasonal_ar, 0, seasonal_ma)`` with the season's length ``period``.

    Always stationary: differencing is not supported; put a trend into the regression instead.
    """

    ar: int = 1
    ma: int = 0
    seasonal_ar: int = 0
    seasonal_ma: int = 0
    period: int = 12

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """The number of parameters of each part, in the order in which they are estimated."""
        return self.ar, self.ma, self.seasonal_ar, self.seasonal_ma


@dataclass(frozen=True)
class Regression:
    """A regression with remembering errors, fitted to n values and k columns.

    ``coefficients`` and ``se`` have shape (k,), ``covariance`` (k, k). ``ar``, ``ma``, ``seasonal_ar`` and ``seasonal_ma`` are the memory's
    parameters with the signs of R's ``arima``; ``variance`` is that of the innovations; ``df`` is n − k.
    """

    coefficients: Floats
    covariance: Floats
    ar: Floats
    ma: Floats
    seasonal_ar: Floats
    seasonal_ma: Floats
    variance: float
    log_likelihood: float
    df: int
    restricted: bool

    @property
    def se(self) -> Floats:
        """The standard errors of ``coefficients``, shape (k,)."""
        return np.sqrt(np.diag(self.covariance))


def regress(y: Floats, x: Floats, *, memory: Memory, restricted: bool = True) -> Regression:
    """The coefficients of the columns *x* (n, k) for the series *y* (n,), with errors that follow *memory*, by exact likelihood.

    ``restricted``: restricted maximum likelihood, which allows for the k coefficients when memory and variance are estimated and
    is the better one for short series; else plain maximum likelihood, as R's ``arima`` gives it. Columns are brought to one scale
    first, so that their units do not matter. Standard errors take the memory as known.
    Raises ``BadInput`` for wrong shapes or values, ``CannotBeKnown`` where the columns cannot be told apart.

    Source: Harville (1977) for the restricted likelihood; Brockwell & Davis (1991), §5.3 and §8.7, for the exact one.
    """
    y, x = np.asarray(y, np.float64), np.asarray(x, np.float64)
    _check(y, x, memory)
    scale = np.sqrt(np.mean(x**2, axis=0))
    scaled = x / np.where(scale > 0, scale, 1.0)
    if np.linalg.matrix_rank(scaled) < x.shape[1]:
        raise CannotBeKnown(mark("Two of the series' columns tell the same; leave one of them out."))
    unit = float(np.std(y)) or 1.0
    free = _best(y / unit, scaled, memory, restricted)
    found = _profile(free, y / unit, scaled, memory, restricted)
    parts = _parts(free, memory)
    return Regression(
        coefficients=found.beta * unit / scale,
        covariance=found.covariance * unit**2 / np.outer(scale, scale),
        ar=parts[0],
        ma=-parts[1],
        seasonal_ar=parts[2],
        seasonal_ma=-parts[3],
        variance=found.variance * unit**2,
        log_likelihood=found.log_likelihood - found.df * np.log(unit) - restricted * float(np.sum(np.log(scale))),
        df=len(y) - x.shape[1],
        restricted=restricted,
    )


def autocovariances(phi: Floats, theta: Floats, lags: int) -> Floats:
    """γ(0) … γ(*lags*) of x_t = Σ φ_i x_{t−i} + e_t + Σ θ_j e_{t−j} with innovations of variance 1; *phi* (p,), *theta* (q,).

    Source: Brockwell & Davis (1991), §3.3, second method.
    """
    p, q = len(phi), len(theta)
    ma = np.r_[1.0, theta]
    psi = np.zeros(q + 1)
    for j in range(q + 1):
        psi[j] = ma[j] + sum(phi[i - 1] * psi[j - i] for i in range(1, min(j, p) + 1))
    right = np.array([float(ma[k:] @ psi[: q + 1 - k]) if k <= q else 0.0 for k in range(max(p, lags) + 1)])
    left = np.eye(p + 1)
    for k in range(p + 1):
        for i in range(1, p + 1):
            left[k, abs(k - i)] -= phi[i - 1]
    gamma = np.zeros(max(p, lags) + 1)
    gamma[: p + 1] = np.linalg.solve(left, right[: p + 1])
    for k in range(p + 1, lags + 1):
        gamma[k] = right[k] + phi @ gamma[k - p : k][::-1]
    return gamma[: lags + 1]


@dataclass(frozen=True)
class _Profile:
    beta: Floats
    covariance: Floats
    variance: float
    log_likelihood: float
    df: int


def _check(y: Floats, x: Floats, memory: Memory) -> None:
    if y.ndim != 1 or x.ndim != 2 or len(x) != len(y):
        raise BadInput(mark("A series needs one row of columns for each value; bring both to the same length."))
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise BadInput(mark("The series has holes or values that are not numbers; fill them or shorten the series."))
    if min(memory.parts) < 0 or memory.period < 2:
        raise BadInput(mark("The orders of a series' memory are 0 or more, and a season has at least 2 periods."))
    needed = 2 * (x.shape[1] + sum(memory.parts)) + memory.period * (memory.seasonal_ar + memory.seasonal_ma > 0)
    if len(y) < max(needed, 8):
        raise CannotBeKnown(
            mark(
                "The series has %(n)s values and the model needs at least %(needed)s; wait for more, or choose a simpler one."
            ),
            n=Figure(len(y), "count"),
            needed=Figure(max(needed, 8), "count"),
        )
    if np.ptp(y) == 0:
        raise CannotBeKnown(mark("All values of the series are the same; there is nothing to estimate."))


def _best(y: Floats, x: Floats, memory: Memory, restricted: bool) -> Floats:
    """The memory's free parameters at the highest likelihood, sought from three starting points."""

    def cost(free: NDArray[np.float64]) -> float:
        try:
            return -_profile(free, y, x, memory, restricted).log_likelihood
        except np.linalg.LinAlgError:
            return 1e10

    starts = [np.full(sum(memory.parts), start) for start in (0.0, 0.5, 1.2)]
    if not starts[0].size:
        return starts[0]
    found = [optimize.minimize(cost, start, method="L-BFGS-B", bounds=[(-6.0, 6.0)] * start.size) for start in starts]
    return min(found, key=lambda f: float(f.fun)).x


def _parts(free: Floats, memory: Memory) -> list[Floats]:
    """The four polynomials' coefficients, each stationary (for the moving averages: invertible), with the sign of an autoregression."""
    cuts = np.cumsum(memory.parts)[:-1]
    return [_stationary(np.tanh(part)) for part in np.split(np.asarray(free, np.float64), cuts)]


def _stationary(partial: Floats) -> Floats:
    """The autoregression whose partial autocorrelations are *partial* (Barndorff-Nielsen & Schou 1973)."""
    phi = np.zeros(0)
    for r in partial:
        phi = np.r_[phi - r * phi[::-1], r]
    return phi


def _product(short: Floats, seasonal: Floats, period: int) -> Floats:
    """The coefficients of the product of a polynomial and a seasonal one, without the leading 1, signs as given."""
    spread = np.zeros(len(seasonal) * period + 1)
    spread[0] = 1.0
    spread[period::period] = -seasonal
    return -np.convolve(np.r_[1.0, -short], spread)[1:]


def _profile(free: Floats, y: Floats, x: Floats, memory: Memory, restricted: bool) -> _Profile:
    """The likelihood at the given memory with coefficients and variance at their best."""
    ar, ma, seasonal_ar, seasonal_ma = _parts(free, memory)
    phi = _product(ar, seasonal_ar, memory.period)
    theta = -_product(ma, seasonal_ma, memory.period)
    white, log_det = _whitened(np.column_stack([y, x]), phi, theta)
    q, r = np.linalg.qr(white[:, 1:])
    along = q.T @ white[:, 0]
    beta = linalg.solve_triangular(r, along)
    df = len(y) - x.shape[1] if restricted else len(y)
    variance = float(np.sum((white[:, 0] - q @ along) ** 2)) / df
    inverse = linalg.solve_triangular(r, np.eye(len(r)))
    log_likelihood = -0.5 * (df * (np.log(2 * np.pi * variance) + 1) + log_det)
    if restricted:
        log_likelihood -= float(np.sum(np.log(np.abs(np.diag(r)))))
    return _Profile(beta, variance * inverse @ inverse.T, variance, float(log_likelihood), df)


def _whitened(columns: Floats, phi: Floats, theta: Floats) -> tuple[Floats, float]:
    """*columns* (n, c) made free of memory, and the logarithm of the determinant of the covariance.

    After the first m = max(p, q) rows, rows are filtered by φ; the covariance is then a band of width m (Ansley 1979).
    """
    n, p, q = len(columns), len(phi), len(theta)
    m = max(p, q)
    if m == 0:
        return columns, 0.0
    if m >= n:
        raise CannotBeKnown(mark("The series is shorter than its memory; choose a simpler model."))
    filtered = columns.copy()
    for i, f in enumerate(phi, start=1):
        filtered[m:] -= f * columns[m - i : n - i]
    factor = linalg.cholesky_banded(_band(phi, theta, n), lower=True)
    log_det = 2.0 * float(np.sum(np.log(factor[0])))
    return linalg.get_lapack_funcs("tbtrs", (factor, filtered))(factor, filtered, uplo="L")[0], log_det


def _band(phi: Floats, theta: Floats, n: int) -> Floats:
    """The lower band (m + 1, n) of the filtered series' covariance: Brockwell & Davis (1991), equation (5.3.5)."""
    p, q = len(phi), len(theta)
    m = max(p, q)
    gamma = autocovariances(phi, theta, 2 * m)
    ma = np.r_[1.0, theta]
    band = np.zeros((m + 1, n))
    for lag in range(m + 1):
        late = float(ma[: q + 1 - lag] @ ma[lag:]) if lag <= q else 0.0
        band[lag, m : n - lag] = late
        for i in range(min(m, n - lag)):
            j = i + lag
            if j < m:
                band[lag, i] = gamma[lag]
            else:
                band[lag, i] = gamma[lag] - sum(phi[r - 1] * gamma[abs(r - lag)] for r in range(1, p + 1))
    return band
