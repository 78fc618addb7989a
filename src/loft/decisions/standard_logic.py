"""Boxed expressions made ready to run (DMN 1.5, 10.2.1 and 10.4).

A scope is a dict of name → value, as for ``feel.evaluate``; a name that is not there raises ``Missing``.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Final

from loft.decisions.feel import bounds
from loft.decisions.feel.ast import Name
from loft.decisions.feel.evaluate import Expression, Scope, expression
from loft.decisions.feel.limits import arguments, fitted
from loft.decisions.feel.types import ANY
from loft.decisions.feel.values import Function, Value
from loft.decisions.model import (
    Conditional,
    Context,
    DecisionTable,
    FilterLogic,
    FunctionLogic,
    Invocation,
    IteratorLogic,
    ListLogic,
    LiteralExpression,
    Logic,
    Relation,
)
from loft.decisions.standard_loops import filtered, iterated
from loft.decisions.standard_table import table_expression

_CALL: Final = 9
"""What a call of a boxed function costs of the evaluation's allowance, beside the call itself."""


def logic_expression(logic: Logic | None) -> Expression:
    """A closure that gives the value of *logic* in a scope, as its type has it; null where there is no logic."""
    if logic is None:
        return lambda scope: None
    run = _COMPILERS[type(logic)](logic)
    type_ = getattr(logic, "type", ANY)
    if type_ == ANY or (isinstance(logic, FunctionLogic) and type_.kind != "function"):
        return run
    fit = fitted(type_)
    return lambda scope: fit(run(scope))


def function_of(logic: FunctionLogic, scope: Scope, *, name: str = "", run: Expression | None = None) -> Function:
    """The function that *logic* is in a scope. Java and PMML give null."""
    if logic.kind != "FEEL":
        return Function(tuple(one for one, _ in logic.parameters), lambda *_: None, name)
    body = run or logic_expression(logic.body)
    names = tuple(one for one, _ in logic.parameters)
    fits = [fitted(type_) for _, type_ in logic.parameters]

    def call(*values: Value) -> Value:
        given = arguments(fits, values)
        if given is None:
            return None
        bounds.spend(_CALL)
        return body({**scope, **dict(zip(names, given, strict=True))})

    return Function(names, call, name)


def _literal(logic: LiteralExpression) -> Expression:
    return expression(logic.node)


def _context(logic: Context) -> Expression:
    parts = [(entry.name, logic_expression(entry.logic), fitted(entry.type)) for entry in logic.entries]

    def run(scope: Scope) -> Value:
        inner, values = dict(scope), {}
        for name, part, fit in parts:
            value = fit(part(inner))
            if not name:
                return value
            inner[name] = values[name] = value
        return values

    return run


def _invocation(logic: Invocation) -> Expression:
    called = logic_expression(logic.called)
    names = [one.name for one in logic.bindings]
    parts, fits = [logic_expression(one.logic) for one in logic.bindings], [fitted(one.type) for one in logic.bindings]

    def run(scope: Scope) -> Value:
        function = called(scope)
        given = arguments(fits, [part(scope) for part in parts])
        if given is None or not isinstance(function, Function):
            return None
        return function.by_name(dict(zip(names, given, strict=True)))

    return run


def _list(logic: ListLogic) -> Expression:
    members = [logic_expression(member) for member in logic.members]
    return lambda scope: [member(scope) for member in members]


def _relation(logic: Relation) -> Expression:
    fits = [(name, fitted(type_)) for name, type_ in logic.columns]
    rows = [
        [(name, logic_expression(cell), fit) for (name, fit), cell in zip(fits, row, strict=True)] for row in logic.rows
    ]
    return lambda scope: [{name: fit(cell(scope)) for name, cell, fit in row} for row in rows]


def _function(logic: FunctionLogic) -> Expression:
    body = logic_expression(logic.body) if logic.kind == "FEEL" else None
    return lambda scope: function_of(logic, scope, run=body)


def _conditional(logic: Conditional) -> Expression:
    """Null where the condition is neither boolean nor null, unlike FEEL's ``if``, as the conformance kit (1150) has it."""
    condition, then, otherwise = map(logic_expression, (logic.condition, logic.then, logic.otherwise))

    def run(scope: Scope) -> Value:
        held = condition(scope)
        if held is True:
            return then(scope)
        return otherwise(scope) if held is None or held is False else None

    return run


def _filter(logic: FilterLogic) -> Expression:
    return filtered(logic_expression(logic.source), logic_expression(logic.match))


def _iterator(logic: IteratorLogic) -> Expression:
    source, result = logic_expression(logic.source), logic_expression(logic.result)
    return iterated(logic.kind, logic.variable, source, result, partial=_mentions(logic.result, "partial"))


def _mentions(logic: Logic, name: str) -> bool:
    """Whether an expression anywhere in *logic* uses that name."""
    left: list[object] = [logic]
    while left:
        part = left.pop()
        if isinstance(part, Name) and part.name == name:
            return True
        if isinstance(part, tuple):
            left.extend(part)
        elif is_dataclass(part):
            left.extend(getattr(part, one.name) for one in fields(part))
    return False


_COMPILERS: Final[dict[type[Logic], Callable[..., Expression]]] = {
    LiteralExpression: _literal,
    DecisionTable: table_expression,
    Context: _context,
    Invocation: _invocation,
    ListLogic: _list,
    Relation: _relation,
    FunctionLogic: _function,
    Conditional: _conditional,
    FilterLogic: _filter,
    IteratorLogic: _iterator,
}
