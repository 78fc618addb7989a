"""How small an effect can be found: the power of a design, and its minimum detectable effect, before anything is measured."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from loft.language import mark
from loft.value.cells import Floats
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure

ALPHA, POWER = 0.05, 0.8


@dataclass(frozen=True)
class Groups:
    """A comparison of two groups of units: the standard deviation of a unit's figure in each, and the number of units.

    A unit's figure is its level after the start (a plain comparison, ``level_sd``) or its change from before (a difference in
    differences, ``change_sd``); all below is the same for both.
    """

    treated: int
    comparison: int
    treated_sd: float
    comparison_sd: float

    def __post_init__(self) -> None:
        if self.treated < 2 or self.comparison < 2:
            raise CannotBeKnown(
                mark(
                    "Two units on each side are the fewest; there are %(treated)s with the change and %(comparison)s without."
                ),
                treated=Figure(self.treated, "count"),
                comparison=Figure(self.comparison, "count"),
            )
        if not (_positive(self.treated_sd) and _positive(self.comparison_sd)):
            raise BadInput(
                mark(
                    "The standard deviation between units must be above 0; measure it in the period before the change."
                )
            )

    @property
    def se(self) -> float:
        """The standard error of the difference of the two groups' means."""
        return float(np.sqrt(self.treated_sd**2 / self.treated + self.comparison_sd**2 / self.comparison))

    @property
    def df(self) -> float:
        """The degrees of freedom of the difference (Welch 1947)."""
        one, other = self.treated_sd**2 / self.treated, self.comparison_sd**2 / self.comparison
        return (one + other) ** 2 / (one**2 / (self.treated - 1) + other**2 / (self.comparison - 1))


def groups_power(effect: float, groups: Groups, *, alpha: float = ALPHA) -> float:
    """The chance, 0 to 1, that a two-sided t test at *alpha* finds *effect*, which is in the unit of the standard deviations.

    Exact (noncentral t) where both groups have the same size and standard deviation, else Welch's approximation.
    """
    _check_chance(alpha)
    return _beyond(abs(effect) / groups.se, alpha, groups.df)


def groups_mde(groups: Groups, *, power: float = POWER, alpha: float = ALPHA) -> float:
    """The smallest effect found with the chance *power* by a two-sided t test at *alpha*, above 0, in the standard deviations' unit.

    Source: the inverse of ``groups_power``; Bloom (1995) gives it as (t_α/2 + t_power) standard errors, from which the search starts.
    """
    _check_chance(alpha)
    _check_chance(power)
    if power <= alpha:
        raise BadInput(mark("The power asked for must be above the chance of a false finding; ask for more."))
    rough = float(stats.t.ppf(1 - alpha / 2, groups.df) + abs(stats.t.ppf(power, groups.df))) * groups.se
    return float(optimize.brentq(lambda e: groups_power(e, groups, alpha=alpha) - power, 0.0, 3 * rough, xtol=1e-12))


def level_sd(*, between: float, within: float, cases: float, drift: float = 0.0) -> float:
    """The standard deviation of a unit's mean of *cases* cases: *between* units, *drift* of a unit from window to window, *within* cases.

    All in the measure's unit. Source: Donner & Klar (2000), where the variance inflation 1 + (cases − 1)·ρ is the same with
    ρ = between² / (between² + within²).
    """
    _check_spread(between, within, drift)
    _check_cases(cases)
    return float(np.sqrt(between**2 + drift**2 + within**2 / cases))


def change_sd(*, within: float, cases_before: float, cases_after: float, drift: float = 0.0) -> float:
    """The standard deviation of a unit's change from one window's mean to the next: *drift* of a unit between windows, *within* cases.

    Differences between units that stay fall out, which is what a difference in differences gains.
    """
    _check_spread(within, drift)
    _check_cases(cases_before, cases_after)
    return float(np.sqrt(2 * drift**2 + within**2 * (1 / cases_before + 1 / cases_after)))


def wedge_design(steps: list[int], *, before: int = 1) -> Floats:
    """The design (units, periods) of a stepped wedge, 1 with the change: *steps* are the units that start in each period in turn.

    *before* is the number of periods in which nobody has the change. ``wedge_design([6, 6, 6, 6])`` has 24 units and 5 periods.
    """
    if not steps or min(steps) < 0 or sum(steps) < 2 or before < 0:
        raise BadInput(
            mark("A stepped wedge's design is a list of how many units start in each period, 2 units or more in all.")
        )
    starts = np.repeat(np.arange(len(steps)) + before, steps)
    return (np.arange(len(steps) + before) >= starts[:, None]).astype(np.float64)


