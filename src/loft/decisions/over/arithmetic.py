"""Arithmetic over columns: numbers, and dates with durations."""

import ibis
import ibis.expr.types as ir

from loft.decisions.over.known import Known, every

DAY = 86_400
_DAYS, _MONTHS = "days and time duration", "years and months duration"


def negated(value: Known) -> Known:
    """``-value``; null where it is no number or duration."""
    if value.kind in ("number", _DAYS, _MONTHS):
        return Known(-value.value, value.kind, value.known, value.full)
    return Known(ibis.null("float64"), "number", value.known)


def calculated(sign: str, one: Known, other: Known) -> Known | None:
    """The value of ``one sign other``; None where it cannot be run over a log."""
    known = every([one.known, other.known])
    kinds = one.kind, other.kind
    if kinds == ("number", "number"):
        value, full = _number(sign, wide(one.value), wide(other.value))
        return Known(value, "number", known, full and one.full and other.full)
    if kinds == ("string", "string") and sign == "+":
        return Known(one.value + other.value, "string", known, one.full and other.full)
    if kinds in ((_DAYS, _DAYS), (_MONTHS, _MONTHS)) and sign in "+-":
        value = one.value + other.value if sign == "+" else one.value - other.value
        return Known(value, one.kind, known, one.full and other.full)
    if kinds == ("date", "date") and sign == "-":
        return Known(one.value.delta(other.value, unit="day") * DAY, _DAYS, known, one.full and other.full)
    if kinds == ("date", _MONTHS) and sign in "+-":
        return Known(_later(one.value, other.value, sign), "date", known, one.full and other.full)
    return None


def wide(value: ir.Value) -> ir.Value:
    """A whole number wide enough that sums do not overflow."""
    return value.cast("int64") if value.type().is_integer() and not value.type().is_int64() else value


def _number(sign: str, one: ir.Value, other: ir.Value) -> tuple[ir.Value, bool]:
    """The value, and whether it is one whenever both are."""
    match sign:
        case "+":
            return one + other, True
        case "-":
            return one - other, True
        case "*":
            return one * other, True
        case "/":
            return one / ibis.ifelse(other == 0, ibis.null(), other), False
    defined = other == other.floor()
    return ibis.ifelse(defined & ~((one == 0) & (other < 0)), one.cast("float64") ** other.cast("float64"), None), False


def _later(day: ir.Value, months: ir.Value, sign: str) -> ir.Value:
    """A date some months on, the last of the month where it has no such day."""
    moved = months.as_interval("M")
    return (day + moved if sign == "+" else day - moved).cast("date")
