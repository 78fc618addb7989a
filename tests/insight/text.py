"""Logs and answers as small tables of text, so that a definition and its example are read in one glance."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from loft.insight import Table
from loft.log import Mapping, import_files
from loft.log.columns import TIMESTAMP

BEGINNING = datetime(2024, 1, 1)
"""Day 0: times in the tables are days after it, with decimals."""

ROLES = ("unit", "service", "actor", "id")


def rows_of(text: str) -> list[dict[str, str | None]]:
    """The rows of a table of text: the first line names the columns, ``|`` stands between cells, an empty cell is None."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], (cell or None for cell in line), strict=True)) for line in lines[1:]]


def moment(days: str | float | None) -> datetime | None:
    """Days after the beginning, to the second, as a moment."""
    return None if days is None else BEGINNING + timedelta(seconds=round(float(days) * 86_400))


def write_events(events: list[dict[str, Any]], path: Path) -> Mapping:
    """Write events with the columns ``case activity at …`` to a Parquet file; returns the mapping to read it with.

    Columns that are not the log's own become attributes of the events. ``at`` and ``began`` are days.
    """
    names = list(events[0])
    columns = {
        name: pa.array([moment(e[name]) for e in events], TIMESTAMP)
        if name in ("at", "began")
        else pa.array([e[name] for e in events], pa.string())
        for name in names
    }
    pq.write_table(pa.table(columns), path)
    roles = {role: role for role in ("began", *ROLES) if role in names}
    return Mapping("parquet", case="case", activity="activity", at="at", source="test", **roles)


def store_of(text: str | list[dict[str, Any]], folder: Path, *, endings: tuple[str, ...]) -> Path:
    """A store in *folder* with the log of a table of text (or of such rows)."""
    folder.mkdir(parents=True, exist_ok=True)
    events = rows_of(text) if isinstance(text, str) else text
    mapping = write_events(events, folder / "events.parquet").but(endings=endings)
    import_files([folder / "events.parquet"], folder / "store", mapping=mapping)
    return folder / "store"


def said(table: Table, columns: list[str] | None = None) -> list[dict[str, str | None]]:
    """The rows of an answer as they would stand in a table of text: decimals with at most four places, no figure as None."""
    return [{k: _said(v) for k, v in row.items() if columns is None or k in columns} for row in table.rows()]


def _said(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
