"""DMN's own rules for a model's value; expectations from the conformance kit's suites are named where they come from."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from loft.decisions.errors import FactError, RuleError
from loft.decisions.facts import NOTHING, Fact
from loft.decisions.standard import Evaluator, evaluate, evaluator
from loft.decisions.tables import Table
from tests.decisions.dmn.building import decision, escaped, given, literal, read, table

ROWS = '> 0 | "low" | 1\n> 10 | "mid" | 2\n> 10 | "mid" | 2\n> 20 | "high" | 3'


def value(
    logic: str, facts: dict[str, Any], *, before: str = "", requires: str = "a", knows: str = "", type_: str = ""
) -> Any:
    """The value of one decision that requires the number ``a``."""
    body = before + given("a") + decision("d", logic, requires=requires, knows=knows, type_=type_)
    return Evaluator(read(body)).decision("d", facts)


def of_table(policy: str, a: int, *, outputs: str = "x", values: str = "", default: str = "") -> Any:
    rows = "\n".join(" | ".join(line.split(" | ")[: 1 + len(outputs.split("|"))]) for line in ROWS.splitlines())
    logic = table("a", outputs, rows, attributes=policy, values=values)
    if default:
        logic = logic.replace(
            "</output>", f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry></output>", 1
        )
    return value(logic, {"a": a})


@pytest.mark.parametrize(
    ("policy", "a", "expected"),
    [
        ("", 5, "low"),
        ("", 15, None),
        ("", 0, None),
        ('hitPolicy="ANY"', 5, "low"),
        ('hitPolicy="ANY"', 15, None),
        ('hitPolicy="FIRST"', 25, "low"),
        ('hitPolicy="PRIORITY"', 25, "high"),
        ('hitPolicy="PRIORITY"', 15, "mid"),
        ('hitPolicy="RULE ORDER"', 25, ["low", "mid", "mid", "high"]),
        ('hitPolicy="OUTPUT ORDER"', 25, ["high", "mid", "mid", "low"]),
        ('hitPolicy="COLLECT"', 15, ["low", "mid", "mid"]),
        ('hitPolicy="COLLECT"', 0, []),
        ('hitPolicy="RULE ORDER"', 0, []),
        ('hitPolicy="OUTPUT ORDER"', 0, []),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 0, Decimal(0)),
        ('hitPolicy="COLLECT" aggregation="SUM"', 0, None),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 15, Decimal(3)),
        ('hitPolicy="COLLECT" aggregation="MAX"', 25, "mid"),
        ('hitPolicy="COLLECT" aggregation="SUM"', 25, None),
    ],
)
def test_each_hit_policy_makes_its_own_value_of_the_rows_that_fit(policy: str, a: int, expected: Any) -> None:
    assert of_table(policy, a, values='"high", "mid", "low"') == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("SUM", {"x": 8, "y": 80}), ("MIN", {"x": 1, "y": 10}), ("MAX", {"x": 3, "y": 30}), ("COUNT", {"x": 4, "y": 4})],
)
def test_aggregators_work_on_each_of_several_outputs(aggregation: str, expected: dict[str, int]) -> None:
    """As suites 0117-multi-min, 0118-multi-sum and 0119-multi-count have it."""
    rows = "> 0 | 1 | 10\n> 10 | 2 | 20\n> 10 | 2 | 20\n> 20 | 3 | 30"
    logic = table("a", "x | y", rows, attributes=f'hitPolicy="COLLECT" aggregation="{aggregation}"')
    assert value(logic, {"a": 25}) == expected
    assert value(logic, {"a": 0}) == ({"x": 0, "y": 0} if aggregation == "COUNT" else None)


def test_priority_goes_by_the_first_output_first() -> None:
    rows = '- | "b" | "x"\n- | "a" | "y"\n- | "a" | "x"\n- | "c" | "x"'
    told = {"attributes": 'hitPolicy="OUTPUT ORDER"', "values": '"a", "b" | "x", "y"'}
    found = value(table("a", "p | q", rows, **told), {"a": 1})
    assert [one["p"] + one["q"] for one in found] == ["ax", "ay", "bx", "cx"]


@pytest.mark.parametrize("policy", ["", 'hitPolicy="FIRST"', 'hitPolicy="COLLECT" aggregation="MAX"'])
def test_the_default_comes_where_no_row_fits(policy: str) -> None:
    assert of_table(policy, 0, default='"none"') == "none"
    assert of_table(policy, 0, outputs="x | y", default='"none"') == {"x": "none", "y": None}


def test_an_input_that_is_left_out_is_null_and_matches_no_test_but_the_dash_and_null() -> None:
    logic = table("a", "x", "> 0 | 1\nnull | 2")
    assert value(logic, {}) == 2
    assert value(logic, {"a": NOTHING}) == 2
    assert value(table("a", "x", "> 0 | 1\n- | 2"), {}) == 2


@pytest.mark.parametrize(
    ("type_", "fact", "expected"),
    [
        ("number", 5, Decimal(5)),
        ("number", 0.1, Decimal("0.1")),
        ("number", True, None),
        ("number", "5", None),
        ("number", float("nan"), None),
        ("number", [5], Decimal(5)),
        ("number", Fact(5, "register"), Decimal(5)),
        ("boolean", 1, None),
        ("date and time", date(2026, 1, 1), "2026-01-01T00:00:00+00:00"),
        ("tLevel", "high", "high"),
        ("tLevel", "higher", None),
        ("tSame level", "higher", None),
        ("tOther level", "middle", "middle"),
        ("tOther level", "high", None),
        ("tLevels", ["high", "low"], ["high", "low"]),
        ("tLevels", ["high", "no"], None),
        ("tLevels", "high", ["high"]),
        ("tLevels", ["low"] * 4, None),
        ("tHome", {"level": "low", "size": 1}, {"level": "low", "size": Decimal(1)}),
        ("tHome", {"level": "no", "size": 1}, None),
        ("tHome", {"level": "low"}, None),
    ],
)
def test_facts_are_fitted_to_their_types_and_limits(type_: str, fact: Any, expected: Any) -> None:
    items = (
        '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"low", "high"</text></allowedValues>'
        '</itemDefinition><itemDefinition name="tLevels" isCollection="true"><typeRef>tLevel</typeRef>'
        f"<typeConstraint><text>{escaped('count(?) < 4')}</text></typeConstraint></itemDefinition>"
        '<itemDefinition name="tHome"><itemComponent name="level"><typeRef>tLevel</typeRef></itemComponent>'
        '<itemComponent name="size"><typeRef>number</typeRef></itemComponent></itemDefinition>'
        '<itemDefinition name="tSame level"><typeRef>tLevel</typeRef></itemDefinition>'
        '<itemDefinition name="tOther level"><typeRef>tLevel</typeRef><allowedValues><text>"middle"</text></allowedValues></itemDefinition>'
    )
    found = Evaluator(read(items + given("f", type_) + decision("d", literal("f"), requires="f"))).decision(
        "d", {"f": fact}
    )
    assert (found.isoformat() if isinstance(expected, str) and hasattr(found, "isoformat") else found) == expected


def test_a_python_value_without_a_feel_type_is_refused() -> None:
    with pytest.raises(FactError, match="column “a”: the fact is a complex"):
        value(literal("a"), {"a": 1j})
    deep: Any = []
    for _ in range(60):
        deep = [deep]
    with pytest.raises(FactError, match="more than 50 lists"):
        value(literal("a"), {"a": deep})


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("1 + 1", "string", None),
        ('["foo"]', "string", "foo"),
        ("[1]", "string", None),
        ('"foo"', "list&lt;string>", ["foo"]),
        ('"foo"', "list&lt;number>", None),
        ("null", "list&lt;string>", None),
    ],
)
def test_results_are_fitted_to_the_variables_type(text: str, type_: str, expected: Any) -> None:
    """Suite 0082-feel-coercion."""
    assert value(literal(text), {}, type_=type_) == expected


def knowledge(name: str, parameters: str, logic: str, *, attributes: str = "") -> str:
    formal = "".join(f'<formalParameter name="{one}"{kind}/>' for one, kind in _parameters(parameters))
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><encapsulatedLogic {attributes}>{formal}{logic}'
        "</encapsulatedLogic></businessKnowledgeModel>"
    )


def _parameters(told: str) -> list[tuple[str, str]]:
    pairs = [one.strip().split(":") for one in told.split(",") if one.strip()]
    return [(pair[0], f' typeRef="{pair[1]}"' if pair[1:] else "") for pair in pairs]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("k(2, 3)", 23),
        ("k(y: 3, x: 2)", 23),
        ("k(2)", None),
        ("k(2, 3, 4)", None),
        ("k(x: 2, z: 3)", None),
        ('k("two", 3)', None),
        ('k(2, "three")', None),
        ("k(2, null)", "none"),
        ("k([2], [3])", 23),
    ],
)
def test_a_business_knowledge_model_is_called_as_a_function(call: str, expected: Any) -> None:
    """The call is null where a value does not fit its parameter, whatever the function makes of null (suite 0082)."""
    model = knowledge("k", "x:number, y:number", literal('if y = null then "none" else x * 10 + y'))
    assert value(literal(call), {}, before=model, knows="k") == expected


def test_a_boxed_invocation_is_null_too_where_a_value_does_not_fit() -> None:
    model = knowledge("k", "x:number", literal('if x = null then "none" else x'))
    for told, expected in (("2", 2), ("null", "none"), ('"two"', None)):
        call = f'<invocation>{literal("k")}<binding><parameter name="x"/>{literal(told)}</binding></invocation>'
        assert value(call, {}, before=model, knows="k") == expected
        call = call.replace('name="x"', 'name="x" typeRef="number"')
        assert value(call, {}, before=model, knows="k") == expected


def test_functions_are_values_that_keep_what_they_saw() -> None:
    """Suite 0092-feel-lambda."""
    inner = '<functionDefinition><formalParameter name="b"/>' + literal("x * b") + "</functionDefinition>"
    assert value(literal("k(10)(3)"), {}, before=knowledge("k", "x", inner), knows="k") == 30
    both = knowledge("k", "f, g", literal("f(5) * g(10)")) + knowledge("ten", "x", literal("x * 10"))
    assert value(literal("k(ten, function(n) n * 10)"), {}, before=both, knows="k, ten") == 5000


def function_type(name: str, *taken: str) -> str:
    parameters = "".join(f'<parameters name="p{at}" typeRef="{one}"/>' for at, one in enumerate(taken))
    function = f'<functionItem outputTypeRef="number">{parameters}</functionItem>'
    return f'<itemDefinition name="{name}">{function}</itemDefinition>'


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("k(max, max)", 11),
        ("k(function(n: number) n + 1, max)", None),
        ("k(count, function(a: number, b: number) a * b)", 26),
        ("k(sqrt, max)", None),
        ("k(max, sqrt)", None),
    ],
)
def test_a_function_given_for_a_function_type_takes_what_the_type_names(call: str, expected: Any) -> None:
    """A built-in function in whichever of its forms takes as many (suite 0092-feel-lambda)."""
    numbers = '<itemDefinition name="numbers" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    types = numbers + function_type("one", "numbers") + function_type("two", "number", "number")
    model = types + knowledge("k", "f:one, g:two", literal("f([1, 5]) + g(4, 6)"))
    assert value(literal(call), {}, before=model, knows="k") == expected


def test_java_and_pmml_functions_are_read_and_give_null() -> None:
    body = (
        '<context><contextEntry><variable name="class"/>' + literal('"java.lang.Runtime"') + "</contextEntry></context>"
    )
    for kind in ("Java", "PMML"):
        assert (
            value(literal("k(1)"), {}, before=knowledge("k", "x", body, attributes=f'kind="{kind}"'), knows="k") is None
        )


def boxed(kind: str, **parts: str) -> str:
    """A boxed expression over ``i``; a name that Python keeps for itself ends in ``_`` here."""
    inner = "".join(f"<{name.rstrip('_')}>{literal(text)}</{name.rstrip('_')}>" for name, text in parts.items())
    return f'<{kind} iteratorVariable="i">{inner}</{kind}>'


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        ("<list>" + literal("a") + literal("a + 1") + "</list>", [5, 6]),
        ('<relation><column name="p"/><column name="q"/><row>' + literal("a") + literal("2") + "</row></relation>", [{"p": 5, "q": 2}]),
        (boxed("conditional", if_="a > 3", then="1", else_="2"), 1),
        (boxed("conditional", if_='"abc"', then="1", else_="2"), None),
        (boxed("conditional", if_="null", then="1", else_="2"), 2),
        (boxed("filter", in_="[1, 9, null]", match="item > a"), [9]),
        (boxed("filter", in_="[1, 9]", match='"no boolean"'), None),
        (boxed("filter", in_="[{n: 1}, {m: 2, n: 9}]", match="item.n > a"), [{"m": 2, "n": 9}]),
        (boxed("filter", in_="[4, 7]", match="2"), 7),
        (boxed("for", in_="[1..3]", return_="i * a + count(partial)"), [5, 11, 17]),
        (boxed("for", in_="[]", return_="i"), []),
        (boxed("some", in_="[1, 9]", satisfies="i > a"), True),
        (boxed("some", in_="[]", satisfies="true"), False),
        (boxed("some", in_="1", satisfies='"no"'), None),
        (boxed("some", in_="[1, 9]", satisfies='if i > a then true else "no"'), None),
        (boxed("some", in_="[1, 9]", satisfies="if i > a then true else null"), True),
        (boxed("every", in_="[1, 9]", satisfies="i > a"), False),
        (boxed("every", in_="[]", satisfies="false"), True),
    ],
)  # fmt: skip
def test_boxed_expressions_give_what_their_feel_would(logic: str, expected: Any) -> None:
    """Suites 1150 to 1154."""
    assert value(logic, {"a": 5}) == expected


def test_a_context_sees_its_earlier_entries_and_gives_its_last_where_that_has_no_name() -> None:
    entry = '<contextEntry><variable name="{}" typeRef="{}"/>{}</contextEntry>'
    start = (
        "<context>" + entry.format("half of a", "number", literal("a / 2")) + entry.format("t", "string", literal("1"))
    )
    assert value(start + "</context>", {"a": 5}) == {"half of a": Decimal("2.5"), "t": None}
    end = "<contextEntry>" + literal("half of a * 4") + "</contextEntry></context>"
    assert value(start + end, {"a": 5}) == 10


def service(name: str, *, outputs: str, decisions: str = "", inputs: str = "", type_: str = "") -> str:
    told = (("outputDecision", outputs), ("inputDecision", decisions), ("inputData", inputs))
    inner = "".join(f'<{tag} href="#{one}"/>' for tag, names in told for one in names.split())
    ref = f' typeRef="{type_}"' if type_ else ""
    return f'<decisionService id="{name}" name="{name}"><variable name="{name}"{ref}/>{inner}</decisionService>'


PAIR = (
    given("i", "string")
    + given("j", "string")
    + decision("p", literal('"never asked"'), type_="string")
    + decision("q", literal('"never asked"'), type_="string")
    + decision("out", literal('i + " " + j + " " + p + " " + q'), requires="i, j", decided="p, q")
    + decision("other", literal("p = null"), decided="p")
)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('s("A", "B", "C", "D")', "A B C D"),
        ('s(q: "D", i: "A", p: "C", j: "B")', "A B C D"),
        ('s("A", "B", "C")', None),
        ('s("A", "B", 123, "D")', None),
        ('s(q: "D", i: "A", p: "C", x: "B")', None),
    ],
)
def test_a_decision_service_takes_input_data_then_decisions_and_runs_nothing_that_is_given(
    call: str, expected: str
) -> None:
    """Suite 0085-decision-services."""
    body = PAIR + service("s", outputs="out", inputs="i j", decisions="p q") + decision("d", literal(call), knows="s")
    assert Evaluator(read(body)).decision("d", {}) == expected


def test_a_service_of_several_outputs_gives_a_context_and_fits_what_it_is_given() -> None:
    model = read(
        PAIR
        + service("s", outputs="out other", inputs="i j", decisions="p q")
        + service("t", outputs="p", type_="number")
    )
    given_ = {"i": "A", "j": "B", "p": 123, "q": "D"}
    assert Evaluator(model).service("s", given_) == {"out": None, "other": True}
    assert Evaluator(model).service("t", {}) is None, "the output is no number"
    with pytest.raises(RuleError, match="no decision service “u”"):
        Evaluator(model).service("u", {})


def test_a_decision_without_logic_is_made_by_people() -> None:
    """Suite 0088-no-decision-logic."""
    model = read(
        decision("Teacher's view", "", type_="string")
        + decision("d", literal("Teacher's view"), decided="Teacher's view")
    )
    assert Evaluator(model).decision("d", {"Teacher's view": "keen"}) == "keen"
    assert Evaluator(model).decision("d", {"Teacher's view": 5}) is None
    assert Evaluator(model).decision("d", {}) is None


def test_a_decision_that_could_not_be_read_is_null_to_those_that_require_it() -> None:
    model = read(decision("bad", literal("1 +")) + decision("d", literal("bad = null"), decided="bad"), strict=False)
    assert Evaluator(model).decision("bad", {}) is None
    assert Evaluator(model).decision("d", {}) is True


def test_references_with_the_models_own_namespace_are_local() -> None:
    """Suite 0091-local-hrefs."""
    body = given("a") + decision("d", literal("a + 1"), requires="a").replace("#a", "https://example.org/rule#a")
    assert Evaluator(read(body)).decision("d", {"a": 1}) == 2


def test_a_chain_of_two_thousand_decisions_is_evaluated_without_deep_calls() -> None:
    chain = "".join(decision(f"d{n}", literal(f"d{n + 1} + 1"), decided=f"d{n + 1}") for n in range(2_000))
    assert Evaluator(read(chain + decision("d2000", literal("0")))).decision("d0", {}) == 2_000


def test_a_diamond_of_decisions_is_evaluated_once_each() -> None:
    """Forty levels that each ask the next one twice would take a million years otherwise."""
    levels = "".join(decision(f"d{n}", literal(f"d{n + 1} + d{n + 1}"), decided=f"d{n + 1}") for n in range(40))
    assert Evaluator(read(levels + decision("d40", literal("1")))).decision("d0", {}) == 2**40


def test_a_function_that_calls_itself_without_end_is_null() -> None:
    assert value(literal("(function(f) f(f))(function(f) f(f))"), {}) is None


def test_the_evaluator_of_a_model_is_kept_but_not_for_a_changed_copy() -> None:
    model = read(decision("d", literal("1")))
    assert evaluator(model) is evaluator(model)
    copy = model.with_file("other.dmn")
    assert evaluator(copy).model is copy
    assert evaluate(copy, copy.decision("d"), {}) == 1


def test_loops_in_loops_and_calls_that_double_end_within_bounds() -> None:
    logic = literal("1")
    for n in range(12):
        logic = f'<for iteratorVariable="i{n}"><in>{literal("[1..10000]")}</in><return>{logic}</return></for>'
    assert value(logic, {}) is None
    needs = '<knowledgeRequirement><requiredKnowledge href="#{0}"/></knowledgeRequirement><encapsulatedLogic'
    doubling = "".join(
        knowledge(f"k{n}", "", literal(f"k{n + 1}() + k{n + 1}()")).replace(
            "<encapsulatedLogic", needs.format(f"k{n + 1}")
        )
        for n in range(40)
    )
    assert value(literal("k0()"), {}, before=doubling + knowledge("k40", "", literal("1")), knows="k0") is None


def test_a_long_boxed_loop_is_within_bounds_unless_it_looks_at_all_results_each_time() -> None:
    assert len(value(boxed("for", in_="[1..5000]", return_="i"), {})) == 5000
    assert value(boxed("for", in_="[1..5000]", return_="count(partial)"), {}) is None


def test_a_parameter_may_be_called_as_a_path_is_written() -> None:
    """Suite 0037-dt-on-bkm-implicit-params."""
    logic = table("P.Name | P.Age", "x", '"A" | > 3 | P.Name + " is " + string(P.Age)')
    bindings = "".join(
        f'<binding><parameter name="P.{one}"/>{literal(f"P.{one}")}</binding>' for one in ("Age", "Name")
    )
    told = f"<invocation>{literal('told')}{bindings}</invocation>"
    body = given("P", "Any") + knowledge("told", "P.Name:string, P.Age:number", logic)
    body += '<itemDefinition name="t"><itemComponent name="Name"/><itemComponent name="Age"/></itemDefinition>'
    model = read(body + decision("d", told, requires="P", knows="told"))
    assert Evaluator(model).decision("d", {"P": {"Name": "A", "Age": 4}}) == "A is 4"


def test_a_cell_may_name_a_list_that_the_value_is_in() -> None:
    """Suite 0039-dt-list-semantics."""
    rows = '"cough", "cold" | "first"\nknown | "second"'
    logic = table("sign", "x", rows, attributes='hitPolicy="COLLECT" typeRef="list&lt;string>"')
    model = read(
        given("sign", "string") + given("known", "list&lt;string>") + decision("d", logic, requires="sign, known")
    )
    facts = {"known": ["cough", "ache"]}
    assert Evaluator(model).decision("d", facts | {"sign": "cough"}) == ["first", "second"]
    assert Evaluator(model).decision("d", facts | {"sign": "ache"}) == ["second"]


def test_the_time_is_told_and_is_null_where_it_is_not() -> None:
    asked = literal('if today() = date(k()) then now() + duration("P1D") else null')
    known = knowledge("k", "", literal("now()"))
    model = read(known + decision("d", asked, knows="k") + decision("wrong", literal("now(1)")))
    moment = datetime(2026, 1, 31, 8, 30, tzinfo=UTC)
    evaluator = Evaluator(model, now=moment)
    assert evaluator.decision("d", {}) == evaluate(model, model.decision("d"), {}, now=moment) == moment + timedelta(1)
    assert evaluator.decision("wrong", {}) is None
    table = Table(model, model.decision("d"))
    assert table.evaluate({}, now=moment) == moment + timedelta(1)
    assert table.evaluate({}) is evaluate(model, model.decision("d"), {}) is None
