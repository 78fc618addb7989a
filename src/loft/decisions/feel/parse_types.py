"""The names of types in ``instance of`` and in the parameters of functions (DMN 1.5, grammar rule 54)."""

from functools import cache

from loft.decisions.feel.cursor import DEEPEST, Cursor
from loft.decisions.feel.lexer import joined
from loft.decisions.feel.names import Spellings, spellings
from loft.decisions.feel.types import ANY, OTHER_NAMES, SIMPLE, Type
from loft.decisions.feel.visible import longest, nearest
from loft.language import mark

_MADE = ("list", "context", "range", "function")


def read_type(cursor: Cursor, depth: int = 0) -> Type:
    """The type that is named here: a simple one, one of the model's own, or ``list<…>``, ``range<…>``, ``context<…>``,
    ``function<…> -> …``. Raises ``RuleError`` for any other."""
    if depth > DEEPEST:
        raise cursor.too_deep()
    own = cursor.names.names.definitions
    name, count = longest([cursor.names.names.definition_spellings, _simple_spellings()], cursor.tokens, cursor.at)
    if count:
        cursor.at += count
        return own[name] if name in own else Type(OTHER_NAMES.get(name, name))
    if cursor.token.text in _MADE:
        return _made(cursor, depth)
    raise _unknown(cursor)


@cache
def _simple_spellings() -> Spellings:
    return spellings([*SIMPLE, *OTHER_NAMES])


def _made(cursor: Cursor, depth: int) -> Type:
    """A type made of others; without ``<…>`` it may be made of any."""
    kind = cursor.expect(*_MADE)
    if kind == "function":
        return _function(cursor, depth)
    if not cursor.take("<"):
        return Type(kind)
    if kind == "context":
        parts = _parts(cursor, depth)
        return Type("context", parts=tuple(parts))
    member = read_type(cursor, depth + 1)
    cursor.expect(">")
    return Type(kind, member=member)


def _parts(cursor: Cursor, depth: int) -> list[tuple[str, Type]]:
    parts: list[tuple[str, Type]] = []
    if cursor.take(">"):
        return parts
    while True:
        name = cursor.new_name(":")
        cursor.expect(":")
        parts.append((name, read_type(cursor, depth + 1)))
        if cursor.expect(",", ">") == ">":
            return parts


def _function(cursor: Cursor, depth: int) -> Type:
    parameters: list[Type] = []
    if not cursor.take("<"):
        return Type("function")
    while not cursor.take(">"):
        if parameters:
            cursor.expect(",")
        parameters.append(read_type(cursor, depth + 1))
    member = ANY
    if cursor.sees("-") and cursor.next.text == ">":
        cursor.at += 2
        member = read_type(cursor, depth + 1)
    return Type("function", member=member, parameters=tuple(parameters))


def _unknown(cursor: Cursor) -> Exception:
    start = cursor.at
    while cursor.token.kind == "word" or (cursor.at > start and cursor.token.text == "."):
        cursor.at += 1
    name = joined(cursor.tokens[start : cursor.at])
    cursor.at = start
    if not name:
        return cursor.unexpected_name()
    near = nearest(name, [*cursor.names.names.definitions, *SIMPLE, *_MADE])
    if near:
        return cursor.problem(_UNKNOWN_NEAR, name=name, near=near)
    return cursor.problem(_UNKNOWN, name=name)


_UNKNOWN = mark("“%(name)s” is no type that the rule knows (character %(at)s).")
_UNKNOWN_NEAR = mark("“%(name)s” is no type that the rule knows (character %(at)s). Did you mean “%(near)s”?")
