from datetime import date

import pytest

from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.errors import RuleError, TooLarge
from loft.decisions.feel.types import ANY, NUMBER, Type
from loft.decisions.model import Aggregation, DecisionTable, HitPolicy
from loft.decisions.standard import Evaluator
from tests.decisions.dmn.building import decision, dmn, given, literal, read, table


def item(name: str, ref: str) -> str:
    return f'<itemDefinition name="{name}"><typeRef>{ref}</typeRef></itemDefinition>'


def knowledge(name: str, logic: str, *, knows: str = "") -> str:
    needs = f'<knowledgeRequirement><requiredKnowledge href="#{knows}"/></knowledgeRequirement>' if knows else ""
    inner = f"<encapsulatedLogic>{logic}</encapsulatedLogic>"
    return f'<businessKnowledgeModel id="{name}" name="{name}">{needs}{inner}</businessKnowledgeModel>'


SPACES = {
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
}


@pytest.mark.parametrize("space", SPACES)
def test_each_version_is_known_by_its_namespace(space: str) -> None:
    model = read(given("a") + decision("d", literal("a + 1"), requires="a"), space=space)
    assert (model.version, model.decision("d").requires, model.inputs[0].type) == (SPACES[space], ("a",), NUMBER)


@pytest.mark.parametrize("text", ['<definitions xmlns="urn:else"/>', "<html/>", '<bpmn xmlns="urn:bpmn"><a/></bpmn>'])
def test_what_is_not_dmn_is_told(text: str) -> None:
    with pytest.raises(RuleError, match="not DMN 1.1 to 1.5"):
        read_dmn_text(text)


