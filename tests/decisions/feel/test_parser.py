"""FEEL text read into its parts. Where a case is from the DMN conformance kit, its suite is named."""

import time
from decimal import Decimal

import numpy as np
import pytest

from loft.decisions.errors import RuleError, TooLarge
from loft.decisions.feel import ast
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import HIGHEST, LONGEST, parse_expression, parse_tests
from loft.decisions.feel.types import ANY, NUMBER, STRING, Type
from loft.decisions.feel.values import Months, Value
from loft.decisions.feel.writing import text_of

PERSON = Type("context", parts=(("age", NUMBER), ("first name", STRING), ("year-end bonus", NUMBER)), name="person")
NAMES = Names(
    {
        **dict.fromkeys(
            ("a", "b", "household income", "Approved/Declined", "a+b", "don't", "Pre-bureau risk", "x-1"), ANY
        ),
        **dict.fromkeys(("x", "loan in years", "not eligible", "profit", "Total (kr)", "2nd income", "anything"), ANY),
        "person": PERSON,
        "people": Type("list", member=PERSON),
        "ages": Type("list", member=NUMBER),
    },
    frozenset({"last name", "and so on"}),
    {"person": PERSON, "t type": NUMBER},
)
A, B = ast.Name("a"), ast.Name("b")


def number(text: str | int) -> ast.Literal:
    return ast.Literal(Decimal(text))


def read(text: str) -> ast.Node:
    return parse_expression(text, NAMES)


def value(text: str) -> Value:
    return expression(read(text))({})


def problem(text: str, names: Names = NAMES) -> str:
    with pytest.raises(RuleError) as raised:
        parse_expression(text, names)
    assert raised.value.place.text == text or len(text) > LONGEST
    return str(raised.value)


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "household income",
        "Approved/Declined",
        "a+b",
        "don't",
        "Pre-bureau risk",
        "x-1",
        "loan in years",
        "not eligible",
        "Total (kr)",
        "2nd income",
    ],
)
def test_a_name_in_scope_is_read_whole(name: str) -> None:
    assert read(f"{name} > 5") == ast.Comparison(">", ast.Name(name), number(5))


def test_the_longest_name_wins() -> None:
    assert read("a+b") == ast.Name("a+b")
    assert read("b+a") == ast.Arithmetic("+", B, A)
    assert read("x-2") == ast.Arithmetic("-", ast.Name("x"), number(2))


def test_white_space_and_comments_in_a_name_do_not_matter() -> None:
    assert read("household \n\t income") == read("household/* of the year */income") == ast.Name("household income")
    assert read("a + b") == ast.Name("a+b")


def test_built_in_functions_have_names_with_spaces() -> None:
    assert read('date and time("x")') == ast.Call(ast.Name("date and time"), (ast.Literal("x"),))


def test_two_facts_with_and_between_them_are_no_built_in_function() -> None:
    names = Names({"date": ANY, "time": ANY})
    assert parse_expression("date and time", names) == ast.And(ast.Name("date"), ast.Name("time"))


def test_names_that_are_introduced_inside_are_known_there_alone() -> None:
    assert value("for each child in [1, 2] return each child * 10") == [10, 20]
    assert value("{net pay: 5, twice: net pay * 2}.twice") == 10
    assert value("(function(base rate: number) base rate + 1)(2)") == 3
    assert "“tally” is not known" in problem("{tally: function(n) tally(n - 1)}")
    assert "“each child” is not known" in problem("(for each child in [1] return 1) = each child")


def test_a_keyword_may_stand_inside_a_name_but_is_none_itself() -> None:
    assert read("if loan in years > 5 then a else b") == ast.If(
        ast.Comparison(">", ast.Name("loan in years"), number(5)), A, B
    )
    assert parse_expression("true", Names({"true": ANY})) == ast.Literal(True)


