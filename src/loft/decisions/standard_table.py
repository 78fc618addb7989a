"""Decision tables made ready to run: all rows are tried, in order (DMN 1.5, 8.3)."""

from collections.abc import Callable

from loft.decisions.feel.evaluate import Expression, Scope, Test, expression, test
from loft.decisions.feel.values import Value
from loft.decisions.model import DecisionTable, HitPolicy, OutputCell, Row
from loft.decisions.standard_hits import DEFAULT, outcome

Fits = Callable[[list[Value], Scope], bool]


def table_expression(table: DecisionTable) -> Expression:
    """A closure that gives the table's value in a scope."""
    inputs = [expression(one.node) for one in table.inputs]
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


def _fits(row: Row) -> Fits:
    tests: list[tuple[int, Test]] = [
        (at, test(cell.tests)) for at, cell in enumerate(row.cells) if not cell.tests.always
    ]

    def fits(values: list[Value], scope: Scope) -> bool:
        return all(holds(values[at], scope) is True for at, holds in tests)

    return fits


def output_expression(table: DecisionTable, cells: tuple[OutputCell | None, ...]) -> Expression:
    """One output's value; of several outputs a context by name. An entry that is not there is null."""
    parts = [None if cell is None else expression(cell.node) for cell in cells]
    if len(parts) == 1:
        only = parts[0]
        return (lambda scope: None) if only is None else only
    names = [output.name for output in table.outputs]
    return lambda scope: {name: None if part is None else part(scope) for name, part in zip(names, parts, strict=True)}
