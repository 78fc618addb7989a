"""The events of a store as a file in one of the formats that are written: the way back out for who owns the log."""

from pathlib import Path

import duckdb

from loft.log import sql
from loft.log.columns import NAMES
from loft.log.merge import previous_events
from loft.log.store import Store
from loft.log.writers import write


def export(store: str | Path, path: str | Path, format: str | None = None) -> int:
    """Write the events of the snapshot in force to *path*; returns how many. *format* is told by the suffix unless given.

    These are the events themselves, with attributes of events and (XES, OCEL) of cases. Raises ``LogError``.
    """
    opened = Store(store).opened()
    meta, snapshot = opened.meta, opened.folder
    with duckdb.connect() as connection:
        staged = previous_events(connection, snapshot)
        own = ", ".join(sql.name(name) for name in NAMES)
        further = "".join(
            f", {sql.name(column)} AS {sql.name('event:' + name)}" for column, name in meta.attributes.items()
        )
        cases = None
        if staged.cases:
            named = "".join(
                f", {sql.name(column)} AS {sql.name('case:' + name)}" for column, name in meta.case_attributes.items()
            )
            cases = connection.sql(f'SELECT "case"{named} FROM {staged.cases}').to_arrow_table()
        # Last, because a result that is being read keeps the connection busy.
        events = connection.sql(f"SELECT {own}{further} FROM {staged.events} ORDER BY seq").to_arrow_reader(100_000)
        write(events, path, format, cases=cases)
    return meta.events
