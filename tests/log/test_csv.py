from datetime import datetime
from pathlib import Path

import pytest

from loft.log.errors import BadRows, LogError
from loft.log.mapping import Mapping
from tests.log.reading import read, write

CSV = Mapping("csv", case="case", activity="activity", at="at", delimiter=",")
HEAD = "case,activity,at,note\n"


def test_every_wrong_row_is_told_with_row_line_column_value_and_what_was_expected(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "log.csv",
        HEAD + "A,a,2026-01-01T08:00:00Z,\nA,b,soon,\n,c,2026-01-01T08:00:00Z,\nA,d\nA,e,1850-01-01,\n",
    )
    bad = BadRows()
    with pytest.raises(LogError) as error:
        read(path, CSV, bad)
    assert bad.count == 4
    assert [(r.row, r.line, r.column, r.value) for r in sorted(bad.first, key=lambda r: r.row)] == [
        (2, 3, "at", "soon"),
        (3, 4, "case", ""),
        (4, None, "(whole row)", "A,d"),
        (5, 6, "at", "1850-01-01"),
    ]
    assert "row 2 (line 3), column 'at': 'soon' is not a time such as 2026-03-01T09:30:00+01:00" in str(error.value)
    assert "nothing was imported" in str(error.value)


def test_wrong_rows_that_are_skipped_are_written_to_a_file_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "log.csv", HEAD + "A,a,2026-01-01T08:00:00Z,\nA,b,soon,\nA,d\nA,e,2026-01-02,\n")
    rejected = tmp_path / "rejected.csv"
    found = read(path, CSV, BadRows(keep_going=True, rejected=str(rejected)))
    assert found.column("activity") == ["a", "e"]
    assert rejected.read_text().splitlines() == [
        "file,row,line,column,value,expected",
        "log.csv,3,,(whole row),\"A,d\",a row with 4 values",
        "log.csv,2,3,at,soon,a time such as 2026-03-01T09:30:00+01:00",
    ]  # fmt: skip


def test_only_the_first_ten_wrong_rows_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    bad = BadRows()
    with pytest.raises(LogError, match="25,000 rows cannot be used"):
        read(write(tmp_path, "log.csv", HEAD + "A,a,soon,\n" * 25_000), CSV, bad)
    assert (bad.count, len(bad.first)) == (25_000, 10)


def test_the_line_is_not_told_where_values_run_over_several_lines(tmp_path: Path) -> None:
    bad = BadRows()
    with pytest.raises(LogError):
        read(write(tmp_path, "log.csv", HEAD + 'A,a,2026-01-01,"one\ntwo"\nA,b,soon,\n'), CSV, bad)
    assert (bad.first[0].row, bad.first[0].line) == (2, None)


@pytest.mark.parametrize(
    ("text", "zone", "expected", "assumed"),
    [
        ("2026-07-01T10:00:00+02:00", "UTC", datetime(2026, 7, 1, 8), False),
        ("2026-07-01T10:00:00Z", "Europe/Oslo", datetime(2026, 7, 1, 10), False),
        ("2026-07-01T10:00:00", "UTC", datetime(2026, 7, 1, 10), True),
        ("2026-07-01T10:00:00", "Europe/Oslo", datetime(2026, 7, 1, 8), True),
        ("2026-01-01 10:00", "Europe/Oslo", datetime(2026, 1, 1, 9), True),
        ("2026-07-01", "Europe/Oslo", datetime(2026, 6, 30, 22), True),
        ("2026-07-01T10:00:00.123456789-0330", "UTC", datetime(2026, 7, 1, 13, 30, 0, 123456), False),
    ],
)
def test_times_become_utc(tmp_path: Path, text: str, zone: str, expected: datetime, assumed: bool) -> None:
    found = read(write(tmp_path, "log.csv", HEAD + f"A,a,{text},\n"), CSV.but(time_zone=zone))
    assert found.column("at") == [expected]
    assert any(f"were read as {zone}" in note for note in found.notes) == assumed


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("31.12.2026 23:59", "%d.%m.%Y %H:%M", datetime(2026, 12, 31, 23, 59)),
        ("2026-12-31 23:59:00 +0100", "%Y-%m-%d %H:%M:%S %z", datetime(2026, 12, 31, 22, 59)),
        ("1767254400", "epoch seconds", datetime(2026, 1, 1, 8)),
        ("1767254400123", "epoch milliseconds", datetime(2026, 1, 1, 8, 0, 0, 123000)),
    ],
)
def test_times_in_other_forms(tmp_path: Path, text: str, form: str, expected: datetime) -> None:
    found = read(write(tmp_path, "log.csv", HEAD + f"A,a,{text},\n"), CSV.but(timestamp_format=form))
    assert found.column("at") == [expected]


