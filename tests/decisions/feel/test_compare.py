"""Equality, order, types and conversions (figures of the conformance kit's 0068, 0070, 0071, 0082)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loft.decisions.feel import bounds
from loft.decisions.feel.compare import at_most, equal, less
from loft.decisions.feel.conform import coerce, conforms
from loft.decisions.feel.temporal import parse_literal
from loft.decisions.feel.types import ANY, NUMBER, STRING, Type
from loft.decisions.feel.values import Range
from tests.decisions.feel.evaluating import expected, lines, value

EQUALITY = """
    null = null          => true
    null != null         => false
    true = null          => false
    false = 0            => null
    100 != null          => true
    100 = "100"          => null
    0 = 0.00             => true
    -0 = 0               => true
    "foo" = "Foo"        => false
    [1,2,3] = [3,2,1]    => false
    [1,1,1] = [1,1,1,1]  => false
    [] = null            => false
    [100] = 100          => null
    [1, "a"] = [1, 2]    => false
    {a: 1, b: 2} = {b: 2, a: 1}  => true
    {a: 1} = {a: 1, b: null}     => false
    {a: {c: [1,2]}} = {a: {c: [2,1]}} => false
    [1..2] = [1..2]      => true
    [1..2] = [1..2)      => false
    (< 10) = (null..10)  => true
    (>= 10) = [10..null) => true
    @"2018-12-08" = @"2018-12-08T00:00:00Z" => true
    @"2018-12-08" = @"2018-12-08T00:00:00" => false
    @"2018-12-08" = @"10:00:00"            => null
    @"10:30:00.0001" = @"10:30:00.0002"    => true
    @"10:30:00.9" = @"10:30:01"            => false
    @"2018-12-08T00:00:00.0001" = @"2018-12-08T00:00:00" => true
    @"10:30:00@Europe/Paris" = @"10:30:00@Europe/Paris" => true
    @"10:30:00@Europe/Paris" = @"10:30:00"              => false
    @"10:30:00@Europe/Paris" = @"10:30:00@Asia/Dhaka"   => false
    @"10:30:00+02:00" = @"10:30:00@Europe/Paris"        => false
    @"10:30:00+01:00" = @"10:30:00@Europe/Paris"        => true
    @"10:30:00Z" = @"10:30:00+00:00"                    => true
    @"10:30:00Z" = @"11:30:00+01:00"                    => true
    @"2018-12-08T00:00:00@Europe/Paris" = @"2018-12-08T00:00:00@Europe/Paris" => true
    @"2018-12-08T00:00:00" = @"2018-12-08T00:00:00@Asia/Dhaka"                => false
    @"2018-12-08T00:00:00+00:00" = @"2018-12-08T00:00:00@Etc/UTC"             => true
    @"2018-10-08T00:00:00+01:00" = @"2018-10-08T00:00:00@Europe/Paris"        => false
    @"2002-04-02T12:00:00-01:00" = @"2002-04-02T17:00:00+04:00"               => true
    @"2002-04-02T12:00:00@Australia/Melbourne" = @"2002-04-02T12:00:00@Australia/Sydney" => true
    @"P1D" = @"PT24H"    => true
    @"P0D" = 0           => null
    @"P1Y" = @"P12M"     => true
    @"P1Y" = @"P365D"    => null
"""

ORDER = """
    1 < 2                => true
    2 <= 2               => true
    2 > 2                => false
    "b" >= "a"           => true
    1 < "a"              => null
    1 < null             => null
    null < null          => null
    true < false         => null
    [1] < [2]            => null
    @"P1D" < @"PT25H"    => true
    @"P11M" < @"P1Y"     => true
    @"P1M" < @"P31D"     => null
    @"2020-01-01" < @"2020-01-02"                     => true
    @"2020-01-01" < @"2020-01-02T00:00:00"            => null
    @"2020-01-01" < @"2020-01-01T00:00:01Z"           => true
    @"2020-01-01T00:00:00Z" <= @"2020-01-01"          => true
    @"10:30:00.1" < @"10:30:00.2"                     => true
    @"2020-01-01T12:00:00Z" < @"2020-01-01T12:00:00"  => null
    @"2020-01-01T12:00:00+02:00" < @"2020-01-01T11:00:00Z" => true
    @"2020-01-01T12:00:00@Europe/Oslo" <= @"2020-01-01T11:00:00Z" => true
    @"0001-01-01T00:00:00+18:00" < @"0001-01-01T00:00:00Z" => true
    @"10:00:00+02:00" < @"09:00:00Z"                  => true
    @"10:00:00@Europe/Oslo" < @"11:00:00@Europe/Oslo" => true
    @"10:00:00@Europe/Oslo" < @"09:30:00Z"            => true
    @"10:00:00@Europe/Oslo" < @"11:00:00"             => null
    1 between 1 and 10   => true
    11 between 1 and 10  => false
    null between 1 and 2 => null
    2 between null and 10 => null
    2 between 1 and null => null
    @"2018-12-03" between @"2018-12-02" and @"2018-12-04" => true
