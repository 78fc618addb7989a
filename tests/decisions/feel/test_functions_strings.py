"""Functions on strings; the figures are those of the DMN conformance kit (1103 to 1111, 0067) unless a test says otherwise."""

import time

import pytest

from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression
from loft.decisions.feel.types import ANY
from tests.decisions.feel.calling import call, call_by_name


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("substring", ("foobar", 3), "obar"),
        ("substring", ("foobar", 3, 3), "oba"),
        ("substring", ("foobar", 3, 3.8), "oba"),
        ("substring", ("foobar", -2, 1), "a"),
        ("substring", ("foobar", -6, 6), "foobar"),
        ("substring", ("foobar", 0), None),
        ("substring", ("foobar", 7), None),
        ("substring", ("\U0001f40eab", 2), "ab"),
        ("string length", ("\U0001f40eab",), 3),
        ("upper case", ("aBc4",), "ABC4"),
        ("lower case", ("aBc4",), "abc4"),
        ("substring before", ("foobar", "bar"), "foo"),
        ("substring before", ("foobar", "xyz"), ""),
        ("substring after", ("foobar", "ob"), "ar"),
        ("substring after", ("foobar", ""), "foobar"),
        ("substring after", ("", "a"), ""),
        ("contains", ("foobar", "of"), False),
        ("starts with", ("foobar", "fo"), True),
        ("ends with", ("foobar", "r"), True),
        ("contains", ("foobar", None), None),
        ("contains", ("foobar", 1), None),
        ("contains", ("foobar",), None),
        ("contains", ("foobar", "a", "b"), None),
    ],
)
def test_parts_of_strings(name, values, expected):
    assert call(name, *values) == expected


def test_parameters_may_be_named():
    assert call_by_name("substring", start_position=3, string="foobar") == "obar"
    assert call_by_name("substring", start=3, string="foobar") is None
    assert call_by_name("substring", string="foobar") is None


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "expected"),
    [
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "[1=ab][2=]cd"),
        ("abracadabra", "bra", "*", "a*cada*"),
        ("abracadabra", "a.*a", "*", "*"),
        ("abracadabra", "a.*?a", "*", "*c*bra"),
        ("abracadabra", "a(.)", "a$1$1", "abbraccaddabbra"),
        ("AAAA", "A+?", "b", "bbbb"),
        ("darted", "^(.*?)d(.*)$", "$1c$2", "carted"),
        ("0123456789", r"(\d{3})(\d{3})(\d{4})", "($1) $2-$3", "(012) 345-6789"),
        ("facetiously", "[iouy]", "[$0]", "facet[i][o][u]sl[y]"),
        ("foobar", "^fo*b*", "#", "#ar"),
        ("abc", ".^[d-z]", "#", "abc"),
        ("a", "a", r"\$1\\", "$1\\"),
        ("abc", "b", "$", None),
        ("abc", "b", r"\b", None),
        ("abc", "x*", "-", None),
        ("abc", "(b", "-", None),
    ],
)
def test_every_match_is_replaced(text, pattern, replacement, expected):
    assert call("replace", text, pattern, replacement) == expected


