"""A table cut into the finest pieces that its cells tell apart.

Every input column becomes an ``Axis``: its values fall into **atoms** (numbers below 5, exactly 5, between 5 and 8, …), and inside an
atom every cell of the column holds throughout or nowhere. For each atom one integer, the **mask**, has bit *r* set where row *r*'s cell
holds. The rows that fit a case are then the masks of its atoms, and-ed; everything else that is asked of a table (which facts still
matter, gaps, overlaps, counterfactuals, one expression for a whole log) is asked of the same grid, so the answers cannot disagree.

A cell that looks at other facts than its own column (``< other fact``, a call with ``?``) becomes an axis of its own with two atoms:
it does not hold, it holds.
"""

from dataclasses import dataclass, field
from typing import Any

from loft.decisions.feel.ast import Node
from loft.decisions.feel.evaluate import Expression, Scope
from loft.decisions.feel.types import Type
from loft.decisions.model import DecisionTable


@dataclass(frozen=True)
class Atom:
    """A piece of an axis.

    ``kind`` is ``point`` (one value: ``low``), ``between`` (``low`` < value < ``high``; None: without end), ``other`` (any value of the
    type that no cell names), ``null`` or ``holds`` (``low`` is True or False). ``sample`` is a value inside it.
    """

    kind: str
    low: Any = None
    high: Any = None
    sample: Any = None


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
    domain: int
    column: int
    cell: tuple[int, int] | None
    ordered: bool
    points: tuple[Any, ...]
    needs: frozenset[str]
    """Names in scope that the value rests on."""
    evaluate: Expression = field(compare=False)

    def find(self, value: Any) -> int:
        """The index of the atom that *value* falls into; of the null atom for what is of another type."""
        raise NotImplementedError

    def find_in(self, scope: Scope) -> int:
        """The index of the atom for a case; raises ``Missing`` where facts are not known."""
        return self.find(self.evaluate(scope))


@dataclass(frozen=True)
class Grid:
    """A table's axes. ``every`` has a bit set for each row."""

    table: DecisionTable
    axes: tuple[Axis, ...]
    every: int


def grid(table: DecisionTable) -> Grid:
    """*table* cut into atoms. Takes no longer than rows × log rows for each column. Raises ``TooLarge`` past ``model.LARGEST`` rows."""
    raise NotImplementedError
