"""OCEL 2.0 SQLite, opened so that nothing is written: no lock, no journal, and no SQL of the file's own is run."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from loft.log.errors import LogError
from loft.log.limits import Limits
from loft.log.progress import Progress
from loft.log.readers.ocel_log import ObjectEvent, ObjectLog
from loft.log.readers.sql import name as quoted

_NEEDED = {
    "event": ("ocel_id", "ocel_type"),
    "object": ("ocel_id", "ocel_type"),
    "event_object": ("ocel_event_id", "ocel_object_id"),
    "event_map_type": ("ocel_type", "ocel_type_map"),
    "object_map_type": ("ocel_type", "ocel_type_map"),
}


def from_sqlite(path: Path, limits: Limits, progress: Progress) -> ObjectLog:
    """The log in an OCEL SQLite file. Raises ``LogError`` for a damaged file and for tables that are missing."""
    try:
        with _opened(path, limits) as database:
            return _log(database, path.name, limits, progress)
    except (sqlite3.Error, UnicodeError, OverflowError, ValueError) as error:
        raise LogError(f"{path.name}: cannot be read as SQLite: {error}.") from error


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[sqlite3.Connection]:
    if path.stat().st_size > limits.unpacked:
        raise LogError(f"{path.name}: is more than {limits.unpacked:,} bytes, the most that is read.")
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * limits.field)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON"):
            database.execute(f"PRAGMA {setting}")
        yield database
    finally:
        database.close()


def _log(database: sqlite3.Connection, file: str, limits: Limits, progress: Progress) -> ObjectLog:
    tables = _tables(database)
    for table, columns in _NEEDED.items():
        _check(database, tables, table, columns, file)
    log = ObjectLog(notes=("OCEL 2.0 says that times in SQLite have no time zone.",))
    log.objects = {str(name): str(kind) for name, kind in _rows(database, "object", _NEEDED["object"])}
    if len(log.objects) > limits.unpacked // 100:
        raise LogError(f"{file}: has too many objects to be read.")
    for _, short in _rows(database, "object_map_type", _NEEDED["object_map_type"]):
        for row in _typed(database, tables, f"object_{short}", file, limits):
            name, time, changed = (
                str(row.pop("ocel_id", "")),
                str(row.pop("ocel_time", "") or ""),
                row.pop("ocel_changed_field", None),
            )
            kept = {changed: row.get(changed)} if changed else row
            log.changes.setdefault(name, []).extend((k, time, v) for k, v in kept.items() if v is not None)
    detail: dict[str, dict[str, Any]] = {}
    for _, short in _rows(database, "event_map_type", _NEEDED["event_map_type"]):
        for row in _typed(database, tables, f"event_{short}", file, limits):
            detail[str(row.pop("ocel_id", ""))] = row
    related = defaultdict(list)
    for event, thing in _rows(database, "event_object", _NEEDED["event_object"]):
        related[str(event)].append(str(thing))
    for name, kind in _rows(database, "event", _NEEDED["event"]):
        values = dict(detail.get(str(name), {}))
        time = values.pop("ocel_time", None)
        log.events.append(
            ObjectEvent(
                _text(name),
                _text(kind),
                _text(time),
                {k: v for k, v in values.items() if v is not None},
                related.get(str(name), []),
            )
        )
    return log


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _tables(database: sqlite3.Connection) -> set[str]:
    """Ordinary tables only: a view or a virtual table could run for ever."""
    found = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name for name, made in found if isinstance(name, str) and not str(made).upper().startswith("CREATE VIRTUAL")
    }


def _check(
    database: sqlite3.Connection, tables: set[str], table: str, columns: tuple[str, ...], file: str
) -> list[str]:
    if table not in tables:
        raise LogError(f"{file}: has no table {table!r}, which OCEL 2.0 requires.")
    there = [str(row[1]) for row in database.execute(f"PRAGMA table_info({quoted(table)})")]
    if missing := [c for c in columns if c not in there]:
        raise LogError(f"{file}: table {table!r} has no column {missing[0]!r}, which OCEL 2.0 requires.")
    return there


def _rows(database: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    yield from database.execute(f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(table)}")


def _typed(
    database: sqlite3.Connection, tables: set[str], table: str, file: str, limits: Limits
) -> Iterator[dict[str, Any]]:
    columns = _check(database, tables, table, ("ocel_id",), file)
    if len(columns) > limits.attributes:
        raise LogError(f"{file}: table {table!r} has more than {limits.attributes:,} columns, the most that is read.")
    for row in _rows(database, table, tuple(columns)):
        yield {c: v.hex() if isinstance(v, bytes) else v for c, v in zip(columns, row, strict=True)}
