"""Events become steps in batches of whole cases, and it does not show where a batch ended."""

from itertools import groupby, pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.log import Limits, LogError, Mapping, Store, import_files, open_log
from loft.log.batches import whole_cases
from loft.log.steps import DAY, HOUR, MINUTE, bin_days, bins

CASES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 6)), min_size=1, max_size=12).map(
    lambda drawn: sorted(case for case, number in drawn for _ in range(number))
)


@given(cases=CASES, cuts=st.lists(st.integers(0, 60), max_size=8))
def test_no_case_is_cut_in_two_and_no_row_is_lost(cases: list[str], cuts: list[int]) -> None:
    batch = pa.record_batch({"case": cases, "row": list(range(len(cases)))})
    places = sorted({0, len(cases), *(c for c in cuts if c < len(cases))})
    parts = [batch.slice(a, b - a) for a, b in pairwise(places)]
    whole = list(whole_cases(iter(parts)))
    assert [row for part in whole for row in part.column("row").to_pylist()] == list(range(len(cases)))
    held = [set(part.column("case").to_pylist()) for part in whole]
    assert sum(map(len, held)) == len(set(cases))


def test_small_batches_give_the_same_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(1)
    number = 30_000
    with duckdb.connect() as connection:
        connection.register("drawn", pa.table({
            "case": [f"c{n}" for n in chance.integers(0, 3_000, number)],
            "activity": [f"a{n}" for n in chance.integers(0, 9, number)],
            "unit": [f"u{n}" if n else None for n in chance.integers(0, 4, number)],
            "at": np.datetime64("2024-01-01", "us") + chance.integers(0, 10_000_000, number).astype("timedelta64[s]"),
        }))  # fmt: skip
        connection.execute(f"COPY drawn TO '{tmp_path / 'log.parquet'}'")
    mapping = Mapping("parquet", case="case", activity="activity", at="at", unit="unit")
    tables = []
    for batch in (500_000, 2_048):
        monkeypatch.setattr("loft.log.batches.BATCH", batch)
        import_files([tmp_path / "log.parquet"], tmp_path / f"store{batch}", mapping=mapping)
        log = open_log(tmp_path / f"store{batch}")
        tables.append(
            [log.run(log.table(name)).to_pylist() for name in ("steps", "cases", "variants", "cube_arc", "cube_cases")]
        )
        log.close()
    assert Store(tmp_path / "store2048").meta().events == number
    assert tables[0] == tables[1]


def test_rows_of_a_case_are_put_together_once_however_many_batches_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    copied, whole = [], pa.concat_batches
    monkeypatch.setattr("loft.log.batches.BATCH", 10)
    monkeypatch.setattr(pa, "concat_batches", lambda batches: (made := whole(batches), copied.append(len(made)))[0])
    batches = [pa.record_batch({"case": ["a"] * 10}) for _ in range(50)]
    assert [len(part) for part in whole_cases(iter([*batches, pa.record_batch({"case": ["b"]})]))] == [500, 1]
    assert sum(copied) == 501


def test_a_case_with_more_events_than_the_limit_is_refused() -> None:
    batches = [pa.record_batch({"case": ["a"] * 10_000}) for _ in range(20)]
    with pytest.raises(LogError, match="Case 'a' has more than 100,000 events"):
        list(whole_cases(iter(batches), Limits(case=100_000)))


@pytest.mark.parametrize("column", ["activity", "unit"])
def test_free_text_is_refused_as_an_activity_or_a_unit(tmp_path: Path, column: str) -> None:
    number = 47_000
    columns = {"case": ["a"] * number, "activity": ["x"] * number, "unit": ["y"] * number}
    columns[column] = [f"text {n}" for n in range(number)]
    table = pa.table(columns | {"at": pa.array(range(number), pa.timestamp("us"))})
    pq.write_table(table, tmp_path / "log.parquet")
    mapping = Mapping("parquet", case="case", activity="activity", at="at", unit="unit")
    with pytest.raises(LogError, match="47,000 different"):
        import_files([tmp_path / "log.parquet"], tmp_path / "store", mapping=mapping)


def test_more_sources_than_a_small_number_holds(tmp_path: Path) -> None:
    number = 33_000
    rows = [
        f'{{"specversion":"1.0","id":"{n}","type":"x","source":"s{n}","subject":"a","time":"2024-01-01T00:00:00Z"}}'
        for n in range(number)
    ]
    (tmp_path / "log.json").write_text("\n".join(rows))
    assert import_files([tmp_path / "log.json"], tmp_path / "store").events == number


def test_time_lasted_is_counted_in_whole_seconds_that_passed(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("case,activity,at\na,x,2024-01-01T00:00:00.9\na,y,2024-01-01T00:00:01.1\n")
    import_files(
        [tmp_path / "log.csv"], tmp_path / "store", mapping=Mapping("csv", case="case", activity="activity", at="at")
    )
    log = open_log(tmp_path / "store")
    assert log.run(log.table("cases")).column("lasted_s").to_pylist() == [0]


EDGES = [
    0,
    1,
    MINUTE - 1,
    MINUTE,
    2 * DAY - 1,
    2 * DAY,
    2 * DAY + HOUR - 1,
    60 * DAY - 1,
    60 * DAY,
    61 * DAY - 1,
    61 * DAY,
    40_000 * DAY,
]


@given(st.one_of(st.sampled_from(EDGES), st.integers(0, 100 * 365 * DAY)))
def test_a_bin_begins_less_than_a_minute_an_hour_or_a_day_before_the_time(seconds: int) -> None:
    width = MINUTE if seconds < 2 * DAY else HOUR if seconds < 60 * DAY else DAY
    begins = float(bin_days(bins(np.array([seconds])))[0]) * DAY
    assert -1e-3 < seconds - begins < width


def test_bins_rise_with_the_time() -> None:
    found = bins(np.sort(np.array([*EDGES, *range(0, 70 * DAY, 977)])))
    assert (np.diff(found) >= 0).all()
    assert [len(list(group)) for _, group in groupby(bins(np.array([0, 59, 60, 119, 120])))] == [2, 2, 1]


def test_a_time_that_is_not_known_has_no_bin() -> None:
    assert bins(np.array([-1])).tolist() == [-1]
