"""Parts of values by name: columns inside a column, and the year, month and day of a date."""

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from loft.decisions.over.known import Known, every, without_nan

_OF_DATE: dict[str, Callable[[ir.Value], ir.Value]] = {
    "year": lambda value: value.year(),
    "month": lambda value: value.month(),
    "day": lambda value: value.day(),
    "weekday": lambda value: value.day_of_week.index() + 1,
}
_OF_TIME: dict[str, Callable[[ir.Value], ir.Value]] = {
    "hour": lambda value: value.hour(),
    "minute": lambda value: value.minute(),
}
_OF_DAYS = {"days": (86_400, None), "hours": (3600, 24), "minutes": (60, 60)}


def property_of(value: Known, name: str) -> Known | None:
    """The part *name* of a value; None where it cannot be run over a log. An empty column inside a column is not known."""
    if value.parts is not None:
        return value.parts.get(name)
    if value.kind == "context":
        return _column(value, name)
    if value.kind == "date" and name in _OF_DATE:
        return Known(_OF_DATE[name](value.value), "number", value.known, value.full)
    if value.kind == "date and time" and name in {**_OF_DATE, **_OF_TIME}:
        return Known({**_OF_DATE, **_OF_TIME}[name](value.value), "number", value.known, value.full)
    if value.kind == "time" and name in _OF_TIME:
        return Known(_OF_TIME[name](value.value), "number", value.known, value.full)
    if value.kind == "years and months duration" and name in ("years", "months"):
        whole = towards_zero(value.value, 12)
        part = whole if name == "years" else value.value - whole * 12
        return Known(part, "number", value.known, value.full)
    if value.kind == "days and time duration" and name in _OF_DAYS:
        seconds, most = _OF_DAYS[name]
        part = towards_zero(value.value, seconds)
        return Known(
            part if most is None else part - towards_zero(part, most) * most, "number", value.known, value.full
        )
    return None


def towards_zero(value: ir.Value, by: int) -> ir.Value:
    """How many times *by* goes into *value*, towards zero."""
    return ibis.ifelse(value < 0, -((-value) / by).floor(), (value / by).floor()).cast("int64")


def _column(value: Known, name: str) -> Known | None:
    from loft.decisions.over.columns import kind_of

    alike = {part.replace("_", " "): part for part in value.value.type().names}
    if name.replace("_", " ") not in alike:
        return None
    part = without_nan(value.value[alike[name.replace("_", " ")]])
    return Known(part, kind_of(part.type()), every([value.known, part.notnull()]), full=True)
