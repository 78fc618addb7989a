"""Readers: a file in one of the formats of ``docs/log-formats.md`` becomes staged events in a DuckDB connection.

Each format has a module with ``read``, which gives a relation with the columns the file has (``raw.Raw``). One place, ``shape``, applies
the mapping to it, and finds the wrong rows. ``propose`` reads the beginning of a file and guesses a mapping.
"""

from pathlib import Path
from types import ModuleType

import duckdb

from loft.log.errors import BadRows, LogError
from loft.log.limits import LIMITS, Limits
from loft.log.mapping import Mapping
from loft.log.progress import Progress, silent
from loft.log.readers import cloudevents, delimited, ocel, parquet, xes
from loft.log.readers.raw import Raw
from loft.log.readers.shape import shaped
from loft.log.readers.source import checked
from loft.log.staging import Staged

READERS: dict[str, ModuleType] = {
    "xes": xes,
    "ocel-json": ocel,
    "ocel-xml": ocel,
    "ocel-sqlite": ocel,
    "csv": delimited,
    "parquet": parquet,
    "cloudevents": cloudevents,
}


def stage(
    path: str | Path,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
    *,
    limits: Limits = LIMITS,
    bad: BadRows | None = None,
    progress: Progress = silent,
    source: str | None = None,
) -> Staged:
    """The events of the file, mapped and checked, in *connection*.

    *source* is the system that events are from when neither the mapping nor the file says so (None: the file's name).
    Raises ``LogError`` for a file that is not what the mapping says, that passes a limit, or that has wrong rows (unless
    ``bad.keep_going``). Leaves no files behind.
    """
    path, bad = checked(path), bad if bad is not None else BadRows()
    raw = raw_of(path, mapping, connection, limits=limits, bad=bad, progress=progress)
    try:
        return shaped(connection, raw, mapping, file=path.name, bad=bad, source=source)
    except duckdb.Error as error:
        raise LogError(f"{path.name}: cannot be read as {mapping.format}: {str(error).splitlines()[0]}") from error
    finally:
        raw.take_away(connection)


def raw_of(
    path: Path,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
    *,
    limits: Limits,
    bad: BadRows,
    progress: Progress,
    sample: bool = False,
) -> Raw:
    """What the file holds before the mapping is applied; of a *sample* only its beginning."""
    raw: Raw = READERS[mapping.format].read(
        path, mapping, connection, limits=limits, bad=bad, progress=progress, sample=sample
    )
    return raw


__all__ = ["stage"]
