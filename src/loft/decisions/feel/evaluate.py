"""FEEL made ready to run: each part becomes a closure; no text is read at decision time and nothing is ever executed.

A scope is a dict of name → value. A name that the scope lacks is a fact that is not known: evaluation raises ``Missing`` with its name,
unless it can do without (``false and x`` is false, the branch of an ``if`` that is not taken is not looked at).
"""

from collections.abc import Callable
from typing import Any

from loft.decisions.feel.ast import Node, Tests
from loft.decisions.feel.values import Value

Scope = dict[str, Any]
Expression = Callable[[Scope], Value]
Test = Callable[[Value, Scope], bool | None]


def expression(node: Node) -> Expression:
    """A closure that gives the value of *node* in a scope.

    FEEL's null (None) comes out for what FEEL cannot compute; the closure raises nothing but ``Missing``.
    """
    raise NotImplementedError


def test(tests: Tests) -> Test:
    """A closure that tells whether *tests* hold for a value in a scope: True, False, or None (null, which counts as not holding)."""
    raise NotImplementedError
