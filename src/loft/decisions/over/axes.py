"""Sets of atoms as conditions on a column."""

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.expr.types import BooleanValue as Truth

from loft.decisions.feel.ast import Tests
from loft.decisions.grid import Axis, bits
from loft.decisions.over.known import Known, either, literal


def inside(axis: Axis, atoms: int, value: Known) -> Truth:
    """Whether a case whose *value* is known falls into one of these atoms: true, or else false or NULL."""
    if isinstance(axis.node, Tests):
        return _holding(atoms, value.value)
    null = len(axis.atoms) - 1
    some = atoms & ~(1 << null)
    all_some = (1 << null) - 1
    if some == all_some:
        found = value.value.notnull()
    elif not _comparable(axis, value):
        # A value of another type than the cells speak of is as good as null.
        return ibis.literal(bool(atoms >> null & 1))
    elif axis.ordered:
        found = _ranges(axis, some, value.value)
    else:
        found = _points(axis, some, value.value)
    if value.full or not atoms >> null & 1:
        return found
    return found | value.value.isnull() if some else value.value.isnull()


def below(axis: Axis, atom: int, value: ir.Value) -> Truth:
    """Whether a known value of an ordered axis falls into an atom before *atom*, which is not the first."""
    here = axis.atoms[atom]
    end = literal(here.low, value).value
    return value < end if here.kind == "point" else value <= end


def simplest(axis: Axis, atoms: int, here: int) -> int:
    """A set that has *atoms* and of the others *here* none, and that takes fewer comparisons: its ends are let go where none is beyond."""
    null = 1 << (len(axis.atoms) - 1)
    some, around = atoms & ~null, here & ~null
    if not axis.ordered or not some:
        return atoms
    lowest, highest = some & -some, 1 << (some.bit_length() - 1)
    if not around & (lowest - 1):
        atoms |= lowest - 1
    if not around >> highest.bit_length():
        atoms |= (null - 1) & ~(highest - 1)
    return atoms


def _holding(atoms: int, value: ir.Value) -> Truth:
    if atoms & 3 == 3:
        return ibis.literal(True)
    return value if atoms & 2 else ~value if atoms & 1 else ibis.literal(False)


def _comparable(axis: Axis, value: Known) -> bool:
    return not axis.points or literal(axis.points[0]).kind == value.kind


def _points(axis: Axis, atoms: int, value: ir.Value) -> Truth:
    """Named values; any other is the atom after the last."""
    other = len(axis.points)
    inverse = bool(axis.atoms[other].kind == "other" and atoms >> other & 1)
    wanted = [
        literal(point, value).value for at, point in enumerate(axis.points) if bool(atoms >> at & 1) is not inverse
    ]
    if value.type().is_boolean():
        return either(value if axis.points[at] else ~value for at in bits(atoms))
    if not wanted:
        return value.notnull() if inverse else ibis.literal(False)
    if len(wanted) == 1:
        return value != wanted[0] if inverse else value == wanted[0]
    return value.notin(wanted) if inverse else value.isin(wanted)


def _ranges(axis: Axis, atoms: int, value: ir.Value) -> Truth:
    """Runs of neighbouring atoms, each between two ends."""
    runs: list[list[int]] = []
    for at in bits(atoms):
        if runs and runs[-1][1] == at - 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    return either(_range(axis.atoms, low, high, value) for low, high in runs)


def _range(atoms: Sequence[Any], first: int, last: int, value: ir.Value) -> Truth:
    low, high = atoms[first], atoms[last]
    if first == last and low.kind == "point":
        return value == literal(low.low, value).value
    ends = []
    if low.low is not None:
        end = literal(low.low, value).value
        ends.append(value >= end if low.kind == "point" else value > end)
    if high.high is not None:
        end = literal(high.high, value).value
        ends.append(value <= end if high.kind == "point" else value < end)
    return ends[0] & ends[1] if len(ends) == 2 else ends[0] if ends else value.notnull()
