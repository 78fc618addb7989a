"""From staged events to a snapshot: sort once, pass once, write Parquet.

DuckDB sorts (and spills to disk when memory is short); the sorted events stream through ``steps.make_steps`` in batches of
whole cases; a writer thread puts them on disk meanwhile. What is left, tables of names and of cases and the cubes, is small.
"""

import contextlib
from collections import deque
from collections.abc import Iterable
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
from loft.log.batches import checked, sorted_batches, starts
from loft.log.cases import endings_of, write_cases
from loft.log.errors import LogError
from loft.log.limits import LIMITS, Limits
from loft.log.names import numbered
from loft.log.progress import Progress, silent
from loft.log.staging import Staged
from loft.log.steps import UNKNOWN, Sizes, SortedEvents, bins, make_steps

ROW_GROUP = 250_000
MAKERS = 2
"""Threads that make steps: more only wait for the sort."""


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

    *endings* are the activities that close a case; None guesses them (see ``cases._guess_endings``). The day that a case was opened
    is the day in *time_zone*. *limits* bounds the length of a value. Raises ``LogError`` when
    there are no events, or an ending is not an activity of the log.
    """
    total = sql.one(connection, f"SELECT count(*) FROM {staged.events}")
    if not total:
        raise LogError("There are no events to import: the file was read, and it holds none.")
    _spill_early(connection, staged, total)
    sizes = numbered(connection, staged, folder, limits)
    (folder / "steps").mkdir()
    batches = checked(sorted_batches(connection, staged, limits), limits)
    _pass(batches, folder, sizes, time_zone, total, progress)
    progress("tables", 0, None)
    connection.execute(f"CREATE VIEW steps AS SELECT * FROM {sql.parquet(folder / 'steps' / 'steps.parquet')}")
    connection.execute(f"CREATE VIEW case_rows AS SELECT * FROM {sql.parquet(folder / 'case_rows.parquet')}")
    chosen = endings_of(connection, endings)
    write_cases(connection, staged, folder, chosen)
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


LEAST_MEMORY = 384 * 2**20
PER_EVENT, PER_ATTRIBUTE = 36, 12
"""Bytes that DuckDB may hold for each event, and more for each further attribute, before it sorts by way of the disk."""


def _spill_early(connection: duckdb.DuckDBPyConnection, staged: Staged, total: int) -> None:
    """Let DuckDB hold a third of what the sort would like to: it takes some seconds more for ten million events, and half the memory."""
    [(allowed,)] = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    width = PER_EVENT + PER_ATTRIBUTE * len(staged.attributes)
    wanted = max(LEAST_MEMORY, width * total)
    smaller = sql.one(connection, f"SELECT {wanted} < parse_formatted_bytes({sql.text(allowed)})")
    if smaller:
        # What is staged already may be more than that, and cannot always leave memory at once.
        with contextlib.suppress(duckdb.OutOfMemoryException):
            connection.execute(f"SET memory_limit = '{wanted}B'")


def _pass(
    batches: Iterable[pa.RecordBatch],
    folder: Path,
    sizes: Sizes,
    time_zone: str,
    total: int,
    progress: Progress,
) -> None:
    """Make steps of the batches, two at a time, and write them in their order: arrays let go of the interpreter's lock."""
    done = cases = 0
    progress("steps", 0, total)
    with ThreadPoolExecutor(MAKERS) as makers, ThreadPoolExecutor(1) as writer, _Files(folder) as files:
        made: deque[Future[tuple[pa.Table, pa.Table]]] = deque()
        writing: Future[None] | None = None

        def write_next() -> Future[None]:
            nonlocal done
            steps, case_rows = made.popleft().result()
            if writing:
                writing.result()
            done += steps.num_rows
            progress("steps", done, total)
            return writer.submit(files.add, steps, case_rows)

        for batch in batches:
            begins = starts(batch.column("case"))
            made.append(makers.submit(_tables, batch, begins, sizes, time_zone, cases))
            cases += int(begins.sum())
            if len(made) == MAKERS:
                writing = write_next()
        while made:
            writing = write_next()
        if writing:
            writing.result()


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


def _tables(
    batch: pa.RecordBatch, begins: np.ndarray[Any, np.dtype[np.bool_]], sizes: Sizes, time_zone: str, offset: int
) -> tuple[pa.Table, pa.Table]:
    def ints(name: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        return batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64)

    events = SortedEvents(
        start=begins,
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
