"""Which engine answers: DuckDB over a store folder, or the database or cluster a body already has, chosen by a URL.

The questions are the same Ibis expressions everywhere; an engine only has to hold the tables of a snapshot.
"""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import ibis
import pyarrow as pa

from loft.log import sql
from loft.log.errors import LogError
from loft.log.store import TABLES, Hold, Meta, Store

SCHEMES = ("duckdb", "postgres", "postgresql", "spark")


INT, BITS = ibis.dtype("int32"), ibis.dtype("string")
"""Ibis has no type for DuckDB's BIT; it only passes between these two functions."""


@ibis.udf.agg.builtin(signature=((INT, INT, INT), BITS))  # type: ignore[untyped-decorator]
def bitstring_agg(ids: Any, lowest: Any, highest: Any) -> Any:
    """DuckDB: a bit for each number from *lowest* to *highest*, set for those in *ids*."""


@ibis.udf.scalar.builtin(signature=((BITS, INT), INT))  # type: ignore[untyped-decorator]
def get_bit(bits: Any, place: Any) -> Any:
    """DuckDB: the bit at *place*, counted from 0."""


@dataclass(frozen=True)
class Engine:
    """A snapshot's tables on an engine.

    ``tables`` are Ibis tables by name: ``steps``, ``cases``, ``variants``, names and cubes. ``run`` must be called by one
    thread at a time, which ``lock`` sees to. ``bitmaps``: the engine chooses cases by a bit for each, not by a join.
    ``hold`` keeps the snapshot's files from being removed by later imports.
    """

    meta: Meta
    tables: Mapping[str, Any]
    backend: Any
    lock: Any
    bitmaps: bool = False
    hold: Hold | None = None

    def run(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression, as Arrow."""
        with self.lock:
            return self._fetch(expression)

    def among(self, table: Any, ids: Any, *, few: bool = False) -> Any:
        """The rows of *table* whose ``case_id`` is in *ids*, a table with that column, where an id may stand several times.

        *few* says that *ids* holds a small part of the cases. Cases are numbered from 1 without a gap, so a bit for each is a
        small thing, and looking one up takes half the time of a join.
        """
        if few or not self.bitmaps:
            return table.semi_join(ids, "case_id")
        highest = ibis.literal(self.meta.cases, "int32")
        bits = ids.agg(bits=bitstring_agg(ids.case_id, ibis.literal(0, "int32"), highest)).bits.as_scalar()
        return table.filter(lambda t: get_bit(bits, t.case_id) == 1)

    def close(self) -> None:
        """Let go of the connection. A Spark session stays: others in this process may use it, and it ends with the process."""
        if self.backend.name != "pyspark":
            self.backend.disconnect()
        if self.hold:
            self.hold.let_go()

    def _fetch(self, expression: Any) -> pa.Table:
        if self.backend.name != "pyspark":
            return self.backend.to_pyarrow(expression)
        # Ibis goes by way of pandas here, which costs time, and digits of large integers beside a null.
        rows = self.backend._session.sql(self.backend.compile(expression)).toArrow()
        return rows.cast(expression.as_table().schema().to_pyarrow())


def connect(url: str | Path) -> Engine:
    """The engine that *url* names.

    A folder (or ``duckdb:///folder``): DuckDB over the store there. ``postgresql://user@host/database?schema=NAME``: tables written by
    ``publish``. ``spark:///folder``: Spark (in this process, or the cluster that ``SPARK_REMOTE`` or
    ``spark-defaults.conf`` name) over a store folder
    it can reach. Raises ``LogError`` for an unknown scheme, an empty store or a schema without a log.
    """
    parts = urlsplit(str(url))
    if parts.scheme in ("", "duckdb") or len(parts.scheme) == 1:
        return _duckdb(Path(unquote(parts.path) if parts.scheme == "duckdb" else str(url)))
    if parts.scheme in ("postgres", "postgresql"):
        return _postgres(str(url))
    if parts.scheme == "spark":
        return _spark(Path(unquote(parts.path)))
    raise LogError(
        f"{parts.scheme}:// is not an engine here. Give a folder, or a URL that begins with {', '.join(SCHEMES)}."
    )


def names_of(meta: Meta) -> tuple[str, ...]:
    """The tables of a snapshot."""
    return ("steps", *TABLES, *meta.cubes)


def parquet_of(snapshot: Path, name: str) -> Path:
    """The file of one of them."""
    return snapshot / "steps" / "steps.parquet" if name == "steps" else snapshot / f"{name}.parquet"


def _duckdb(folder: Path) -> Engine:
    opened = Store(folder).opened()
    meta = opened.meta
    backend = ibis.duckdb.connect()
    tables = {
        name: backend.read_parquet(sql.file(parquet_of(opened.folder, name)), table_name=name, hive_partitioning=False)
        for name in names_of(meta)
    }
    for name in meta.cubes:
        # Cubes answer most questions; in memory they do so in a millisecond.
        tables[name] = backend.create_table(f"{name}_held", tables[name], temp=True)
    return Engine(meta, tables, backend, threading.Lock(), bitmaps=True, hold=opened.hold)


def _postgres(url: str) -> Engine:
    backend, schema = postgres(url)
    if "loft_meta" not in backend.list_tables(database=schema):
        backend.disconnect()
        raise LogError(f"Schema {schema!r} has no log. Put one there: loft publish STORE {url.split('@')[-1]}")
    [text] = backend.to_pyarrow(backend.table("loft_meta", database=schema).meta).to_pylist()
    meta = Meta.from_json(text, f"the log in schema {schema}")
    tables = {name: backend.table(name, database=schema) for name in names_of(meta)}
    return Engine(meta, tables, backend, threading.Lock())


def postgres(url: str) -> tuple[Any, str]:
    """An Ibis connection to PostgreSQL, and the schema that the URL names (default ``loft``)."""
    place, schema = postgres_place(url)
    place["database"] = place.pop("dbname")
    try:
        backend = ibis.postgres.connect(**place)
    except Exception as error:
        raise LogError(f"PostgreSQL at {place['host']} does not answer, or refuses: {error}") from error
    return backend, schema


def postgres_place(url: str) -> tuple[dict[str, Any], str]:
    """Where PostgreSQL is, as its client library names the parts, and the schema that the URL names (default ``loft``).

    Other parameters of the URL (``sslmode``, ``connect_timeout`` …) are the client library's own and are passed on to it.
    """
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    schema, host, port = (query.pop(key, None) for key in ("schema", "host", "port"))
    place = {
        **query,
        "host": parts.hostname or host,
        "port": _port(parts, port),
        "user": unquote(parts.username) if parts.username else query.get("user"),
        "password": unquote(parts.password) if parts.password else query.get("password"),
        "dbname": unquote(parts.path.strip("/")) or query.get("dbname"),
    }
    return place, schema or "loft"


def _port(parts: SplitResult, said: str | None) -> int:
    try:
        return parts.port or int(said or 5432)
    except ValueError as error:
        raise LogError(
            f"The port in the URL of PostgreSQL is no number from 1 to 65535: {parts.netloc.split('@')[-1]}"
        ) from error


def _spark(folder: Path) -> Engine:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise LogError("Spark is not installed: pip install 'innovasjonsloft[spark]'") from error
    opened = Store(folder).opened()
    snapshot, meta = opened.folder.resolve(), opened.meta
    session = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    backend = ibis.pyspark.connect(session)
    # One session may hold several logs, and a view of the same name would take the place of another log's.
    mark = hashlib.sha256(str(snapshot).encode()).hexdigest()[:12]
    tables = {
        name: backend.read_parquet(_hadoop(parquet_of(snapshot, name)), table_name=f"loft_{mark}_{name}")
        for name in names_of(meta)
    }
    return Engine(meta, tables, backend, threading.Lock(), hold=opened.hold)


def _hadoop(path: Path) -> str:
    """The name of one file for Spark, which takes some signs for a pattern of names."""
    return "".join(f"\\{c}" if c in "*?[]{}\\" else c for c in str(path))
