from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.dmn.writer import write_dmn
from loft.decisions.errors import RuleError
from loft.decisions.feel.ast import Literal
from loft.decisions.feel.types import STRING
from loft.decisions.model import (
    Cell,
    DecisionNode,
    DecisionTable,
    InputData,
    LiteralExpression,
    Model,
    Output,
    OutputCell,
    Row,
    Texts,
)
from loft.decisions.standard import Evaluator
from tests.decisions.dmn.building import decision, dmn, given, literal, read, table

WHOLE = dmn(
    """<description>All that there is</description>
    <itemDefinition id="t1" name="tLevel" label="level"><typeRef>string</typeRef>
      <allowedValues id="v"><text>"low", "high"</text></allowedValues></itemDefinition>
    <itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef>
      <typeConstraint><text>count(?) &lt; 4</text></typeConstraint></itemDefinition>
    <itemDefinition name="tHome"><itemComponent id="c" name="level"><typeRef>tLevel</typeRef></itemComponent>
      <itemComponent name="place"><itemComponent name="town"><typeRef>string</typeRef></itemComponent></itemComponent></itemDefinition>
    <itemDefinition name="tCost"><functionItem outputTypeRef="number"><parameters name="n" typeRef="tHome"/></functionItem></itemDefinition>
    <inputData id="i1" name="home"><description>Where one lives</description>
      <extensionElements><loft:label lang="nb">bolig</loft:label><loft:label lang="en">home</loft:label>
        <loft:question lang="nb">Hvor?</loft:question><loft:why lang="nb">Fordi.</loft:why>
        <loft:unit>kr</loft:unit><loft:cost>2.5</loft:cost>
      </extensionElements><variable name="home" typeRef="tHome"/></inputData>
    <inputData id="i2" name="a"><variable name="a" typeRef="number"/></inputData>
    <decision id="d1" name="first"><description>The first</description>
      <extensionElements><loft:label lang="nb">den første</loft:label></extensionElements>
      <question>How much?</question><allowedAnswers>A number</allowedAnswers>
      <variable name="first" typeRef="number"/>
      <informationRequirement><requiredInput href="#i1"/></informationRequirement>
      <informationRequirement><requiredInput href="#i2"/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href="#k1"/></knowledgeRequirement>
      <decisionTable id="dt" hitPolicy="COLLECT" aggregation="SUM" outputLabel="first" preferredOrientation="Rule-as-Row" typeRef="number">
        <input id="in" label="The level"><inputExpression typeRef="string"><text>home.level</text></inputExpression>
          <inputValues id="iv"><text>"low", "high"</text></inputValues></input>
        <input><inputExpression><text>a * 2</text></inputExpression></input>
        <output id="o" name="x" label="The x" typeRef="number"><extensionElements><loft:text lang="en">the x</loft:text></extensionElements>
          <outputValues><text>1, 2</text></outputValues><defaultOutputEntry id="de"><text>0</text></defaultOutputEntry></output>
        <annotation name="paragraph"/><annotation name="note"/>
        <rule id="r1"><description>row one</description>
          <extensionElements><loft:because lang="nb">Fordi &amp; slik.</loft:because></extensionElements>
          <inputEntry id="e1"><text>"low"</text></inputEntry><inputEntry><text>&lt; 5</text></inputEntry>
          <outputEntry id="o1"><text>k(a)</text></outputEntry>
          <annotationEntry><text>§ 3</text></annotationEntry><annotationEntry><text></text></annotationEntry></rule>
        <rule><inputEntry><text>-</text></inputEntry><inputEntry><text></text></inputEntry><outputEntry><text>2</text></outputEntry>
          <annotationEntry><text>§ 4</text></annotationEntry><annotationEntry><text>"quoted" &lt;b></text></annotationEntry></rule>
      </decisionTable></decision>
    <decision id="d2" name="second"><variable name="second"/>
      <informationRequirement><requiredDecision href="#d1"/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href="#k1"/></knowledgeRequirement>
      <knowledgeRequirement><requiredKnowledge href="#s1"/></knowledgeRequirement>
      <context id="cx"><contextEntry id="ce"><variable name="list of all" typeRef="Any"/>
          <list id="l"><literalExpression id="le" typeRef="number"><text>first</text></literalExpression>
            <relation><column name="p" typeRef="number"/><column name="q"/>
              <row><literalExpression><text>1</text></literalExpression><literalExpression><text>2</text></literalExpression></row></relation>
          </list></contextEntry>
        <contextEntry><variable name="f"/><functionDefinition id="fd"><formalParameter name="n" typeRef="number"/>
          <literalExpression><text>n + 1</text></literalExpression></functionDefinition></contextEntry>
        <contextEntry><variable name="j"/><functionDefinition kind="Java"><formalParameter name="n"/>
          <context><contextEntry><variable name="class"/><literalExpression><text>"java.lang.Math"</text></literalExpression></contextEntry>
          </context></functionDefinition></contextEntry>
        <contextEntry><variable typeRef="number"/><invocation typeRef="number"><literalExpression><text>k</text></literalExpression>
          <binding id="b"><parameter name="n" typeRef="number"/><literalExpression><text>f(first)</text></literalExpression></binding>
        </invocation></contextEntry></context></decision>
    <decision id="d3" name="nobody decides this by rule"/>
    <businessKnowledgeModel id="k1" name="k"><description>One more</description><variable name="k" typeRef="tCost"/>
      <encapsulatedLogic id="el"><formalParameter name="n" typeRef="number"/>
        <literalExpression><text>n + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
    <decisionService id="s1" name="s"><variable name="s" typeRef="number"/><outputDecision href="#d1"/><inputData href="#i2"/>
      <inputData href="#i1"/></decisionService>""",
    head='<extensionElements><loft:head rule="r" version="2" validFrom="2026-01-01" validTo="2026-12-31" source="§ 3, lov"/>'
    '<loft:title lang="nb">Regel</loft:title><loft:title lang="nn">Regel</loft:title></extensionElements>',
)
BOXED = {
    "conditional": "<conditional><if>{0}</if><then>{0}</then><else/></conditional>",
    "filter": "<filter><in>{0}</in><match>{0}</match></filter>",
    "for": '<for iteratorVariable="n"><in>{0}</in><return>{0}</return></for>',
    "some": '<some iteratorVariable="n"><in>{0}</in><satisfies>{0}</satisfies></some>',
    "every": '<every iteratorVariable="n"><in>{0}</in><satisfies>{0}</satisfies></every>',
}


