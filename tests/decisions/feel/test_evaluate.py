"""Expressions and unary tests evaluated, with the figures of the conformance kit (0016, 0057 to 0072, 0082 to 0100) where it has them."""

from decimal import Decimal
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from loft.decisions.errors import Missing
from loft.decisions.feel import ast, bounds
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.evaluate import test as unary
from loft.decisions.feel.types import NUMBER, STRING, Type
from loft.decisions.feel.values import Function, Range
from tests.decisions.feel.evaluating import expected, lines, passes, value
from tests.decisions.feel.some_expressions import CONSTANTS, KNOWN, Maker

ARITHMETIC = """
    1 + 2 * 3                => 7
    10 - 3 - 2               => 5
    2 ** 3 ** 2              => 64
    5 ** -2                  => 0.04
    -2 ** 2                  => 4
    1.1234 - 0.2345          => 0.8889
    0.1 + 0.2                => 0.3
    1 / 3 * 3 = 1            => false
    100 / 0                  => null
    0 / 0                    => null
    1e6000 * 1e6000          => null
    2 ** 1e30                => null
    10 * "10"                => null
    10 * true                => null
    10 * null                => null
    -"a"                     => null
    "foo" + "bar"            => "foobar"
    "foo" + 1                => null
    "foo" - "o"              => null
    [1] + [2]                => null
"""

LOGIC = """
    true and true            => true
    true and null            => null
    false and null           => false
    null and false           => false
    false and "x"            => false
    true and 123             => null
    true or null             => true
    null or true             => true
    false or null            => null
    false or "x"             => null
    false or false           => false
    not(null)                => null
    if true then 1 else 2    => 1
    if null then 1 else 2    => 2
    if "x" then 1 else 2     => 2
    some x in [1, 2, null] satisfies x > 1    => true
    some x in [1, null] satisfies x > 1       => null
    some x in [] satisfies x > 1              => false
    every x in [1, 2, null] satisfies x > 1   => false
    every x in [2, null] satisfies x > 1      => null
    every x in [] satisfies x > 1             => true
    every x in null satisfies true            => null
    some x in [1, 2], y in [x, 5] satisfies x + y = 7 => true
    some x in 1..3 satisfies x = 3            => true
"""

LISTS = """
    [1, 2, 3][1]             => 1
    [1, 2, 3][-1]            => 3
    [1, 2, 3][0]             => null
    [1, 2, 3][4]             => null
    [1, 2, 3][-4]            => null
    [1, 2, 3][1.5]           => null
    [1, 2, 3][true]          => [1, 2, 3]
    [1, 2, 3][false]         => []
    [1, 2, 3]["a"]           => null
    [1, 2, 3][item >= 2]     => [2, 3]
    [1, 2, 3][item >= 2][1]  => 2
    [1, 2, 3][count([1, 2])] => 2
    [][1]                    => null
    [][item > 1]             => []
    true[true]               => [true]
    100[false]               => []
    "foo"[1]                 => "foo"
    "foo"[0]                 => null
    null[1]                  => null
    [{a: 1}, {a: 2}][item.a >= 2]          => [{"a": 2}]
    [{a: 1}, {a: 2}][a >= 2]               => [{"a": 2}]
    [{item: 1}, {item: 2}][item >= 2]      => [{"item": 2}]
    [{a: 1, b: 2}, {a: 2}][b = null]       => [{"a": 2}]
    [{a: {b: 1}}, {a: {b: [2.1, 2.2]}}].a.b => [1, [2.1, 2.2]]
    {a: 1}.b                 => null
    null.a                   => null
    "x".a                    => null
    {a: 1 + 2, b: 3, c: {d: a + b}}        => {"a": 3, "b": 3, "c": {"d": 6}}
    for i in [1, 2, 3] return i + 1        => [2, 3, 4]
    for i in [1, 2, 3], j in [4, 5] return i + j => [5, 6, 6, 7, 7, 8]
    for i in [1, 2], j in [i, 10] return j => [1, 10, 2, 10]
    for i in [] return i                   => []
    for i in 2..4 return i                 => [2, 3, 4]
    for i in 4..2 return i                 => [4, 3, 2]
    for i in -1..1 return i                => [-1, 0, 1]
    for i in 1..1 return i                 => [1]
    for i in [1..3) return i               => [1, 2]
    for i in 5 return i                    => [5]
    for i in null return i                 => null
    for i in 1.."a" return i               => null
    for i in 0..4 return if i = 0 then 1 else i * partial[-1] => [1, 1, 2, 6, 24]
    for i in 1..3 return count(partial)    => [0, 1, 2]
"""

