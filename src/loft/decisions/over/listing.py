"""Aggregations over a log where the rows overlap in too many ways for a tree: each row counts by itself.

A case with facts missing is decided where the rows that may fit are those that fit in any case.
"""

from collections.abc import Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis.expr.types import BooleanValue as Truth

from loft.decisions.decision import Status
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.model import Aggregation
from loft.decisions.over.conditions import Asked
from loft.decisions.over.endings import Ending, Policy
from loft.decisions.over.known import Known, every
from loft.decisions.over.outputs import Found, of_ending, together
from loft.decisions.over.sheet import Sheet
from loft.decisions.over.words import Fitting, Words, bit
from loft.language import mark

TOO_MANY = mark(
    "the rows overlap in too many ways to list what fits over a log; decide case by case, or divide the table."
)


def listed(asked: Asked, policy: Policy, sheet: Sheet) -> Found:
    """What a table that collects and aggregates comes to, for every case. Raises ``TooLarge`` for lists without an aggregation."""
    if policy.table.aggregation is None:
        raise TooLarge(TOO_MANY)
    found = Fitting(asked, policy, sheet)
    sure, same = found.sure(), None
    if found.some is not None:
        same = sheet.keep(reduce(lambda a, b: a & b, (p == s for p, s in zip(found.possible, sure, strict=True))))
    some = sheet.keep(reduce(lambda a, b: a | b, (word != 0 for word in sure)))
    none = policy.none()
    columns = []
    for at, output in enumerate(policy.table.outputs):
        try:
            value = _value(at, sure, policy, sheet)
            columns.append(_or_none(value, some, none, at, sheet))
        except RuleError as error:
            raise error.at(Place(column=output.name)) from None
    known = every([same, *(column.known for column in columns)])
    status = ibis.ifelse(some, Status.DECIDED.value, none.status.value)
    if known is not None:
        columns = [
            Known(ibis.ifelse(known, c.value, ibis.null(c.value.type())), c.kind, known, c.full) for c in columns
        ]
        status = ibis.ifelse(known, status, Status.UNDECIDED.value)
    return Found(tuple(columns), ibis.null("int64"), status)


def _value(at: int, sure: Words, policy: Policy, sheet: Sheet) -> Known:
    """One output of the rows that fit."""
    held = [bit(sure, place) for place in range(len(policy.order))]
    aggregation = policy.table.aggregation
    if aggregation is Aggregation.COUNT:
        return Known(_sum([ibis.ifelse(one, 1, 0) for one in held]), "number", full=True)
    parts = together(
        [of_ending(at, Ending(Status.DECIDED, (policy.cells(row),), row=row), sheet.scope) for row in policy.order]
    )
    if aggregation is Aggregation.SUM:
        zero = ibis.literal(0).cast(parts[0].value.type())
        total = _sum([ibis.ifelse(one, part.value, zero) for one, part in zip(held, parts, strict=True)])
        return Known(total, "number", _known(held, parts))
    ends = [ibis.ifelse(one, part.value, ibis.null(part.value.type())) for one, part in zip(held, parts, strict=True)]
    pick = ibis.least if aggregation is Aggregation.MIN else ibis.greatest
    return Known(pick(*ends), parts[0].kind, _known(held, parts))


def _known(held: Sequence[Truth], parts: Sequence[Known]) -> Truth | None:
    """Whether the outputs of the rows that fit are known."""
    return every([~one | part.known for one, part in zip(held, parts, strict=True) if part.known is not None])


def _sum(values: Sequence[ir.Value]) -> ir.Value:
    """The sum, added up in pairs, so that the expression is not as deep as there are rows."""
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return _sum(values[:middle]) + _sum(values[middle:])


def _or_none(value: Known, some: Truth, none: Ending, at: int, sheet: Sheet) -> Known:
    """The value, or what there is when no row fits."""
    if none.status is not Status.DECIDED:
        return Known(ibis.ifelse(some, value.value, ibis.null(value.value.type())), value.kind, value.known)
    other = of_ending(at, none, sheet.scope)
    value, other = together([value, other])
    known = every([value.known, other.known])
    return Known(ibis.ifelse(some, value.value, other.value), value.kind, known)
