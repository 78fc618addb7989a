"""From staged events to a snapshot: sort once, pass once, write Parquet.

DuckDB sorts (and spills to disk when memory is short); the sorted events stream through ``steps.make_steps`` in batches of
whole cases; a writer thread puts them on disk meanwhile. What is left, tables of names and of cases and the cubes, is small.
"""

import math
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loft.log import cubes, sql
from loft.log.columns import ACTORS
from loft.log.errors import LogError
from loft.log.limits import LIMITS, Limits
from loft.log.progress import Progress, silent
from loft.log.staging import Staged
from loft.log.steps import UNKNOWN, Sizes, SortedEvents, bins, make_steps

BATCH = 65_536
"""Events in a batch: few enough that the pass's arrays stay in the processor's cache, which makes it four times as fast."""
ROW_GROUP = 250_000
NAMED = {"activities": "activity", "units": "unit", "services": "service", "sources": "source"}


@dataclass(frozen=True)
class Built:
    """What a build found: counts, first and last moment, endings and whether these were guessed."""

    events: int
    cases: int
    activities: int
    units: int
    services: int
    first: str
    last: str
    endings: tuple[str, ...]
    endings_guessed: bool
    cubes: tuple[str, ...]


def build(
    connection: duckdb.DuckDBPyConnection,
    staged: Staged,
    folder: Path,
    *,
    endings: tuple[str, ...] | None,
    time_zone: str = "UTC",
    limits: Limits = LIMITS,
    progress: Progress = silent,
) -> Built:
    """Write every table of a snapshot to *folder* from the events staged in *connection*.

    *endings* are the activities that close a case; None guesses them (see ``_guess_endings``). The day that a case was opened
    is the day in *time_zone*. *limits* bounds the length of a value. Raises ``LogError`` when
    there are no events, or an ending is not an activity of the log.
    """
    total = sql.one(connection, f"SELECT count(*) FROM {staged.events}")
    if not total:
        raise LogError("There are no events to import: the file was read, and it holds none.")
    sizes = _name(connection, staged, folder, limits)
    (folder / "steps").mkdir()
    batches = _checked(_sorted_batches(connection, staged, limits), limits)
    _pass(batches, folder, sizes, time_zone, total, progress)
    progress("tables", 0, None)
    connection.execute(f"CREATE VIEW steps AS SELECT * FROM {sql.parquet(folder / 'steps' / 'steps.parquet')}")
    connection.execute(f"CREATE VIEW case_rows AS SELECT * FROM {sql.parquet(folder / 'case_rows.parquet')}")
    chosen = _endings(connection, endings)
    _write_cases(connection, staged, folder, chosen)
    [(first, last)] = connection.execute("SELECT min(opened), max(ended) FROM case_rows").fetchall()
    written = cubes.write(connection, folder)
    (folder / "case_rows.parquet").unlink()
    return Built(
        events=total,
        cases=sql.one(connection, "SELECT count(*) FROM cases"),
        activities=sizes.activities,
        units=sizes.units,
        services=sql.one(connection, "SELECT count(*) FROM services"),
        first=str(first),
        last=str(last),
        endings=chosen,
        endings_guessed=endings is None,
        cubes=written,
    )


def _name(connection: duckdb.DuckDBPyConnection, staged: Staged, folder: Path, limits: Limits) -> Sizes:
    """Number the names, the most frequent first, and write a table of each kind."""
    for table, column in NAMED.items():
        connection.execute(
            f"CREATE TABLE {table} AS SELECT row_number() OVER (ORDER BY n DESC, name)::INTEGER AS {column}_id, name AS {column} FROM "
            f'(SELECT "{column}" AS name, count(*) AS n FROM {staged.events} WHERE "{column}" IS NOT NULL GROUP BY ALL)'
        )
        longest = sql.one(connection, f"SELECT coalesce(max(length({column})), 0) FROM {table}")
        _refuse_longer(column, longest, limits)
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


def _checked(batches: Iterable[pa.RecordBatch], limits: Limits) -> Iterator[pa.RecordBatch]:
    """The same batches; of every column of texts the lengths are looked at on the way, which costs next to nothing."""
    for batch in batches:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                longest = pc.max(pc.binary_length(column)).as_py() or 0
                if longest > limits.field:
                    _refuse_longer(name.removeprefix("event:"), pc.max(pc.utf8_length(column)).as_py(), limits)
        yield batch


def _refuse_longer(column: str, longest: int, limits: Limits) -> None:
    if longest > limits.field:
        raise LogError(
            f"Column {column!r}: a value has {longest:,} characters; the most that is read is {limits.field:,}."
        )


