"""A table cut into atoms, held against trying row after row, for values of every kind in every kind of column."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.decisions import NOTHING, Table
from loft.decisions.decision import Status
from loft.decisions.errors import FactError, TooLarge
from loft.decisions.feel.types import Type
from loft.decisions.model import (
    HitPolicy,
)
from loft.decisions.outcomes import key_of
from tests.decisions.mixed_tables import CELLS, EXPRESSIONS, FACTS, mixed
from tests.decisions.random_tables import MANY, made


@st.composite
def any_table(draw: Callable[[Any], Any]) -> Table:
    """A table in which any cell may stand under any expression."""
    typed = draw(st.booleans())
    texts = draw(st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=3))
    kinds = [draw(st.sampled_from(["Any", FACTS.get(text, ("Any",))[0]])) for text in texts]
    limits = [draw(st.just("") | st.sampled_from(CELLS)) for _ in texts]
    rows = draw(st.lists(st.lists(st.sampled_from(CELLS), min_size=len(texts), max_size=len(texts)), max_size=4))
    policy = draw(st.sampled_from([HitPolicy.RULE_ORDER, HitPolicy.FIRST]))
    return mixed(
        list(zip(texts, kinds, limits, strict=True)),
        [[*row, str(at)] for at, row in enumerate(rows)],
        policy,
        typed=typed,
    )


@MANY
@given(any_table(), st.fixed_dictionaries({n: st.sampled_from([*v, NOTHING]) for n, (_, v) in FACTS.items()}))
def test_values_of_any_kind_in_any_column_fit_the_rows_that_trying_each_row_gives(
    table: Table, facts: dict[str, Any]
) -> None:
    known = {name: None if value is NOTHING else value for name, value in facts.items()}
    assert key_of(table.decided(known, {}).value) == key_of(table.evaluate(known))


@pytest.mark.parametrize(
    ("text", "kind", "limits", "facts", "rows"),
    [
        ("x", "number", "[0..y]", {"x": 2, "y": 1}, [4]),
        ("x", "number", "[0..5]", {"x": 3}, [2]),
        ("x + y", "number", "[0..5]", {"x": 7, "y": 1}, [4]),
        ("a", "Any", "", {"a": [1, "no"]}, [1, 3]),
        ("a", "Any", "", {"a": True}, []),
    ],
)
def test_what_no_atom_holds_is_tried_cell_by_cell(
    text: str, kind: str, limits: str, facts: dict[str, Any], rows: list[int]
) -> None:
    table = mixed(
        [(text, kind, limits)], [[cell, "1"] for cell in ("1", "> 1", "1, 2", "null")], HitPolicy.COLLECT, typed=False
    )
    everything = dict.fromkeys(FACTS, NOTHING) | facts
    decision = table.decide(everything)
    assert list(decision.rows) == rows


def test_a_fact_outside_the_allowed_values_of_its_column_is_refused() -> None:
    table = mixed([("x", "number", "[0..5]")], [["-", "1"]], HitPolicy.FIRST, typed=True)
    with pytest.raises(FactError, match=re.escape("may not be 7; allowed is: [0..5]")):
        table.decide({"x": 7})


@pytest.mark.parametrize(("text", "missing", "late"), [("x / y", "y", 0), ("if y > 3 then 1 else null", "y", 1)])
def test_what_is_computed_may_be_null_while_facts_are_missing(text: str, missing: str, late: int) -> None:
    table = mixed([(text, "number", "")], [["< 5", "1"], [">= 5", "1"]], HitPolicy.UNIQUE, typed=True)
    before = table.decide({"x": 1})
    assert (before.status, before.missing) == (Status.UNDECIDED, (missing,))
    assert table.decide({"x": 1, missing: late}).status is Status.UNMATCHED


def test_a_sum_of_numbers_is_never_null() -> None:
    table = mixed([("x + 2 * y", "number", "")], [["< 5", "1"], [">= 5", "1"]], HitPolicy.UNIQUE, typed=True)
    assert table.decide({"x": 1}).value == 1


def test_what_is_computed_may_be_outside_what_its_column_expects() -> None:
    table = mixed([("x + y", "number", "[0..10]")], [["< 5", "1"], [">= 5", "1"]], HitPolicy.UNIQUE, typed=True)
    assert table.decide({"x": 8}).status is Status.UNDECIDED


@pytest.mark.parametrize("number", ["1" + "0" * 32, "9" * 34, "1E+40", "-1E-40", "0.1"])
def test_samples_lie_inside_their_atoms_however_large_the_numbers(number: str) -> None:
    cells = [f"< {number}", number, f"> {number}"] if "E" not in number else [f"< {Decimal(number):f}"] * 3
    (axis,) = mixed([("x", "number", "")], [[cell, "1"] for cell in cells], HitPolicy.FIRST, typed=True).grid.axes
    assert [axis.find(atom.sample) for atom in axis.atoms[:-1]] == [0, 1, 2]


@pytest.mark.parametrize("policy", HitPolicy)
@pytest.mark.parametrize("outputs", [[], ["1"], ["1", "2"]])
def test_a_table_without_inputs_gives_what_trying_each_row_gives(policy: HitPolicy, outputs: list[str]) -> None:
    table = mixed([], [[output] for output in outputs], policy, typed=True)
    for facts in ({}, {"x": 1}):
        assert key_of(table.decide(facts).value) == key_of(table.evaluate(facts))


def test_the_smallest_change_of_thousands_of_facts_is_refused_in_time() -> None:
    names = [f"fact {number}" for number in range(1_000)]
    table = made(dict.fromkeys(names, Type("number")), [(*["-"] * 999, "> 1", "1")])
    with pytest.raises(TooLarge):
        table.counterfactual(dict.fromkeys(names, 1))
