"""How long things take when some are not finished yet: Kaplan–Meier curves and restricted means.

Cases are followed from the day they were opened. One that is still open tells that it takes longer than its age; leaving it out makes the
newest cases look fast. Kaplan & Meier (1958), "Nonparametric estimation from incomplete observations", JASA 53(282). The restricted mean
is the mean of the days, counted up to τ at most; Royston & Parmar (2013), "Restricted mean survival time", BMC Medical Research
Methodology 13:152.

Every function takes *ages* (ages,), increasing, and *events* and *censored* (…, ages): how many were answered, and how many were last
seen open, at each age. Leading axes, such as units, are kept. Not supported: cases that come under observation later than they were
opened, and more than one way to end.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure


@dataclass(frozen=True)
class Counts:
    """``ages`` (ages,), ``events`` and ``censored`` (units, ages)."""

    ages: Floats
    events: Floats
    censored: Floats


@dataclass(frozen=True)
class Curve:
    """The share not yet answered. ``ages`` (ages,); ``at_risk``, ``share`` (after each age) and ``variance`` (Greenwood) are (…, ages).

    After the last one at risk the share stays where it was; ``follow_up`` tells how far it is known.
    """

    ages: Floats
    at_risk: Floats
    share: Floats
    variance: Floats


@dataclass(frozen=True)
class RestrictedMean:
    """The mean of the days up to ``tau``, with its sampling ``variance`` (Greenwood); shape (…).

    This is the variance of the estimate. The variance of the days themselves, which lifelines returns under this name, is larger
    by about the number of cases and says nothing of how sure the mean is.
    """

    mean: Floats
    variance: Floats
    tau: float

    @property
    def se(self) -> Floats:
        """The standard error of ``mean``."""
        return np.sqrt(self.variance)

    @property
    def log(self) -> Floats:
        """ln of ``mean``. Raises ``BadInput`` where all were answered at age 0."""
        if np.any(self.mean <= 0):
            raise BadInput(
                mark(
                    "All cases were answered on the day they were opened, and 0 days have no logarithm. Compare days instead."
                )
            )
        return np.log(self.mean)

    @property
    def log_se(self) -> Floats:
        """The standard error of ``log``, by the delta method."""
        return self.se / np.exp(self.log)


@dataclass(frozen=True)
class Contrast:
    """What differs between two groups, with its range; shape (…). ``se`` is that of the difference, or of the ratio's logarithm."""

    estimate: Floats
    se: Floats
    low: Floats
    high: Floats


def tabulate(unit: Ints, age: ArrayLike, closed: Flags, n: ArrayLike, *, units: int) -> Counts:
    """The counts of *units* units from one entry a cell: *unit* from 0, *age*, *closed* or still open, and *n* cases, all (cells,)."""
    age, n = np.asarray(age, float), np.asarray(n, float)
    if not (len(unit) == len(age) == len(closed) == len(n)) or not len(unit) or np.any((unit < 0) | (unit >= units)):
        raise BadInput(mark("Each cell needs a unit, an age, whether it is closed, and a number of cases."))
    ages, place = np.unique(age, return_inverse=True)
    flat, size = unit * len(ages) + place, units * len(ages)
    events, censored = (
        np.asarray(np.bincount(flat, n * kept, size), float).reshape(units, -1) for kept in (closed, ~closed)
    )
    return Counts(ages, events, censored)


def kaplan_meier(ages: ArrayLike, events: ArrayLike, censored: ArrayLike) -> Curve:
    """The curve of those not yet answered. At the same age, answers come before what was last seen open.

    Raises ``BadInput`` for counts below 0, ages that do not increase, shapes that do not fit, and units without a case.
    """
    t, d, c = _checked(ages, events, censored)
    at_risk: Floats = np.cumsum((d + c)[..., ::-1], axis=-1, dtype=float)[..., ::-1]
    held = at_risk > 0
    safe = np.where(held, at_risk, 1.0)
    share = share_left(d, at_risk)
    left = safe - d
    term = np.where(held & (left > 0), d / (safe * np.where(left > 0, left, 1.0)), 0.0)
    return Curve(t, at_risk, share, share**2 * np.cumsum(term, axis=-1))


def share_left(events: Floats, at_risk: Floats) -> Floats:
    """The share not yet answered after each age, (…, ages), from how many were answered at it and how many were still there: the product
    of 1 − d/n. Where nobody is there it stays where it was."""
    hazard = np.divide(events, at_risk, out=np.zeros(np.shape(events)), where=at_risk > 0)
    return np.asarray(np.cumprod(1 - hazard, axis=-1), float)


def follow_up(ages: ArrayLike, events: ArrayLike, censored: ArrayLike) -> Floats:
    """The age up to which each curve is known, shape (…): the last age at which anyone was seen; infinite where all were answered."""
    curve = kaplan_meier(ages, events, censored)
    seen = np.where(curve.at_risk > 0, curve.ages, 0.0).max(axis=-1)
    return np.where(curve.share[..., -1] <= 0, np.inf, seen)