def test_the_parts_of_a_known_type_are_read_whole() -> None:
    person = ast.Name("person")
    assert read("person.year-end bonus") == ast.Path(person, "year-end bonus")
    assert read("person.age-1") == ast.Arithmetic("-", ast.Path(person, "age"), number(1))
    assert read("people[age > 3].first name") == ast.Path(
        ast.Filter(ast.Name("people"), ast.Comparison(">", ast.Name("age"), number(3))), "first name"
    )
    assert read("some one in people satisfies one.year-end bonus > 1")


def test_a_part_of_an_unknown_type_is_known_from_the_model_or_is_its_words() -> None:
    anything = ast.Name("anything")
    assert read("anything.last name") == ast.Path(anything, "last name")
    assert read("anything.and so on") == ast.Path(anything, "and so on")
    assert read("anything.middle name and a") == ast.And(ast.Path(anything, "middle name"), A)
    assert read('time("10:00:00Z").time offset') == ast.Path(read('time("10:00:00Z")'), "time offset")


def test_a_part_that_a_type_of_the_model_lacks_is_named() -> None:
    assert "Did you mean “first name”?" in problem("person.fist name")
    assert "The parts are: age, first name, year-end bonus." in problem("people.qqq")


def test_an_unknown_name_is_an_error_that_suggests_one() -> None:
    assert "“incme” is not known here (character 5). Did you mean “income”?" in problem(
        "1 + incme", Names({"income": NUMBER, "other": NUMBER})
    )
    assert "Did you mean “household income”?" in problem("houshold income > 5")
    assert "Did you mean “string length”?" in problem('sting length("a")')
    assert "“?” is not known" in problem("? > 5")


def test_in_a_filter_over_what_is_not_known_a_bare_name_is_a_part() -> None:
    assert read("anything[unit price > a]") == ast.Filter(
        ast.Name("anything"), ast.Comparison(">", ast.Name("unit price"), A)
    )
    assert "not known" in problem("anything[foo(1)]")
    assert "not known" in problem("ages[unit price > a]")
    assert "not known" in problem("people[unit price > a]")
    assert read("ages[item > 1]")


# --- operators ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("3 ** 4 ** 5", 3486784401),  # 0075-feel-exponent
        ("-3 ** 2", 9),  # 0075-feel-exponent
        ("--10", 10),  # 0099-arithmetic-negation
        ("-(function(a) a)(10)", -10),  # 0099-arithmetic-negation
        ("1 + /* 1 + */ 1", 2),  # 0073-feel-comments
        ("1 + // eol comment\n 1", 2),  # 0073-feel-comments
        ("10 in (1, < 5, >=10)", True),  # 0072-feel-in
        ("1 in [[2..4], [1..3]]", True),  # 0072-feel-in
        ("4 in (2..4)", False),  # 0072-feel-in
        ("4 in ]2..4]", True),
        ("4 in [2..4[", False),
        ("6 in (1 + 2) * 2", True),
        ("2 - 3 - 4", -5),
        ("2 * 3 + 4 * 5", 26),
        ("1 = 1 and 2 > 3 or true", True),
        ("2 between 1 and 3 and false", False),
        ("1 + 1 instance of number", None),
        ('5 instance of function<number, list<string>> -> date and time', False),
        (".5 + 1.2e3", Decimal("1200.5")),
        ("if true then 1 else 2 + 10", 1),
        ("[1, 2, 3][item > 1][1]", 2),
        ("for i in 1..3, j in [i..3] return i * j", [1, 2, 3, 4, 6, 9]),
    ],
)  # fmt: skip
def test_operators_bind_as_dmn_says(text: str, result: Value) -> None:
    assert value(text) == result


def test_a_comparison_without_a_left_side_is_a_range() -> None:
    assert read("(< 5)") == ast.RangeOf(None, number(5), False, False)
    assert read("[>= a, 1]") == ast.ListOf((ast.RangeOf(A, None, True, False), number(1)))


def test_a_range_with_one_end_may_stand_after_an_equals_sign_and_a_space() -> None:
    assert read("a = >=2") == read("a = (>= 2)") == ast.Comparison("=", A, ast.RangeOf(number(2), None, True, False))
    assert read("a != < b and a") == read("(a != (< b)) and a")
    for slip in ("a => 2", "a =< 2"):
        with pytest.raises(RuleError):
            read(slip)


