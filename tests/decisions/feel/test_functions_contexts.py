"""Functions on contexts; the figures are those of the DMN conformance kit (0080, 0081, 1145 to 1147)."""

import pytest

from tests.decisions.feel.calling import call, call_by_name, feel

_DEEP = {"x": 1, "y": {"a": 0}}


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("get value", ({"a": "foo"}, "a"), "foo"),
        ("get value", ({"a": "foo"}, "b"), None),
        ("get value", ("foo", "foo"), None),
        ("get entries", ({"a": 1, "b": 2},), [{"key": "a", "value": 1}, {"key": "b", "value": 2}]),
        ("get entries", ({},), []),
        ("get entries", ([1, 2],), None),
        ("context", ([{"key": "a", "value": 1}, {"key": "b", "value": 2}],), {"a": 1, "b": 2}),
        ("context", ({"key": "a", "value": 1, "ignored": 2},), {"a": 1}),
        ("context", ([{"key": "a", "value": 1}, {"key": "a", "value": 2}],), None),
        ("context", ([],), {}),
        ("context", ({"key": "a"},), None),
        ("context", ({"value": 1},), None),
        ("context", ({"key": "", "value": None},), {"": None}),
        ("context", ("foo",), None),
        ("context put", ({"a": 1, "b": 2, "c": 3}, "b", 3), {"a": 1, "b": 3, "c": 3}),
        ("context put", ({}, "a", None), {"a": None}),
        ("context put", ({}, None, 1), None),
        ("context put", ({}, "a"), None),
        ("context put", ([], "a", 1), None),
        ("context put", (_DEEP, ["y", "a"], 2), {"x": 1, "y": {"a": 2}}),
        ("context put", (_DEEP, ["y", "b"], 2), {"x": 1, "y": {"a": 0, "b": 2}}),
        ("context put", (_DEEP, ["y", None], 2), None),
        ("context put", (_DEEP, [], 2), None),
        ("context put", (_DEEP, ["y", "a", "b", "c"], 2), None),
        ("context merge", ([{"a": 1}, {"b": 2}],), {"a": 1, "b": 2}),
        ("context merge", ([{"a": {"aa": 1}}, {"a": {"bb": 2}}],), {"a": {"bb": 2}}),
        ("context merge", ({"a": 1},), {"a": 1}),
        ("context merge", ([{"a": 1}, 2],), None),
        ("context merge", (None,), None),
    ],
)
def test_contexts(name, values, expected):
    assert call(name, *values) == feel(expected)


def test_keys_keep_their_order():
    assert [*call("context put", {"a": 1, "b": 2, "c": 3}, "b", 0)] == ["a", "b", "c"]


def test_a_context_that_is_given_is_never_changed():
    given = feel({"a": {"b": 1}})
    call("context put", given, ["a", "b"], 2)
    call("context merge", [given, {"a": 1}])
    assert given == feel({"a": {"b": 1}})


def test_one_key_and_several_have_their_own_names():
    assert call_by_name("context put", context=_DEEP, keys=["y", "a"], value=2) == feel({"x": 1, "y": {"a": 2}})
    assert call_by_name("context put", context=_DEEP, key=["y", "a"], value=2) is None
    assert call_by_name("context merge", contexts={"a": 1}) == feel({"a": 1})
    assert call_by_name("context merge", context=[{"a": 1}]) is None
