"""Which column of a log holds which fact of a rule, read as the fact's type."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.types import Type
from loft.decisions.model import InputData
from loft.decisions.over.known import Known, without_nan
from loft.language import mark

NO_FACT = mark("the rule has no fact “%(name)s”; it has: %(names)s.")
NO_COLUMN = mark("the log has no column “%(column)s” for the fact “%(name)s”; it has: %(names)s.")
OTHER_TYPE = mark(
    "the column “%(column)s” holds %(type)s, and the fact “%(name)s” is of type %(wanted)s. Change the column, or name another one."
)


def chosen(inputs: tuple[InputData, ...], cases: ir.Table, facts: Mapping[str, str] | None) -> dict[str, str]:
    """The column of each fact that has one: as *facts* say, else of the same name, spaces and underscores being alike.

    Raises ``RuleError`` for a fact or a column that does not exist.
    """
    names = [fact.name for fact in inputs]
    for name, column in (facts or {}).items():
        if name not in names:
            raise RuleError(NO_FACT, name=name, names=", ".join(names) or "–")
        if column not in cases.columns:
            near = get_close_matches(column, cases.columns) or cases.columns
            raise RuleError(NO_COLUMN, column=column, name=name, names=", ".join(near))
    alike = {column.replace("_", " "): column for column in reversed(cases.columns)}
    found = {}
    for name in names:
        own = name if name in cases.columns else alike.get(name.replace("_", " "))
        if named := (facts or {}).get(name) or own:
            found[name] = named
    return found


def fact(cases: ir.Table, column: str, name: str, type: Type) -> Known:
    """A column as the value of a fact. Raises ``RuleError`` where it cannot be of the fact's type."""
    value = cases[column]
    kind = kind_of(value.type()) if type.kind == "Any" else type.kind
    read = _read(value, kind)
    if read is None:
        place = Place(column=column)
        raise RuleError(OTHER_TYPE, place, column=column, type=value.type(), name=name, wanted=type.called)
    value = without_nan(read)
    return Known(value, kind, value.notnull(), full=True)


def empty(type: Type) -> Known:
    """The value of a fact that the log has no column for."""
    value = ibis.null(_EMPTY.get(type.kind, "string"))
    return Known(value, type.kind, ibis.literal(False), full=True)


def kind_of(type: dt.DataType) -> str:
    """The FEEL type of a column; ``Any`` where there is none."""
    for kind, fits in _KINDS.items():
        if fits(type):
            return kind
    return "Any"


_KINDS: dict[str, Callable[[dt.DataType], bool]] = {
    "boolean": lambda t: t.is_boolean(),
    "number": lambda t: t.is_numeric(),
    "string": lambda t: t.is_string(),
    "date": lambda t: t.is_date(),
    "date and time": lambda t: t.is_timestamp(),
    "time": lambda t: t.is_time(),
    "context": lambda t: t.is_struct(),
    "list": lambda t: t.is_array(),
    "Null": lambda t: t.is_null(),
}


def _read(value: ir.Value, kind: str) -> ir.Value | None:
    """*value* as one of that kind; None where it cannot be."""
    held = value.type()
    if held.is_null():
        return value.cast(_EMPTY.get(kind, "string"))
    if kind == "date" and held.is_timestamp():
        return _in_utc(value).date()
    if kind == "date and time":
        return value.cast("timestamp") if held.is_date() else _in_utc(value) if held.is_timestamp() else None
    if kind in ("days and time duration", "years and months duration"):
        return value if held.is_numeric() and not held.is_boolean() else None
    return value if kind_of(held) == kind else None


def _in_utc(value: ir.Value) -> ir.Value:
    """A moment without a zone, the clock being UTC's."""
    zone = value.type().timezone
    return value.cast("timestamp('UTC')").cast("timestamp") if zone else value


_EMPTY = {
    "boolean": "boolean",
    "number": "float64",
    "date": "date",
    "time": "time",
    "date and time": "timestamp",
    "days and time duration": "int64",
    "years and months duration": "int64",
}