@pytest.mark.parametrize(
    ("word", "policy"),
    [
        ("", HitPolicy.UNIQUE),
        ("ANY", HitPolicy.ANY),
        ("PRIORITY", HitPolicy.PRIORITY),
        ("FIRST", HitPolicy.FIRST),
        ("RULE ORDER", HitPolicy.RULE_ORDER),
        ("OUTPUT ORDER", HitPolicy.OUTPUT_ORDER),
        ("COLLECT", HitPolicy.COLLECT),
    ],
)
def test_hit_policies_are_read_by_their_words(word: str, policy: HitPolicy) -> None:
    attributes = f'hitPolicy="{word}" aggregation="MAX"' if word else ""
    logic = (
        read(given("a") + decision("d", table("a", "x", "- | 1", attributes=attributes), requires="a"))
        .decisions[0]
        .logic
    )
    assert isinstance(logic, DecisionTable)
    assert logic.hit_policy is policy
    assert logic.aggregation == (Aggregation.MAX if policy is HitPolicy.COLLECT else None), "only Collect has one"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (given("a") + decision("d", table("a", "x", "< 5 | 1\n6 | oops"), requires="a"), "decision “d”, row 2, .*“oops”"),
        (given("a") + decision("d", table("a", "x", "< 5 | 1\n< | 2"), requires="a"), "decision “d”, row 2, column “a”"),
        (given("a") + decision("d", table("a | a", "x", "1 | 2"), requires="a"), "row 1: .* has 0 output cells .* are 1"),
        (given("a") + decision("d", table("a", "x", "1 | 2 | 3"), requires="a"), "row 1: .* has 2 output cells .* are 1"),
        (given("a") + decision("d", table("b", "x", "1 | 2"), requires="a"), "decision “d”, column “b”.*not known"),
        (decision("d", "<decisionTable/>"), "has no output column"),
        (decision("d", table("1", "x | x", "1 | 2 | 3")), "two output columns have the same name"),
        (decision("d", table("1", "x", "1 | 2", attributes='hitPolicy="BEST"')), "“BEST”: there is no such hit policy"),
        (decision("d", literal("1"), requires="nobody"), "decision “d”: it requires “nobody”, which is not there"),
        (decision("d", literal("d"), decided="d"), "require each other in a ring: d → d"),
        (decision("d", "1", decided="e") + decision("e", "1", decided="f") + decision("f", "1", decided="d"), "d → e → f → d"),
        (decision("d", literal("1")) + decision("d", literal("2")), "the id “d” stands twice"),
        (given("a") + '<decision id="x" name="a"/>', "the name “a” stands twice"),
        ('<decision id="x" name=""/>', "a part has no name"),
        (given("a", "tNone"), "no type “tNone”"),
        (item("t", "u") + item("u", "v") + item("v", "t"), "t → u → v → t"),
        (decision("d", '<literalExpression expressionLanguage="urn:js"><text>1</text></literalExpression>'), "“urn:js”; only FEEL"),
        (decision("d", "<conditional><if/></conditional>"), "column “then”|the part “then” is missing"),
        (decision("d", '<relation><column name="a"/><row/></relation>'), "row 1: the row has 0 cells where there are 1"),
        (decision("d", literal("")), "decision “d”"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told_with_its_place(body: str, told: str) -> None:
    with pytest.raises(RuleError, match=told) as caught:
        read(body)
    assert str(caught.value).startswith("rule.dmn")


def test_a_lenient_reader_keeps_the_problem_of_a_decision_and_reads_the_rest() -> None:
    model = read(given("a") + decision("d", literal("b + 1"), requires="a") + decision("e", literal("1")), strict=False)
    assert [(one.name, one.logic is None, one.problem is None) for one in model.decisions] == [
        ("d", True, False),
        ("e", False, True),
    ]
    assert "decision “d”" in str(model.problems[0])


def test_a_lenient_reader_lets_a_missing_part_an_unknown_type_and_a_name_that_stands_twice_pass() -> None:
    body = (
        given("a", "tNone")
        + decision("d", literal("a"), requires="a, nobody", knows="none")
        + '<decision id="e" name="d"/>'
    )
    model = read(body, strict=False)
    assert (model.inputs[0].type, model.decisions[0].requires, model.decisions[0].knowledge) == (ANY, ("a",), ())
    assert "requires “nobody”" in str(model.problems[0])
    assert Evaluator(model).decision("d", {"a": 1}) is None


def test_what_is_no_date_is_null_to_a_lenient_reader() -> None:
    """Suite 0093-feel-at-literals."""
    model = read(decision("d", literal('@"31 January" = null')), strict=False)
    assert Evaluator(model).decision("d", {}) is True


def test_expressions_with_commas_between_them_are_a_list_to_a_lenient_reader_alone() -> None:
    """Suite 1111-feel-matches-function; to others a comma is more likely a decimal sign."""
    body = decision("d", literal("1 + 1, 5"))
    assert Evaluator(read(body, strict=False)).decision("d", {}) == [2, 5]
    with pytest.raises(RuleError, match="there is “,”"):
        read(body)


def test_a_table_of_more_rows_than_the_bound_is_refused_by_a_lenient_reader_too() -> None:
    rows = "\n".join(["1 | 1"] * 10_001)
    with pytest.raises(TooLarge, match="has 10,001 rows; at most 10,000"):
        read(decision("d", table("1", "x", rows)), strict=False)


@pytest.mark.parametrize("knows", ["k", "s"])
def test_functions_that_call_each_other_in_a_ring_are_refused(knows: str) -> None:
    model = (
        knowledge("k", literal("k()"), knows="k")
        if knows == "k"
        else '<decisionService id="s" name="s"><outputDecision href="#d"/></decisionService>'
    )
    with pytest.raises(RuleError, match="in a ring"):
        read(model + decision("d", literal(f"{knows}()"), knows=knows))


def test_calls_past_the_bound_are_refused_before_they_are_made() -> None:
    with pytest.raises(TooLarge, match="more than 50 functions call each other"):
        read(
            "".join(knowledge(f"k{n}", literal(f"k{n + 1}()"), knows=f"k{n + 1}") for n in range(60))
            + knowledge("k60", literal("1"))
        )


def test_types_that_double_at_each_level_are_refused() -> None:
    def doubled(n: int) -> str:
        parts = "".join(f'<itemComponent name="{one}"><typeRef>t{n + 1}</typeRef></itemComponent>' for one in "ab")
        return f'<itemDefinition name="t{n}">{parts}</itemDefinition>'

    last = '<itemDefinition name="t40"><typeRef>number</typeRef></itemDefinition>'
    with pytest.raises(TooLarge, match="more than 10,000 parts"):
        read("".join(map(doubled, range(40))) + last)


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        ("feel:string", "string"),
        ("number", "number"),
        ("dateTime", "date and time"),
        ("date and time", "date and time"),
        ("dayTimeDuration", "days and time duration"),
        ("feel:years and months duration", "years and months duration"),
        ("xsd:integer", "number"),
        ("xsd:dateTime", "date and time"),
        ("Any", "Any"),
        ("long", "number"),
        ("t", "boolean"),
        ("ns1:t", "boolean"),
        ("list&lt;number>", "list"),
        ("Context", "context"),
    ],
)
def test_types_are_read_in_all_their_spellings(ref: str, kind: str) -> None:
    own = '<itemDefinition name="t"><typeRef>boolean</typeRef></itemDefinition>'
    assert read(own + given("a", ref)).inputs[0].type.kind == kind


