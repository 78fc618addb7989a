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

Rows = Sequence[Mapping[str, Any]]

MOST = 12
"""Most bars in one chart: the rest is in the table."""


def draw(table: Any, *, against: Any = None, names: tuple[str, str] | None = None) -> Drawing | None:
    """The chart that suits *table* (a released table), chosen by its columns; None where a table says it better.

    *against* is the same table of another period or group, and *names* what the two are called. It is drawn beside where the chart has
    room for it: doors, and lines over months, whose first months are put over each other.
    """
    columns_ = [c.name for c in table.columns]
    rows = table.rows()
    if len(rows) < 2 or table.name.endswith("_compared"):
        return None
    about = f"{gettext(table.title)}. {gettext(table.about)}"
    held = numbers.withheld()
    others = against.rows() if against is not None else []
    called = names or ("", "")
    if "month" in columns_:
        return _by_month(rows, columns_, about, others, called)
    if columns_[0] == "doors":
        return _doors(rows, about, held, others, called)
    return _bars(rows, columns_, about, held)


def _doors(rows: Rows, about: str, held: str, others: Rows, names: tuple[str, str]) -> Drawing:
    rows = rows[:MOST]
    other = {r["doors"]: r["share"] for r in others}
    return columns(
        [numbers.count(r["doors"]) if isinstance(r["doors"], int) else str(r["doors"]) for r in rows],
        [r["share"] for r in rows],
        describe=about,
        axis=gettext("doors a case met"),
        withheld=held,
        against=[other.get(r["doors"], 0) for r in rows] if others else None,
        names=names,
    )


def _by_month(rows: Rows, names: list[str], about: str, others: Rows, called: tuple[str, str]) -> Drawing | None:
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
        return lines(months, middle, describe=about, name=name, form=_tenth, against=against, against_name=called[1])
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
    )


def _tenth(value: float | None) -> str:
    return numbers.decimal(value, 1)


def _bars(rows: Rows, names: list[str], about: str, held: str) -> Drawing | None:
    rows = rows[:MOST]

    def values(name: str) -> list[float | None]:
        return [r[name] for r in rows]

    def cut(labels: Sequence[Any]) -> list[str]:
        return [str(label) if label is not None else numbers.MISSING for label in labels]

    if names[0] == "activity" and "wait_mean" in names:
        work = [Part(gettext("Work"), values("work_mean"), "work")] if any(values("work_mean")) else []
        return bars(
            cut(values("activity")),
            [*work, Part(gettext("Waiting"), values("wait_mean"), "wait")],
            notes=[r["unit"] or "" for r in rows] if "unit" in names else (),
            describe=about,
            withheld=held,
        )
    for measure, class_ in (
        ("wait_total", "wait"),
        ("away_total", "wait"),
        ("again_total", "wait"),
        ("doors_mean", "work"),
    ):
        if measure in names:
            form = numbers.days if class_ == "wait" else _tenth
            return bars(
                cut(_labels(rows, names)),
                [Part("", values(measure), class_)],
                describe=about,
                form=form,
                withheld=held,
            )
    return None


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
        return [f"{r['previous']} → {r['activity']}" for r in rows]
    if "from_unit" in names and "to_unit" in names:
        return [f"{name(r['from_unit'])} → {name(r['to_unit'])}" for r in rows]
    if "from_unit" in names and "unit" in names:
        return [f"{name(r['from_unit'])} → {name(r['unit'])}" for r in rows]
    if names[0] == "waits_for":
        return [reason(r["waits_for"]) for r in rows]
    return [name(r[names[0]]) for r in rows]
