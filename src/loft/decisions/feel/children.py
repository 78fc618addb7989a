"""The parts of an expression, one step down or all the way, without recursion however deep it is."""

from collections.abc import Iterator

from loft.decisions.feel import ast


def children(node: ast.Node) -> tuple[ast.Node, ...]:
    """The nodes directly inside *node*, from left to right."""
    match node:
        case ast.Literal() | ast.Name():
            return ()
        case ast.Path(source):
            return (source,)
        case ast.Negation(of):
            return (of,)
        case (
            ast.Arithmetic(_, left, right) | ast.Comparison(_, left, right) | ast.And(left, right) | ast.Or(left, right)
        ):
            return (left, right)
        case ast.Between(value, low, high):
            return (value, low, high)
        case ast.In(value, tests):
            return (value, tests)
        case ast.InstanceOf(value) | ast.Compared(_, value):
            return (value,)
        case ast.If(condition, then, otherwise):
            return (condition, then, otherwise)
        case ast.Iteration(_, domain, last):
            return (domain,) if last is None else (domain, last)
        case ast.For(iterations, result) | ast.Quantified(_, iterations, result):
            return (*iterations, result)
        case ast.FunctionDefinition(_, body):
            return (body,)
        case ast.Call(function, values):
            return (function, *values)
        case ast.Filter(source, condition):
            return (source, condition)
        case ast.ListOf(values) | ast.Tests(values):
            return values
        case ast.ContextOf(entries):
            return tuple(value for _, value in entries)
        case ast.RangeOf(low, high):
            return tuple(end for end in (low, high) if end is not None)
    raise NotImplementedError(type(node).__name__)


def every(node: ast.Node) -> Iterator[ast.Node]:
    """*node* and all nodes inside it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def height(node: ast.Node) -> int:
    """How many nodes stand inside each other, at most; 1 for a single one."""
    tallest, waiting = 0, [(node, 1)]
    while waiting:
        node, depth = waiting.pop()
        tallest = max(tallest, depth)
        waiting.extend((child, depth + 1) for child in children(node))
    return tallest
