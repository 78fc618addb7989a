"""From the columns of a source to the columns of the log: the one place where a mapping is applied.

A reader brings a relation in DuckDB (``Raw``); what leaves is the staged events, checked, with every wrong row told.
"""

from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import replace
from itertools import count

import duckdb

from loft.log.columns import ACTORS, NAMES
from loft.log.errors import BadRows, LogError
from loft.log.mapping import ROLES, Mapping, did_you_mean
from loft.log.readers import sql
from loft.log.readers.lifecycle import paired
from loft.log.readers.raw import Column, Raw
from loft.log.readers.rejects import refuse
from loft.log.staging import Staged

_number = count(1)
_WHOLE = tuple(sign + kind for kind in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT") for sign in ("", "U"))
_KEPT = ("VARCHAR", "BOOLEAN", "FLOAT", "DOUBLE", "DATE", *_WHOLE)


def shaped(
    connection: duckdb.DuckDBPyConnection,
    raw: Raw,
    mapping: Mapping,
    *,
    file: str,
    bad: BadRows,
    source: str | None = None,
) -> Staged:
    """The staged events. Raises ``LogError`` for a column that is not there, and for wrong rows unless they are skipped."""
    if bad.count and _empty(connection, raw.relation):
        bad.stop_if_any()
    require([*raw.columns, *(f"case:{n}" for n in raw.case_columns if f"case:{n}" not in raw.columns)], mapping, file)
    sql.check_zone(mapping.time_zone, file)
    raw = replace(raw, view=raw.view and mapping.lifecycle is None)
    table, notes = f"staged_{next(_number)}", list(raw.notes)
    attributes = _unique(_kept(raw, mapping, file), "event:")
    core = _core(raw, mapping, file, source)
    _create(connection, table, raw, core, {new: raw.columns[old] for new, old in attributes.items()}, notes)
    notes += refuse(connection, table, raw, mapping, core, file=file, bad=bad)
    bad.stop_if_any()
    if _empty(connection, table):
        raise LogError(f"{file}: holds no events{' that can be used' if bad.count else ''}; nothing was imported.")
    notes += _assumed(connection, raw, mapping)
    if mapping.lifecycle is not None:
        notes += paired(connection, table, raw, mapping)
    cases = _cases(connection, table, raw, mapping, notes)
    names = {**attributes, **cases}
    return Staged(table, f"{table}_cases" if raw.cases else None, names, tuple(notes))


def _empty(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    return sql.row(connection, f"SELECT NOT EXISTS (FROM {relation})") == (True,)


def require(columns: Iterable[str], mapping: Mapping, file: str) -> None:
    """Raise ``LogError`` unless case, activity and time are mapped and every mapped column exists."""
    names = list(columns)
    for role in ROLES:
        source = getattr(mapping, role)
        if source is None and role in ("case", "activity", "at"):
            raise LogError(
                f'{file}: no column is chosen for {role!r}. The columns are {_listed(names)}. Choose one in the mapping: {role} = "…".'
            )
        if source is not None and source not in names:
            raise LogError(
                f"{file}: has no column {source!r}, which the mapping has for {role!r}{did_you_mean(source, names)} "
                f"The columns are {_listed(names)}."
            )


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(n) for n in names[:20])
    return shown + (f" and {len(names) - 20:,} more" if len(names) > 20 else "") if names else "none"


def _kept(raw: Raw, mapping: Mapping, file: str) -> list[str]:
    played = set(mapping.columns()) | raw.not_attributes
    if mapping.attributes is None:
        return [name for name in raw.columns if name not in played]
    for name in mapping.attributes:
        plain = name.removeprefix("case:")
        if name not in raw.columns and plain not in raw.case_columns:
            raise LogError(
                f"{file}: has no column {name!r}, which the mapping keeps as an attribute{did_you_mean(name, raw.columns)}"
            )
    return [name for name in mapping.attributes if name in raw.columns and name not in played]


def _unique(names: Iterable[str], prefix: str) -> dict[str, str]:
    """Staged column → name in the source; DuckDB's names ignore case, so one that differs only in case gets a number."""
    taken: dict[str, str] = {}
    lower: set[str] = set()
    for original in names:
        new, number = prefix + original, 2
        while new.lower() in lower:
            new, number = f"{prefix}{original}_{number}", number + 1
        lower.add(new.lower())
        taken[new] = original
    return taken


def _core(raw: Raw, mapping: Mapping, file: str, source: str | None) -> dict[str, str]:
    """SQL for each of the log's own columns."""

    def text(role: str) -> str:
        source = getattr(mapping, role)
        if source is None:
            return "CAST(NULL AS VARCHAR)"
        column = raw.columns[source]
        return column.sql if source in raw.clean else sql.present(column.sql, column.kind)

    at = _time(raw, mapping, "at", file)
    began = _time(raw, mapping, "began", file) if mapping.began else "CAST(NULL AS TIMESTAMP)"
    actor = "CAST(NULL AS VARCHAR)"
    if mapping.actor is not None:
        lowered = f"lower(trim(CAST({raw.columns[mapping.actor].sql} AS VARCHAR)))"
        actor = f"CASE WHEN {lowered} IN ({', '.join(map(sql.text, ACTORS))}) THEN {lowered} END"
    return {
        **{role: text(role) for role in ("case", "activity", "unit", "service", "id")},
        "at": at,
        "began": f"CASE WHEN ({began}) <= ({at}) THEN ({began}) END" if mapping.began else began,
        "actor": actor,
        "source": _source(raw, mapping, source or file.split(".")[0] or file),
    }


def _source(raw: Raw, mapping: Mapping, otherwise: str) -> str:
    told = sql.text(mapping.source or otherwise)
    if mapping.source or raw.source is None:
        return told
    return f"coalesce({sql.present(raw.columns[raw.source].sql, raw.columns[raw.source].kind)}, {told})"


def _time(raw: Raw, mapping: Mapping, role: str, file: str) -> str:
    column = raw.columns[getattr(mapping, role)]
    numeric = column.kind not in ("VARCHAR", "DATE") and not column.kind.startswith("TIMESTAMP")
    if numeric and mapping.timestamp_format not in sql.EPOCHS:
        raise LogError(
            f"{file}: column {getattr(mapping, role)!r} holds {column.kind} and not timestamps. "
            f'Choose another column for {role!r}, or set timestamp_format to "epoch seconds" or "epoch milliseconds".'
        )
    return sql.timestamp(column.sql, column.kind, mapping)


def _value(column: Column) -> str:
    """SQL for an attribute: texts as what they stand for; values of types that engines do not share, as text."""
    if column.kind == "VARCHAR" and column.means == "TIMESTAMP":
        return sql.iso(f"trim({column.sql})")
    if column.kind == "VARCHAR" and column.means != "VARCHAR":
        return f"TRY_CAST({column.sql} AS {column.means})"
    if column.kind.startswith("TIMESTAMP") and not column.kind.endswith("]"):
        return sql.timestamp(column.sql, column.kind, Mapping("csv"))
    if column.kind in _KEPT or (column.kind.startswith("DECIMAL") and not column.kind.endswith("]")):
        return column.sql
    return f"CAST({column.sql} AS VARCHAR)"


def _create(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    raw: Raw,
    core: dict[str, str],
    attributes: Map[str, Column],
    notes: list[str],
) -> None:
    start = [f"{core[n]} AS {sql.name(n)}" for n in NAMES] + ["CAST(seq AS BIGINT) AS seq"]
    _typed(connection, table, raw.relation, start, attributes, notes, "VIEW" if raw.view else "TABLE")


def _typed(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    relation: str,
    start: list[str],
    columns: Map[str, Column],
    notes: list[str],
    kind: str = "TABLE",
) -> None:
    """Create *table* with typed columns; one whose values are not all of the declared type stays text, and a note says so."""

    def create(wanted: Map[str, Column]) -> None:
        selected = ", ".join(start + [f"{_value(c)} AS {sql.name(n)}" for n, c in wanted.items()])
        connection.execute(f"CREATE OR REPLACE {kind} {table} AS SELECT {selected} FROM {relation}")

    create(columns)
    declared = {n: c for n, c in columns.items() if c.kind == "VARCHAR" and c.means != "VARCHAR"}
    if not declared:
        return
    before = sql.row(connection, f"SELECT {', '.join(f'count({c.sql})' for c in declared.values())} FROM {relation}")
    after = sql.row(connection, f"SELECT {', '.join(f'count({sql.name(n)})' for n in declared)} FROM {table}")
    wrong = {n: was - now for n, was, now in zip(declared, before or (), after or (), strict=True) if was != now}
    if wrong:
        create({n: Column(c.sql) if n in wrong else c for n, c in columns.items()})
        for n, missing in wrong.items():
            notes.append(
                f"Attribute {n!r}: {missing:,} values are not {columns[n].means} as the file says; all are kept as text."
            )


def _assumed(connection: duckdb.DuckDBPyConnection, raw: Raw, mapping: Mapping) -> list[str]:
    """A note where timestamps had no zone and one was assumed."""
    column = raw.columns[mapping.at or ""]
    if mapping.timestamp_format in sql.EPOCHS or column.kind == "TIMESTAMP WITH TIME ZONE":
        return []
    naive = not sql.has_zone(mapping.timestamp_format or "")
    if column.kind == "VARCHAR" and mapping.timestamp_format is None:
        found = sql.row(connection, f"SELECT EXISTS (FROM {raw.relation} WHERE {sql.without_zone(column.sql)})")
        naive = found == (True,)
    return (
        [
            f"Timestamps without a time zone were read as {mapping.time_zone}; set time_zone in the mapping if they are in another."
        ]
        if naive
        else []
    )


def _cases(
    connection: duckdb.DuckDBPyConnection, table: str, raw: Raw, mapping: Mapping, notes: list[str]
) -> dict[str, str]:
    if raw.cases is None:
        return {}
    wanted = [n for n in raw.case_columns if mapping.attributes is None or f"case:{n}" in mapping.attributes]
    names = _unique(wanted, "case:")
    _typed(
        connection,
        f"{table}_cases",
        raw.cases,
        ['"case"'],
        {new: raw.case_columns[old] for new, old in names.items()},
        notes,
    )
    return names
