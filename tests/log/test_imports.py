"""An import adds what is new, all of it or nothing."""

import gzip
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loft.log import BadRows, ImportResult, Log, LogError, Mapping, Store, import_files, open_log
from loft.log.errors import BadRow

HEAD = "case,activity,at,unit"
MAPPING = Mapping("csv", case="case", activity="activity", at="at", unit="unit", source="archive")
FIRST = """
a,apply,2024-01-01T08:00:00,desk
a,check,2024-01-02T08:00:00,expert
b,apply,2024-01-02T09:00:00,desk
"""

Import = Callable[..., ImportResult]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def imported(tmp_path: Path, store: Path) -> Import:
    """Writes rows to a file of that name and imports it."""

    def imported(
        rows: str, name: str = "archive.csv", head: str = HEAD, mapping: Mapping = MAPPING, **options: Any
    ) -> ImportResult:
        (tmp_path / name).write_text(f"{head}\n{rows.strip()}\n", encoding="utf-8")
        return import_files([tmp_path / name], store, mapping=mapping, **options)

    return imported


def events(store: Path) -> list[tuple[Any, ...]]:
    """Case, activity, day and hour of every step, in order, with its place and the activity before."""
    log: Log = open_log(store)
    steps, cases = log.table("steps"), log.table("cases")
    rows = log.run(steps.join(cases.select("case_id", "case"), "case_id").order_by(["case_id", "position"])).to_pylist()
    names = log.activities
    log.close()
    return [
        (r["case"], names[r["activity_id"]], f"{r['at']:%d %H}", names[r["previous_activity_id"] or 0]) for r in rows
    ]


