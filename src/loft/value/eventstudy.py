"""Event study: the difference between treated and comparison units, period by period before and after the start.

Two-way effects of units and periods with a regressor for each period relative to the start; the last period before it is the reference
(K. Borusyak, X. Jaravel, J. Spiess, Review of Economic Studies 91 (2024), section 2, for the form and its limits; K. Schmidheiny,
S. Siegloch, Journal of Applied Econometrics 38 (2023), for why the ends are binned).

Where units start at different times and the effect differs between them, these numbers are weighted sums across periods (L. Sun,
S. Abraham, Journal of Econometrics 225 (2021)); use ``loft.value.staggered`` there.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.regression import Estimate, Fit, estimated, least_squares, two_apart, wald
from loft.value.sentence import Figure

NEVER = np.iinfo(np.int64).max
"""The start of a unit that never starts."""


@dataclass(frozen=True)
class EventStudy:
    """Effects by period relative to the start, e of them.

    ``time`` (e,): periods since the start, rising, the reference ``reference`` left out; the first and last stand for all earlier and all
    later periods too where ``binned`` (first, last). ``estimate``, ``se``, ``low``, ``high`` (e,); ``covariance`` (e, e). ``before`` is the
    joint test that every effect before the reference is 0: F, its degrees of freedom q, p; None where there is none to test or
    too few units to test it by (``pre_test`` raises and says why). ``after`` is the mean of the effects from the start on. ``apart``
    are the degrees of freedom with which the units tell how much they differ, fewer where one side has few.
    """

    time: Ints
    estimate: Floats
    se: Floats
    low: Floats
    high: Floats
    covariance: Floats
    reference: int
    binned: tuple[bool, bool]
    before: tuple[float, int, float] | None
    after: Estimate
    apart: float
    level: float
    fit: Fit

    def pre_test(self) -> tuple[float, int, float]:
        """F, q and p of no difference before the reference. Raises ``CannotBeKnown`` where it cannot be tested."""
        early = np.flatnonzero(self.time < self.reference)
        if not len(early):
            raise CannotBeKnown(
                mark("There are no periods before the reference to test. Use a longer time before the start.")
            )
        return joint(self.estimate[early], self.covariance[np.ix_(early, early)], self.apart)


def event_study(
    start: Ints,
    unit: Ints,
    period: Ints,
    n: Floats,
    total: Floats,
    squares: Floats,
    *,
    leads: int | None = None,
    lags: int | None = None,
    reference: int = -1,
    cluster: Ints | None = None,
    level: float = 0.95,
) -> EventStudy:
    """The effects from *leads* periods before the start to *lags* after it, from cells.

    *start* (m,): the period in which the cell's unit starts, ``NEVER`` for comparison units; *unit*, *period*, *n*, *total* Σy, *squares*
    Σy² (m,). Earlier and later periods join the ends; None takes all there are. Errors are clustered by *cluster*, by default *unit*.
    Raises ``CannotBeKnown`` as ``least_squares`` does, such as where all units start at once, and with fewer than two treated units.
    """
    start, unit, period = (np.asarray(a, np.int64) for a in (start, unit, period))
    if not len(start) == len(unit) == len(period):
        raise BadInput(mark("The columns are not of the same length: give one figure for each cell in every column."))
    treated = start != NEVER
    since = np.where(treated, period - np.where(treated, start, 0), reference)
    _must_have_both_sides(unit, treated, since)
    two_apart(unit, start)
    first, last = _ends(since[treated], leads, lags, reference)
    place = np.clip(since, first, last)
    times = np.array([t for t in np.unique(place[treated]) if t != reference], np.int64)
    fit = least_squares(
        (treated[:, None] & (place[:, None] == times)).astype(np.float64),
        n,
        total,
        squares,
        names=[str(t) for t in times],
        absorb=(unit, period),
        cluster=unit if cluster is None else cluster,
    )
    binned = (bool((since[treated] < first).any()), bool((since[treated] > last).any()))
    groups = unit if cluster is None else np.asarray(cluster)
    return _study(fit, times, reference, binned, _apart(groups, treated), level)


def _study(fit: Fit, times: Ints, reference: int, binned: tuple[bool, bool], apart: float, level: float) -> EventStudy:
    se = np.sqrt(np.diag(fit.covariance))
    half = stats.t.ppf((1 + level) / 2, fit.dof) * se
    early, late = np.flatnonzero(times < reference), np.flatnonzero(times >= 0)
    try:
        before = joint(fit.coefficient[early], fit.covariance[np.ix_(early, early)], apart) if len(early) else None
    except CannotBeKnown:
        before = None
    share = np.zeros(len(times))
    share[late] = 1 / len(late)
    after = estimated(
        float(share @ fit.coefficient), float(np.sqrt(share @ fit.covariance @ share)), fit.dof, level=level
    )
    low, high = fit.coefficient - half, fit.coefficient + half
    return EventStudy(
        times, fit.coefficient, se, low, high, fit.covariance, reference, binned, before, after, apart, level, fit
    )


def joint(values: Floats, covariance: Floats, dof: float) -> tuple[float, int, float]:
    """F, its first degrees of freedom q, and p of *values* (q,) being all 0, where *covariance* itself has only *dof* degrees of freedom.

    Hotelling's T², as J. Pustejovsky and E. Tipton, JBES 36 (2018), use it for clustered errors. With a dozen periods and 16 units the
    usual F test (``wald``) finds what is not there in two cases of three at 5 per cent. Raises ``CannotBeKnown`` with too few units.
    """
    f, q, _ = wald(values, covariance, dof)
    left = dof - q + 1
    if left <= 1:
        raise CannotBeKnown(
            mark("A joint test of %(q)s numbers needs more units than that. Use fewer or longer periods."),
            q=Figure(q, "count"),
        )
    return f * left / dof, q, float(stats.f.sf(f * left / dof, q, left))


def _apart(groups: Ints, treated: Flags) -> float:
    """Welch and Satterthwaite's degrees of freedom of the difference between the clusters with treatment and those without."""
    own = len(np.unique(groups[treated]))
    others = len(np.unique(groups)) - own
    if min(own, others) < 2:
        return float(max(own + others - 2, 1))
    return float((1 / own + 1 / others) ** 2 / (1 / own**2 / (own - 1) + 1 / others**2 / (others - 1)))


def _ends(since: Ints, leads: int | None, lags: int | None, reference: int) -> tuple[int, int]:
    first = int(since.min()) if leads is None else max(-leads, int(since.min()))
    last = int(since.max()) if lags is None else min(lags, int(since.max()))
    if reference >= 0 or not first <= reference or last < 0:
        raise BadInput(
            mark("The reference, period %(reference)s, must lie before the start and within the leads."),
            reference=Figure(reference, "decimal"),
        )
    return first, last


def _must_have_both_sides(unit: Ints, treated: Flags, since: Ints) -> None:
    if len(np.unique(unit[treated & (since >= 0)])) < 2:
        raise CannotBeKnown(
            mark(
                "Fewer than two units have started within the data, and one unit cannot show how much units differ. "
                "Use a synthetic control, or wait until more units have started."
            )
        )
    if not (treated & (since < 0)).any():
        raise CannotBeKnown(mark("There are no figures from before the start. Use data that begin earlier."))
