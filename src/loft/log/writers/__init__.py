"""Writers: events leave as XES, OCEL 2.0 JSON, CSV or Parquet; the readers read each back to the same events.

The file appears under its name when it is complete, or not at all.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from loft.log.columns import EVENT
from loft.log.errors import LogError
from loft.log.mapping import did_you_mean
from loft.log.writers import ocel, tables, xes

_WRITERS: dict[str, Callable[[pa.Table | pa.RecordBatchReader, pa.Table | None, Path], None]] = {
    "xes": xes.write,
    "xes.gz": xes.write_packed,
    "ocel-json": ocel.write,
    "csv": tables.write_csv,
    "parquet": tables.write_parquet,
}
_SUFFIXES = {
    ".xes": "xes",
    ".xes.gz": "xes.gz",
    ".jsonocel": "ocel-json",
    ".json": "ocel-json",
    ".csv": "csv",
    ".parquet": "parquet",
}
FORMATS = tuple(_WRITERS)


def write(
    events: pa.Table | pa.RecordBatchReader,
    path: str | Path,
    format: str | None = None,
    *,
    cases: pa.Table | None = None,
) -> Path:
    """Write *events* (the columns of ``columns.EVENT`` first, then attributes, named ``event:<name>`` or plainly) and give the path.

    *cases* has ``case`` and attributes of the case (``case:<name>``); CSV and Parquet leave them out. *format* is one of
    ``FORMATS``, by default told by the suffix. XES and OCEL are put in order of case and time and need the events in memory.
    A character that XML cannot hold is written as U+FFFD. Raises ``LogError`` for a format that is not known, columns that are
    missing, and a place that cannot be written to.
    """
    path = Path(path)
    chosen = format or next((f for suffix, f in _SUFFIXES.items() if path.name.lower().endswith(suffix)), None)
    if chosen not in _WRITERS:
        said = (
            f"{format!r} is not a format that is written{did_you_mean(format, FORMATS)}"
            if format
            else f"{path.name}: its suffix names no format that is written."
        )
        raise LogError(f"{said} Choose one of {', '.join(FORMATS)}.")
    if missing := [name for name in EVENT.names if name not in events.schema.names]:
        raise LogError(f"The events have no column {missing[0]!r}; an event has {', '.join(EVENT.names)}.")
    with _whole(path) as part:
        _WRITERS[chosen](events, cases, part)
    return path


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file beside *path* that takes its name when the block ends well, and is removed when it does not."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise LogError(f"{path}: cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)


__all__ = ["FORMATS", "write"]
