"""The rule's conditions on the estimates, look by look: harm, and what value needs of the numbers.

The same arrays serve one change and a simulation of thousands, so that what is simulated is the rule that is used.
"""

from dataclasses import dataclass

import numpy as np

from loft.value.cells import Flags, Floats, Ints
from loft.value.path import Estimates, half_width
from loft.value.policy import Policy


@dataclass(frozen=True)
class Aim:
    """What the numbers are held against. ``sign`` is +1 where higher is better, −1 where lower is. ``smallest`` is δ* on the scale of the
    levels, ``se_plan`` the planned standard error (or one for each run)."""

    sign: int
    smallest: float
    se_plan: Floats


@dataclass(frozen=True)
class Conditions:
    """By look (L,): the sequence ``low`` … ``high`` and, with the baseline before the decision, ``other_low`` … ``other_high``;
    ``harm``: wholly on the bad side; ``clear``: late enough, large enough, and 0 is outside with both baselines after the allowance
    for drift; ``held``: clear now and at a look at least the policy's days before. ``inside``: wholly within ±δ*. ``withstands``:
    the M̄ up to which 0 stays outside, on the worse baseline; below 0 where it is inside to begin with."""

    low: Floats
    high: Floats
    other_low: Floats
    other_high: Floats
    harm: Flags
    clear: Flags
    held: Flags
    inside: Flags
    withstands: Floats


def conditions(found: Estimates, aim: Aim, looks: Ints, first_start: int, policy: Policy) -> Conditions:
    """The conditions at *looks* (days), in ascending order."""
    se_plan = np.asarray(aim.se_plan)[..., None]
    width = half_width(found.se, found.df, se_plan=se_plan, alpha=policy["alpha"])
    other_width = half_width(found.other_se, found.other_df, se_plan=se_plan, alpha=policy["alpha"])
    known, other_known = np.isfinite(found.estimate), np.isfinite(found.other)
    good = np.where(known, aim.sign * found.estimate, 0.0)
    other_good = np.where(other_known, aim.sign * found.other, 0.0)
    drift = np.where(np.isfinite(found.drift), found.drift, np.inf)
    other_drift = np.where(np.isfinite(found.other_drift), found.other_drift, np.inf)
    margin, other_margin = good - width, other_good - other_width
    with np.errstate(divide="ignore", invalid="ignore"):
        withstands = np.minimum(margin / drift, other_margin / other_drift)
    late = looks - first_start >= policy["least_days"]
    allowed = policy["drift"]
    clear = (
        late
        & known
        & other_known
        & (margin - allowed * drift > 0)
        & (other_margin - allowed * other_drift > 0)
        & (good >= aim.smallest)
    )
    before = np.searchsorted(looks, looks - policy["apart_days"], side="right") - 1
    ever = np.maximum.accumulate(clear, axis=-1)
    held = clear & np.where(before >= 0, np.take(ever, np.maximum(before, 0), axis=-1), False)
    return Conditions(
        low=found.estimate - width,
        high=found.estimate + width,
        other_low=found.other - other_width,
        other_high=found.other + other_width,
        harm=known & (good + width < 0),
        clear=clear,
        held=held,
        inside=known & (good + width < aim.smallest) & (good - width > -aim.smallest),
        withstands=np.where(np.isfinite(withstands), withstands, np.nan),
    )
