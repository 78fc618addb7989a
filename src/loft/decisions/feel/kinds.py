"""The name of a value's type, as ``types.SIMPLE`` has it, or ``list``, ``context``, ``range``, ``function``."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from loft.decisions.feel.values import Function, Months, Range, Value
from loft.decisions.feel.wide import FarDate, FarMoment

KINDS: dict[type, str] = {
    type(None): "Null",
    Decimal: "number",
    str: "string",
    bool: "boolean",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    Months: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
    FarDate: "date",
    FarMoment: "date and time",
}


def kind(value: Value) -> str:
    """The type's name; empty for a Python value that is not of FEEL."""
    return KINDS.get(type(value)) or next((name for base, name in _BASES if isinstance(value, base)), "")


# datetime before date and bool before numbers: each is a subclass of the other in Python, not in FEEL
_BASES = tuple((base, KINDS[base]) for base in (datetime, date, time, timedelta, Decimal, str, list, dict))
