"""What the value engine is measured on, made from a seed: rows of cases for an event study, and a log of forty offices over four years."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

UNITS, MONTHS, AT_ONCE, GROUP = 200, 48, 1_000_000, 100_000
OFFICES, DAYS, BEFORE, A_DAY = 40, 1461, 1096, 3.0
FIRST = date(2021, 1, 1)


def rows(events: int, out: Path) -> Path:
    """A Parquet file of *events* cases, made if it is not there: ``unit``, ``month``, ``start`` and ``days``.

    Half of the units start, in five different months; ``start`` is null for the others. From its start on a unit takes a tenth less.
    """
    path = out / f"rows-{events}.parquet"
    if path.exists():
        return path
    out.mkdir(parents=True, exist_ok=True)
    rng, part = np.random.default_rng(2024), path.with_suffix(".part")
    begun = np.where(np.arange(UNITS) % 2, 0, 18 + np.arange(UNITS) % 10 // 2 * 3)
    level, shock = 0.3 * rng.standard_normal(UNITS), 0.1 * rng.standard_normal((UNITS, MONTHS))
    names = ("unit", "month", "start", "days")
    schema = pa.schema([*((name, pa.int32()) for name in names[:3]), ("days", pa.float64())])
    with pq.ParquetWriter(part, schema) as writer:
        for done in range(0, events, AT_ONCE):
            unit, month = rng.integers(0, (UNITS, MONTHS), (min(AT_ONCE, events - done), 2)).T
            start = begun[unit]
            log = 2 + level[unit] + shock[unit, month] + np.log(0.9) * ((start > 0) & (month >= start))
            days = np.exp(log + 0.9 * rng.standard_normal(len(unit)))
            columns = (unit, month, pa.array(start, pa.int64(), mask=start == 0), days)
            writer.write_table(pa.table(dict(zip(names, columns, strict=True))).cast(schema), row_group_size=GROUP)
    part.replace(path)
    return path


def offices(path: Path, *, days: int = DAYS, before: int = BEFORE, count: int = OFFICES) -> None:
    """A Parquet file of events: *count* offices, three cases a day each and of three kinds; the first half does a step ``joint`` from the
    day *before* on and takes a tenth less. Of the last cases some are not closed within the *days*."""
    rng = np.random.default_rng(7)
    n = rng.poisson(A_DAY, (count, days))
    place = np.repeat(np.arange(count * days), n.ravel())
    office, opened = place // days, place % days
    level = 2.6 + 0.2 * rng.standard_normal(count)[office]
    level += 0.06 * rng.standard_normal((count, days // 30 + 1))[office, opened // 30]
    treated = (office < count // 2) & (opened >= before)
    taken = np.exp(level + np.log(0.9) * treated + 0.5 * rng.standard_normal(len(place)))
    begins = opened + rng.random(len(place)) * 0.3
    steps = [
        ("apply", np.flatnonzero(begins >= 0), begins),
        ("joint", np.flatnonzero(treated), begins + taken / 2),
        ("close", np.flatnonzero(begins + taken < days), begins + taken),
    ]
    steps = [(name, chosen[at[chosen] < days], at) for name, chosen, at in steps]
    case = np.concatenate([chosen for _, chosen, _ in steps])
    at = np.concatenate([times[chosen] for _, chosen, times in steps])
    kind = rng.integers(0, 3, len(place))
    moments = (np.datetime64(FIRST, "us") + (at * 86_400e6).astype("timedelta64[us]")).astype("datetime64[us]")
    table = {
        "case": [f"c{number}" for number in case],
        "activity": [name for name, chosen, _ in steps for _ in chosen],
        "at": pa.array(moments),
        "unit": [f"Office {number:02d}" for number in office[case]],
        "service": [f"Kind {number}" for number in kind[case]],
    }
    pq.write_table(pa.table(table), path)


def day(number: int) -> date:
    """The day so many days after the log's first."""
    return FIRST + timedelta(days=number)
