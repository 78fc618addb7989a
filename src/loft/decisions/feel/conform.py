"""Whether values are of a type, and DMN's implicit conversions where they are not (DMN 1.5 §10.3.2.9.4).

Allowed values of a type are not looked at, as ``instance of`` does not look at them either.
"""

from collections.abc import Iterable
from datetime import UTC, time

from loft.decisions.feel.kinds import kind
from loft.decisions.feel.types import ANY, Type
from loft.decisions.feel.values import Function, Range, Value
from loft.decisions.feel.wide import at


def conforms(value: Value, type_: Type) -> bool:
    """Whether a value is of a type. Null is of every type; a context may have more parts than the type names."""
    if value is None or type_.kind == "Any":
        return True
    if kind(value) != type_.kind:
        return False
    if isinstance(value, list):
        return type_.member is None or _members_conform(value, type_.member)
    if isinstance(value, dict):
        return all(name in value and conforms(value[name], of) for name, of in type_.parts)
    if isinstance(value, Range):
        return type_.member is None or all(conforms(end, type_.member) for end in (value.low, value.high))
    return not isinstance(value, Function) or narrower(type_of_function(value), type_)


def _members_conform(members: list[Value], type_: Type) -> bool:
    """Functions in a list are looked at as one: where their parameters differ in type, the list's own are Any (10.3.2.9.2)."""
    functions = [type_of_function(member) for member in members if isinstance(member, Function)]
    if type_.kind != "function" or len(functions) < len(members):
        return all(conforms(member, type_) for member in members)
    return not functions or narrower(_common(functions), type_)


def _common(functions: list[Type]) -> Type:
    """The type of a list's members that are functions; Any where they take different numbers of values."""
    if len({len(function.parameters) for function in functions}) > 1:
        return ANY
    parameters = tuple(_same(types) for types in zip(*(function.parameters for function in functions), strict=True))
    return Type("function", member=_same([function.member for function in functions]), parameters=parameters)


def _same(types: Iterable[Type | None]) -> Type:
    different = set(types)
    return (different.pop() if len(different) == 1 else ANY) or ANY


def instance_of(value: Value, type_: Type) -> bool:
    """FEEL's ``instance of``: as ``conforms``, but null is an instance of Null alone."""
    return type_.kind == "Null" if value is None else conforms(value, type_)


def coerce(value: Value, type_: Type) -> Value:
    """*value* as one of this type: itself, the one member of a list, a list of it, a date as midnight UTC; else None."""
    if conforms(value, type_):
        return value
    if type_.kind == "list":
        return [value] if conforms([value], type_) else None
    if isinstance(value, list):
        return coerce(value[0], type_) if len(value) == 1 and not isinstance(value[0], list) else None
    if type_.kind == "date and time" and kind(value) == "date":
        return at(value, time(0, tzinfo=UTC))
    return None


def narrower(one: Type, other: Type) -> bool:
    """Whether every value of type *one* is of type *other*. Functions take wider and give narrower values (10.3.2.9.2)."""
    if other.kind == "Any" or one.kind == "Null":
        return True
    if one.kind != other.kind:
        return False
    if one.kind in ("list", "range"):
        return other.member is None or narrower(one.member or ANY, other.member)
    if one.kind == "context":
        parts = dict(one.parts)
        return all(name in parts and narrower(parts[name], of) for name, of in other.parts)
    if one.kind == "function":
        return (
            len(one.parameters) == len(other.parameters)
            and all(map(narrower, other.parameters, one.parameters))
            and narrower(one.member or ANY, other.member or ANY)
        )
    return True


def type_of_function(function: Function) -> Type:
    """The type of a function as it says itself: parameters and result without a type are Any."""
    types = function.types or (None,) * len(function.parameters)
    parameters = tuple(of if isinstance(of, Type) else ANY for of in types)
    return Type("function", member=function.result if isinstance(function.result, Type) else ANY, parameters=parameters)
