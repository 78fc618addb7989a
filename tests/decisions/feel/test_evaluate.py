"""Expressions and unary tests evaluated, with the figures of the conformance kit (0016, 0057 to 0072, 0082 to 0100) where it has them."""

from decimal import Decimal
from typing import Any

import pytest

from loft.decisions.feel import ast
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.types import NUMBER, STRING, Type
from loft.decisions.feel.values import Function
from tests.decisions.feel.evaluating import expected, lines, passes, value

ARITHMETIC = """
    1 + 2 * 3                => 7
    10 - 3 - 2               => 5
    2 ** 3 ** 2              => 64
    5 ** -2                  => 0.04
    5.5 ** 2.0               => 30.25
    5 ** 2.5                 => null
    0 ** 0                   => 1
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
