"""The names that an expression uses and does not bring itself: what a decision requires is found from them."""

from collections.abc import Iterator

from loft.decisions.feel.ast import Node
from loft.decisions.feel.needs import needs
from loft.decisions.model import DecisionTable, LiteralExpression, Logic


def used_names(logic: Logic | None) -> frozenset[str]:
    """Names in scope that a table or a literal expression uses, built-in functions among them."""
    if isinstance(logic, LiteralExpression):
        return needs(logic.node)
    if not isinstance(logic, DecisionTable):
        return frozenset()
    nodes: set[Node] = {column.node for column in logic.inputs}
    nodes |= {column.allowed.tests for column in logic.inputs if column.allowed}
    nodes |= {column.allowed.tests for column in logic.outputs if column.allowed}
    nodes |= {column.default.node for column in logic.outputs if column.default}
    nodes |= {cell.tests for row in logic.rows for cell in row.cells}
    nodes |= {cell.node for row in logic.rows for cell in row.outputs}
    found: frozenset[str] = frozenset()
    return found.union(*map(needs, nodes)) - {"?"}


def texts_in(logic: Logic | None) -> Iterator[str]:
    """The FEEL texts of a table or a literal expression that names may stand in."""
    if isinstance(logic, LiteralExpression):
        yield logic.text
    elif isinstance(logic, DecisionTable):
        yield from (column.text for column in logic.inputs)
        yield from (column.allowed.text for column in logic.inputs if column.allowed)
        yield from (column.allowed.text for column in logic.outputs if column.allowed)
        yield from (column.default.text for column in logic.outputs if column.default)
        for row in logic.rows:
            yield from (cell.text for cell in row.cells)
            yield from (cell.text for cell in row.outputs)
