"""From the rows that fit to a value: the hit policies (DMN 1.5, 8.2.8)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from loft.decisions.feel.ast import Tests
from loft.decisions.feel.compare import equal
from loft.decisions.feel.evaluate import Test, test
from loft.decisions.feel.functions import BUILTINS
from loft.decisions.feel.values import Value
from loft.decisions.model import Aggregation, Cell, DecisionTable, HitPolicy, Output

DEFAULT: Final = -1
"""Asked of ``output_of`` in place of a row: the default outputs."""

_AGGREGATE: Final = {Aggregation.SUM: "sum", Aggregation.MIN: "min", Aggregation.MAX: "max"}


def outcome(table: DecisionTable, rows: Sequence[int], output_of: Callable[[int], Value]) -> Value:
    """The value of *table* where *rows* fit (indices from 0, in order).

    ``output_of(row)`` gives a row's output: the value where there is one output column, else a context by name. ``output_of(DEFAULT)``
    gives the same of the default entries; it is asked only where there are any. No row and no default: see ``without_rows``. Unique with
    several rows, and Any with rows that differ: null. Priority and output order go by the order of the output values, the first column
    first. Aggregators work on each output column by itself.
    """
    if not rows:
        return output_of(DEFAULT) if has_default(table) else without_rows(table)
    policy = table.hit_policy
    if policy is HitPolicy.FIRST:
        return output_of(rows[0])
    if policy is HitPolicy.UNIQUE:
        return output_of(rows[0]) if len(rows) == 1 else None
    values = [output_of(row) for row in rows]
    if policy is HitPolicy.ANY:
        return values[0] if all(same(values[0], value) for value in values[1:]) else None
    if policy is HitPolicy.PRIORITY:
        return by_priority(table, values)[0]
    if policy is HitPolicy.OUTPUT_ORDER:
        return by_priority(table, values)
    return values if table.aggregation is None else _aggregated(table, values)


def has_default(table: DecisionTable) -> bool:
    """Whether an output column has a default entry."""
    return any(output.default is not None for output in table.outputs)


def without_rows(table: DecisionTable) -> Value:
    """What a table without defaults gives where no row fits: the empty list, a count of 0, else null (suite 0039)."""
    if table.hit_policy.single:
        return None
    if table.aggregation is None:
        return []
    if table.aggregation is not Aggregation.COUNT:
        return None
    return Decimal(0) if len(table.outputs) == 1 else {output.name: Decimal(0) for output in table.outputs}


def same(one: Value, other: Value) -> bool:
    """Whether two outputs are the same; null is the same as null."""
    return equal(one, other) is True


def by_priority(table: DecisionTable, values: Sequence[Value]) -> list[Value]:
    """*values* with those first that come first among the output values; others last; of the same rank as they came."""
    ranks = [_ranks(tests) for tests in map(order_of, table.outputs)]
    if len(table.outputs) == 1:
        return sorted(values, key=lambda value: _rank(ranks[0], value))
    names = [output.name for output in table.outputs]
    return sorted(values, key=lambda value: [_rank(rank, value[name]) for rank, name in zip(ranks, names, strict=True)])


def order_of(output: Output) -> Tests:
    """The output values of a column in order of priority: its own, else those of its type."""
    cell: Cell | None = output.allowed
    return cell.tests if cell is not None else output.type.allowed or Tests()


@lru_cache(maxsize=1_000)
def _ranks(allowed: Tests) -> tuple[Test, ...]:
    return tuple(test(Tests((one,))) for one in allowed.tests)


def _rank(tests: tuple[Test, ...], value: Value) -> int:
    return next((at for at, one in enumerate(tests) if one(value, {}) is True), len(tests))


def _aggregated(table: DecisionTable, values: list[Value]) -> Value:
    if len(table.outputs) == 1:
        return _aggregate(table.aggregation, values)
    return {
        output.name: _aggregate(table.aggregation, [value[output.name] for value in values]) for output in table.outputs
    }


def _aggregate(how: Aggregation | None, values: list[Value]) -> Value:
    if how is None or how is Aggregation.COUNT:
        return Decimal(len(values))
    return BUILTINS[_AGGREGATE[how]].call(values)
