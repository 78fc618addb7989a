"""The outputs of the ending that a case comes to, as columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from loft.decisions.cells import constant
from loft.decisions.decision import Status
from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.ast import Node
from loft.decisions.model import DecisionTable
from loft.decisions.over.endings import Ending, numbered
from loft.decisions.over.expressions import NOT_OVER, Scope, compiled
from loft.decisions.over.known import Known, every, literal, plain
from loft.language import mark

MIXED = mark("the outputs are of several types (%(types)s), which one column cannot hold; decide case by case.")
CALCULATED = mark("a list of values that are calculated cannot be made over a log; decide case by case.")


@dataclass(frozen=True)
class Found:
    """For each case the outputs, the row that fired and the status. ``settled`` is whether all completions have one outcome."""

    outputs: tuple[Known, ...]
    row: ir.IntegerValue
    status: ir.StringValue


def outputs(
    table: DecisionTable, endings: Sequence[Ending], low: ir.IntegerValue, high: ir.IntegerValue, scope: Scope
) -> Found:
    """What the cases between these endings come to. *low* and *high* are numbers as ``numbered`` gives them."""
    numbers, spans = numbered(endings)
    ordered = [endings[at] for at in sorted(range(len(endings)), key=lambda at: numbers[at])]
    settled = low == high
    if len(spans) < len(ordered):
        outcome = [at for at, (first, last) in enumerate(spans) for _ in range(first, last + 1)]
        settled = settled | ((low <= high) & (_looked_up(low, outcome, _whole) == _looked_up(high, outcome, _whole)))
    values = tuple(_output(table, at, ordered, low, scope) for at in range(len(table.outputs)))
    known = every([settled, *(value.known for value in values)])
    assert known is not None
    values = tuple(
        Known(ibis.ifelse(known, value.value, ibis.null(value.value.type())), value.kind, known, value.full)
        for value in values
    )
    status = _looked_up(low, [ending.status.value for ending in ordered], ibis.literal)
    rows = [-1 if ending.row is None else ending.row + 1 for ending in ordered]
    row = _looked_up(low, rows, lambda row: ibis.null("int64") if row < 0 else _whole(row))
    same = (low == high) & known
    return Found(
        values,
        ibis.ifelse(same, row.cast("int64"), ibis.null("int64")),
        ibis.ifelse(known, status, Status.UNDECIDED.value),
    )


def _whole(value: int) -> ir.Value:
    return ibis.literal(value, type="int32")


def _looked_up(number: ir.IntegerValue, found: Sequence[Any], make: Callable[[Any], ir.Value]) -> ir.Value:
    """``found[number]``, by halving; neighbours that are the same are one."""
    starts = [at for at in range(len(found)) if at == 0 or found[at] != found[at - 1]]

    def between(first: int, last: int) -> ir.Value:
        if first == last:
            return make(found[starts[first]])
        middle = (first + last + 1) // 2
        return ibis.ifelse(number < starts[middle], between(first, middle - 1), between(middle, last))

    return between(0, len(starts) - 1)


def _output(table: DecisionTable, at: int, ordered: Sequence[Ending], low: ir.IntegerValue, scope: Scope) -> Known:
    """One output of each ending."""
    try:
        if not table.hit_policy.single and table.aggregation is None:
            return _listed(at, ordered, low)
        return _by_number([of_ending(at, ending, scope) for ending in ordered], low)
    except RuleError as error:
        raise error.at(Place(column=table.outputs[at].name)) from None


def of_ending(at: int, ending: Ending, scope: Scope) -> Known:
    """One output of an ending. Raises ``RuleError`` with the row for what cannot be run over a log."""
    if ending.total is not None:
        return literal(ending.total[at] if len(ending.total) > 1 else ending.total[0])
    if not ending.outputs:
        return literal(None)
    if len(ending.outputs) > 1:
        raise RuleError(CALCULATED)
    node = ending.outputs[0][at]
    try:
        return _constant(node) or compiled(node, scope)
    except RuleError as error:
        raise error.at(Place(row=None if ending.row is None else ending.row + 1)) from None


def _constant(node: Node) -> Known | None:
    found = constant(node)
    if found is None:
        return None
    try:
        return literal(found[0])
    except TypeError:
        raise RuleError(NOT_OVER, what=type(found[0]).__name__) from None


def together(parts: Sequence[Known]) -> list[Known]:
    """The values as they go into one column: of one type, nulls too. Raises ``RuleError`` where there are several types."""
    kinds = sorted({part.kind for part in parts} - {"Null"})
    if len(kinds) > 1:
        raise RuleError(MIXED, types=", ".join(kinds))
    kind = kinds[0] if kinds else "Null"
    column = _type(parts, kind)
    return [
        Known(part.value.cast(column) if part.kind != "Null" else ibis.null(column), kind, part.known, part.full)
        for part in parts
    ]


def _by_number(parts: Sequence[Known], low: ir.IntegerValue) -> Known:
    """The value that is at each number."""
    written = [(part.value.op(), None if part.known is None else part.known.op()) for part in parts]
    places = [written.index(one) for one in written]
    made = together(parts)

    def known(at: int) -> ir.Value:
        found = made[at].known
        return ibis.literal(True) if found is None else found

    all_known = None if all(part.known is None for part in made) else _looked_up(low, places, known)
    value = _looked_up(low, places, lambda at: made[at].value)
    return Known(value, made[0].kind, all_known, all(part.full for part in made))


def _type(parts: Sequence[Known], kind: str) -> Any:
    """The type of a column that holds all of them: numbers are whole where all are, else floating."""
    types = [part.value.type() for part in parts if part.kind != "Null"]
    if not types:
        return "string"
    if kind in ("number", "days and time duration", "years and months duration"):
        return "int64" if all(one.is_integer() for one in types) else "float64"
    return types[0]


def _listed(at: int, ordered: Sequence[Ending], low: ir.IntegerValue) -> Known:
    """The list of one output."""
    lists: list[list[Any]] = []
    for ending in ordered:
        found = [constant(row[at]) for row in ending.outputs]
        if any(value is None for value in found):
            raise RuleError(CALCULATED)
        lists.append([plain(value[0]) for value in found if value])
    member = _member([value for one in lists for value in one])
    kind = f"array<{member}>"
    # PostgreSQL knows the type of an empty array from a cast alone, which ibis leaves out where the types are the same.
    empty = ibis.literal([], type="array<int8>").cast(kind)
    return Known(_looked_up(low, lists, lambda one: ibis.literal(one, type=kind) if one else empty), "list")


def _member(values: Sequence[Any]) -> str:
    types = {type(value) for value in values if value is not None}
    if types <= {int, float}:
        return "int64" if types == {int} else "float64"
    if len(types) > 1:
        raise RuleError(MIXED, types=", ".join(sorted(one.__name__ for one in types)))
    found = {"str": "string", "bool": "boolean", "date": "date", "datetime": "timestamp", "time": "time"}
    return found.get(next(iter(types)).__name__, "string")
