"""A plain single pass over sorted integer columns (``passes``), compiled: what the questions cost at the very least, one after another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.logs import ACTIVITY, AT, CASE, REAL, Choice, Large
from bench.peers import passes

CHOICES = True


@dataclass(frozen=True)
class Sorted:
    """Events sorted by case and time. ``at``: microseconds; ``day``: days since ``start``, of which ``month`` has the
    month's number; names by number, 0 for none."""

    case: Any
    at: Any
    day: Any
    activity: Any
    unit: Any
    value: Any
    start: date
    month: Any
    names: dict[str, list[str]]


def prepare(log: Large) -> Sorted:
    real = REAL[log.real]
    table = pq.read_table(log.path, columns=real.columns)
    case, _ = _numbered(table.column(CASE))
    micros = table.column(AT).cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
    order = np.lexsort((micros, case))
    columns = {"activity": ACTIVITY, "unit": real.unit, "value": real.attribute}
    numbered = {name: _numbered(table.column(column)) for name, column in columns.items()}
    at = micros[order]
    day = at // (passes.DAY * passes.SECOND)
    first = int(day.min())
    months = np.arange(first, int(day.max()) + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return Sorted(
        case=case[order],
        at=at,
        day=(day - first).astype(np.int32),
        **{name: numbers[order] for name, (numbers, _) in numbered.items()},
        start=date.fromisoformat(str(np.datetime64(first, "D"))),
        month=(months - months[0]).astype(np.int32),
        names={name: names for name, (_, names) in numbered.items()},
    )


def _numbered(column: Any) -> tuple[Any, list[str]]:
    coded = pc.dictionary_encode(column.combine_chunks())
    numbers = pc.add(pc.fill_null(coded.indices, -1), 1).to_numpy(zero_copy_only=False).astype(np.int32)
    return numbers, ["", *coded.dictionary.to_pylist()]


def ready() -> None:
    """Compile every pass for the types it will meet, before anything is timed."""
    few = np.zeros(4, np.int32)
    for run in (passes.follows, passes.follows_waits, passes.handovers, passes.variants, passes.throughput):
        run(few, few.astype(np.int64), few, few, few, few, 2, 0, 10, passes.ANY, passes.ANY)


def _run(walk: Any, named: str) -> Callable[[Sorted, Choice], Any]:
    def ask(log: Sorted, choice: Choice) -> Any:
        first = (date.fromisoformat(choice.first) - log.start).days if choice.first else 0
        last = (date.fromisoformat(choice.last) - log.start).days if choice.last else len(log.month)
        unit = log.names["unit"].index(choice.unit) if choice.unit else passes.ANY
        value = log.names["value"].index(choice.value) if choice.value else passes.ANY
        third = log.month if named == "month" else log.activity
        width = int(log.month[-1]) + 1 if named == "month" else len(log.names[named])
        return walk(log.case, log.at, log.day, third, log.unit, log.value, width, first, last, unit, value)

    return ask


ASK = {
    "follows": _run(passes.follows, "activity"),
    "follows with medians": _run(passes.follows_waits, "activity"),
    "hand-overs": _run(passes.handovers, "unit"),
    "variants": _run(passes.variants, "activity"),
    "throughput": _run(passes.throughput, "month"),
}


def figures(log: Sorted, question: str, choice: Choice) -> dict[str, list[float]]:
    found = ASK[question](log, choice)
    if question == "variants":
        return dict(_way(log, *one) for one in zip(*found, strict=True) if one[0])
    if question == "throughput":
        month = np.datetime64(log.start, "M")
        return {f"{month + number}-01": [int(row.sum())] for number, row in enumerate(found) if row.any()}
    if question == "follows":
        return {_pair(log, "activity", key): [int(found[key])] for key in np.flatnonzero(found)}
    kind = "unit" if question == "hand-overs" else "activity"
    counts, sums, bins = found
    return {
        _pair(log, kind, key): [int(counts[key]), sums[key] / counts[key] / passes.DAY, bin_days(int(bins[key]))]
        for key in np.flatnonzero(counts)
    }


def _pair(log: Sorted, kind: str, key: int) -> str:
    names = log.names[kind]
    return f"{names[key // len(names)]} → {names[key % len(names)]}"


def _way(log: Sorted, cases: int, begin: int) -> tuple[str, list[float]]:
    end = begin
    while end < len(log.case) and log.case[end] == log.case[begin]:
        end += 1
    return " → ".join(log.names["activity"][number] for number in log.activity[begin:end]), [int(cases)]


def bin_days(place: int) -> float:
    """The time a bin of ``passes.waiting_bin`` begins at, in days."""
    if place < 2_880:
        return place / 1_440
    return 2 + (place - 2_880) / 24 if place < 4_272 else float(60 + place - 4_272)
