"""What a table gives when certain rows fit: status, value and the rows that fired."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from loft.decisions.cells import constant
from loft.decisions.decision import Status
from loft.decisions.feel.evaluate import Scope
from loft.decisions.feel.values import Months, Value
from loft.decisions.grid import Grid, bits
from loft.decisions.model import HitPolicy
from loft.decisions.standard_hits import has_default, without_rows
from loft.decisions.standard_hits import outcome as value_of_rows
from loft.decisions.standard_table import output_expression


@dataclass(frozen=True, slots=True)
class Outcome:
    """``value`` as DMN gives it (None unless decided), ``rows`` from 1; two outcomes are the same when their ``key`` is."""

    status: Status
    value: Value
    rows: tuple[int, ...]
    key: Hashable


class Outcomes:
    """The outcomes of one table; those that rest on no fact are found once for each set of rows.

    *fit* gives a value as the decision's type has it. ``answers_none``: whether a case that no row fits has an answer.
    """

    def __init__(self, grid: Grid, fit: Callable[[Value], Value]) -> None:
        self.table, self._fit = grid.table, fit
        self.policy = self.table.hit_policy
        self.answers_none = has_default(self.table) or without_rows(self.table) is not None
        defaults = tuple(output.default for output in self.table.outputs)
        self._written = [output_expression(self.table, row.outputs) for row in self.table.rows]
        self._written.append(output_expression(self.table, defaults))  # DEFAULT is the last
        cells = [cell for row in self.table.rows for cell in row.outputs] + [cell for cell in defaults if cell]
        self.constant = all(constant(cell.node) is not None for cell in cells)
        self._known: dict[int, Outcome] = {}

    def of(self, mask: int, scope: Scope) -> Outcome:
        """The outcome when just the rows of *mask* fit. Raises ``Missing`` where an output rests on facts that are not known."""
        if self.constant:
            found = self._known.get(mask)
            if found is None:
                if len(self._known) > 20_000:
                    self._known.clear()
                found = self._known[mask] = self._outcome(mask, scope)
            return found
        return self._outcome(mask, scope)

    def _outcome(self, mask: int, scope: Scope) -> Outcome:
        rows = _rows(mask)
        if self.policy is HitPolicy.FIRST:
            rows = rows[:1]
        values: dict[int, Value] = {}

        def value_of(row: int) -> Value:
            if row not in values:
                values[row] = self._written[row](scope)
            return values[row]

        raw = value_of_rows(self.table, rows, value_of)
        value = self._fit(raw)
        if not rows:
            status = Status.DECIDED if self.answers_none else Status.UNMATCHED
            return Outcome(status, value, (), (status, key_of(value)))
        if self._conflict(rows, value_of):
            return Outcome(Status.CONFLICT, None, tuple(r + 1 for r in rows), (Status.CONFLICT,))
        if self.policy.single:
            rows = [next((row for row in rows if key_of(value_of(row)) == key_of(raw)), rows[0])]
        return Outcome(Status.DECIDED, value, tuple(r + 1 for r in rows), (Status.DECIDED, key_of(value)))

    def _conflict(self, rows: list[int], value_of: Any) -> bool:
        if self.policy is HitPolicy.UNIQUE:
            return len(rows) > 1
        return self.policy is HitPolicy.ANY and len({key_of(value_of(row)) for row in rows}) > 1


def _rows(mask: int) -> list[int]:
    if mask.bit_count() > 50:  # one look at each row is quicker than a number of thousands of bits for each
        return [row for row, bit in enumerate(reversed(f"{mask:b}")) if bit == "1"]
    return list(bits(mask))


def key_of(value: Value) -> Hashable:
    """A key that two values share when FEEL holds them equal; numbers and booleans are kept apart."""
    if isinstance(value, list):
        return ("list", *(key_of(member) for member in value))
    if isinstance(value, dict):
        return ("context", *sorted((name, key_of(part)) for name, part in value.items()))
    if isinstance(value, (bool, Months)):
        return (type(value).__name__, value)
    return value if isinstance(value, Hashable) else id(value)
