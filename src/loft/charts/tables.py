"""The chart that suits a table."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from loft.charts import numbers
from loft.charts.bars import Part, bars
from loft.charts.columns import columns
from loft.charts.drawing import Drawing
from loft.charts.lines import lines
from loft.language import gettext
from loft.vocabulary import activity_name

Rows = Sequence[Mapping[str, Any]]

MOST = 12
"""Most bars in one chart: the rest is in the table."""


def draw(
    table: Any, *, against: Any = None, names: tuple[str, str] | None = None, marks: Sequence[tuple[date, str]] = ()
) -> Drawing | None:
    """The chart that suits *table* (a released table), chosen by its columns; None where a table says it better.

    *against* is the same table of another period or group, and *names* what the two are called. It is drawn beside where the chart has
    room for it: doors, and lines over months, whose first months are put over each other.
    *marks* are days to point out on an axis of time, each with a word; other charts have no place for them.
    """
    columns_ = [c.name for c in table.columns]
    rows = table.rows()
    if len(rows) < 2 or table.name.endswith("_compared"):
        return None
    about = f"{gettext(table.title)}. {gettext(table.about)}"
    others = against.rows() if against is not None else []
    called = names or ("", "")
    if "month" in columns_:
        return _by_month(rows, columns_, about, others, called, marks)
    if columns_[0] == "doors":
        return _doors(rows, about, others, called)
    return _bars(table, columns_, about)


def _doors(rows: Rows, about: str, others: Rows, names: tuple[str, str]) -> Drawing:
    rows = rows[:MOST]
    other = {r["doors"]: r["share"] for r in others}
    return columns(
        [numbers.count(r["doors"]) if isinstance(r["doors"], int) else str(r["doors"]) for r in rows],
        [r["share"] for r in rows],
        describe=about,
        axis=gettext("doors a case met"),
        withheld=numbers.withheld(),
        against=[other.get(r["doors"], 0) for r in rows] if others else None,
        names=names,
    )


def _by_month(
    rows: Rows,
    names: list[str],
    about: str,
    others: Rows,
    called: tuple[str, str],
    marks: Sequence[tuple[date, str]],
) -> Drawing | None:
    rows = [r for r in rows if r["month"] is not None]
    measure = next((name for name in ("median", "doors_mean") if name in names), None)
    if len(rows) < 2 or measure is None:
        return None
    months: list[date] = [r["month"] for r in rows]
    before = [r[measure] for r in others if r["month"] is not None][: len(rows)]
    against = [*before, *[None] * (len(rows) - len(before))] if others else None
    middle = [r[measure] for r in rows]
    if measure == "doors_mean":
        name = called[0] or gettext("Doors per case")
        return lines(
            months, middle, describe=about, name=name, form=_tenth, against=against, against_name=called[1], marks=marks
        )
    return lines(
        months,
        middle,
        low=[r["p25"] for r in rows],
        high=[r["p75"] for r in rows],
        describe=about,
        name=called[0] or gettext("Median"),
        form=numbers.whole_days,
        band_name=gettext("Half of the cases"),
        against=against,
        against_name=called[1],
        marks=marks,
    )


def _tenth(value: float | None) -> str:
    return numbers.decimal(value, 1)


_MEASURES = {"wait_total": "wait", "away_total": "wait", "again_total": "wait", "doors_mean": "work"}
"""What bars may show, the first that a table has, and its class."""


def _bars(table: Any, names: list[str], about: str) -> Drawing | None:
    if names[0] == "activity" and "wait_mean" in names:
        rows = _told(table, "work_mean", "wait_mean")
        parts = (
            [Part(gettext("Work"), [r["work_mean"] for r in rows], "work")] if any(r["work_mean"] for r in rows) else []
        )
        parts.append(Part(gettext("Waiting"), [r["wait_mean"] for r in rows], "wait"))
        units = [r["unit"] or "" for r in rows] if "unit" in names else ()
        return bars(_labels(rows, names), parts, notes=units, describe=about, withheld=numbers.withheld())
    measure = next((name for name in _MEASURES if name in names), None)
    if measure is None:
        return None
    rows, class_ = _told(table, measure), _MEASURES[measure]
    form = numbers.days if class_ == "wait" else _tenth
    part = Part("", [r[measure] for r in rows], class_)
    return bars(_labels(rows, names), [part], describe=about, form=form, withheld=numbers.withheld())


def _told(table: Any, *measures: str) -> Rows:
    """The rows to draw: those that have a figure, and those whose figure is withheld; a step that is always first has no wait."""
    rows = table.rows()
    shut = table.withheld or (False,) * len(rows)
    known = [r for r, hidden in zip(rows, shut, strict=True) if hidden or any(r[m] is not None for m in measures)]
    return known[:MOST]


def reason(value: str) -> str:
    """What a case waits for, in words: ``resident``, ``other unit`` or ``same unit``."""
    words = {
        "resident": gettext("the person to answer"),
        "other unit": gettext("another unit to take over"),
        "same unit": gettext("the same unit to go on"),
    }
    return words.get(value, value)


def _labels(rows: Rows, names: list[str]) -> list[str]:
    def name(value: Any) -> str:
        return str(value) if value is not None else gettext("not given")

    if names[0] == "previous":
        return [f"{activity_name(r['previous'])} → {activity_name(r['activity'])}" for r in rows]
    if "from_unit" in names and "to_unit" in names:
        return [f"{name(r['from_unit'])} → {name(r['to_unit'])}" for r in rows]
    if "from_unit" in names and "unit" in names:
        return [f"{name(r['from_unit'])} → {name(r['unit'])}" for r in rows]
    if names[0] == "activity":
        return [activity_name(r["activity"]) for r in rows]
    if names[0] == "waits_for":
        return [reason(r["waits_for"]) for r in rows]
    return [name(r[names[0]]) for r in rows]
