"""Changes as the portfolio needs them, from the register."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from loft.changes.models import Change
from loft.changes.portfolio import STANDING, Held, Hours, Portfolio, Worth, portfolio
from loft.changes.rules import Stage
from loft.value.policy import policy
from loft.value.verdicts import Word

_RELATED = ("plans", "exposures", "verdicts__plan", "looks", "decisions", "gains__verdict", "freed__uses")


def portfolio_of(today: date, changes: Iterable[Change] | None = None) -> Portfolio:
    """The sums over *changes*, all for None, on the day *today*."""
    chosen = Change.objects.prefetch_related(*_RELATED) if changes is None else changes
    return portfolio([held(change, today) for change in chosen], today)


def held(change: Change, today: date) -> Held:
    """A change as the portfolio needs it."""
    version = change.judged_by
    verdicts = sorted(change.verdicts.all(), key=lambda row: row.on)
    gains = [(gain, worth(gain)) for gain in change.gains.all()]
    return Held(
        id=change.id,
        what=change.what,
        stage=Stage(change.stage),
        started=any(exposure.started for exposure in change.exposures.all()),
        in_time=version.in_time if version else None,
        last=version.plan.last if version else None,
        word=Word(verdicts[-1].word) if verdicts else None,
        effect=_effect(verdicts),
        gains=tuple(priced for _, priced in gains if priced),
        unpriced=sum(priced is None for _, priced in gains),
        hours=tuple(_hours(freed) for freed in change.freed.all()),
        judged=tuple(row.on for row in verdicts),
        overdue=Stage(change.stage) in STANDING and _overdue(verdicts, today),
        looks=len(change.looks.all()),
        decisions=tuple((row.kind, row.at.date()) for row in change.decisions.all()),
    )


def _overdue(verdicts: list[Any], today: date) -> bool:
    shown = [row for row in verdicts if row.word == Word.VALUE]
    return bool(shown) and today > shown[-1].on + timedelta(days=int(policy(shown[-1].plan.plan.policy)["retest_days"]))


def _effect(verdicts: list[Any]) -> tuple[float, float] | None:
    """The newest effect that was measured as a share, toward the good side, with half its sequence's width; others cannot be held beside
    each other."""
    for row in reversed(verdicts):
        size = row.verdict.size
        if size and size.relative:
            sign = -1 if row.plan.plan.better == "lower" else 1
            return sign * size.estimate, (size.high - size.low) / 2
    return None


def worth(gain: Any) -> Worth | None:
    """A gain in kroner a year, its amounts times its price; an amount in kroner is its own price. None where it has no price or year."""
    crowns = gain.unit.strip().casefold().startswith(("kr", "nok"))
    price = gain.unit_price if gain.unit_price is not None else 1.0 if crowns else None
    if price is None or gain.price_year is None:
        return None
    lost = gain.kind == "disbenefit"
    return Worth(
        cash=gain.cash,
        year=gain.price_year,
        lost=lost,
        promised=_range(gain.low, gain.mid, gain.high, price, lost=lost),
        proven=_range(gain.measured_low, gain.measured_mid, gain.measured_high, price, lost=lost),
        cost_once=gain.cost_once or 0.0,
        cost_yearly=gain.cost_yearly or 0.0,
    )


def _range(
    low: float | None, mid: float | None, high: float | None, price: float, *, lost: bool
) -> tuple[float, float, float] | None:
    """Low, middle and high in kroner; an end that was not told is the middle. Of a disadvantage below 0, so that high is the least bad."""
    if mid is None:
        return None
    ends = sorted(
        (-abs(v) if lost else v) * price for v in (mid if low is None else low, mid if high is None else high)
    )
    return ends[0], (-abs(mid) if lost else mid) * price, ends[1]


def _hours(freed: Any) -> Hours:
    uses = list(freed.uses.all())
    return Hours(
        estimated=freed.estimated,
        confirmed=freed.confirmed,
        confirmed_on=freed.confirmed_on,
        decided=sum(use.hours for use in uses),
        realised=sum(use.realised or 0.0 for use in uses),
    )
