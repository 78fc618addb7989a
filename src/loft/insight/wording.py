"""A released table in words: heads with their unit, cells as people read them, and what is not in the table."""

from typing import Any

from loft.charts import numbers
from loft.insight.paths import JourneyMap
from loft.insight.table import Column, Kind, Table
from loft.insight.time import REASON_TEXTS
from loft.language import gettext, ngettext
from loft.log import Selection
from loft.vocabulary import activity_name

PLACES = (Kind.TEXT, Kind.DATE, Kind.MONTH)
"""Kinds of columns that say which row it is; the others hold figures and stand to the right."""
_UNITS = ("unit", "from_unit", "to_unit", "service")
_STEPS = ("activity", "previous", "variant")


def head(column: Column) -> str:
    """What stands over a column: its label, with the unit where the cells have none."""
    words = gettext(column.label)
    if column.kind == Kind.DAYS and "day" not in column.label.lower():
        words = gettext("%(label)s (days)") % {"label": words}
    return column.words(words)


def heads(table: Table) -> list[str]:
    """The heads of all columns."""
    return [head(column) for column in table.columns]


def is_figure(column: Column) -> bool:
    """Whether a column holds figures, which stand to the right."""
    return column.kind not in PLACES


def cells(table: Table) -> list[list[str]]:
    """The rows as words, in the order of the columns; a cell that the gate holds back says so."""
    rows = table.rows()
    digits = {
        c.name: numbers.digits_for([r[c.name] for r in rows])
        for c in table.columns
        if c.kind in (Kind.DAYS, Kind.NUMBER)
    }

    def words(value: Any, column: Column, hidden: bool) -> str:
        if value is None and hidden and is_figure(column) and not column.name.endswith("_change"):
            return numbers.withheld()
        if value is None and column.name in _UNITS:
            return gettext("not given")
        if column.name == "waits_for" and value:
            return gettext(REASON_TEXTS.get(value, value))
        if column.name in _STEPS and value:
            return " → ".join(activity_name(name) for name in value.split(" → "))
        told = numbers.cell(value, str(column.kind), digits.get(column.name, 1))
        return f"+{told}" if column.name.endswith("_change") and value is not None and value > 0 else told

    return [[words(row[c.name], c, table.is_withheld(i, c.name)) for c in table.columns] for i, row in enumerate(rows)]


def remarks(table: Table) -> list[str]:
    """What a reader must know of what is not in the table."""
    said = [gettext(note) for note in table.notes]
    if table.some_withheld:
        sentence = gettext(
            "Figures on fewer than %(minimum)s cases are withheld, and some others so that these cannot be worked out."
        )
        said.append(sentence % {"minimum": table.minimum})
    if table.dropped:
        sentence = ngettext(
            "%(count)s row is left out because it rests on too few cases.",
            "%(count)s rows are left out because they rest on too few cases.",
            table.dropped,
        )
        said.append(sentence % {"count": numbers.count(table.dropped)})
    return said


def answer(overview: Table) -> str:
    """The overview in sentences: how long, through how many doors, sent back how often, and how much of it is waiting."""
    row = only(overview)
    if row is None:
        return " ".join(gettext(note) for note in overview.notes) or numbers.withheld()
    if row["cases"] == 0:
        return gettext("No case was opened in this choice.")
    long = "" if overview.is_withheld(0, "days_median") else _how_long(row)
    return " ".join(said for said in (long, _doors(row), _waiting(row)) if said) or numbers.withheld()


def only(overview: Table) -> dict[str, Any] | None:
    """The one row of an overview; None when the gate gives no figures for the choice."""
    rows = overview.rows()
    return rows[0] if rows and rows[0]["cases"] is not None else None


def _how_long(row: dict[str, Any]) -> str:
    half, most = row["days_median"], row["days_p90"]
    if half is None:
        return gettext("Fewer than half of the cases are done so far.")
    if half == 0 and most:
        return gettext("Half of the cases are done the same day, nine of ten within %(most)s.") % {
            "most": numbers.days(most)
        }
    if most is None:
        return gettext("Half of the cases are done within %(half)s.") % {"half": numbers.days(half)}
    sentence = gettext("Half of the cases are done within %(half)s, nine of ten within %(most)s.")
    return sentence % {"half": numbers.days(half), "most": numbers.days(most)}


def _doors(row: dict[str, Any]) -> str:
    if None in (row["doors_mean"], row["one_door_share"], row["bounced_share"]):
        return ""
    sentence = gettext(
        "A case goes through %(doors)s doors on average; %(one)s need only one, and %(back)s are sent back at least once."
    )
    figures = {"one": numbers.percent(row["one_door_share"]), "back": numbers.percent(row["bounced_share"])}
    return sentence % {"doors": numbers.decimal(row["doors_mean"]), **figures}


def _waiting(row: dict[str, Any]) -> str:
    if row["wait_share"] is None or not row["work_known"] or row["work_known"] < 0.05:
        return ""
    return gettext("%(share)s of the time goes to waiting.") % {"share": numbers.percent(row["wait_share"])}


def chosen(selection: Selection) -> str:
    """A selection in words: the period, then services, units and attributes."""
    parts = [
        _period(selection),
        *selection.services,
        *selection.units,
        *(f"{name} = {value}" for name, value in selection.where),
    ]
    return ", ".join(part for part in parts if part) or gettext("all cases")


def _period(selection: Selection) -> str:
    first, last = selection.opened_from, selection.opened_until
    if first and last:
        return f"{numbers.day(first)} – {numbers.day(last)}"
    if first:
        return gettext("from %(day)s") % {"day": numbers.day(first)}
    return gettext("until %(day)s") % {"day": numbers.day(last)} if last else ""


def coverage(found: JourneyMap) -> str:
    """How much of the cases a map shows."""
    if found.coverage is None:
        return " ".join(remarks(found.arcs))
    return gettext("The whole way of %(share)s of the cases is on the map.") % {
        "share": numbers.percent(found.coverage)
    }
