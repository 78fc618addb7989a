"""Columns and entries of decision tables that have types and values of their own."""

from typing import Any

import pytest

from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.dmn.writer import write_dmn
from loft.decisions.standard import Evaluator
from tests.decisions.dmn.building import decision, given, read, table

LEVEL = (
    '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"low", "high"</text></allowedValues>'
    "</itemDefinition>"
)


def value(logic: str, fact: Any) -> Any:
    model = read(LEVEL + given("a", "Any") + decision("d", logic, requires="a"))
    again = read_dmn_text(write_dmn(model), file=model.file)
    assert again.decisions == model.decisions
    return Evaluator(model).decision("d", {"a": fact})


@pytest.mark.parametrize(("element", "name"), [("output", 'name="x"'), ("outputEntry", "")])
def test_an_output_that_its_type_does_not_allow_is_null_beside_the_others(element: str, name: str) -> None:
    logic = table("", "x | y", "a | a").replace(f"<{element} {name}".strip(), f'<{element} typeRef="tLevel" {name}', 1)
    assert logic.count("tLevel") == 1
    assert value(logic, "low") == {"x": "low", "y": "low"}
    assert value(logic, "none") == {"x": None, "y": "none"}


def test_an_input_that_is_none_of_the_columns_values_is_null_to_the_rows() -> None:
    values = '</inputExpression><inputValues><text>"low", "high"</text></inputValues>'
    logic = table("a", "x", '"low" | 1\n"none" | 2\nnull | 3').replace("</inputExpression>", values)
    assert [value(logic, fact) for fact in ("low", "none", "high")] == [1, 3, None]
