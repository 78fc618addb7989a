"""How parts of an expression become closures: what a closure is made of, constants, and chains that are longer than Python's stack.

Each kind of node has a builder in ``BUILDERS``; ``build`` finds it. A part that is the same in every scope is computed once.

A chain such as ``a.b.c`` or ``f(1)(2)(3)`` leans to the left: its first part stands deepest. Such nodes have a ``Step`` too, from the
value of the part to the left to the node's own, so that a chain of any length runs as a loop.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loft.decisions.errors import Missing
from loft.decisions.feel import bounds
from loft.decisions.feel.ast import Node
from loft.decisions.feel.values import Function, Value

Scope = dict[str, Any]
Expression = Callable[[Scope], Value]
Step = Callable[[Value, Scope], Value]

LONG = 30
"""Links from which on a chain runs as a loop."""


@dataclass(frozen=True)
class Built:
    """A part made ready to run; ``value`` is what it gives, where it is ``constant``."""

    run: Expression
    constant: bool = False
    value: Value = None


BUILDERS: dict[type[Node], Callable[[Any], Built]] = {}
STEPS: dict[type[Node], tuple[str, Callable[[Any], Step]]] = {}
"""For the nodes that lean to the left: the field where the part to the left stands, and the builder of the step from it."""


def build(node: Node) -> Built:
    """*node* as a closure."""
    if type(node) in STEPS and _links(node) > LONG:
        return _loop(node)
    return BUILDERS[type(node)](node)


def fixed(value: Value) -> Built:
    """A part that has this value in every scope."""
    return Built(lambda scope: value, constant=True, value=value)


def folded(run: Expression, *parts: Built) -> Built:
    """A part made of others: computed at once where all of them are constant."""
    if all(part.constant for part in parts):
        return fixed(bounds.within(run, {}))
    return Built(run)


def stepped(node: Node) -> Built:
    """A node of ``STEPS`` as a closure: the part to the left first, then its step."""
    field, step_of = STEPS[type(node)]
    first, step = build(getattr(node, field)).run, step_of(node)
    return Built(lambda scope: step(first(scope), scope))


def _links(node: Node) -> int:
    count = 0
    while type(node) in STEPS:
        node, count = getattr(node, STEPS[type(node)][0]), count + 1
    return count


def _loop(node: Node) -> Built:
    steps: list[Step] = []
    while type(node) in STEPS:
        field, step_of = STEPS[type(node)]
        steps.append(step_of(node))
        node = getattr(node, field)
    first = build(node).run
    steps.reverse()

    def run(scope: Scope) -> Value:
        value = first(scope)
        for step in steps:
            value = step(value, scope)
        return value

    return Built(run)


def name(of: str) -> Expression:
    """What the scope has under a name, else the built-in function of that name; raises ``Missing`` where neither is."""
    function = builtin(of)
    if function is not None:
        return lambda scope: scope.get(of, function)

    def run(scope: Scope) -> Value:
        try:
            return scope[of]
        except KeyError:
            raise Missing(of) from None

    return run


def builtin(of: str) -> Function | None:
    """The built-in function of a name; None where there is none."""
    from loft.decisions.feel.functions import BUILTINS

    return BUILTINS.get(of)
