"""Whether a plan can be locked: each field can be read, and the plan can be judged by."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from math import inf, isfinite
from typing import Any

from loft.language import mark
from loft.value.choices import one_of
from loft.value.errors import BadInput
from loft.value.fallings import lots_of
from loft.value.measures import measure
from loft.value.plan import DESIGNS, Plan, Use
from loft.value.policy import LATEST, policy
from loft.value.sentence import Figure

USES = ("attribute", "unit", "activity")
MOST_SHARE = {"lower": 0.9, "higher": 10.0}
"""The largest effect worth having that a plan may look for, as a share: beyond it somebody has written per cent for a share."""
_BETTER = {"lower": mark("lower"), "higher": mark("higher")}
_DRAWN = ("lottery", "stepped lottery")


def locked(plan: Plan, *, by: str, at: datetime, version: int = 1, amends: str = "") -> Plan:
    """The plan as it is locked *by* somebody *at* a moment in UTC, under the newest policy unless it names one.

    Raises ``BadInput`` for the first thing that keeps it from being judged by, and says what to do.
    """
    rules = plan.policy or LATEST
    found = replace(
        plan, policy=rules, version=version, amends=amends, locked_by=by, locked_at=at.isoformat(timespec="seconds")
    )
    check_fields(found)
    check_plan(found)
    return found


def check_fields(plan: Plan) -> None:
    """Raises ``BadInput`` where a field holds what it cannot: a text for a number, a choice that is none."""
    for name in ("change", "log", "measure", "better", "by", "design", "strata", "chosen_by", "policy"):
        _has(plan, name, str)
    for name in ("smallest", "se_plan", "mde"):
        _has(plan, name, int | float)
        if not isfinite(getattr(plan, name)):
            raise BadInput(mark("The plan's %(field)s must be a number."), field=Figure(name, "text"))
    for name in ("within", "baseline_days", "version"):
        _has(plan, name, int)
    for name in ("comparison", "services", "near"):
        _texts(name, getattr(plan, name))
    _texts("treated", [unit for unit, _ in plan.treated])
    _texts("where", [text for pair in plan.where for text in pair])
    _record(plan.draw)
    for guardrail in plan.guardrails:
        _texts("guardrails", [guardrail.measure, guardrail.better])
        tolerance: Any = guardrail.tolerance
        if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not isfinite(tolerance):
            raise BadInput(mark("The plan's %(field)s must be a number."), field=Figure("tolerance", "text"))
    if any(not isinstance(each, bool) for each in (plan.relative, *(g.relative for g in plan.guardrails))):
        raise BadInput(mark("The plan's %(field)s must be true or false."), field=Figure("relative", "text"))
    if plan.use:
        _texts("use", [plan.use.kind, plan.use.name, plan.use.value])


def _has(plan: Plan, name: str, kind: Any) -> None:
    value = getattr(plan, name)
    if not isinstance(value, kind) or isinstance(value, bool):
        text = (
            mark("The plan's %(field)s must be a text.")
            if kind is str
            else mark("The plan's %(field)s must be a number.")
        )
        raise BadInput(text, field=Figure(name, "text"))


def _record(draw: Any) -> None:
    """The record of a draw has an order of units and, where there are any, their blocks."""
    whole = isinstance(draw, Mapping) and isinstance(draw.get("blocks", {}), Mapping)
    order = draw.get("order", ()) if whole else None
    _texts("draw", order if isinstance(order, list | tuple) else [None])


def _texts(name: str, values: Iterable[Any]) -> None:
    if isinstance(values, str) or any(not isinstance(value, str) for value in values):
        raise BadInput(mark("The plan's %(field)s must be a list of texts."), field=Figure(name, "text"))


def check_told(plan: Plan, told: Collection[str]) -> None:
    """Raises ``BadInput`` where a field just *told* of a draft holds what no plan can be locked with, whatever the rest becomes."""
    if "measure" in told and plan.measure:
        _judged(plan.measure)
    if "better" in told and plan.better:
        _direction(plan.better)
    if "design" in told and plan.design:
        one_of(plan.design, DESIGNS)
    if "within" in told:
        _from_zero(plan, "within")
    if "smallest" in told:
        _worth_having(plan, relative="relative" in told and bool(plan.better))
    if "guardrails" in told:
        _guards(replace(plan, measure=""))
    if "by" in told and plan.by:
        _unit_told(plan.by)
    if "use" in told and plan.use:
        _use(plan.use)


def check_plan(plan: Plan) -> None:
    """Raises ``BadInput`` where nobody could judge by the plan, whatever the log says."""
    if not plan.log:
        raise BadInput(mark("The plan names no log. Say which log the change is measured in."))
    _judged(plan.measure)
    _direction(plan.better)
    one_of(plan.design, DESIGNS)
    policy(plan.policy)
    _sizes(plan)
    _units(plan)
    _guards(plan)
    _unit_told(plan.by)
    if plan.use:
        _use(plan.use)


def _judged(name: str) -> None:
    judged = measure(name)
    if judged.drops_open:
        raise BadInput(
            mark(
                "%(measure)s leaves out cases that are still open, which flatters slow units; it cannot be judged by."
            ),
            measure=Figure(judged.label, "told"),
        )


def _unit_told(by: str) -> None:
    if not re.fullmatch(r"unit|attribute:.+", by):
        raise BadInput(mark("A unit is told by unit or by attribute:NAME, not by %(by)s."), by=Figure(by, "text"))


def _direction(better: str) -> None:
    if better not in ("lower", "higher"):
        raise BadInput(mark("A plan must say whether lower or higher is better."))


def _sizes(plan: Plan) -> None:
    _worth_having(plan, relative=plan.relative)
    for name in ("within", "se_plan", "mde"):
        _from_zero(plan, name)
    if plan.baseline_days < 1:
        raise BadInput(mark("The plan's %(field)s must be 1 or more."), field=Figure("baseline_days", "text"))


def _worth_having(plan: Plan, *, relative: bool) -> None:
    """*relative*: the size is a share for certain, and the better direction is known."""
    if not plan.smallest > 0:
        raise BadInput(mark("The smallest effect worth having must be above 0."))
    most = MOST_SHARE.get(plan.better, inf) if relative and plan.relative else inf
    if plan.smallest > most:
        raise BadInput(
            mark("The smallest effect worth having can be %(most)s at most, not %(size)s. Write 10 per cent as 0.1."),
            most=Figure(most, "percent"),
            size=Figure(plan.smallest, "percent"),
        )


def _from_zero(plan: Plan, name: str) -> None:
    if getattr(plan, name) < 0:
        raise BadInput(mark("The plan's %(field)s cannot be below 0."), field=Figure(name, "text"))


def _units(plan: Plan) -> None:
    treated = [unit for unit, _ in plan.treated]
    if not treated:
        raise BadInput(mark("The plan names no unit that is to start. Name at least one, with its day."))
    units = sorted([*treated, *plan.comparison])
    if twice := [a for a, b in pairwise(units) if a == b]:
        raise BadInput(mark("The unit %(unit)s stands twice in the plan."), unit=Figure(twice[0], "text"))
    if plan.last <= max(start for _, start in plan.treated):
        raise BadInput(mark("The plan's last day, %(day)s, must come after every start."), day=Figure(plan.last, "day"))
    if plan.comparison and not plan.chosen_by and plan.design not in _DRAWN:
        raise BadInput(mark("Say how the units to compare with were chosen."))
    if plan.design in _DRAWN and not plan.draw:
        raise BadInput(
            mark("The plan says that lots were drawn, but has no record of it. Draw, or choose another design.")
        )
    if plan.design in _DRAWN:
        lots_of(plan)
    if plan.design == "one unit" and len(treated) > 1:
        raise BadInput(
            mark("The plan says that one unit starts, but names %(count)s. Choose another design, or name one."),
            count=Figure(len(treated), "count"),
        )
    if plan.design == "none" and plan.comparison:
        raise BadInput(mark("The plan says that there is nobody to compare with, but names units to compare with."))


def _guards(plan: Plan) -> None:
    names = [guardrail.measure for guardrail in plan.guardrails]
    if len(set(names)) < len(names) or plan.measure in names:
        raise BadInput(
            mark("A measure stands twice in the plan. A guardrail must be another measure than the one judged by.")
        )
    for guardrail in plan.guardrails:
        known = measure(guardrail.measure)
        _direction(guardrail.better)
        if known.better and guardrail.better != known.better:
            raise BadInput(
                mark("%(measure)s is better when it is %(better)s; the guardrail says the opposite."),
                measure=Figure(known.says, "said"),
                better=Figure(_BETTER[known.better], "told"),
            )
        if not guardrail.tolerance >= 0:
            raise BadInput(mark("What a guardrail tolerates cannot be below 0."))


def _use(use: Use) -> None:
    one_of(use.kind, USES)
    if not use.name or (use.kind == "attribute" and not use.value):
        raise BadInput(
            mark(
                "Say how the log shows that a case was handled in the new way: the name, and for an attribute its value."
            )
        )


def begun(plan: Plan, today: date) -> tuple[str, ...]:
    """The units whose planned start is *today* or earlier."""
    return tuple(unit for unit, start in plan.treated if start <= today)
