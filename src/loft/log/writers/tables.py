"""CSV and Parquet: the columns of the log under their own names, then the attributes."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from loft.log.columns import EVENT
from loft.log.writers.rows import attributes

_UTC = pa.timestamp("us", tz="UTC")


def write_csv(events: pa.Table | pa.RecordBatchReader, cases: pa.Table | None, path: Path) -> None:
    """RFC 4180 in UTF-8, heads in the first line, times as ISO 8601 in UTC, nothing where a value is missing."""
    writer = None
    for batch in _batches(events):
        batch = pa.record_batch([_text(column) for column in batch.columns], names=batch.schema.names)
        writer = writer or pa.csv.CSVWriter(path, batch.schema)
        writer.write_batch(batch)
    if writer:
        writer.close()


def write_parquet(events: pa.Table | pa.RecordBatchReader, cases: pa.Table | None, path: Path) -> None:
    """Parquet with zstd; times carry the zone UTC, so that other programs cannot take them for local time."""
    writer = None
    for batch in _batches(events):
        writer = writer or pa.parquet.ParquetWriter(path, batch.schema, compression="zstd")
        writer.write_batch(batch)
    if writer:
        writer.close()


def _batches(events: pa.Table | pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The batches with the columns that are written, times in UTC; one empty batch where there is none, so that the heads are written."""
    names = [*EVENT.names, *attributes(events.schema)]
    heads = _distinct([*EVENT.names, *attributes(events.schema).values()])
    batches = iter(events if isinstance(events, pa.RecordBatchReader) else events.to_batches())
    empty = pa.record_batch([pa.array([], events.schema.field(n).type) for n in names], names=names)
    first = next(batches, empty)
    for batch in (first, *()) if first is empty else _chain(first, batches):
        columns = []
        for name in names:
            column = batch.column(batch.schema.get_field_index(name))
            columns.append(column.cast(_UTC) if pa.types.is_timestamp(column.type) else column)
        yield pa.record_batch(columns, names=heads)


def _chain(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _distinct(names: list[str]) -> list[str]:
    """An attribute called like a column of the log gets a number, so that no head comes twice."""
    found: list[str] = []
    for name in names:
        new, number = name, 2
        while new in found:
            new, number = f"{name}_{number}", number + 1
        found.append(new)
    return found


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("us")), "%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_boolean(column.type):
        return column.cast(pa.string())
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column
