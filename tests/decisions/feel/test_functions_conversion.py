"""Texts from values and values from texts; the figures are those of the DMN conformance kit (0058, 1156) unless a test says otherwise."""

from decimal import Decimal

import pytest

from loft.decisions.feel.functions import BUILTINS
from loft.decisions.feel.values import Range
from tests.decisions.feel.calling import call, call_by_name, feel, span


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1.000.000,01", ".", ","), "1000000.01"),
        (("1,000,000.01", ",", "."), "1000000.01"),
        (("1 000 000.01", " ", "."), "1000000.01"),
        (("1 000,5", " ", ","), "1000.5"),
        (("1,000,000.01", " ", "."), None),
        (("1,000,000.01", ":", "."), None),
        (("1,000,000.01", 123, "."), None),
        (("1,000,000.01", ",", ":"), None),
        (("1000000.01", None, "."), "1000000.01"),
        (("1,000,000", ",", None), "1000000"),
        (("1,000,000.00", ",", None), "1000000"),
        (("1,000,000.00", ",", ","), None),
        (("1,000,000.00", ".", "."), None),
        ((None, ".", "."), None),
        ((123, ".", "."), None),
        (("foo,bar.001", ".", ","), None),
        (("1.000.000,01", "."), None),
        (("1234",), "1234"),
        (("00123",), "123"),
        (("-.5",), "-0.5"),
        ((11.11,), "11.11"),
        (("test",), None),
        (("1 2 3",), None),
        (("١٢",), None),
        (("1e999999999",), None),
        (("NaN",), None),
        ((None,), None),
    ],
)
def test_a_number_is_read_with_its_marks(values, expected):
    assert call("number", *values) == (None if expected is None else Decimal(expected))


def test_the_marks_may_be_named():
    named = {"from": "1.000.000,01", "decimal_separator": ",", "grouping_separator": "."}
    assert call_by_name("number", **named) == Decimal("1000000.01")
    assert call_by_name("number", **{"from": "1", "decimal_sep": ",", "grouping_sep": "."}) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.1, "1.1"),
        (Decimal("1.10"), "1.1"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0"), "0"),
        (100, "100"),
        ("foo", "foo"),
        (True, "true"),
        (None, None),
        ("@2017-08-10T10:20:00@Europe/Paris", "2017-08-10T10:20:00@Europe/Paris"),
        ("@-P1DT2H", "-P1DT2H"),
        ([1, "a", None, ["b"]], '[1, "a", null, ["b"]]'),
        ({"a": 1, "my name": 'x"y', "1": False}, '{a: 1, my name: "x\\"y", "1": false}'),
        (span("[1..3)"), "[1..3)"),
        (span("(..3]"), "(..3]"),
        (BUILTINS["abs"], None),
    ],
)
def test_values_as_text(value, expected):
    assert call("string", value) == expected


def test_a_text_does_not_grow_without_bound():
    value = [Decimal(1)]
    for _ in range(60):
        value = [value, value]
    assert BUILTINS["string"].call(value) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[18..21]", Range(18, 21)),
        ("]18..21[", Range(18, 21, False, False)),
        (" [ 1 .. 3 ] ", Range(1, 3)),
        ("(-1.5..3)", Range(-1.5, 3, False, False)),
        ("[2..)", Range(2, None, True, False)),
        ("(..2]", Range(None, 2, False, True)),
        ('["a".."c"]', Range("a", "c")),
        ('["..".."b"]', Range("..", "b")),
        ('[@"1970-01-01"..date("1970-01-02")]', Range("@1970-01-01", "@1970-01-02")),
        ('[duration("P1D")..@"P2D"]', Range("@P1D", "@P2D")),
        ('[@"00:00:00"..@"00:00:00"]', Range("@00:00:00", "@00:00:00")),
    ],
)
def test_a_range_is_read(text, expected):
    made = Range(feel(expected.low), feel(expected.high), expected.low_closed, expected.high_closed)
    assert call("range", text) == made
    assert call_by_name("range", **{"from": text}) == made


@pytest.mark.parametrize(
    "text",
    [
        "[..2]", "[1..]", "(..)", "", " ", ">=10", '[1.."b"]', "[3..1]", '["z".."a"]', "[null..null]", "1..3", "[a..3]",
        "[1+1..3]", '[@"1970-01-01"..@"1970-01-02T00:00:00"]', '[date(string("1970-01-01"))..date("1970-01-02")]',
        "[true..true]", "[1..3", "[[1..2]..3]",
    ],
)  # fmt: skip
def test_other_texts_are_no_ranges(text):
    assert call("range", text) is None
