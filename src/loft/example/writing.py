"""Fjordvik on disk: the log as Parquet, the truth as JSON, and the mapping that an import can use."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from loft.example.arrivals import CHANNELS
from loft.example.lots import CENTRES
from loft.example.queues import NEVER
from loft.example.services import ENDINGS, SERVICES
from loft.example.streams import stream
from loft.example.town import Town, simulate
from loft.example.truth import truth
from loft.example.units import UNITS
from loft.example.ways import STEPS
from loft.log.columns import EVENT
from loft.log.mapping import Mapping
from loft.log.progress import Progress, silent

ATTRIBUTES = ("center", "channel", "case_type")
INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        # A file tells its zone, so that no reader has to guess it.
        *(
            field.with_type(INSTANT) if pa.types.is_timestamp(field.type) else field
            for field in EVENT
            if field.name != "id"
        ),
        *(pa.field(name, pa.string()) for name in ATTRIBUTES),
    ]
)
PART = 1_000_000
_SIGNS = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", np.uint8)


@dataclass(frozen=True)
class ExamplePaths:
    """The files of the example: the log, the truth about it, and how to map it."""

    log: Path
    truth: Path
    mapping: Path


def write_example(
    folder: str | Path, *, events: int = 60_000, seed: int = 2026, months: int = 48, progress: Progress = silent
) -> ExamplePaths:
    """``fjordvik.parquet``, ``fjordvik-truth.json`` and ``fjordvik-mapping.toml`` in *folder* (made if it is not there).

    *events* is met within 3 per cent from 50,000 events on, and within 15 per cent below, where whole cases are few. The same
    arguments give the same bytes with the same versions of numpy and pyarrow. Raises ``ValueError`` for fewer than
    1,000 events, or fewer than 24 or more than 120 months.
    """
    if not 1_000 <= events <= 100_000_000:
        raise ValueError(f"events={events}: Fjordvik can be made with 1,000 to 100,000,000 events")
    if not 24 <= months <= 120:
        raise ValueError(
            f"months={months}: Fjordvik can be made with 24 to 120 months; the doors open in the last quarter"
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = ExamplePaths(*(folder / f"fjordvik{end}" for end in (".parquet", "-truth.json", "-mapping.toml")))
    town = simulate(events, seed, months, progress)
    written = _write_log(town, paths.log, seed, progress)
    text = json.dumps(truth(town, seed=seed, months=months, events=written), ensure_ascii=False, indent=2)
    paths.truth.write_text(text + "\n", encoding="utf-8")
    mapping().save(paths.mapping)
    return paths


def mapping() -> Mapping:
    """How Fjordvik's file is read: its columns have the log's own names."""
    own = {name: name for name in ("case", "activity", "at", "began", "unit", "service", "actor")}
    return Mapping(format="parquet", source="fjordvik", endings=ENDINGS, time_zone="Europe/Oslo").but(**own)


def _write_log(town: Town, path: Path, seed: int, progress: Progress) -> int:
    """The events in the order they happened, one part after another; the number written."""
    case = town.paths.case_of_step()
    inside = np.flatnonzero(town.kept[case] & (town.times.at < town.days.ends))
    order = inside[np.argsort(town.times.at[inside], kind="stable")]
    names = pseudonyms(town.paths.cases, seed)
    part_path = path.with_name(path.name + ".part")
    try:
        with pq.ParquetWriter(part_path, SCHEMA, compression="zstd") as writer:
            for start in range(0, len(order), PART):
                rows = order[start : start + PART]
                writer.write_table(_table(town, rows, case[rows], names))
                progress("writing", start + len(rows), len(order))
        part_path.replace(path)
    finally:
        part_path.unlink(missing_ok=True)
    return len(order)


def _table(town: Town, rows: NDArray[np.int64], case: NDArray[np.int32], names: pa.Array) -> pa.Table:
    step, days = town.paths.step[rows], town.days
    unit = _UNIT[step]
    began = town.times.began[rows]
    unknown = (began == NEVER) | ~_RECORDS_START[unit]
    columns = {
        "case": names.take(pa.array(case)),
        "activity": _texts([each.activity for each in STEPS], step),
        "at": pa.array(days.utc(town.times.at[rows]), INSTANT),
        "began": pa.array(days.utc(np.where(unknown, 0, began)), INSTANT, mask=unknown),
        "unit": _texts([each.name for each in UNITS], unit),
        "service": _texts([each.name for each in SERVICES], town.service[case]),
        "actor": _texts([each.actor for each in STEPS], step),
        "source": _texts([each.system for each in UNITS], unit),
        "center": _texts(CENTRES, town.centre[case]),
        "channel": _texts(CHANNELS, town.channel[case]),
        "case_type": _texts(_TYPES, _FIRST_TYPE[town.service[case]] + town.type[case]),
    }
    return pa.table(columns, SCHEMA)


_UNIT = np.array([[unit.name for unit in UNITS].index(step.unit) for step in STEPS])
_RECORDS_START = np.array([unit.records_start for unit in UNITS])
_TYPES = [kind for service in SERVICES for kind in service.types]
_FIRST_TYPE = np.cumsum([0, *(len(service.types) for service in SERVICES)])[:-1]


def _texts(names: list[str | None] | tuple[str, ...] | list[str], places: NDArray[np.integer]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(places))


def pseudonyms(count: int, seed: int) -> pa.Array:
    """A name for each case that says nothing about it: ``F-`` and seven signs, all different.

    An odd factor and a shift move the numbers below 2^35 about without two meeting.
    """
    bits = np.uint64(35)
    below = np.uint64((1 << 35) - 1)
    odd = np.uint64(int(stream(seed, "pseudonyms").integers(1 << 34, 1 << 35)) | 1)
    number = np.arange(1, count + 1, dtype=np.uint64) * odd & below
    number ^= number >> np.uint64(17)
    number = number * odd & below
    signs = np.empty((count, 9), np.uint8)
    signs[:, :2] = np.frombuffer(b"F-", np.uint8)
    for place in range(7):
        signs[:, 2 + place] = _SIGNS[(number >> (bits - np.uint64(5 * (place + 1)))) & np.uint64(31)]
    offsets = np.arange(0, 9 * count + 1, 9, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(signs.tobytes()))
