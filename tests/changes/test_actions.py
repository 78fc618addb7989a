"""The verbs: what each writes, refuses, and tells the log."""

from datetime import date

import pytest

from loft.changes import actions
from loft.changes.models import Change, PlanVersion, VerdictRow
from loft.changes.rules import Actor, NotNow, NotYours, Stage
from loft.log.models import Event
from loft.value.errors import BadInput
from loft.value.verdicts import Word
from tests.changes.conftest import FIELDS, KARI, at, idea, judged, locked, started, verdict

pytestmark = pytest.mark.django_db


def events(change: Change) -> list[str]:
    return list(Event.objects.filter(case=change.pseudonym).values_list("activity", flat=True))


def test_an_idea_is_two_fields_and_carries_what_it_was_seen_beside() -> None:
    seen = actions.Seen("/nb/reiser/fjordvik/venting/", "fjordvik", "Byggesak", "Vurdert", "41 dager venting")
    change = idea(seen=seen)
    assert change.stage == Stage.IDEA
    assert change.id == f"en-dor-for-nyinnflyttede-{change.number}"
    assert (change.seen_unit, change.seen_step, change.seen_figure) == ("Byggesak", "Vurdert", "41 dager venting")
    assert Change.named(change.id) == change
    assert Change.named("noe-annet-1") is None
    assert events(change) == ["change.proposed"]


def test_an_idea_without_a_why_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(BadInput, match="why is missing"):
        actions.propose("Én dør", " ", actor=KARI, now=at("2025-01-10"))
    assert not Change.objects.exists()
    assert not Event.objects.exists()


def test_the_way_from_idea_to_value() -> None:
    change = idea()
    actions.plan(change, actor=KARI, now=at("2025-01-15"), **FIELDS)
    assert change.stage == Stage.PLANNED
    row = actions.lock(change, actor=KARI, now=at("2025-02-01"))
    assert change.stage == Stage.LOCKED
    assert row.hash == row.plan.hash
    assert row.plan.locked_by == KARI.name
    assert row.in_time
    assert [(e.unit, e.planned) for e in change.exposures.all()] == [
        ("Nes", date(2025, 3, 1)),
        ("Vik", date(2025, 4, 1)),
    ]
    actions.start(change, "Nes", date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    assert change.stage == Stage.STARTED
    actions.record_verdict(change, verdict(change, "2025-06-01", Word.NOT_YET), actor=KARI, now=at("2025-06-01"))
    assert change.stage == Stage.IN_USE
    actions.record_verdict(change, verdict(change, "2025-10-01", Word.VALUE), actor=KARI, now=at("2025-10-01"))
    assert change.stage == Stage.VALUE
    assert events(change) == [
        "change.proposed",
        "change.planned",
        "change.locked",
        "change.started",
        "change.verdict_recorded",
        "change.verdict_recorded",
    ]


def test_a_plan_that_lacks_something_says_what() -> None:
    change = idea()
    actions.plan(change, actor=KARI, now=at("2025-01-15"), measure="days")
    with pytest.raises(BadInput, match="log, better, relative"):
        actions.lock(change, actor=KARI, now=at("2025-02-01"))
    assert change.stage == Stage.PLANNED


GUARD = {"measure": "doors", "better": "lower", "tolerance": 0.1}


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("smallest", "mye", "smallest must be a number"),
        ("comparison", "Dal", "comparison must be a list"),
        ("treated", [("Nes", "i mars")], "cannot be read"),
        ("locked_by", "Ola", "no field locked_by"),
        ("last", "i fjor", "plan's last cannot be read: write a day as 2026-01-31, not i fjor"),
        ("treated", ["Nes"], r"write each unit with its start, as \[UNIT, 2026-01-31\]"),
        ("guardrails", [{"measure": "doors"}], "plan's guardrails lacks: better, tolerance"),
        ("guardrails", [{**GUARD, "x": 1}], "guardrails has no x"),
        ("guardrails", [GUARD, {**GUARD, "tolerance": 0.2}], "stands twice"),
        ("guardrails", [{**GUARD, "better": "higher"}], "better when it is lower"),
        ("use", "Døra", "plan's use cannot be read: write kind, name, value"),
        ("measure", "dayz", "Did you mean days"),
        ("within", -3, "within cannot be below 0"),
        ("smallest", 0, "above 0"),
        ("better", "less", "lower or higher"),
    ],
)
def test_a_draft_refuses_what_a_field_cannot_hold(field: str, value: object, says: str) -> None:
    change = idea()
    with pytest.raises(BadInput, match=says):
        actions.plan(change, actor=KARI, now=at("2025-01-15"), **{field: value})
    assert change.draft == {}