def test_item_definitions_carry_parts_limits_lists_and_functions() -> None:
    model = read(
        """<itemDefinition name="tAges" isCollection="true"><typeRef>number</typeRef>
             <allowedValues><text>[0..120]</text></allowedValues><typeConstraint><text>count(?) &lt; 9</text></typeConstraint>
           </itemDefinition>
           <itemDefinition name="tHome"><itemComponent name="ages"><typeRef>tAges</typeRef></itemComponent>
             <itemComponent name="place"><itemComponent name="town"><typeRef>string</typeRef></itemComponent></itemComponent>
           </itemDefinition>
           <itemDefinition name="tCost"><functionItem outputTypeRef="number"><parameters name="n" typeRef="tAges"/></functionItem>
           </itemDefinition>"""
    )
    ages, home, cost = (one.type for one in model.items)
    assert (ages.kind, ages.member, ages.name) == ("list", NUMBER, "tAges")
    assert ages.allowed is not None and ages.constraint is not None
    assert dict(home.parts)["ages"] == ages
    assert dict(home.parts)["place"].parts == (("town", Type("string")),)
    assert (cost.kind, cost.member, cost.parameters) == ("function", NUMBER, (ages,))


def test_a_decision_sees_what_it_requires_and_nothing_else() -> None:
    body = given("a") + decision("b", literal("a"), requires="a")
    assert read(body + decision("c", literal("b"), decided="b")).decision("c").type == ANY
    with pytest.raises(RuleError, match="decision “c”.*“a” is not known"):
        read(body + decision("c", literal("b + a"), decided="b"))


def test_names_with_spaces_dots_and_signs_are_read_where_they_are_in_scope() -> None:
    names = [
        "household income",
        "decision A 2.1",
        "Person's description",
        "Approved/Declined",
        "Pre-bureau risk",
        "a+b",
    ]
    told = " + ".join(f"({name})" for name in names)
    model = read("".join(map(given, names)) + decision("d", literal(told), requires=", ".join(names)))
    assert Evaluator(model).decision("d", dict.fromkeys(names, 2)) == 12


def test_our_own_texts_are_read_and_other_tools_extensions_passed_over() -> None:
    head = (
        '<extensionElements><loft:head rule="fee" version="2" validFrom="2026-08-01" source="§ 3"/>'
        '<loft:title lang="nb">Betaling</loft:title><loft:title lang="en">Fee</loft:title>'
        '<other xmlns="urn:other" rule="no"/></extensionElements>'
    )
    model = read_dmn_text(
        dmn(
            '<inputData id="i" name="income"><extensionElements><loft:label lang="nb">inntekt</loft:label>'
            '<loft:question lang="nb">Hva er inntekten?</loft:question><loft:why lang="en">The fee depends on it.</loft:why>'
            "<loft:unit>kr</loft:unit><loft:cost>0</loft:cost></extensionElements></inputData>",
            head=head,
        )
    )
    income = model.inputs[0]
    assert (model.head.rule, model.head.version, model.head.valid_from) == ("fee", "2", date(2026, 8, 1))
    assert (model.head.title.get("en"), model.head.valid_to) == ("Fee", None)
    assert (income.label.get("nb"), income.unit, income.cost) == ("inntekt", "kr", 0.0)
    assert (income.question.get("nb"), income.why.get("en")) == ("Hva er inntekten?", "The fee depends on it.")


@pytest.mark.parametrize("own", ['<loft:head validFrom="1.8.2026"/>', '<loft:head validTo="2026-02-30"/>'])
def test_a_day_of_the_head_that_is_none_is_told(own: str) -> None:
    with pytest.raises(RuleError, match="this is not a date"):
        read_dmn_text(dmn("", head=f"<extensionElements>{own}</extensionElements>"))


@pytest.mark.parametrize("cost", ["-1", "much", "nan", "inf"])
def test_a_cost_that_is_no_number_is_told(cost: str) -> None:
    with pytest.raises(RuleError, match="a number, 0 or more"):
        read(
            f'<inputData id="i" name="i"><extensionElements><loft:cost>{cost}</loft:cost></extensionElements></inputData>'
        )


def test_a_part_without_id_gets_one_from_its_name() -> None:
    assert read('<inputData name="a"/><decision name="d"/>').decisions[0].id == "decision-d"
