"""Which ending a case comes to, as one expression: a number for cases with all facts, the lowest and the highest for the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import ibis
from ibis.expr.types import BooleanValue as Truth
from ibis.expr.types import IntegerValue as Number

from loft.decisions.grid import Axis, Grid
from loft.decisions.over.axes import inside, simplest
from loft.decisions.over.endings import Policy
from loft.decisions.over.known import Known, either
from loft.decisions.over.tree import Branch, Leaf, Tree, bits


@dataclass(frozen=True)
class Asked:
    """The axes of a grid with their values over the log."""

    grid: Grid
    values: Mapping[int, Known]

    def holds(self, axis: int, atoms: int, here: int | None = None) -> Truth:
        """Whether the value of a case falls into *atoms*, when it is known to fall into those that are *here*."""
        if here is not None:
            atoms = simplest(self.grid.axes[axis], atoms, here)
        return inside(self.grid.axes[axis], atoms, self.values[axis])

    def may_hold(self, axis: int, atoms: int, *, unknown: bool, here: int | None = None) -> Truth:
        """The same where the value is known, and *unknown* where it is not."""
        holds, missing = self.holds(axis, atoms, here), self.missing(axis)
        if missing is None:
            return holds
        if unknown:
            return missing | holds
        return holds if self.values[axis].full else ~missing & holds

    def missing(self, axis: int) -> Truth | None:
        """Whether the axis' value is not known; None where it always is."""
        known = self.values[axis].known
        if known is None:
            return None
        empty = self.values[axis].value.isnull()
        return empty if (~empty).op() == known.op() or known.op() == self.values[axis].value.notnull().op() else ~known


def whole(axis: Axis) -> int:
    """All atoms of an axis."""
    return (1 << len(axis.atoms)) - 1


def number(value: int) -> Number:
    return ibis.literal(value, type="int16" if value < 2**15 else "int32")


def by_tree(tree: Tree, asked: Asked, numbers: list[int]) -> Number:
    """The number of the ending for a case with all facts."""
    if isinstance(tree, Leaf):
        return number(numbers[tree.ending])
    parts = sorted(tree.parts, key=lambda part: _last(asked, tree.axis, part[0]))
    here = _here(tree)
    cases = [(asked.holds(tree.axis, atoms, here), by_tree(part, asked, numbers)) for atoms, part in parts[:-1]]
    return ibis.cases(*cases, else_=by_tree(parts[-1][1], asked, numbers))


def _here(branch: Branch) -> int:
    """The atoms that a branch parts."""
    return sum(atoms for atoms, _ in branch.parts)


def _last(asked: Asked, axis: int, atoms: int) -> tuple[bool, int]:
    """What is neither null nor told in a word is asked for last: it is then all that is left."""
    null = len(asked.grid.axes[axis].atoms) - 1
    return bool(atoms >> null & 1) and not asked.values[axis].full, atoms.bit_count()


def bounds(tree: Tree, asked: Asked, numbers: list[int]) -> tuple[Number, Number]:
    """The lowest and the highest number of the endings that the missing facts leave open; -1 and a large one where there is none."""
    beyond = number(len(numbers))
    return (
        _bound(tree, asked, numbers, ibis.least, beyond),
        _bound(tree, asked, numbers, ibis.greatest, number(-1)),
    )


def _bound(tree: Tree, asked: Asked, numbers: list[int], of: Callable[..., Number], none: Number) -> Number:
    if isinstance(tree, Leaf):
        return number(numbers[tree.ending])
    found, here = [], _here(tree)
    for atoms, part in tree.parts:
        possible = bool(atoms & asked.grid.axes[tree.axis].domain)
        reached = asked.may_hold(tree.axis, atoms, unknown=possible, here=here)
        found.append(ibis.ifelse(reached, _bound(part, asked, numbers, of, none), none))
    return found[0] if len(found) == 1 else of(*found)


# --- row by row, where a tree would be too large --------------------------------------------------------------------


