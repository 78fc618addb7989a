"""Values over a log: a column, and beside it whether it is known. SQL's NULL alone cannot tell "not known" from FEEL's null."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.expr.types import BooleanValue as Truth

from loft.decisions.feel.values import Months

LARGEST_WHOLE = 2**63 - 1
LONGEST_DECIMAL = 38


@dataclass(frozen=True)
class Known:
    """A value of each case.

    ``known`` is None where it is known of all. Where ``known`` is true and ``value`` is NULL, it is FEEL's null; that cannot be where
    ``full``. ``kind`` is the FEEL type's (``loft.decisions.feel.types``). A days and time duration is a number of seconds, a years and
    months duration a number of months.
    """

    value: ir.Value
    kind: str
    known: Truth | None = None
    full: bool = False
    parts: Mapping[str, "Known"] | None = None
    """The outputs of a decision with several."""


def every(truths: Iterable[Truth | None]) -> Truth | None:
    """All of them; None stands for what is true of all cases."""
    some = list({truth.op(): truth for truth in truths if truth is not None}.values())
    return reduce(lambda a, b: a & b, some) if some else None


def either(truths: Iterable[Truth]) -> Truth:
    """Any of them."""
    some = list(truths)
    return reduce(lambda a, b: a | b, some) if some else ibis.literal(False)


def literal(value: Any, like: ir.Value | None = None) -> Known:
    """A FEEL value as a constant, to be compared with *like* where that is given."""
    match value:
        case None:
            return Known(ibis.null(), "Null")
        case bool():
            return Known(ibis.literal(value), "boolean", full=True)
        case str():
            return Known(ibis.literal(value), "string", full=True)
        case Decimal():
            return Known(_number(value, like), "number", full=True)
        case datetime():
            return Known(ibis.literal(value, type=_moment(like)), "date and time", full=True)
        case date():
            return Known(ibis.literal(value, type="date"), "date", full=True)
        case time():
            return Known(ibis.literal(value, type="time"), "time", full=True)
        case timedelta():
            return Known(ibis.literal(value.total_seconds()), "days and time duration", full=True)
        case Months():
            return Known(ibis.literal(value.months), "years and months duration", full=True)
    raise TypeError(type(value).__name__)


def _number(value: Decimal, like: ir.Value | None) -> ir.Value:
    if value == value.to_integral_value() and abs(value) <= LARGEST_WHOLE:
        return ibis.literal(int(value))
    exponent = -int(value.as_tuple().exponent)
    digits = max(len(value.as_tuple().digits), exponent)
    if (like is not None and like.type().is_floating()) or exponent < 0 or digits > LONGEST_DECIMAL:
        return ibis.literal(float(value))
    return ibis.literal(value, type=f"decimal({digits}, {exponent})")


def _moment(like: ir.Value | None) -> str:
    return "timestamp('UTC')" if like is not None and getattr(like.type(), "timezone", None) else "timestamp"


def without_nan(value: ir.Value) -> ir.Value:
    """NaN counts as not known."""
    return ibis.ifelse(value.isnan(), ibis.null(), value) if value.type().is_floating() else value


def plain(value: Any) -> Any:
    """A FEEL value as an output column holds it: whole numbers as ints, others as floats, durations as numbers."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() and abs(value) <= LARGEST_WHOLE else float(value)
        case timedelta():
            return value.total_seconds()
        case Months():
            return value.months
        case list():
            return [plain(member) for member in value]
        case dict():
            return {name: plain(part) for name, part in value.items()}
        case float() if math.isnan(value):
            return None
    return value