def _sorted_batches(connection: duckdb.DuckDBPyConnection, staged: Staged, limits: Limits) -> Iterator[pa.RecordBatch]:
    columns = {row[0] for row in connection.execute(f"DESCRIBE {staged.events}").fetchall()}
    further = [c for c in columns if c.startswith("event:")]
    kept = "".join(f", e.{sql.name(c)}" for c in sorted(further)) + (
        ', e."id"' if _any(connection, staged, "id") else ""
    )
    whens = " ".join(f"WHEN '{name}' THEN {code}" for code, name in enumerate(ACTORS, 1))
    query = (
        'SELECT e."case", e."at", e."began", coalesce(a.activity_id, 0) AS activity, coalesce(u.unit_id, 0) AS unit, '
        "coalesce(s.service_id, 0) AS service, coalesce(o.source_id, 0)::INTEGER AS source_id, "
        f'(CASE e."actor" {whens} ELSE 0 END)::TINYINT AS actor{kept} FROM {staged.events} e '
        "JOIN activities a ON e.activity = a.activity LEFT JOIN units u ON e.unit = u.unit "
        "LEFT JOIN services s ON e.service = s.service LEFT JOIN sources o ON e.source = o.source "
        'ORDER BY e."case", e."at", e."seq"'
    )
    reader = connection.sql(query).to_arrow_reader(BATCH)
    yield from _whole_cases(reader, limits)


def _any(connection: duckdb.DuckDBPyConnection, staged: Staged, column: str) -> bool:
    return bool(
        sql.one(
            connection, f'SELECT count(*) FROM (SELECT 1 FROM {staged.events} WHERE "{column}" IS NOT NULL LIMIT 1)'
        )
    )