TESTS = """
    1 in [2, 3, 1]               => true
    1 in [2, 3, 4]               => false
    1 in [[2..4], [1..3]]        => true
    5 in [[2..4], [1..3]]        => false
    10 in <= 10                  => true
    10 in (1, < 5, >= 10)        => true
    10 in (1, 5, 9)              => false
    2 in (2..4)                  => false
    2 in [2..4)                  => true
    4 in (2..4]                  => true
    4 in [2..4)                  => false
    1 in 1                       => true
    1 in = 2                     => false
    1 in != 2                    => true
    true in (false, true)        => true
    "b" in ["a".."c"]            => true
    [1, 2] in [[1, 2], [3]]      => true
    null in [1..10]              => null
    1 in [null..5]               => null
    1 in [1..null]               => null
    null in (null, 1)            => true
    1 in (null..5)               => true
    1 in [3..1]                  => false
    5 in (? > 3 and ? < 7)       => true
    @"10:30:11" in [@"10:30:05"..@"10:30:12"]     => true
    @"2018-12-05" in (@"2018-12-04", >= @"2018-12-05") => true
"""

FUNCTIONS = """
    (function(a: number) a)(10)              => 10
    (function(a: number) a)("foo")           => null
    (function(a: number) a)([10])            => 10
    (function(a) 1)(1, 2)                    => null
    (function(a) 1)()                        => null
    (function(a, b) a - b)(b: 1, a: 3)       => 2
    (function(a, b) a - b)(a: 1, c: 3)       => null
    (function(a, b) a - b)(a: 1)             => null
    (function(b) function(c) function(d) b * c * d)(2)(3)(4)  => 24
    {a: 10, f: function(b) a * b, r: f(2)}.r => 20
    (for i in 1..3 return function(x) x * i)[2](10) => 20
    1(2)                                     => null
    null(2)                                  => null
    substring(string: "foobar", start position: 3) => "obar"
    substring(string: "foobar", position: 3) => null
    sort([3, 1, 2], function(x, y) x < y)    => [1, 2, 3]
"""


@pytest.mark.parametrize(
    ("text", "wanted"), [*lines(ARITHMETIC), *lines(LOGIC), *lines(LISTS), *lines(TESTS), *lines(FUNCTIONS)]
)
def test_expressions_give_what_the_standard_says(text: str, wanted: str) -> None:
    assert value(text) == expected(wanted)
    assert type(value(text)) is type(expected(wanted))


def test_an_external_function_is_never_run() -> None:
    definition = ast.FunctionDefinition((("x", None),), ast.Literal("anything"), external=True)
    assert expression(ast.Call(definition, (ast.Literal(Decimal(1)),)))({}) is None


def test_a_context_with_a_name_twice_is_null() -> None:
    one = ast.Literal(Decimal(1))
    assert expression(ast.ContextOf((("a", one), ("a", one))))({}) is None


# --- facts that are not known -----------------------------------------------------------------------------------------


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


# --- unary tests ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tests", "about", "wanted"),
    [
        ("-", 1, True),
        ("< 400000", 312000, True),
        ("< 400000", 400000, False),
        ("< 400000", None, None),
        ("< 400000", "1", None),
        ("< 400000", True, None),
        ("[1..5)", 5, False),
        ("]1..5]", 1, False),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ('"a", "b"', 1, None),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "a", False),
        ('not("a")', None, True),
        ('not("a")', 1, None),
        ("1, 2, 3", 2, True),
        ("1, 2, 3", "2", None),
        ("1, 2, 3", [5, 2], True),
        ("null", None, True),
        ("null", 1, False),
        ("true", True, True),
        ("true", "true", None),
        ("[1, 2, 3]", 2, True),
        ("[1, 2, 3]", [1, 2, 3], True),
        ("[1, [5..9]]", 7, True),
        ('"a"', ["b", "a"], True),
        ('"a"', ["b", 1], False),
        ("? > 3", 5, True),
        ("? + 1", 5, None),
        ("? in [1, 2]", 2, True),
        ('ends with(?, "x")', "ax", True),
        ("= 3", 3, True),
        ("!= 3", 3, False),
        ("!= null", 3, True),
        ('< @"2026-01-01"', "@2025-12-31", True),
        ('>= date("2026-01-01")', "@2025-12-31", False),
        ('[@"2026-01-01"..@"2026-12-31"]', "@2026-06-30", True),
        ('[@"2026-01-01"..@"2026-12-31"]', "@2026-06-30T00:00:00", None),
        ('[@"2026-01-01"..@"2026-12-31"]', "@2026-06-30T00:00:00Z", True),
        ('< @"2026-01-01"', "@2025-12-31T23:59:59Z", True),
        ('> @"10:00:00Z"', "@10:30:00Z", True),
    ],
)
def test_a_cell_holds_or_not(tests: str, about: Any, wanted: bool | None) -> None:
    assert passes(tests, about) is wanted


def test_a_cell_may_look_at_other_facts() -> None:
    assert passes("< limit", 3, limit=5) is True
    assert passes("[low..high]", 3, low=1, high=5) is True
    assert passes("[low..high]", 3, low=None, high=5) is None
    assert passes("allowed", "b", allowed=["a", "b"]) is True


