"""From a draft to a locked plan, its amendments, and the units that start and end."""

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass, replace
from dataclasses import fields as fields_of
from datetime import date, datetime
from typing import Any

from loft.changes.actions.writing import Work, lead, moment, refuse_future, text, writing
from loft.changes.measuring import foreseen
from loft.changes.models import Change, Exposure, PlanVersion
from loft.changes.rules import Actor, check
from loft.changes.standing import check_start
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.locking import check_fields, check_told, locked
from loft.value.plan import Plan
from loft.value.sentence import Figure

OURS = ("change", "version", "amends", "locked_by", "locked_at")
"""Fields of a plan that the register fills in."""
DRAFTED = tuple(f.name for f in fields_of(Plan) if f.name not in OURS)
"""Fields of a plan that people fill in, asked for when they are needed."""
NEEDED = ("log", "measure", "better", "relative", "smallest", "by", "treated", "comparison", "design", "last")
"""Without these no plan can be locked."""


def plan(change: Change, *, actor: Actor, now: datetime, **fields: Any) -> None:
    """Fill in fields of the draft, as ``loft.value.plan.Plan`` names them; None takes one away. What is missing may come later."""
    with writing(change, "plan", actor=actor, now=now) as work:
        work.write(draft=drafted(work.change.draft, fields))
        lead(work, "plan")
        work.told["fields"] = len(work.change.draft)


