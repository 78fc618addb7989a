"""Adding to a log: which of the events just read are new.

An event is the same as one already there when source, case and ``id`` agree; where the file has no ids, when everything an event is
agrees (case, activity, times, unit, service, actor, source) and it is as many times in the log (two identical rows are
two events). What is there stays as it is; the order of the longest version decides between events at the same moment.
"""

from dataclasses import replace
from pathlib import Path

import duckdb

from loft.log import sql
from loft.log.staging import Staged
from loft.log.store import Meta

OWN = ("case", "activity", "at", "began", "unit", "service", "actor", "source")
_SAME = ", ".join(f'"{column}"' for column in OWN)
KEY = f"""CASE WHEN id IS NOT NULL THEN hash("case", source, id) ELSE hash({_SAME}) END"""


def previous_events(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> Staged:
    """The events of a snapshot, staged again: a view ``before`` with the columns of an event, and its cases."""
    paths = {
        name: sql.parquet(snapshot / f"{name}.parquet")
        for name in ("activities", "units", "services", "sources", "cases")
    }
    steps = sql.parquet(snapshot / "steps" / "steps.parquet")
    columns = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {steps}").fetchall()]
    further = "".join(f", s.{sql.name(c)}" for c in columns if c.startswith("event:"))
    given = "s.id" if "id" in columns else "NULL::VARCHAR"
    connection.execute(
        f'CREATE VIEW before AS SELECT c."case", a.activity, s."at", s.began, u.unit, v.service, '
        "[NULL, 'resident', 'employee', 'robot', 'system'][s.actor + 1] AS actor, o.source, "
        f"{given} AS id, (s.case_id::BIGINT << 31) + s.position AS seq{further} FROM {steps} s JOIN {paths['cases']} c USING (case_id) "
        f"JOIN {paths['activities']} a USING (activity_id) LEFT JOIN {paths['units']} u ON s.unit_id = u.unit_id "
        f"LEFT JOIN {paths['services']} v ON s.said_service_id = v.service_id LEFT JOIN {paths['sources']} o USING (source_id)"
    )
    case_columns = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {paths['cases']}").fetchall()]
    attributes = "".join(f", {sql.name(c)}" for c in case_columns if c.startswith("case:"))
    connection.execute(f'CREATE VIEW cases_before AS SELECT "case"{attributes} FROM {paths["cases"]}')
    return Staged("before", "cases_before" if attributes else None)


def together(connection: duckdb.DuckDBPyConnection, parts: list[Staged], name: str) -> Staged:
    """Several files as one table of events, in the order given."""
    if len(parts) == 1:
        return parts[0]
    rows = " UNION ALL BY NAME ".join(
        f"SELECT {number} AS part, * FROM {part.events}" for number, part in enumerate(parts)
    )
    numbered = "SELECT * EXCLUDE (part) REPLACE (row_number() OVER (ORDER BY part, seq) AS seq)"
    connection.execute(f"CREATE TABLE {name} AS {numbered} FROM ({rows})")
    return replace(
        parts[0],
        events=name,
        cases=_cases_together(connection, [p.cases for p in parts if p.cases], f"{name}_cases"),
        attributes={k: v for part in parts for k, v in part.attributes.items()},
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def _cases_together(connection: duckdb.DuckDBPyConnection, tables: list[str], name: str) -> str | None:
    """One row for each case; where tables differ, the first one's row counts."""
    if not tables:
        return None
    rows = " UNION ALL BY NAME ".join(f"SELECT {number} AS part, * FROM {table}" for number, table in enumerate(tables))
    connection.execute(
        f'CREATE TABLE {name} AS SELECT * EXCLUDE (part) FROM ({rows}) QUALIFY row_number() OVER (PARTITION BY "case" ORDER BY part) = 1'
    )
    return name


def unrepeated(connection: duckdb.DuckDBPyConnection, read: Staged) -> tuple[Staged, int]:
    """The events read, each id once; and how many were left out for repeating one."""
    connection.execute(
        f"CREATE TABLE once AS SELECT * FROM {read.events} "
        'QUALIFY id IS NULL OR row_number() OVER (PARTITION BY "case", source, id ORDER BY seq) = 1'
    )
    left_out = sql.one(connection, f"SELECT (SELECT count(*) FROM {read.events}) - (SELECT count(*) FROM once)")
    return replace(read, events="once"), left_out


def added(connection: duckdb.DuckDBPyConnection, before: Staged, read: Staged) -> tuple[Staged, int]:
    """The log before together with what is new in *read*; and how many events are new."""
    numbered = "SELECT *, {key} AS key, row_number() OVER (PARTITION BY {key} ORDER BY seq) AS nth FROM {table}"
    for name, table in (("old", before.events), ("new", read.events)):
        connection.execute(f"CREATE TABLE {name}_keyed AS {numbered.format(key=KEY, table=table)}")
    new = sql.one(connection, "SELECT count(*) FROM new_keyed ANTI JOIN old_keyed USING (key, nth)")
    if not new:
        return before, 0
    # An event found in both keeps what the log says and takes its place from the file; one only in the log comes first.
    connection.execute(
        "CREATE VIEW grown AS "
        "SELECT o.* EXCLUDE (key, nth) REPLACE (coalesce(n.seq + (1::BIGINT << 62), o.seq) AS seq) "
        "FROM old_keyed o LEFT JOIN (SELECT key, nth, seq FROM new_keyed) n USING (key, nth) UNION ALL BY NAME "
        "SELECT * EXCLUDE (key, nth) REPLACE (seq + (1::BIGINT << 62) AS seq) FROM new_keyed ANTI JOIN old_keyed USING (key, nth)"
    )
    tables = [table for table in (read.cases, before.cases) if table]
    return replace(read, events="grown", cases=_cases_together(connection, tables, "cases_grown")), new


def attribute_names(meta: Meta | None, read: Staged) -> tuple[dict[str, str], dict[str, str]]:
    """The attributes of events and of cases after an import: column to the attribute's own name."""
    names = {**(meta.attributes | meta.case_attributes if meta else {}), **read.attributes}
    return (
        {k: v for k, v in names.items() if k.startswith("event:")},
        {k: v for k, v in names.items() if k.startswith("case:")},
    )
