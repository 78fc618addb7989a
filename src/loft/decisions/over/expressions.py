"""FEEL expressions over the columns of a log.

The same three values as ``loft.decisions.feel.evaluate``: a value, FEEL's null, and not known. Numbers are the engine's own: floating
columns are calculated with in floating point, not in decimals. What has no like in every engine is a ``RuleError``.
"""

from collections.abc import Callable, Mapping
from typing import Any

import ibis
from ibis.expr.types import BooleanValue as Truth

from loft.decisions.cells import constant
from loft.decisions.errors import RuleError
from loft.decisions.feel import ast
from loft.decisions.over.arithmetic import calculated, negated
from loft.decisions.over.known import Known, every, literal
from loft.decisions.over.properties import property_of
from loft.language import mark

NOT_OVER = mark("“%(what)s” cannot be run over a log; decide case by case.")

Scope = Mapping[str, Known]
NULL = Known(ibis.null(), "Null")
_KEYS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def compiled(node: ast.Node, scope: Scope) -> Known:
    """The value of *node* for every case. Raises ``RuleError`` with what cannot be run over a log."""
    if not isinstance(node, ast.Name | ast.Tests) and (found := constant(node)) is not None:
        return _constant(found[0])
    if isinstance(node, ast.Tests):
        return tests(node, scope["?"], scope)
    one = _PARTS.get(type(node))
    if one is None:
        raise RuleError(NOT_OVER, what=_NAMES.get(type(node), type(node).__name__.lower()))
    return one(node, scope)


def _constant(value: Any) -> Known:
    try:
        return literal(value)
    except TypeError:
        raise RuleError(NOT_OVER, what=type(value).__name__) from None


def _name(node: ast.Name, scope: Scope) -> Known:
    if node.name not in scope:
        raise RuleError(NOT_OVER, what=node.name)
    return scope[node.name]


def _path(node: ast.Path, scope: Scope) -> Known:
    found = property_of(compiled(node.source, scope), node.name)
    if found is None:
        raise RuleError(NOT_OVER, what=f".{node.name}")
    return found


def _arithmetic(node: ast.Arithmetic, scope: Scope) -> Known:
    found = calculated(node.sign, *_alike(node.left, node.right, scope))
    if found is None:
        raise RuleError(NOT_OVER, what=node.sign)
    return found


def _negation(node: ast.Negation, scope: Scope) -> Known:
    return negated(compiled(node.of, scope))


def _alike(left: ast.Node, right: ast.Node, scope: Scope) -> tuple[Known, Known]:
    """Both values; a constant is written as suits the other."""
    one, other = compiled(left, scope), compiled(right, scope)
    return _like(left, one, other), _like(right, other, one)


def _like(node: ast.Node, value: Known, other: Known) -> Known:
    found = None if isinstance(node, ast.Name) else constant(node)
    return value if found is None or found[0] is None else literal(found[0], other.value)


def compared(sign: str, one: Known, other: Known) -> Known:
    """``= != < <= > >=``: null equals null alone, and has no order; values of different kinds cannot be compared."""
    known = every([one.known, other.known])
    if "Null" in (one.kind, other.kind):
        return _with_null(sign, one, other, known)
    if one.kind != other.kind:
        return Known(ibis.null("boolean"), "boolean", known)
    if sign in _KEYS:
        ordered = one.kind != "boolean"
        value = _KEYS[sign](one.value, other.value) if ordered else ibis.null("boolean")
        return Known(value, "boolean", known, one.full and other.full and ordered)
    equal: Truth = one.value == other.value
    if not (one.full and other.full):
        equal = equal.fill_null(False) | (one.value.isnull() & other.value.isnull())
    return Known(equal if sign == "=" else ~equal, "boolean", known, full=True)


def _with_null(sign: str, one: Known, other: Known, known: Truth | None) -> Known:
    if sign not in ("=", "!="):
        return Known(ibis.null("boolean"), "boolean", known)
    value = one if other.kind == "Null" else other
    empty = ibis.literal(True) if value.kind == "Null" else ibis.literal(False) if value.full else value.value.isnull()
    return Known(empty if sign == "=" else ~empty, "boolean", known, full=True)


def _comparison(node: ast.Comparison, scope: Scope) -> Known:
    return compared(node.sign, *_alike(node.left, node.right, scope))


def _truth(value: Known) -> Known:
    """A value of another kind counts as null."""
    return value if value.kind == "boolean" else Known(ibis.null("boolean"), "boolean", value.known)


def conjunction(one: Known, other: Known) -> Known:
    """Both, in three-valued logic; false alone is enough for what is not known."""
    one, other = _truth(one), _truth(other)
    known = every([one.known, other.known])
    if known is not None:
        for side in (one, other):
            no = ~side.value.fill_null(True)
            known = known | (no if side.known is None else side.known & no)
    return Known(one.value & other.value, "boolean", known, one.full and other.full)


