"""Verdicts as a dated series, notes beside them, and what the line decides."""

import json
from datetime import date, datetime, timedelta

from django.db import transaction

from loft.changes.actions.identity import propose
from loft.changes.actions.writing import Work, lead, moment, refuse_future, text, writing
from loft.changes.models import Change, Decision, Kind, Look, VerdictNote, VerdictRow
from loft.changes.rules import Actor, Stage, after_verdict
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.policy import policy
from loft.value.sentence import Figure
from loft.value.verdicts import Verdict, Word

SPREAD_TO = 2
"""Value must be shown in so many other bodies, on their own data, before it has spread."""


def record_verdict(change: Change, verdict: Verdict, *, actor: Actor, now: datetime) -> VerdictRow:
    """The verdict of a day, added to the series; the stage follows the rule.

    Raises ``BadInput`` for a verdict by another plan than ``Change.judged_by``, and for one that is not newer than the last.
    """
    refuse_future(verdict.on, now)
    with transaction.atomic():
        row = _recorded(change, verdict, actor, now)
        _spread(change, now)
        if change.copied_from:
            _spread(change.copied_from, now)
    change.refresh_from_db()
    return row


def _recorded(change: Change, verdict: Verdict, actor: Actor, now: datetime) -> VerdictRow:
    with writing(change, "record_verdict", actor=actor, now=now) as work:
        plan, newest = work.change.judged_by, work.change.verdict
        assert plan is not None  # the rules say so
        if verdict.plan_hash != plan.hash:
            raise BadInput(
                mark("The verdict is by another plan than version %(version)s, which this change is judged by."),
                version=Figure(plan.version, "count"),
            )
        if newest and verdict.on <= newest.on:
            raise BadInput(
                mark("There is a verdict of %(day)s. It stands; the next must be of a later day."),
                day=Figure(newest.on, "day"),
            )
        stage = after_verdict(
            Stage(work.change.stage), verdict.word, in_use=_in_use(verdict), lapsed=_lapsed(work.change, verdict.on)
        )
        row = VerdictRow.objects.create(
            change=work.change, plan=plan, on=verdict.on, word=str(verdict.word), text=_text(verdict), **work.signed
        )
        work.move(stage)
        work.told |= {"on": verdict.on.isoformat(), "word": str(verdict.word), "security": verdict.security}
        work.told |= {"version": plan.version, "plan_hash": plan.hash, "cells_hash": verdict.cells_hash}
    return row


