"""A longer version of a log adds what is new and fills in what was not known; whatever it is called, however it comes."""

from collections.abc import Callable
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loft.log import ImportResult, Mapping, Store, import_files, open_log

HEAD = "case,activity,at"
MAPPING = Mapping("csv", case="case", activity="activity", at="at")
LIFECYCLE = MAPPING.but(lifecycle="state")
STATES = HEAD + ",state"

Import = Callable[..., ImportResult]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def imported(tmp_path: Path, store: Path) -> Import:
    """Writes rows, without a head, to a file of that name and imports it."""

    def imported(rows: str, name: str = "log.csv", head: str = HEAD, mapping: Mapping = MAPPING) -> ImportResult:
        (tmp_path / name).write_text(f"{head}\n{rows.strip()}\n".replace(" ", ""), encoding="utf-8")
        return import_files([tmp_path / name], store, mapping=mapping)

    return imported


def found(store: Path, *columns: str) -> list[tuple[Any, ...]]:
    """Case, activity, hours of completion and beginning, unit, and *columns*, of every step in order."""
    log = open_log(store)
    steps, cases = log.table("steps"), log.table("cases").drop("service_id", "opened_day", "bounces", "steps")
    joined = steps.join(cases, "case_id").order_by(["case_id", "position"])
    rows = log.run(joined).to_pylist()
    activities, units = log.activities, log.units
    log.close()
    return [
        (
            row["case"],
            activities[row["activity_id"]],
            row["at"].hour,
            row["began"].hour if row["began"] else None,
            units[row["unit_id"] or 0],
            *(row[column] for column in columns),
        )
        for row in rows
    ]


ROWS = """
a, apply, 2024-01-01T08:00:00
a, check, 2024-01-01T09:00:00
"""


def test_the_next_version_may_have_another_name(imported: Import, store: Path) -> None:
    imported(ROWS, "cases 2024-01.csv")
    result = imported(ROWS + "a, close, 2024-01-01T10:00:00", "cases 2024-02.csv")
    assert (result.new_events, result.events) == (1, 3)
    assert open_log(store).run(open_log(store).table("sources")).num_rows == 1


def test_two_systems_may_say_the_same(imported: Import) -> None:
    imported(ROWS, mapping=MAPPING.but(source="archive"))
    assert imported(ROWS, mapping=MAPPING.but(source="portal")).events == 4


def test_a_column_mapped_later_is_filled_in(imported: Import, store: Path) -> None:
    head, rows = HEAD + ",desk,start,no", "a, apply, 2024-01-01T08:00:00, north, 2024-01-01T07:00:00, 17"
    kept = MAPPING.but(attributes=())
    imported(rows, head=head, mapping=kept)
    assert found(store) == [("a", "apply", 8, None, "")]
    result = imported(rows, head=head, mapping=kept.but(unit="desk", began="start", id="no"))
    assert (result.new_events, result.events, result.unchanged) == (0, 1, False)
    assert found(store, "id") == [("a", "apply", 8, 7, "north", "17")]
    assert imported(rows, head=head, mapping=kept.but(unit="desk", began="start", id="no")).unchanged


def test_what_is_there_stays_as_it_is(imported: Import, store: Path) -> None:
    mapping, head = MAPPING.but(unit="unit"), HEAD + ",unit,note"
    imported("a, apply, 2024-01-01T08:00:00, north, x", head=head, mapping=mapping)
    assert imported("a, apply, 2024-01-01T08:00:00, south, y", "other.csv", head=head, mapping=mapping).unchanged
    imported("a, apply, 2024-01-01T08:00:00,,\nb, apply, 2024-01-01T09:00:00, east, z", head=head, mapping=mapping)
    assert found(store, "event:note") == [("a", "apply", 8, None, "north", "x"), ("b", "apply", 9, None, "east", "z")]


