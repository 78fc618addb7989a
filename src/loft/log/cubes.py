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

FIGURES = (
    "count(*) AS count, sum({first}::INTEGER)::BIGINT AS cases, count(wait_s) AS waits, coalesce(sum(wait_s), 0)::BIGINT AS wait_s, "
    "count(work_s) AS works, coalesce(sum(work_s), 0)::BIGINT AS work_s"
)


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    """Write the cubes worth keeping to *folder*; returns their names.

    ``cube_<key>`` has a row for each day, service and id, with the figures of ``FIGURES``. ``cube_<key>_bins`` counts waits by
    month (its first day), service, id and histogram bin. ``cube_cases`` counts cases by day, service, doors, and whole days
    lasted.
    """
    steps = sql.one(connection, "SELECT count(*) FROM steps")
    kept = []
    for key, (column, first) in KEYS.items():
        where = f"WHERE {column} IS NOT NULL"
        queries = {
            f"cube_{key}": f"SELECT opened_day, service_id, {column}, {FIGURES.format(first=first)} FROM steps {where} GROUP BY ALL",
            f"cube_{key}_bins": "SELECT date_trunc('month', opened_day)::DATE AS opened_day, service_id, "
            f"{column}, wait_bin, count(*) AS count FROM steps {where} AND wait_bin IS NOT NULL GROUP BY ALL",
        }
        kept += [name for name, query in queries.items() if _write(connection, folder, name, query, steps)]
    query = (
        "SELECT opened_day, service_id, doors, closed, lasted_days, count(*) AS cases, sum(steps)::BIGINT AS steps, "
        "sum(handovers)::BIGINT AS handovers, sum((bounces > 0)::INTEGER)::BIGINT AS bounced, sum(wait_s)::BIGINT AS wait_s, "
        "sum(lasted_s)::BIGINT AS lasted_s, sum(work_s)::BIGINT AS work_s FROM cases GROUP BY ALL"
    )
    kept += ["cube_cases"] if _write(connection, folder, "cube_cases", query, steps) else []
    return tuple(kept)


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, query: str, steps: int) -> bool:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE cube AS {query}")
    worth = sql.one(connection, "SELECT count(*) FROM cube") <= max(WORTH * steps, 100_000)
    if worth:
        sql.write(connection, "SELECT * FROM cube ORDER BY ALL", folder / f"{name}.parquet")
    connection.execute("DROP TABLE cube")
    return bool(worth)
