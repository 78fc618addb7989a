"""A released table as a page shows it: heads, cells in words, what was withheld."""

from dataclasses import dataclass, field, replace
from typing import Any

from loft.charts import numbers, reason
from loft.charts.drawing import element
from loft.insight import Column, Table
from loft.insight.wording import head, remarks
from loft.language import gettext
from loft.vocabulary import activity_name

_PLACES = ("text", "date", "month")


@dataclass(frozen=True)
class Head:
    """A column's head."""

    text: str
    number: bool


@dataclass(frozen=True)
class Cell:
    """A cell: its words; ``number`` aligns it; ``held`` says that the gate holds it back; ``bar`` is a small drawing;
    ``other`` is the figure it is held against."""

    text: str
    number: bool = False
    held: bool = False
    bar: str = ""
    other: str = ""


@dataclass(frozen=True)
class Row:
    """A row; ``id`` lets the map link to it; ``propose`` is the address for proposing a change where it shows a problem."""

    head: str
    cells: list[Cell]
    id: str = ""
    propose: str = ""


@dataclass(frozen=True)
class Shown:
    """A table ready for its template. ``more`` counts the rows that are not shown."""

    slug: str
    title: str
    about: str
    heads: list[Head]
    rows: list[Row]
    more: int = 0
    whole: int = 0
    remarks: list[str] = field(default_factory=list)


def show(
    slug: str,
    table: Table,
    most: int | None,
    *,
    ids: str = "",
    against: str = "",
    only: tuple[str, ...] = (),
) -> Shown:
    """*table* with at most *most* rows. *ids*: the beginning of each row's id, for links to it; *only*: the columns to show.

    A compared table (its first half is what is held against, called *against*) shows each figure with the other one under it.
    """
    compared = table.name.endswith("_compared")
    rows = table.rows()
    columns = _compared_columns(table) if compared else [c for c in table.columns if c.name != "rank"]
    columns = [c for c in columns if not only or c.name.removesuffix("_b") in only]
    digits = {c.name: numbers.digits_for([r[c.name] for r in rows]) for c in columns if c.kind in ("days", "number")}
    split = {"work_mean", "wait_mean"} <= {c.name for c in columns} and len(columns) < 9
    longest = max(((r["work_mean"] or 0) + (r["wait_mean"] or 0) for r in rows[:most]), default=0) if split else 0
    shown = []
    for i, row in enumerate(rows[:most]):
        cells = [_cell(row, c, table.is_withheld(i, c.name), digits.get(c.name, 1)) for c in columns]
        if split:
            cells.append(Cell("", bar=_bar(row["work_mean"], row["wait_mean"], longest)))
        shown.append(Row(cells[0].text, cells[1:], f"{ids}{i + 1}" if ids else ""))
    heads = [Head(head(replace(c, side="")), i > 0 and c.kind not in _PLACES) for i, c in enumerate(columns)]
    heads += [Head(gettext("Work and waiting"), False)] if split else []
    about = gettext(table.about) + (
        " " + gettext("The small figures are for: %(against)s.") % {"against": against} if compared else ""
    )
    return Shown(
        slug, gettext(table.title), about, heads, shown, max(len(rows) - len(shown), 0), len(rows), remarks(table)
    )


def in_order_of(compared: Table, table: Table) -> Table:
    """*compared* with its rows in the order of *table*, what only the other half has last."""
    place = {tuple(row[key] for key in table.keys): i for i, row in enumerate(table.rows())}
    keys = [tuple(row[key] for key in table.keys) for row in compared.rows()]
    order = sorted(range(len(keys)), key=lambda i: place.get(keys[i], len(place) + i))
    return compared.take(order)


def _compared_columns(table: Table) -> list[Column]:
    """The keys, and of each figure the half that the reader chose."""
    return [c for c in table.columns if c.name in table.keys or c.name.endswith("_b")]


def _cell(row: dict[str, Any], column: Column, hidden: bool, digits: int) -> Cell:
    number, value = column.kind not in _PLACES, row[column.name]
    if value is None and column.name in ("unit", "from_unit", "to_unit", "service"):
        return Cell(gettext("not given"))
    if column.name == "waits_for" and value:
        return Cell(reason(value))
    if column.name in ("activity", "previous", "variant") and value:
        return Cell(" → ".join(activity_name(name) for name in value.split(" → ")))
    other = ""
    if column.name.endswith("_b") and f"{column.name[:-2]}_a" in row:
        other = _words(row[f"{column.name[:-2]}_a"], column, digits)
    if value is None and hidden and number:
        words = numbers.MISSING if other else numbers.withheld()
        return Cell(words, True, held=True, other=other)
    return Cell(_words(value, column, digits), number, other=other)


def _words(value: Any, column: Column, digits: int) -> str:
    return numbers.cell(value, str(column.kind), digits)


def _bar(work: float | None, wait: float | None, longest: float) -> str:
    """Work and waiting as a bar in its cell; the numbers stand in the cells beside it."""
    if not longest:
        return ""
    wide = 160.0
    first, second = (work or 0) / longest * wide, (wait or 0) / longest * wide
    body = element("rect", x=0.0, y=2.0, width=first, height=10.0, class_="work") if first else ""
    body += element("rect", x=first, y=2.0, width=second, height=10.0, class_="wait") if second else ""
    return f'<svg class="chart-bar" viewBox="0 0 160 14" width="160" height="14" aria-hidden="true">{body}</svg>'
