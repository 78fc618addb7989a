"""What every reader hands over, before a mapping is applied: a relation in DuckDB and what its columns are called in the file."""

from collections.abc import Mapping as Map
from dataclasses import dataclass, field

import duckdb

from loft.log.columns import NAMES


@dataclass(frozen=True)
class Column:
    """One column of a source: the SQL that gives it, its DuckDB type there, and the type its texts stand for."""

    sql: str
    kind: str = "VARCHAR"
    means: str = "VARCHAR"


@dataclass(frozen=True)
class Raw:
    """A relation with ``seq`` (ascending, unique) and columns by their name in the source.

    ``cases`` is a relation with ``case`` and further ``case_columns``. ``row`` and ``line`` are SQL for the place in the file.
    ``instance`` is a column that tells repeated work on one activity apart, ``source`` one that says which system the event
    is from. ``view`` means: the relation is cheap to read again, do not
    copy it. ``clean`` are text columns known to have no blank value. ``not_attributes`` are columns that are not kept as attributes unless
    they play a part. ``registered`` and ``tables`` are what to take away once the events are staged.
    """

    relation: str
    columns: Map[str, Column]
    cases: str | None = None
    case_columns: Map[str, Column] = field(default_factory=dict)
    row: str = "seq"
    line: str | None = None
    instance: str | None = None
    source: str | None = None
    view: bool = False
    clean: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    not_attributes: frozenset[str] = frozenset()
    registered: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    def take_away(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Free what the reader put into the connection."""
        for name in self.registered:
            connection.unregister(name)
        for name in self.tables:
            connection.execute(f"DROP TABLE IF EXISTS {name}")


def own_source(columns: Map[str, Column]) -> str | None:
    """The column that says which system an event is from, in a table that has all the log's own columns, as Løft writes it."""
    return "source" if all(name in columns for name in NAMES) else None
