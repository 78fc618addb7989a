"""What holds for all built-in functions: they are all there, and nothing that they are given makes them fail."""

from copy import deepcopy
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loft.decisions.errors import Missing
from loft.decisions.feel.functions import BUILTINS
from loft.decisions.feel.kinds import KINDS
from loft.decisions.feel.values import Function, Months, Range
from tests.decisions.feel.calling import call

STANDARD = """
string, number, date, time, date and time, duration, years and months duration, context, range; not; substring, string length,
upper case, lower case, substring before, substring after, replace, contains, starts with, ends with, matches, split, string join;
list contains, count, min, max, sum, mean, all, any, sublist, append, concatenate, insert before, remove, list replace, reverse,
index of, union, distinct values, flatten, product, median, stddev, mode; decimal, floor, ceiling, round up, round down,
round half up, round half down, abs, modulo, sqrt, log, exp, odd, even; is; day of year, day of week, month of year, week of year;
sort; get value, get entries, context put, context merge; now, today; before, after, meets, met by, overlaps, overlaps before,
overlaps after, finishes, finished by, includes, during, starts, started by, coincides
"""
"""The functions of DMN 1.5, tables 71 to 83."""

_NUMBERS = st.one_of(
    st.integers(-12, 12).map(Decimal),
    st.sampled_from(["0.5", "-0", "1E+6000", "-1E-6100", "9" * 34, "1E+20"]).map(Decimal),
)
_TEXTS = st.one_of(st.text("ab(.*)[]\\$1{}^-?+| p", max_size=8), st.sampled_from(["2026-01-31", "[1..2]", "P1D", "i"]))
_SIMPLE = st.one_of(
    st.none(),
    st.booleans(),
    _NUMBERS,
    _TEXTS,
    st.sampled_from(
        [
            *(date(2026, 1, 31), time(10, tzinfo=UTC), datetime(9999, 12, 31, 23), timedelta(days=-1), timedelta.max),
            *(Months(14), Range(Decimal(1), None, True, False), Range("a", "b"), BUILTINS["abs"], BUILTINS["before"]),
        ]
    ),
)
_VALUES = st.recursive(
    _SIMPLE,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=8,
)


def test_every_function_of_the_standard_is_there():
    names = [name.strip() for name in STANDARD.replace(";", ",").replace("\n", " ").split(",")]
    assert sorted(names) == sorted(BUILTINS)


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(_VALUES, max_size=4))
def test_nothing_makes_a_function_fail_and_it_changes_nothing(name: str, values: list[object]) -> None:
    before = deepcopy(values)
    result = BUILTINS[name].call(*values)
    assert type(result) in KINDS
    assert not isinstance(result, Decimal) or result.is_finite()
    assert values == before


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_a_function_called_by_name_gives_what_it_gives_by_place(name: str) -> None:
    values = [Decimal(2), "a", [Decimal(1)], {"a": Decimal(1)}, date(2026, 1, 31), Range(Decimal(1), Decimal(3))]
    for form in BUILTINS[name].forms:
        for value in values:
            given = [value] * len(form.parameters)
            by_name = BUILTINS[name].by_name(dict(zip(form.parameters, given, strict=True)))
            assert by_name == form.call(*given)


def test_a_fact_that_is_not_known_is_told_through_a_function() -> None:
    def unknown(left: object, right: object) -> object:
        raise Missing("income")

    with pytest.raises(Missing, match="income"):
        call("sort", [2, 1], Function(("x", "y"), unknown))
