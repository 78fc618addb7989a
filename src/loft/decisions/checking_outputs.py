"""The outputs of a table as constants: whether rows agree, which goes first, and whether values are allowed."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property

from loft.decisions.checking_findings import Finding, Kind, Severity
from loft.decisions.errors import Missing, RuleError
from loft.decisions.feel.ast import ListOf, Name, Node, Tests
from loft.decisions.feel.children import every
from loft.decisions.feel.conform import conforms
from loft.decisions.feel.evaluate import expression, test
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.types import Type
from loft.decisions.feel.values import Value
from loft.decisions.feel.writing import text_of_value
from loft.decisions.model import Aggregation, Cell, DecisionTable, HitPolicy, Output, OutputCell
from loft.decisions.outcomes import key_of
from loft.language import mark

_CLOCK = ("now", "today")


class _Unknown:
    """An output that depends on the case."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()


def constant(node: Node) -> Value:
    """The value of an expression that rests on no facts; ``UNKNOWN`` where it does, or on the clock."""
    if any(isinstance(part, Name) and part.name in _CLOCK for part in every(node)):
        return UNKNOWN
    try:
        return expression(node)({})
    except (Missing, RuleError):
        return UNKNOWN


@dataclass(frozen=True)
class Constants:
    """A table's outputs as far as they are the same for all cases. ``type`` is the decision's, where the column tells none."""

    table: DecisionTable
    type: Type

    @cached_property
    def values(self) -> tuple[tuple[Value, ...], ...]:
        """For each row, for each output, its value or ``UNKNOWN``."""
        return tuple(tuple(constant(cell.node) for cell in row.outputs) for row in self.table.rows)

    def same(self, one: int, other: int) -> bool | None:
        """Whether two rows give the same: None where that depends on the case."""
        cells = zip(self.table.rows[one].outputs, self.table.rows[other].outputs, strict=True)
        agree: list[bool | None] = []
        for (mine, theirs), a, b in zip(cells, self.values[one], self.values[other], strict=True):
            known = a is not UNKNOWN and b is not UNKNOWN
            agree.append(kind(a) == kind(b) and a == b if known else True if mine.node == theirs.node else None)
        return False if False in agree else None if None in agree else True

    @cached_property
    def alike(self) -> tuple[int, ...]:
        """For each row the rows (bits) that are sure to give the same, itself among them."""
        keys: list[Hashable] = []
        for row, values in zip(self.table.rows, self.values, strict=True):
            cells = zip(row.outputs, values, strict=True)
            keys.append(tuple(cell.node if value is UNKNOWN else key_of(value) for cell, value in cells))
        together: dict[Hashable, int] = {}
        for number, key in enumerate(keys):
            together[key] = together.get(key, 0) | 1 << number
        return tuple(together[key] for key in keys)

    @cached_property
    def ahead(self) -> tuple[int, ...]:
        """For each row the rows (bits) whose outputs have a higher priority, or the same and stand before."""
        ranked = sorted((rank, row) for row, rank in enumerate(self._ranks) if rank is not None)
        found, before = [0] * len(self._ranks), 0
        for _, row in ranked:
            found[row] = before
            before |= 1 << row
        return tuple(found)

    @cached_property
    def _ranks(self) -> tuple[tuple[int, ...] | None, ...]:
        orders = [_order(output) for output in self.table.outputs]
        return tuple(self._rank(values, orders) for values in self.values)

    def _rank(self, values: tuple[Value, ...], orders: list[list[Value]]) -> tuple[int, ...] | None:
        """The places of the outputs among the allowed values; None where one is not known or not among them."""
        places = []
        for value, order in zip(values, orders, strict=True):
            if not order:
                continue
            if value is UNKNOWN or value not in order:
                return None
            places.append(order.index(value))
        return tuple(places)

    def type_of(self, output: Output) -> Type:
        """What a value in this column should be."""
        if output.type.kind != "Any" or len(self.table.outputs) > 1:
            return output.type
        whole = self.table.type if self.table.type.kind != "Any" else self.type
        if self.table.hit_policy.single or whole.kind != "list":
            return whole if self.table.aggregation is not Aggregation.COUNT else output.type
        return whole.member or output.type


def _order(output: Output) -> list[Value]:
    """The allowed values in order of priority; empty where none are told."""
    tests = output.allowed.tests if output.allowed else output.type.allowed
    if tests is None:
        return []
    nodes = (part for node in tests.tests for part in (node.values if isinstance(node, ListOf) else (node,)))
    return [value for value in map(constant, nodes) if value is not UNKNOWN]