def restricted_mean(ages: ArrayLike, events: ArrayLike, censored: ArrayLike, *, tau: float) -> RestrictedMean:
    """The mean of min(days, *tau*), in the unit of the ages: the area under the curve up to *tau*, with Greenwood's variance.

    Var = Σ_k A_k²·d_k/(n_k(n_k − d_k)) with A_k the area between age k and τ. Raises ``CannotBeKnown`` where *tau* is beyond the follow-up.
    """
    if not 0 < tau < np.inf:
        raise BadInput(mark("The days to count up to, τ, must be above 0."))
    known = float(follow_up(ages, events, censored).min())
    if tau > known:
        raise CannotBeKnown(
            mark(
                "The mean up to %(tau)s days cannot be known: in one unit or more no case was followed longer than %(known)s days."
                " Count up to that, or wait."
            ),
            tau=Figure(tau, "decimal"),
            known=Figure(known, "decimal"),
        )
    curve = kaplan_meier(ages, events, censored)
    d = np.asarray(events, float)
    edges = np.minimum(np.concatenate((curve.ages, [tau])), tau)
    area = curve.share * np.diff(edges)
    after = np.cumsum(area[..., ::-1], axis=-1)[..., ::-1]
    left = curve.at_risk * (curve.at_risk - d)
    term = np.where(left > 0, d / np.where(left > 0, left, 1.0), 0.0)
    return RestrictedMean(edges[0] + after[..., 0], (after**2 * term).sum(axis=-1), tau)


def difference(one: RestrictedMean, other: RestrictedMean, *, alpha: float = 0.05) -> Contrast:
    """*one* less *other*, in days, with its 1 − α range. Raises ``BadInput`` where the two count up to different τ."""
    _check_same(one, other, alpha)
    estimate, se = one.mean - other.mean, np.sqrt(one.variance + other.variance)
    z = -special.ndtri(alpha / 2)
    return Contrast(estimate, se, estimate - z * se, estimate + z * se)


def ratio(one: RestrictedMean, other: RestrictedMean, *, alpha: float = 0.05) -> Contrast:
    """*one* over *other*, without unit, with its 1 − α range from the logarithms. Errors as ``difference``."""
    _check_same(one, other, alpha)
    log, se = one.log - other.log, np.hypot(one.log_se, other.log_se)
    z = -special.ndtri(alpha / 2)
    return Contrast(np.exp(log), se, np.exp(log - z * se), np.exp(log + z * se))


def quantile(ages: ArrayLike, events: ArrayLike, censored: ArrayLike, *, share: float) -> Floats:
    """The first age by which *share* (0–1) of the cases are answered, shape (…). Raises ``CannotBeKnown`` where that is not reached."""
    if not 0 < share <= 1:
        raise BadInput(mark("The share that is answered must be above 0 and at most 1."))
    curve = kaplan_meier(ages, events, censored)
    answered = 1 - curve.share >= share - 1e-12
    if not np.all(answered[..., -1]):
        raise CannotBeKnown(
            mark(
                "It cannot be known yet when %(share)s of the cases are answered; so far %(reached)s are, where it goes slowest."
            ),
            share=Figure(share, "percent"),
            reached=Figure(float(1 - curve.share[..., -1].max()), "percent"),
        )
    return np.asarray(curve.ages[answered.argmax(axis=-1)])


def _checked(ages: ArrayLike, events: ArrayLike, censored: ArrayLike) -> tuple[Floats, Floats, Floats]:
    t, d, c = (np.asarray(a, float) for a in (ages, events, censored))
    if t.ndim != 1 or not t.size or d.shape != c.shape or d.shape[-1:] != t.shape:
        raise BadInput(mark("Ages, answers and open cases do not fit together: each needs one entry for each age."))
    if not np.all(np.isfinite(t)) or t[0] < 0 or np.any(np.diff(t) <= 0):
        raise BadInput(mark("Ages must be numbers of days from 0 that increase."))
    if not np.all((d >= 0) & (c >= 0) & np.isfinite(d) & np.isfinite(c)):
        raise BadInput(mark("A number of cases must be 0 or above."))
    if np.any((d + c).sum(axis=-1) <= 0):
        raise BadInput(mark("A unit has no case in this window. Leave it out, or choose a longer window."))
    return t, d, c


def _check_same(one: RestrictedMean, other: RestrictedMean, alpha: float) -> None:
    if one.tau != other.tau:
        raise BadInput(
            mark("The two groups are counted up to different numbers of days. Use the same τ on both sides.")
        )
    if not 0 < alpha < 1:
        raise BadInput(mark("The error α must be between 0 and 1; 0.05 is usual."))
