"""The estimate at every look: the treated units' change less the comparison's, with its error and the drift allowed for.

Difference in differences on unit changes. Where starts are staggered each treated unit is held against the comparison over its own
windows, as Callaway & Sant'Anna (2021) do with never-treated units, so that no unit that has started is ever used as a comparison.
"""

from dataclasses import dataclass

import numpy as np

from loft.value.cells import Flags, Floats, Ints
from loft.value.levels import Durations, Levels, Setup, Sums, levels
from loft.value.sequence import bound

YEAR = 365.25


@dataclass(frozen=True)
class Estimates:
    """Estimates at each look, arrays (L,) after any leading axes: ``estimate``, its standard error ``se`` and degrees of freedom ``df``
    (Welch–Satterthwaite) with the plain baseline, ``other``, ``other_se`` and ``other_df`` with the one that ends before the decision;
    ``drift`` and ``other_drift``: |difference in slope before| × years between the centres of baseline and post period, that is the
    allowance A for M̄ = 1. NaN where not known."""

    estimate: Floats
    se: Floats
    df: Floats
    other: Floats
    other_se: Floats
    other_df: Floats
    drift: Floats
    other_drift: Floats
    slope: Floats


def estimates(found: Levels, setup: Setup) -> Estimates:
    """The estimates that the levels *found* give."""
    _, own = setup.groups
    entered = found.entered & np.isfinite(found.post_t)
    plain, other = (
        differences(found.post_t - t[..., :, None], found.post_c - c[..., :, :, None], entered, own)
        for t, c in ((found.base_t, found.base_c), (found.other_t, found.other_c))
    )
    here = entered.astype(float)
    count = np.maximum(here.sum(-2), 1)
    weights = here / count[..., None, :]
    gap = (weights * (found.post_centre - found.centre[:, None])).sum(-2) / YEAR
    other_gap = (weights * (found.post_centre - found.other_centre)).sum(-2) / YEAR
    own_slope = found.slope_t - _mean(found.slope_c, -1)[..., own]
    slope = (weights * own_slope[..., :, None]).sum(-2)
    return Estimates(*plain, *other, np.abs(slope) * gap, np.abs(slope) * other_gap, slope)


def differences(change_t: Floats, change_c: Floats, entered: Flags, own: Ints) -> tuple[Floats, Floats, Floats]:
    """Estimate, error and degrees of freedom (L,) from changes of the treated (N1, L) and of the comparison over the windows of each group
    of starts (G, N0, L). ``entered`` (N1, L) says which treated units count, ``own`` (N1,) their groups."""
    usual = _mean(change_c, -2)
    entered = entered & np.isfinite(change_t) & np.isfinite(usual[..., own, :])
    n1 = entered.sum(-2)
    residual = np.where(entered, change_t - usual[..., own, :], 0.0)
    safe = np.maximum(n1, 1)
    estimate = residual.sum(-2) / safe
    away = np.where(entered, residual - estimate[..., None, :], 0.0)
    groups = np.eye(int(own.max(initial=0)) + 1)[own]
    weight = np.einsum("...il,ig->...gl", entered / safe[..., None, :], groups)
    # A comparison unit's change, weighted over the windows as the treated units weigh them.
    known = np.isfinite(change_c)
    unit_change = np.einsum("...gl,...gcl->...cl", weight, np.where(known, change_c, 0.0))
    used = (weight[..., :, None, :] <= 0) | known
    whole = used.all(-3)
    n0 = whole.sum(-2)
    centre = np.where(whole, unit_change, 0.0).sum(-2) / np.maximum(n0, 1)
    apart = np.where(whole, unit_change - centre[..., None, :], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        v1 = (away**2).sum(-2) / (n1 - 1) / n1
        v0 = (apart**2).sum(-2) / (n0 - 1) / n0
        df = (v1 + v0) ** 2 / (v1**2 / (n1 - 1) + v0**2 / (n0 - 1))
    sound = (n1 > 1) & (n0 > 1) & (v1 + v0 > 0)
    return (
        np.where(n1 > 0, estimate, np.nan),
        np.where(sound, np.sqrt(np.where(sound, v1 + v0, 1.0)), np.nan),
        np.where(sound, df, np.nan),
    )


def _mean(values: Floats, axis: int) -> Floats:
    """The mean over *axis* of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis)
    total = np.where(known, values, 0.0).sum(axis)
    return np.divide(total, count, out=np.full(np.shape(total), np.nan), where=count > 0)


def path(sums: Sums, setup: Setup, looks: Ints, durations: Durations | None = None) -> Estimates:
    """The estimates at *looks*."""
    return estimates(levels(sums, setup, looks, durations), setup)


def half_width(se: Floats, df: Floats, *, se_plan: float | Floats, alpha: float) -> Floats:
    """Half the width of the sequence at each look; infinite where the error is not known."""
    known = np.isfinite(se) & (se > 0)
    safe = np.where(known, se, 1.0)
    width = bound(safe, se_plan=se_plan, alpha=alpha, df=np.where(known, df, 10.0)) * safe
    return np.where(known, width, np.inf)
