"""The rule, from findings to a verdict: which reason is told, and when to look again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from loft.language import speaking
from loft.value.plan import Plan
from loft.value.policy import policy
from loft.value.rule import Found, Numbers, Ruling, rule, security
from loft.value.sentence import Sentence
from loft.value.verdicts import Check, Guarded, Word
from tests.value.offices import START, town

PLAN = town().plan
RULES = policy()
SHOWN = Numbers(True, clear=True, held=True, outside=True, large=True)

UNSURE = Numbers(True, large=True)


def on(day: int) -> date:
    return START + timedelta(days=day)


def ruled(numbers: Numbers, day: int = 300, plan: Plan = PLAN, **more: Any) -> Ruling:
    return rule(plan, Found(True, on(day), numbers, **more), RULES)


def first_reason(ruling: Ruling) -> str:
    with speaking("en"):
        return str(ruling.reasons[0])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"inside": True}, "Too small"),
        ({"outside": False}, "Too uncertain"),
        ({"drift_known": False}, "How some units moved in the years before is not known"),
        ({"drifted": True}, "already moving another way"),
        ({"large": False}, "smaller than the smallest effect worth having"),
        ({}, "found again at a look at least 60"),
    ],
)
def test_the_first_thing_that_the_numbers_lack_is_told(change: dict[str, bool], says: str) -> None:
    ruling = ruled(replace(SHOWN, held=False, **change))
    assert ruling.word == Word.NOT_YET
    assert says in first_reason(ruling).replace("\u00a0", " ")


def test_what_is_not_held_is_never_value_whatever_else_is_found() -> None:
    assert ruled(replace(SHOWN, held=False, clear=False)).word == Word.NOT_YET


def test_value_is_tested_again_within_a_year() -> None:
    assert ruled(SHOWN).word == Word.VALUE
    assert ruled(SHOWN).next_look == on(665)


@pytest.mark.parametrize(
    ("numbers", "day", "next_look", "may_know"),
    [
        (SHOWN, 179, on(240), None),
        (replace(SHOWN, held=False), 200, on(260), on(260)),
        (replace(UNSURE, expected=on(250)), 200, on(310), on(310)),
        (replace(UNSURE, expected=on(390)), 300, on(360), None),
        (UNSURE, 380, on(400), None),
        (UNSURE, 401, None, None),
        (SHOWN, -1, on(0), None),
    ],
)
def test_when_to_look_again(numbers: Numbers, day: int, next_look: date | None, may_know: date | None) -> None:
    ruling = ruled(numbers, day)
    assert (ruling.next_look, ruling.may_know) == (next_look, may_know)


def test_a_plan_that_ran_out_says_so() -> None:
    ruling = ruled(replace(SHOWN, held=False), 401)
    with speaking("en"):
        assert "ran out" in str(ruling.reasons[-1])


def test_a_guardrail_without_a_figure_stops_value_but_is_no_harm() -> None:
    unknown = Guarded("doors", None, 0.1, False, Sentence("Doors: nothing can be measured yet."))
    ruling = ruled(SHOWN, guardrails=(unknown,))
    assert ruling.word == Word.NOT_YET
    assert "Doors" in first_reason(ruling)


@pytest.mark.parametrize(("name", "passed", "word"), [
    ("in use", None, Word.NOT_YET), ("volume", None, Word.NOT_YET), ("near", None, Word.NOT_YET),
    ("withdrawal", None, Word.VALUE), ("withdrawal", False, Word.NOT_YET), ("volume", True, Word.VALUE),
])  # fmt: skip
def test_checks_that_are_needed_must_be_made_and_none_may_fail(name: str, passed: bool | None, word: Word) -> None:
    assert ruled(SHOWN, checks=(Check(name, passed, Sentence(name)),)).word == word


@pytest.mark.parametrize(("design", "comparison", "passed", "withstands", "told"), [
    ("none", 0, True, None, 1), ("one unit", 30, True, None, 2), ("comparison", 20, None, 3.0, 2), ("comparison", 20, False, 3.0, 2),
    ("comparison", 20, True, 3.0, 3), ("staggered", 20, True, 1.9, 3), ("staggered", 20, True, 2.0, 4), ("staggered", 19, True, 2.0, 3),
    ("lottery", 20, None, None, 5),
])  # fmt: skip
def test_how_secure_a_finding_is(
    design: str, comparison: int, passed: bool | None, withstands: float | None, told: int
) -> None:
    found = Found(True, on(300), SHOWN, checks=(Check("in use", passed, Sentence("in use")),))
    plan = replace(PLAN, design=design)
    assert security(plan, found, treated=20, comparison=comparison, withstands=withstands) == told
