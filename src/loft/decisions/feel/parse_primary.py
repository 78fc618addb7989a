"""Values as they stand: names, constants, brackets, ranges, lists and contexts (DMN 1.5, grammar rules 7, 8 and 33 to 62)."""

from collections.abc import Callable
from decimal import DecimalException

from loft.decisions.feel import ast
from loft.decisions.feel.cursor import Cursor
from loft.decisions.feel.infer import type_of
from loft.decisions.feel.levels import SUM
from loft.decisions.feel.lexer import Token, joined, unquoted
from loft.decisions.feel.parse_blocks import BLOCKS
from loft.decisions.feel.types import Type
from loft.decisions.feel.values import ARITHMETIC
from loft.decisions.feel.visible import JOINS
from loft.language import mark

_CONSTANTS = {"true": True, "false": False, "null": None}


def primary(cursor: Cursor) -> ast.Node:
    """A value without operators around it. Raises ``RuleError`` for a name that is not known and for what is no value."""
    token = cursor.token
    if token.kind in ("word", "number"):
        name, count = cursor.names.longest(cursor.tokens, cursor.at)
        if count or (token.kind == "word" and token.text not in _CONSTANTS and token.text not in BLOCKS):
            return _name(cursor, name, count)
    cursor.at += 1
    if token.kind == "number":
        return _number(cursor, token)
    if token.kind == "string":
        return ast.Literal(unquoted(token.text))
    if token.text in BLOCKS:
        return BLOCKS[token.text](cursor)
    if token.text in _CONSTANTS:
        return ast.Literal(_CONSTANTS[token.text])
    if token.text in _OPENINGS:
        return _OPENINGS[token.text](cursor)
    cursor.at -= 1
    raise cursor.unexpected_value()


def _name(cursor: Cursor, name: str, count: int) -> ast.Name:
    """A known name, or in a filter any: a part of the member."""
    run = word_run(cursor.tokens, cursor.at)
    called = cursor.tokens[cursor.at + run].text == "("
    if run > count:
        name = joined(cursor.tokens[cursor.at : cursor.at + run])
        if called or not cursor.names.open:
            raise cursor.unknown(name, cursor.names.near(name))
    elif not count:
        raise cursor.unexpected_value()
    cursor.at += max(run, count)
    return ast.Name(name)


def word_run(tokens: list[Token], at: int) -> int:
    """How many words in a row from *at* could be one name. Two values never follow each other, so all of them belong together."""
    end = at
    while tokens[end].kind in ("word", "number") and tokens[end].text not in JOINS:
        end += 1
    return end - at if tokens[at].kind == "word" else 0


def begins_value(token: Token) -> bool:
    """Whether *token* can only be the beginning of a value."""
    return token.kind in ("number", "string") or (token.kind == "word" and token.text not in JOINS) or token.text == "@"


def _number(cursor: Cursor, token: Token) -> ast.Node:
    try:
        return ast.Literal(ARITHMETIC.create_decimal(token.text))
    except DecimalException:
        cursor.at -= 1
        raise cursor.problem(_NUMBER_TOO_LARGE, number=token.text) from None


def _at_literal(cursor: Cursor) -> ast.Node:
    # Dates and times are computed by what this file is read for, so they are looked up when a text is read.
    from loft.decisions.feel.temporal import parse_literal, wide_date, wide_date_and_time

    token = cursor.token
    if token.kind != "string":
        raise cursor.unexpected('"…"')
    text = unquoted(token.text)
    value = parse_literal(text)
    if value is None and wide_date_and_time(text) is not None:
        cursor.at += 1
        return ast.Call(ast.Name("date" if wide_date(text) is not None else "date and time"), (ast.Literal(text),))
    if value is None and not cursor.names.names.lenient:
        raise cursor.problem(_NO_DATE, written=token.text)
    cursor.at += 1
    return ast.Literal(value)


def _round(cursor: Cursor) -> ast.Node:
    """What stands in round brackets, or a range that begins with one."""
    node = cursor.expression()
    if cursor.sees(".."):
        return range_end(cursor, node, closed=False)
    cursor.expect(")")
    return node


def _square(cursor: Cursor) -> ast.Node:
    """A list, or a range that begins with a square bracket."""
    if cursor.sees("]") and not begins_value(cursor.next):
        cursor.at += 1
        return ast.ListOf(())
    values = [cursor.expression()]
    if cursor.sees(".."):
        return range_end(cursor, values[0], closed=True)
    while cursor.expect(",", "]") == ",":
        values.append(cursor.expression())
    return ast.ListOf(tuple(values))


def _turned(cursor: Cursor) -> ast.Node:
    """A range that begins with a turned bracket."""
    return range_end(cursor, cursor.expression(SUM), closed=False)


def range_end(cursor: Cursor, low: ast.Node, *, closed: bool) -> ast.Node:
    """The range that begins with *low*, which is in it where it is *closed*."""
    cursor.expect("..")
    high = cursor.expression(SUM)
    return ast.RangeOf(low, high, closed, cursor.expect("]", ")", "[") == "]")


def _context(cursor: Cursor) -> ast.Node:
    """``{name: value}``; what is learnt of the types is kept for paths into it."""
    layer = cursor.names.push()
    entries: dict[str, ast.Node] = {}
    while not cursor.take("}"):
        if entries:
            cursor.expect(",")
        key = _key(cursor)
        if key in entries:
            raise cursor.problem(TWICE, name=key)
        cursor.expect(":")
        entries[key] = cursor.expression()
        layer.add(key, type_of(cursor, entries[key]))
    cursor.names.pop()
    node = ast.ContextOf(tuple(entries.items()))
    cursor.types[id(node)] = node, Type("context", parts=tuple(layer.types.items()))
    return node


def _key(cursor: Cursor) -> str:
    if cursor.token.kind != "string":
        return cursor.new_name(":")
    cursor.at += 1
    return unquoted(cursor.tokens[cursor.at - 1].text)


_OPENINGS: dict[str, Callable[[Cursor], ast.Node]] = {
    "(": _round,
    "[": _square,
    "]": _turned,
    "{": _context,
    "@": _at_literal,
}

_NUMBER_TOO_LARGE = mark(
    "the number “%(number)s” at character %(at)s is too large. Numbers end at 10 to the power of 6144."
)
_NO_DATE = mark(
    "%(written)s at character %(at)s is no date, time or duration. Write it as 2026-01-31, 08:30:00, 2026-01-31T08:30:00, P1Y2M or P3DT4H."
)
TWICE = mark("“%(name)s” is there twice (character %(at)s). Leave one out or give it another name.")
