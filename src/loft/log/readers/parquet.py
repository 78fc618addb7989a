"""Parquet into the log: a view over the file, so that ten million rows cost nothing until they are asked for."""

from pathlib import Path

import duckdb

from loft.log.errors import BadRows, LogError
from loft.log.limits import Limits
from loft.log.mapping import Mapping
from loft.log.progress import Progress
from loft.log.readers import sql
from loft.log.readers.raw import Column, Raw, own_source

_MANY = 1_000_000


def read(
    path: Path,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
    *,
    limits: Limits,
    bad: BadRows,
    progress: Progress,
    sample: bool = False,
) -> Raw:
    """The file as a relation; its rows are read when the events are. Nothing is read of columns that are not used."""
    scan = sql.parquet(path, file_row_number=True)
    try:
        described = connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {scan}").fetchall()
        _refuse_too_large(connection, path, limits)
        clean = _clean(connection, path)
    except duckdb.Error as error:
        raise LogError(f"{path.name}: cannot be read as Parquet: {_first(error)}.") from error
    if len(described) > limits.columns:
        raise LogError(f"{path.name}: has {len(described):,} columns; the most that is read is {limits.columns:,}.")
    columns = {name: Column(sql.name(name), kind) for name, kind, *_ in described}
    limit = " LIMIT 2000" if sample else ""
    relation = f"(SELECT file_row_number AS seq, * EXCLUDE (file_row_number) FROM {scan}{limit})"
    own = own_source(columns)
    return Raw(
        relation,
        columns,
        row="seq + 1",
        view=True,
        clean=frozenset(n for n in clean if n in columns),
        source=own,
        not_attributes=frozenset({own} if own else ()),
    )


def _refuse_too_large(connection: duckdb.DuckDBPyConnection, path: Path, limits: Limits) -> None:
    """What the end of the file says of its size is enough: a few bytes there can stand for billions of equal rows."""
    [(rows, unpacked)] = connection.execute(
        "SELECT (SELECT sum(num_rows) FROM parquet_file_metadata($1)), sum(total_uncompressed_size) FROM parquet_metadata($1)",
        [sql.file(path)],
    ).fetchall()
    size = path.stat().st_size
    if (unpacked or 0) > limits.unpacked:
        raise LogError(f"{path.name}: is more than {limits.unpacked:,} bytes unpacked, the most that is read.")
    if (unpacked or 0) > max(limits.ratio_from, limits.ratio * size) or (rows or 0) > max(_MANY, limits.rows * size):
        raise LogError(
            f"{path.name}: holds {rows:,} rows in {size:,} bytes; it looks like a file made to fill the memory."
        )


def _clean(connection: duckdb.DuckDBPyConnection, path: Path) -> set[str]:
    """Text columns that, by the statistics in the file, hold neither null nor blank: their least value begins with a visible character."""
    found = connection.execute(
        "SELECT path_in_schema FROM parquet_metadata($1) WHERE type = 'BYTE_ARRAY' GROUP BY 1 "
        "HAVING bool_and(coalesce(stats_null_count = 0, false) AND coalesce(coalesce(stats_min_value, stats_min) > '!', false))",
        [sql.file(path)],
    )
    return {row[0] for row in found.fetchall()}


def _first(error: Exception) -> str:
    return str(error).split("\n")[0].rstrip(".")
