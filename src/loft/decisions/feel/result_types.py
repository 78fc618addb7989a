"""The type of what an expression gives, as far as it shows without running it."""

from collections.abc import Mapping

from loft.decisions.feel import ast
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.types import ANY, BOOLEAN, NUMBER, Type


def typed(node: ast.Node, known: Mapping[str, Type]) -> Type:
    """The type of an expression whose names have the types *known*; Any where it does not show. Null may come out of any of them."""
    match node:
        case ast.Literal(value):
            return Type(kind(value) or "Any")
        case ast.Name(name):
            return known.get(name, ANY)
        case ast.ContextOf(entries):
            return Type("context", parts=tuple((name, typed(value, known)) for name, value in entries))
        case ast.ListOf(values):
            members = {typed(value, known) for value in values}
            return Type("list", member=members.pop() if len(members) == 1 else ANY)
        case ast.FunctionDefinition(parameters, body):
            types = {name: type_ or ANY for name, type_ in parameters}
            return Type("function", member=typed(body, {**known, **types}), parameters=tuple(types.values()))
        case ast.Comparison() | ast.And() | ast.Or() | ast.Between() | ast.In() | ast.InstanceOf() | ast.Quantified():
            return BOOLEAN
        case ast.Arithmetic():
            return _typed_chain(node, known)
    return ANY


def _typed_chain(node: ast.Node, known: Mapping[str, Type]) -> Type:
    """A number where arithmetic is between numbers; other sums are left open."""
    while isinstance(node, ast.Arithmetic):
        if typed(node.right, known) != NUMBER:
            return ANY
        node = node.left
    return NUMBER if typed(node, known) == NUMBER else ANY