def fits(row: int, asked: Asked, *, surely: bool) -> Truth:
    """Whether the row fits *surely*, or may fit; its cells are asked in turn, those that tell most first."""
    conditions = []
    for at in sorted(range(len(asked.grid.axes)), key=lambda at: _share(asked.grid.axes[at], row)):
        axis = asked.grid.axes[at]
        atoms = axis.sets[row]
        if atoms != whole(axis):
            unknown = not axis.domain & ~atoms if surely else bool(atoms & axis.domain)
            conditions.append(asked.may_hold(at, atoms, unknown=unknown))
    return _all(conditions)


def complete(row: int, asked: Asked) -> Truth:
    """Whether the row fits a case with all facts."""
    axes = sorted(range(len(asked.grid.axes)), key=lambda at: _share(asked.grid.axes[at], row))
    sets = ((at, asked.grid.axes[at].sets[row]) for at in axes)
    return _all([asked.holds(at, atoms) for at, atoms in sets if atoms != whole(asked.grid.axes[at])])


def _share(axis: Axis, row: int) -> float:
    """How much of an axis a row leaves open."""
    return (axis.sets[row] & axis.domain).bit_count() / max(axis.domain.bit_count(), 1)


def _all(truths: list[Truth]) -> Truth:
    return reduce(lambda a, b: a & b, truths) if truths else ibis.literal(True)


def clashes(grid: Grid, policy: Policy) -> dict[int, tuple[int, ...]]:
    """For each row the later ones that it may not fit together with, and could."""
    found: dict[int, tuple[int, ...]] = {}
    if policy.first:
        return found
    for row in range(len(grid.table.rows)):
        together = grid.every >> (row + 1) << (row + 1)
        for axis in grid.axes:
            some = 0
            for atom in bits(axis.sets[row]):
                some |= axis.masks[atom]
            together &= some
        found[row] = tuple(other for other in bits(together) if policy.clash(row, other))
    return found


def by_rows(asked: Asked, policy: Policy, numbers: Callable[[int], int], conflict: int) -> Number:
    """The number of the ending for a case with all facts, the rows being tried in turn. *numbers* gives that of rows that fit (bits)."""
    apart = clashes(asked.grid, policy)
    whole_fits = {row: complete(row, asked) for row in policy.order}
    cases = []
    for row in policy.order:
        ending = number(numbers(1 << row))
        if apart.get(row):
            ending = ibis.ifelse(either(whole_fits[other] for other in apart[row]), number(conflict), ending)
        cases.append((whole_fits[row], ending))
    return ibis.cases(*cases, else_=number(numbers(0)))


def first_sure(asked: Asked, policy: Policy) -> Number:
    """The place in the policy's order of the first row that fits for certain; the number of rows where none does."""
    cases = [(fits(row, asked, surely=True), number(at)) for at, row in enumerate(policy.order)]
    return ibis.cases(*cases, else_=number(len(cases)))


def bounds_by_rows(
    asked: Asked, policy: Policy, numbers: Callable[[int], int], conflict: int, sure: Number
) -> tuple[Number, Number]:
    """Bounds as ``bounds`` gives them, from the rows that may fit: never too narrow, now and then too wide. *sure* is ``first_sure``."""
    apart = clashes(asked.grid, policy)
    possible = {row: fits(row, asked, surely=False) for row in policy.order}
    reached = [(sure == len(policy.order), numbers(0))]
    for at, row in enumerate(policy.order):
        reached.append((possible[row] & (sure >= at) if policy.first else possible[row], numbers(1 << row)))
        if apart.get(row):
            reached.append((possible[row] & either(possible[other] for other in apart[row]), conflict))
    endings = [ending for _, ending in reached]
    beyond = number(max(endings) + 1), number(-1)
    low, high = ([ibis.ifelse(truth, number(ending), none) for truth, ending in reached] for none in beyond)
    return ibis.least(*low), ibis.greatest(*high)
