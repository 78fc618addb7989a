"""Worlds with a known truth: units with cases every day, shocks that last, seasons, and a change that does what we say."""

from dataclasses import dataclass, replace

import numpy as np

from loft.value.cells import Floats, Ints

YEAR = 365


@dataclass(frozen=True)
class World:
    """What a world is like. Sizes are shares: ``effect`` −0.10 makes the measure 10 % lower.

    ``treated`` and ``comparison`` units with Poisson cases, ``a_day`` on average; log days with standard deviation ``sigma`` within a unit
    and day; shocks by unit and month with standard deviation ``shock`` and autocorrelation ``rho``; a ``shift`` of each unit at the
    start, good or bad, whatever the change; seasons. ``years`` of history. ``drift`` a year, and a ``spell`` of ``gap`` days before
    the start, in the treated units only. ``waves`` of starts, ``apart`` days from each other. ``spill`` is the share of the effect
    that reaches the comparison. ``mixed``: the share of slow cases in the treated units falls at the start from one half to this.
    ``yearly``: one figure for each unit and year, and one look a year. ``guardrails``: so many further measures, all without harm,
    share the error.
    """

    name: str
    treated: int = 20
    comparison: int = 20
    effect: float = 0.0
    years: float = 3.0
    a_day: float = 3.0
    sigma: float = 0.9
    shock: float = 0.08
    rho: float = 0.5
    shift: float = 0.05
    drift: float = 0.0
    spell: float = 0.0
    gap: int = 120
    waves: int = 1
    apart: int = 60
    spill: float = 0.0
    mixed: float | None = None
    slow: float = 0.35
    days: int = YEAR
    yearly: bool = False
    guardrails: int = 0

    @property
    def before(self) -> int:
        """Days before the first start."""
        return int(self.years * YEAR)

    @property
    def units(self) -> int:
        """Units in all; the treated come first."""
        return self.treated + self.comparison

    @property
    def starts(self) -> Ints:
        """The start of each treated unit, as a day counted from the first of the history."""
        wave = np.arange(self.treated) * self.waves // max(self.treated, 1)
        return self.before + wave * self.apart


@dataclass(frozen=True)
class Lived:
    """Cases and summed log days by run, unit and day, shape (runs, units, days); with a mix, also those of slow cases alone."""

    n: Floats
    total: Floats
    slow_n: Floats | None = None
    slow_total: Floats | None = None


def live(world: World, runs: int, rng: np.random.Generator) -> Lived:
    """*runs* lives of a *world*."""
    length = world.before + world.days + (world.waves - 1) * world.apart + 1
    day = np.arange(length)
    n = rng.poisson(world.a_day, (runs, world.units, length)).astype(float)
    if world.yearly:
        n = np.broadcast_to((day % YEAR == 0).astype(float), n.shape)
    level = _level(world, runs, day, rng)
    if world.mixed is None:
        return Lived(n, n * level + np.sqrt(n) * world.sigma * rng.standard_normal(n.shape))
    share = np.full((world.units, length), 0.5)
    share[: world.treated] = np.where(day >= world.starts[:, None], world.mixed, 0.5)
    slow = rng.binomial(n.astype(np.int64), share).astype(float)
    slow_total = slow * (level + world.slow) + np.sqrt(slow) * world.sigma * rng.standard_normal(n.shape)
    quick = n - slow
    quick_total = quick * (level - world.slow) + np.sqrt(quick) * world.sigma * rng.standard_normal(n.shape)
    return Lived(n, slow_total + quick_total, slow, slow_total)


def _level(world: World, runs: int, day: Ints, rng: np.random.Generator) -> Floats:
    """The mean log days of each unit and day."""
    month = day // (YEAR if world.yearly else 30)
    shocks = np.empty((runs, world.units, month[-1] + 1))
    shocks[..., 0] = rng.standard_normal((runs, world.units))
    fresh = np.sqrt(1 - world.rho**2)
    for number in range(1, shocks.shape[-1]):
        shocks[..., number] = world.rho * shocks[..., number - 1] + fresh * rng.standard_normal((runs, world.units))
    level = 3.0 + 0.3 * rng.standard_normal((runs, world.units, 1)) + world.shock * shocks[..., month]
    level += 0.1 * np.sin(2 * np.pi * day / 365.25)
    starts = np.concatenate([world.starts, np.full(world.comparison, world.before)])
    after = day >= starts[:, None]
    level += world.shift * rng.standard_normal((runs, world.units, 1)) * after
    ours = (np.arange(world.units) < world.treated)[:, None]
    level += ours * np.log1p(world.drift) * (day - world.before) / 365.25
    level += ours * np.log1p(world.spell) * ((day >= world.before - world.gap) & (day < world.before))
    reached = np.where(ours, 1.0, world.spill)
    level += reached * np.log1p(world.effect) * after
    return level


def worlds() -> tuple[World, ...]:
    """The worlds of the table: those the rule must pass, then what it leaves open."""
    usual = World("no effect, 20+20")
    yearly = World("yearly panel", years=6, days=5 * YEAR, yearly=True, sigma=0.05, shock=0.05)
    return (
        replace(usual, name="no effect, 8+8", treated=8, comparison=8),
        usual,
        replace(usual, name="no effect, 40+40", treated=40, comparison=40),
        replace(usual, name="no effect, 8+40", treated=8, comparison=40),
        *(replace(usual, name=f"no effect, drift −{share} % a year", drift=-share / 100) for share in (3, 6, 10)),
        *(replace(usual, name=f"no effect, bad spell +{share} %", spell=share / 100) for share in (15, 30)),
        replace(usual, name="no effect, shocks with ρ 0.9", rho=0.9),
        replace(usual, name="effect −5 %", effect=-0.05),
        replace(usual, name="effect −10 %", effect=-0.10),
        replace(usual, name="effect −15 %", effect=-0.15),
        replace(usual, name="harm +15 %", effect=0.15),
        replace(usual, name="staggered, no effect", waves=4),
        replace(usual, name="staggered, effect −15 %", waves=4, effect=-0.15),
        replace(usual, name="spill-over 30 %, effect −15 %", spill=0.3, effect=-0.15),
        replace(usual, name="no effect, fewer slow cases", mixed=0.25),
        replace(usual, name="effect −15 %, same mix", mixed=0.5, effect=-0.15),
        replace(usual, name="three guardrails, no harm", guardrails=3),
        replace(yearly, name="yearly panel, no effect"),
        replace(yearly, name="yearly panel, effect −15 %", effect=-0.15),
    )