def test_a_start_gives_way_to_the_completion_that_comes_later(imported: Import, store: Path) -> None:
    start = "a, check, 2024-01-01T08:00:00, start\n"
    imported(start, head=STATES, mapping=LIFECYCLE)
    assert found(store) == [("a", "check", 8, None, "")]
    result = imported(start + "a, check, 2024-01-01T10:00:00, complete", head=STATES, mapping=LIFECYCLE)
    assert (result.new_events, result.events) == (1, 1)
    assert found(store) == [("a", "check", 10, 8, "")]
    # The version before, imported once more, brings its start not back.
    assert imported(start, "older.csv", head=STATES, mapping=LIFECYCLE).unchanged


def test_of_two_starts_the_one_without_a_completion_stays(imported: Import, store: Path) -> None:
    starts = "a, check, 2024-01-01T08:00:00, start\n" * 2
    imported(starts, head=STATES, mapping=LIFECYCLE)
    imported(starts + "a, check, 2024-01-01T10:00:00, complete", head=STATES, mapping=LIFECYCLE)
    assert found(store) == [("a", "check", 8, None, ""), ("a", "check", 10, 8, "")]


def test_work_that_began_when_the_same_was_done_before_is_no_start(imported: Import, store: Path) -> None:
    mapping, head = MAPPING.but(began="began"), HEAD + ",began"
    first = "a, check, 2024-01-01T08:00:00,\n"
    imported(first, head=head, mapping=mapping)
    imported(first + "a, check, 2024-01-01T10:00:00, 2024-01-01T08:00:00", head=head, mapping=mapping)
    assert found(store) == [("a", "check", 8, None, ""), ("a", "check", 10, 8, "")]


def xes(case: dict[str, str], *events: tuple[str, int]) -> str:
    own = "".join(f'<string key="{key}" value="{value}"/>' for key, value in case.items())
    inside = "".join(
        f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="2024-01-01T{hour:02}:00:00Z"/></event>'
        for name, hour in events
    )
    return f'<log><trace><string key="concept:name" value="a"/>{own}{inside}</trace></log>'


def imported_xes(folder: Path, text: str, name: str = "log.xes") -> ImportResult:
    (folder / name).write_text(text)
    return import_files([folder / name], folder / "store")


def test_attributes_of_a_case_are_kept_and_filled_in(tmp_path: Path) -> None:
    imported_xes(tmp_path, xes({"district": "north", "size": "big"}, ("apply", 8)))
    imported_xes(tmp_path, xes({"district": "south", "price": "7"}, ("apply", 8), ("check", 9)))
    assert found(tmp_path / "store", "case:district", "case:size", "case:price") == [
        ("a", "apply", 8, None, "", "north", "big", "7"),
        ("a", "check", 9, None, "", "north", "big", "7"),
    ]
    result = imported_xes(tmp_path, xes({"colour": "red"}, ("apply", 8)))
    assert (result.new_events, result.unchanged) == (0, False)
    assert found(tmp_path / "store", "case:colour")[0][-1] == "red"
    assert imported_xes(tmp_path, xes({"colour": "blue"}, ("apply", 8))).unchanged


def test_a_trace_without_events_does_not_make_a_log_new(tmp_path: Path) -> None:
    text = xes({"district": "north"}, ("apply", 8)).replace(
        "</log>", "<trace><string key='concept:name' value='b'/></trace></log>"
    )
    imported_xes(tmp_path, text)
    assert imported_xes(tmp_path, text, "again.xes").unchanged


def test_names_that_differ_in_case_only_are_one_column(imported: Import, store: Path) -> None:
    imported("a, apply, 2024-01-01T08:00:00, web", head=HEAD + ",Kanal")
    imported("b, apply, 2024-01-01T08:00:00, post", head=HEAD + ",kanal")
    meta = Store(store).meta()
    assert meta.attributes == {"event:Kanal": "Kanal"}
    log = open_log(store)
    assert set(meta.attributes) <= set(log.table("steps").columns)
    assert [row[-1] for row in found(store, "event:Kanal")] == ["web", "post"]


