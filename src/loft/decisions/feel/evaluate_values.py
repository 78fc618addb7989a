"""Values and what is made of them: literals, names, parts, arithmetic, lists, contexts, ranges."""

from loft.decisions.feel import ast, bounds, conform
from loft.decisions.feel.arithmetic import OPERATIONS, Operation, negate
from loft.decisions.feel.building import Built, Expression, Scope, Step, build, fixed, folded, name
from loft.decisions.feel.compare import at_most
from loft.decisions.feel.properties import part
from loft.decisions.feel.values import Range, Value


def literal(node: ast.Literal) -> Built:
    return fixed(node.value)


def variable(node: ast.Name) -> Built:
    return Built(name(node.name))


def path(node: ast.Path) -> Built:
    source, wanted = build(node.source), node.name
    first = source.run
    return folded(lambda scope: part(first(scope), wanted), source)


def path_step(node: ast.Path) -> Step:
    wanted = node.name
    return lambda value, scope: part(value, wanted)


def negation(node: ast.Negation) -> Built:
    of = build(node.of)
    run = of.run
    return folded(lambda scope: negate(run(scope)), of)


def arithmetic(node: ast.Arithmetic) -> Built:
    """A chain of operations from left to right, however long."""
    links: list[tuple[Operation, Built]] = []
    first: ast.Node = node
    while isinstance(first, ast.Arithmetic):
        links.append((OPERATIONS[first.sign], build(first.right)))
        first = first.left
    start = build(first)
    links.reverse()
    parts = [built for _, built in links]
    if len(links) == 1:
        return folded(_operation(links[0][0], start.run, links[0][1].run), start, *parts)
    steps = [(operation, built.run) for operation, built in links]
    begin = start.run

    def run(scope: Scope) -> Value:
        value = begin(scope)
        for operation, right in steps:
            value = operation(value, right(scope))
        return value

    return folded(run, start, *parts)


def _operation(operation: Operation, left: Expression, right: Expression) -> Expression:
    return lambda scope: operation(left(scope), right(scope))


def list_of(node: ast.ListOf) -> Built:
    parts = [build(value) for value in node.values]
    runs = [built.run for built in parts]
    return folded(lambda scope: [run(scope) for run in runs], *parts)


def context_of(node: ast.ContextOf) -> Built:
    """A context; later entries see earlier ones. Null where a name comes twice."""
    entries = [(key, build(value).run) for key, value in node.entries]
    if len({key for key, _ in entries}) < len(entries):
        return fixed(None)

    def run(scope: Scope) -> Value:
        inner, context = dict(scope), {}
        for key, value in entries:
            inner[key] = context[key] = value(inner)
        return context

    return Built(run)


def range_of(node: ast.RangeOf) -> Built:
    """A range; null where its ends are not of one type with an order. An end that is null is open without bound, or, closed, null."""
    low, high = (build(end) if end is not None else None for end in (node.low, node.high))
    low_run, high_run = low.run if low else None, high.run if high else None
    low_closed, high_closed = node.low_closed, node.high_closed

    def run(scope: Scope) -> Value:
        start = low_run(scope) if low_run else None
        end = high_run(scope) if high_run else None
        for value, closed in ((start, low_closed), (end, high_closed)):
            if at_most(value, value) is None and (closed or value is not None):
                return None
        if start is not None and end is not None and at_most(start, end) is None:
            return None
        return Range(start, end, low_closed, high_closed)

    return folded(run, *(built for built in (low, high) if built))


def compared(node: ast.Compared) -> Built:
    """``< 5`` as a value: the range of what it holds for; ``= 5`` the range of that one value. ``!= 5`` is none: null."""
    value, sign = build(node.value), node.sign
    run = value.run
    make = _RANGES.get(sign)
    if make is None:
        return fixed(None)

    def made(scope: Scope) -> Value:
        end = run(scope)
        return None if at_most(end, end) is None else make(end)

    return folded(made, value)


_RANGES = {
    "<": lambda end: Range(None, end, False, False),
    "<=": lambda end: Range(None, end, False, True),
    ">": lambda end: Range(end, None, False, False),
    ">=": lambda end: Range(end, None, True, False),
    "=": lambda end: Range(end, end, True, True),
}


def instance_step(node: ast.InstanceOf) -> Step:
    type_ = node.type
    return lambda value, scope: bounds.within(conform.instance_of, value, type_)
