"""A table cut into the finest pieces that its cells tell apart.

Every input column becomes an ``Axis``: its values fall into **atoms** (numbers below 5, exactly 5, between 5 and 8, …), and inside an
atom every cell of the column holds throughout or nowhere. For each atom one integer, the **mask**, has bit *r* set where row *r*'s cell
holds. The rows that fit a case are then the masks of its atoms, and-ed; everything else that is asked of a table (which facts still
matter, gaps, overlaps, counterfactuals, one expression for a whole log) is asked of the same grid, so the answers cannot disagree.

A cell that looks at other facts than its own column (``< other fact``, a call with ``?``) becomes an axis of its own with two atoms:
it does not hold, it holds.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from loft.decisions.atoms import Atom, cut
from loft.decisions.cells import Meaning, Piece, meaning
from loft.decisions.errors import Place, TooLarge
from loft.decisions.feel.ast import Node, Tests
from loft.decisions.feel.evaluate import Expression, Scope, expression, test
from loft.decisions.feel.needs import needs
from loft.decisions.feel.types import BOOLEAN, Type
from loft.decisions.model import LARGEST, DecisionTable, Input
from loft.decisions.standard_table import input_expression
from loft.language import mark

__all__ = ["Atom", "Axis", "Grid", "grid", "sure"]

_PARTED = ("list", "context", "range", "function")

TOO_MANY_ROWS = mark(
    "the table has %(rows)s rows; the most is %(most)s. Divide it into tables that build on each other."
)


@dataclass(frozen=True)
class Axis:
    """One input, cut into atoms.

    ``node`` is the expression whose value falls into the atoms. ``column`` is the input column's index (the first, where several have
    the same expression); ``cell`` the (row, column), both from 0, of an axis made from one cell. ``domain`` has bit *a* set where atom
    *a* may occur: the allowed values; null only where a cell or the allowed values speak of it. ``ordered``: atoms go from low to high
    and ``points`` are the ends.
    """

    node: Node
    type: Type
    atoms: tuple[Atom, ...]
    masks: tuple[int, ...]
    sets: tuple[int, ...]
    """For each row, the atoms in which its cells of this axis hold."""
    domain: int
    column: int
    cell: tuple[int, int] | None
    ordered: bool
    points: tuple[Any, ...]
    needs: frozenset[str]
    """Names in scope that the value rests on."""
    evaluate: Expression = field(compare=False)
    find: Callable[[Any], int] = field(compare=False)
    """The index of the atom that a value falls into; -1 for what no atom holds (``atoms.cut``)."""
    odd: Callable[[Any], int] = field(compare=False)
    """The rows that hold for a value that no atom holds."""

    def rows(self, value: Any) -> int:
        """The rows that hold for a value."""
        at = self.find(value)
        return self.masks[at] if at >= 0 else self.odd(value)

    def find_in(self, scope: Scope) -> int:
        """The index of the atom for a case, null's where no atom holds it; raises ``Missing`` where facts are not known."""
        at = self.find(self.evaluate(scope))
        return at if at >= 0 else len(self.atoms) - 1


@dataclass(frozen=True)
class Grid:
    """A table's axes. ``every`` has a bit set for each row."""

    table: DecisionTable
    axes: tuple[Axis, ...]
    every: int


