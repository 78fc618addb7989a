"""Expressions that begin with a word: ``if``, ``for``, ``some``, ``every`` and ``function`` (DMN 1.5, grammar rules 45 to 47 and 57)."""

from collections.abc import Callable

from loft.decisions.feel import ast
from loft.decisions.feel.cursor import Cursor
from loft.decisions.feel.infer import member_of, type_of
from loft.decisions.feel.parse_types import read_type
from loft.decisions.feel.types import ANY, NUMBER, Type
from loft.decisions.feel.visible import Layer


def _if(cursor: Cursor) -> ast.Node:
    condition = cursor.expression()
    cursor.expect("then")
    then = cursor.expression()
    cursor.expect("else")
    return ast.If(condition, then, cursor.expression())


def _for(cursor: Cursor) -> ast.Node:
    layer = cursor.names.push()
    iterations = _iterations(cursor, layer)
    cursor.expect("return")
    layer.add("partial", Type("list"))
    result = cursor.expression()
    node = ast.For(iterations, result)
    cursor.types[id(node)] = node, Type("list", member=type_of(cursor, result))
    cursor.names.pop()
    return node


def _iterations(cursor: Cursor, layer: Layer) -> tuple[ast.Iteration, ...]:
    """``name in domain, …``; each name is known to those after it."""
    found: list[ast.Iteration] = []
    while not found or cursor.take(","):
        name = cursor.new_name("in")
        cursor.expect("in")
        domain = cursor.expression()
        last = cursor.expression() if cursor.take("..") else None
        layer.add(name, NUMBER if last is not None else member_of(type_of(cursor, domain)))
        found.append(ast.Iteration(name, domain, last))
    return tuple(found)


def _quantified(every: bool) -> Callable[[Cursor], ast.Node]:
    def read(cursor: Cursor) -> ast.Node:
        iterations = _iterations(cursor, cursor.names.push())
        cursor.expect("satisfies")
        condition = cursor.expression()
        cursor.names.pop()
        return ast.Quantified(every, iterations, condition)

    return read


def _function(cursor: Cursor) -> ast.Node:
    cursor.expect("(")
    parameters: list[tuple[str, Type | None]] = []
    while not cursor.take(")"):
        if parameters:
            cursor.expect(",")
        name = cursor.new_name(":", ",", ")")
        parameters.append((name, read_type(cursor) if cursor.take(":") else None))
    external = cursor.take("external")
    cursor.names.push({name: given or ANY for name, given in parameters})
    body = cursor.expression()
    node = ast.FunctionDefinition(tuple(parameters), body, external)
    cursor.types[id(node)] = node, Type("function", member=ANY if external else type_of(cursor, body))
    cursor.names.pop()
    return node


BLOCKS: dict[str, Callable[[Cursor], ast.Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified(False),
    "every": _quantified(True),
    "function": _function,
}
"""How each is read, from behind its word."""