def opposite(value: Known) -> Known:
    """``not``."""
    value = _truth(value)
    return Known(~value.value, "boolean", value.known, value.full)


def disjunction(one: Known, other: Known) -> Known:
    """Either, in three-valued logic."""
    return opposite(conjunction(opposite(one), opposite(other)))


def _and(node: ast.And, scope: Scope) -> Known:
    return conjunction(compiled(node.left, scope), compiled(node.right, scope))


def _or(node: ast.Or, scope: Scope) -> Known:
    return disjunction(compiled(node.left, scope), compiled(node.right, scope))


def _between(node: ast.Between, scope: Scope) -> Known:
    low = compared(">=", *_alike(node.value, node.low, scope))
    return conjunction(low, compared("<=", *_alike(node.value, node.high, scope)))


def _if(node: ast.If, scope: Scope) -> Known:
    condition, then, otherwise = (compiled(part, scope) for part in (node.condition, node.then, node.otherwise))
    kinds = {part.kind for part in (then, otherwise)} - {"Null"}
    if len(kinds) > 1:
        raise RuleError(NOT_OVER, what="if")
    holds = _truth(condition).value.fill_null(False)
    known = None
    if then.known is not None or otherwise.known is not None:
        yes, no = (ibis.literal(True) if part.known is None else part.known for part in (then, otherwise))
        known = ibis.ifelse(holds, yes, no)
    value = ibis.ifelse(holds, then.value, otherwise.value)
    kind = next(iter(kinds), "Null")
    return Known(value, kind, every([condition.known, known]), then.full and otherwise.full)


def _in(node: ast.In, scope: Scope) -> Known:
    return tests(node.tests, compiled(node.value, scope), scope)


def tests(node: ast.Tests, value: Known, scope: Scope) -> Known:
    """Whether a cell's tests hold for *value*: true, false or null."""
    inner = {**scope, "?": value}
    found = Known(ibis.literal(not node.tests), "boolean", full=True)
    for at, one in enumerate(node.tests):
        held = _test(one, value, inner)
        found = held if at == 0 else disjunction(found, held)
    return opposite(found) if node.negated else found


def _test(node: ast.Node, value: Known, scope: Scope) -> Known:
    match node:
        case ast.Compared(sign, of):
            return compared(sign, value, _like(of, compiled(of, scope), value))
        case ast.RangeOf(low, high, low_closed, high_closed):
            ends = [(low, ">=" if low_closed else ">"), (high, "<=" if high_closed else "<")]
            held = [compared(sign, value, _like(end, compiled(end, scope), value)) for end, sign in ends if end]
            return held[0] if len(held) == 1 else conjunction(*held)
        case ast.ListOf(values):
            return tests(ast.Tests(values), value, scope)
    if asks(node):
        return _truth(compiled(node, scope))
    return compared("=", value, _like(node, compiled(node, scope), value))


def asks(node: ast.Node) -> bool:
    """Whether a test looks at ``?`` itself."""
    from loft.decisions.feel.needs import needs

    return "?" in needs(node)


def _call(node: ast.Call, scope: Scope) -> Known:
    from loft.decisions.over.functions import FUNCTIONS

    name = node.function.name if isinstance(node.function, ast.Name) else ""
    make: Callable[..., Known | None] | None = FUNCTIONS.get(name)
    if make is None or node.names:
        raise RuleError(NOT_OVER, what=f"{name}()" if name else "()")
    values = [compiled(value, scope) for value in node.values]
    found = make(*values) if _fits(make, len(values)) else None
    if found is None:
        raise RuleError(NOT_OVER, what=f"{name}()")
    return found


def _fits(make: Callable[..., Known | None], given: int) -> bool:
    code = make.__code__
    return bool(code.co_flags & 4) or code.co_argcount - len(make.__defaults__ or ()) <= given <= code.co_argcount


_PARTS: dict[type[ast.Node], Callable[[Any, Scope], Known]] = {
    ast.Name: _name,
    ast.Path: _path,
    ast.Arithmetic: _arithmetic,
    ast.Negation: _negation,
    ast.Comparison: _comparison,
    ast.And: _and,
    ast.Or: _or,
    ast.Between: _between,
    ast.If: _if,
    ast.In: _in,
    ast.Call: _call,
}
_NAMES: dict[type[ast.Node], str] = {
    ast.For: "for",
    ast.Filter: "[…]",
    ast.InstanceOf: "instance of",
    ast.FunctionDefinition: "function",
    ast.ContextOf: "{…}",
    ast.ListOf: "[…]",
    ast.RangeOf: "[… .. …]",
    ast.Quantified: "some, every",
}
