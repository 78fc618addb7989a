"""FEEL parts written as FEEL text again, in one way: parsing that text gives the same parts."""

from loft.decisions.feel.ast import Node
from loft.decisions.feel.values import Value


def text_of(node: Node) -> str:
    """*node* as FEEL."""
    raise NotImplementedError


def text_of_value(value: Value) -> str:
    """A value as FEEL text that evaluates to it: ``312000``, ``"a"``, ``date("2026-01-31")``, ``[1, 2]``; and ``null``."""
    raise NotImplementedError