def again(model: Model, version: str = "1.5") -> Model:
    return read_dmn_text(write_dmn(model, version=version), file=model.file)


@pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
def test_all_that_a_model_says_is_written_and_read_again(version: str) -> None:
    model = read_dmn_text(WHOLE, file="whole.dmn")
    assert len(model.items) == 4 and model.services and model.head.valid_to, "the whole of it was read"
    assert again(model, version) == replace(model, version=version)


def test_the_same_model_gives_the_same_text() -> None:
    model = read_dmn_text(WHOLE)
    assert write_dmn(model) == write_dmn(read_dmn_text(WHOLE)) == write_dmn(again(model))


def test_the_text_is_laid_out_two_spaces_for_each_level() -> None:
    model = read(given("a") + decision("d", literal("a < 1"), requires="a"))
    assert write_dmn(model).splitlines()[1:9] == [
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:loft="https://innovasjonsloft.no/dmn/1" id="m" name="m" '
        'namespace="https://example.org/rule">',
        '  <inputData id="a" name="a">',
        '    <variable name="a" typeRef="number"/>',
        "  </inputData>",
        '  <decision id="d" name="d">',
        '    <variable name="d"/>',
        "    <informationRequirement>",
        '      <requiredInput href="#a"/>',
    ]


@pytest.mark.parametrize("kind", BOXED)
def test_expressions_that_came_with_1_4_are_written_but_not_as_1_3(kind: str) -> None:
    model = read(decision("d", BOXED[kind].format(literal("[1]"))))
    assert again(model) == model
    with pytest.raises(RuleError, match="decision “d”: boxed conditions, filters and iterators came with DMN 1.4"):
        write_dmn(model, version="1.3")


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0", ""])
def test_other_versions_are_not_written(version: str) -> None:
    with pytest.raises(RuleError, match=r"Choose one of 1\.5, 1\.4, 1\.3"):
        write_dmn(Model("m"), version=version)


