"""Cells kept between looks: asked for once, then topped up with the days that have changed.

A file holds the cells of one question (Arrow IPC, read in place). Beside them it holds sums over the cases and steps of each day of
opening, by which a later look sees the days that are no longer the same.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from loft.language import mark
from loft.log import Log
from loft.value.cells import Cells, Ints
from loft.value.errors import BadInput
from loft.value.making import answered, tally_of
from loft.value.measures import Measure
from loft.value.measures import measure as measure_named
from loft.value.per_case import columns_read
from loft.value.plan import Use
from loft.value.question import USED, Question
from loft.value.sentence import Figure
from loft.value.tally import Tally, columns, hash_of, with_days_replaced, with_hash

FORMAT = 2

MOST_DAYS = 400
"""More days than this are asked for as one period, which may hold others that have not changed."""


@dataclass(frozen=True)
class Prints:
    """What each of ``days`` (d,) of opening was like, counted from 1970: ``sums`` (d, k) over its cases and steps."""

    days: Ints
    sums: Ints

    def changed(self, new: "Prints") -> Ints:
        """The days on which *new* differs."""
        days = np.union1d(self.days, new.days)
        return days[(self._spread(days) != new._spread(days)).any(axis=1)]

    def _spread(self, days: Ints) -> Ints:
        wide = np.full((len(days), self.sums.shape[1]), -1, dtype=np.int64)
        wide[np.searchsorted(days, self.days)] = self.sums
        return wide


def kept_cells(
    log: Log,
    measure: Measure | str,
    folder: str | Path,
    *,
    use: Use | None = None,
    by: str = "unit",
    services: Sequence[str] = (),
    where: Sequence[tuple[str, str]] = (),
    strata: str = "service",
    within: int | None = None,
    first: date | None = None,
) -> Cells:
    """What ``cells_of`` gives with the same options (``use_cells`` where *use* is given) up to the last day, from *folder* if it can.

    The folder is made where it is missing, and may hold cells of many questions to one log. A log that has not changed is asked nothing;
    of one to which files were added, the days that have changed are asked; of any other, all. Where *within* is not given, the usual
    time is worked out once and then kept, so that figures which were final stay as they are. Raises ``BadInput`` as ``cells_of`` does.
    """
    measure = USED if use else measure_named(measure) if isinstance(measure, str) else measure
    question = Question(measure, by, tuple(services), tuple(where), strata, within, use)
    path = Path(folder) / f"{_name(question, first)}.cells"
    old = None
    with contextlib.suppress(BadInput, FileNotFoundError):
        old = _read(path)
    if old and old.about["log"] == _digest(log):
        return old.tally.cells
    question = replace(question, within=old.tally.cells.within) if old else question.settled(log)
    prints = prints_of(log, question)
    tally = _topped_up(log, question, old, prints, first) or tally_of(log, question, first=first)
    cells = answered(tally, question)
    _write(path, replace(tally, cells=cells), prints, _about(log, question))
    return cells


def load(path: str | Path) -> Cells:
    """The cells in a file. Raises ``BadInput`` where it is not one, or is damaged."""
    return _read(Path(path)).tally.cells


@dataclass(frozen=True)
class _Kept:
    tally: Tally
    prints: Prints
    about: dict[str, Any]


def _topped_up(log: Log, question: Question, old: _Kept | None, prints: Prints, first: date | None) -> Tally | None:
    """The tally with the days asked again that have changed or have become final; None where it must all be asked."""
    new = _about(log, question)
    if old is None or (first or log.meta.days[0]) != old.tally.cells.first or not _grown(old.about, new):
        return None
    begin = old.tally.cells.first
    epoch = (begin - date(1970, 1, 1)).days
    until = log.meta.days[1]
    lag = 0 if question.measure.form == "duration" else question.within or 0
    final = [(day - begin).days - lag for day in (old.tally.cells.until, until)]
    asked = np.union1d(old.prints.changed(prints) - epoch, np.arange(final[0] + 1, final[1] + 1))
    asked = asked[(asked >= 0) & (asked <= (until - begin).days)]
    if not len(asked):
        return replace(old.tally, cells=replace(old.tally.cells, until=until))
    some = len(asked) <= MOST_DAYS
    days = [begin + timedelta(days=day) for day in asked.tolist()]
    found = tally_of(log, question, first=days[0], days=days if some else None)
    away = (days[0] - begin).days
    cells = replace(found.cells, first=begin, day=found.cells.day + away)
    replaced = asked if some else np.arange(away, (until - begin).days + 1)
    return with_days_replaced(old.tally, replace(found, cells=cells, days=found.days + away), replaced)


def _grown(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether the log is the same one with files added, and is read in the same way."""
    same = ("format", "question", "endings", "time_zone", "columns")
    return all(old[name] == new[name] for name in same) and new["files"][: len(old["files"])] == old["files"]


