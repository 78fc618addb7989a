"""The names of activities, units, services and sources become numbers, the most frequent first."""

import math
from pathlib import Path

import duckdb

from loft.log import sql
from loft.log.errors import LogError
from loft.log.limits import Limits
from loft.log.staging import Staged
from loft.log.steps import Sizes

NAMED = {"activities": "activity", "units": "unit", "services": "service", "sources": "source"}


def numbered(connection: duckdb.DuckDBPyConnection, staged: Staged, folder: Path, limits: Limits) -> Sizes:
    """Number the names, the most frequent first, and write a table of each kind."""
    for table, column in NAMED.items():
        connection.execute(
            f"CREATE TABLE {table} AS SELECT row_number() OVER (ORDER BY n DESC, name)::INTEGER AS {column}_id, name AS {column} FROM "
            f'(SELECT "{column}" AS name, count(*) AS n FROM {staged.events} WHERE "{column}" IS NOT NULL GROUP BY ALL)'
        )
        longest = sql.one(connection, f"SELECT coalesce(max(length({column})), 0) FROM {table}")
        refuse_longer(column, longest, limits)
        sql.write(connection, f"SELECT * FROM {table} ORDER BY 1", folder / f"{table}.parquet")
    sizes = Sizes(
        sql.one(connection, "SELECT count(*) FROM activities"), sql.one(connection, "SELECT count(*) FROM units")
    )
    _refuse_too_many(sizes)
    return sizes


def _refuse_too_many(sizes: Sizes) -> None:
    """Ids of pairs are whole numbers of 32 bits. A column with so many different values is none of activities or units."""
    most = math.isqrt(2**31 - 1) - 1
    for number, kind in ((sizes.activities, "activities"), (sizes.units, "units")):
        if number > most:
            raise LogError(
                f"There are {number:,} different {kind}; the most that is read is {most:,}. "
                f"Perhaps the column chosen for them holds free text or numbers: choose another in the mapping."
            )


def refuse_longer(column: str, longest: int, limits: Limits) -> None:
    """Raise ``LogError`` where the longest value of a column is longer than the limit."""
    if longest > limits.field:
        raise LogError(
            f"Column {column!r}: a value has {longest:,} characters; the most that is read is {limits.field:,}."
        )
