"""Models as Markdown: read again they are the same, and what the form cannot say is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.dmn.writer import write_dmn
from loft.decisions.errors import RuleError
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.types import ANY, BOOLEAN, NUMBER, STRING, Type
from loft.decisions.model import (
    Aggregation,
    Cell,
    Context,
    DecisionNode,
    DecisionService,
    DecisionTable,
    Entry,
    FunctionLogic,
    HitPolicy,
    Input,
    InputData,
    KnowledgeModel,
    LiteralExpression,
    Model,
    Output,
    OutputCell,
    Row,
    Texts,
)
from loft.decisions.text.plain import plain
from loft.decisions.text.reader import read_text
from loft.decisions.text.writer import write_text
from tests.decisions.kit import failures, suites
from tests.decisions.text.test_reader import example_in_the_docs

NOT_SAID = {
    "0035-test-structure-output": "Context",
    "0038-dt-on-bkm-explicit-params": "Invocation",
    "0040-singlenestedcontext": "Context",
    "0041-multiple-nestedcontext": "Context",
    "0086-import": "imports others",
}
"""Suites of the conformance kit that use what a text cannot say."""


def expression(text: str, names: Names | None = None) -> Any:
    return parse_expression(text, names or Names())


def literal(text: str, *, names: dict[str, Type] | None = None, **said: Any) -> DecisionNode:
    node = expression(text, Names(names or {}))
    return DecisionNode(**{"name": "d", "logic": LiteralExpression(text, node), "id": "decision-d", **said})


def test_the_example_that_the_form_is_told_by_is_written_as_it_stands() -> None:
    text = example_in_the_docs()
    model = read_text(text)
    again = write_text(model)
    assert read_text(again) == plain(model) == model
    assert write_text(read_text(again)) == again
    assert "| low income | 312000           | 2        | 0     |" in again
    assert "| 1       | < 400000         | >= 2     | 0      | Lav inntekt og flere barn. | § 3 a     |" in again


def test_a_rule_from_a_text_stays_the_same_through_dmn() -> None:
    text = write_text(read_text(example_in_the_docs()))
    model = read_dmn_text(write_dmn(read_text(text)), file="fee.dmn")
    again = read_text(write_text(model))
    assert [replace(each, id="") for each in again.decisions] == [
        replace(each, id="") for each in read_text(text).decisions
    ]
    assert again.inputs == read_text(text).inputs
    assert again.head == read_text(text).head


def test_models_of_the_conformance_kit_decide_the_same_as_texts(shared_data: Path) -> None:
    told = {}
    for suite in suites(shared_data / "dmn-tck" / "TestCases"):
        try:
            assert failures(suite, change=lambda model: read_text(write_text(model))) == []
        except RuleError as error:
            told[str(suite.path.parent.name)] = str(error)
    assert told.keys() == NOT_SAID.keys()
    assert all(NOT_SAID[name] in told[name] for name in told)


def test_ids_that_names_do_not_tell_are_kept() -> None:
    names = {"a": NUMBER}
    model = Model(
        "Rule",
        namespace="https://example.org/rule",
        id="_1",
        inputs=(InputData("a", NUMBER, "_2"), InputData("b", STRING, "fact-b")),
        decisions=(literal("a + 1", names=names, id="_3", requires=("_2",)),),
    )
    text = write_text(model)
    assert read_text(text) == model
    assert text.count("_2") == 1
    assert "fact-b" not in text


def test_what_is_required_but_not_used_is_kept() -> None:
    model = Model(
        "Rule",
        inputs=(InputData("a", id="fact-a"), InputData("b", id="fact-b")),
        decisions=(literal("a", names={"a": ANY}, requires=("fact-a", "fact-b")),),
    )
    text = write_text(model)
    assert "- requires: a, b" in text
    assert read_text(text) == model


def test_a_name_that_only_some_decisions_may_use_does_not_change_the_others() -> None:
    model = Model(
        "Rule",
        inputs=tuple(InputData(name, id=f"fact-{at}") for at, name in enumerate(("a", "b", "a-b"))),
        decisions=(literal("a-b", names={"a": ANY, "b": ANY}, requires=("fact-0", "fact-1")),),
    )
    assert read_text(write_text(model)) == model


def test_functions_keep_their_parameters() -> None:
    names = {"f": Type("function", NUMBER, parameters=(NUMBER, ANY))}
    body = LiteralExpression("x + y", expression("x + y", Names({"x": NUMBER, "y": ANY})))
    model = Model(
        "Rule",
        decisions=(literal("f(1, 2)", names=names, knowledge=("function-f",)),),
        knowledge=(
            KnowledgeModel("f", FunctionLogic((("x", NUMBER), ("y", ANY)), body), type=NUMBER, id="function-f"),
        ),
    )
    text = write_text(model)
    assert "## Function: f(x: number, y)" in text
    assert read_text(text) == model


def test_what_the_form_cannot_say_is_refused_by_name() -> None:
    context = Context((Entry("a", LiteralExpression("1", expression("1"))),))
    java = FunctionLogic((), LiteralExpression("1", expression("1")), kind="Java")
    refused = [
        (Model("R", decisions=(literal("1", name="boxed", logic=context),)), "“boxed”: a text can say tables"),
        (Model("R", decisions=(literal("1", name="empty", logic=None),)), "“empty”: a text can say tables"),
        (Model("R", knowledge=(KnowledgeModel("f", java, id="f"),)), "not “Java”"),
        (Model("R", services=(DecisionService("s", ("decision-d",)),)), "decision services"),
        (Model("R", decisions=(literal('"a\n```\n"'),)), ""),
        (Model("R", decisions=(literal("1", name="a # b ##"),)), "a # b ##"),
    ]
    for model, told in refused:
        with pytest.raises(RuleError) as caught:
            write_text(model)
        assert told in str(caught.value)


# --- any model the form can say -------------------------------------------------------------------------------------

NAMES = Names({"a": NUMBER, "b c": STRING, "d": BOOLEAN})
TESTS = [
    "-",
    "< 5",
    "[1..3]",
    "1, 2",
    "1,2",
    "not(3)",
    "< a",
    '"x|y"',
    '"a\\\\|", "0,5"',
    '"400.000"',
    "7.000",
    "7.250",
    "null",
    "? > 1",
]
VALUES = ["1", '"a|b"', "null", "a + 1", 'if d then "x" else b c', "[1,2]", '"2026-01-31"', "-0.5", '"\\\\"', '""']
TEXT = st.text("ab |\\→*#->`_:<", max_size=8).map(lambda text: " ".join(text.split()))
TEXTS = st.dictionaries(st.sampled_from(["nb", "nn", "en", "se"]), TEXT.filter(bool), max_size=3).map(
    lambda said: Texts(tuple((code, said[code]) for code in ("nb", "nn", "en", "se") if code in said))
)
TYPES = st.sampled_from([ANY, NUMBER, STRING, Type("date and time"), Type("list", NUMBER)])


def cells(texts: list[str]) -> st.SearchStrategy[Cell]:
    return st.sampled_from(texts).map(lambda text: Cell(text, parse_tests(text, NAMES)))


OUTPUT_CELLS = st.sampled_from(VALUES).map(lambda text: OutputCell(text, expression(text, NAMES)))
INPUTS = st.builds(
    lambda text, kind, allowed, label: Input(text, expression(text, NAMES), kind, allowed, label),
    st.sampled_from(["a", "b c", "a * 2", 'b c = "|"']),
    TYPES,
    st.none() | cells(["< 5", '"x|y"', "1, 2"]),
    TEXT,
)


@st.composite
def models(draw: st.DrawFn) -> Model:
    policy = draw(st.sampled_from(HitPolicy))
    aggregation = draw(st.none() | st.sampled_from(Aggregation)) if policy is HitPolicy.COLLECT else None
    inputs = tuple(draw(st.lists(INPUTS, max_size=3)))
    names = draw(st.lists(st.sampled_from(["out", "o p", "x*"]), min_size=1, max_size=3, unique=True))
    outputs = tuple(
        draw(st.builds(Output, st.just(n), TYPES, st.none() | cells(['"x|y"']), st.none() | OUTPUT_CELLS, TEXT, TEXTS))
        for n in names
    )
    notes = tuple(draw(st.lists(st.sampled_from(["note", "§ 3", "a|b"]), max_size=2, unique=True)))
    row = st.builds(
        Row,
        st.tuples(*(cells(TESTS) for _ in inputs)),
        st.tuples(*(OUTPUT_CELLS for _ in outputs)),
        st.tuples(*(TEXT for _ in notes)),
        TEXTS,
        TEXT,
        TEXT,
    )
    table = DecisionTable(inputs, outputs, tuple(draw(st.lists(row, max_size=4))), policy, aggregation, notes)
    facts = tuple(
        InputData(
            name,
            kind,
            f"id {name}",
            draw(TEXTS),
            draw(TEXTS),
            draw(TEXTS),
            draw(TEXT),
            draw(st.sampled_from([0.0, 1.0, 2.5])),
        )
        for name, kind in NAMES.types.items()
    )
    required = tuple(fact.id for fact in facts)
    node = DecisionNode("de cision", table, draw(TYPES), required, (), "x", draw(TEXTS), draw(TEXT), draw(TEXT))
    return Model("A rule", inputs=facts, decisions=(node,))


@settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(models())
def test_any_table_that_the_form_can_say_is_read_as_it_was_written(model: Model) -> None:
    text = write_text(model)
    assert read_text(text) == plain(model)
    assert write_text(read_text(text)) == text