def outputs(constants: Constants, decision: str) -> Iterator[Finding]:
    """Constant outputs of another type or outside the allowed values, and what else is odd about the outputs."""
    for number, output in enumerate(constants.table.outputs):
        type_, name = constants.type_of(output), output.name or output.label
        for row, cell, value in _told(constants, number, output):
            yield from _misfit(decision, type_, output.allowed, (row, name, cell, value))
        yield from _constant(constants, decision, number, name)
    yield from _priority(constants.table, decision)
    yield from _aggregation(constants, decision)


def _told(constants: Constants, number: int, output: Output) -> Iterator[tuple[int | None, OutputCell, Value]]:
    """Each output cell of a column with its row (from 1; None for the default) and value, where that is known."""
    for row, (cells, values) in enumerate(zip(constants.table.rows, constants.values, strict=True), start=1):
        if values[number] is not UNKNOWN:
            yield row, cells.outputs[number], values[number]
    if output.default is not None and (value := constant(output.default.node)) is not UNKNOWN:
        yield None, output.default, value


def _misfit(
    decision: str, type_: Type, allowed: Cell | None, told: tuple[int | None, str, OutputCell, Value]
) -> Iterator[Finding]:
    row, name, cell, value = told
    rows = () if row is None else (row,)
    if value is None:
        return
    values: tuple[tuple[str, object], ...] = (("cell", cell.text),)
    if not conforms(value, type_):
        text, values = _TYPE if rows else _TYPE_DEFAULT, (*values, ("type", type_.called))
    elif (limit := _limit(value, type_, allowed)) is not None:
        text, values = _ALLOWED if rows else _ALLOWED_DEFAULT, (*values, ("allowed", limit))
    else:
        return
    yield Finding(Kind.OUTPUT, Severity.ERROR, decision, text, rows, column=name, values=values)


def _limit(value: Value, type_: Type, allowed: Cell | None) -> str | None:
    """The allowed values that *value* is not among; None where it is allowed."""
    if allowed is not None and not _holds(allowed.tests, value):
        return allowed.text
    if type_.allowed is None:
        return None
    members = value if isinstance(value, list) else [value]
    if all(member is None or _holds(type_.allowed, member) for member in members):
        return None
    return type_.name or ", ".join(text_of_value(value) for value in map(constant, type_.allowed.tests))


def _holds(tests: Tests, value: Value) -> bool:
    """Whether the allowed values have *value*; where they rest on facts it is not held against it."""
    try:
        return test(tests)(value, {}) is True
    except (Missing, RuleError):
        return True


def _constant(constants: Constants, decision: str, number: int, name: str) -> Iterator[Finding]:
    column = [values[number] for values in constants.values]
    alike = len(column) > 1 and all(value is not UNKNOWN and value == column[0] for value in column)
    if alike and constants.table.outputs[number].default is None:
        yield Finding(
            Kind.CONSTANT, Severity.NOTE, decision, _SAME, column=name, values=(("value", text_of_value(column[0])),)
        )


def _priority(table: DecisionTable, decision: str) -> Iterator[Finding]:
    if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(map(_order, table.outputs)):
        yield Finding(Kind.PRIORITY, Severity.ERROR, decision, _NO_ORDER)


def _aggregation(constants: Constants, decision: str) -> Iterator[Finding]:
    if constants.table.aggregation in (None, Aggregation.COUNT):
        return
    if len(constants.table.outputs) > 1:
        yield Finding(Kind.AGGREGATION, Severity.WARNING, decision, _SEVERAL)
    rows = tuple(
        row
        for row, values in enumerate(constants.values, start=1)
        if any(value is not UNKNOWN and kind(value) != "number" for value in values)
    )
    if rows:
        sums = constants.table.aggregation is Aggregation.SUM
        severity = Severity.WARNING if sums else Severity.NOTE
        yield Finding(Kind.AGGREGATION, severity, decision, _NO_NUMBERS, rows)


_TYPE = mark("row %(row)s gives “%(cell)s” for “%(column)s”, which should be of type %(type)s.")
_TYPE_DEFAULT = mark("the default “%(cell)s” for “%(column)s” should be of type %(type)s.")
_ALLOWED = mark("row %(row)s gives “%(cell)s” for “%(column)s”, which is not among the allowed values: %(allowed)s.")
_ALLOWED_DEFAULT = mark("the default “%(cell)s” for “%(column)s” is not among the allowed values: %(allowed)s.")
_SAME = mark("all rows give the same for “%(column)s”: %(value)s.")
_NO_ORDER = mark(
    "the hit policy goes by priority, but no output tells its values in order of priority. Add output values."
)
_SEVERAL = mark("hits are put together into one number, but there are several outputs. Keep one.")
_NO_NUMBERS = mark("hits are put together into one number, but these rows do not give numbers: %(rows)s.")
