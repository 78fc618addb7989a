"""The small table that every question returns, and the only shape in which figures leave the log."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pyarrow as pa

from loft.language import gettext, mark


class Kind(StrEnum):
    """What a column holds, which decides how it is written: ``TEXT``, ``COUNT`` (whole number), ``DAYS`` (24 hours, a decimal),
    ``SHARE`` (0 to 1, shown as per cent), ``NUMBER`` (a decimal), ``DATE`` (a day; months are given by their first day)."""

    TEXT = "text"
    COUNT = "count"
    DAYS = "days"
    SHARE = "share"
    NUMBER = "number"
    DATE = "date"
    MONTH = "month"


SIDES = {"a": mark("{label}, first"), "b": mark("{label}, second"), "change": mark("{label}, change")}
"""What a column of a comparison is called: the figure of the first choice, of the second, and the second less the first."""


@dataclass(frozen=True)
class Column:
    """A column: its name in files, what it holds, and its English label.

    In a comparison ``side`` says whose figure it is, a key of ``SIDES``. ``rests_on`` are counts of cases that the figure rests on beside
    the cases of its row: of a count, those it counts and those it leaves out; of a mean, those that have what it is the mean of. ``sums``:
    with what a reader knows, the figures of all rows add up to a known total.
    """

    name: str
    kind: Kind
    label: str
    side: str = ""
    rests_on: tuple[str, ...] = ()
    sums: bool = False

    def words(self, label: str | None = None) -> str:
        """The label in the language in force; *label* stands in for it, in the same language, where a page words it otherwise."""
        label = gettext(self.label) if label is None else label
        return gettext(SIDES[self.side]).format(label=label) if self.side else label


@dataclass(frozen=True)
class Table:
    """A released table.

    ``data`` is an Arrow table with one column for each of ``columns``; a figure that the gate withholds is null and its row is
    True in ``withheld``; where a row is shown and one figure of it is withheld, that is True under the column's name in ``cells``.
    ``keys`` are the columns that name a row. ``dropped`` counts rows left out because even
    their name could point at someone. ``minimum`` is the
    fewest cases a figure may rest on. ``title`` and ``about`` are English texts, translated when shown.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    data: pa.Table
    minimum: int
    keys: tuple[str, ...] = ()
    withheld: tuple[bool, ...] = ()
    dropped: int = 0
    notes: tuple[str, ...] = field(default=())
    cells: Mapping[str, tuple[bool, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, column name to Python value; None where a figure is withheld or not known."""
        return self.data.to_pylist()

    def column(self, name: str) -> list[Any]:
        """One column as Python values."""
        return self.data.column(name).to_pylist()

    def is_withheld(self, row: int, column: str) -> bool:
        """Whether the gate holds back the figure of a row, counted from 0, in the column of this name."""
        shut = bool(self.withheld) and self.withheld[row] and column not in self.keys
        return shut or (column in self.cells and self.cells[column][row])

    @property
    def some_withheld(self) -> bool:
        """Whether any figure of the rows is withheld."""
        return any(self.withheld) or any(map(any, self.cells.values()))

    def take(self, places: Sequence[int]) -> "Table":
        """The rows at *places*, in that order."""
        return replace(
            self,
            data=self.data.take(pa.array(places, pa.int64())),
            withheld=self.withheld and tuple(self.withheld[i] for i in places),
            cells={name: tuple(flags[i] for i in places) for name, flags in self.cells.items()},
        )

    def head(self, count: int) -> "Table":
        """The first *count* rows."""
        return self.take(range(min(count, len(self))))

    def to_csv(self) -> str:
        """The table as CSV (RFC 4180), column names as heads, dates as ISO 8601, decimals with a point.

        A text that a spreadsheet would take for a formula gets an apostrophe in front.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(c.name for c in self.columns)
        for row in self.rows():
            writer.writerow(plain_cell(row[c.name]) for c in self.columns)
        return out.getvalue()

    def to_json(self) -> str:
        """The table as JSON: name, title, columns, rows, the minimum number of cases, how many rows were left out, and how many
        figures are withheld in rows that are shown, by column."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1, default=str)

    def as_dict(self) -> dict[str, Any]:
        """What ``to_json`` writes, as a dictionary of plain values."""
        return {
            "name": self.name,
            "title": gettext(self.title),
            "about": gettext(self.about),
            "columns": [{"name": c.name, "kind": str(c.kind), "label": c.words()} for c in self.columns],
            "rows": [{k: _iso(v) for k, v in row.items()} for row in self.rows()],
            "minimum_cases": self.minimum,
            "rows_withheld": sum(self.withheld),
            "rows_left_out": self.dropped,
            "figures_withheld": {name: sum(flags) for name, flags in self.cells.items()},
            "notes": [gettext(n) for n in self.notes],
        }

    def _repr_html_(self) -> str:
        from loft.insight.notebook import notebook

        return notebook(self)


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def plain_cell(value: Any) -> Any:
    """A value as it stands in a CSV cell; a text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return _iso(value)