def test_a_decision_that_could_not_be_read_is_not_written_as_if_it_were_empty() -> None:
    with pytest.raises(RuleError, match="decision “d”"):
        write_dmn(read(decision("d", literal("1 +")), strict=False))


def test_parts_without_ids_get_ids_that_xml_allows_and_that_differ() -> None:
    rows = (Row((), (OutputCell("1", Literal(None)),)),)
    names = ("fee due", "fee-due", "fee_due", "Ærlig sak")
    model = Model("m", decisions=tuple(DecisionNode(name, DecisionTable((), (Output(),), rows)) for name in names))
    ids = [one.id for one in again(model).decisions]
    assert len(set(ids)) == 4
    assert ids[0] == "decision-fee_20_due"


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp")), min_size=1, max_size=9
)
CELLS = st.sampled_from(["-", "", '"a"', '"a", "b"', 'not("æ & <ø>")', '"]]>"', "null"])
LANGUAGES = st.lists(st.tuples(st.sampled_from(["nb", "nn", "en"]), WORDS), max_size=2).map(
    lambda pairs: Texts(tuple(pairs))
)


@settings(max_examples=60, deadline=None)
@over(
    cells=st.lists(st.tuples(CELLS, WORDS, LANGUAGES), min_size=1, max_size=4), label=LANGUAGES, word=WORDS, name=WORDS
)
def test_any_table_is_written_and_read_again(
    cells: list[tuple[str, str, Texts]], label: Texts, word: str, name: str
) -> None:
    first = read(
        given("a", "string") + decision("d", table("a", "x", "\n".join(f"{c} | 1" for c, _, _ in cells)), requires="a")
    )
    logic: Any = first.decisions[0].logic
    rows = tuple(
        replace(row, annotations=(note,), because=because, description=note)
        for row, (_, note, because) in zip(logic.rows, cells, strict=True)
    )
    node = replace(first.decisions[0], logic=replace(logic, rows=rows, annotations=(word,)), label=label, question=word)
    model = replace(
        first,
        name=name,
        description=word,
        inputs=(InputData("a", STRING, id="a", label=label, question=label, why=label, unit=word, cost=0.1),),
        decisions=(node, DecisionNode(f"{name} 2", LiteralExpression("null", Literal(None)), id="l")),
    )
    found = again(model)
    assert found == model
    for fact in ("a", "b", None):
        assert Evaluator(found).decision("d", {"a": fact}) == Evaluator(model).decision("d", {"a": fact})


def test_what_xml_cannot_hold_is_marked_and_line_ends_are_kept() -> None:
    told = Texts((("nb", "one\r\ntwo\tthree \x00\ud800 &<>\"'"),))
    model = Model("m", inputs=(InputData("a", id="a", label=told, description="x\r\ny"),))
    found = again(model).inputs[0]
    assert found.label.get("nb") == "one\r\ntwo\tthree \ufffd\ufffd &<>\"'"
    assert found.description == "x\r\ny"


def test_a_cell_says_what_was_written_not_what_it_means() -> None:
    model = read(given("a") + decision("d", table("a", "x", "<5 | 1"), requires="a"))
    logic = again(model).decisions[0].logic
    assert isinstance(logic, DecisionTable)
    assert logic.rows[0].cells[0] == Cell("<5", logic.rows[0].cells[0].tests)
    assert not logic.rows[0].cells[0].tests.always
