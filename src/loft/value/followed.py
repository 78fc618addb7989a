"""Units followed over periods, with when each of them starts: what is asked of them before anything is estimated."""

from dataclasses import dataclass

import numpy as np

from loft.language import mark
from loft.value.cells import Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure
from loft.value.wide import checked_outcome


@dataclass(frozen=True)
class Followed:
    """Outcomes ``y`` (N, T) in ``periods`` (T,), with the units' ``starts`` (N,; infinite for never), ``weights`` (N,; mean 1),
    ``cluster`` (N,; from 0) and ``covariates`` (N, k)."""

    y: Floats
    starts: Floats
    periods: Floats
    weights: Floats
    cluster: Ints
    covariates: Floats | None


def followed(
    y: Floats,
    starts: Floats,
    periods: Floats,
    *,
    covariates: Floats | None = None,
    weights: Floats | None = None,
    cluster: Ints | None = None,
    anticipation: float = 0,
) -> Followed:
    """The panel, found fit to be estimated from. Arguments are as in ``staggered_starts.group_time``. Raises ``BadInput``."""
    y, periods = checked_outcome(y, periods)
    n = len(y)
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (n,) or not np.all(np.isfinite(w)) or np.any(w <= 0):
        raise BadInput(mark("Give each of the %(count)s units a weight above 0."), count=Figure(n, "count"))
    k = np.arange(n) if cluster is None else np.unique(np.asarray(cluster), return_inverse=True)[1]
    if k.shape != (n,) or k.max() < 1:
        raise BadInput(
            mark("Give each of the %(count)s units a cluster, and at least two of them."), count=Figure(n, "count")
        )
    x = None
    if covariates is not None:
        x = np.asarray(covariates, dtype=np.float64)
        x = x[:, None] if x.ndim == 1 else x
        if x.ndim != 2 or len(x) != n or not np.all(np.isfinite(x)):
            raise BadInput(
                mark("Each of the %(count)s units needs a number for every covariate."), count=Figure(n, "count")
            )
    return Followed(y, _checked_starts(starts, periods, n, anticipation), periods, w / w.mean(), k.astype(np.int64), x)


def refuse_lone_starts(panel: Followed) -> None:
    """Raises ``CannotBeKnown`` where a unit starts on its own."""
    groups, sizes = np.unique(panel.starts[panel.starts <= panel.periods[-1]], return_counts=True)
    if sizes.min() < 2:
        raise CannotBeKnown(
            mark(
                "Only one unit starts in period %(start)s, so chance in that unit cannot be told from the effect."
                " Put starts near each other together by using longer periods, or ask for a synthetic comparison of that unit."
            ),
            start=Figure(f"{groups[sizes.argmin()]:g}", "text"),
        )


def _checked_starts(starts: Floats, periods: Floats, n: int, anticipation: float) -> Floats:
    starts = np.asarray(starts, dtype=np.float64)
    if starts.shape != (n,) or np.isnan(starts).any():
        raise BadInput(
            mark("Give each of the %(count)s units a start: a period, or infinity for never."), count=Figure(n, "count")
        )
    if anticipation < 0 or not np.isfinite(anticipation):
        raise BadInput(mark("How long units may react in advance must be 0 or more."))
    started = starts[starts <= periods[-1]]
    if not len(started):
        raise BadInput(mark("No unit starts in the periods given. Check the starts, or wait until one has."))
    early = int((started - anticipation <= periods[0]).sum())
    if early:
        raise BadInput(
            mark(
                "%(count)s units started in the first period or before, so nothing shows how they were without the change."
                " Leave them out, or add earlier periods."
            ),
            count=Figure(early, "count"),
        )
    stray = np.setdiff1d(started, periods)
    if len(stray):
        raise BadInput(
            mark("The start %(start)s is none of the periods. Give the period in which the unit started."),
            start=Figure(f"{stray[0]:g}", "text"),
        )
    return starts
