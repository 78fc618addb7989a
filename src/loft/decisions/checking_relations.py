"""Cells that look at other facts, taken together: ``< limit`` and ``>= limit`` in one column say one thing, not two.

The grid has an axis for each such cell, as if each could hold or not whatever the others do. Here those of one column that compare with
the same expression become one axis with three atoms: the value is below it, equals it, is above it. Others that say the same, or just
the opposite, become one axis too.
"""

from dataclasses import replace
from typing import Final

from loft.decisions.feel.ast import Compared, ListOf, Name, Node, RangeOf, Tests
from loft.decisions.feel.children import every
from loft.decisions.feel.evaluate import Expression, Scope, expression, test
from loft.decisions.feel.writing import text_of
from loft.decisions.grid import Atom, Axis, Grid, bits

BELOW, SAME, ABOVE = 1, 2, 4
_EVER: Final = BELOW | SAME | ABOVE
_SIGNS = {"<": BELOW, "<=": BELOW | SAME, "=": SAME, "!=": BELOW | ABOVE, ">=": SAME | ABOVE, ">": ABOVE}
_TEXTS = {1: "< {}", 3: "<= {}", 2: "{}", 5: "not({})", 6: ">= {}", 4: "> {}"}
_RELATED = (
    Atom("relation", "<", possible=True),
    Atom("relation", "=", possible=True),
    Atom("relation", ">", possible=True),
)


def together(grid: Grid) -> Grid:
    """*grid* with the axes of cells that go together made one; its other axes as they are."""
    plain = [axis for axis in grid.axes if axis.cell is None]
    groups: dict[tuple[int, Node], list[tuple[Axis, int]]] = {}
    for axis in grid.axes:
        if axis.cell is not None and isinstance(axis.node, Tests):
            against, atoms = _meaning(axis.node)
            groups.setdefault((axis.column, against), []).append((axis, atoms))
    made = [_one(grid, column, against, axes) for (column, against), axes in groups.items()]
    return replace(grid, axes=(*plain, *made))


def text_of_relation(axis: Axis, atoms: int) -> str:
    """The unary test that an axis made here limits its column to."""
    if isinstance(axis.node, Tests):
        text = text_of(axis.node)
        return text if atoms == 2 else f"not({text})"
    return _TEXTS[atoms].format(text_of(axis.node))


def _meaning(tests: Tests) -> tuple[Node, int]:
    """The expression that a cell compares its column with, and how (``BELOW``, ``SAME``, ``ABOVE``); or its tests, and 2 (1 for not)."""
    found = [_compared(part) for part in tests.tests]
    against = {node for one in found if one for node in [one[0]]}
    if None in found or len(against) != 1:
        return Tests(tests.tests), 1 if tests.negated else 2
    signs = 0
    for one in found:
        signs |= one[1] if one else 0
    return against.pop(), signs ^ _EVER if tests.negated else signs


def _compared(part: Node) -> tuple[Node, int] | None:
    if isinstance(part, Compared):
        return part.value, _SIGNS[part.sign]
    looks = any(node == Name("?") for node in every(part))
    return None if looks or isinstance(part, RangeOf | ListOf | Tests) else (part, SAME)


def _one(grid: Grid, column: int, against: Node, axes: list[tuple[Axis, int]]) -> Axis:
    """One axis for cells of a column that rest on the same."""
    rows = len(grid.table.rows)
    atoms = (Atom("holds", False), Atom("holds", True)) if isinstance(against, Tests) else _RELATED
    whole = (1 << len(atoms)) - 1
    sets = [whole] * rows
    for axis, held in axes:
        assert axis.cell is not None
        sets[axis.cell[0]] &= held
    masks = tuple(sum(1 << row for row, held in enumerate(sets) if held >> atom & 1) for atom in range(len(atoms)))
    needs = frozenset[str]().union(*(axis.needs for axis, _ in axes))
    value = expression(grid.table.inputs[column].node)
    return replace(
        axes[0][0], node=against, atoms=(*atoms, Atom("null")), masks=(*masks, 0), sets=tuple(sets), domain=whole, needs=needs,
        evaluate=_holds(value, against) if isinstance(against, Tests) else _relation(value, against), find=int,
    )  # fmt: skip


def _holds(value: Expression, tests: Tests) -> Expression:
    holds = test(tests)

    def evaluate(scope: Scope) -> int:
        return int(holds(value(scope), scope) is True)

    return evaluate


def _relation(value: Expression, against: Node) -> Expression:
    """The number of the atom: 0 below, 1 the same, 2 above, and 3 where they cannot be compared."""
    tests = [test(Tests((Compared("<", against),))), test(Tests((against,))), test(Tests((Compared(">", against),)))]

    def evaluate(scope: Scope) -> int:
        mine = value(scope)
        held = sum(1 << atom for atom, holds in enumerate(tests) if holds(mine, scope) is True)
        return next(bits(held), 3)

    return evaluate