def test_flags_change_how_a_pattern_is_read():
    assert call("replace", "abc", "[A-Z]", "#", "i") == "###"
    assert call("replace", "abc", "[a-z]", "#", "") == "###"
    assert call("replace", "a.b", ".", "$1", "q") == "a$1b"
    assert call("replace", "a b c d ", "[a-z]", "#", "x") == "# # # # "


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("abracadabra", "bra", None, True),
        ("abracadabra", "bra", "p", None),
        ("input", "pattern", " ", None),
        ("input", "pattern", "X", None),
        ("input", "pattern", [], None),
        ("\nabcd\ndefg\n", "^$", "m", True),
        ("abcd\n\ndefg\n ", "^$", "m", True),
        ("abcd\n", "d$", "", False),
        ("abracadabra", "(?:abra(?:cad)?)*", "q", False),
        ("x[Y-z]", "X[y-Z]", "qi", True),
        ("Mary\rJones", "Mary.Jones", "", False),
        ("Mary\rJones", "Mary.Jones", "s", True),
        ("abZ", "^[A-Z]*$", "i", True),
        ("\u212a", "k", "i", True),
        ("x", "[A-Z-[OI]]", "i", True),
        ("X", "[A-Z-[OI]]", "i", True),
        ("O", "[A-Z-[OI]]", "i", False),
        ("i", "[A-Z-[OI]]", "i", False),
        ("q", "[^Q]", "i", False),
        ("hello world", r"hello\ sworld", "x", True),
        ("hello world", " he ll o[ ]worl d", "x", True),
        ("hello world", r"\p{ I s B a s i c L a t i n }+", "x", True),
        ("hello world", r"\p{ IsBasicLatin}+", "", None),
        ("h", r"(.)\3", "", None),
        ("h", r"(.)\2", "", None),
        ("input", r"\3", "", None),
        ("abcd", r"(asd)[asd\1]", "", None),
        ("abcd", r"1[asd\0]", "", None),
        ("a", "a[^b]", "", False),
        ("a ", "a[^b]", "", True),
        ("aA", r"(a)\1", "i", True),
        ("aA", r"(a)\1", "", False),
        ("æøå ÆØÅ", r"^\p{Ll}{3}\s\p{Lu}+$", "", True),
        ("a_b", r"\w_\w", "", True),
        ("_", r"\w", "", False),
        ("_a-1", r"^\i\c*$", "", True),
        ("1a", r"^\i\c*$", "", False),
        ("aaa", "^a{2}$", "", False),
        ("aaa", "^a{2,}$", "", True),
        ("a", "a{2,1}", "", None),
        ("a", "a**", "", None),
        ("a", "[]", "", None),
        ("a", "[b-a]", "", None),
        ("a", "*", "", None),
        ("a]", "a]", "", None),
        ("-", "[a-]", "", True),
    ],
)
def test_patterns_are_those_of_xpath(text, pattern, flags, expected):
    assert call("matches", text, pattern, flags) is expected


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)*b", "(a|b+)+c", ".*.*.*.*.*x", "(a?){50}a{50}b"])
def test_no_pattern_takes_long(pattern):
    begun = time.perf_counter()
    assert call("matches", "a" * 3_000, pattern) in (False, None)
    assert time.perf_counter() - begun < 5


def test_patterns_and_texts_are_bounded():
    assert call("matches", "a" * 10_000, "^a+$") is True
    assert call("matches", "a" * 10_001, "a") is None
    assert call("matches", "a", "a" * 1_001) is None
    assert call("matches", "a", "((a{1000}){1000}){1000}") is None
    assert call("matches", "a", "(" * 500 + "a" + ")" * 500) is None
    assert call("matches", "a", "[a-[" * 200) is None


def test_many_searches_in_one_evaluation_share_its_allowance():
    read = parse_expression('for n in 1..100000 return matches(text, "(a|a)*b")', Names({"text": ANY}))
    begun = time.perf_counter()
    assert expression(read)({"text": "a" * 2_000}) is None
    assert time.perf_counter() - begun < 15


def test_a_string_is_split_at_a_pattern():
    assert call("split", "John Doe", r"\s") == ["John", "Doe"]
    assert call("split", "a;b;c;;", ";") == ["a", "b", "c", "", ""]
    assert call_by_name("split", delimiter=",", string="foo,bar") == ["foo", "bar"]
    assert call_by_name("split", delimiter=",", str="foo,bar") is None
    assert call("split", "foo", None) is None
    assert call("split", "foo", "") is None


def test_strings_are_joined_without_nulls():
    assert call("string join", ["a", "b", "c"], "_and_") == "a_and_b_and_c"
    assert call("string join", ["a", None, "c"], "X") == "aXc"
    assert call("string join", ["a", "b", "c"], None) == "abc"
    assert call("string join", ["a", "b"]) == "ab"
    assert call("string join", [], "X") == ""
    assert call("string join", "a", "X") == "a"
    assert call("string join", ["a", 1], "X") is None