def grid(table: DecisionTable, *, place: Place | None = None) -> Grid:
    """*table* cut into atoms.

    Takes time and memory of the order of rows × distinct ends for each column. Raises ``TooLarge`` past ``model.LARGEST`` rows.
    """
    if len(table.rows) > LARGEST:
        raise TooLarge(TOO_MANY_ROWS, place, rows=len(table.rows), most=LARGEST)
    together: dict[tuple[Node, Tests | None], list[int]] = {}
    for index, column in enumerate(table.inputs):
        together.setdefault((column.node, limit(column)), []).append(index)
    axes = [axis for columns in together.values() for axis in _axes(table, columns)]
    return Grid(table, tuple(axes), (1 << len(table.rows)) - 1)


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set, from low to high."""
    while number:
        low = number & -number
        yield low.bit_length() - 1
        number ^= low


def sure(axis: Axis, domain: int) -> int:
    """The rows that hold on all of *domain*, atoms of an axis."""
    return sum(1 << row for row, held in enumerate(axis.sets) if not domain & ~held)


def limit(column: Input) -> Tests | None:
    """The allowed values of a column, outside of which its value counts as null (DMN 1.5, 8.3.3); None where there are no limits."""
    return None if column.allowed is None or column.allowed.tests.always else column.allowed.tests


def _axes(table: DecisionTable, columns: list[int]) -> Iterable[Axis]:
    """The axis of the columns with the same expression and limits, and one for each of their cells that looks elsewhere."""
    first = table.inputs[columns[0]]
    limits = limit(first)
    known: dict[Tests, Meaning | None] = {}
    written = [row.cells[column] for row in table.rows for column in columns]
    for cell in written:
        if cell.tests not in known:
            known[cell.tests] = meaning(cell.tests)
    allowed = [m for tests in limits_of(table.inputs, columns) if (m := meaning(tests)) is not None]
    plain = [m for m in known.values() if m is not None]
    pieces = [piece for m in (*plain, *allowed) for piece in m.pieces]
    atoms, points, ordered, find = cut(pieces, first.type)
    if find is None or first.type.kind in _PARTED or (limits is not None and meaning(limits) is None):
        # Values of several kinds in one column, or with parts or limits of their own: every cell is asked by itself.
        known = {tests: (m if m is not None and m.always else None) for tests, m in known.items()}
        allowed, pieces = [], []
        atoms, points, ordered, find = cut([], first.type)
    assert find is not None
    null = len(atoms) - 1
    held = {tests: _held(tests, m, points, atoms, ordered) for tests, m in known.items() if m is not None}
    everywhere = (1 << len(atoms)) - 1
    within = _set(meaning(limits) or Meaning(always=True), points, atoms, ordered) if limits and pieces else everywhere
    sets = []
    for row in table.rows:
        held_here = everywhere
        for column in columns:
            held_here &= held.get(row.cells[column].tests, everywhere)
        as_null = everywhere if held_here >> null & 1 else 0
        sets.append((held_here & within) | (as_null & ~within))
    domain = sum(1 << a for a, atom in enumerate(atoms) if atom.possible)
    for m in allowed:
        domain &= _set(m, points, atoms, ordered) | 1 << null
    if any(piece.null for piece in pieces):
        domain |= 1 << null
    value = input_expression(first)
    masks = _transposed(sets, len(atoms))
    yield Axis(
        first.node, first.type, atoms, masks, tuple(sets), domain, columns[0], None, ordered, points,
        needs(first.node), expression(first.node), find, _odd(table, columns, held.keys(), limits, masks[null]),
    )  # fmt: skip
    for index, row in enumerate(table.rows):
        for column in columns:
            if known[row.cells[column].tests] is None:
                yield _alone(table, index, column, value)


def limits_of(inputs: Sequence[Input], columns: Iterable[int]) -> Iterator[Tests]:
    """The allowed values of columns and of their types."""
    for column in columns:
        if (cell := inputs[column].allowed) is not None:
            yield cell.tests
        if (tests := inputs[column].type.allowed) is not None and inputs[column].type.kind != "list":
            yield tests


def _held(tests: Tests, m: Meaning, points: Sequence[Any], atoms: Sequence[Atom], ordered: bool) -> int:
    """The atoms in which a cell holds; whether it holds for null, evaluation itself tells."""
    null = len(atoms) - 1
    if m.always:
        return (1 << len(atoms)) - 1
    return _set(m, points, atoms, ordered) | (test(tests)(None, {}) is True) << null


def _set(m: Meaning, points: Sequence[Any], atoms: Sequence[Atom], ordered: bool) -> int:
    """The atoms, null apart, that a meaning covers."""
    some = (1 << (len(atoms) - 1)) - 1
    if m.always:
        return some
    found = 0
    for piece in m.pieces:
        if not piece.null:
            found |= _between(piece, points, len(atoms)) if ordered else 1 << points.index(piece.low)
    return found ^ some if m.negated else found


def _between(piece: Piece, points: Sequence[Any], atoms: int) -> int:
    """The atoms of a range on an ordered axis: point *i* is atom 2i+1, what lies before it 2i."""
    low = 0 if piece.low is None else 2 * bisect_left(points, piece.low) + (1 if piece.low_closed else 2)
    high = atoms - 2 if piece.high is None else 2 * bisect_left(points, piece.high) + (1 if piece.high_closed else 0)
    return ((1 << (high - low + 1)) - 1) << low if high >= low else 0


def _odd(
    table: DecisionTable, columns: list[int], plain: Iterable[Tests], limits: Tests | None, null: int
) -> Callable[[Any], int]:
    """The rows whose *plain* cells hold for a value, by evaluating each different cell; those of *null* outside the limits."""
    asking = dict.fromkeys((tests for tests in plain if not tests.always), 0)
    for index, row in enumerate(table.rows):
        for column in columns:
            if row.cells[column].tests in asking:
                asking[row.cells[column].tests] |= 1 << index
    known = None if limits is None else test(limits)

    def odd(value: Any) -> int:
        if known is not None and known(value, {}) is not True:
            return null
        rows = (1 << len(table.rows)) - 1
        for tests, own in asking.items():
            if rows & own and test(tests)(value, {}) is not True:
                rows &= ~own
        return rows

    return odd


def _transposed(sets: Sequence[int], atoms: int) -> tuple[int, ...]:
    """For each atom the rows that hold in it, from the atoms of each row; by what changes from one atom to the next."""
    changes = [0] * (atoms + 1)
    for row, held in enumerate(sets):
        edges = held ^ (held << 1)
        while edges:
            lowest = edges & -edges
            changes[lowest.bit_length() - 1] |= 1 << row
            edges ^= lowest
    masks, mask = [], 0
    for atom in range(atoms):
        mask ^= changes[atom]
        masks.append(mask)
    return tuple(masks)


def _alone(table: DecisionTable, index: int, column: int, value: Expression) -> Axis:
    """The axis of a cell that looks at other facts: it does not hold, it holds."""
    tests = table.rows[index].cells[column].tests
    holds = test(tests)
    node, limits = table.inputs[column].node, limit(table.inputs[column])
    every = (1 << len(table.rows)) - 1
    masks = (every ^ 1 << index, every, every ^ 1 << index)
    sets = tuple(2 if row == index else 7 for row in range(len(table.rows)))
    atoms = (Atom("holds", False, False, False), Atom("holds", True, True, True), Atom("null"))

    def evaluate(scope: Scope) -> bool:
        return holds(value(scope), scope) is True

    needed = needs(node) | ((needs(tests) | (needs(limits) if limits else frozenset())) - {"?"})
    return Axis(
        tests, BOOLEAN, atoms, masks, sets, 3, column, (index, column), False, (), needed, evaluate, int, lambda value: 0
    )  # fmt: skip
