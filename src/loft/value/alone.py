"""One unit held against a synthetic one: the mix of other units that moved as it did before the start.

It can at most point to value: one unit's luck cannot be told from the change by the spread between units, only by how unusual it is among
others. Source: synthetic difference-in-differences (Arkhangelsky et al. 2021) with placebos in space and time (Abadie et al. 2010, 2015).
"""

from dataclasses import dataclass

import numpy as np

from loft.value.cells import Floats
from loft.value.checks import Measured
from loft.value.errors import BadInput
from loft.value.levels import BLOCK
from loft.value.path import half_width
from loft.value.placebos import in_space
from loft.value.policy import Policy
from loft.value.synthetic_mix import synthetic

METHOD = "synthetic did"
PRETENDED = 6
"""Pretended starts in the later half of the blocks before the true one."""


@dataclass(frozen=True)
class Alone:
    """The ``estimate`` on the scale of the levels and half the width of its range; ``p`` in space; ``quiet``: what is found at pretended
    starts lies within the range. ``se`` is the standard error from the placebos."""

    estimate: float
    se: float
    width: float
    p: float
    quiet: bool


def alone(measured: Measured, policy: Policy, *, se_plan: float, rng: np.random.Generator) -> Alone | None:
    """The one treated unit against a mix of the comparison, in blocks of 30 days.

    None where there are too few blocks before or after the start, or the others do not vary.
    """
    setup, sums = measured.setup, measured.sums
    start = int(setup.starts[0])
    ends = min(measured.day + 1 - setup.lag, sums.known)
    before, after = (start - setup.history) // BLOCK, (ends - start) // BLOCK
    if before < 6 or after < 1:
        return None
    units = np.concatenate([setup.treated, setup.comparison])
    begins = start + BLOCK * np.arange(-before, after)
    y = _whole(sums.level(units[:, None], begins, begins + BLOCK))
    treated = np.arange(len(y)) < len(setup.treated)
    try:
        found = synthetic(y, treated, before, method=METHOD)
        space = in_space(found, y, treated, rng=rng)
        pretended = [
            synthetic(y[:, :before], treated, earlier, method=METHOD).effect
            for earlier in np.unique(np.linspace(max(3, before // 2), before - 2, PRETENDED).astype(int)).tolist()
        ]
    except BadInput:
        return None
    donors = len(y) - len(setup.treated)
    width = half_width(
        np.array([space.error]), np.array([donors - 1.0]), se_plan=se_plan or space.error, alpha=policy["alpha"]
    )
    return Alone(found.effect, space.error, float(width[0]), space.p, bool(np.all(np.abs(pretended) <= width[0])))


def _whole(y: Floats) -> Floats:
    """*y* with units left out that lack a block; the treated unit, the first, must have all its own."""
    return y[np.isfinite(y).all(axis=1) | (np.arange(len(y)) == 0)]