def test_columns_of_different_types_become_one_that_holds_both(tmp_path: Path) -> None:
    mapping = MAPPING.but(format="parquet")
    for number, values in enumerate((pa.array([1, 2]), pa.array(["x", "y"]), pa.array([None, 1.5]))):
        table = pa.table(
            {"case": ["a", f"b{number}"], "activity": ["apply"] * 2, "at": pa.array([0, 1], pa.timestamp("us"))}
        )
        pq.write_table(table.append_column("v", values), tmp_path / f"{number}.parquet")
        import_files([tmp_path / f"{number}.parquet"], tmp_path / "store", mapping=mapping)
    assert [row[-1] for row in found(tmp_path / "store", "event:v")] == ["1", "2", "y", "1.5"]


VERSIONS = {
    "one.csv": "a, apply, 2024-01-01T08:00:00, start\nb, apply, 2024-01-01T08:00:00, complete",
    "two.csv": "a, apply, 2024-01-01T08:00:00, start\na, apply, 2024-01-01T09:00:00, complete\nb, apply, 2024-01-01T08:00:00, complete",
    "six.csv": "c, apply, 2024-01-01T08:00:00, complete\nb, check, 2024-01-01T08:00:00, complete\nb, apply, 2024-01-01T08:00:00, complete",
}


@pytest.mark.parametrize("order", list(permutations(VERSIONS)))
def test_files_together_are_the_files_one_after_another(tmp_path: Path, order: tuple[str, ...]) -> None:
    for name, rows in VERSIONS.items():
        (tmp_path / name).write_text(f"{STATES}\n{rows}\n".replace(" ", ""))
    files = [tmp_path / name for name in order]
    import_files(files, tmp_path / "together", mapping=LIFECYCLE)
    for file in files:
        import_files([file], tmp_path / "apart", mapping=LIFECYCLE)
    assert found(tmp_path / "together") == found(tmp_path / "apart")
    assert Store(tmp_path / "together").meta().events == 4


def test_days_are_those_of_the_logs_time_zone(tmp_path: Path) -> None:
    """Midnight in Oslo is the evening before in UTC, and an evening at the end of a month is the next month there."""
    (tmp_path / "log.csv").write_text(f"{HEAD}\na,apply,2024-07-01\nb,apply,2024-01-01\nc,apply,2024-03-31T22:30:00Z\n")
    mapping = MAPPING.but(time_zone="Europe/Oslo")
    import_files([tmp_path / "log.csv"], tmp_path / "store", mapping=mapping)
    log = open_log(tmp_path / "store")
    for table in ("steps", "cases"):
        days = log.run(log.table(table).order_by("case_id")).column("opened_day").to_pylist()
        assert [str(day) for day in days] == ["2024-07-01", "2024-01-01", "2024-04-01"]
    assert log.meta.time_zone == "Europe/Oslo"
    assert log.meta.days == (date(2024, 1, 1), date(2024, 7, 1))
    # A file with times in UTC, added later, changes nothing in how days are counted; the first zone that is said does.
    (tmp_path / "more.csv").write_text(f"{HEAD}\nd,apply,2024-03-31T23:30:00Z\n")
    import_files([tmp_path / "more.csv"], tmp_path / "store", mapping=MAPPING)
    assert open_log(tmp_path / "store").meta.time_zone == "Europe/Oslo"
    (tmp_path / "other.csv").write_text(f"{HEAD}\nc,apply,2024-03-31T22:30:00Z\n")
    import_files([tmp_path / "other.csv"], tmp_path / "utc", mapping=MAPPING)
    assert not import_files([tmp_path / "other.csv"], tmp_path / "utc", mapping=mapping).unchanged
    assert open_log(tmp_path / "utc").meta.time_zone == "Europe/Oslo"
