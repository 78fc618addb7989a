"""What can be told of an expression's type before it runs, so that names of parts with spaces in them can be read.

Nothing is refused because of it: where the type cannot be told it is ``ANY``.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from loft.decisions.feel import ast
from loft.decisions.feel.cursor import DEEPEST, Cursor
from loft.decisions.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, Type
from loft.decisions.feel.values import Months

_KINDS: tuple[tuple[type, Type], ...] = (
    (bool, BOOLEAN),
    (str, STRING),
    (Decimal, NUMBER),
    (datetime, Type("date and time")),
    (date, DATE),
    (time, Type("time")),
    (timedelta, Type("days and time duration")),
    (Months, Type("years and months duration")),
)


def type_of(cursor: Cursor, node: ast.Node, depth: int = 0) -> Type:
    """The type of *node*, whose names are those in scope."""
    known = cursor.types.get(id(node))
    if known is not None:
        return known[1]
    found = _type_of(cursor, node, depth) if depth <= DEEPEST else ANY
    if not isinstance(node, ast.Literal):
        cursor.types[id(node)] = node, found
    return found


def _type_of(cursor: Cursor, node: ast.Node, depth: int) -> Type:
    match node:
        case ast.Literal(value):
            return type_of_value(value)
        case ast.Name(name):
            return cursor.names.type_of(name)
        case ast.Path(source, name):
            return part_of(type_of(cursor, source, depth + 1), name)
        case ast.Filter(source):
            found = type_of(cursor, source, depth + 1)
            return found if found.kind in ("list", "Any") else Type("list", member=found)
        case ast.Call(function):
            return type_of(cursor, function, depth + 1).member or ANY
        case ast.ListOf(values):
            return Type("list", member=common([type_of(cursor, value, depth + 1) for value in values]))
        case ast.RangeOf(low, high):
            end = low if low is not None else high
            return Type("range", member=ANY if end is None else type_of(cursor, end, depth + 1))
        case ast.If(_, then, otherwise):
            return common([type_of(cursor, then, depth + 1), type_of(cursor, otherwise, depth + 1)])
        case ast.Comparison() | ast.And() | ast.Or() | ast.Between() | ast.In() | ast.InstanceOf() | ast.Quantified():
            return BOOLEAN
    return ANY


def type_of_value(value: Any) -> Type:
    """The type of a constant."""
    return next((found for kind, found in _KINDS if isinstance(value, kind)), ANY)


def common(types: list[Type]) -> Type:
    """A type that fits all of *types*: for contexts one with the parts of all."""
    if not types:
        return ANY
    if all(other == types[0] for other in types[1:]):
        return types[0]
    if all(one.kind == "context" for one in types):
        return Type("context", parts=tuple({name: part for one in types for name, part in one.parts}.items()))
    return ANY


def member_of(type: Type) -> Type:
    """The type of a list's or range's members; of the value itself where it is neither (FEEL takes a value for a list of one)."""
    return type.member or ANY if type.kind in ("list", "range") else type


def part_of(type: Type, name: str) -> Type:
    """The type of a part; on a list, a list of such parts."""
    if type.kind == "list":
        return Type("list", member=part_of(member_of(type), name))
    return type.part(name) or ANY


def parts_of(type: Type) -> tuple[tuple[str, Type], ...]:
    """The parts that a value of this type, or the members of such a list, are known to have."""
    inner = _innermost(type)
    return inner.parts if inner.kind == "context" else ()


def is_closed(type: Type) -> bool:
    """Whether a value of this type has no other parts than ``parts_of``: a type of the model's own, or one without parts."""
    inner = _innermost(type)
    return inner.kind not in ("Any", "context") or bool(inner.parts and inner.name)


def _innermost(type: Type) -> Type:
    inner = type
    while inner.kind == "list":
        inner = member_of(inner)
    return inner
