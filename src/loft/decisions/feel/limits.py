"""Values fitted to a type with its limits: DMN's conversions, allowed values, and functions that fit what they take and give."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from loft.decisions.feel import bounds
from loft.decisions.feel.ast import Tests
from loft.decisions.feel.conform import coerce, conforms
from loft.decisions.feel.evaluate_tests import tests
from loft.decisions.feel.types import ANY, Type
from loft.decisions.feel.values import Function, Value

Limit = Callable[[Value], bool]


def fitted(type_: Type) -> Callable[[Value], Value]:
    """A closure that gives a value as one of this type, with DMN's conversions; null for what is not, or is outside its limits.

    A function becomes one that fits the values it takes to the type's parameters, and what it gives to the type's result; null where it
    does not take as many values (10.3.2.9.4; the conformance kit has it so).
    """
    if type_ == ANY:
        return lambda value: value
    if type_.kind == "function":
        return _as_function(type_)
    within = limit(type_)

    def fit(value: Value) -> Value:
        if value is None:
            return None
        if not conforms(value, type_):
            value = coerce(value, type_)
        return value if value is not None and (within is None or within(value)) else None

    return fit


def arguments(fits: Sequence[Callable[[Value], Value]], values: Sequence[Value]) -> list[Value] | None:
    """The values of a call as the parameters have them; None where one does not fit, or for another number of values.

    The call is then null whatever the function makes of null (DMN 1.5, 10.3.2.13.2; suites 0082 and 0085). Null fits every parameter.
    """
    if len(values) != len(fits):
        return None
    given = [fit(value) for fit, value in zip(fits, values, strict=True)]
    lost = any(one is None and value is not None for one, value in zip(given, values, strict=True))
    return None if lost else given


def takes(function: Function, count: int) -> bool:
    """Whether a function can be called with this many values."""
    if function.forms:
        return any(takes(form, count) for form in function.forms)
    most = len(function.parameters)
    return function.variadic or most - function.optional <= count <= most


def _as_function(type_: Type) -> Callable[[Value], Value]:
    fits, result = [fitted(of) for of in type_.parameters], fitted(type_.member or ANY)
    if type_.parameters == () and type_.member is None:
        return lambda value: value if isinstance(value, Function) else None

    def fit(value: Value) -> Value:
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, Function) or not takes(value, len(fits)):
            return None
        inner = value

        def call(*values: Value) -> Value:
            given = arguments(fits, values)
            return None if given is None else result(inner.call(*given))

        return replace(inner, call=call, result=type_.member)

    return fit


def limit(type_: Type) -> Limit | None:
    """A closure that tells whether a value of this type is within its allowed values and those of its parts; None: no limits."""
    checks = [check for check in (_own(type_), _parts(type_)) if check is not None]
    if not checks:
        return None
    return checks[0] if len(checks) == 1 else lambda value: all(check(value) for check in checks)


def _own(type_: Type) -> Limit | None:
    allowed, whole = _test(type_.allowed), _test(type_.constraint)
    if allowed is None and whole is None:
        return None

    def within(value: Value) -> bool:
        members = value if type_.kind == "list" and isinstance(value, list) else [value]
        if allowed is not None and not all(allowed(member) for member in members):
            return False
        return whole is None or whole(value)

    return within


def _test(told: Tests | None) -> Limit | None:
    if told is None:
        return None
    holds = tests(told)
    return lambda value: bounds.within(holds, value, {}) is True


def _parts(type_: Type) -> Limit | None:
    if type_.kind == "list" and type_.member is not None:
        inner = limit(type_.member)
        return None if inner is None else lambda value: all(one is None or inner(one) for one in value)
    limits = [(name, check) for name, part in type_.parts if (check := limit(part)) is not None]
    if not limits:
        return None
    return lambda value: all(value.get(name) is None or check(value[name]) for name, check in limits)
