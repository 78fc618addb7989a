"""Comparisons, conditions, and the three-valued logic of ``and`` and ``or`` (DMN 1.5 §10.3.2.11, tables 50 to 54).

A fact that is not known is a fourth thing beside true, false and null: ``and`` and ``or`` look at the other side before they raise
``Missing``, since false and anything is false, true or anything true.
"""

from collections.abc import Callable

from loft.decisions.errors import Missing
from loft.decisions.feel import ast
from loft.decisions.feel.building import Built, Expression, Scope, Step, build, folded
from loft.decisions.feel.compare import ORDERED, at_most, equal, less
from loft.decisions.feel.values import Value

Comparing = Callable[[Value, Value], bool | None]

TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
"""The sign that says the same with the sides changed."""


def unequal(left: Value, right: Value) -> bool | None:
    """Whether two values differ; None as ``equal``."""
    same = equal(left, right)
    return None if same is None else not same


COMPARING: dict[str, Comparing] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": at_most,
    ">": lambda left, right: less(right, left),
    ">=": lambda left, right: at_most(right, left),
}


def with_constant(sign: str, constant: Value) -> Callable[[Value], bool | None]:
    """A comparison with a value that is known beforehand, for its type: ``with_constant("<", 5)(value)`` is ``value < 5``."""
    kind, comparing = type(constant), COMPARING[sign]
    if constant is None:
        return {"=": lambda value: value is None, "!=": lambda value: value is not None}.get(sign, lambda value: None)
    if kind not in ORDERED:
        return lambda value: comparing(value, constant)
    if sign == "=":
        return lambda value: value == constant if type(value) is kind else equal(value, constant)
    if sign == "!=":
        return lambda value: value != constant if type(value) is kind else unequal(value, constant)
    by_sign: dict[str, Callable[[Value], bool | None]] = {
        "<": lambda value: value < constant if type(value) is kind else comparing(value, constant),
        "<=": lambda value: value <= constant if type(value) is kind else comparing(value, constant),
        ">": lambda value: value > constant if type(value) is kind else comparing(value, constant),
        ">=": lambda value: value >= constant if type(value) is kind else comparing(value, constant),
    }
    return by_sign[sign]


def comparison(node: ast.Comparison) -> Built:
    left, right = build(node.left), build(node.right)
    if right.constant:
        return folded(_after(left.run, with_constant(node.sign, right.value)), left)
    if left.constant:
        return folded(_after(right.run, with_constant(TURNED[node.sign], left.value)), right)
    comparing, first, second = COMPARING[node.sign], left.run, right.run
    return Built(lambda scope: comparing(first(scope), second(scope)))


def _after(run: Expression, compare: Callable[[Value], bool | None]) -> Expression:
    return lambda scope: compare(run(scope))


def comparison_step(node: ast.Comparison) -> Step:
    comparing, right = COMPARING[node.sign], build(node.right).run
    return lambda value, scope: comparing(value, right(scope))


def between_step(node: ast.Between) -> Step:
    low, high = build(node.low).run, build(node.high).run

    def step(value: Value, scope: Scope) -> bool | None:
        answers = (at_most(low(scope), value), at_most(value, high(scope)))
        return False if False in answers else None if None in answers else True

    return step


def both(node: ast.And) -> Built:
    return _joined(_operands(node, ast.And), decisive=False)


def either(node: ast.Or) -> Built:
    return _joined(_operands(node, ast.Or), decisive=True)


def _operands(node: ast.Node, kind: type[ast.And] | type[ast.Or]) -> list[Built]:
    """The operands of a chain of one kind, from left to right."""
    found, waiting = [], [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kind):
            waiting += [node.right, node.left]
        else:
            found.append(build(node))
    return found


def _joined(operands: list[Built], *, decisive: bool) -> Built:
    """All operands in three-valued logic: one that is *decisive* settles it, else what is missing, else null."""
    runs = [operand.run for operand in operands]

    def run(scope: Scope) -> bool | None:
        answer: bool | None = not decisive
        missing: frozenset[str] | None = None
        for operand in runs:
            try:
                value = operand(scope)
            except Missing as found:
                missing = found.names | (missing or frozenset())
                continue
            if value is decisive:
                return decisive
            if value is not (not decisive):
                answer = None
        if missing:
            raise Missing(*missing)
        return answer

    return folded(run, *operands)


def conditional(node: ast.If) -> Built:
    condition, then, otherwise = (build(part) for part in (node.condition, node.then, node.otherwise))
    test, yes, no = condition.run, then.run, otherwise.run
    return folded(lambda scope: yes(scope) if test(scope) is True else no(scope), condition, then, otherwise)
