"""The register's events handed over to the analysis: a file in the log's columns, or a log of their own."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from loft.log import ImportResult, Mapping, import_files
from loft.log.columns import EVENT, NAMES
from loft.log.models import SOURCE, Event, rows

ENDINGS = ("change.stopped",)
"""The activities that close a change. Before any change is stopped, the log has to guess what closes one."""


def write_events(path: Path) -> int:
    """Write every event of the register to *path* as Parquet, in the order they were appended; how many."""
    found = rows(Event.objects.order_by("seq"))
    further = sorted({name for row in found for name in row} - set(NAMES))
    columns = {name: pa.array([row[name] for row in found], EVENT.field(name).type) for name in NAMES}
    columns |= {name: pa.array([_text(row.get(name)) for row in found], pa.string()) for name in further}
    pq.write_table(pa.table(columns), path)
    return len(found)


def hand_over(store: Path, file: Path) -> ImportResult:
    """Write the events to *file* and bring them into the log in *store*; those that are there already change nothing."""
    write_events(file)
    there = Event.objects.filter(activity__in=ENDINGS).exists()
    parts = {name: name for name in NAMES if name != "source"}
    mapping = Mapping("parquet", **parts, source=SOURCE, endings=ENDINGS if there else None)
    return import_files([file], store, mapping=mapping, name="Løft")


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
