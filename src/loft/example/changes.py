"""Fjordvik's changes as its register tells them: five with a locked plan, and ideas. Content in bokmål, as a municipality would write it.

The people are invented. What is promised here was written by the simulation's authors; what came of it is in the truth beside the log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from loft.example.texts import DOOR, IDEAS, MESSAGE, REGISTERS, RULES, SHORT_FORM, Idea, Told
from loft.value.plan import Guardrail, Plan, Use

LOG = "fjordvik"
"""The name of the log in a home, as the demonstration imports it."""
_NOTICE = timedelta(days=42)
"""Plans are locked six weeks before the first unit starts."""
_DRAWN = "numpy.random.default_rng([seed, crc32(name)]).permutation(units); the first half starts"


@dataclass(frozen=True)
class Demo:
    """A change with a locked plan: what the register is told of it, the plan, and each unit's actual start."""

    told: Told
    plan: Plan
    starts: tuple[tuple[str, date], ...]
    locked_on: date


def demo_plans(truth: Mapping[str, Any]) -> list[Demo]:
    """The five changes with their plans, from the *truth* beside a log of Fjordvik: the joint door, the message without effect, the short
    form that harms, the rules that started everywhere on one day, and the registers that are two months old."""
    others = {each["name"]: each for each in truth["other_changes"]}
    last = date.fromisoformat(truth["last_day"])
    withdrawn = Guardrail("withdrawal", "lower", 0.03, relative=False)
    return [
        _door(truth["experiment"], last, withdrawn),
        _other(MESSAGE, others["message"], measure="days", smallest=0.12, within=45, guardrails=(withdrawn,)),
        _other(
            SHORT_FORM,
            others["short form"],
            measure="activity:information.requested",
            smallest=0.15,
            relative=False,
            within=60,
            guardrails=(Guardrail("activity:case.returned", "lower", 0.05, relative=False), withdrawn),
        ),
        _other(RULES, others["rules"], measure="days", smallest=0.20, within=45, guardrails=(withdrawn,)),
        _other(REGISTERS, others["registers"], measure="days", smallest=0.12, within=75, guardrails=(withdrawn,)),
    ]


def demo_ideas(truth: Mapping[str, Any]) -> list[Idea]:
    """The ideas; the one from the journeys page carries the unit, the step and the figure it was seen beside."""
    share = truth["experiment"]["sent_back_without"]
    return [idea.with_share(share) for idea in IDEAS]


def _door(experiment: Mapping[str, Any], last: date, withdrawn: Guardrail) -> Demo:
    lottery = experiment["lottery"]
    starts = tuple((centre, date.fromisoformat(f"{month}-01")) for centre, month in experiment["start_month"].items())
    plan = Plan(
        change=DOOR.slug,
        log=LOG,
        measure="days",
        better="lower",
        relative=True,
        smallest=0.15,
        by="attribute:center",
        treated=starts,
        comparison=tuple(lottery["never_opened"]),
        design="stepped lottery",
        last=last + timedelta(days=181),
        services=(experiment["service"],),
        within=60,
        guardrails=(Guardrail("doors", "lower", 0.05), withdrawn),
        use=Use("unit", experiment["door"]),
        chosen_by=DOOR.chosen_by,
        draw=_draw(lottery, "lottery"),
        locked_by=DOOR.analyst,
    )
    return _locked(DOOR, plan)


def _other(
    told: Told,
    change: Mapping[str, Any],
    *,
    measure: str,
    smallest: float,
    within: int,
    guardrails: tuple[Guardrail, ...],
    relative: bool = True,
) -> Demo:
    lottery = change.get("lottery")
    start = date.fromisoformat(f"{change['start_month']}-01")
    plan = Plan(
        change=told.slug,
        log=LOG,
        measure=measure,
        better="lower",
        relative=relative,
        smallest=smallest,
        by=f"attribute:{change['attribute']}",
        treated=tuple((centre, start) for centre in change["started"]),
        comparison=tuple(lottery["never_started"]) if lottery else (),
        design="lottery" if lottery else "none",
        last=start + timedelta(days=365),
        services=tuple(change["services"]),
        within=within,
        guardrails=guardrails,
        use=Use("activity", change["shown_by"]),
        chosen_by=told.chosen_by,
        draw=_draw(lottery, f"lottery/{change['name']}") if lottery else {},
        locked_by=told.analyst,
    )
    return _locked(told, plan)


def _locked(told: Told, plan: Plan) -> Demo:
    return Demo(told, plan, plan.treated, plan.first_start - _NOTICE)


def _draw(lottery: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"method": _DRAWN, "seed": lottery["seed"], "name": name, "order": list(lottery["order"])}
