"""FEEL read into its parts: a hand-written recursive descent over the DMN 1.5 grammar, bounded in depth and length."""

from loft.decisions.feel.ast import Node, Tests
from loft.decisions.feel.names import Names

LONGEST = 100_000
"""Characters in one expression."""
DEEPEST = 100
"""Brackets, calls and operators inside each other."""


def parse_expression(text: str, names: Names) -> Node:
    """The expression in *text*.

    Raises ``RuleError`` (with ``Place.text``) for a text that is not FEEL, an unknown name, or one past the bounds.
    """
    raise NotImplementedError


def parse_tests(text: str, names: Names) -> Tests:
    """The unary tests of a cell: ``< 5``, ``[1..3]``, ``"a", "b"``, ``not(…)``, ``-``, or expressions that may use ``?``.

    Raises as ``parse_expression``.
    """
    raise NotImplementedError
