"""What may follow a value: its parts, filters and calls (DMN 1.5, grammar rules 40 to 44 and 52)."""

from functools import lru_cache

from loft.decisions.feel import ast
from loft.decisions.feel.cursor import DEEPEST, Cursor
from loft.decisions.feel.infer import is_closed, member_of, parts_of, type_of
from loft.decisions.feel.lexer import joined
from loft.decisions.feel.names import Spellings, spellings
from loft.decisions.feel.parse_primary import TWICE, begins_value, word_run
from loft.decisions.feel.types import Type
from loft.decisions.feel.visible import longest, nearest, property_spellings
from loft.language import mark


def after_value(cursor: Cursor, node: ast.Node) -> ast.Node:
    """*node* with all that is taken of it."""
    for _ in range(DEEPEST):
        if cursor.take("."):
            node = ast.Path(node, _part_name(cursor, type_of(cursor, node)))
        elif cursor.sees("[") and (begins_value(cursor.next) or cursor.next.text in ("(", "[", "{", "-")):
            # Otherwise this is the turned bracket that ends a range.
            node = _filter(cursor, node)
        elif cursor.take("("):
            node = _call(cursor, node)
        else:
            return node
    raise cursor.too_deep()


def _part_name(cursor: Cursor, type: Type) -> str:
    """The part that is named here: the longest one that the type has, else that occurs in the model, else that dates and ranges have."""
    own = tuple(name for name, _ in parts_of(type))
    run = word_run(cursor.tokens, cursor.at)
    for known in (_spelled(own), cursor.names.names.part_spellings, property_spellings()):
        name, count = longest([known], cursor.tokens, cursor.at)
        if count >= max(run, 1):
            cursor.at += count
            return name
        if own and is_closed(type) and run:
            raise _no_part(cursor, run, own)
    if not run:
        raise cursor.unexpected_name()
    cursor.at += run
    return joined(cursor.tokens[cursor.at - run : cursor.at])


@lru_cache(maxsize=1_000)
def _spelled(names: tuple[str, ...]) -> Spellings:
    return spellings(names)


def _no_part(cursor: Cursor, run: int, own: tuple[str, ...]) -> Exception:
    name = joined(cursor.tokens[cursor.at : cursor.at + run])
    near = nearest(name, own)
    if near:
        return cursor.problem(_NO_PART_NEAR, name=name, near=near)
    return cursor.problem(_NO_PART, name=name, names=", ".join(own))


def _filter(cursor: Cursor, source: ast.Node) -> ast.Node:
    """``source[condition]``, where the member is ``item`` and its parts go by name."""
    member = member_of(type_of(cursor, source))
    cursor.at += 1
    cursor.names.push({**dict(parts_of(member)), "item": member}, open=not is_closed(member))
    condition = cursor.expression()
    cursor.expect("]")
    cursor.names.pop()
    return ast.Filter(source, condition)


def _call(cursor: Cursor, function: ast.Node) -> ast.Node:
    """A call with its values by position or by name, from behind the opening bracket."""
    named = cursor.at_named_value()
    values: list[ast.Node] = []
    names: list[str] = []
    while not cursor.take(")"):
        if values:
            cursor.expect(",")
        if named:
            name = cursor.new_name(":")
            if name in names:
                raise cursor.problem(TWICE, name=name)
            names.append(name)
            cursor.expect(":")
        values.append(cursor.expression())
    return ast.Call(function, tuple(values), tuple(names))


_NO_PART = mark("there is no part “%(name)s” here (character %(at)s). The parts are: %(names)s.")
_NO_PART_NEAR = mark("there is no part “%(name)s” here (character %(at)s). Did you mean “%(near)s”?")
