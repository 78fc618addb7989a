"""The rule's confidence sequence: a range that holds at every look, however often one looks.

A 95 % interval is right for one look that was decided on beforehand. Whoever looks every day and stops when the interval leaves 0 is
wrong in a third of the cases. The sequence here is wrong on no day in 95 of 100 changes.

Howard, Ramdas, McAuliffe & Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49(2):
the two-sided normal mixture. Its promise is exact for sums of normal terms with known variance. Here the variance is
estimated, and the t quantile stands in for what that costs; that is an approximation, held against simulations in docs/verdict.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from loft.language import mark
from loft.value.cells import Floats
from loft.value.errors import BadInput
from loft.value.sentence import Figure

FAR_TAIL = 1e-200
"""Below this tail scipy's t quantile may fail; ``_log_tail`` takes over. It is z ≈ 30, where its relative error is under 1e-8."""
LARGEST_LOG = 600.0
"""A bound beyond e to this power is infinite."""
NEARLY_NOTHING = 1e-100


@dataclass(frozen=True)
class Sequence:
    """The range at each look; all arrays have the shape that estimate and standard error share.

    ``z`` is the number of standard errors on either side, ``low`` and ``high`` the range in the estimate's unit, ``p`` the p-value
    of "no effect" that holds at every look: it is at most α exactly where the range leaves 0.
    """

    estimate: Floats
    se: Floats
    z: Floats
    low: Floats
    high: Floats
    p: Floats


def bound(se: ArrayLike, *, se_plan: ArrayLike, alpha: ArrayLike = 0.05, df: ArrayLike | None = None) -> Floats:
    """The number of standard errors z_b on either side of the estimate, without unit; shape of *se*, *se_plan*, *alpha* and *df* together.

    z_b = √(2(1 + R)/R · ln(√(1 + R)/α)) with R = Iτ² = c·(se_plan/se)², the planned precision against the one reached. Howard et al.'s
    v is the information I = 1/se² and their ρ is 1/τ²: both are in the estimate's unit to the power −2, so that R has no unit.
    With c = −2 ln α + ln(1 − 2 ln α) (``scale``) z_b is within 0.1 % of its smallest where se = se_plan. Where *df* is given
    (Welch–Satterthwaite), the t quantile with the same two-sided tail. A bound beyond the largest number is infinite: nothing can
    be told. Raises ``BadInput`` where a standard error or degree of freedom is not above 0, or α not between 0 and 1.
    """
    ratio, level = _ratio(se, se_plan, alpha)
    z = np.sqrt(2 * (1 + 1 / ratio) * (np.log1p(ratio) / 2 - np.log(level)))
    return z if df is None else _t_for(z, _positive(df, mark("degrees of freedom")))


def sequence(
    estimate: ArrayLike,
    se: ArrayLike,
    *,
    se_plan: ArrayLike,
    alpha: ArrayLike = 0.05,
    df: ArrayLike | None = None,
) -> Sequence:
    """The range and p-value at every look for *estimate* with standard error *se* (same unit and shape). See ``bound``."""
    estimate = np.asarray(estimate, float)
    if not np.all(np.isfinite(estimate)):
        raise BadInput(mark("An estimate is not a number. Leave out the looks where nothing was measured."))
    z = bound(se, se_plan=se_plan, alpha=alpha, df=df)
    ratio, _ = _ratio(se, se_plan, alpha)
    se = np.asarray(se, float)
    distance = np.abs(estimate) / se
    if df is not None:
        distance = _z_for(distance, np.asarray(df, float))
    p = np.exp(np.minimum(0.0, np.log1p(ratio) / 2 - distance**2 / (2 * (1 + 1 / ratio))))
    shape = np.broadcast_shapes(estimate.shape, z.shape)
    fields = (estimate, se, z, estimate - z * se, estimate + z * se, p)
    return Sequence(*(np.broadcast_to(f, shape) for f in fields))


def scale(alpha: ArrayLike = 0.05) -> Floats:
    """c = −2 ln α + ln(1 − 2 ln α), 7.94 at 0.05: the R at which the bound is tightest (Howard et al. 2021, on tuning)."""
    log = -2 * np.log(np.asarray(alpha, float))
    return np.asarray(log + np.log1p(log))


def _ratio(se: ArrayLike, se_plan: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """R = Iτ² and α."""
    level = np.asarray(alpha, float)
    if not np.all((level > 0) & (level < 1)):
        raise BadInput(mark("The error α must be between 0 and 1; 0.05 is usual."))
    share = _positive(se_plan, mark("the planned standard error")) / _positive(se, mark("the standard error"))
    if not np.all((share > NEARLY_NOTHING) & (share < 1 / NEARLY_NOTHING)):
        raise BadInput(
            mark("The standard error and the planned one are too far apart to be in the same unit. Check both.")
        )
    ratio = scale(level) * share**2
    return ratio, level


def _positive(values: ArrayLike, what: str) -> Floats:
    found = np.asarray(values, float)
    if not np.all(found > 0):  # also where it is no number
        bad = float(found[~(found > 0)].flat[0]) if found.ndim else float(found)
        raise BadInput(
            mark("Here %(what)s is %(value)s; it must be above 0."),
            what=Figure(what, "told"),
            value=Figure(str(bad), "text"),
        )
    return found


def _t_for(z: Floats, df: Floats) -> Floats:
    """The t quantile with the same upper tail as *z*, also where the tail is too small for a number."""
    z, df = (np.array(a) for a in np.broadcast_arrays(z, df))
    tail = special.ndtr(-z)
    near = tail > FAR_TAIL
    t = z.copy()
    told = near & np.isfinite(df)
    t[told] = -special.stdtrit(df[told], tail[told])
    far = ~near & np.isfinite(df)
    if far.any():
        t[far] = _far_quantile(special.log_ndtr(-z[far]), z[far], df[far])
    return np.where(t < np.exp(LARGEST_LOG), t, np.inf)


def _z_for(t: Floats, df: Floats) -> Floats:
    """The normal quantile with the same upper tail as *t*."""
    t, df = (np.array(a) for a in np.broadcast_arrays(t, df))
    z = t.copy()
    told = np.isfinite(df)
    tail = special.stdtr(df[told], -t[told])
    far = tail <= FAR_TAIL
    log_tail = np.log(np.maximum(tail, FAR_TAIL))
    log_tail[far] = _log_tail(np.log(t[told][far]), df[told][far])
    z[told] = -special.ndtri_exp(log_tail)
    return z


def _far_quantile(log_tail: Floats, z: Floats, df: Floats) -> Floats:
    low, high = np.log(z), np.full(z.shape, LARGEST_LOG)
    beyond = _log_tail(high, df) > log_tail
    for _ in range(64):
        middle = (low + high) / 2
        above = _log_tail(middle, df) > log_tail
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(beyond, np.inf, np.exp(low))


def _log_tail(log_t: Floats, df: Floats) -> Floats:
    """ln P(T > t) far out, from d(f·w/u) = −f·(1 + 1/u²) with density f and w = 1 + u²/df (Mills' ratio for t)."""
    weight = np.logaddexp(0.0, 2 * log_t - np.log(df))
    density = -special.betaln(df / 2, 0.5) - np.log(df) / 2 - (df + 1) / 2 * weight
    return density + weight - log_t - np.log1p(np.exp(-2 * log_t))