def drafted(before: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with *fields* filled in, as JSON-ready values. Raises ``BadInput`` for a field that cannot hold what it is given."""
    if unknown := sorted(set(fields) - set(DRAFTED)):
        raise BadInput(mark("A plan has no field %(name)s."), name=Figure(unknown[0], "text"))
    for name in ("treated", "comparison", "services", "near", "where", "guardrails"):
        if not isinstance(fields.get(name) or (), list | tuple):
            raise BadInput(mark("The plan's %(field)s must be a list."), field=Figure(name, "text"))
    whole = {**before, **_plain(fields)}
    draft = {name: value for name, value in whole.items() if value is not None}
    made = Plan.from_dict({**BLANK, **draft})
    check_fields(made)
    told = {name for name, value in fields.items() if value is not None}
    # A share is judged by three fields, whichever of them is told last.
    if told & _SHARE and set(draft) >= _SHARE:
        told |= _SHARE
    check_told(made, told)
    return draft


_SHARE = {"smallest", "relative", "better"}
BLANK: Mapping[str, Any] = {
    "change": "", "log": "", "measure": "", "better": "", "relative": True, "smallest": 0.0, "by": "", "treated": (),
    "comparison": (), "design": "", "last": "2000-01-01",
}  # fmt: skip
"""What a draft that lacks a field that a plan must have is read with."""


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    def ready(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
        raise BadInput(mark("A plan cannot hold %(value)s."), value=Figure(str(value), "text"))

    return json.loads(json.dumps(dict(fields), default=ready))


def lock(change: Change, *, actor: Actor, now: datetime) -> PlanVersion:
    """The plan, locked: it can be amended from now on, but never changed. A unit that has started must stand in it with its actual start.

    Where the log is here, the plan is locked with what its history says (see ``loft.changes.measuring.foreseen``). A plan that is locked
    after its first start can show harm, or that nothing can be known; never value.
    """
    check("lock", actor, change.facts)
    missing = [name for name in NEEDED if name not in change.draft]
    if missing:
        raise BadInput(mark("The plan still lacks: %(fields)s."), fields=Figure(", ".join(missing), "text"))
    seen = dict(change.draft)
    # The log is read before the database is held for writing.
    drawn_up = foreseen(locked(_drawn_up(change, seen), by=actor.name, at=moment(now)))
    with writing(change, "lock", actor=actor, now=now) as work:
        if work.change.draft != seen:
            raise BadInput(mark("Somebody has changed the plan just now. Read it again before you lock it."))
        found = _kept(work, locked(drawn_up, by=actor.name, at=moment(now)))
        lead(work, "lock")
    return found


def _drawn_up(change: Change, draft: Mapping[str, Any]) -> Plan:
    return Plan.from_dict({**draft, "change": change.id})


def amend(change: Change, reason: str, *, actor: Actor, now: datetime, **fields: Any) -> PlanVersion:
    """A new version of the plan with *fields* changed, and the *reason*; the versions before stay.

    Verdicts are made by the newest version that was locked before its own first start, and before anybody had looked at what came after
    an older one's (``Change.judged_by``). What is amended later is written down, but does not move the goal.
    """
    why = text(reason, "reason")
    check("amend", actor, change.facts)
    before = change.plan
    assert before is not None  # the rules say so
    old = before.plan.as_dict()
    draft = drafted({name: old[name] for name in DRAFTED}, fields)
    if all(old[name] == draft.get(name) or not (old[name] or draft.get(name)) for name in DRAFTED):
        raise BadInput(mark("Nothing in the plan is different. Say what is to change."))
    again = {"by": actor.name, "at": moment(now), "version": before.version + 1, "amends": before.hash}
    new = _with_history(locked(_drawn_up(change, draft), **again), told=fields)
    with writing(change, "amend", actor=actor, now=now) as work:
        if work.change.plan != before:
            raise BadInput(mark("Somebody has amended the plan just now. Read it again before you amend it."))
        found = _kept(work, locked(new, **again), amends=before, reason=why)
        work.write(draft=draft)
    return found


def _with_history(plan: Plan, *, told: Mapping[str, Any]) -> Plan:
    """The amended plan with what the log's history says of it now, but for what was *told*; as it is where the history tells nothing."""
    anew = plan if "se_plan" in told else replace(plan, se_plan=0.0)
    found = foreseen(anew if "mde" in told else replace(anew, mde=0.0))
    return plan if found.se_plan == 0 else found


def _kept(work: Work, plan: Plan, **more: Any) -> PlanVersion:
    _refuse_other_starts(work.change, plan)
    row = PlanVersion.objects.create(
        change=work.change, version=plan.version, text=plan.to_json(), hash=plan.hash, **more, **work.signed
    )
    planned = dict(plan.treated)
    for exposure in work.change.exposures.all():
        if exposure.planned != planned.get(exposure.unit):
            exposure.planned = planned.get(exposure.unit)
            exposure.save()
        planned.pop(exposure.unit, None)
    Exposure.objects.bulk_create(Exposure(change=work.change, unit=unit, planned=day) for unit, day in planned.items())
    work.change.exposures.filter(planned=None, started=None).delete()
    work.told |= {"version": plan.version, "plan_hash": plan.hash, "units": len(plan.treated), "in_time": row.in_time}
    work.service = plan.services[0] if len(plan.services) == 1 else None
    return row


def _refuse_other_starts(change: Change, plan: Plan) -> None:
    """A unit that has started stands in a plan with the start it had in the version before, or else with its actual start."""
    before = dict(change.plan.plan.treated) if change.plan else {}
    named = dict(plan.treated)
    for exposure in change.exposures.exclude(started=None):
        due = before.get(exposure.unit, exposure.started)
        if named.get(exposure.unit) != due and (not before or exposure.unit in before):
            raise BadInput(
                mark("%(unit)s has started already, so it must stand in the plan with the start %(day)s."),
                unit=Figure(exposure.unit, "text"),
                day=Figure(due, "day"),
            )


def start(change: Change, unit: str, on: date, *, actor: Actor, now: datetime) -> Exposure:
    """That the change started in *unit*, on the day *on*.

    A unit that the locked plan compares with is taken, though it breaks the plan; one that the plan does not name is refused, and so are
    days that have not come or that the log does not reach (see ``loft.changes.standing.check_start``).
    """
    name = text(unit, "unit", most=200)
    refuse_future(on, now)
    check("start", actor, change.facts)
    check_start(change, name, on)
    with writing(change, "start", actor=actor, now=now) as work:
        exposure = work.change.exposures.filter(unit=name).first() or Exposure(change=work.change, unit=name)
        if exposure.started:
            raise BadInput(
                mark("%(unit)s started on %(day)s already."),
                unit=Figure(name, "text"),
                day=Figure(exposure.started, "day"),
            )
        exposure.started = on
        exposure.save()
        work.noted(f"started: {name}", None, on)
        lead(work, "start")
        work.unit = name
        work.told |= {"on": on.isoformat(), "planned": exposure.planned.isoformat() if exposure.planned else None}
    return exposure


def end(change: Change, unit: str, on: date, *, actor: Actor, now: datetime) -> Exposure:
    """That the change ended in *unit*, on the day *on*. What it did until then still counts."""
    refuse_future(on, now)
    with writing(change, "end", actor=actor, now=now) as work:
        exposure = work.change.exposures.filter(unit=unit).exclude(started=None).first()
        if exposure is None or exposure.ended or on < exposure.started:
            raise BadInput(
                mark("The change cannot end in %(unit)s on %(day)s: it had not started there, or has ended already."),
                unit=Figure(str(unit), "text"),
                day=Figure(on, "day"),
            )
        exposure.ended = on
        exposure.save()
        work.noted(f"ended: {unit}", None, on)
        work.unit = exposure.unit
        work.told["on"] = on.isoformat()
    return exposure
