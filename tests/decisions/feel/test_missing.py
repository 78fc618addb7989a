"""Expressions and cells where facts are not known: what can be told without them, and which are asked for."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from loft.decisions.errors import Missing
from loft.decisions.feel import ast
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.values import Function, Range
from tests.decisions.feel.evaluating import passes, value
from tests.decisions.feel.some_expressions import CONSTANTS, KNOWN, Maker


def missing(text: str, known: str, **scope: Any) -> set[str]:
    with pytest.raises(Missing) as raised:
        value(text, known, **scope)
    return set(raised.value.names)


def test_a_fact_that_is_not_known_is_named() -> None:
    assert missing("income + 1", "income") == {"income"}
    assert missing("applicant.age", "applicant") == {"applicant"}


def test_and_and_or_try_the_other_side() -> None:
    assert value("a and false", "a") is False
    assert value("false and a", "a") is False
    assert value("a or true", "a") is True
    assert value("a > 1 or b", "a", b=True) is True
    assert missing("a and b", "a, b") == {"a", "b"}
    assert missing("a and null", "a") == {"a"}
    assert missing("a and b and c", "a, c", b=True) == {"a", "c"}
    assert value("a and b and c", "a, b", c=False) is False


def test_only_the_branch_that_is_taken_is_looked_at() -> None:
    assert value("if x > 1 then 2 else a", "a", x=3) == 2
    assert missing("if x > 1 then a else 2", "a", x=3) == {"a"}
    assert missing("if a then b else c", "a, b, c") == {"a"}


def test_a_loop_is_settled_by_one_member_whatever_the_others_lack() -> None:
    assert value("some x in [a > 1, true] satisfies x", a=1) is True
    assert value("some x in [1, 2] satisfies x = 2 or a", "a") is True
    assert value("every x in [1, 2] satisfies x = 2 and a", "a") is False
    assert missing("every x in [1, 2] satisfies x = 1 or a", "a") == {"a"}


def test_one_test_that_holds_is_enough() -> None:
    assert passes("< limit, 5", 5, "limit") is True
    assert passes("not(< limit, 5)", 5, "limit") is False
    with pytest.raises(Missing) as raised:
        passes("< limit, > other, 7", 5, "limit, other")
    assert raised.value.names == {"limit", "other"}
    assert passes("-", None, "limit") is True


def shape(of: Any) -> Any:
    """A value in a form that two evaluations can be compared by: a function by its parameters."""
    if isinstance(of, Function):
        return "function", of.parameters
    if isinstance(of, Range):
        return "range", shape(of.low), shape(of.high), of.low_closed, of.high_closed
    if isinstance(of, dict):
        return {name: shape(part) for name, part in of.items()}
    return [shape(member) for member in of] if isinstance(of, list) else repr(of)


PEOPLE = [{"age": Decimal(3), "year": None}, {"age": Decimal(5)}]
FACTS = (
    *CONSTANTS,
    [],
    [Decimal(1), Decimal(2)],
    PEOPLE,
    PEOPLE[0],
    Range(Decimal(1), Decimal(5)),
    Function(("p",), lambda p: p),
)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_settled_with_facts_missing_stays_so_whatever_they_turn_out_to_be(seed: int) -> None:
    maker = Maker(np.random.default_rng(seed))
    settled = 0
    for _ in range(500):
        cell = ast.Tests((maker.node(4), maker.node(3)), maker.yes())
        known = {name: maker.one(FACTS) for name in KNOWN if maker.yes()}
        for run in (expression(maker.node(5)), expression(ast.In(maker.node(2), cell))):
            try:
                answer = run(known)
            except Missing as missing:
                assert missing.names
                continue
            settled += 1
            for _ in range(3):
                assert shape(run({name: maker.one(FACTS) for name in KNOWN} | known)) == shape(answer)
    assert settled > 200


def test_a_filter_on_no_members_needs_no_fact_unless_it_may_be_an_index() -> None:
    assert value("list[age > limit]", "limit, age", list=[]) == []
    assert missing("list[n]", "n", list=[]) == {"n"}
    assert value("list[n]", list=[], n=1) is None


def test_a_null_is_known() -> None:
    assert value("x = null", x=None) is True
    assert value("x.a", x=None) is None
