"""What a hit policy makes of the rows that fit, numbered: so that a tree or a chain of conditions need only find a number.

Endings with the same outcome have neighbouring numbers. A case with facts missing may come to several; the lowest and the highest tell
whether they have the same outcome.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from loft.decisions.cells import constant
from loft.decisions.decision import Status
from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.ast import Literal, Node, Tests
from loft.decisions.feel.evaluate import test
from loft.decisions.feel.values import ARITHMETIC
from loft.decisions.model import Aggregation, DecisionTable, HitPolicy, OutputCell
from loft.decisions.standard_hits import has_default, order_of, without_rows
from loft.language import mark

_ORDER = mark(
    "a priority has to be a constant here: write the outputs of hit policy “%(policy)s” as constants, or decide case by case."
)
_SAME = mark(
    "whether outputs that are calculated agree cannot be told over a log: write them as constants, or decide case by case."
)


@dataclass(frozen=True)
class Ending:
    """``outputs`` has a tuple of one cell for each output column: one such tuple for a single outcome, any number for a list.

    ``total`` is the number that an aggregation gives, for each output. ``row`` is the row that fired, from 0, where it is one.
    """

    status: Status
    outputs: tuple[tuple[Node, ...], ...] = ()
    total: tuple[Any, ...] | None = None
    row: int | None = None

    @property
    def outcome(self) -> Hashable:
        """The same for endings that give the same."""
        return self.status, tuple(tuple(worth(node) for node in row) for row in self.outputs), self.total


def worth(node: Node) -> Hashable:
    """The same for expressions that always have the same value."""
    found = constant(node)
    if found is None:
        return "expression", node
    return type(found[0]).__name__, repr(found[0]) if isinstance(found[0], list | dict) else found[0]


class Policy:
    """A table's hit policy, which gives endings numbers as they come up."""

    def __init__(self, table: DecisionTable) -> None:
        self.table, self.hit = table, table.hit_policy
        self.endings: list[Ending] = []
        self._numbers: dict[Ending, int] = {}
        self._worths = [tuple(worth(cell.node) for cell in row.outputs) for row in table.rows]
        self.order = self._ordered()

    @property
    def first(self) -> bool:
        """Whether the first row that fits, in ``order``, is all that matters."""
        return self.hit in (HitPolicy.FIRST, HitPolicy.PRIORITY)

    def seen(self, rows: int, sure: int) -> int:
        """Those of *rows* that can still matter when the rows in *sure* fit for certain."""
        if not self.first or not sure:
            return rows
        kept = 0
        for row in self.order:
            kept |= rows & 1 << row
            if sure >> row & 1:
                break
        return kept

    def ending(self, rows: int) -> int:
        """The number of the ending when just these rows (bits) fit."""
        fit = [row for row in self.order if rows >> row & 1]
        return self.number(self._ending(fit))

    def number(self, ending: Ending) -> int:
        if ending not in self._numbers:
            self._numbers[ending] = len(self.endings)
            self.endings.append(ending)
        return self._numbers[ending]

    def clash(self, one: int, other: int) -> bool:
        """Whether these two rows may not both fit."""
        return self.hit is HitPolicy.UNIQUE or (self.hit is HitPolicy.ANY and self._apart(one, other))

    def _apart(self, one: int, other: int) -> bool:
        return self._worths[one] != self._worths[other]

    def _ending(self, fit: list[int]) -> Ending:
        if not fit:
            return self.none()
        if not self.hit.single:
            return self._listed(fit)
        if not self.first and any(self.clash(fit[0], row) for row in fit[1:]):
            return self._conflict(fit)
        return Ending(Status.DECIDED, (self.cells(fit[0]),), row=fit[0])

    def _conflict(self, fit: list[int]) -> Ending:
        if self.hit is HitPolicy.ANY:
            for row in fit:
                for at, cell in enumerate(self.table.rows[row].outputs):
                    if constant(cell.node) is None:
                        raise RuleError(_SAME, Place(row=row + 1, column=self.table.outputs[at].name, text=cell.text))
        return Ending(Status.CONFLICT)

    def none(self) -> Ending:
        """The ending when no row fits: the defaults, where there are any; else an empty list, or a count of 0."""
        if has_default(self.table):
            defaults = tuple(out.default.node if out.default else Literal(None) for out in self.table.outputs)
            return Ending(Status.DECIDED, (defaults,))
        if without_rows(self.table) is None:
            return Ending(Status.UNMATCHED)
        return Ending(Status.DECIDED, total=None if self.table.aggregation is None else (Decimal(0),))

    def _listed(self, fit: list[int]) -> Ending:
        lists = tuple(self.cells(row) for row in fit)
        if self.table.aggregation is None:
            return Ending(Status.DECIDED, lists)
        if self.table.aggregation is Aggregation.COUNT:
            return Ending(Status.DECIDED, total=(Decimal(len(fit)),))
        columns = [[constant(node) for node in column] for column in zip(*lists, strict=True)]
        if any(value is None for column in columns for value in column):
            return Ending(Status.DECIDED, lists)
        return Ending(
            Status.DECIDED,
            total=tuple(_aggregated(self.table.aggregation, [v[0] for v in column if v]) for column in columns),
        )

    def cells(self, row: int) -> tuple[Node, ...]:
        """The output cells of a row."""
        return tuple(cell.node for cell in self.table.rows[row].outputs)

    def _ordered(self) -> tuple[int, ...]:
        rows = range(len(self.table.rows))
        if self.hit not in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
            return tuple(rows)
        return tuple(sorted(rows, key=lambda row: tuple(self._rank(row, at) for at in range(len(self.table.outputs)))))

    def _rank(self, row: int, at: int) -> int:
        """How high an output's value stands in the output's allowed values; last where it is not among them."""
        output, cell = self.table.outputs[at], self.table.rows[row].outputs[at]
        tests = order_of(output).tests
        if not tests:
            return 0
        value = self._constant(cell, row, output.name)
        return next((n for n, one in enumerate(tests) if test(Tests((one,)))(value, {}) is True), len(tests))

    def _constant(self, cell: OutputCell, row: int, column: str) -> Any:
        found = constant(cell.node)
        if found is None:
            raise RuleError(_ORDER, Place(row=row + 1, column=column, text=cell.text), policy=self.hit.value)
        return found[0]


def _aggregated(aggregation: Aggregation, values: list[Any]) -> Any:
    """The sum, smallest or largest; None where a value is of a kind that has none."""
    try:
        if aggregation is not Aggregation.SUM:
            return min(values) if aggregation is Aggregation.MIN else max(values)
        total = Decimal(0)
        for value in values:
            total = ARITHMETIC.add(total, value)
        return total
    except TypeError:
        return None


def numbered(endings: Sequence[Ending]) -> tuple[list[int], list[tuple[int, int]]]:
    """A number for each ending so that those with the same outcome are neighbours, and the first and last number of each outcome."""
    outcomes: dict[Hashable, list[int]] = {}
    for at, ending in enumerate(endings):
        outcomes.setdefault(ending.outcome, []).append(at)
    numbers, spans = [0] * len(endings), []
    following = 0
    for members in outcomes.values():
        spans.append((following, following + len(members) - 1))
        for at in members:
            numbers[at] = following
            following += 1
    return numbers, spans
