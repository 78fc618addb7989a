"""The whole domain of a table as boxes that do not overlap, each with the rows that fit there."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from loft.decisions.errors import TooLarge
from loft.decisions.grid import Axis, Grid
from loft.language import mark

BUDGET = 20_000
"""The most boxes."""

TOO_MANY = mark("the table's rows overlap in more than %(most)s ways; divide it into tables that build on each other.")

Sets = tuple[int, ...]


@dataclass(frozen=True)
class Region:
    """A box of the domain: ``sets`` has the atoms of each axis as a bitset; ``rows`` are the rows that fit everywhere in it, from 0."""

    sets: Sets
    rows: tuple[int, ...]


def regions(
    grid: Grid, *, first: bool = False, order: tuple[int, ...] | None = None, budget: int = BUDGET
) -> tuple[Region, ...]:
    """Boxes that together are the domain and do not overlap, with the rows that fit; none (``rows == ()``) where the table has a gap.

    With ``first`` a box has only the row that comes first in *order* (the rows' own order by default). Raises ``TooLarge`` past the budget.
    """
    domain = tuple(axis.domain for axis in grid.axes)
    boxes: list[Region] = []
    for row in order if order is not None else range(len(grid.table.rows)):
        box = tuple(axis.sets[row] & axis.domain for axis in grid.axes)
        if all(box):
            boxes = _with(boxes, row, box, first)
        if len(boxes) > budget:
            raise TooLarge(TOO_MANY, most=budget)
    for gap in gaps(grid, domain, budget=50 * budget):
        boxes.append(Region(gap, ()))
        if len(boxes) > budget:
            raise TooLarge(TOO_MANY, most=budget)
    return tuple(boxes)


def _with(boxes: list[Region], row: int, box: Sets, first: bool) -> list[Region]:
    """*boxes* with one more row: what it shares with each is a box of both, the rest of it a box of its own."""
    rest, after = [box], []
    for old in boxes:
        shared = tuple(a & b for a, b in zip(old.sets, box, strict=True))
        if not all(shared):
            after.append(old)
            continue
        rest = [piece for part in rest for piece in minus(part, old.sets)]
        if first:
            after.append(old)
        else:
            after.append(Region(shared, (*old.rows, row)))
            after += (Region(piece, old.rows) for piece in minus(old.sets, box))
    return after + [Region(piece, (row,)) for piece in rest]


def minus(box: Sets, other: Sets) -> Iterator[Sets]:
    """*box* without *other*, as boxes that do not overlap."""
    if not all(a & b for a, b in zip(box, other, strict=True)):
        yield box
        return
    left = list(box)
    for i, (own, taken) in enumerate(zip(box, other, strict=True)):
        if outside := own & ~taken:
            yield (*left[:i], outside, *left[i + 1 :])
        left[i] = own & taken


def gaps(grid: Grid, domain: Sets, *, budget: int) -> Iterator[Sets]:
    """The boxes of the domain where no row fits. Raises ``TooLarge`` when finding them takes more than *budget* steps."""
    axes = grid.axes
    wild = _wild_after(grid)
    whole: set[tuple[int, int]] = set()
    steps = count()

    def below(level: int, mask: int, sets: Sets) -> Iterator[Sets]:
        if next(steps) > budget:
            raise TooLarge(TOO_MANY, most=budget)
        if not mask:
            yield (*sets, *domain[level:])
            return
        if level == len(axes) or mask & wild[level] or (level, mask) in whole:
            return
        found = False
        for alive, held in grouped(axes[level], mask, domain[level]):
            for gap in below(level + 1, alive, (*sets, held)):
                found = True
                yield gap
        if not found:
            whole.add((level, mask))

    yield from below(0, grid.every, ())


def _wild_after(grid: Grid) -> list[int]:
    """For each level the rows that hold in all of the domain on it and all later ones."""
    wild, mask = [grid.every] * (len(grid.axes) + 1), grid.every
    for level in range(len(grid.axes) - 1, -1, -1):
        mask &= sure(grid.axes[level])
        wild[level] = mask
    return wild


def sure(axis: Axis) -> int:
    """The rows that hold on all of an axis's domain."""
    return sum(1 << row for row, held in enumerate(axis.sets) if not axis.domain & ~held)


def grouped(axis: Axis, mask: int, domain: int) -> list[tuple[int, int]]:
    """The rows of *mask* that stay alive, with the atoms of the *domain* in which just these do."""
    groups: dict[int, int] = {}
    for atom, rows in enumerate(axis.masks):
        if domain >> atom & 1:
            alive = rows & mask
            groups[alive] = groups.get(alive, 0) | 1 << atom
    return list(groups.items())
