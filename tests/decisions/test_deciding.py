"""Deciding on whole and on missing facts, against looking at every completion."""

from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given

from loft.decisions import NOTHING, Fact, FactError, Status
from loft.decisions.feel.types import BOOLEAN, NUMBER, STRING
from loft.decisions.model import HitPolicy
from loft.decisions.outcomes import key_of
from tests.decisions.random_tables import MANY, Chance, answered, chances, made, outcome, values_of


@MANY
@given(chances())
def test_with_all_facts_the_grid_gives_what_trying_row_after_row_gives(chance: Chance) -> None:
    for facts in list(chance.completions())[:50]:
        assert key_of(chance.table.decide(facts).value) == outcome(chance.table, facts)


@MANY
@given(chances())
def test_it_is_decided_exactly_when_every_completion_gives_the_same(chance: Chance) -> None:
    decision = chance.table.decide(chance.facts)
    possible = {answered(chance.table, facts) for facts in chance.completions()}
    if len(possible) == 1:
        assert (decision.status, key_of(decision.value)) == next(iter(possible))
        assert decision.missing == ()
    else:
        assert decision.status is Status.UNDECIDED
        assert decision.value is None


@MANY
@given(chances())
def test_the_missing_facts_are_those_that_could_change_the_outcome(chance: Chance) -> None:
    names = [name for name, value in chance.facts.items() if value is None]
    known = {tuple(facts.items()): answered(chance.table, facts) for facts in chance.completions()}
    matter = set()
    for name in names:
        groups: dict[Any, set[Any]] = {}
        for items, answer in known.items():
            groups.setdefault(tuple(item for item in items if item[0] != name), set()).add(answer)
        if any(len(group) > 1 for group in groups.values()):
            matter.add(name)
    assert set(chance.table.decide(chance.facts).missing) == matter


@MANY
@given(chances())
def test_the_rows_that_fired_are_told_only_when_every_completion_fires_them(chance: Chance) -> None:
    decision = chance.table.decide(chance.facts)
    fired = {chance.table.decide(facts).rows for facts in chance.completions()}
    if decision.status in (Status.DECIDED, Status.UNMATCHED) and None in chance.facts.values():
        assert decision.rows == (next(iter(fired)) if len(fired) == 1 else ())


@MANY
@given(chances())
def test_a_counterfactual_flips_the_outcome_and_no_smaller_change_does(chance: Chance) -> None:
    decision = chance.table.decide(chance.facts)
    found = chance.table.counterfactual(chance.facts)
    known = {name: value for name, value in chance.facts.items() if value is not None}
    if decision.status is Status.UNDECIDED:
        assert found is None
        return
    here = decision.status, key_of(decision.value)
    fewest = _fewest_changes(chance, known, here)
    if fewest is None:
        assert found is None
        return
    assert found is not None
    assert len(found.changes) == fewest
    changed = {**chance.facts, **{c.fact: NOTHING if c.instead is None else c.instead for c in found.changes}}
    then = chance.table.decide(changed)
    assert then.status is not Status.UNDECIDED
    assert (then.status, key_of(then.value)) == (found.status, key_of(found.value)) != here


def _fewest_changes(chance: Chance, known: dict[str, Any], here: Any) -> int | None:
    """The least number of known facts that must change for a settled outcome other than *here*, by trying all."""
    for many in range(1, len(known) + 1):
        for names in combinations(known, many):
            for values in product(*(values_of(chance.table, name) for name in names)):
                status, key = answered(chance.table, {**chance.facts, **dict(zip(names, values, strict=True))})
                if status is not Status.UNDECIDED and (status, key) != here:
                    return many
    return None


@MANY
@given(chances())
def test_asking_question_after_question_ends_and_skips_what_cannot_matter(chance: Chance) -> None:
    facts = dict(chance.facts)
    truth = next(iter(chance.completions()))
    asked = []
    while (question := chance.table.next_question(facts)) is not None:
        assert question.fact in chance.table.decide(facts).missing
        assert question.after <= question.before + 1e-9
        asked.append(question.fact)
        facts[question.fact] = truth[question.fact]
    assert len(asked) == len(set(asked))
    assert answered(chance.table, facts) == answered(chance.table, truth)


def test_what_does_not_matter_is_not_needed() -> None:
    table = made(
        {"age": NUMBER, "in work": BOOLEAN}, [("< 18", "-", "1"), (">= 18", "true", "2"), (">= 18", "false", "3")]
    )
    assert table.decide({"age": 12}).value == 1
    assert table.decide({"age": 40}).missing == ("in work",)
    assert table.decide({"in work": True}).missing == ("age",)


def test_not_known_is_not_a_no() -> None:
    table = made({"in work": BOOLEAN}, [("true", "1"), ("false", "2")])
    assert table.decide({}).status is Status.UNDECIDED
    assert table.decide({"in work": None}).status is Status.UNDECIDED


def test_known_to_be_empty_is_another_thing_than_not_known() -> None:
    table = made({"employer": STRING}, [("null", "1"), ("not(null)", "2")])
    assert table.decide({"employer": NOTHING}).value == 1
    assert table.decide({}).missing == ("employer",)


def test_an_empty_fact_that_a_function_is_asked_about_can_be_changed() -> None:
    table = made({"employer": STRING}, [("null", "1"), ('starts with(?, "x")', "2"), ('"a"', "3")])
    found = table.counterfactual({"employer": NOTHING})
    assert found is not None and (found.changes[0].instead, found.value) == ("a", 3)


def test_no_row_and_two_rows_are_told_apart() -> None:
    table = made({"age": NUMBER}, [("< 10", "1"), ("[5..20]", "2")])
    assert table.decide({"age": 30}).status is Status.UNMATCHED
    clash = table.decide({"age": 7})
    assert (clash.status, clash.value, clash.rows) == (Status.CONFLICT, None, (1, 2))


def test_the_sources_of_facts_are_kept() -> None:
    table = made({"age": NUMBER, "in work": BOOLEAN}, [("< 18", "-", "1"), (">= 18", "-", "2")])
    facts = table.decide({"age": Fact(40, "the population register")}).facts
    assert [(fact.name, fact.value, fact.source) for fact in facts] == [("age", 40, "the population register")]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"agee": 4}, "Did you mean “age”"),
        ({"height": 4}, "It asks for: age, in work"),
        ({"age": "four"}, "number"),
        ({"age": True}, "number"),
        ({"in work": 1}, "boolean"),
    ],
)
def test_facts_that_do_not_fit_are_refused(facts: dict[str, Any], told: str) -> None:
    table = made({"age": NUMBER, "in work": BOOLEAN}, [("< 18", "true", "1")])
    with pytest.raises(FactError, match=told):
        table.decide(facts)


def test_the_question_that_settles_most_comes_first_and_the_cheaper_of_two_alike() -> None:
    types = {"a": BOOLEAN, "b": BOOLEAN, "c": NUMBER}
    table = made(
        types,
        [
            ("true", "-", "-", "1"),
            ("false", "true", "-", "1"),
            ("false", "false", "< 5", "2"),
            ("false", "false", ">= 5", "3"),
        ],
    )
    question = table.next_question({})
    assert question is not None and question.fact == "a"
    even = made(
        {"a": BOOLEAN, "b": BOOLEAN},
        [("true", "true", "1"), ("false", "-", "2"), ("true", "false", "2")],
        policy=HitPolicy.ANY,
    )
    assert even.next_question({}).fact == "a"  # type: ignore[union-attr]