def test_a_locked_plan_is_amended_beside_itself() -> None:
    change = locked()
    first = change.plan
    assert first is not None
    with pytest.raises(NotNow, match="Amend it instead"):
        actions.plan(change, actor=KARI, now=at("2025-02-02"), smallest=0.01)
    second = actions.amend(
        change, "Ett kontor til venter.", actor=KARI, now=at("2025-02-10"), comparison=["Dal", "Fjell", "Ås"]
    )
    assert (second.version, second.plan.amends) == (2, first.hash)
    assert PlanVersion.objects.get(pk=first.pk).text == first.text
    assert change.judged_by == second


def test_an_amendment_after_the_start_does_not_move_the_goal() -> None:
    change = started()
    first = change.plan
    second = actions.amend(change, "Målet var for høyt.", actor=KARI, now=at("2025-06-01"), smallest=0.01)
    assert not second.in_time
    assert change.judged_by == first


def test_a_start_that_is_put_off_moves_the_goal_only_while_nobody_has_looked() -> None:
    later = {"treated": [("Nes", date(2025, 9, 1)), ("Vik", date(2025, 10, 1))], "smallest": 0.02}
    blind = locked()
    actions.log_look(blind, date(2025, 2, 20), actor=KARI, now=at("2025-02-20"))
    actions.log_look(blind, date(2025, 6, 1), actor=KARI, now=at("2025-06-01"), failed="There is no log.")
    second = actions.amend(blind, "Lokalene er ikke klare.", actor=KARI, now=at("2025-06-02"), **later)
    assert blind.judged_by == second
    peeked = locked()
    first = peeked.plan
    actions.log_look(
        peeked, date(2025, 6, 1), actor=KARI, now=at("2025-06-01"), verdict=verdict(peeked, "2025-06-01", Word.NOT_YET)
    )
    assert actions.amend(peeked, "Lokalene er ikke klare.", actor=KARI, now=at("2025-06-02"), **later).in_time
    assert peeked.judged_by == first


def test_a_unit_that_has_started_keeps_its_start_in_an_amended_plan() -> None:
    change = started()
    with pytest.raises(BadInput, match="Nes has started already"):
        actions.amend(change, "Flytter.", actor=KARI, now=at("2025-03-05"), treated=[("Nes", date(2025, 5, 1))])


def test_a_plan_locked_after_the_start_must_tell_the_actual_start_and_is_not_in_time() -> None:
    change = idea()
    actions.start(change, "Nes", date(2025, 2, 20), actor=KARI, now=at("2025-02-21"))
    actions.plan(change, actor=KARI, now=at("2025-02-22"), **FIELDS)
    assert change.stage == Stage.STARTED
    with pytest.raises(BadInput, match="Nes has started already"):
        actions.lock(change, actor=KARI, now=at("2025-02-23"))
    actions.plan(change, actor=KARI, now=at("2025-02-24"), treated=[("Nes", date(2025, 2, 20))])
    assert not actions.lock(change, actor=KARI, now=at("2025-02-25")).in_time
    assert change.stage == Stage.STARTED


def test_a_start_cannot_lie_ahead_or_be_told_twice() -> None:
    change = started()
    with pytest.raises(BadInput, match="has not come yet"):
        actions.start(change, "Vik", date(2025, 4, 1), actor=KARI, now=at("2025-03-20"))
    with pytest.raises(BadInput, match="started on"):
        actions.start(change, "Nes", date(2025, 3, 3), actor=KARI, now=at("2025-03-20"))


def test_a_verdict_of_a_day_is_never_written_over() -> None:
    change = judged(Word.NOT_YET)
    text = VerdictRow.objects.get().text
    for day in ("2025-10-01", "2025-09-01"):
        with pytest.raises(BadInput, match="It stands"):
            actions.record_verdict(change, verdict(change, day, Word.VALUE), actor=KARI, now=at("2025-10-02"))
    row = VerdictRow.objects.get()
    assert row.text == text
    row.text = "{}"
    with pytest.raises(TypeError, match="never changed"):
        row.save()
    with pytest.raises(TypeError, match="never removed"):
        row.delete()