def test_a_range_may_be_closed_by_a_turned_bracket_behind_a_name() -> None:
    assert read("[a..b[") == ast.RangeOf(A, B, True, False)
    assert read("[a..b[1]]") == ast.RangeOf(A, ast.Filter(B, number(1)), True, True)
    assert read("[]1..a]]") == ast.ListOf((ast.RangeOf(number(1), A, False, True),))


def test_numbers_are_decimals_of_34_digits() -> None:
    assert read("0.10") == number("0.1")
    assert read("1" * 40) == number("1" * 34 + "0" * 6)
    assert "too large" in problem("1e7000")


def test_a_date_with_an_at_sign_is_a_constant() -> None:
    assert read('@"P14M"') == ast.Literal(Months(14))
    assert read('-@"P14M"') == ast.Negation(ast.Literal(Months(14)))
    assert "is no date, time or duration" in problem('@"2026-13-01"')


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (r'"\u0009"', "\t"),  # 0083-feel-unicode
        (r'"\\u0009"', r"\u0009"),  # 0083-feel-unicode
        (r'"\ud83d\udc0e\uD83D\uDE00"', "🐎😀"),  # 0083-feel-unicode
        (r'"\U01F40E\n\t\r\"\'\\"', "🐎\n\t\r\"'\\"),
        (r'"\d+\."', r"\d+\."),
        (r'"\ud83d"', "\ufffd"),
    ],
)
def test_escapes_in_strings_are_resolved(text: str, result: str) -> None:
    assert read(text) == ast.Literal(result)


def test_a_context_may_have_names_of_any_kind() -> None:
    assert value('{🐎: 1, foo+bar: 2, "a((!!],b": 3, "": 4}') == {"🐎": 1, "foo+bar": 2, "a((!!],b": 3, "": 4}
    assert "“foo” is there twice" in problem("{foo: 1, foo: 2}")


def test_values_go_to_a_function_by_place_or_by_name() -> None:
    call = read("date(year: 2026, month: 1, day: 31)")
    assert isinstance(call, ast.Call) and call.names == ("year", "month", "day")
    assert read("a(net pay: 1)") == ast.Call(A, (number(1),), ("net pay",))
    assert "“year” is there twice" in problem("date(year: 1, year: 2)")


def test_types_of_the_model_can_be_named() -> None:
    assert read("a instance of person") == ast.InstanceOf(A, PERSON)
    assert read("a instance of list<t type>") == ast.InstanceOf(A, Type("list", member=NUMBER))
    assert "“persn” is no type that the rule knows (character 15). Did you mean “person”?" in problem(
        "a instance of persn"
    )


# --- unary tests ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["-", " - ", "", "  // nothing"])
def test_a_dash_or_nothing_holds_always(text: str) -> None:
    assert parse_tests(text, NAMES).always


def test_a_cell_has_tests_of_every_kind() -> None:
    assert parse_tests('< 5, [6..8], "a", a, ? > b', NAMES).tests == (
        ast.Compared("<", number(5)),
        ast.RangeOf(number(6), number(8), True, True),
        ast.Literal("a"),
        A,
        ast.Comparison(">", ast.Name("?"), B),
    )
    assert parse_tests("-5", NAMES) == ast.Tests((number(-5),))
    assert parse_tests("!= null", NAMES) == ast.Tests((ast.Compared("!=", ast.Literal(None)),))


def test_not_around_the_whole_cell_turns_it_round() -> None:
    assert parse_tests("not(< 5, (6..8])", NAMES) == ast.Tests(
        (ast.Compared("<", number(5)), ast.RangeOf(number(6), number(8), False, True)), negated=True
    )
    both = parse_tests("not(a) and b", NAMES)
    assert both == ast.Tests((ast.And(ast.Call(ast.Name("not"), (A,)), B),))


