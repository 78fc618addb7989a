"""Values fitted to types with limits; the rules are those of the conformance kit's suite 0104-allowed-values."""

from dataclasses import replace
from typing import Any

import pytest

from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.limits import fitted
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.types import ANY, STRING, Type
from loft.decisions.feel.values import Function

LEVEL = Type("string", allowed=parse_tests('"low", "high"', Names()))
LEVELS = Type("list", member=LEVEL)
HOME = Type("context", parts=(("level", LEVEL), ("size", ANY)))


@pytest.mark.parametrize(
    ("type_", "given", "wanted"),
    [
        (LEVEL, "low", "low"),
        (LEVEL, "none", None),
        (LEVEL, ["low"], "low"),
        (LEVEL, ["none"], None),
        (LEVELS, ["low", "high"], ["low", "high"]),
        (LEVELS, ["low", "none"], None),
        (LEVELS, "low", ["low"]),
        (LEVELS, "none", None),
        (HOME, {"level": "low", "size": 1}, {"level": "low", "size": 1}),
        (HOME, {"level": "none", "size": 1}, None),
        (HOME, {"level": ["low"], "size": 1}, None),
        (replace(LEVEL, constraint=parse_tests("string length(?) > 3", Names())), "low", None),
    ],
)
def test_a_value_outside_the_limits_of_its_type_is_null(type_: Type, given: Any, wanted: Any) -> None:
    assert fitted(type_)(given) == wanted


def test_a_function_takes_and_gives_what_its_type_allows() -> None:
    echo = Function(("a",), lambda a: a)
    for type_ in (Type("function", member=LEVEL, parameters=(ANY,)), Type("function", member=ANY, parameters=(LEVEL,))):
        made = fitted(type_)(echo)
        assert [made.call(one) for one in ("low", "none")] == ["low", None]
    assert fitted(Type("function", member=LEVEL, parameters=()))(echo) is None, "it takes another number of values"
    assert fitted(Type("function", member=LEVEL, parameters=(STRING,)))("low") is None
    assert fitted(Type("function"))(echo) is echo, "a type that tells nothing asks nothing"


def test_a_parameter_is_null_for_a_value_that_its_type_does_not_allow() -> None:
    names = Names(definitions={"tLevel": LEVEL})
    for given, wanted in (("low", "low"), ("none", None)):
        assert expression(parse_expression(f'(function(a: tLevel) a)("{given}")', names))({}) == wanted
