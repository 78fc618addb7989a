"""Fills a register with Fjordvik's changes, as if they had been proposed, planned, locked and started there over the years of the log."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from loft.changes.rules import Actor
from loft.example.changes import LOG, Demo, demo_ideas, demo_plans
from loft.example.texts import SIMULATED, Gain, Idea, Told
from loft.value.plan import Plan

Judge = Callable[[Any, date], Any]
"""Given a change of the register and the day of the look: makes and records the verdict; returns the row, or None where there is none."""
_OURS = ("change", "version", "amends", "locked_by", "locked_at", "policy")
_BEFORE = timedelta(days=60)
"""Changes are proposed so long before their plan is locked."""
_PUBLIC = (
    "what",
    "why",
    "for_whom",
    "evidence",
    "kinds",
    "novelty",
    "origin",
    "stage",
    "units",
    "plan",
    "verdicts",
    "gains",
    "learning",
)


def fill(
    actions: Any, truth: Mapping[str, Any], *, known: Collection[str] = (), judge: Judge | None = None
) -> list[str]:
    """What was registered: the five changes with their plans, and the ideas, each by its text. Those among *known* are left out.

    *truth* is what is written beside the log, *actions* is ``loft.changes.actions``. With *judge* every change that has started gets a
    verdict on the log's last day, and what rests on a verdict of value is told too.
    """
    last = date.fromisoformat(truth["last_day"])
    done = []
    for demo in demo_plans(truth):
        if demo.told.title not in known:
            change = _registered(actions, demo)
            if judge is not None and (row := judge(change, last)) is not None:
                _after(actions, change, demo.told, row, last)
            _learned(actions, change, demo.told, last)
            done.append(demo.told.title)
    for place, idea in enumerate(demo_ideas(truth)):
        if idea.what not in known:
            _proposed(actions, idea, last - timedelta(days=30 - 4 * place))
            done.append(idea.what)
    return done


def _registered(actions: Any, demo: Demo) -> Any:
    """The change, proposed, told of, planned, locked and started in its units."""
    told, proposed_on = demo.told, demo.locked_on - _BEFORE
    proposer, owner, analyst = (_person(name) for name in (told.proposer, told.owner, told.analyst))
    change = actions.propose(told.title, f"{told.what}\n\n{told.where}", actor=proposer, now=_at(proposed_on))
    actions.assign(
        change, owner=told.owner, benefits_owner=told.benefits_owner, analyst=told.analyst, actor=proposer, now=_at(proposed_on)
    )  # fmt: skip
    actions.describe(
        change, kinds=told.kinds, for_whom=told.for_whom, evidence=told.evidence, novelty=told.novelty, origin=told.origin,
        body="Fjordvik kommune", actor=owner, now=_at(proposed_on, 11),
    )  # fmt: skip
    _hoped(actions, change, told, proposed_on)
    actions.comment(change, SIMULATED, actor=owner, now=_at(proposed_on, 12))
    actions.plan(change, actor=analyst, now=_at(demo.locked_on), **_fields(demo.plan))
    actions.lock(change, actor=analyst, now=_at(demo.locked_on, 10))
    for unit, day in sorted(demo.starts, key=lambda start: start[1]):
        actions.start(change, unit, day, actor=owner, now=_at(day))
    actions.publish(change, _PUBLIC, actor=owner, now=_at(demo.plan.first_start, 12))
    return change


def _fields(plan: Plan) -> dict[str, Any]:
    """The fields of a plan that people fill in."""
    return {name: value for name, value in plan.as_dict().items() if name not in _OURS}


def _hoped(actions: Any, change: Any, told: Told, on: date) -> None:
    """The gains as forecast, the first with the costs, and the time that is thought to be freed."""
    once = sum(cost.amount for cost in told.costs if cost.once)
    yearly = sum(cost.amount for cost in told.costs if not cost.once)
    for place, gain in enumerate(told.gains):
        costs = {"cost_once": once, "cost_yearly": yearly, "price_year": told.costs[0].year} if not place else {}
        _gain(actions, change, gain, costs, _person(told.benefits_owner), _at(on, 13))
    if told.freed:
        actions.free_time(
            change, told.freed.task, told.freed.hours, actor=_person(told.benefits_owner), now=_at(on, 14)
        )


def _gain(actions: Any, change: Any, gain: Gain, costs: Mapping[str, float], actor: Actor, now: datetime) -> None:
    actions.tell_gain(
        change, gain.what, kind=gain.kind, receiver=gain.receiver, cash=gain.cash, unit=gain.unit, low=gain.low, mid=gain.middle,
        high=gain.high, forecast_by=gain.by, actor=actor, now=now, **costs,
    )  # fmt: skip


def _after(actions: Any, change: Any, told: Told, row: Any, on: date) -> None:
    """What rests on a verdict of value: the hours that it confirms, and what the line decides about them."""
    freed = change.freed.first()
    if row.word != "value" or freed is None or told.freed is None or not told.freed.use:
        return
    actor, hours = _person(told.benefits_owner), round(told.freed.hours * 0.8)
    actions.confirm_time(change, freed, hours, row, actor=actor, now=_at(on, 13))
    actions.use_time(change, freed, told.freed.use, hours, to=told.freed.to, actor=actor, now=_at(on, 14))


def _learned(actions: Any, change: Any, told: Told, on: date) -> None:
    if told.learning:
        actions.learn(change, told.learning, actor=_person(told.owner), now=_at(on, 15))


def _proposed(actions: Any, idea: Idea, on: date) -> None:
    seen = actions.Seen(idea.page, LOG if idea.page else "", idea.unit, idea.step, idea.figure)
    actions.propose(idea.what, idea.where, seen=seen, actor=_person(idea.proposer), now=_at(on))


def _person(name: str) -> Actor:
    """One of Fjordvik's people, who may act in whichever role they are named for."""
    return Actor(name, frozenset({"proposer", "owner", "benefits_owner", "analyst"}))


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), UTC)