def prints_of(log: Log, question: Question) -> Prints:
    """Sums that change whenever an event of the day's cases is added, or something that was not known of one becomes known."""
    cases, steps = log.table("cases"), log.table("steps")
    own, of_events = columns_read(log, _attributes(question))
    summed = ("steps", "lasted_s", "doors", "handovers", "bounces", "wait_s", "work_s")
    of_cases = {name: cases[name].sum().cast("int64") for name in summed}
    of_cases |= {"n": cases.count(), "shut": cases.closed.cast("int32").sum().cast("int64")}
    of_cases |= {f"own_{i}": cases[name].count() for i, name in enumerate(own)}
    known = {f"known_{i}": steps[name].count() for i, name in enumerate(["unit_id", "said_service_id", *of_events])}
    tables = [
        log.run(table.group_by("opened_day").agg(**sums).order_by("opened_day"))
        for table, sums in ((cases, of_cases), (steps, known))
    ]
    days = tables[0].column("opened_day").to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int64)
    values = [c.to_numpy(zero_copy_only=False) for t in tables for c in t.drop_columns("opened_day").columns]
    return Prints(days, np.stack(values, axis=1).astype(np.int64))


def _attributes(question: Question) -> list[str]:
    """The attributes that a question reads."""
    told = [text.partition(":")[2] for text in (question.by, question.strata) if text.startswith("attribute:")]
    told += [name for name, _ in question.where]
    if question.measure.base in ("attribute", "satisfaction"):
        told.append(question.measure.told or question.measure.base)
    if question.use and question.use.kind == "attribute":
        told.append(question.use.name)
    return sorted(set(told))


def _about(log: Log, question: Question) -> dict[str, Any]:
    plain = {
        "format": FORMAT,
        "question": asdict(question),
        "log": _digest(log),
        "files": [asdict(file) for file in log.meta.files],
        "endings": sorted(log.meta.endings),
        "time_zone": log.meta.time_zone,
        "columns": columns_read(log, _attributes(question)),
    }
    return json.loads(json.dumps(plain))


def _digest(log: Log) -> str:
    return hashlib.sha256(log.meta.to_json().encode()).hexdigest()


def _name(question: Question, first: date | None) -> str:
    told = json.dumps([asdict(question), str(first)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _write(path: Path, tally: Tally, prints: Prints, about: dict[str, Any]) -> None:
    """Write a file beside the old one and put it in its place; a reader sees the one or the other, whole."""
    cells = tally.cells
    arrays = columns(cells)
    if cells.age is not None:  # Of durations these follow from the age.
        del arrays["total"], arrays["squares"]
    # Arrow has a bit for a flag, which could not be read in place.
    data = pa.table({name: value.view(np.uint8) if name == "closed" else value for name, value in arrays.items()})
    plain = {name: getattr(cells, name) for name in ("units", "strata", "within", "step", "left_out", "unknown")}
    plain["hash"] = hash_of(cells)
    plain |= {"first": str(cells.first), "until": str(cells.until), "measure": asdict(cells.measure), "about": about}
    days = np.stack([tally.days, tally.left_out, tally.unknown])
    told = {"cells": json.dumps(plain), "days": days.tobytes(), "print_days": prints.days.tobytes()}
    told["prints"] = prints.sums.tobytes()
    data = data.replace_schema_metadata(told)
    with _put_in_place(path) as file, pa.ipc.new_file(file, data.schema) as writer:
        writer.write_table(data.combine_chunks())


@contextlib.contextmanager
def _put_in_place(path: Path) -> Iterator[Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f"{path.stem}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> _Kept:
    try:
        with pa.memory_map(str(path)) as source:
            data = pa.ipc.open_file(source).read_all()
        told = data.schema.metadata
        plain = json.loads(told[b"cells"])
        days = np.frombuffer(told[b"days"], np.int64).reshape(3, -1)
        print_days = np.frombuffer(told[b"print_days"], np.int64)
        prints = Prints(print_days, np.frombuffer(told[b"prints"], np.int64).reshape(len(print_days), -1))
        cells = with_hash(_cells(plain, data), plain["hash"])
        return _Kept(Tally(cells, days[0], days[1], days[2]), prints, plain["about"])
    except (pa.ArrowException, KeyError, TypeError, ValueError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise BadInput(
            mark("The kept cells in %(file)s are damaged. Remove the file; they will be made again."),
            file=Figure(path.name, "text"),
        ) from error


def _cells(plain: dict[str, Any], data: pa.Table) -> Cells:
    arrays = {name: data.column(name).to_numpy() for name in data.column_names}
    if "age" in arrays:
        arrays["closed"] = arrays["closed"].view(np.bool_)
        arrays["total"] = arrays["n"] * arrays["age"]
        arrays["squares"] = arrays["total"] * arrays["age"]
    return Cells(
        measure=Measure(**plain["measure"]),
        units=tuple(plain["units"]),
        first=date.fromisoformat(plain["first"]),
        until=date.fromisoformat(plain["until"]),
        strata=tuple(plain["strata"]),
        **{name: plain[name] for name in ("within", "step", "left_out", "unknown")},
        **arrays,
    )
