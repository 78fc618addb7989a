"""The geometry of a table: rows as boxes of atoms, and the part of a box that no row covers, found exactly.

A box has, for each axis, the atoms it spans as the bits of an integer. A row is a box; a table is complete when its rows cover the box
of all that may occur. Whether boxes cover a box is hard in general (it is the complement of satisfiability), so work is counted in
steps, and ``Spent`` is raised when they are used up.

The search cuts a box in two along one axis, around a row that covers much of it or else where the halves share the fewest rows, until
a half has a row that covers it or no row at all: the unate recursive paradigm of two-level logic (Brayton and others, "Logic
Minimization Algorithms for VLSI Synthesis", 1984). Rows that nowhere overlap also allow a count: they cover a box exactly when their
sizes add up to its size.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import numpy as np

from loft.decisions.grid import Grid, bits

Box = tuple[int, ...]
"""For each axis the atoms, as bits."""

_Pieces = tuple[tuple[int, int], ...]
"""Of one axis: rows that hold, and the atoms where just these rows hold."""


class Spent(Exception):  # noqa: N818 - not an error: the bound on work was reached
    """The steps are used up."""


@dataclass
class Steps:
    """A bound on work: one step is one look at some rows of one atom."""

    left: int

    def take(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Spent


@dataclass(frozen=True)
class Space:
    """What may occur (``domain``), the box of each row within it, and for each axis and atom the rows whose cells hold there (bits)."""

    domain: Box
    boxes: tuple[Box, ...]
    masks: tuple[tuple[int, ...], ...]
    every: int


def space_of(grid: Grid, domain: Box) -> Space:
    """The space of *grid*, within *domain*."""
    sets = [[atoms & limit for atoms in axis.sets] for limit, axis in zip(domain, grid.axes, strict=True)]
    boxes = tuple(tuple(column[row] for column in sets) for row in range(len(grid.table.rows)))
    return Space(domain, boxes, tuple(axis.masks for axis in grid.axes), grid.every)


def volume(box: Box) -> int:
    """How many combinations of atoms *box* spans."""
    size = 1
    for atoms in box:
        size *= atoms.bit_count()
    return size


def common(one: Box, other: Box) -> Box | None:
    """The box that lies in both; None where there is none."""
    shared = tuple(a & b for a, b in zip(one, other, strict=True))
    return shared if all(shared) else None


def within(inner: Box, outer: Box) -> bool:
    """Whether *outer* spans all of *inner*."""
    return all(not a & ~b for a, b in zip(inner, outer, strict=True))


def touching(space: Space, box: Box) -> int:
    """The rows that hold somewhere in *box*."""
    return reduce(and_, (_any(m, atoms) for m, atoms in zip(space.masks, box, strict=True)), space.every)


def meeting(space: Space, steps: Steps) -> tuple[int, ...]:
    """For each row the other rows that hold somewhere where it does. Raises ``Spent``."""
    met = [space.every] * len(space.boxes)
    for axis, masks in enumerate(space.masks):
        seen: dict[int, int] = {}
        for row, box in enumerate(space.boxes):
            atoms = box[axis]
            if atoms not in seen:
                steps.take(atoms.bit_count() * _width(space.every))
                seen[atoms] = _any(masks, atoms)
            met[row] &= seen[atoms]
    return tuple(rows & ~(1 << row) for row, rows in enumerate(met))


def uncovered(
    space: Space,
    box: Box,
    rows: int,
    *,
    steps: Steps,
    met: tuple[int, ...] = (),
    told: list[Box] | None = None,
    used: set[int] | None = None,
) -> Iterator[Box]:
    """Boxes that do not overlap and together are what *rows* leave uncovered of *box*; none where they cover it.

    *met* (from ``meeting``) allows the count. Boxes within one of *told* are left out; the caller may add to it between two.
    The rows that the cover rests on are added to *used*. Raises ``Spent``.
    """
    if not all(box):
        return
    steps.take(_width(space.every) * sum(atoms.bit_count() for atoms in box))
    told, used = ([] if told is None else told), (set() if used is None else used)
    pieces = tuple(_pieces(m, atoms) for m, atoms in zip(space.masks, box, strict=True))
    stack: list[tuple[Box, tuple[_Pieces, ...], int]] = [(box, pieces, touching(space, box) & rows)]
    while stack:
        box, pieces, alive = stack.pop()
        if any(within(box, other) for other in told):
            continue
        if not alive:
            yield box
            continue
        steps.take(_width(alive) * (1 + sum(map(len, pieces))))
        pieces = tuple(_merged(axis, alive) for axis in pieces)
        covering = reduce(and_, (reduce(and_, (m for m, _ in axis)) for axis in pieces), alive)
        if covering:
            if not any(covering >> row & 1 for row in used):
                used.add(next(bits(covering)))
            continue
        if met and _filled(space, box, alive, met, steps):
            used.update(bits(alive))
            continue
        cut = _around_largest(space, box, pieces, alive, steps) or _cheapest(pieces)
        stack.extend(_halves(box, pieces, alive, cut))


def grown(space: Space, box: Box, first: tuple[int, ...] = ()) -> Box:
    """A largest box around *box* that no row touches, where none touches *box*: the axes *first*, then those that grow to the whole."""
    grown = list(box)
    holding = [_any(masks, atoms) for masks, atoms in zip(space.masks, box, strict=True)]

    def free(axis: int) -> int:
        rows = reduce(and_, holding[:axis] + holding[axis + 1 :], space.every)
        masks = space.masks[axis]
        return sum(1 << atom for atom in bits(space.domain[axis]) if not masks[atom] & rows)

    for whole in (True, False):
        for axis in (*first, *(a for a in range(len(box)) if a not in first)):
            reach = free(axis)
            if reach != grown[axis] and (reach == space.domain[axis] or not whole):
                grown[axis], holding[axis] = reach, _any(space.masks[axis], reach)
    return tuple(grown)


def sampled(space: Space, generator: np.random.Generator, cases: int) -> Iterator[tuple[Box, int]]:
    """*cases* points drawn from the domain, each with the rows that hold there."""
    atoms = [list(bits(domain)) for domain in space.domain]
    if not all(atoms):
        return
    drawn = [generator.integers(0, len(choice), cases).tolist() for choice in atoms]
    for case in range(cases):
        point = [choice[column[case]] for choice, column in zip(atoms, drawn, strict=True)]
        rows = reduce(and_, (m[atom] for m, atom in zip(space.masks, point, strict=True)), space.every)
        yield tuple(1 << atom for atom in point), rows


def _any(masks: tuple[int, ...], atoms: int) -> int:
    """The rows that hold at any of *atoms*."""
    return reduce(or_, (masks[atom] for atom in bits(atoms)), 0)


def _width(rows: int) -> int:
    """How much slower an operation on so many rows is."""
    return 1 + rows.bit_length() // 2048


def _pieces(masks: tuple[int, ...], atoms: int) -> _Pieces:
    return tuple((masks[atom], 1 << atom) for atom in bits(atoms))


def _merged(pieces: _Pieces, alive: int) -> _Pieces:
    """Pieces with only the rows *alive*, those where the same rows hold made one."""
    if len(pieces) == 1:
        return ((pieces[0][0] & alive, pieces[0][1]),)
    merged: dict[int, int] = {}
    for rows, atoms in pieces:
        rows &= alive
        merged[rows] = merged.get(rows, 0) | atoms
    return tuple(merged.items())


def _filled(space: Space, box: Box, alive: int, met: tuple[int, ...], steps: Steps) -> bool:
    """Whether rows that do not overlap each other add up to the size of *box*; False where they overlap."""
    rows = list(bits(alive))
    steps.take(len(rows))
    if any(met[row] & alive for row in rows):
        return False
    steps.take(len(rows) * len(box))
    sizes = (volume(tuple(a & b for a, b in zip(space.boxes[row], box, strict=True))) for row in rows)
    return sum(sizes) == volume(box)


def _halves(
    box: Box, pieces: tuple[_Pieces, ...], alive: int, cut: tuple[int, Container[int]]
) -> list[tuple[Box, tuple[_Pieces, ...], int]]:
    """*box* cut in two: the axis, and the pieces on one side. The half with fewer rows is last, to be looked at first."""
    axis, chosen = cut
    halves = []
    for side in (True, False):
        part = tuple(piece for k, piece in enumerate(pieces[axis]) if (k in chosen) is side)
        rows, atoms = reduce(or_, (m for m, _ in part)), reduce(or_, (a for _, a in part))
        half = (*box[:axis], atoms, *box[axis + 1 :])
        halves.append((half, (*pieces[:axis], part, *pieces[axis + 1 :]), alive & rows))
    return sorted(halves, key=lambda half: -half[2].bit_count())


def _around_largest(
    space: Space, box: Box, pieces: tuple[_Pieces, ...], alive: int, steps: Steps
) -> tuple[int, Container[int]] | None:
    """The cut along an edge of the row that covers most of *box*; None where that is less than a quarter.

    Where rows overlap much this soon leaves a half that the row covers; other cuts would look at each overlap again and again.
    """
    rows = list(bits(alive))
    steps.take(len(rows) * len(box) // 4)
    sizes = [(volume(tuple(a & b for a, b in zip(space.boxes[row], box, strict=True))), -row) for row in rows]
    size, row = max(sizes)
    if 4 * size < volume(box):
        return None
    cuts = []
    for axis, parts in enumerate(pieces):
        inside = [k for k, (holding, _) in enumerate(parts) if holding >> -row & 1]
        if len(inside) < len(parts):
            outside = (m for k, (m, _) in enumerate(parts) if k not in inside)
            cuts.append(
                (_cost(reduce(or_, (parts[k][0] for k in inside)), reduce(or_, outside)), axis, frozenset(inside))
            )
    return min(cuts, key=lambda cut: cut[:2])[1:]


def _cheapest(pieces: tuple[_Pieces, ...]) -> tuple[int, Container[int]]:
    """The cut whose halves have the fewest rows: a run of pieces from the first, or one piece alone."""
    cuts = (_cheapest_of(parts, axis) for axis, parts in enumerate(pieces) if len(parts) > 1)
    return min(cuts, key=lambda cut: cut[:2])[1:]


def _cheapest_of(pieces: _Pieces, axis: int) -> tuple[int, int, range]:
    last = len(pieces) - 1
    after = [0] * (last + 2)
    for k in range(last, -1, -1):
        after[k] = after[k + 1] | pieces[k][0]
    best, before = (-1, axis, range(0)), 0
    for k, (rows, _) in enumerate(pieces):
        alone = _cost(rows, before | after[k + 1])
        if best[0] < 0 or alone < best[0]:
            best = (alone, axis, range(k, k + 1))
        before |= rows
        if k < last:
            cost = _cost(before, after[k + 1])
            if cost < best[0]:
                best = (cost, axis, range(k + 1))
    return best


def _cost(one: int, other: int) -> int:
    """What two halves with these rows will take: more rows take more than in proportion, and rows in both count twice."""
    return one.bit_count() ** 2 + other.bit_count() ** 2
