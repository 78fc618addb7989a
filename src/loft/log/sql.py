"""The few things the log says to DuckDB in SQL: only while a store is built; every question to a built store is Ibis."""

from pathlib import Path
from typing import Any

import duckdb


def text(value: object) -> str:
    """*value* as an SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def name(value: str) -> str:
    """*value* as an SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def file(path: Path) -> str:
    """The name of one file for DuckDB's readers, which take ``*``, ``?`` and ``[`` for a pattern of names."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path.resolve()))


def parquet(path: Path, **options: object) -> str:
    """``read_parquet`` of one file; folders called ``year=2026`` on the way to it are not columns."""
    further = "".join(f", {key}={str(value).lower()}" for key, value in options.items())
    return f"read_parquet({text(file(path))}, hive_partitioning=false{further})"


def one(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The first value of the first row."""
    rows = connection.execute(query).fetchall()
    return rows[0][0] if rows else None


def write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of *query* to a Parquet file."""
    connection.execute(f"COPY ({query}) TO {text(path)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 250000)")
