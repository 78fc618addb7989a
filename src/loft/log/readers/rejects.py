"""Wrong rows: found, counted, told, and written to a file of their own where they are skipped."""

import csv
from pathlib import Path
from typing import Any

import duckdb

from loft.log.columns import ACTORS, EARLIEST, LATEST
from loft.log.errors import BadRow, BadRows
from loft.log.mapping import Mapping
from loft.log.readers import sql
from loft.log.readers.raw import Raw

HEAD = ("file", "row", "line", "column", "value", "expected")
_SHOWN = 200


def refuse(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    raw: Raw,
    mapping: Mapping,
    core: dict[str, str],
    *,
    file: str,
    bad: BadRows,
) -> list[str]:
    """Take the wrong rows out of *table* and add them to *bad*; gives the notes about values that were left out.

    One aggregate over the staged columns tells whether anything is wrong; only then are the rows looked for one by one.
    """
    if _all_good(connection, table, raw, mapping):
        return []
    wrong = f"{table}_wrong"
    tests = _tests(raw, mapping, core)
    which = " ".join(f"WHEN {test} THEN {n}" for n, (test, _, _, _) in enumerate(tests))
    value = " ".join(f"WHEN {n} THEN CAST({shown} AS VARCHAR)" for n, (_, _, shown, _) in enumerate(tests))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {wrong} AS SELECT seq, which, CAST({raw.row} AS BIGINT) AS place, {raw.line or 'NULL'} AS line, "
        f"left(CASE which {value} END, {_SHOWN}) AS value "
        f"FROM (SELECT *, CASE {which} END AS which FROM {raw.relation}) WHERE which IS NOT NULL"
    )
    rows = connection.execute(f"SELECT place, line, which, value FROM {wrong} ORDER BY seq")
    found = 0
    while batch := rows.fetchmany(10_000):
        found += len(batch)
        told = [BadRow(file, row, tests[w][1], shown or "", tests[w][3], line) for row, line, w, shown in batch]
        tell(bad, told)
    if found:
        keep = f"seq NOT IN (SELECT seq FROM {wrong})"
        if raw.view:
            made = sql.row(connection, f"SELECT sql FROM duckdb_views() WHERE view_name = {sql.text(table)}")
            connection.execute(f"{_replacing(made)} WHERE {keep}")
        else:
            connection.execute(f"DELETE FROM {table} WHERE NOT ({keep})")
    return _left_out(connection, raw, mapping, core)


def tell(bad: BadRows, rows: list[BadRow]) -> None:
    """Count wrong rows, and add them to the file of rejected rows where they are skipped; its head is written when it is new."""
    for row in rows[:10]:
        bad.add(row)
    bad.count += max(0, len(rows) - 10)
    if not (bad.keep_going and bad.rejected):
        return
    with Path(bad.rejected).open("a", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        if out.tell() == 0:
            writer.writerow(HEAD)
        writer.writerows((r.file, r.row, r.line or "", r.column, r.value, r.expected) for r in rows)


def _replacing(made: Any) -> str:
    text = str(made[0]).rstrip().rstrip(";")
    return text.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)


def _all_good(connection: duckdb.DuckDBPyConnection, table: str, raw: Raw, mapping: Mapping) -> bool:
    counted = sql.row(
        connection,
        f'SELECT count(*), count("case"), count(activity), count("at"), '
        f'coalesce(min("at") >= {_day(EARLIEST)} AND max("at") < {_day(LATEST)}, true), count(began), count(actor) FROM {table}',
    )
    events, cases, activities, times, in_range, began, actors = counted
    for source, kept in ((mapping.began, began), (mapping.actor, actors)):
        if source is not None:
            there = sql.row(
                connection,
                f"SELECT count({sql.present(raw.columns[source].sql, raw.columns[source].kind)}) FROM {raw.relation}",
            )
            if there != (kept,):
                return False
    return bool(events == cases == activities == times and in_range)


def _tests(raw: Raw, mapping: Mapping, core: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """(SQL that is true for a wrong row, column, SQL for its value, what was expected), in the order they are told."""
    tests = []
    for role, expected in (("case", "the name of a case"), ("activity", "the name of an activity")):
        source = str(getattr(mapping, role))
        tests.append((f"({core[role]}) IS NULL", source, raw.columns[source].sql, expected))
    form = mapping.timestamp_format
    shape = f"a time of the form {form}" if form else "a time such as 2026-03-01T09:30:00+01:00"
    years = f"a time from {EARLIEST[:4]} to {int(LATEST[:4]) - 1}"
    for role in ("at", "began"):
        if (source := getattr(mapping, role)) is None:
            continue
        column = raw.columns[source]
        time = f"({sql.timestamp(column.sql, column.kind, mapping)})"
        there = "" if role == "at" else f"({sql.present(column.sql, column.kind)}) IS NOT NULL AND "
        tests.append((f"{there}{time} IS NULL", source, column.sql, shape))
        tests.append((f"{time} < {_day(EARLIEST)} OR {time} >= {_day(LATEST)}", source, column.sql, years))
    return tests


def _left_out(connection: duckdb.DuckDBPyConnection, raw: Raw, mapping: Mapping, core: dict[str, str]) -> list[str]:
    notes = []
    if mapping.began is not None:
        column = raw.columns[mapping.began]
        late = _count(connection, raw, f"({sql.timestamp(column.sql, column.kind, mapping)}) > ({core['at']})")
        if late:
            notes.append(f"{late:,} events began after they were completed; for these, when they began is left out.")
    if mapping.actor is not None:
        column = raw.columns[mapping.actor]
        other = _count(
            connection, raw, f"({sql.present(column.sql, column.kind)}) IS NOT NULL AND ({core['actor']}) IS NULL"
        )
        if other:
            notes.append(
                f"{other:,} events have an actor that is none of {', '.join(ACTORS)}; for these it is left out."
            )
    return notes


def _count(connection: duckdb.DuckDBPyConnection, raw: Raw, condition: str) -> int:
    found = sql.row(connection, f"SELECT count(*) FROM {raw.relation} WHERE {condition}")
    return int(found[0])


def _day(day: str) -> str:
    return f"TIMESTAMP '{day} 00:00:00'"