def test_a_verdict_by_another_plan_is_refused() -> None:
    change = started()
    other = locked(smallest=0.05)
    with pytest.raises(BadInput, match="another plan"):
        actions.record_verdict(change, verdict(other, "2025-10-01", Word.VALUE), actor=KARI, now=at("2025-10-01"))


def test_value_lapses_when_it_is_not_shown_anew_within_a_year() -> None:
    change = judged(Word.VALUE)
    assert not actions.lapse(change, now=at("2026-10-01"))
    actions.record_verdict(change, verdict(change, "2026-01-01", Word.NOT_YET), actor=KARI, now=at("2026-01-01"))
    assert change.stage == Stage.VALUE
    assert actions.lapse(change, now=at("2026-10-02"))
    assert change.stage == Stage.LAPSED
    actions.record_verdict(change, verdict(change, "2026-10-03", Word.VALUE), actor=KARI, now=at("2026-10-03"))
    assert change.stage == Stage.VALUE


def test_all_value_that_is_due_lapses_when_the_program_starts() -> None:
    old, new = judged(Word.VALUE), judged(Word.VALUE, "2026-06-01")
    assert actions.lapse_due(now=at("2026-10-02")) == 1
    assert (Change.objects.get(pk=old.pk).stage, Change.objects.get(pk=new.pk).stage) == (Stage.LAPSED, Stage.VALUE)
    assert actions.lapse_due(now=at("2026-10-02")) == 0
    assert Event.objects.filter(activity="change.lapsed", actor="system").count() == 1


def test_value_in_two_other_bodies_is_spread() -> None:
    change = judged(Word.VALUE)
    for place, body in enumerate(("Nordvik", "Nordvik", "Sørvik")):
        copied = actions.copy(change, "De vil prøve.", actor=KARI, now=at("2025-10-05"), body=body)
        assert (copied.copied_from, copied.origin, copied.body) == (change, "copied", body)
        assert "treated" not in copied.draft
        actions.plan(copied, actor=KARI, now=at("2025-10-06"), **{**FIELDS, "treated": [("Ask", date(2025, 11, 1))]})
        actions.lock(copied, actor=KARI, now=at("2025-10-07"))
        actions.start(copied, "Ask", date(2025, 11, 1), actor=KARI, now=at("2025-11-02"))
        change.refresh_from_db()
        assert change.stage == Stage.VALUE
        day = f"2026-06-0{place + 1}"
        actions.record_verdict(copied, verdict(copied, day, Word.VALUE), actor=KARI, now=at(day))
    change.refresh_from_db()
    assert change.stage == Stage.SPREAD
    assert events(change)[-1] == "change.spread"


def test_a_paused_change_goes_on_where_it_was() -> None:
    change = judged(Word.HARM)
    actions.pause(change, "Vi ser på det.", actor=KARI, now=at("2025-10-02"))
    assert change.stage == Stage.PAUSED
    actions.resume(change, "Vi vet hvorfor.", actor=KARI, now=at("2025-10-03"))
    assert change.stage == Stage.HARM
    actions.stop(change, "Det skadet.", actor=KARI, now=at("2025-10-04"))
    assert change.stage == Stage.STOPPED
    assert [d.kind for d in change.decisions.all()] == ["pause", "resume", "stop"]
    with pytest.raises(NotNow):
        actions.start(change, "Vik", date(2025, 10, 4), actor=KARI, now=at("2025-10-05"))


def test_who_is_not_named_may_not_but_anyone_may_comment() -> None:
    change = locked()
    actions.assign(change, actor=KARI, now=at("2025-02-02"), owner="Ola", analyst="Eva")
    eva = Actor("Eva", frozenset({"analyst"}))
    with pytest.raises(NotYours, match="Owner in the line"):
        actions.start(change, "Nes", date(2025, 3, 1), actor=eva, now=at("2025-03-02"))
    with pytest.raises(NotYours):
        actions.start(change, "Nes", date(2025, 3, 1), actor=Actor("Ola", frozenset({"analyst"})), now=at("2025-03-02"))
    actions.comment(change, "Lykke til!", actor=Actor("Per"), now=at("2025-03-02"))
    actions.start(change, "Nes", date(2025, 3, 1), actor=Actor("Ola", frozenset({"owner"})), now=at("2025-03-03"))
    assert events(change)[-2:] == ["change.commented", "change.started"]


