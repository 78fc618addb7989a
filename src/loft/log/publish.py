"""Putting a log on the PostgreSQL server that a body already has, so that the same questions are answered there."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from loft.log import sql
from loft.log.engine import names_of, parquet_of, postgres_place
from loft.log.errors import LogError
from loft.log.progress import Progress, silent
from loft.log.store import TABLES, Meta, Store

BATCH = 50_000
_OF_A_LOG = {"steps", "loft_meta", *TABLES}
TYPES = {
    pa.int8(): "smallint",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double precision",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}
INDEXES = {"steps": ("case_id", "arc_id", "opened_day"), "cases": ("case_id", "opened_day")}


def publish(store: str | Path, url: str, progress: Progress = silent) -> int:
    """Write the snapshot in force to a schema of PostgreSQL; returns the number of events written.

    *url* is ``postgresql://user@host/database?schema=NAME`` (default schema ``loft``). The schema is replaced whole,
    in one transaction: who asks
    meanwhile sees the log that was there. Raises ``LogError`` when the server does not answer, or the schema holds something that
    is not a log.
    """
    home = Store(store)
    opened = home.opened()
    meta, snapshot = opened.meta, opened.folder
    keywords, schema = postgres_place(url)
    psycopg = _psycopg()
    try:
        with psycopg.connect(**keywords) as connection:
            building = f"{schema}_building"
            _take_away(connection, building)
            connection.execute(f"CREATE SCHEMA {sql.name(building)}")
            for name in names_of(meta):
                _copy(connection, building, name, parquet_of(snapshot, name), progress)
            connection.execute(f"CREATE TABLE {sql.name(building)}.loft_meta (meta text NOT NULL)")
            connection.execute(
                f"INSERT INTO {sql.name(building)}.loft_meta VALUES (%s)", [_as_published(meta).to_json()]
            )
            _take_away(connection, schema)
            connection.execute(f"ALTER SCHEMA {sql.name(building)} RENAME TO {sql.name(schema)}")
    except psycopg.Error as error:
        lines = [line.strip() for line in str(error).strip().splitlines() if not line.startswith("HINT")]
        raise LogError(f"The log could not be written to schema {schema!r}: {' '.join(lines)}") from error
    except (OSError, ValueError) as error:
        raise LogError(
            f"The store {home.folder} cannot be read; nothing was published. See what is wrong: loft check {home.folder}"
        ) from error
    return meta.events


def _psycopg() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise LogError("PostgreSQL needs a package more: pip install 'innovasjonsloft[postgres]'") from error
    return psycopg


def _take_away(connection: Any, schema: str) -> None:
    """Remove a schema that holds a log and nothing else, if there is one.

    What is not a log's is somebody else's: it is refused. So is, by the server, what others have built on the log's tables, such as a view.
    """
    rows = connection.execute(
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s)) "
        "AND relkind NOT IN ('i', 't')",
        [schema],
    ).fetchall()
    tables = {name for name, kind in rows if kind == "r" and (name in _OF_A_LOG or name.startswith("cube_"))}
    others = sorted({name for name, _ in rows} - tables)
    if others or (tables and "loft_meta" not in tables):
        raise LogError(
            f"Schema {schema!r} holds tables or views that are not a log ({', '.join(others or sorted(tables))}). "
            "Give the URL the name of a schema that is not used: ?schema=NAME"
        )
    if tables:
        connection.execute(
            "DROP TABLE " + ", ".join(f"{sql.name(schema)}.{sql.name(table)}" for table in sorted(tables))
        )
    connection.execute(f"DROP SCHEMA IF EXISTS {sql.name(schema)}")


def _copy(connection: Any, schema: str, name: str, path: Path, progress: Progress) -> None:
    file = pq.ParquetFile(path)
    place = f"{sql.name(schema)}.{sql.name(name)}"
    columns = ", ".join(f"{sql.name(short(f.name))} {_type(f.type)}" for f in file.schema_arrow)
    connection.execute(f"CREATE TABLE {place} ({columns})")
    done, total = 0, file.metadata.num_rows
    with connection.cursor().copy(f"COPY {place} FROM STDIN (FORMAT csv)") as copy:
        for batch in file.iter_batches(BATCH):
            copy.write(_as_csv(batch))
            done += batch.num_rows
            progress(f"publishing {name}", done, total)
    for column in INDEXES.get(name, ()):
        connection.execute(f"CREATE INDEX ON {place} ({sql.name(column)})")
    connection.execute(f"ANALYZE {place}")


def _as_csv(batch: pa.RecordBatch) -> bytes:
    """The rows as PostgreSQL reads them: null is nothing at all, an empty text is two quotation marks."""
    out = io.BytesIO()
    pa.csv.write_csv(batch, out, pa.csv.WriteOptions(include_header=False))
    return out.getvalue()


def _type(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "timestamp"
    return TYPES.get(kind, "text")


LONGEST = 63
"""Bytes in a name in PostgreSQL; it cuts off the rest, so two long names could become one."""


def short(column: str) -> str:
    """The name of a column in PostgreSQL: its own, or its beginning and a mark that keeps it apart from others."""
    if len(column.encode()) <= LONGEST:
        return column
    mark = hashlib.sha256(column.encode()).hexdigest()[:12]
    return column.encode()[: LONGEST - len(mark) - 1].decode(errors="ignore") + "_" + mark


def _as_published(meta: Meta) -> Meta:
    return replace(
        meta,
        attributes={short(column): name for column, name in meta.attributes.items()},
        case_attributes={short(column): name for column, name in meta.case_attributes.items()},
    )