def test_a_time_zone_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="'Europe/Olso' is not a time zone. Did you mean 'Europe/Oslo'"):
        read(write(tmp_path, "log.csv", HEAD + "A,a,2026-01-01,\n"), CSV.but(time_zone="Europe/Olso"))


def test_a_column_that_does_not_exist_is_told_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(
        LogError, match=r"has no column 'Case_', which the mapping has for 'case'. Did you mean 'case'\?"
    ):
        read(write(tmp_path, "log.csv", HEAD + "A,a,2026-01-01,\n"), CSV.but(case="Case_"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    found = read(write(tmp_path, "log.csv", (HEAD + "A,søknad,2026-01-01,\n").encode(encoding)), CSV)
    assert found.column("activity") == ["søknad"]
    assert any("Windows-1252" in note for note in found.notes) == (encoding == "cp1252")


def test_an_encoding_can_be_said(tmp_path: Path) -> None:
    path = write(tmp_path, "log.csv", (HEAD + "A,søknad,2026-01-01,\n").encode("cp865"))
    assert read(path, CSV.but(encoding="cp865")).column("activity") == ["søknad"]
    with pytest.raises(LogError, match="is not a text encoding"):
        read(path, CSV.but(encoding="klingon"))


def test_began_after_the_end_is_left_out_and_counted(tmp_path: Path) -> None:
    text = "case,activity,at,start\nA,a,2026-01-02,2026-01-01\nA,b,2026-01-02,2026-01-03\nA,c,2026-01-02,\n"
    found = read(write(tmp_path, "log.csv", text), CSV.but(began="start"))
    assert found.column("began") == [datetime(2026, 1, 1), None, None]
    assert any(note.startswith("1 events began after") for note in found.notes)


def test_a_start_that_is_no_time_is_a_wrong_row(tmp_path: Path) -> None:
    bad = BadRows()
    with pytest.raises(LogError):
        read(write(tmp_path, "log.csv", "case,activity,at,start\nA,a,2026-01-02,soon\n"), CSV.but(began="start"), bad)
    assert (bad.first[0].column, bad.first[0].value) == ("start", "soon")


def test_an_actor_of_another_kind_is_left_out_and_counted(tmp_path: Path) -> None:
    found = read(
        write(tmp_path, "log.csv", "case,activity,at,who\nA,a,2026-01-02,Robot\nA,b,2026-01-02,Kari\n"),
        CSV.but(actor="who"),
    )
    assert found.column("actor") == ["robot", None]
    assert any("1 events have an actor that is none of" in note for note in found.notes)


def test_attributes_are_kept_as_text_and_names_that_differ_in_case_stay_apart(tmp_path: Path) -> None:
    text = "case,activity,at,Sum,sum,SUM\nA,a,2026-01-02,007,1,2\n"
    found = read(write(tmp_path, "log.csv", text), CSV)
    assert found.columns[-3:] == ["event:Sum", "event:sum_2", "event:SUM_3"]
    assert [found.events[0][c] for c in found.columns[-3:]] == ["007", "1", "2"]


def test_only_chosen_attributes_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path, "log.csv", "case,activity,at,a,b\nA,a,2026-01-02,1,2\n")
    assert read(path, CSV.but(attributes=("b",))).columns[-1] == "event:b"
    assert read(path, CSV.but(attributes=())).columns[-1] == "seq"
    with pytest.raises(LogError, match="no column 'c', which the mapping keeps as an attribute"):
        read(path, CSV.but(attributes=("c",)))


def test_starts_and_ends_on_rows_of_their_own_are_paired(tmp_path: Path) -> None:
    text = "case,activity,at,state\nA,a,2026-01-01,start\nA,a,2026-01-02,complete\nA,b,2026-01-03,start\n"
    found = read(write(tmp_path, "log.csv", text), CSV.but(lifecycle="state"))
    assert [(e["activity"], e["began"], e["at"]) for e in found.events] == [
        ("a", datetime(2026, 1, 1), datetime(2026, 1, 2)),
        ("b", None, datetime(2026, 1, 3)),
    ]
