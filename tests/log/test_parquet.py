from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loft.log import Limits, import_files, open_log
from loft.log.errors import BadRows, LogError
from loft.log.mapping import Mapping
from loft.log.readers import stage
from tests.log.reading import read

PARQUET = Mapping("parquet", case="case", activity="activity", at="at")
TABLE = pa.table(
    {
        "case": ["A", "A", "B"],
        "activity": ["a", "b", "a"],
        "at": pa.array([datetime(2026, 1, 1, 8), datetime(2026, 1, 1, 9), datetime(2026, 1, 1, 8)], pa.timestamp("us")),
    }
)


def _saved(folder: Path, table: pa.Table) -> Path:
    pq.write_table(table, folder / "log.parquet")
    return folder / "log.parquet"


def test_the_events_are_a_view_over_the_file(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        staged = stage(_saved(tmp_path, TABLE), PARQUET, connection)
        kinds = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert kinds == [(staged.events,)]
        assert connection.execute(f"SELECT seq, activity FROM {staged.events}").fetchall() == [
            (0, "a"),
            (1, "b"),
            (2, "a"),
        ]


@pytest.mark.parametrize(
    ("kind", "zone", "expected"),
    [
        (pa.timestamp("us"), "UTC", 8),
        (pa.timestamp("us"), "Europe/Oslo", 7),
        (pa.timestamp("ns"), "UTC", 8),
        (pa.timestamp("ms"), "Europe/Oslo", 7),
        (pa.timestamp("us", tz="UTC"), "Europe/Oslo", 8),
        (pa.timestamp("ms", tz="Europe/Oslo"), "UTC", 8),
    ],
)
def test_times_of_every_kind_become_utc(tmp_path: Path, kind: pa.DataType, zone: str, expected: int) -> None:
    table = TABLE.set_column(2, "at", TABLE["at"].cast(kind))
    found = read(_saved(tmp_path, table), PARQUET.but(time_zone=zone))
    assert found.column("at")[0] == datetime(2026, 1, 1, expected)
    assert bool(found.notes) == (kind.tz is None)


def test_numbers_are_times_only_when_the_mapping_says_of_what(tmp_path: Path) -> None:
    path = _saved(tmp_path, TABLE.set_column(2, "at", pa.array([1767254400, 1767254401, 1767254400])))
    assert read(path, PARQUET.but(timestamp_format="epoch seconds")).column("at")[1] == datetime(2026, 1, 1, 8, 0, 1)
    with pytest.raises(LogError, match='set timestamp_format to "epoch seconds"'):
        read(path, PARQUET)


@pytest.mark.parametrize(
    ("column", "value"), [("case", None), ("case", ""), ("case", " "), ("activity", None), ("activity", "")]
)
def test_a_missing_name_is_a_wrong_row_and_can_be_skipped(tmp_path: Path, column: str, value: str | None) -> None:
    values = TABLE[column].to_pylist()
    path = _saved(
        tmp_path, TABLE.set_column(TABLE.column_names.index(column), column, pa.array([values[0], value, values[2]]))
    )
    bad = BadRows()
    with pytest.raises(LogError):
        read(path, PARQUET, bad)
    assert [(r.row, r.column) for r in bad.first] == [(2, column)]
    assert len(read(path, PARQUET, BadRows(keep_going=True)).events) == 2


def test_numbers_and_categories_can_name_cases_and_activities(tmp_path: Path) -> None:
    table = pa.table({"case": [1, 2, 2], "activity": TABLE["activity"].dictionary_encode(), "at": TABLE["at"]})
    found = read(_saved(tmp_path, table), PARQUET)
    assert [(e["case"], e["activity"]) for e in found.events] == [("1", "a"), ("2", "b"), ("2", "a")]


def test_a_name_with_signs_that_mean_something_in_patterns(tmp_path: Path) -> None:
    odd = tmp_path / "log[1]*?'.parquet"
    pq.write_table(TABLE, odd)
    assert len(read(odd, PARQUET).events) == 3


def test_a_file_damaged_in_its_middle_is_told_when_it_is_imported(tmp_path: Path) -> None:
    path = _saved(tmp_path, TABLE)
    content = bytearray(path.read_bytes())
    content[4:60] = b"\xff" * 56
    path.write_bytes(content)
    with pytest.raises(LogError, match="log.parquet: "):
        import_files([path], tmp_path / "store", mapping=PARQUET)
    assert not (tmp_path / "store").exists()


def _imported(folder: Path, table: pa.Table, **options: Any) -> Path:
    import_files([_saved(folder, table)], folder / "store", mapping=PARQUET, **options)
    return folder / "store"


def test_a_length_of_time_becomes_text(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'a' AS \"case\", 'x' AS activity, TIMESTAMP '2026-01-01' AS \"at\", INTERVAL '2 days' AS lasted) "
            f"TO '{tmp_path / 'log.parquet'}'"
        )
    import_files([tmp_path / "log.parquet"], tmp_path / "store", mapping=PARQUET)
    log = open_log(tmp_path / "store")
    assert log.run(log.table("steps")).column("event:lasted").to_pylist() == ["2 days"]


def test_a_value_longer_than_the_limit_is_refused(tmp_path: Path) -> None:
    limits = Limits(field=10)
    _imported(tmp_path, TABLE.append_column("note", pa.array(["å" * 10] * 3)), limits=limits)
    for number, column in enumerate((pa.array(["å" * 11] * 3), pa.array([None, "x" * 11, None]))):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        with pytest.raises(LogError, match="'note': a value has 11 characters"):
            _imported(folder, TABLE.append_column("note", column), limits=limits)
        with pytest.raises(LogError, match="'activity': a value has 11 characters"):
            _imported(folder, TABLE.set_column(1, "activity", pa.array(["x" * 11] * 3)), limits=limits)
        assert not (folder / "store").exists()


def test_more_bytes_than_the_limit_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="more than 10 bytes unpacked"):
        _imported(tmp_path, TABLE, limits=Limits(unpacked=10))
