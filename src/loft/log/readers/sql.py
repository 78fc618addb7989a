"""Pieces of SQL for readers: those of ``log.sql``, and a source's values turned into the types of the log."""

from typing import Any
from zoneinfo import available_timezones

import duckdb

from loft.log.errors import LogError
from loft.log.mapping import Mapping, did_you_mean
from loft.log.sql import file, name, parquet, text

_DATE, _TIME, _ZONE = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d([.]\d+)?)?", r"(Z|z|[+-](0\d|1[0-8])(:?[0-5]\d)?)"
ISO_ZONED = rf"{_DATE}[Tt ]{_TIME}{_ZONE}"
ISO_NAIVE = rf"{_DATE}([Tt ]{_TIME})?"
EPOCHS = {"epoch seconds": 1_000_000, "epoch milliseconds": 1_000}


def present(x: str, kind: str = "VARCHAR") -> str:
    """The value as text; NULL where it is missing or blank."""
    if kind != "VARCHAR":
        x = f"CAST({x} AS VARCHAR)"
    return f"CASE WHEN trim({x}) <> '' THEN {x} END"


def timestamp(x: str, kind: str, mapping: Mapping) -> str:
    """*x*, of the DuckDB type *kind*, as a UTC TIMESTAMP; NULL where it is no timestamp in the form the mapping says."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return _utc(x)
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return _zoned(f"CAST({x} AS TIMESTAMP)", mapping.time_zone)
    form = mapping.timestamp_format
    if form in EPOCHS:
        return f"TRY(make_timestamp(CAST(round(TRY_CAST({x} AS DOUBLE) * {EPOCHS[form]}) AS BIGINT)))"
    if kind != "VARCHAR":
        return "CAST(NULL AS TIMESTAMP)"
    x = f"trim({x})"
    if form is not None:
        parsed = f"try_strptime({x}, {text(form)})"
        return _utc(parsed) if has_zone(form) else _zoned(parsed, mapping.time_zone)
    return iso(x, mapping.time_zone)


def iso(x: str, zone: str = "UTC") -> str:
    """The text *x*, an ISO 8601 date or time with or without a zone, as a UTC TIMESTAMP; NULL where it is something else."""
    naive = _zoned(f"TRY_CAST({x} AS TIMESTAMP)", zone)
    return (
        f"CASE WHEN regexp_full_match({x}, {text(ISO_ZONED)}) THEN {_utc(f'TRY_CAST({x} AS TIMESTAMPTZ)')} "
        f"WHEN regexp_full_match({x}, {text(ISO_NAIVE)}) THEN {naive} END"
    )


def without_zone(x: str) -> str:
    """True for a text that is a timestamp without a zone; the common forms with one are ruled out cheaply first."""
    ruled_out = f"length({x}) > 15 AND (ends_with({x}, 'Z') OR {x}[-6] IN ('+', '-'))"
    return f"NOT ({ruled_out}) AND regexp_full_match(trim({x}), {text(ISO_NAIVE)})"


def has_zone(form: str) -> bool:
    """Whether a ``strptime`` pattern reads a zone."""
    return "%z" in form or "%Z" in form


def check_zone(zone: str, where: str) -> None:
    """Raise ``LogError`` for a time zone that does not exist."""
    if zone == "UTC":
        return
    zones = available_timezones()
    if zone not in zones:
        raise LogError(
            f'{where}: {zone!r} is not a time zone{did_you_mean(zone, zones)} Write for example time_zone = "Europe/Oslo".'
        )


def _utc(x: str) -> str:
    return f"make_timestamp(epoch_us({x}))"


def _zoned(x: str, zone: str) -> str:
    return x if zone == "UTC" else _utc(f"timezone({text(zone)}, {x})")


def row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The only row of *query*, read to its end so that the connection is free again."""
    found: tuple[Any, ...] = connection.execute(query).fetchall()[0]
    return found


__all__ = [
    "EPOCHS",
    "ISO_ZONED",
    "check_zone",
    "file",
    "has_zone",
    "iso",
    "name",
    "parquet",
    "present",
    "row",
    "text",
    "timestamp",
    "without_zone",
]
