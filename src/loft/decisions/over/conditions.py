"""Which ending a case comes to, as one expression: a number for cases with all facts, the lowest and the highest for the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
from ibis.expr.types import BooleanValue as Truth
from ibis.expr.types import IntegerValue as Number

from loft.decisions.grid import Axis, Grid
from loft.decisions.over.axes import inside, simplest
from loft.decisions.over.known import Known
from loft.decisions.over.tree import Branch, Leaf, Tree


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
