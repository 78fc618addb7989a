"""A decision and all that it requires, over a log: required ones first, their outputs in columns that are taken away at the end."""

import ibis
import ibis.expr.types as ir
from ibis.expr.types import IntegerValue as Number

from loft.decisions.decision import Status
from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.ast import Tests
from loft.decisions.grid import Grid, limit
from loft.decisions.model import LiteralExpression
from loft.decisions.network import Unit
from loft.decisions.over import words
from loft.decisions.over.conditions import Asked, bounds, by_tree, whole
from loft.decisions.over.endings import Ending, Policy, numbered
from loft.decisions.over.expressions import NOT_OVER, compiled, tests
from loft.decisions.over.known import Known, either, every
from loft.decisions.over.listing import listed
from loft.decisions.over.outputs import Found, outputs
from loft.decisions.over.sheet import Sheet
from loft.decisions.over.tree import Tree, size, tree

SMALL = 2
"""A tree with at most so many branches for each row is asked also when all facts are known."""


def run(unit: Unit, sheet: Sheet, place: Place) -> Found:
    """What *unit* comes to for every case; the sheet's scope has what it requires. Raises ``RuleError`` with decision, row, column."""
    try:
        if unit.grid is not None:
            return _table(unit.grid, sheet)
        if isinstance(unit.node.logic, LiteralExpression):
            return _expression(compiled(unit.node.logic.node, sheet.scope))
        raise RuleError(NOT_OVER, what=type(unit.node.logic).__name__)
    except RuleError as error:
        raise error.at(place) from None


def _expression(value: Known) -> Found:
    known = ibis.literal(True) if value.known is None else value.known
    decided = ibis.ifelse(known, Status.DECIDED.value, Status.UNDECIDED.value)
    shown = Known(ibis.ifelse(known, value.value, None), value.kind, known)
    return Found((shown,), ibis.null("int64"), decided)


def _table(grid: Grid, sheet: Sheet) -> Found:
    policy = Policy(grid.table)
    asked = Asked(grid, {at: _axis(grid, at, sheet) for at in range(len(grid.axes)) if _matters(grid, at)})
    grown = tree(grid, policy)
    if grown is None and not policy.hit.single:
        return listed(asked, policy, sheet)
    low, high = _by_tree(grown, asked, policy, sheet) if grown else _by_words(asked, policy, sheet)
    return outputs(grid.table, policy.endings, low, high, sheet.scope)


def _matters(grid: Grid, axis: int) -> bool:
    return any(atoms != whole(grid.axes[axis]) for atoms in grid.axes[axis].sets)


def _axis(grid: Grid, at: int, sheet: Sheet) -> Known:
    axis = grid.axes[at]
    column = grid.table.inputs[axis.column]
    row = None if axis.cell is None else axis.cell[0] + 1
    try:
        if not isinstance(axis.node, Tests):
            return sheet.kept(compiled(axis.node, sheet.scope))
        held = tests(axis.node, _limited(limit(column), compiled(column.node, sheet.scope), sheet), sheet.scope)
    except RuleError as error:
        raise error.at(Place(row=row, column=column.label or column.text)) from None
    return sheet.kept(Known(held.value.fill_null(False), "boolean", held.known, full=True))


def _limited(limits: Tests | None, value: Known, sheet: Sheet) -> Known:
    """*value*, null where it is outside the limits of its column."""
    if limits is None:
        return value
    inside = tests(limits, value, sheet.scope)
    held = ibis.ifelse(inside.value.fill_null(False), value.value, ibis.null(value.value.type()))
    return Known(held, value.kind, every([value.known, inside.known]))


def _some_missing(asked: Asked) -> ir.BooleanValue | None:
    missing = [truth for at in asked.values if (truth := asked.missing(at)) is not None]
    return either(missing) if missing else None


def _bounded(
    sheet: Sheet, some: ir.BooleanValue | None, whole: Number, parts: tuple[Number, Number]
) -> tuple[Number, Number]:
    """The ending of a case with all facts, and the bounds of the others."""
    if some is None:
        kept = sheet.keep(whole)
        return kept, kept
    low = sheet.keep(ibis.ifelse(some, parts[0], whole))
    return low, sheet.keep(ibis.ifelse(some, parts[1], low))


def _by_tree(grown: Tree, asked: Asked, policy: Policy, sheet: Sheet) -> tuple[Number, Number]:
    rows = len(asked.grid.table.rows)
    if policy.hit.single and size(grown) > SMALL * rows + 10:
        _all_endings(policy)
        numbers, _ = numbered(policy.endings)
        answered = words.ending(asked, policy, sheet, numbers, numbers[policy.number(_CONFLICT)])
    else:
        numbers, _ = numbered(policy.endings)
        answered = by_tree(grown, asked, numbers)
    return _bounded(sheet, _some_missing(asked), answered, bounds(grown, asked, numbers))


def _by_words(asked: Asked, policy: Policy, sheet: Sheet) -> tuple[Number, Number]:
    _all_endings(policy)
    numbers, _ = numbered(policy.endings)
    return words.bounds(asked, policy, sheet, numbers, numbers[policy.number(_CONFLICT)])


_CONFLICT = Ending(Status.CONFLICT)


def _all_endings(policy: Policy) -> None:
    """Numbers for each row by itself, none, and the conflict."""
    for row in policy.order:
        policy.ending(1 << row)
    policy.ending(0)
    policy.number(_CONFLICT)