def test_history_tells_who_changed_what_from_what_to_what() -> None:
    change = idea()
    actions.describe(change, actor=KARI, now=at("2025-01-11"), what="Én inngang", kinds=["service", "process"])
    actions.describe(change, actor=KARI, now=at("2025-01-12"), kinds=["service"])
    told = [(h.field, h.before, h.after, h.by) for h in change.history.all()]
    assert told == [
        ("what", "Én dør for nyinnflyttede", "Én inngang", KARI.name),
        ("kinds", "", "service, process", KARI.name),
        ("kinds", "service, process", "service", KARI.name),
    ]
    with pytest.raises(BadInput, match="service"):
        actions.describe(change, actor=KARI, now=at("2025-01-13"), kinds=["servise"])


def test_nobody_loses_what_another_filled_in() -> None:
    change = idea()
    theirs = Change.objects.get(pk=change.pk)
    actions.plan(change, actor=KARI, now=at("2025-01-11"), smallest=0.1, last=date(2026, 3, 1))
    actions.plan(theirs, actor=KARI, now=at("2025-01-12"), smallest=0.2, measure="days")
    change.refresh_from_db()
    assert change.draft == {"smallest": 0.2, "last": "2026-03-01", "measure": "days"}


def test_the_log_is_told_no_name_and_no_text_that_a_person_wrote() -> None:
    change = judged(Word.VALUE)
    actions.comment(change, "Hemmelig kommentar", actor=KARI, now=at("2025-10-02"))
    actions.adjust(change, "Hemmelig grunn", actor=KARI, now=at("2025-10-02"))
    told = " ".join(f"{e.case} {e.unit} {e.actor} {e.attributes}" for e in Event.objects.all())
    assert KARI.name not in told
    assert "Hemmelig" not in told
    assert change.what not in told
    assert {e.actor for e in Event.objects.all()} == {"employee"}


def test_an_event_is_never_changed_or_removed() -> None:
    idea()
    event = Event.objects.get()
    event.activity = "change.stopped"
    for attempt in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(unit="x")):
        with pytest.raises(TypeError, match="Events are never"):
            attempt()
    assert Event.objects.get().activity == "change.proposed"


@pytest.mark.parametrize("length", [51, 200])
def test_the_name_of_a_unit_may_be_long_in_the_history_and_the_log(length: int) -> None:
    unit = "x" * length
    change = idea(seen=actions.Seen(unit=unit + "y" * 60))
    actions.start(change, unit, date(2025, 2, 1), actor=KARI, now=at("2025-02-01"))
    for row in (*change.history.all(), *Event.objects.all()):
        row.clean_fields(exclude=("began", "attributes", "unit", "service", "before", "after"))
    assert all(len(event.unit or "") <= 200 for event in Event.objects.all())


def test_a_start_in_a_unit_that_the_plan_does_not_name_is_refused() -> None:
    change = locked()
    with pytest.raises(BadInput, match=r"Ness is not in the plan. It has: Nes, Vik, Dal, Fjell. Amend the plan first"):
        actions.start(change, "Ness", date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    assert actions.start(change, "Dal", date(2025, 3, 1), actor=KARI, now=at("2025-03-02")).planned is None


def test_a_name_with_control_signs_is_no_unit() -> None:
    for name in ("Nes\x1b[2J", "Ne\ns"):
        with pytest.raises(BadInput, match="signs that no name has"):
            actions.start(idea(), name, date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    with pytest.raises(BadInput, match="201 characters"):
        actions.start(idea(), "N" * 201, date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))


@pytest.mark.parametrize(("better", "size"), [("lower", 0.95), ("higher", 12.0)])
def test_per_cent_written_for_a_share_is_found_whichever_field_is_told_last(better: str, size: float) -> None:
    told = {"better": better, "relative": True, "smallest": size}
    for last in told:
        change = idea()
        for name in (each for each in told if each != last):
            actions.plan(change, actor=KARI, now=at("2025-01-15"), **{name: told[name]})
        with pytest.raises(BadInput, match="Write 10 per cent as 0.1"):
            actions.plan(change, actor=KARI, now=at("2025-01-15"), **{last: told[last]})
        assert last not in change.draft
    actions.plan(idea(), actor=KARI, now=at("2025-01-15"), **{**told, "relative": False})
