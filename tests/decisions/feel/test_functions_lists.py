"""Functions on lists and what lists come to; the figures are those of the DMN conformance kit (0009 to 0013, 0059 to 0063, 0094, 1155)
and of the standard's tables unless a test says otherwise."""

from decimal import Decimal

import pytest

from loft.decisions.feel.compare import less
from loft.decisions.feel.functions import BUILTINS
from loft.decisions.feel.values import Function
from tests.decisions.feel.calling import call, call_by_name, feel

_LESS = Function(("x", "y"), less)
_MORE = Function(("x", "y"), lambda x, y: less(y, x))


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("list contains", ([1, 2, 3], 2), True),
        ("list contains", ([1, None], None), True),
        ("list contains", ([1, 2], "1"), False),
        ("list contains", ([["a"], ["b"]], ["b"]), True),
        ("list contains", (None, 1), None),
        ("index of", ([1, 2, 3, 2], 2), [2, 4]),
        ("index of", ([1, 2], 5), []),
        ("sublist", ([4, 5, 6], 1, 2), [4, 5]),
        ("sublist", ([4, 5, 6], -1, 1), [6]),
        ("sublist", ([4, 5, 6], 2), [5, 6]),
        ("sublist", ([4, 5, 6], 0), None),
        ("sublist", ([4, 5, 6], 4), None),
        ("sublist", ([4, 5, 6], 2, 3), None),
        ("append", ([1], 2, 3), [1, 2, 3]),
        ("append", (1, [2]), [1, [2]]),
        ("append", ([], None), [None]),
        ("append", (None, 1), None),
        ("append", ([1],), None),
        ("concatenate", ([1, 2], [3]), [1, 2, 3]),
        ("concatenate", ([1, 2], 3), [1, 2, 3]),
        ("insert before", ([1, 3], 1, 2), [2, 1, 3]),
        ("insert before", (["a", "b", "c"], 2, "x"), ["a", "x", "b", "c"]),
        ("insert before", ([1, 3], 4, 2), None),
        ("remove", ([1, 2, 3], 2), [1, 3]),
        ("remove", ([1, 2, 3], -1), [1, 2]),
        ("remove", ([1, 2, 3], 4), None),
        ("reverse", ([1, [2], 3],), [3, [2], 1]),
        ("union", ([1, 2], [2, 3]), [1, 2, 3]),
        ("distinct values", ([1, 2, 3, 2, 1.0],), [1, 2, 3]),
        ("distinct values", ([1, "1", None, None, True],), [1, "1", None, True]),
        ("distinct values", ([["a"], {"a": 1}, ["a"], {"a": 1.0}, {"a": 2}],), [["a"], {"a": 1}, {"a": 2}]),
        ("distinct values", ([{"a": Decimal("1.0"), "b": "1"}, {"b": "1", "a": 1}],), [{"a": 1, "b": "1"}]),
        ("distinct values", (["@10:00:00Z", "@11:00:00+01:00", "@10:00:00"],), ["@10:00:00Z", "@10:00:00"]),
        ("flatten", ([[1, 2], [[3]], 4],), [1, 2, 3, 4]),
        ("flatten", (1,), [1]),
        ("list replace", ([1, 2, 3], 2, 4), [1, 4, 3]),
        ("list replace", ([1, 2, 3], -1, 4), [1, 2, 4]),
        ("list replace", ([1, 2, 3], 0, 4), None),
        ("list replace", ([1, 2, 3], 4, 4), None),
        ("list replace", ([1, 2, 3], 2.5, 4), None),
        ("list replace", ([1, 2, 3], 3, None), [1, 2, None]),
        ("list replace", (1, 1, 5), [5]),
        ("list replace", ([2, 4, 7, 8], _LESS, 5), [5, 5, 7, 8]),
        ("list replace", ([2, 4], Function(("x",), lambda x: True), 5), None),
        ("list replace", ([2, 4], Function(("x", "y", "z"), lambda x, y, z: True), 5), None),
        ("list replace", ([2, 4], Function(("x", "y"), lambda x, y: x), 5), None),
        ("sort", ([3, 1, 4, 5, 2], _LESS), [1, 2, 3, 4, 5]),
        ("sort", (["b", "c", "a"], _MORE), ["c", "b", "a"]),
        ("sort", ([3, 1, 2],), [1, 2, 3]),
        ("sort", ([3, "a"], _LESS), None),
    ],
)
def test_lists_made_of_lists(name, values, expected):
    assert call(name, *values) == feel(expected)


