"""A rule that goes from DMN to text and back, or from text to DMN and back, says the same and decides every case as before."""

import pytest
from hypothesis import given

from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.dmn.writer import write_dmn
from loft.decisions.errors import RuleError
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.types import Type
from loft.decisions.model import DecisionNode, DecisionTable, Input, InputData, LiteralExpression, Model, Output
from loft.decisions.tables import Table
from loft.decisions.text.reader import read_text
from loft.decisions.text.writer import write_text
from tests.decisions.random_tables import MANY, Chance, answered, chances


def through_dmn(model: Model) -> Model:
    return read_dmn_text(write_dmn(model), file="rule.dmn")


def through_text(model: Model) -> Model:
    return read_text(write_text(model))


def meaning(model: Model) -> list[object]:
    """What the tables of a model say, without ids."""
    told: list[object] = []
    for decision in model.decisions:
        logic = decision.logic
        assert isinstance(logic, DecisionTable)
        told += [decision.name, decision.type, logic.hit_policy, logic.aggregation]
        told += [(column.node, column.type) for column in logic.inputs]
        told += [(column.name, column.type, column.default and column.default.node) for column in logic.outputs]
        told += [([cell.tests for cell in row.cells], [cell.node for cell in row.outputs]) for row in logic.rows]
    return told


@MANY
@given(chances())
def test_a_table_of_any_kind_stays_the_same_from_form_to_form(chance: Chance) -> None:
    dmn = through_dmn(chance.table.model)
    text = through_text(dmn)
    dmn_again = through_dmn(text)
    text_again = through_text(dmn_again)
    assert meaning(dmn) == meaning(text) == meaning(dmn_again) == meaning(text_again)
    assert text_again.inputs == text.inputs
    wanted = answered(chance.table, chance.facts)
    for model in (text, dmn_again):
        assert answered(Table(model, model.decision(chance.table.name)), chance.facts) == wanted


def test_limits_of_facts_without_a_name_are_kept() -> None:
    limited = Type("number", allowed=parse_tests("[0..3]", Names()))
    column = Input("a", parse_expression("a", Names({"a": limited})), limited)
    table = DecisionTable((column,), (Output("out"),), ())
    node = DecisionNode("d", table, requires=("fact-a",), id="decision-d")
    model = Model("Rule", inputs=(InputData("a", limited, "fact-a"),), decisions=(node,))
    text = write_text(model)
    assert "| a    | number | [0..3]  |" in text
    assert read_text(text).inputs[0].type.allowed == limited.allowed


def test_limits_that_no_name_stands_for_are_refused_elsewhere() -> None:
    limited = Type("number", allowed=parse_tests("[0..3]", Names()))
    node = DecisionNode("d", LiteralExpression("1", parse_expression("1", Names())), limited, id="decision-d")
    with pytest.raises(RuleError, match="a text can limit a type that has a name"):
        write_text(Model("Rule", decisions=(node,)))
