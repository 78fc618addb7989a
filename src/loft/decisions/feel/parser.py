"""FEEL read into its parts: a hand-written recursive descent over the DMN 1.5 grammar, bounded in depth and length.

Where DMN leaves a reading open: ``**`` and comparisons group from the left, minus binds tighter than ``**`` (the conformance kit has
-3 ** 2 = 9), and ``instance of`` takes the value before it with its minus sign. Not supported: a function in a context that calls
itself. As a value, ``!= 5`` is the empty range (5..5), as the conformance kit has it; it is a test in a cell and after ``in``.
"""

from collections.abc import Iterator

from loft.decisions.errors import Place, TooLarge
from loft.decisions.feel import cursor as places
from loft.decisions.feel.ast import ListOf, Node, Tests
from loft.decisions.feel.children import height
from loft.decisions.feel.cursor import Cursor
from loft.decisions.feel.names import Names
from loft.decisions.feel.parse_operators import one_test, read
from loft.language import mark

LONGEST = 100_000
"""Characters in one expression."""
DEEPEST = places.DEEPEST
"""Brackets, calls and operators inside each other, as they are read."""
HIGHEST = places.HIGHEST
"""Parts inside each other, as they are evaluated: ``a + b + c`` has three."""


def parse_expression(text: str, names: Names) -> Node:
    """The expression in *text*. Where the reader is lenient, several with commas between them are the list of them (grammar rule 3).

    Raises ``RuleError`` (with ``Place.text``) for a text that is not FEEL, an unknown name, or one past the bounds.
    """
    cursor = _begin(text, names)
    node = cursor.expression()
    if names.lenient and cursor.sees(","):
        node = ListOf((node, *_more(cursor)))
    _finish(cursor)
    _check_height(cursor, node)
    return node


def _more(cursor: Cursor) -> Iterator[Node]:
    while cursor.take(","):
        yield cursor.expression()


def parse_tests(text: str, names: Names) -> Tests:
    """The unary tests of a cell: ``< 5``, ``[1..3]``, ``"a", "b"``, ``not(…)``, ``-``, or expressions that may use ``?``.

    An empty text means the same as ``-``. Raises as ``parse_expression``.
    """
    cursor = _begin(text, names)
    cursor.names.push({"?": names.type_of("?")})
    if cursor.token.kind == "end" or (cursor.sees("-") and cursor.next.kind == "end"):
        return Tests()
    found = _negated_tests(cursor) or Tests(_tests(cursor))
    _finish(cursor)
    _check_height(cursor, found)
    return found


def _negated_tests(cursor: Cursor) -> Tests | None:
    """``not(…)`` around the whole cell; None where it is only the beginning of an expression, or is not there."""
    if not (cursor.sees("not") and cursor.next.text == "("):
        return None
    cursor.at += 2
    tests = _tests(cursor)
    cursor.expect(")")
    if cursor.token.kind == "end":
        return Tests(tests, negated=True)
    cursor.at = 0
    return None


def _tests(cursor: Cursor) -> tuple[Node, ...]:
    tests = [one_test(cursor)]
    while cursor.take(","):
        tests.append(one_test(cursor))
    return tuple(tests)


def _begin(text: str, names: Names) -> Cursor:
    if len(text) > LONGEST:
        raise TooLarge(_TOO_LONG, Place(text=text[:100]), count=len(text), most=LONGEST)
    return places.cursor(text, names, read)


def _finish(cursor: Cursor) -> None:
    if cursor.token.kind != "end":
        raise cursor.unexpected()


def _check_height(cursor: Cursor, node: Node) -> None:
    if height(node) > HIGHEST:
        raise cursor.too_high()


_TOO_LONG = mark(
    "an expression may have %(most)s characters, and this one has %(count)s. Split it into several decisions."
)
