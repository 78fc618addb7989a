"""What the years before say about a design: how exact an answer can be, and which effect it could find."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.value.cells import Floats, Ints
from loft.value.levels import Sums
from loft.value.sequence import bound

POWER = 0.8
"""The chance to find an effect of the size called detectable."""
APART = 30
MOST = 24


@dataclass(frozen=True)
class Planned:
    """``spread``: the standard deviation between units of a change that nothing caused, at half horizon and at the horizon.
    ``se_plan`` is the standard error at half horizon, ``mde`` the effect found with 80 % chance at the horizon; both on the scale
    of the levels."""

    spread_half: Floats
    spread: Floats
    se_plan: Floats
    mde: Floats


def spread(sums: Sums, units: Ints, *, before: int, span: int, baseline: int, history: int) -> Floats:
    """The standard deviation between *units* of the change from a baseline of so many days to a period of *span* days, in the years
    before the day *before*, where nothing was changed: pooled over starts ``APART`` days apart for which two units or more are known. NaN
    where there is too little history.

    Where history is short, baseline and span share what there is.
    """
    there = before - history
    if baseline + span > there:
        baseline, span = there * baseline // (baseline + span), there * span // (baseline + span)
    if min(baseline, span) < 30:
        return np.full(sums.n.shape[:-2], np.nan)
    starts = np.arange(before - span, history + baseline - 1, -APART)[:MOST]
    after = sums.level(units[:, None], starts, starts + span)
    change = after - sums.level(units[:, None], starts - baseline, starts)
    known = np.isfinite(change)
    count = known.sum(-2)
    centre = np.where(known, change, 0.0).sum(-2) / np.maximum(count, 1)
    away = np.where(known, change - centre[..., None, :], 0.0)
    variance = (away**2).sum(-2) / np.maximum(count - 1, 1)
    told = count > 1
    starts_told = told.sum(-1)
    pooled = np.where(told, variance, 0.0).sum(-1) / np.maximum(starts_told, 1)
    return np.where(starts_told > 0, np.sqrt(pooled), np.nan)


def planned(
    sums: Sums,
    units: Ints,
    *,
    treated: int,
    comparison: int,
    before: int,
    horizon: int,
    baseline: int,
    history: int,
    alpha: float,
) -> Planned:
    """What a design with so many *treated* and *comparison* units can find within *horizon* days of a start on the day *before*."""
    halves = [
        spread(sums, units, before=before, span=span, baseline=baseline, history=history)
        for span in (max(horizon // 2, 30), horizon)
    ]
    share = np.sqrt(1 / treated + 1 / comparison)
    se_plan, se = halves[0] * share, halves[1] * share
    return Planned(halves[0], halves[1], se_plan, detectable(se, se_plan, treated + comparison - 2, alpha))


def detectable(se: Floats, se_plan: Floats, df: float, alpha: float) -> Floats:
    """The effect whose sequence leaves 0 with a chance of 80 % at a look with standard error *se*."""
    known = np.isfinite(se) & (se > 0) & np.isfinite(se_plan) & (se_plan > 0)
    safe, plan = np.where(known, se, 1.0), np.where(known, se_plan, 1.0)
    z = bound(safe, se_plan=plan, alpha=alpha, df=max(df, 1.0))
    return np.where(known, (z + stats.norm.ppf(POWER)) * safe, np.nan)