def test_a_list_that_is_given_is_never_changed():
    given = feel([3, [1], 2])
    before = [*given]
    for name, more in [("append", (1,)), ("insert before", (1, 0)), ("remove", (1,)), ("reverse", ()), ("flatten", ())]:
        result = BUILTINS[name].call(given, *map(feel, more))
        assert result is not given and given == before


def test_values_that_neither_precedes_keep_their_order():
    by_size = Function(("x", "y"), lambda x, y: less(x["size"], y["size"]))
    rows = feel([{"size": 2, "id": 1}, {"size": 1, "id": 2}, {"size": 2, "id": 3}])
    assert [row["id"] for row in call("sort", rows, by_size)] == feel([2, 1, 3])


def test_the_place_to_replace_may_be_named():
    assert call_by_name("list replace", position=2, newItem=4, list=[1, 2, 3]) == feel([1, 4, 3])
    assert call_by_name("list replace", match=_LESS, newItem=2, list=[1, 2]) == feel([2, 2])
    assert call_by_name("list replace", position=2, newItem=4, list=[1, 2, 3], foo=1) is None


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("count", ([1, None, 3],), 3),
        ("count", ([],), 0),
        ("count", (None,), None),
        ("min", ([2, 1, 3],), 1),
        ("min", (2, 1, 3), 1),
        ("max", (["a", "c", "b"],), "c"),
        ("max", (["@P1D", "@PT25H"],), "@PT25H"),
        ("min", ([],), None),
        ("min", ([1, "a"],), None),
        ("min", ([1, None],), None),
        ("max", ([True],), None),
        ("sum", ([1, 2, 3],), 6),
        ("sum", (0.1, 0.2), 0.3),
        ("sum", ([],), None),
        ("sum", ([1, None],), None),
        ("sum", ([True],), None),
        ("mean", ([1, 2, 3],), 2),
        ("mean", ([],), None),
        ("median", ([8, 2, 5, 3, 4],), 4),
        ("median", (6, 1, 2, 3), 2.5),
        ("median", ([],), None),
        ("mode", ([6, 3, 9, 6, 6],), [6]),
        ("mode", ([3, 6, 1, 9, 6, 1, 3],), [1, 3, 6]),
        ("mode", ([],), []),
        ("mode", (6,), [6]),
        ("mode", (None,), None),
        ("mode", (), None),
        ("mode", ([1, 2, "foo"],), None),
        ("product", ([6, 3, 9, 6, 6],), 5832),
        ("product", (2, 3, 4), 24),
        ("product", ([],), None),
        ("stddev", ([47],), None),
        ("stddev", (47,), None),
        ("stddev", ([],), None),
        ("all", ([True, False, None],), False),
        ("all", ([True, None, True],), None),
        ("all", (True, 123, True), None),
        ("all", ([],), True),
        ("all", (None,), None),
        ("all", (), None),
        ("any", ([False, None, True],), True),
        ("any", ([False, None],), None),
        ("any", ([],), False),
        ("not", (True,), False),
        ("not", (None,), None),
        ("not", ("true",), None),
    ],
)
def test_what_lists_come_to(name, values, expected):
    assert call(name, *values) == feel(expected)


def test_the_standard_deviation_is_that_of_a_sample():
    assert call("stddev", 2, 4, 7, 5) == Decimal("2.081665999466132735282297706979931")


def test_a_list_may_be_named():
    assert call_by_name("mode", list=[6, 3, 6]) == feel([6])
    assert call_by_name("mode", l=[6, 3, 6]) is None
    assert call_by_name("all", list=[True]) is True


def test_lists_have_at_most_a_million_members():
    long = [Decimal(1)] * 600_000
    assert call("concatenate", long) == long
    assert BUILTINS["concatenate"].call(long, long) is None
    assert BUILTINS["flatten"].call([long, long]) is None


def test_ten_thousand_values_are_told_apart_at_once():
    assert len(call("distinct values", [*range(10_000), *range(10_000)])) == 10_000
