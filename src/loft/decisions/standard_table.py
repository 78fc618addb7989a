"""Decision tables made ready to run: all rows are tried, in order (DMN 1.5, 8.3)."""

from collections.abc import Callable

from loft.decisions.feel.evaluate import Expression, Scope, Test, expression, test
from loft.decisions.feel.limits import fitted
from loft.decisions.feel.types import ANY, Type
from loft.decisions.feel.values import Value
from loft.decisions.model import DecisionTable, HitPolicy, Input, OutputCell, Row
from loft.decisions.standard_hits import DEFAULT, outcome

Fits = Callable[[list[Value], Scope], bool]


def table_expression(table: DecisionTable) -> Expression:
    """A closure that gives the table's value in a scope."""
    inputs = [input_expression(one) for one in table.inputs]
    rows = [_fits(row) for row in table.rows]
    outputs = [output_expression(table, row.outputs) for row in table.rows]
    default = output_expression(table, tuple(output.default for output in table.outputs))
    first = table.hit_policy is HitPolicy.FIRST

    def run(scope: Scope) -> Value:
        values = [one(scope) for one in inputs]
        fitting = []
        for at, fits in enumerate(rows):
            if fits(values, scope):
                fitting.append(at)
                if first:
                    break
        return outcome(table, fitting, lambda row: (default if row == DEFAULT else outputs[row])(scope))

    return run


def input_expression(one: Input) -> Expression:
    """An input's value; null where it is none of the column's input values."""
    run = expression(one.node)
    if one.allowed is None or one.allowed.tests.always:
        return run
    known = test(one.allowed.tests)

    def within(scope: Scope) -> Value:
        value = run(scope)
        return value if known(value, scope) is True else None

    return within


def _fits(row: Row) -> Fits:
    tests: list[tuple[int, Test]] = [
        (at, test(cell.tests)) for at, cell in enumerate(row.cells) if not cell.tests.always
    ]

    def fits(values: list[Value], scope: Scope) -> bool:
        return all(holds(values[at], scope) is True for at, holds in tests)

    return fits


def output_expression(table: DecisionTable, cells: tuple[OutputCell | None, ...]) -> Expression:
    """One output's value; of several outputs a context by name, each as its column's type has it. An entry that is not there is null.

    One output alone is as the decision's type has it: its column may tell the type of the whole list where several rows fire.
    """
    if len(cells) == 1:
        return _entry(cells[0], ANY)
    parts = [(output.name, _entry(cell, output.type)) for cell, output in zip(cells, table.outputs, strict=True)]
    return lambda scope: {name: part(scope) for name, part in parts}


def _entry(cell: OutputCell | None, column: Type) -> Expression:
    """An entry's value as its own type and its column's have it."""
    if cell is None:
        return lambda scope: None
    run = expression(cell.node)
    if cell.type == column == ANY:
        return run
    own, whole = fitted(cell.type), fitted(column)
    return lambda scope: whole(own(run(scope)))
