"""Errors and degrees of freedom where units are few: what Welch does for two means, for any estimate that is a sum over units."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.cells import Floats
from loft.value.errors import CannotBeKnown

_SMALL = 4


@dataclass(frozen=True)
class FewUnits:
    """A standard ``error`` and the degrees of freedom ``df`` of the t distribution that goes with it."""

    error: float
    df: float

    def reach(self, level: float = 0.95) -> float:
        """How far an interval at *level* goes to each side."""
        return float(stats.t.ppf(0.5 + level / 2, self.df)) * self.error


def few_units(influence: Floats, starts: Floats) -> FewUnits:
    """The error of an estimate whose *influence* (N,) is known, of units with these *starts* (N,; infinite for never).

    The large-sample error divides the spread of the units in each group that starts together, and of those that never start, by their
    number, as if their mean were known. Here it is divided by one less, and the groups' degrees of freedom are put together as Welch
    and Satterthwaite do. Groups of fewer than four units are taken as one, told apart by how their effects differ. Units that no part
    of the estimate rests on do not count. For units that chance moves independently, not for clusters of units.

    Raises ``CannotBeKnown`` where a single unit is with or without the change, or nothing varies.
    """
    used = influence != 0
    size = np.array([np.sum(used & (starts == start)) for start in starts])
    group = np.where(np.isfinite(starts) & (size < _SMALL), -np.inf, starts)
    parts, free = [], []
    for start in np.unique(group[used]):
        inside = used & (group == start)
        n = int(inside.sum())
        if n < 2:
            raise _too_few()
        parts.append(float((influence[inside] ** 2).sum()) / len(influence) ** 2 * n / (n - 1))
        free.append(n - 1)
    if not sum(parts) > 0:
        raise _too_few()
    df = sum(parts) ** 2 / sum(part**2 / n for part, n in zip(parts, free, strict=True))
    return FewUnits(float(np.sqrt(sum(parts))), df)


def _too_few() -> CannotBeKnown:
    return CannotBeKnown(
        mark("Chance can only be measured with two units or more both with and without the change, whose figures vary.")
    )
