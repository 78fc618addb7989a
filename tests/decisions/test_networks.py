"""Decisions that rest on decisions, with facts missing: against looking at every completion."""

from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loft.decisions import NOTHING, Status, Table
from loft.decisions.feel.types import BOOLEAN, NUMBER, STRING, Type
from loft.decisions.model import DecisionNode, DecisionTable, HitPolicy, InputData, Model
from loft.decisions.outcomes import key_of
from loft.decisions.text.reader import read_text
from tests.decisions.random_tables import CELLS, MANY, OUTPUTS, VALUES, made

FACTS = {"income": NUMBER, "place": STRING, "member": BOOLEAN}
SINGLE = [HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY]


@st.composite
def networks(draw: st.DrawFn) -> tuple[Table, dict[str, Any]]:
    """A table on income and member that another uses, beside income again and place; and facts of which some are not known."""
    below = _logic(draw, {"income": NUMBER, "member": BOOLEAN})
    above = _logic(draw, {"group": NUMBER, "income": NUMBER, "place": STRING})
    inputs = tuple(InputData(name, type_, id=name) for name, type_ in FACTS.items())
    group = DecisionNode("group", below, NUMBER, ("income", "member"), id="group")
    top = DecisionNode("top", above, NUMBER, ("group", "income", "place"), id="top")
    facts = {name: draw(st.none() | st.sampled_from(VALUES[type_.kind])) for name, type_ in FACTS.items()}
    return Table(Model("network", inputs=inputs, decisions=(top, group)), top), facts


def _logic(draw: st.DrawFn, types: dict[str, Type]) -> DecisionTable:
    cells = [st.sampled_from(CELLS[type_.kind]) for type_ in types.values()]
    rows = draw(st.lists(st.tuples(*cells, st.sampled_from(OUTPUTS)), min_size=1, max_size=5))
    logic = made(types, rows, policy=draw(st.sampled_from(SINGLE)), default=draw(st.sampled_from(["", "2"]))).node.logic
    assert isinstance(logic, DecisionTable)
    return logic


def _completions(table: Table, facts: dict[str, Any]) -> list[dict[str, Any]]:
    speaks = {
        name: any(
            "null" in row.cells[at].text
            for node in table.model.decisions
            if isinstance(node.logic, DecisionTable)
            for at, column in enumerate(node.logic.inputs)
            if column.text == name
            for row in node.logic.rows
        )
        for name in FACTS
    }
    wide = {name: [*VALUES[type_.kind], *([NOTHING] if speaks[name] else [])] for name, type_ in FACTS.items()}
    options = [wide[name] if facts[name] is None else [facts[name]] for name in FACTS]
    return [dict(zip(FACTS, chosen, strict=True)) for chosen in product(*options)]


@MANY
@given(networks())
def test_a_decision_on_decisions_is_decided_exactly_when_every_completion_agrees(
    made_up: tuple[Table, dict[str, Any]],
) -> None:
    table, facts = made_up
    possible = set()
    for whole in _completions(table, facts):
        decision = table.decide(whole)
        possible.add((decision.status, key_of(decision.value)))
        standard = table.evaluate({name: None if v is NOTHING else v for name, v in whole.items()})
        assert key_of(decision.value) == key_of(standard)
    decision = table.decide(facts)
    if len(possible) == 1:
        assert (decision.status, key_of(decision.value)) == possible.pop()
    else:
        assert decision.status is Status.UNDECIDED
        assert decision.missing


@MANY
@given(networks())
def test_a_counterfactual_through_another_decision_flips_the_outcome(made_up: tuple[Table, dict[str, Any]]) -> None:
    table, facts = made_up
    whole = _completions(table, facts)[0]
    here = table.decide(whole)
    found = table.counterfactual(whole)
    others = [table.decide({**whole, name: v}) for name in FACTS for v in VALUES[FACTS[name].kind]]
    one_does = any((d.status, key_of(d.value)) != (here.status, key_of(here.value)) for d in others)
    if one_does:
        assert found is not None and len(found.changes) == 1
    if found is not None:
        then = table.decide({**whole, **{c.fact: NOTHING if c.instead is None else c.instead for c in found.changes}})
        assert (then.status, key_of(then.value)) == (found.status, key_of(found.value))
        assert (then.status, key_of(then.value)) != (here.status, key_of(here.value))


COMPUTED = """
# Support

- rule: support

## Facts

| fact      | type   | allowed |
|-----------|--------|---------|
| income    | number | >= 0    |
| deduction | number | >= 0    |
| limit     | number | >= 0    |

## Decision: support

| U | income - deduction | limit  | → support |
|---|--------------------|--------|-----------|
| 1 | < 1000             | -      | "full"    |
| 2 | >= 1000            | > 5    | "half"    |
| 3 | >= 1000            | <= 5   | "none"    |
"""


def test_a_computation_counts_as_known_only_when_all_its_facts_are() -> None:
    model = read_text(COMPUTED)
    table = Table(model, model.decision())
    assert table.decide({"income": 500, "limit": 1}).missing == ("deduction",)
    assert table.decide({"income": 500, "deduction": 0}).value == "full"
    assert table.decide({"limit": 9}).missing == ("income", "deduction")


def test_a_counterfactual_is_found_where_a_computation_crosses_its_limit() -> None:
    model = read_text(COMPUTED)
    table = Table(model, model.decision())
    found = table.counterfactual({"income": 1500, "deduction": 100, "limit": 9})
    assert found is not None
    assert [(c.fact, c.instead) for c in found.changes] == [("income", Decimal(1099))]
    assert found.value == "full"
