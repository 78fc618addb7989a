"""Operators, from the loosest to the tightest: ``or``, ``and``, comparisons, ``+ -``, ``* /``, ``**``, minus, ``instance of``,
and the parts, filters and calls after a value (DMN 1.5, grammar rules 4, 44 and 49 to 53)."""

from collections.abc import Callable
from decimal import Decimal

from loft.decisions.feel import ast
from loft.decisions.feel.cursor import DEEPEST, HIGHEST, Cursor
from loft.decisions.feel.infer import type_of
from loft.decisions.feel.levels import COMPARING, LEVELS, OR, SUM, WHOLE
from loft.decisions.feel.lexer import Token
from loft.decisions.feel.parse_after import after_value
from loft.decisions.feel.parse_primary import primary, range_end
from loft.decisions.feel.parse_types import read_type

_HALVES = ("<", "<=", ">", ">=")


def read(cursor: Cursor, level: int) -> ast.Node:
    """An expression of operators that bind at least as strongly as *level*."""
    if level == WHOLE and cursor.sees(*COMPARING):
        return _half_range(cursor)
    return _operators(cursor, _signed(cursor), level)


def _half_range(cursor: Cursor) -> ast.Node:
    """``< 5`` as a value: a range with one end; ``= 5`` has both ends there, and so has ``!= 5``, without the ends."""
    sign = cursor.expect("<", "<=", ">", ">=", "=", "!=")
    end = cursor.expression(SUM)
    closed = sign in ("<=", ">=", "=")
    low, high = None if "<" in sign else end, None if ">" in sign else end
    return ast.RangeOf(low, high, closed and low is not None, closed and high is not None)


def _operators(cursor: Cursor, left: ast.Node, lowest: int) -> ast.Node:
    for _ in range(HIGHEST):
        token = cursor.token
        level = LEVELS.get(token.text, WHOLE) if token.kind in ("sign", "word") else WHOLE
        if level < max(lowest, OR):
            return left
        cursor.at += 1
        if token.text == "between":
            left = _between(cursor, left)
        elif token.text == "in":
            left = ast.In(left, _in_tests(cursor, left))
        else:
            left = _joined(token.text, left, _right(cursor, token, level + 1))
    raise cursor.too_high()


def _right(cursor: Cursor, sign: Token, level: int) -> ast.Node:
    """What stands after an operator; after ``=`` and a space also a range with one end, ``= >=5``, but ``=>`` is a slip."""
    if sign.text in ("=", "!=") and cursor.sees(*_HALVES) and cursor.token.start > sign.end:
        return _half_range(cursor)
    return cursor.expression(level)


def _joined(sign: str, left: ast.Node, right: ast.Node) -> ast.Node:
    if sign == "or":
        return ast.Or(left, right)
    if sign == "and":
        return ast.And(left, right)
    made: Callable[[str, ast.Node, ast.Node], ast.Node]
    made = ast.Comparison if sign in COMPARING else ast.Arithmetic
    return made(sign, left, right)


def _between(cursor: Cursor, value: ast.Node) -> ast.Node:
    low = cursor.expression(SUM)
    cursor.expect("and")
    return ast.Between(value, low, cursor.expression(SUM))


def _signed(cursor: Cursor) -> ast.Node:
    """A value with any minus signs before it and ``instance of`` behind."""
    minuses = 0
    while cursor.take("-"):
        minuses += 1
        if minuses > DEEPEST:
            raise cursor.too_deep()
    node = after_value(cursor, primary(cursor))
    for _ in range(minuses):
        node = _negated(node)
    while cursor.sees("instance") and cursor.next.text == "of":
        cursor.at += 2
        node = ast.InstanceOf(node, read_type(cursor))
    return node


def _negated(node: ast.Node) -> ast.Node:
    """Minus *node*; minus a number is a number."""
    if isinstance(node, ast.Literal) and isinstance(node.value, Decimal):
        return ast.Literal(node.value.copy_negate() if node.value else node.value)
    return ast.Negation(node)


def one_test(cursor: Cursor) -> ast.Node:
    """A unary test: ``< 5`` and the like about ``?``, else an expression."""
    if cursor.sees(*COMPARING):
        sign = cursor.expect(*COMPARING)
        return ast.Compared(sign, cursor.expression(SUM))
    return cursor.expression()


def _in_tests(cursor: Cursor, value: ast.Node) -> ast.Tests:
    """What stands after ``in``: one test, or several in brackets."""
    cursor.names.push({"?": type_of(cursor, value)})
    if cursor.take("("):
        tests = _tests_in_brackets(cursor)
    else:
        tests = (one_test(cursor) if cursor.sees(*COMPARING) else cursor.expression(SUM),)
    cursor.names.pop()
    return ast.Tests(tests)


def _tests_in_brackets(cursor: Cursor) -> tuple[ast.Node, ...]:
    """The tests after an opening bracket, which may also begin a range, ``in (1..5]``, or a sum, ``in (a + b) * 2``."""
    tests = [one_test(cursor)]
    compared = isinstance(tests[0], ast.Compared)
    if cursor.sees("..") and not compared:
        return (range_end(cursor, tests[0], closed=False),)
    while cursor.expect(",", ")") == ",":
        tests.append(one_test(cursor))
    if len(tests) == 1 and not compared:
        return (_operators(cursor, after_value(cursor, tests[0]), SUM),)
    return tuple(tests)
