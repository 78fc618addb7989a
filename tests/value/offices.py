"""A small town for tests of the verdict: offices with cases every day, in cells, and a plan for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from loft.value.cells import Cells
from loft.value.measures import Measure
from loft.value.plan import Guardrail, Plan, Use

FIRST = date(2022, 1, 1)
BEFORE, AFTER = 900, 420
START = FIRST + timedelta(days=BEFORE)
DAYS = Measure("days", "Days to answer", "days", "lower", "duration")
SCORE = Measure("attribute:score", "Score", "number", "higher", "mean")
USED = Measure("use", "In use", "share", "higher", "share")
VOLUME = Measure("volume", "Cases", "count", "", "count")


@dataclass(frozen=True)
class Town:
    """A plan and the cells it asks for."""

    plan: Plan
    cells: Mapping[str, Cells]

    def on(self, day: int) -> date:
        """The day so many days after the start."""
        return START + timedelta(days=day)


def town(effect: float = 0.0, *, units: int = 24, treated: int = 12, seed: int = 1, a_day: float = 3.0) -> Town:
    """Offices whose days to answer change by *effect* (a share) at the start in those treated; some cases are still open at the end."""
    rng = np.random.default_rng(seed)
    length = BEFORE + AFTER
    day = np.arange(length)
    shocks = 0.06 * rng.standard_normal((units, length // 30 + 1))
    level = 2.6 + 0.2 * rng.standard_normal((units, 1)) + shocks[:, day // 30]
    level[:treated, BEFORE:] += np.log1p(effect)
    n = rng.poisson(a_day, (units, length))
    place = np.repeat(np.arange(units * length), n.ravel())
    unit, opened = place // length, place % length
    age = np.floor(np.exp(level[unit, opened] + 0.5 * rng.standard_normal(len(place)))).astype(np.int64)
    closed = opened + age < length
    age = np.where(closed, age, length - 1 - opened)
    key, count = np.unique(np.stack([unit, opened, age, closed], 1), axis=0, return_counts=True)
    names = tuple(f"Office {number:02d}" for number in range(units))
    until = FIRST + timedelta(days=length - 1)
    weight = count.astype(float)
    durations = Cells(
        DAYS, names, FIRST, until, key[:, 0], key[:, 1], weight, weight * key[:, 2], weight * key[:, 2] ** 2,
        age=key[:, 2], closed=key[:, 3].astype(bool), within=60,
    )  # fmt: skip
    some = np.flatnonzero(n.ravel())
    cases = n.ravel()[some].astype(float)
    unit, opened = some // length, some % length
    met = np.where((unit < treated) & (opened >= BEFORE), cases, 0.0)
    volume = Cells(VOLUME, names, FIRST, until, unit, opened, cases, cases, cases)
    use = Cells(USED, names, FIRST, until, unit, opened, cases, met, met)
    plan = Plan(
        change="joint-door", log="town", measure="days", better="lower", relative=True, smallest=0.06, by="unit",
        treated=tuple((name, START) for name in names[:treated]), comparison=names[treated:], design="lottery",
        last=START + timedelta(days=400), within=60, use=Use("unit", "Door"), locked_by="A. Lead",
        locked_at=(START - timedelta(days=30)).isoformat(),
    )  # fmt: skip
    return Town(plan, {"days": durations, "volume": volume, "use": use})


def with_guardrail(found: Town, guardrail: Guardrail) -> Town:
    """The same with one guardrail."""
    return Town(replace(found.plan, guardrails=(guardrail,)), found.cells)