def wedge_se(design: Floats, *, cases: float, between: float, within: float, drift: float = 0.0) -> float:
    """The standard error of a stepped wedge's effect, in the measure's unit, for a *design* (units, periods) of 0 and 1.

    *cases* is the number in each unit and period; *between*, *drift* and *within* are the standard deviations of units, of a unit's periods
    and of cases. Source: Hussey & Hughes (2007), equation 8, with σ²/n widened by the drift (Hooper et al. 2016).
    Raises ``CannotBeKnown`` where the design cannot tell the change from the periods.
    """
    x = np.asarray(design, np.float64)
    if x.ndim != 2 or not np.isin(x, (0.0, 1.0)).all():
        raise BadInput(
            mark(
                "A stepped wedge's design is a table of units and periods, with 1 where the unit has the change and else 0."
            )
        )
    _check_spread(between, within, drift)
    _check_cases(cases)
    units, periods = x.shape
    noise, tau2 = within**2 / cases + drift**2, between**2
    u, w, v = x.sum(), (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    told = (units * u - w) * noise + (u**2 + units * periods * u - periods * w - units * v) * tau2
    if noise <= 0 or told <= 1e-9 * units * periods * (noise + tau2):
        raise CannotBeKnown(
            mark("With this design the change cannot be told from the periods. Let the units start at different times.")
        )
    return float(np.sqrt(units * noise * (noise + periods * tau2) / told))


def wedge_power(effect: float, se: float, *, alpha: float = ALPHA, df: float = np.inf) -> float:
    """The chance, 0 to 1, that a two-sided test at *alpha* finds *effect* where its standard error is *se*.

    By the normal distribution, as Hussey & Hughes (2007) have it; with *df* (units less two, say) by the t distribution, which is the
    safer answer for few units.
    """
    _check_chance(alpha)
    if not _positive(se):
        raise BadInput(mark("The standard error must be above 0."))
    return _beyond(abs(effect) / se, alpha, df)


def wedge_mde(se: float, *, power: float = POWER, alpha: float = ALPHA, df: float = np.inf) -> float:
    """The smallest effect that ``wedge_power`` finds with the chance *power*, above 0, in the unit of *se*."""
    _check_chance(power)
    if power <= alpha:
        raise BadInput(mark("The power asked for must be above the chance of a false finding; ask for more."))
    most = 3 * float(stats.t.ppf(1 - alpha / 2, df) + abs(stats.t.ppf(power, df))) * se
    return float(optimize.brentq(lambda e: wedge_power(e, se, alpha=alpha, df=df) - power, 0.0, most, xtol=1e-12 * se))


def share_sd(before: float, after: float) -> float:
    """The standard deviation of cases that are 0 or 1, at the middle of two shares: what ``wedge_se`` takes for *within*."""
    if not (0 < before < 1 and 0 < after < 1):
        raise BadInput(mark("A share lies between 0 and 1."))
    middle = (before + after) / 2
    return float(np.sqrt(middle * (1 - middle)))


def _beyond(away: float, alpha: float, df: float) -> float:
    """The chance that a t statistic centred *away* standard errors from 0 falls outside the two-sided bounds of *alpha*."""
    critical = float(stats.t.ppf(1 - alpha / 2, df))
    if np.isinf(df):
        return float(stats.norm.cdf(away - critical) + stats.norm.cdf(-away - critical))
    # Beyond 5 the other tail is below 1e-9, and its computation may fail.
    other = special.nctdtr(df, away, -critical) if away < 5 else 0.0
    return float(1.0 - special.nctdtr(df, away, critical) + other)


def _positive(value: float) -> bool:
    return bool(np.isfinite(value)) and value > 0


def _check_chance(value: float) -> None:
    if not 0 < value < 1:
        raise BadInput(mark("A chance lies between 0 and 1."))


def _check_spread(*values: float) -> None:
    if not all(np.isfinite(v) and v >= 0 for v in values):
        raise BadInput(mark("A standard deviation is 0 or more."))


def _check_cases(*values: float) -> None:
    if not all(_positive(v) for v in values):
        raise BadInput(mark("The number of cases must be above 0."))
