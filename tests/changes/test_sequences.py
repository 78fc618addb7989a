"""Whatever people do, in whatever order: what is locked stays, verdicts stay, and each action leaves one event without a name."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loft.changes import actions
from loft.changes.models import Change, PlanVersion, VerdictRow
from loft.changes.rules import ACTIONS, ROLES, Actor, NotNow, NotYours, Stage
from loft.log.models import Event
from loft.value.errors import BadInput
from loft.value.verdicts import Word
from tests.changes.conftest import FIELDS, KARI, at, verdict

NAMES = ("Kari Nordmann", "Ola Eier", "Eva Analytiker", "Per Utenfor")
PEOPLE = [
    KARI,
    Actor("Ola Eier", frozenset({"owner"})),
    Actor("Eva Analytiker", frozenset({"analyst"})),
    Actor("Per Utenfor", frozenset(ROLES)),
]


def act(change: Change, name: str, who: Actor, turn: int, number: int) -> None:
    """One action, with what it needs made from *turn* (the day) and *number*."""
    by: dict[str, Any] = {"actor": who, "now": at("2025-01-15") + timedelta(days=30 * turn)}
    day = by["now"].date()
    units = ("Nes", "Vik", "Dal")
    row = change.verdict
    calls: dict[str, Any] = {
        "describe": lambda: actions.describe(change, what=f"Hemmelig {number}", **by),
        "plan": lambda: actions.plan(change, **by, **FIELDS),
        "lock": lambda: actions.lock(change, **by),
        "amend": lambda: actions.amend(change, "Hemmelig", smallest=0.1 + number / 100, **by),
        "start": lambda: actions.start(change, units[number % 3], day - timedelta(days=number), **by),
        "end": lambda: actions.end(change, units[number % 3], day, **by),
        "record_verdict": lambda: _judge(change, day.isoformat(), list(Word)[number % len(Word)], by),
        "note": lambda: actions.note(change, row, "Hemmelig", **by) if row else None,
        "stop": lambda: actions.stop(change, "Hemmelig", **by),
        "pause": lambda: actions.pause(change, "Hemmelig", **by),
        "resume": lambda: actions.resume(change, "Hemmelig", **by),
        "adjust": lambda: actions.adjust(change, "Hemmelig", **by),
        "comment": lambda: actions.comment(change, "Hemmelig", **by),
        "learn": lambda: actions.learn(change, "Hemmelig", **by),
        "publish": lambda: actions.publish(change, ["what"], **by),
        "tell_break": lambda: actions.tell_break(change, units[number % 3], date(2025, 5, 1), "Hemmelig", **by),
        "assign": lambda: actions.assign(change, owner=NAMES[number % 4], **by),
        "lapse": lambda: actions.lapse(change, now=by["now"]),
    }
    calls[name]()


def _judge(change: Change, day: str, word: Word, by: dict[str, Any]) -> None:
    if change.judged_by:
        actions.record_verdict(change, verdict(change, day, word), **by)


VERBS = (
    "describe plan lock amend start end record_verdict note stop pause resume adjust comment learn publish tell_break assign lapse"
).split()
STEP = st.tuples(st.sampled_from(VERBS), st.sampled_from(PEOPLE), st.integers(0, 9))
LIKELY = st.lists(st.one_of(st.just(("record_verdict", KARI, 0)), STEP), max_size=12)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ahead=st.sampled_from([[], ["plan"], ["plan", "lock"], ["plan", "lock", "start"]]), steps=LIKELY)
def test_whatever_is_done_in_whatever_order(ahead: list[str], steps: list[tuple[str, Actor, int]]) -> None:
    change = actions.propose("Hemmelig hva", "Hemmelig hvorfor", actor=KARI, now=at("2025-01-10"))
    actions.assign(change, owner="Ola Eier", analyst="Eva Analytiker", actor=KARI, now=at("2025-01-10"))
    kept: dict[int, str] = {}
    judged: dict[int, str] = {}
    for turn, (name, who, number) in enumerate([*((name, KARI, 0) for name in ahead), *steps]):
        before = Event.objects.count()
        stage = Stage(Change.objects.get(pk=change.pk).stage)
        nothing = {"note": change.verdict is None, "record_verdict": change.judged_by is None}.get(name, False)
        try:
            act(change, name, who, turn, number)
        except (NotNow, NotYours, BadInput):
            change.refresh_from_db()
            assert Event.objects.count() == before
            assert change.stage == stage
        else:
            left = Event.objects.count() - before
            assert left == 1 or nothing or (name == "lapse" and left == 0)
            moved = Stage(change.stage)
            assert moved == stage or moved in ACTIONS[name].leads[stage]
        plans = dict(PlanVersion.objects.filter(change=change).values_list("pk", "text"))
        verdicts = dict(VerdictRow.objects.filter(change=change).values_list("pk", "text"))
        assert kept.items() <= plans.items()
        assert judged.items() <= verdicts.items()
        kept, judged = plans, verdicts
    told = json.dumps(list(Event.objects.filter(case=change.pseudonym).values_list("unit", "actor", "attributes")))
    assert "Hemmelig" not in told
    assert [name for name in NAMES if name in told] == []
