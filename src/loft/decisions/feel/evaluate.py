"""FEEL made ready to run: each part becomes a closure; no text is read at decision time and nothing is ever executed.

A scope is a dict of name → value. A name that the scope lacks is a fact that is not known: evaluation raises ``Missing`` with its name,
unless it can do without (``false and x`` is false, the branch of an ``if`` that is not taken is not looked at).

The values in a scope are those of ``values``; whole numbers and floats are made decimals before they get there (``values.number``).
"""

from loft.decisions.feel import ast, bounds
from loft.decisions.feel import evaluate_functions as functions
from loft.decisions.feel import evaluate_logic as logic
from loft.decisions.feel import evaluate_loops as loops
from loft.decisions.feel import evaluate_tests as unary
from loft.decisions.feel import evaluate_values as values
from loft.decisions.feel.ast import Node, Tests
from loft.decisions.feel.building import BUILDERS, STEPS, Expression, Scope, build, stepped
from loft.decisions.feel.children import every
from loft.decisions.feel.evaluate_tests import Test

__all__ = ["Expression", "Scope", "Test", "expression", "test"]


def expression(node: Node) -> Expression:
    """A closure that gives the value of *node* in a scope.

    FEEL's null (None) comes out for what FEEL cannot compute, and for what would take more than ``bounds`` allow; the closure raises
    nothing but ``Missing``.
    """
    run = build(node).run
    return (lambda scope: bounds.within(run, scope)) if _long(node) else run


def test(tests: Tests) -> Test:
    """A closure that tells whether *tests* hold for a value in a scope: True, False, or None (null, which counts as not holding)."""
    run = unary.tests(tests)
    return (lambda value, scope: bounds.within(run, value, scope)) if _long(tests) else run


def _long(node: Node) -> bool:
    """Whether a part may take long, so that the expression runs inside an allowance."""
    return any(
        isinstance(part, ast.For | ast.Quantified | ast.Filter)
        or (isinstance(part, ast.Call) and not functions.constant(part))
        for part in every(node)
    )


STEPS.update(
    {
        ast.Path: ("source", values.path_step),
        ast.Filter: ("source", loops.filter_step),
        ast.Call: ("function", functions.call_step),
        ast.InstanceOf: ("value", values.instance_step),
        ast.Comparison: ("left", logic.comparison_step),
        ast.Between: ("value", logic.between_step),
        ast.In: ("value", unary.in_step),
    }
)
BUILDERS.update(
    {
        ast.Literal: values.literal,
        ast.Name: values.variable,
        ast.Path: values.path,
        ast.Negation: values.negation,
        ast.Arithmetic: values.arithmetic,
        ast.ListOf: values.list_of,
        ast.ContextOf: values.context_of,
        ast.RangeOf: values.range_of,
        ast.Compared: values.compared,
        ast.InstanceOf: stepped,
        ast.Comparison: logic.comparison,
        ast.Between: stepped,
        ast.In: stepped,
        ast.And: logic.both,
        ast.Or: logic.either,
        ast.If: logic.conditional,
        ast.For: loops.for_each,
        ast.Quantified: loops.quantified,
        ast.Filter: stepped,
        ast.FunctionDefinition: functions.definition,
        ast.Call: functions.call,
    }
)
