"""Functions defined in expressions, and calls (DMN 1.5 §10.3.2.13.3, §10.3.2.15)."""

from loft.decisions.errors import Missing
from loft.decisions.feel import ast, bounds
from loft.decisions.feel.building import Built, Expression, Scope, Step, build, builtin, fixed
from loft.decisions.feel.conform import coerce
from loft.decisions.feel.limits import arguments, fitted, takes
from loft.decisions.feel.result_types import typed
from loft.decisions.feel.types import ANY, Type
from loft.decisions.feel.values import Function, Value

CONVERSIONS = frozenset(("date", "time", "date and time", "duration"))
"""Built-in functions whose calls with literals are computed once, before there is a scope: ``date("2026-01-31")``."""


# --- definitions ------------------------------------------------------------------------------------------------------


def definition(node: ast.FunctionDefinition) -> Built:
    """A function with the scope it is defined in. External ones are never run: they give null."""
    names = tuple(name for name, _ in node.parameters)
    types = tuple(type_ for _, type_ in node.parameters)
    if node.external:
        return fixed(Function(names, lambda *values: None, types=types))
    body = build(node.body).run
    fits = [fitted(type_ or ANY) for type_ in types]
    result = typed(node.body, {name: type_ or ANY for name, type_ in node.parameters})

    def run(scope: Scope) -> Value:
        around = dict(scope)  # a loop goes on to change its own

        def call(*values: Value) -> Value:
            given = arguments(fits, values)
            return None if given is None else body(around | dict(zip(names, given, strict=True)))

        return Function(names, call, types=types, result=result)

    return Built(run)


# --- calls ------------------------------------------------------------------------------------------------------------


def constant(node: ast.Call) -> bool:
    """Whether a call makes the same value in every scope: a conversion of literals."""
    return (
        isinstance(node.function, ast.Name)
        and node.function.name in CONVERSIONS
        and all(isinstance(value, ast.Literal) for value in node.values)
    )


def call(node: ast.Call) -> Built:
    step, function = call_step(node), _called(node.function)
    if constant(node):
        return fixed(bounds.within(step, function({}), {}))
    return Built(lambda scope: step(function(scope), scope))


def call_step(node: ast.Call) -> Step:
    return _step(node.names, [build(value) for value in node.values])


def _called(node: ast.Node) -> Expression:
    """What is called. A variable hides a built-in function only where it is a function: ``date("…")`` works beside a fact ``date``."""
    if not isinstance(node, ast.Name):
        return build(node).run
    name, known = node.name, builtin(node.name)

    def find(scope: Scope) -> Value:
        value = scope.get(name)
        if known is not None:
            return value if isinstance(value, Function) else known
        if value is None and name not in scope:
            raise Missing(name)
        return value

    return find


def _step(names: tuple[str, ...], values: list[Built]) -> Step:
    runs = [value.run for value in values]
    if names:
        return lambda function, scope: _apply_by_name(
            function, {name: run(scope) for name, run in zip(names, runs, strict=True)}, len(runs)
        )
    return lambda function, scope: apply(function, [run(scope) for run in runs])


def apply(function: Value, values: list[Value]) -> Value:
    """What a function gives for values by position; None for what is no function and for a wrong number of values.

    A function fits the values to its parameters by itself; what it gives is fitted here to its result's type, null where it does not fit.
    """
    if not isinstance(function, Function):
        return None
    if builtin(function.name) is function:
        return bounds.called(function.call, values)
    if not takes(function, len(values)):
        return None
    result = bounds.called(function.call, values)
    return coerce(result, function.result) if isinstance(function.result, Type) else result


def _apply_by_name(function: Value, given: dict[str, Value], count: int) -> Value:
    """As ``apply``, with values by name; None where a name is not the function's, comes twice, or is left out."""
    if not isinstance(function, Function) or len(given) < count:
        return None
    if builtin(function.name) is function:
        return bounds.called(lambda *_: function.by_name(given), list(given.values()))
    if set(given) != set(function.parameters):
        return None
    return apply(function, [given[name] for name in function.parameters])