"""

INSTANCES = """
    null instance of Any        => false
    null instance of Null       => true
    null instance of number     => false
    1 instance of Any           => true
    1 instance of number        => true
    "1" instance of number      => false
    true instance of number     => false
    @"2018-12-08" instance of date            => true
    @"2018-12-08" instance of date and time   => false
    @"2018-12-08T10:30:00" instance of date   => false
    @"P1D" instance of years and months duration => false
    [1,2] instance of list<number>   => true
    [1,"a"] instance of list<number> => false
    [] instance of list<number>      => true
    {a: null} instance of context<a: string> => true
    {a: "1", b: 2} instance of context<a: string> => true
    {} instance of context<a: string> => false
    {a: {b: 1}} instance of context<a: context<b: string>> => false
    [1..3] instance of range<number> => true
    ["a".."c"] instance of range<number> => false
    (function() "foo") instance of function<>->Any => true
    (function() "foo") instance of function<>->string => true
    (function() "foo") instance of function<>->number => false
    (function(a: context<a: string>) {b: "b", c: "c"}) instance of function<context<a: string, b: string>>->context<b: string> => true
    (function(a: context<a: string, b: string>) "foo") instance of function<context<a: string>>->string => false
    (function(a: string, b: string) "foo") instance of function<string>->string => false
    [function(a: string) "1", function(b: number) "2"] instance of list<function<boolean>->string> => true
    [function(a: string) "1", "foo"] instance of list<function<string>->string> => false
    [1] instance of number           => false
    1 instance of list<number>       => false
"""


@pytest.mark.parametrize(("text", "wanted"), [*lines(EQUALITY), *lines(ORDER), *lines(INSTANCES)])
def test_comparisons_are_the_standards(text: str, wanted: str) -> None:
    assert value(text) is expected(wanted)


SAMPLES = [
    None,
    True,
    Decimal(0),
    Decimal("0.0"),
    "",
    "a",
    [],
    [Decimal(0)],
    {},
    {"a": None},
    Range(None, Decimal(1)),
] + [
    parse_literal(text)
    for text in (
        "2020-01-01",
        "2020-01-01T00:00:00",
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00@Etc/UTC",
        "10:00:00",
        "10:00:00Z",
        "10:00:00@Etc/UTC",
        "PT0S",
        "P0M",
    )
]


def test_equality_is_the_same_from_both_sides_and_every_value_equals_itself() -> None:
    for left, right in product(SAMPLES, repeat=2):
        assert equal(left, right) is equal(right, left)
        assert left is not right or equal(left, right) is True


def test_order_is_the_same_from_both_sides() -> None:
    for left, right in product(SAMPLES, repeat=2):
        before, after = less(left, right), at_most(right, left)
        assert (before is None) is (after is None)
        assert before is None or before is not after


def test_lists_inside_lists_are_compared_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST", 20_000)
    left: list[object] = []
    right: list[object] = []
    for _ in range(60):
        left, right = [left, left], [right, right]
    assert equal(left, right) is None


amounts = st.decimals(-3, 3, places=1) | st.decimals(-(10**12), 10**12, places=3)


@settings(max_examples=50)
@given(amounts, amounts)
def test_a_comparison_with_a_constant_is_the_comparison(left: Decimal, right: Decimal) -> None:
    for sign in ("=", "!=", "<", "<=", ">", ">="):
        turned = value(f"x {sign} y", x=left, y=right)
        assert turned is value(f"x {sign} ({right:f})", x=left)
        assert turned is value(f"({left:f}) {sign} y", y=right)


PERSON = Type("context", parts=(("name", STRING), ("age", NUMBER)))
NUMBERS = Type("list", member=NUMBER)
MOMENT = Type("date and time")


@pytest.mark.parametrize(
    ("given_value", "type_", "wanted"),
    [
        (Decimal(2), STRING, None),
        ([Decimal(1), "foo"], NUMBERS, None),
        (
            {"name": "foo", "surname": "bar", "age": Decimal(10)},
            PERSON,
            {"name": "foo", "surname": "bar", "age": Decimal(10)},
        ),
        ({"name": "foo"}, PERSON, None),
        (Decimal(10), NUMBERS, [Decimal(10)]),
        ("foo", NUMBERS, None),
        (["foo"], STRING, "foo"),
        ([Decimal(1)], STRING, None),
        ([], STRING, None),
        (["a", "b"], STRING, None),
        (None, NUMBERS, None),
        (date(2026, 1, 31), MOMENT, datetime(2026, 1, 31, tzinfo=UTC)),
        ([date(2026, 1, 31)], MOMENT, datetime(2026, 1, 31, tzinfo=UTC)),
        (datetime(2026, 1, 31, tzinfo=UTC), Type("date"), None),
        (["a"], ANY, ["a"]),
    ],
)
def test_a_value_is_fitted_to_a_type_or_null(given_value: object, type_: Type, wanted: object) -> None:
    assert coerce(given_value, type_) == wanted


def test_null_is_of_every_type_and_allowed_values_are_not_looked_at() -> None:
    assert all(conforms(None, type_) for type_ in (ANY, NUMBER, NUMBERS, PERSON))
    assert conforms(True, NUMBER) is False
