"""Built-in functions that every engine has, or that can be made of what it has."""

from collections.abc import Callable
from functools import reduce

import ibis
import ibis.expr.types as ir

from loft.decisions.over.arithmetic import wide
from loft.decisions.over.expressions import opposite
from loft.decisions.over.known import Known, every

MONTHS = "years and months duration"


def _of_kind(kind: str, *values: Known) -> bool:
    return all(value.kind == kind for value in values)


def _made(value: ir.Value, kind: str, *of: Known, full: bool = True) -> Known:
    return Known(value, kind, every(v.known for v in of), full and all(v.full for v in of))


def _not(value: Known) -> Known | None:
    return opposite(value)


def _number(make: Callable[[ir.Value], ir.Value]) -> Callable[[Known], Known | None]:
    def function(value: Known) -> Known | None:
        return _made(make(wide(value.value)), "number", value) if _of_kind("number", value) else None

    return function


def _text(make: Callable[[ir.Value], ir.Value], kind: str = "string") -> Callable[[Known], Known | None]:
    def function(value: Known) -> Known | None:
        return _made(make(value.value), kind, value) if _of_kind("string", value) else None

    return function


def _texts(make: Callable[[ir.Value, ir.Value], ir.Value]) -> Callable[[Known, Known], Known | None]:
    def function(value: Known, other: Known) -> Known | None:
        fits = _of_kind("string", value, other)
        return _made(make(value.value, other.value), "boolean", value, other) if fits else None

    return function


def _modulo(value: Known, by: Known) -> Known | None:
    if not _of_kind("number", value, by):
        return None
    one, other = wide(value.value), wide(by.value)
    divisor = ibis.ifelse(other == 0, ibis.null(), other)
    return _made(one - divisor * (one / divisor).floor(), "number", value, by, full=False)


def _largest(*values: Known) -> Known | None:
    return _chosen(values, lambda a, b: a > b)


def _smallest(*values: Known) -> Known | None:
    return _chosen(values, lambda a, b: a < b)


def _chosen(values: tuple[Known, ...], better: Callable[[ir.Value, ir.Value], ir.Value]) -> Known | None:
    """The first of the values that is better than the others; null where one is."""
    if not values or values[0].kind not in ("number", "string", "date") or not _of_kind(values[0].kind, *values):
        return None

    def of_two(a: ir.Value, b: ir.Value) -> ir.Value:
        return ibis.ifelse(a.isnull() | better(a, b), a, b)

    return _made(reduce(of_two, [value.value for value in values]), values[0].kind, *values)


def _date(value: Known) -> Known | None:
    if value.kind == "date":
        return value
    return _made(value.value.date(), "date", value) if value.kind == "date and time" else None


def _months_between(start: Known, end: Known) -> Known | None:
    """Whole months from one date to another."""
    if not _of_kind("date", start, end):
        return None

    def months(a: ir.Value, b: ir.Value) -> ir.Value:
        whole = (b.year() - a.year()) * 12 + b.month() - a.month()
        return ibis.ifelse(b.day() < a.day(), whole - 1, whole)

    one, other = start.value, end.value
    value = ibis.ifelse(one <= other, months(one, other), -months(other, one))
    return _made(value, MONTHS, start, end)


FUNCTIONS: dict[str, Callable[..., Known | None]] = {
    "not": _not,
    "abs": _number(lambda value: value.abs()),
    "floor": _number(lambda value: value.floor()),
    "ceiling": _number(lambda value: value.ceil()),
    "modulo": _modulo,
    "max": _largest,
    "min": _smallest,
    "string length": _text(lambda value: value.length(), "number"),
    "upper case": _text(lambda value: value.upper()),
    "lower case": _text(lambda value: value.lower()),
    "contains": _texts(lambda value, part: value.contains(part)),
    "starts with": _texts(lambda value, part: value.startswith(part)),
    "ends with": _texts(lambda value, part: value.endswith(part)),
    "date": _date,
    "years and months duration": _months_between,
}
