"""The logs that are measured: real ones, repeated until they are large.

A repetition has the cases of the real log with its number after their names, moved by its number times three days. So the
sizes of cases, the ways they take and the shares of units stay real.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

CASE, ACTIVITY, AT = "case:concept:name", "concept:name", "time:timestamp"
OUT = Path(__file__).parent / "out"
ROWS = 500_000


@dataclass(frozen=True)
class Real:
    """A real log: its file, the columns that play the unit and a further attribute, and what is chosen by them."""

    name: str
    file: str
    unit: str
    attribute: str
    chosen_unit: str
    chosen_value: str

    @property
    def columns(self) -> list[str]:
        return [CASE, ACTIVITY, AT, self.unit, self.attribute]


ROAD = Real("road", "road_traffic_promi.xes.gz", "org:resource", "vehicleClass", "561", "A")
"""Fines of a local police: many short cases. Its resources are rarely filled in, so nothing about units is asked of it."""
RECEIPT = Real("receipt", "receipt.xes.gz", "org:group", "case:channel", "Group 4", "Desk")
"""The receipt of building permits in a Dutch municipality: ten groups, all filled in, and nearly every case is handed over."""
REAL = {real.name: real for real in (ROAD, RECEIPT)}


@dataclass(frozen=True)
class Choice:
    """Cases to ask about: opened in a period (both days included), met a unit, or with a value of an attribute."""

    name: str = "all cases"
    first: str | None = None
    last: str | None = None
    unit: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Large:
    """A repeated log on disk, and the choices that are asked of it by name."""

    real: str
    path: str
    events: int
    choices: dict[str, Choice]


def shared() -> Path:
    """The folder with the real logs."""
    named = os.environ.get("LOFT_SHARED_DATA")
    folder = Path(named) if named else Path(__file__).parent.parent.parent / "shared" / "data"
    return folder / "logs"


def large(real: Real, events: int, out: Path = OUT) -> Large:
    """The log repeated to at least *events* events, made if it is not there."""
    path = out / f"{real.name}-{events}.parquet"
    if not path.exists():
        out.mkdir(parents=True, exist_ok=True)
        repeat(_base(real, out), path, events)
    times = pq.read_table(path, columns=[AT]).column(AT)
    ends = pc.min_max(times)
    return Large(real.name, str(path), len(times), choices(real, ends["min"].as_py(), ends["max"].as_py()))


def choices(real: Real, first: datetime, last: datetime) -> dict[str, Choice]:
    """What is asked: everything, the middle half of the time in whole months and in odd days, a unit, a value."""
    begin = (first + (last - first) / 4).date().replace(day=1)
    end = (last - (last - first) / 4).date().replace(day=1)
    found = [
        Choice(),
        Choice("whole months", _text(begin), _text(end - timedelta(days=1))),
        Choice("odd days", _text(begin + timedelta(days=9)), _text(end + timedelta(days=16))),
        Choice("one unit", unit=real.chosen_unit),
        Choice("one value", value=real.chosen_value),
    ]
    return {choice.name: choice for choice in found}


def _text(day: date) -> str:
    return day.isoformat()


def _base(real: Real, out: Path) -> pa.Table:
    """The columns of the real log that are used, read once by r4pm."""
    path = out / f"{real.name}.parquet"
    if not path.exists():
        import r4pm

        frame, _ = r4pm.df.import_xes(str(shared() / real.file))
        table = frame.select(real.columns).to_arrow()
        utc = table.column(AT).cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
        texts = [(name, table.column(name).cast(pa.string())) for name in real.columns if name != AT]
        pq.write_table(pa.table({**dict(texts), AT: utc}).select(real.columns), path)
    return pq.read_table(path)


def repeat(base: pa.Table, path: Path, events: int) -> int:
    """Write *base* again and again until there are *events* events; returns how many were written."""
    times = -(-events // len(base))
    part = path.with_suffix(".part")
    with pq.ParquetWriter(part, base.schema) as writer:
        held: list[pa.Table] = []
        for number in range(times):
            held.append(_moved(base, number))
            if len(held) * len(base) >= ROWS or number == times - 1:
                writer.write_table(pa.concat_tables(held).combine_chunks())
                held = []
    part.replace(path)
    return times * len(base)


def _moved(base: pa.Table, number: int) -> pa.Table:
    case = pc.binary_join_element_wise(base.column(CASE), f"-{number}", "")
    at = pc.add(base.column(AT), pa.scalar(timedelta(days=3 * number), pa.duration("us")))
    return base.set_column(0, CASE, case).set_column(base.schema.get_field_index(AT), AT, at)


def to_json(log: Large) -> str:
    return json.dumps(asdict(log))


def from_json(text: str) -> Large:
    raw = json.loads(text)
    return Large(**{**raw, "choices": {name: Choice(**choice) for name, choice in raw["choices"].items()}})