# --- errors and bounds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 +", "a value is expected at character 4, but the text ends"),
        ("(1", "“)” is expected at character 3, but the text ends"),
        ("true 2", "an operator or the end is expected at character 6, but there is “2”"),
        ("if a then b", "“else” is expected at character 12, but the text ends"),
        ("[1, 2", "“,” / “]” is expected"),
        ("a == 5", "a value is expected at character 4, but there is “=”"),
        ("a > 312 000", "a number is written without spaces (character 9): 312000"),
        ("a = “yes”", 'a text stands in straight quotation marks, "like this"; at character 5 there is “'),
        ("for in a return 1", "a name is expected at character 5, but there is “in”"),
        ('"abc', "the string that begins at character 1 has no closing quotation mark"),
        ("1 /* 2", "the comment that begins at character 3 has no end"),
        ("a = § 5", "a value is expected at character 5, but there is “§”"),
        ("", "a value is expected"),
        ("a.", "a name is expected"),
    ],
)
def test_an_error_says_what_is_expected_and_where(text: str, told: str) -> None:
    assert told in problem(text)


PIECES = (
    *(
        "a",
        "b",
        "people",
        "person",
        "household income",
        "?",
        "item",
        "1",
        "2.5",
        '"s"',
        '@"P1D"',
        "date",
        "string length",
    ),
    *"if then else for in return some every satisfies and or between instance of function external not true null list".split(),
    *"( ) [ ] { } , : . .. + - * / ** = != < <= > >= @ // /* §".split(),
)


@pytest.mark.parametrize("seed", range(5))
def test_nonsense_is_refused_with_a_sentence_and_never_with_another_error(seed: int) -> None:
    chance = np.random.default_rng(seed)
    for _ in range(150):
        text = " ".join(chance.choice(PIECES, size=int(chance.integers(1, 12))))
        for parse in (parse_expression, parse_tests):
            try:
                node = parse(text, NAMES)
            except RuleError as error:
                assert str(error)
            else:
                assert parse(text_of(node), NAMES) == node


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        "-" * 10_000 + "1",
        "not(" * 24_000,
        "{a:" * 10_000,
        "if a then " * 9_000,
        "a" + ".year" * 10_000,
        "a" + "[1]" * 10_000,
        "a in (" * 10_000,
        "+".join(["1"] * 20_000),
        " or ".join(["a"] * 10_000),
        "**".join(["2"] * 20_000),
        "a instance of " + "list<" * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_what_is_too_deep_is_told_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(TooLarge):
        parse_expression(text, NAMES)
    with pytest.raises(TooLarge):
        parse_tests(text, NAMES)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("text", ["not(" * 100_000, "x" * 1_000_000])
def test_what_is_too_long_is_told_at_once(text: str) -> None:
    began = time.process_time()
    assert "may have 100000 characters" in problem(text)
    assert time.process_time() - began < 0.5


def test_a_name_of_a_million_letters_in_scope_is_no_trouble() -> None:
    assert parse_expression("a", Names({"a": ANY, "x" * 1_000_000: ANY})) == A


@pytest.mark.parametrize("sign", [" + ", " or ", " ** ", " = "])
def test_the_longest_chain_that_is_read_can_also_be_used(sign: str) -> None:
    node = read(sign.join(["a"] * HIGHEST))
    assert node == read(text_of(node))
    expression(node)({"a": None})
    with pytest.raises(TooLarge):
        read(sign.join(["a"] * (HIGHEST + 1)))


def test_the_deepest_brackets_that_are_read_can_also_be_used() -> None:
    node = read("not(" * 99 + "true" + ")" * 99)
    assert node == read(text_of(node))
    assert expression(node)({}) is False


def test_two_thousand_cells_are_read_within_a_second() -> None:
    cells = [
        "< 5",
        "[1..5]",
        '"a", "b"',
        'not("x")',
        "household income > 5",
        "-",
        "if a > 1 then b else a",
        "person.age",
    ]
    began = time.process_time()
    for _ in range(250):
        for cell in cells:
            parse_tests(cell, NAMES)
    assert time.process_time() - began < 1
