"""What is allowed at each stage, and for whom."""

from itertools import pairwise, product
from pathlib import Path

import pytest

from loft.changes import rules
from loft.changes.drawing import diagram
from loft.changes.rules import ACTIONS, ROLES, STAGES, WAY, Actor, Facts, NotNow, NotYours, Stage, after, after_verdict
from loft.value.verdicts import Word
from loft.vocabulary import ACTIVITIES

SIDES = {Stage.STOPPED, Stage.PAUSED, Stage.HARM, Stage.UNKNOWN, Stage.LAPSED}


def test_every_stage_is_on_the_way_or_an_exit_and_has_a_name() -> None:
    assert {*WAY, *SIDES} == set(Stage) == set(STAGES)
    assert len(WAY) + len(SIDES) == len(Stage)


def test_every_action_has_an_event_with_a_name() -> None:
    events = [action.event for action in ACTIONS.values()]
    assert len(set(events)) == len(events)
    assert [event for event in events if event not in ACTIVITIES] == []


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leads_only_from_stages_where_it_is_allowed_and_is_open_to_known_roles(name: str) -> None:
    action = ACTIONS[name]
    assert set(action.leads) <= action.allowed
    assert set(action.roles) <= {*ROLES, rules.ANYONE}


def test_the_way_can_be_walked_and_no_stage_is_beyond_reach() -> None:
    edges = {(a, b) for action in ACTIONS.values() for a, to in action.leads.items() for b in to}
    reached = {Stage.IDEA}
    for _ in Stage:
        reached |= {b for a, b in edges if a in reached}
    assert reached == set(Stage)
    assert [pair for pair in pairwise(WAY[:4]) if pair not in edges] == []


def test_nothing_leads_out_of_stopped() -> None:
    assert [name for name, action in ACTIONS.items() if Stage.STOPPED in action.leads] == []


def test_check_can_and_why_not_agree_at_every_stage() -> None:
    kari = Actor.local("Kari")
    for name, stage, locked in product(ACTIONS, Stage, (False, True)):
        facts = Facts(stage, locked=locked)
        allowed = rules.can_now(name, facts)
        assert rules.can(name, kari, facts) == allowed
        assert (rules.why_not(name, kari, facts) is None) == allowed
        if not allowed:
            with pytest.raises(NotNow):
                rules.check_now(name, facts)


@pytest.mark.parametrize("name", ACTIONS)
def test_each_role_may_do_what_it_is_named_for_and_nothing_else(name: str) -> None:
    facts = Facts(Stage.IDEA, names={role: role.upper() for role in ROLES})
    for role in ROLES:
        may = bool({role, rules.ANYONE} & set(ACTIONS[name].roles))
        assert rules.can_person(name, Actor(role.upper(), frozenset({role})), facts) == may
        stranger = Actor("Somebody else", frozenset(ROLES))
        assert rules.can_person(name, stranger, facts) == (rules.ANYONE in ACTIONS[name].roles)


def test_nobody_acts_in_a_role_that_is_empty() -> None:
    facts = Facts(Stage.IDEA, names=dict.fromkeys(ROLES, ""))
    with pytest.raises(NotYours, match="Owner in the line"):
        rules.check_person("stop", Actor("", frozenset(ROLES)), facts)


def test_a_start_leads_to_started_from_wherever_it_had_not_begun() -> None:
    assert {after("start", stage) for stage in (Stage.IDEA, Stage.PLANNED, Stage.LOCKED)} == {Stage.STARTED}
    assert after("start", Stage.VALUE) == Stage.VALUE


@pytest.mark.parametrize(
    ("stage", "word", "in_use", "lapsed", "to"),
    [
        (Stage.STARTED, Word.NOT_YET, False, False, Stage.STARTED),
        (Stage.STARTED, Word.NOT_YET, True, False, Stage.IN_USE),
        (Stage.STARTED, Word.VALUE, True, False, Stage.VALUE),
        (Stage.IN_USE, Word.HARM, True, False, Stage.HARM),
        (Stage.VALUE, Word.HARM, True, False, Stage.HARM),
        (Stage.SPREAD, Word.VALUE, True, False, Stage.SPREAD),
        (Stage.IN_USE, Word.UNKNOWABLE, True, False, Stage.UNKNOWN),
        (Stage.UNKNOWN, Word.NOT_YET, True, False, Stage.IN_USE),
        (Stage.HARM, Word.NOT_YET, False, False, Stage.STARTED),
        (Stage.VALUE, Word.NOT_YET, True, False, Stage.VALUE),
        (Stage.VALUE, Word.UNKNOWABLE, True, False, Stage.VALUE),
        (Stage.VALUE, Word.NOT_YET, True, True, Stage.LAPSED),
        (Stage.LAPSED, Word.NOT_YET, True, True, Stage.LAPSED),
        (Stage.LAPSED, Word.VALUE, True, False, Stage.VALUE),
        (Stage.VALUE, Word.LAPSED, True, True, Stage.LAPSED),
    ],
)
def test_the_stage_follows_the_verdict(stage: Stage, word: Word, in_use: bool, lapsed: bool, to: Stage) -> None:
    assert after_verdict(stage, word, in_use=in_use, lapsed=lapsed) == to
    assert to in ACTIONS["record_verdict"].leads[stage]


def test_a_verdict_leads_exactly_where_the_dictionary_says() -> None:
    for stage, to in ACTIONS["record_verdict"].leads.items():
        cases = product(Word, (False, True), (False, True))
        assert {after_verdict(stage, word, in_use=used, lapsed=lapsed) for word, used, lapsed in cases} == to


def test_the_diagram_in_the_docs_is_made_from_the_dictionary() -> None:
    page = (Path(__file__).parents[2] / "docs" / "changes.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{diagram()}\n```" in page