def listing(folder: Path) -> dict[str, str]:
    """Every file under *folder* and the digest of what is in it."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


def test_the_same_file_again_changes_nothing(imported: Import, store: Path) -> None:
    first = imported(FIRST)
    before = listing(store)
    again = imported(FIRST)
    assert (first.new_events, first.unchanged) == (3, False)
    assert (again.new_events, again.events, again.cases, again.unchanged) == (0, 3, 2, True)
    assert listing(store) == before


def test_the_same_events_under_another_name_change_nothing(imported: Import, store: Path) -> None:
    imported(FIRST)
    before = listing(store)
    assert imported("\n".join(reversed(FIRST.strip().splitlines())), "other.csv").unchanged
    assert listing(store) == before


def test_a_longer_file_adds_only_what_is_new(imported: Import, store: Path) -> None:
    imported(FIRST)
    result = imported(FIRST + "b,check,2024-01-03T09:00:00,desk\nc,apply,2024-01-04T09:00:00,desk\n")
    assert (result.new_events, result.events, result.cases) == (2, 5, 3)
    assert events(store) == [
        ("a", "apply", "01 08", ""),
        ("a", "check", "02 08", "apply"),
        ("b", "apply", "02 09", ""),
        ("b", "check", "03 09", "apply"),
        ("c", "apply", "04 09", ""),
    ]


def test_a_late_event_takes_its_place_in_the_past_of_its_case(imported: Import, store: Path) -> None:
    imported(FIRST)
    assert imported("a,ask,2024-01-01T20:00:00,desk").new_events == 1
    assert [e for e in events(store) if e[0] == "a"] == [
        ("a", "apply", "01 08", ""),
        ("a", "ask", "01 20", "apply"),
        ("a", "check", "02 08", "ask"),
    ]


def test_events_at_the_same_moment_keep_the_order_of_the_file(imported: Import, store: Path) -> None:
    names = ["zeta", "alpha", "mid", "beta", "alpha"]
    imported("\n".join(f"a,{name},2024-01-01T08:00:00,desk" for name in names))
    assert [e[1] for e in events(store)] == names


def test_a_longer_file_decides_the_order_at_one_moment(imported: Import, store: Path) -> None:
    imported("a,first,2024-01-01T08:00:00,desk\na,third,2024-01-01T08:00:00,desk")
    imported("\n".join(f"a,{name},2024-01-01T08:00:00,desk" for name in ("first", "second", "third")))
    assert [e[1] for e in events(store)] == ["first", "second", "third"]


def test_two_equal_rows_are_two_events_and_stay_two(imported: Import, store: Path) -> None:
    twice = "a,check,2024-01-01T08:00:00,desk\n" * 2
    assert imported(twice).events == 2
    assert imported(twice + "a,check,2024-01-01T08:00:00,desk\n").new_events == 1
    assert imported(twice, "shorter.csv").unchanged


def test_several_files_are_one_log(tmp_path: Path, store: Path) -> None:
    for name, row in (("one", "a,apply,2024-01-01T08:00:00,desk"), ("two", "a,check,2024-01-01T08:00:00,desk")):
        (tmp_path / f"{name}.csv").write_text(f"{HEAD}\n{row}\n")
    result = import_files([tmp_path / "two.csv", tmp_path / "one.csv"], store, mapping=MAPPING)
    assert (result.new_events, result.cases) == (2, 1)
    # At one moment the order of the files decides.
    assert [e[1] for e in events(store)] == ["check", "apply"]


def test_a_second_file_with_other_attributes_brings_them_along(imported: Import, store: Path) -> None:
    imported(FIRST)
    imported("c,apply,2024-01-05T08:00:00,desk,web", "more.csv", HEAD + ",channel")
    assert list(Store(store).meta().attributes.values()) == ["channel"]
    assert Store(store).meta().events == 4
    imported("d,apply,2024-01-06T08:00:00,desk", "less.csv")
    assert list(Store(store).meta().attributes.values()) == ["channel"]


IDS = HEAD + ",id"
BY_ID = MAPPING.but(id="id")


def test_an_id_that_was_seen_before_is_the_same_event(imported: Import, store: Path) -> None:
    imported("a,apply,2024-01-01T08:00:00,desk,1", head=IDS, mapping=BY_ID)
    result = imported("a,apply,2024-01-01T08:00:00,DESK,1\na,apply,2024-01-01T08:00:00,desk,2", head=IDS, mapping=BY_ID)
    assert (result.new_events, result.events) == (1, 2)


def test_an_id_repeated_in_one_file_counts_once_and_is_told(imported: Import) -> None:
    row = "a,apply,2024-01-01T08:00:00,desk,1\n"
    result = imported(row + row + "a,check,2024-01-02T08:00:00,desk,2", head=IDS, mapping=BY_ID)
    assert result.events == 2
    assert any("1 events repeated an id" in note for note in result.notes)


def test_a_copy_of_a_packed_file_stands_in_the_store_while_it_is_read(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a killed import fills no folder that nobody empties."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(f"{HEAD}{FIRST}".encode()))
    assert import_files([tmp_path / "log.csv.gz"], store, mapping=MAPPING).events == 3
    assert sorted(p.name for p in store.iterdir()) == ["current", "lock", "snapshots"]
    assert "spill" not in [p.name for p in store.rglob("*")]


def test_a_failed_first_import_leaves_nothing_behind(imported: Import, store: Path) -> None:
    with pytest.raises(LogError):
        imported("a,apply,yesterday,desk")
    assert not store.exists()


def test_a_failed_import_leaves_the_log_as_it_was(imported: Import, store: Path) -> None:
    imported(FIRST)
    before = listing(store)
    with pytest.raises(LogError, match="row 2"):
        imported("c,apply,2024-02-01T08:00:00,desk\nc,apply,yesterday,desk", "wrong.csv")
    assert listing(store) == before
    assert [p.name for p in (store / "snapshots").iterdir()] == ["000001"]


def test_an_import_that_fails_while_it_builds_leaves_the_log_as_it_was(
    imported: Import, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(FIRST)
    before = listing(store)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("loft.log.build.cubes.write", full)
    with pytest.raises(OSError, match="No space"):
        imported("c,apply,2024-02-01T08:00:00,desk", "more.csv")
    assert listing(store) == before


def test_wrong_rows_can_be_skipped_and_are_counted(imported: Import) -> None:
    bad = BadRows(keep_going=True)
    result = imported(FIRST + "c,apply,yesterday,desk\n", bad=bad)
    assert (result.events, result.rejected) == (3, 1)
    assert isinstance(bad.first[0], BadRow)


def test_a_second_import_at_the_same_time_is_refused(imported: Import, store: Path) -> None:
    imported(FIRST)
    with Store(store).locked(), pytest.raises(LogError, match="going on"):
        imported(FIRST + "c,apply,2024-02-01T08:00:00,desk\n")
    assert imported(FIRST + "c,apply,2024-02-01T08:00:00,desk\n").new_events == 1


def test_endings_chosen_later_are_put_in_force_without_new_events(imported: Import, store: Path) -> None:
    imported(FIRST, mapping=MAPPING.but(endings=("check",)))
    assert Store(store).meta().endings == ("check",)
    result = imported(FIRST, mapping=MAPPING.but(endings=("apply",)))
    assert (result.new_events, Store(store).meta().endings) == (0, ("apply",))


def test_an_ending_that_is_no_activity_is_refused(imported: Import, store: Path) -> None:
    with pytest.raises(LogError, match="'closed' is not an activity"):
        imported(FIRST, mapping=MAPPING.but(endings=("closed",)))
    assert not store.exists()


def test_a_file_that_is_not_there_is_named(store: Path, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"There is no file .*gone\.csv"):
        import_files([tmp_path / "gone.csv"], store)
    with pytest.raises(LogError, match="is a folder"):
        import_files([tmp_path], store)
    with pytest.raises(LogError, match="at least one file"):
        import_files([], store)
    os.mkfifo(tmp_path / "pipe")
    for endless in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(LogError, match="not an ordinary file"):
            import_files([endless], store, mapping=MAPPING)
    assert not store.exists()
