"""Difference in differences as means: two groups and two periods, with or without following the same units."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.cells import Flags, Floats
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure


@dataclass(frozen=True)
class Mean:
    """A ``mean`` of ``n`` values with its standard ``error``."""

    mean: float
    error: float
    n: int


@dataclass(frozen=True)
class Difference:
    """An ``estimate`` with its standard ``error`` and the degrees of freedom ``df`` of the t distribution that goes with it, from ``n``
    values."""

    estimate: float
    error: float
    df: float
    n: int

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """From where to where the difference is, at *level*."""
        reach = float(stats.t.ppf(0.5 + level / 2, self.df)) * self.error
        return self.estimate - reach, self.estimate + reach

    @property
    def p(self) -> float:
        """How often a difference at least this large would be seen were there none."""
        return float(2 * stats.t.sf(abs(self.estimate) / self.error, self.df))


def mean(values: Floats) -> Mean:
    """The mean of *values* (n,), with the standard error of a simple random sample. Raises ``BadInput`` for fewer than two values."""
    y = _numbers(values)
    if len(y) < 2:
        raise BadInput(
            mark("A mean with its error needs at least two values, but there are %(count)s."),
            count=Figure(len(y), "count"),
        )
    return Mean(float(y.mean()), float(y.std(ddof=1) / np.sqrt(len(y))), len(y))


def difference_in_differences(treated: tuple[Floats, Floats], comparison: tuple[Floats, Floats]) -> Difference:
    """How much more the *treated* changed than the *comparison*: for each, values (n,) before and after, from separate samples.

    The error lets each of the four samples vary in its own way; ``df`` is Welch and Satterthwaite's. Where the same units were followed,
    ``change_in_means`` is more exact. Raises ``BadInput`` for samples too small, ``CannotBeKnown`` where no value varies.
    """
    parts = [mean(values) for values in (treated[1], treated[0], comparison[1], comparison[0])]
    estimate = parts[0].mean - parts[1].mean - (parts[2].mean - parts[3].mean)
    return _welch(estimate, [part.error**2 for part in parts], [part.n for part in parts])


def change_in_means(treated: Floats, comparison: Floats) -> Difference:
    """How much more the *treated* (n,) changed than the *comparison* (m,): each value a unit's change, after less before.

    The two groups may vary unequally (Welch). Raises ``BadInput`` for groups of fewer than two, ``CannotBeKnown`` where none varies.
    """
    parts = [mean(treated), mean(comparison)]
    return _welch(parts[0].mean - parts[1].mean, [part.error**2 for part in parts], [part.n for part in parts])


def adjusted_change(
    change: Floats, treated: Flags, covariates: Floats | None = None, *, robust: bool = True
) -> Difference:
    """The coefficient of *treated* (n,) in a least-squares regression of each unit's *change* (n,) with an intercept and *covariates*
    (n, k).

    *robust* errors (HC2) let units vary unequally and without covariates are Welch's; else all are taken to vary alike. ``df`` is n less
    the number of coefficients. Raises ``BadInput``, or ``CannotBeKnown`` where the covariates tell who is treated or units are too few.

    Source: MacKinnon & White (1985) for HC2.
    """
    y, d = _numbers(change), np.asarray(treated, dtype=np.float64)
    columns = (
        [np.ones(len(y)), d] if covariates is None else [np.ones(len(y)), d, np.asarray(covariates, dtype=np.float64)]
    )
    if len(d) != len(y) or any(len(c) != len(y) or not np.isfinite(c).all() for c in columns):
        raise BadInput(
            mark("Each of the %(count)s changes needs a group and a number for every covariate."),
            count=Figure(len(y), "count"),
        )
    x = np.column_stack(columns)
    n, k = x.shape
    scale = np.sqrt((x**2).sum(axis=0))
    if n <= k or np.any(scale == 0) or np.linalg.cond(x / scale) > 1e8:
        raise CannotBeKnown(
            mark(
                "The covariates tell who is treated, or there are as many of them as units, so the effect cannot be kept apart from them."
                " Use fewer covariates, or more units."
            )
        )
    q, r = np.linalg.qr(x)
    beta = np.linalg.solve(r, q.T @ y)
    left = y - x @ beta
    row = np.linalg.solve(r, q.T)[1]  # the coefficient as a sum over units
    if robust:
        lever = np.minimum((q**2).sum(axis=1), 1 - 1e-12)
        variance = float((row**2 * left**2 / (1 - lever)).sum())
    else:
        variance = float((row**2).sum() * (left @ left) / (n - k))
    if variance <= (1e-13 * np.abs(y).max(initial=0)) ** 2:
        raise _does_not_vary()
    return Difference(float(beta[1]), float(np.sqrt(variance)), float(n - k), n)


def _welch(estimate: float, variances: list[float], counts: list[int]) -> Difference:
    whole = sum(variances)
    if whole <= 1e-26 * max(estimate**2, 1e-200) or whole == 0:
        raise _does_not_vary()
    df = 1 / sum((v / whole) ** 2 / (n - 1) for v, n in zip(variances, counts, strict=True))
    return Difference(estimate, float(np.sqrt(whole)), df, sum(counts))


def _numbers(values: Floats) -> Floats:
    y = np.asarray(values, dtype=np.float64)
    if y.ndim != 1 or not np.isfinite(y).all():
        raise BadInput(mark("The values must be numbers, one for each unit, none missing."))
    return y


def _does_not_vary() -> CannotBeKnown:
    return CannotBeKnown(mark("The values do not vary, so chance cannot be measured. Check the figures."))
