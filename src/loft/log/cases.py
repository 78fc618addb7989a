"""The tables of cases and of variants, and which activities close a case."""

from pathlib import Path

import duckdb

from loft.log import sql
from loft.log.errors import LogError
from loft.log.staging import Staged

MOST_VARIANTS = 10_000
"""So many variants, the most frequent, have their activities written out."""


def endings_of(connection: duckdb.DuckDBPyConnection, endings: tuple[str, ...] | None) -> tuple[str, ...]:
    """The endings chosen, or guessed when none were. Raises ``LogError`` for one that is not an activity of the log."""
    if endings is None:
        return _guess_endings(connection)
    known = {row[0] for row in connection.execute("SELECT activity FROM activities").fetchall()}
    for ending in endings:
        if ending not in known:
            raise LogError(
                f"The ending {ending!r} is not an activity of this log. Its activities: {', '.join(sorted(known)[:20])}."
            )
    return endings


def _guess_endings(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Activities that end at least one case in a hundred and, when they happen, are the last in eight of ten.

    None when these together end less than half of the cases: then the log does not tell, and a guess would call
    most of its cases open.
    """
    rows = connection.execute(
        "WITH last AS (SELECT last_activity_id AS activity_id, count(*) AS n FROM case_rows GROUP BY 1), "
        "met AS (SELECT activity_id, sum((NOT rework)::INTEGER) AS n FROM steps GROUP BY 1) "
        "SELECT activity, last.n FROM last JOIN met USING (activity_id) JOIN activities USING (activity_id) "
        "WHERE last.n >= 0.8 * met.n AND last.n >= 0.01 * (SELECT count(*) FROM case_rows) ORDER BY last.n DESC, activity"
    ).fetchall()
    cases = sql.one(connection, "SELECT count(*) FROM case_rows")
    return tuple(row[0] for row in rows) if sum(row[1] for row in rows) >= cases / 2 else ()


def write_cases(connection: duckdb.DuckDBPyConnection, staged: Staged, folder: Path, endings: tuple[str, ...]) -> None:
    """The cases, with their attributes, whether they are closed, how long they took, and their variant's number.

    A case is closed when its last activity is an ending; without endings every case counts as closed. An open case has lasted
    until the log's last moment.
    """
    connection.execute(
        "CREATE TABLE variants AS SELECT row_number() OVER (ORDER BY cases DESC, sample)::INTEGER AS variant_id, * FROM "
        "(SELECT variant, count(*) AS cases, any_value(steps) AS steps, min(case_id) AS sample FROM case_rows GROUP BY variant)"
    )
    connection.execute("CREATE TEMP TABLE ending (activity VARCHAR)")
    if endings:
        connection.executemany("INSERT INTO ending VALUES (?)", [[e] for e in endings])
    closed = (
        "last_activity_id IN (SELECT activity_id FROM activities JOIN ending USING (activity))" if endings else "TRUE"
    )
    further, kept = (
        ("LEFT JOIN " + staged.cases + ' f USING ("case")', ', f.* EXCLUDE ("case")') if staged.cases else ("", "")
    )
    sql.write(
        connection,
        "WITH told AS (SELECT *, CASE WHEN closed THEN ended ELSE (SELECT max(ended) FROM case_rows) END AS seen_until "
        f"FROM (SELECT *, {closed} AS closed FROM case_rows)) "
        "SELECT c.* EXCLUDE (variant, seen_until), v.variant_id, date_sub('second', opened, seen_until) AS lasted_s, "
        f"(date_sub('second', opened, seen_until) // 86400)::INTEGER AS lasted_days{kept} "
        f"FROM told c JOIN variants v USING (variant) {further}",
        folder / "cases.parquet",
    )
    _write_variants(connection, folder)
    connection.execute(f"CREATE VIEW cases AS SELECT * FROM {sql.parquet(folder / 'cases.parquet')}")


def _write_variants(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """The variants; the most frequent ones with their activities written out."""
    sql.write(
        connection,
        "WITH told AS (SELECT case_id AS sample, string_agg(activity, ' → ' ORDER BY position) AS activities FROM steps "
        "JOIN activities USING (activity_id) WHERE case_id IN "
        f"(SELECT sample FROM variants WHERE variant_id <= {MOST_VARIANTS}) GROUP BY case_id) "
        "SELECT variant_id, cases, v.steps, activities FROM variants v LEFT JOIN told USING (sample) ORDER BY variant_id",
        folder / "variants.parquet",
    )
