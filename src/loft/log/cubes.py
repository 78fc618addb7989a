"""Cubes: steps summed by day, so that most questions never touch the steps.

The day is the day **the case was opened**, because a selection's period chooses cases. A case then lies in one
day only, and the number of distinct cases in any period is a plain sum over its days.
"""

from pathlib import Path

import duckdb

from loft.log import sql

KEYS = {
    "arc": ("arc_id", "first_arc"),
    "handover": ("handover_id", "first_handover"),
    "place": ("place_id", "first_place"),
    "move": ("move_id", "first_move"),
}
"""What is counted, by which id, and the flag that is true the first time in a case."""

WORTH = 0.25
"""A cube with more rows than this share of the steps is not kept: reading it would cost as much as reading them."""

SUMS = {
    "count": "count(*)",
    "waits": "count(wait_s)",
    "wait_s": "coalesce(sum(wait_s), 0)::BIGINT",
    "works": "count(work_s)",
    "work_s": "coalesce(sum(work_s), 0)::BIGINT",
    **{first: f"sum({first}::INTEGER)" for _, first in KEYS.values()},
    "wait_cases": "count(*) FILTER (WHERE first_place AND wait_s IS NOT NULL)",
    "work_cases": "count(*) FILTER (WHERE first_place AND work_s IS NOT NULL)",
}
FIGURES = ("count", "waits", "wait_s", "works", "work_s")
MORE = {"place": ("wait_cases", "work_cases")}
"""More figures of a cube: where not every step has a wait, or a known start, the cases whose first such step has one."""


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    """Write the cubes worth keeping to *folder*; returns their names.

    ``cube_<key>`` has a row for each day, service and id, with ``cases`` and the figures of ``FIGURES`` and ``MORE``. ``cube_<key>_bins``
    counts waits by month (its first day), service, id and histogram bin. ``cube_cases`` counts cases by day, service, doors, and
    whole days lasted.
    """
    steps = sql.one(connection, "SELECT count(*) FROM steps")
    _gather(connection)
    queries: dict[str, str] = {}
    for key, (column, first) in KEYS.items():
        names = [f"sum({name})::BIGINT AS {name}" for name in (*FIGURES, *MORE.get(key, ()))]
        queries[f"cube_{key}"] = (
            f"SELECT opened_day, service_id, {column}, sum({first})::BIGINT AS cases, {', '.join(names)} FROM by_day "
            f"WHERE {column} IS NOT NULL GROUP BY ALL"
        )
        queries[f"cube_{key}_bins"] = (
            f"SELECT opened_day, service_id, {column}, wait_bin, sum(count)::BIGINT AS count FROM by_bin "
            f"WHERE {column} IS NOT NULL GROUP BY ALL"
        )
    queries["cube_cases"] = (
        "SELECT opened_day, service_id, doors, closed, lasted_days, count(*) AS cases, sum(steps)::BIGINT AS steps, "
        "sum(handovers)::BIGINT AS handovers, sum((bounces > 0)::INTEGER)::BIGINT AS bounced, sum(wait_s)::BIGINT AS wait_s, "
        "sum(lasted_s)::BIGINT AS lasted_s, sum(work_s)::BIGINT AS work_s, sum((wait_s > 0)::INTEGER)::BIGINT AS waited, "
        "sum((work_s > 0)::INTEGER)::BIGINT AS worked FROM cases GROUP BY ALL"
    )
    return tuple(name for name, query in queries.items() if _write(connection, folder, name, query, steps))


def _gather(connection: duckdb.DuckDBPyConnection) -> None:
    """Sum the steps twice, by everything that any cube is about; the cubes are then summed from these few rows."""
    ids = ", ".join(column for column, _ in KEYS.values())
    sums = ", ".join(f"{expression} AS {name}" for name, expression in SUMS.items())
    connection.execute(
        f"CREATE TEMP TABLE by_day AS SELECT opened_day, service_id, {ids}, {sums} FROM steps GROUP BY ALL"
    )
    connection.execute(
        f"CREATE TEMP TABLE by_bin AS SELECT date_trunc('month', opened_day)::DATE AS opened_day, service_id, {ids}, wait_bin, "
        "count(*) AS count FROM steps WHERE wait_bin IS NOT NULL GROUP BY ALL"
    )


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, query: str, steps: int) -> bool:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE cube AS {query}")
    worth = sql.one(connection, "SELECT count(*) FROM cube") <= max(WORTH * steps, 100_000)
    if worth:
        sql.write(connection, "SELECT * FROM cube ORDER BY ALL", folder / f"{name}.parquet")
    connection.execute("DROP TABLE cube")
    return bool(worth)