def _whole_cases(batches: Iterable[pa.RecordBatch], limits: Limits = LIMITS) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of about ``BATCH``, cut so that no case is in two of them.

    Rows are put together once, when a batch is handed on, however many batches a case runs over.
    """
    kept: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        case = batch.column("case")
        cut = int(np.flatnonzero(_starts(case))[-1]) if batch.num_rows else 0
        goes_on = not cut and (not kept or not batch.num_rows or kept[-1].column("case")[-1] == case[0])
        if goes_on or rows + batch.num_rows < BATCH:
            kept += [batch] if batch.num_rows else []
            rows += batch.num_rows
            if rows > limits.case + BATCH:
                raise LogError(
                    f"Case {case[0].as_py()!r} has more than {limits.case:,} events, the most that is read of one case. "
                    "Perhaps the column chosen for the case is not one: choose another in the mapping."
                )
            continue
        yield pa.concat_batches([*kept, batch.slice(0, cut)])
        kept, rows = [batch.slice(cut)], batch.num_rows - cut
    if rows:
        yield pa.concat_batches(kept)


def _starts(case: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """True where a case begins in a sorted column."""
    starts = np.ones(len(case), dtype=bool)
    if len(case) > 1:
        starts[1:] = pc.not_equal(case[1:], case[:-1]).to_numpy(zero_copy_only=False)
    return starts


def _pass(
    batches: Iterable[pa.RecordBatch],
    folder: Path,
    sizes: Sizes,
    time_zone: str,
    total: int,
    progress: Progress,
) -> None:
    done = cases = 0
    progress("steps", 0, total)
    with ThreadPoolExecutor(1) as writer, _Files(folder) as files:
        waiting: Future[None] | None = None
        for batch in batches:
            steps, case_rows = _tables(batch, sizes, time_zone, cases)
            if waiting:
                waiting.result()
            waiting = writer.submit(files.add, steps, case_rows)
            cases += case_rows.num_rows
            done += batch.num_rows
            progress("steps", done, total)
        if waiting:
            waiting.result()


class _Files:
    """The two files a pass writes: steps, and the raw rows of cases."""

    def __init__(self, folder: Path) -> None:
        self.open: dict[Path, pq.ParquetWriter] = {}
        self.held: dict[Path, list[pa.Table]] = {
            folder / "steps" / "steps.parquet": [],
            folder / "case_rows.parquet": [],
        }

    def __enter__(self) -> "_Files":
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        for path in self.held:
            if not failed:
                self._write(path)
            if path in self.open:
                self.open[path].close()

    def add(self, *tables: pa.Table) -> None:
        """Hold the rows of each file until there are enough for a row group."""
        for path, table in zip(self.held, tables, strict=True):
            self.held[path].append(table)
            if sum(t.num_rows for t in self.held[path]) >= ROW_GROUP:
                self._write(path)

    def _write(self, path: Path) -> None:
        if not self.held[path]:
            return
        table = pa.concat_tables(self.held[path])
        if path not in self.open:
            texts = [f.name for f in table.schema if pa.types.is_string(f.type) and f.name not in ("case", "id")]
            self.open[path] = pq.ParquetWriter(
                path, table.schema, compression="lz4", use_dictionary=texts, write_statistics=["case_id", "opened_day"]
            )
        self.open[path].write_table(table, row_group_size=2 * ROW_GROUP)
        self.held[path] = []


def _tables(batch: pa.RecordBatch, sizes: Sizes, time_zone: str, offset: int) -> tuple[pa.Table, pa.Table]:
    def ints(name: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        return batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64)

    events = SortedEvents(
        start=_starts(batch.column("case")),
        activity=ints("activity"),
        unit=ints("unit"),
        service=ints("service"),
        actor=ints("actor"),
        at=_micros(batch.column("at")),
        began=_micros(batch.column("began")),
    )
    steps, cases = make_steps(events, sizes)
    cases["opened_day"] = _day(cases["opened"], time_zone)
    return _step_table(batch, events, steps, cases, sizes, offset), _case_table(batch, events, cases, offset)


def _micros(column: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    if column.null_count == len(column):
        return np.full(len(column), UNKNOWN)
    return pc.fill_null(column.cast(pa.timestamp("us")).cast(pa.int64()), UNKNOWN).to_numpy(zero_copy_only=False)


def _step_table(
    batch: pa.RecordBatch, events: SortedEvents, steps: dict[str, Any], cases: dict[str, Any], sizes: Sizes, offset: int
) -> pa.Table:
    row = steps["case_row"]
    small = pa.int32()
    names = {
        "case_id": pa.array(row + offset + 1, small),
        "position": pa.array(steps["position"], small),
        "activity_id": pa.array(events.activity, small),
        "unit_id": _or_null(events.unit, events.unit > 0),
        "service_id": _or_null(cases["service"][row], cases["service"][row] > 0),
        "said_service_id": _or_null(events.service, events.service > 0),
        "actor": pa.array(events.actor, pa.int8()),
        "source_id": batch.column("source_id"),
        "at": batch.column("at").cast(pa.timestamp("us")),
        "began": batch.column("began").cast(pa.timestamp("us")),
        "opened_day": cases["opened_day"][row],
        "previous_activity_id": _or_null(steps["previous_activity"], ~events.start),
        "previous_unit_id": _or_null(steps["previous_unit"], steps["previous_unit"] > 0),
        "arc_id": _or_null(sizes.arc(steps["previous_activity"], events.activity), ~events.start),
        "handover_id": _or_null(sizes.handover(steps["previous_unit"], events.unit), steps["handover"]),
        "place_id": pa.array(sizes.place(events.activity, events.unit), small),
        "move_id": _or_null(
            sizes.move(steps["previous_activity"], steps["previous_unit"], events.activity, events.unit),
            ~events.start,
            pa.int64(),
        ),
        "reason_id": pa.array(steps["reason"], pa.int8()),
        "units_met": pa.array(steps["units_met"], pa.int64()),
        "wait_s": _or_null(steps["wait_s"], ~events.start, pa.int64()),
        "wait_bin": _or_null(bins(steps["wait_s"]), ~events.start),
        "work_s": _or_null(steps["work_s"], steps["work_s"] >= 0, pa.int64()),
        **{name: pa.array(steps[name]) for name in ("handover", "new_door", "bounce", "rework")},
        **{name: pa.array(steps[name]) for name in ("first_arc", "first_handover", "first_place", "first_move")},
        "away_s": _or_null(steps["away_s"], steps["away_s"] >= 0, pa.int64()),
        "again_s": _or_null(steps["again_s"], steps["again_s"] >= 0, pa.int64()),
    }
    names["opened_day"] = pa.array(names["opened_day"], pa.int32()).cast(pa.date32())
    further = {c: batch.column(c) for c in batch.schema.names if c == "id" or c.startswith("event:")}
    return pa.table({**names, **further})


def _or_null(values: Any, where: Any, kind: pa.DataType | None = None) -> pa.Array:
    return pa.array(values, kind or pa.int32(), mask=~where)


def _day(micros: Any, time_zone: str) -> Any:
    """The day in a zone, counted from 1970, of moments in UTC."""
    if time_zone != "UTC":
        # Not Arrow, which needs time zones from the operating system; small containers have none.
        moments = pd.DatetimeIndex(micros.astype("datetime64[us]"), tz="UTC")
        micros = moments.tz_convert(time_zone).tz_localize(None).to_numpy().astype("datetime64[us]").astype(np.int64)
    return np.floor_divide(micros, 86_400_000_000)


def _case_table(batch: pa.RecordBatch, events: SortedEvents, cases: dict[str, Any], offset: int) -> pa.Table:
    starts = pa.array(np.flatnonzero(events.start))
    columns: dict[str, Any] = {
        "case_id": pa.array(np.arange(len(starts)) + offset + 1, pa.int32()),
        "case": batch.column("case").take(starts),
        "service_id": _or_null(cases["service"], cases["service"] > 0),
        "opened": pa.array(cases["opened"], pa.timestamp("us")),
        "ended": pa.array(cases["ended"], pa.timestamp("us")),
        "opened_day": pa.array(cases["opened_day"], pa.int32()).cast(pa.date32()),
        "last_activity_id": pa.array(cases["last_activity"], pa.int32()),
        "variant": pa.array(cases["variant"], pa.int64()),
    }
    for name in ("steps", "doors", "handovers", "bounces", "reworks"):
        columns[name] = pa.array(cases[name], pa.int32())
    for name in ("units_met", "wait_s", "work_s"):
        columns[name] = pa.array(cases[name], pa.int64())
    return pa.table(columns)


def _endings(connection: duckdb.DuckDBPyConnection, endings: tuple[str, ...] | None) -> tuple[str, ...]:
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


def _write_cases(connection: duckdb.DuckDBPyConnection, staged: Staged, folder: Path, endings: tuple[str, ...]) -> None:
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


MOST_VARIANTS = 10_000


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
