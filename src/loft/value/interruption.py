"""A lone interrupted series: what changed in level and slope at a date, where nobody is left without the change.

The weakest of the designs that use numbers. Whatever else happened at the same date is counted as the change's, so the rule of the
verdict gives it security 1 at most and never "value". It may show harm, and it tells whether a better design is worth its trouble.

The errors' memory is estimated by exact restricted likelihood. In simulated series with errors of ρ = 0.5, a 95 % interval for the level
misses the truth in about 10 % of series of 24 periods, 7 % of 48 and 5 % of 120. Newey–West errors, which are not offered, miss it in about
40, 25 and 15 %.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.arma import Memory, Regression, regress
from loft.value.cells import Floats
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure

FEWEST_BEFORE = 8
FEWEST_AFTER = 4
_LEVEL, _SLOPE = 2, 3


@dataclass(frozen=True)
class Part:
    """An estimate with its standard error, and the bounds of its interval."""

    estimate: float
    se: float
    low: float
    high: float


@dataclass(frozen=True)
class Interruption:
    """What changed in a series of n values.

    ``level`` is the jump at the start; ``slope`` the change in slope, per period; ``average`` the mean difference from the line
    continued over the periods after the start. ``fitted`` and ``continued`` (n,) are the line as fitted, and without the
    change. ``df`` are the degrees of freedom of the intervals; ``regression`` is what lies beneath.
    """

    level: Part
    slope: Part
    average: Part
    fitted: Floats
    continued: Floats
    df: int
    regression: Regression


def level_and_slope(n: int, *, start: int, harmonics: int = 0, period: int = 12) -> Floats:
    """The columns (n, 4 + 2·*harmonics*): level, slope, change in level and in slope from value *start* on (counted from 0), seasons.

    A season is told by pairs of cosine and sine, of which *period*/2 − 1 are the most. Source: Wagner et al. (2002); Bernal et al. (2017).
    """
    t = np.arange(n, dtype=np.float64)
    if not 0 < start < n:
        raise BadInput(mark("The change must start inside the series; give a later or an earlier date."))
    if not 0 <= 2 * harmonics < period:
        raise BadInput(
            mark("A season of %(n)s periods has fewer waves than that; choose fewer."), n=Figure(period, "count")
        )
    after = (t >= start).astype(np.float64)
    angles = [2 * np.pi * h * t / period for h in range(1, harmonics + 1)]
    waves = [wave(angle) for angle in angles for wave in (np.cos, np.sin)]
    return np.column_stack([np.ones(n), t, after, after * (t - start), *waves])


def interrupted(
    y: Floats,
    *,
    start: int,
    memory: Memory | None = None,
    harmonics: int = 0,
    covariates: Floats | None = None,
    confidence: float = 0.95,
) -> Interruption:
    """What changed in the series *y* (n,) at value number *start*, counted from 0; the change is in force from that value on.

    *y* is one figure a period (a mean, a share, its logarithm), evenly spaced and without holes. *memory* is by default a first-order
    autoregression. *covariates* (n, c) are further columns that the change cannot have moved.
    Intervals take t quantiles with n − k degrees of freedom and the memory as known, hence are somewhat short on short series.
    Raises ``CannotBeKnown`` for fewer than 8 values before the start or 4 from it.

    Not supported: differencing, a gradual start, several interruptions.
    """
    y = np.asarray(y, np.float64)
    memory = memory or Memory()
    _check_length(len(y), start)
    design = level_and_slope(len(y), start=start, harmonics=harmonics, period=memory.period)
    x = design if covariates is None else np.column_stack([design, _columns(covariates, len(y))])
    found = regress(y, x, memory=memory)
    quantile = float(stats.t.ppf(0.5 + confidence / 2, found.df))
    weights = np.zeros((3, x.shape[1]))
    weights[0, _LEVEL] = weights[1, _SLOPE] = weights[2, _LEVEL] = 1.0
    weights[2, _SLOPE] = (len(y) - 1 - start) / 2
    level, slope, average = (_part(found, w, quantile) for w in weights)
    without = found.coefficients.copy()
    without[[_LEVEL, _SLOPE]] = 0.0
    return Interruption(level, slope, average, x @ found.coefficients, x @ without, found.df, found)


def _part(found: Regression, weights: Floats, quantile: float) -> Part:
    estimate = float(weights @ found.coefficients)
    se = float(np.sqrt(weights @ found.covariance @ weights))
    return Part(estimate, se, estimate - quantile * se, estimate + quantile * se)


def _columns(covariates: Floats, n: int) -> Floats:
    columns = np.asarray(covariates, np.float64)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if columns.ndim != 2 or len(columns) != n:
        raise BadInput(mark("A series needs one row of columns for each value; bring both to the same length."))
    return columns


def _check_length(n: int, start: int) -> None:
    if start < FEWEST_BEFORE or n - start < FEWEST_AFTER:
        raise CannotBeKnown(
            mark(
                "The series has %(before)s values before the change and %(after)s after it; a line needs at least %(least_before)s "
                "and %(least_after)s. Wait for more, or fetch older figures."
            ),
            before=Figure(max(start, 0), "count"),
            after=Figure(max(n - start, 0), "count"),
            least_before=Figure(FEWEST_BEFORE, "count"),
            least_after=Figure(FEWEST_AFTER, "count"),
        )
