"""How long things take when some are not finished: Kaplan and Meier's estimate.

E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations, JASA 53 (1958). Leaving open cases out would
make a slow office look quick, for its slow cases are the ones still open.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Survival:
    """The share still open after each whole day.

    ``days`` (k,): rising, the days on which something closed. ``open_share`` (k,): the estimated share open after that day.
    """

    days: npt.NDArray[np.int64]
    open_share: npt.NDArray[np.float64]

    def percentile(self, share: float) -> float | None:
        """The first day by which *share* of the cases have closed; None when the log has not seen that many close."""
        reached = np.flatnonzero(self.open_share <= 1 - share + 1e-12)
        return float(self.days[reached[0]]) if len(reached) else None


def kaplan_meier(days: Any, closed: Any, count: Any) -> Survival:
    """Kaplan–Meier's estimate from counts: *count* cases lasted *days* whole days and were *closed* then, or were last seen open."""
    days, closed, count = np.asarray(days, np.int64), np.asarray(closed, bool), np.asarray(count, np.int64)
    moments, place = np.unique(days, return_inverse=True)
    ended = np.bincount(place, weights=np.where(closed, count, 0), minlength=len(moments))
    left = np.bincount(place, weights=count, minlength=len(moments))
    at_risk = left[::-1].cumsum()[::-1]
    shares = np.cumprod(1 - np.divide(ended, at_risk, out=np.zeros(len(moments)), where=at_risk > 0))
    some = ended > 0
    return Survival(moments[some], shares[some])
