"""Events as Python rows, in order of case and time: for formats that are written element by element."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from loft.log.columns import NAMES


def attributes(schema: pa.Schema, prefix: str = "event:") -> dict[str, str]:
    """Column → name outside Løft, for the columns that are not the log's own."""
    return {n: n.removeprefix(prefix) for n in schema.names if n not in NAMES and n != "seq"}


def by_case(events: pa.Table | pa.RecordBatchReader) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each case, in the order in which they first appear, with its events by time; ties keep their order."""
    table = events.read_all() if isinstance(events, pa.RecordBatchReader) else events
    case = table.column("case").combine_chunks().dictionary_encode()
    code = case.indices if isinstance(case, pa.DictionaryArray) else case.combine_chunks().indices
    order = pc.sort_indices(
        pa.table(
            {"case": code, "at": table.column("at").cast(pa.timestamp("us")), "place": pa.array(range(len(table)))}
        ),
        sort_keys=[("case", "ascending"), ("at", "ascending"), ("place", "ascending")],
    )
    current: str | None = None
    rows: list[dict[str, Any]] = []
    for batch in table.take(order).to_batches(max_chunksize=50_000):
        for row in batch.to_pylist():
            if row["case"] != current and rows:
                yield str(current), rows
                rows = []
            current = row["case"]
            rows.append(row)
    if rows:
        yield str(current), rows


def iso(value: datetime) -> str:
    """A UTC time as ISO 8601 with a Z, to the microsecond where it has any."""
    text = value.replace(tzinfo=None).isoformat(timespec="microseconds" if value.microsecond % 1000 else "milliseconds")
    return f"{text}Z"


def case_values(cases: pa.Table | None) -> dict[str, dict[str, Any]]:
    """Case → its attributes, by their names outside Løft."""
    if cases is None:
        return {}
    return {
        row["case"]: {n.removeprefix("case:"): v for n, v in row.items() if n != "case" and v is not None}
        for row in cases.to_pylist()
    }
