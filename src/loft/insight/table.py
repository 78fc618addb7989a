"""The small table that every question returns, and the only shape in which figures leave the log."""

import csv
import io
import json
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

    In a comparison ``side`` says whose figure it is, a key of ``SIDES``.
    """

    name: str
    kind: Kind
    label: str
    side: str = ""

    def words(self, label: str | None = None) -> str:
        """The label in the language in force; *label* stands in for it, in the same language, where a page words it otherwise."""
        label = gettext(self.label) if label is None else label
        return gettext(SIDES[self.side]).format(label=label) if self.side else label


@dataclass(frozen=True)
class Table:
    """A released table.

    ``data`` is an Arrow table with one column for each of ``columns``; a figure that the gate withholds is null and its row is
    True in ``withheld``. ``keys`` are the columns that name a row. ``dropped`` counts rows left out because even
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

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, column name to Python value; None where a figure is withheld or not known."""
        return self.data.to_pylist()

    def column(self, name: str) -> list[Any]:
        """One column as Python values."""
        return self.data.column(name).to_pylist()

    def head(self, count: int) -> "Table":
        """The first *count* rows."""
        return replace(self, data=self.data.slice(0, count), withheld=self.withheld[:count])

    def to_csv(self) -> str:
        """The table as CSV (RFC 4180), column names as heads, dates as ISO 8601, decimals with a point.

        A text that a spreadsheet would take for a formula gets an apostrophe in front.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(c.name for c in self.columns)
        for row in self.rows():
            writer.writerow(_plain(row[c.name]) for c in self.columns)
        return out.getvalue()

    def to_json(self) -> str:
        """The table as JSON: name, title, columns, rows, the minimum number of cases and how many rows were left out."""
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
            "notes": [gettext(n) for n in self.notes],
        }

    def _repr_html_(self) -> str:
        from loft.insight.notebook import notebook

        return notebook(self)


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return _iso(value)