@pytest.mark.parametrize(
    "constant", ["5", '"m"', '@"2026-01-01"', '@"P1D"', '@"P1M"', '@"10:00:00"', "true", "null", "[1]"]
)
@pytest.mark.parametrize("sign", ["<", "<=", ">", ">=", "=", "!="])
def test_a_constant_in_a_cell_does_what_a_fact_in_its_place_does(sign: str, constant: str) -> None:
    fact = value(constant)
    for about in (None, True, 4, 5, "a", "m", "@2025-01-01", "@2026-01-01", "@P1D", "@P2M", "@10:00:00", [1], {"a": 1}):
        assert passes(f"{sign} {constant}", about) is passes(f"{sign} fact", about, fact=fact)


# --- functions --------------------------------------------------------------------------------------------------------


def test_a_function_in_scope_hides_a_built_in_one_and_another_value_does_not() -> None:
    mine = Function(("list",), lambda values: "mine")
    assert expression(ast.Call(ast.Name("sum"), (ast.Literal(Decimal(1)),)))({"sum": mine}) == "mine"
    assert value('date("2026-01-31") > date', date="@2026-01-01") is True


def test_what_a_function_gives_is_fitted_to_its_result() -> None:
    numbers = Type("list", member=NUMBER)
    doubled = Function(("n",), lambda n: n, types=(NUMBER,), result=numbers)
    call = expression(ast.Call(ast.Name("f"), (ast.Name("n"),)))
    assert call({"f": doubled, "n": Decimal(10)}) == [Decimal(10)]
    assert call({"f": doubled, "n": "foo"}) is None
    assert call({"f": Function(("n",), lambda n: n, result=STRING), "n": Decimal(1)}) is None


def test_a_function_keeps_the_scope_it_was_defined_in() -> None:
    assert value("{f: (function(a) function(b) a * b)(100), a: 10, r: f(2)}.r") == 200


# --- bounds -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST", 20_000)


@pytest.mark.usefixtures("small_allowance")
@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1e9 return i",
        "count(for i in 1..1e9 return i)",
        "some i in 1..1e30 satisfies i < 0",
        "for i in 1..2000, j in 1..2000 return 1",
        "for i in 1..2000 return for j in 1..2000 return 1",
        "for i in 1..2000 return count([1, 2][item = i]) + sum(for j in 1..2000 return j)",
        "(function(f) f(f))(function(f) f(f))",
        "(function(f, n) [f(f, n), f(f, n)])(function(f, n) [f(f, n), f(f, n)], 1)",
    ],
)
def test_what_would_take_for_ever_is_null_soon(text: str) -> None:
    start = perf_counter()
    assert value(text) is None
    assert perf_counter() - start < 2


def test_a_million_members_are_as_many_as_one_evaluation_makes() -> None:
    assert value("for i in 1..1e30 return i") is None
    assert value("some i in 1..1e30 satisfies true") is None
    assert value("count(for i in 1..300000 return i)") == 300_000


def test_a_string_does_not_grow_without_end() -> None:
    doubled = '{a0: "' + "x" * 100 + '", ' + ", ".join(f"a{n + 1}: a{n} + a{n}" for n in range(40)) + "}"
    grown = value(doubled)
    assert max(len(part) for part in grown.values() if part is not None) <= 1_000_000
    assert grown["a40"] is None


@pytest.mark.usefixtures("small_allowance")
def test_one_evaluation_after_another_has_its_own_allowance() -> None:
    run = "count(for i in 1..9000 return i)"
    assert [value(run) for _ in range(4)] == [9000] * 4


def chain(length: int, link: Any, first: ast.Node) -> ast.Node:
    for _ in range(length):
        first = link(first)
    return first


ONE, TRUE = ast.Literal(Decimal(1)), ast.Literal(True)


@pytest.mark.parametrize(
    ("link", "first", "wanted"),
    [
        (lambda left: ast.Arithmetic("+", left, ast.Name("one")), ONE, Decimal(20_001)),
        (lambda left: ast.And(left, ast.Name("yes")), TRUE, True),
        (lambda left: ast.Or(left, ast.Literal(False)), ast.Literal(False), False),
        (lambda left: ast.Path(left, "a"), ast.ContextOf(()), None),
        (lambda left: ast.Filter(left, ONE), ast.Name("one"), Decimal(1)),
        (lambda left: ast.Comparison("=", left, ast.Name("yes")), ast.Name("yes"), True),
        (lambda left: ast.Call(left, ()), ast.Name("one"), None),
        (lambda left: ast.In(left, ast.Tests((ast.Name("yes"),))), ast.Name("yes"), True),
    ],
)
def test_a_chain_of_twenty_thousand_links_runs(link: Any, first: ast.Node, wanted: Any) -> None:
    assert expression(chain(20_000, link, first))({"one": Decimal(1), "yes": True}) == wanted


def test_the_empty_cell_of_a_table_needs_no_scope() -> None:
    assert unary(ast.Tests())(None, {}) is True
