"""A table's grid as a tree of questions about its inputs, each leaf an outcome: what is exact when facts are missing.

A branch parts the atoms of one axis. A case whose value is known goes to the one part that has its atom; a case whose value is missing
goes to all parts that have an atom of the axis' domain, and it is decided when all leaves it comes to have the same outcome. No other
completions exist, so this is three-valued evaluation without loss.
"""

from dataclasses import dataclass

from loft.decisions.grid import Axis, Grid, bits
from loft.decisions.over.endings import Policy

LEAVES = 400
"""Leaves of the largest tree that is written out."""


@dataclass(frozen=True)
class Leaf:
    """The rows that fit here are known: ``ending`` is what the policy makes of them."""

    ending: int


@dataclass(frozen=True)
class Branch:
    """``parts`` are sets of atoms (bits) of an axis, disjoint and together all its atoms here, each with what follows."""

    axis: int
    parts: tuple[tuple[int, "Leaf | Branch"], ...]


Tree = Leaf | Branch


class _FullError(Exception):
    """There are more leaves than are allowed."""


def tree(grid: Grid, policy: Policy, *, leaves: int = LEAVES) -> Tree | None:
    """The tree of *grid*; None where it would have more than *leaves*."""
    growing = _Growing(grid, policy, leaves)
    try:
        return growing.grow(grid.every, tuple((1 << len(axis.atoms)) - 1 for axis in grid.axes))
    except _FullError:
        return None


def size(tree: Tree) -> int:
    """How many parts all branches have."""
    return 0 if isinstance(tree, Leaf) else sum(1 + size(part) for _, part in tree.parts)


class _Growing:
    """What is the same for all branches while a tree grows."""

    def __init__(self, grid: Grid, policy: Policy, leaves: int) -> None:
        self.axes, self.policy, self.left = grid.axes, policy, leaves
        self.done: dict[tuple[int, tuple[int, ...]], tuple[Tree, int]] = {}

    def grow(self, rows: int, sets: tuple[int, ...]) -> Tree:
        """The tree for the *rows* that may still fit and the atoms that are left of each axis."""
        rows, groups = self._live(rows, sets)
        key = rows, tuple(atoms for atoms, group in zip(sets, groups, strict=True) if len(group) > 1)
        if key not in self.done:
            before = self.left
            self.done[key] = self._grown(rows, sets, groups), before - self.left
            return self.done[key][0]
        found, leaves = self.done[key]
        self._spend(leaves)
        return found

    def _grown(self, rows: int, sets: tuple[int, ...], groups: list[dict[int, int]]) -> Tree:
        rows = self.policy.seen(rows, self._sure(rows, groups))
        groups = [_grouped(axis, atoms, rows) for axis, atoms in zip(self.axes, sets, strict=True)]
        open_axes = [at for at, group in enumerate(groups) if len(group) > 1]
        if not open_axes:
            self._spend(1)
            return Leaf(self.policy.ending(rows))
        axis, parts = min(
            ((at, _parted(self.axes[at], sets[at], groups[at])) for at in open_axes),
            key=lambda chosen: _cost(chosen[1]),
        )
        before = self.left
        below = [(atoms, self.grow(fit, (*sets[:axis], atoms, *sets[axis + 1 :]))) for atoms, fit in parts]
        first = below[0][1]
        if isinstance(first, Leaf) and all(part == first for _, part in below):
            self.left = before - 1
            return first
        return Branch(axis, tuple(below))

    def _live(self, rows: int, sets: tuple[int, ...]) -> tuple[int, list[dict[int, int]]]:
        """The rows that an atom is left for on every axis, and each axis' atoms by the rows that fit them."""
        while True:
            groups = [_grouped(axis, atoms, rows) for axis, atoms in zip(self.axes, sets, strict=True)]
            fit = rows
            for group in groups:
                fit &= _any(group)
            if fit == rows:
                return rows, groups
            rows = fit

    def _sure(self, rows: int, groups: list[dict[int, int]]) -> int:
        """The rows that fit whatever atom it is."""
        for group in groups:
            for fit in group:
                rows &= fit
        return rows

    def _spend(self, leaves: int) -> None:
        self.left -= leaves
        if self.left < 0:
            raise _FullError


def _any(group: dict[int, int]) -> int:
    rows = 0
    for fit in group:
        rows |= fit
    return rows


def _grouped(axis: Axis, atoms: int, rows: int) -> dict[int, int]:
    """Rows that fit → the atoms where just these do."""
    groups: dict[int, int] = {}
    for atom in bits(atoms):
        fit = axis.masks[atom] & rows
        groups[fit] = groups.get(fit, 0) | 1 << atom
    return groups


def _parted(axis: Axis, atoms: int, groups: dict[int, int]) -> list[tuple[int, int]]:
    """The atoms in parts, each with the rows that may fit there: in two where the axis has an order, else by the rows that fit.

    Null is a part of its own: it has no place in the order.
    """
    nulls = sum(1 << at for at in bits(atoms) if axis.atoms[at].kind == "null")
    if not axis.ordered or len(groups) == 2:
        return [(part, fit) for fit, part in groups.items()]
    fits = {at: fit for fit, part in groups.items() for at in bits(part)}
    places = list(bits(atoms & ~nulls))
    up, down = [0], [0]
    for at in places:
        up.append(up[-1] | fits[at])
    for at in reversed(places):
        down.append(down[-1] | fits[at])
    cuts = [n for n in range(1, len(places)) if fits[places[n - 1]] != fits[places[n]]]
    null_part = [(nulls, _fit(nulls, fits))] if nulls else []
    if not cuts:
        return [*null_part, (atoms & ~nulls, up[-1])]
    cut = min(cuts, key=lambda n: up[n].bit_count() ** 2 + down[len(places) - n].bit_count() ** 2)
    low = sum(1 << at for at in places[:cut])
    return [*null_part, (low, up[cut]), (atoms & ~nulls & ~low, down[len(places) - cut])]


def _fit(atoms: int, fits: dict[int, int]) -> int:
    rows = 0
    for at in bits(atoms):
        rows |= fits[at]
    return rows


def _cost(parts: list[tuple[int, int]]) -> tuple[float, int]:
    """How much is left to tell apart: few rows in each part, and few rows in several parts."""
    left = sum((fit.bit_count() + 1) ** 2 for _, fit in parts)
    return left / len(parts) ** 0.5, len(parts)
