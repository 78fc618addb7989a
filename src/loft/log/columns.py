"""The columns of the log, their order and their types: the one place that says what an event is.

The same names are the heads of CSV files, the fields of the API and the columns in SQL.
"""

import pyarrow as pa

TIMESTAMP = pa.timestamp("us")
"""UTC, without a zone attached: every instant in Løft is UTC."""

EVENT = pa.schema(
    [
        pa.field("case", pa.string(), nullable=False),
        pa.field("activity", pa.string(), nullable=False),
        pa.field("at", TIMESTAMP, nullable=False),
        pa.field("began", TIMESTAMP),
        pa.field("unit", pa.string()),
        pa.field("service", pa.string()),
        pa.field("actor", pa.string()),
        pa.field("source", pa.string(), nullable=False),
        pa.field("id", pa.string()),
    ]
)
"""The columns of an event; further attributes follow them. See docs/log-formats.md for what each means."""

NAMES = tuple(EVENT.names)
ACTORS = ("resident", "employee", "robot", "system")
EARLIEST, LATEST = "1900-01-01", "2200-01-01"
"""Timestamps outside these years are wrong rows: they are nearly always a default value or a slip."""
