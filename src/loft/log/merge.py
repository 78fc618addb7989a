"""Adding to a log: which of the events just read are new.

An event is the same as one already there when source, case and ``id`` agree; where one side has no ids, when source, case, activity
and time agree and it is as many times in the log (two identical rows are two events). What is there stays as it is, and what was not known
about it (unit, when it began, attributes …) is filled in; the order of the longest version decides between events at the same moment.
"""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import duckdb

from loft.log import sql
from loft.log.staging import Staged
from loft.log.store import Meta

OWN = ("case", "activity", "at", "source")
_BY_CONTENT = f"hash({', '.join(map(sql.name, OWN))})"
_BY_ID = f'CASE WHEN id IS NOT NULL THEN hash("case", source, id) ELSE {_BY_CONTENT} END'
AFTER_THE_LOG = 1 << 62
"""Added to the order of events just read, so that at one moment they follow what is there; see ``previous_events`` and ``between``."""

_number = count(1)


@dataclass(frozen=True)
class Merged:
    """Two lots of events as one. ``new`` events were not there before; ``filled`` says that something was not known and now is."""

    staged: Staged
    new: int
    filled: bool


def previous_events(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> Staged:
    """The events of a snapshot, staged again: a view ``before`` with the columns of an event, and its cases."""
    paths = {
        name: sql.parquet(snapshot / f"{name}.parquet")
        for name in ("activities", "units", "services", "sources", "cases")
    }
    steps = sql.parquet(snapshot / "steps" / "steps.parquet")
    columns = _columns(connection, steps)
    further = "".join(f", s.{sql.name(c)}" for c in columns if c.startswith("event:"))
    given = "s.id" if "id" in columns else "NULL::VARCHAR"
    connection.execute(
        f'CREATE VIEW before AS SELECT c."case", a.activity, s."at", s.began, u.unit, v.service, '
        "[NULL, 'resident', 'employee', 'robot', 'system'][s.actor + 1] AS actor, o.source, "
        f"{given} AS id, (s.case_id::BIGINT << 31) + s.position AS seq{further} FROM {steps} s JOIN {paths['cases']} c USING (case_id) "
        f"JOIN {paths['activities']} a USING (activity_id) LEFT JOIN {paths['units']} u ON s.unit_id = u.unit_id "
        f"LEFT JOIN {paths['services']} v ON s.said_service_id = v.service_id LEFT JOIN {paths['sources']} o USING (source_id)"
    )
    attributes = "".join(f", {sql.name(c)}" for c in _columns(connection, paths["cases"]) if c.startswith("case:"))
    connection.execute(f'CREATE VIEW cases_before AS SELECT "case"{attributes} FROM {paths["cases"]}')
    return Staged("before", "cases_before" if attributes else None)


def sources_of(connection: duckdb.DuckDBPyConnection, relation: str) -> set[str]:
    """The systems that the events of a relation are from."""
    return {row[0] for row in connection.execute(f"SELECT DISTINCT source FROM {relation}").fetchall()}


def between(place: int) -> int:
    """What is added to the order of the events of the file at *place* among those read at once: a file has fewer rows than this."""
    return place << 42


def unrepeated(connection: duckdb.DuckDBPyConnection, read: Staged) -> Staged:
    """The events read, each id once; a note says how many were left out for repeating one."""
    once = f"once_{next(_number)}"
    connection.execute(
        f"CREATE TABLE {once} AS SELECT * FROM {read.events} "
        'QUALIFY id IS NULL OR row_number() OVER (PARTITION BY "case", source, id ORDER BY seq) = 1'
    )
    left_out = sql.one(connection, f"SELECT (SELECT count(*) FROM {read.events}) - (SELECT count(*) FROM {once})")
    notes = (f"{left_out:,} events repeated an id and were left out.",) if left_out else ()
    return replace(read, events=once, notes=(*read.notes, *notes))


def added(connection: duckdb.DuckDBPyConnection, before: Staged, read: Staged, *, after: int, starts: bool) -> Merged:
    """The events *before* together with what is new in *read*.

    *after* is added to the order of the events read. *starts*: work that was under way before may be finished in *read*: an
    event that nothing but the start of a new one gave rise to then gives way to it.
    """
    number = next(_number)
    old, new = f"old_{number}", f"new_{number}"
    key = _BY_ID if all(_has_ids(connection, table.events) for table in (before, read)) else _BY_CONTENT
    for name, table in ((old, before.events), (new, read.events)):
        connection.execute(
            f"CREATE TABLE {name} AS SELECT *, {key} AS key, row_number() OVER (PARTITION BY {key} ORDER BY seq) AS nth FROM {table}"
        )
    if starts:
        _without_starts(connection, old, new)
        _without_starts(connection, new, old)
    news, filled = _what_is_new(connection, old, new)
    filled = filled or _cases_filled(connection, before, read)
    notes = tuple(dict.fromkeys((*before.notes, *read.notes)))
    if not news and not filled:
        _drop(connection, old, new)
        return Merged(replace(before, notes=notes), 0, False)
    grown = f"grown_{number}"
    _together(connection, old, new, grown, after)
    _drop(connection, old, new)
    cases = _cases_together(connection, [table for table in (before.cases, read.cases) if table], f"cases_{number}")
    names = {**read.attributes, **before.attributes}
    return Merged(Staged(grown, cases, names, notes), news, filled)


def _has_ids(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    return bool(sql.one(connection, f"SELECT EXISTS (FROM {relation} WHERE id IS NOT NULL)"))


def _what_is_new(connection: duckdb.DuckDBPyConnection, old: str, new: str) -> tuple[int, bool]:
    """How many events are new, and whether one that is not says something that was not known."""
    there, told = _columns(connection, old), _columns(connection, new)
    lower = {column.lower() for column in there}
    fills = [
        f"(n.{sql.name(c)} IS NOT NULL" + (f" AND o.{sql.name(c)} IS NULL)" if c.lower() in lower else ")")
        for c in told
        if c not in (*OWN, "began", "seq", "key", "nth")
    ]
    fills.append('(o.began IS NULL AND n.began <= o."at")')
    [(news, filled)] = connection.execute(
        f"SELECT count(*) FILTER (o.key IS NULL), coalesce(bool_or({' OR '.join(fills)}) FILTER (o.key IS NOT NULL), false) "
        f"FROM {new} n LEFT JOIN {old} o USING (key, nth)"
    ).fetchall()
    return news, filled


def _without_starts(connection: duckdb.DuckDBPyConnection, old: str, new: str) -> None:
    """Take out of *old* what was only the start of an event of *new*: this began when that happened, and *new* has that no more."""
    same = ", ".join(map(sql.name, ("case", "activity", "source")))

    def waiting(table: str, other: str, known: str, time: str) -> str:
        return (
            f"SELECT {same}, {sql.name(time)} AS began_at, key, nth, "
            f"row_number() OVER (PARTITION BY {same}, began_at ORDER BY seq) AS turn "
            f"FROM {table} ANTI JOIN {other} USING (key, nth) WHERE began IS {known}"
        )

    connection.execute(
        f"DELETE FROM {old} WHERE (key, nth) IN (SELECT (o.key, o.nth) FROM ({waiting(old, new, 'NULL', 'at')}) o "
        f"JOIN ({waiting(new, old, 'NOT NULL', 'began')}) n USING ({same}, began_at, turn))"
    )


def _together(connection: duckdb.DuckDBPyConnection, old: str, new: str, grown: str, after: int) -> None:
    """Create *grown*. An event found in both takes its place from the file; one only in the log comes first."""
    there = {column.lower(): column for column in _columns(connection, old)}
    told = {column.lower(): column for column in _columns(connection, new)}
    union = f"SELECT * EXCLUDE (seq, key, nth) FROM {old} UNION ALL BY NAME SELECT * EXCLUDE (seq, key, nth) FROM {new}"
    described = connection.execute(f"DESCRIBE {union}").fetchall()

    def value(column: str, kind: str) -> str:
        sides = [f"o.{sql.name(there[column.lower()])}"] if column.lower() in there else []
        if column.lower() in told and column not in OWN:
            sides.append(f"n.{sql.name(told[column.lower()])}")
        known = ", ".join(f"CAST({side} AS {kind})" for side in sides)
        known = f"coalesce({known})" if len(sides) > 1 else known
        if column == "began":  # another version may say another time of completion under the same id
            known = f'CASE WHEN {known} <= o."at" THEN {known} END'
        return f"{known} AS {sql.name(column)}"

    columns = ", ".join(value(name, kind) for name, kind, *_ in described)
    connection.execute(
        f"CREATE TABLE {grown} AS SELECT {columns}, coalesce(n.seq + {after}, o.seq) AS seq "
        f"FROM {old} o LEFT JOIN {new} n USING (key, nth) UNION ALL BY NAME "
        f"SELECT * EXCLUDE (key, nth) REPLACE (seq + {after} AS seq) FROM {new} ANTI JOIN {old} USING (key, nth)"
    )


def _cases_together(connection: duckdb.DuckDBPyConnection, tables: list[str], name: str) -> str | None:
    """One row for each case; of each attribute the first table that knows it counts."""
    if not tables:
        return None
    rows = " UNION ALL BY NAME ".join(f"SELECT {number} AS part, * FROM {table}" for number, table in enumerate(tables))
    columns = [row[0] for row in connection.execute(f"DESCRIBE {rows}").fetchall()]
    first = "".join(f", arg_min({sql.name(c)}, part) AS {sql.name(c)}" for c in columns if c not in ("part", "case"))
    connection.execute(f'CREATE TABLE {name} AS SELECT "case"{first} FROM ({rows}) GROUP BY "case"')
    return name


def _cases_filled(connection: duckdb.DuckDBPyConnection, before: Staged, read: Staged) -> bool:
    """Whether *read* says something that was not known about a case that was there."""
    if read.cases is None:
        return False
    known = before.cases or f'(SELECT DISTINCT "case" FROM {before.events})'
    there = {column.lower() for column in _columns(connection, known)}
    fills = [
        f"(r.{sql.name(c)} IS NOT NULL" + (f" AND b.{sql.name(c)} IS NULL)" if c.lower() in there else ")")
        for c in _columns(connection, read.cases)
        if c != "case"
    ]
    query = f'SELECT EXISTS (FROM {read.cases} r JOIN {known} b USING ("case") WHERE {" OR ".join(fills)})'
    return bool(fills and sql.one(connection, query))


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]


def _drop(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    for table in tables:
        connection.execute(f"DROP TABLE {table}")


def attribute_names(columns: list[str], prefix: str, before: Meta | None, read: Staged) -> dict[str, str]:
    """The attributes among the *columns* that were written, those that begin with *prefix*: column to the attribute's own name.

    Columns that differ only in case are one, so a file may know it by another spelling than the log.
    """
    names = {**read.attributes, **(before.attributes | before.case_attributes if before else {})}
    spelt = {column.lower(): name for column, name in names.items()}
    return {c: spelt.get(c.lower(), c.removeprefix(prefix)) for c in columns if c.startswith(prefix)}