def _text(verdict: Verdict) -> str:
    return json.dumps(verdict.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _in_use(verdict: Verdict) -> bool:
    return any(check.name == "in use" and check.passed for check in verdict.checks)


def _lapsed(change: Change, on: date) -> bool:
    """Whether no verdict of value was made for so long before *on* that value shown no longer stands."""
    newest = change.verdicts.filter(word=Word.VALUE).order_by("-on").first()
    return newest is not None and on > newest.on + timedelta(days=int(policy(newest.plan.plan.policy)["retest_days"]))


def _spread(change: Change, now: datetime) -> None:
    """Move a change on whose value is shown in enough other bodies."""
    bodies = change.copies.filter(stage__in=(Stage.VALUE, Stage.SPREAD)).exclude(body__in=("", change.body))
    found = bodies.values("body").distinct().count()
    change.refresh_from_db()
    if change.stage == Stage.VALUE and found >= SPREAD_TO:
        with writing(change, "spread", actor=Actor.system(), now=now) as work:
            lead(work, "spread")
            work.told["bodies"] = found


def lapse(change: Change, *, now: datetime) -> bool:
    """Let value that was not shown anew in time lapse; whether it did. The program does this by itself."""
    if change.stage not in (Stage.VALUE, Stage.SPREAD) or not _lapsed(change, now.date()):
        return False
    with writing(change, "lapse", actor=Actor.system(), now=now) as work:
        lead(work, "lapse")
    return True


def lapse_due(*, now: datetime) -> int:
    """Let all value lapse that was not shown anew in time; of how many changes. Done whenever the program starts."""
    standing = Change.objects.filter(stage__in=(Stage.VALUE, Stage.SPREAD))
    return sum(lapse(change, now=now) for change in standing)


def log_look(
    change: Change, on: date, *, actor: Actor, now: datetime, verdict: Verdict | None = None, failed: str = ""
) -> Look:
    """That somebody looked at how the change is doing, whether or not anything came of it. Every look is logged."""
    plan = change.judged_by
    return Look.objects.create(
        change=change, version=plan.version if plan else None, on=on, word=str(verdict.word) if verdict else "",
        cells_hash=verdict.cells_hash if verdict else "", failed=failed, by=actor.name, at=moment(now),
    )  # fmt: skip


def note(change: Change, verdict: VerdictRow, said: str, *, actor: Actor, now: datetime) -> VerdictNote:
    """A signed note beside a verdict. The verdict stays as it is."""
    written = text(said, "note")
    with writing(change, "note", actor=actor, now=now) as work:
        if verdict.change_id != work.change.pk:
            raise BadInput(mark("The verdict is of another change."))
        work.told["on"] = verdict.on.isoformat()
        return VerdictNote.objects.create(verdict=verdict, text=written, **work.signed)


def stop(change: Change, reason: str, *, actor: Actor, now: datetime) -> None:
    """Stop the change for good, and why."""
    _decide(change, "stop", reason, actor, now)


def adjust(change: Change, reason: str, *, actor: Actor, now: datetime) -> None:
    """Note that the change is done in another way from now on, how, and why. The plan it is judged by stays."""
    _decide(change, "adjust", reason, actor, now)


def pause(change: Change, reason: str, *, actor: Actor, now: datetime) -> None:
    """Pause the change, and why."""
    _decide(change, "pause", reason, actor, now)


def resume(change: Change, reason: str, *, actor: Actor, now: datetime) -> None:
    """Go on with a paused change at the stage it had, and why."""
    _decide(change, "resume", reason, actor, now)


def _decide(change: Change, kind: str, reason: str, actor: Actor, now: datetime) -> None:
    why = text(reason, "reason")
    with writing(change, kind, actor=actor, now=now) as work:
        _decided(work, kind, why)
        if kind == "resume":
            work.move(Stage(work.change.stage_before))
            work.change.stage_before = ""
            return
        if kind == "pause":
            work.change.stage_before = work.change.stage
        lead(work, kind)


def _decided(work: Work, kind: str, why: str) -> None:
    Decision.objects.create(change=work.change, kind=kind, reason=why, **work.signed)


def copy(change: Change, reason: str, *, actor: Actor, now: datetime, body: str = "", unit: str = "") -> Change:
    """The change as an idea of its own in another *body*, or a *unit* of this one. The link stays; its verdict must be its own."""
    why = text(reason, "reason")
    if not body and not unit:
        raise BadInput(mark("Say which body or unit the change is taken to."))
    with writing(change, "copy", actor=actor, now=now) as work:
        _decided(work, "spread", why)
        found = propose(
            work.change.what,
            work.change.why,
            actor=actor,
            now=now,
            body=body or work.change.body,
            copied_from=work.change,
        )
        found.for_whom, found.evidence = work.change.for_whom, work.change.evidence
        found.origin, found.origin_from, found.novelty = "copied", work.change.body, "here"
        found.seen_unit = text(unit, "unit", most=200, needed=False)
        found.draft = {k: v for k, v in work.change.draft.items() if k in _GENERAL}
        found.save()
        Kind.objects.bulk_create(Kind(change=found, name=kind.name) for kind in work.change.kinds.all())
        work.told["elsewhere"] = bool(body) and body != work.change.body
    return found


_GENERAL = ("measure", "better", "relative", "smallest", "within", "guardrails", "services", "strata", "baseline_days")
"""Fields of a draft that are as good in another place."""
