"""A store holds one log, swapped whole; what is wrong with one is said."""

import json
import os
import shutil
from pathlib import Path

import pytest

from loft.log import LogError, Mapping, Store, import_files, open_log


@pytest.fixture
def store(tmp_path: Path) -> Path:
    _import(tmp_path, 1)
    return tmp_path / "store"


def _import(folder: Path, cases: int) -> None:
    rows = "\n".join(f"c{n},apply,2024-01-01T08:00:00" for n in range(cases))
    (folder / "log.csv").write_text(f"case,activity,at\n{rows}\n")
    import_files(
        [folder / "log.csv"], folder / "store", mapping=Mapping("csv", case="case", activity="activity", at="at")
    )


def snapshots(store: Path) -> list[str]:
    return sorted(p.name for p in (store / "snapshots").iterdir())


def test_a_sound_store_has_nothing_wrong(store: Path) -> None:
    assert Store(store).check() == []


def test_a_reader_keeps_the_log_it_opened_while_a_new_one_is_put_in_force(store: Path, tmp_path: Path) -> None:
    reader = open_log(store)
    _import(tmp_path, 3)
    assert reader.run(reader.table("cases").count().name("n").as_table()).to_pylist() == [{"n": 1}]
    assert open_log(store).count() == 3


def test_only_the_snapshot_in_force_and_the_one_before_are_kept(store: Path, tmp_path: Path) -> None:
    for cases in (2, 3, 4):
        _import(tmp_path, cases)
    assert snapshots(store) == ["000003", "000004"]


def test_what_a_stopped_import_left_is_removed_by_the_next(store: Path, tmp_path: Path) -> None:
    (store / "snapshots" / "000002.building" / "spill").mkdir(parents=True)
    (store / "snapshots" / "000007").mkdir()
    (store / "current.new").write_text("0000")
    _import(tmp_path, 2)
    assert sorted(p.name for p in store.iterdir()) == ["current", "lock", "snapshots"]
    assert snapshots(store) == ["000001", "000002"]


def test_a_store_without_a_log_says_how_to_import_one(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="loft import"):
        open_log(tmp_path)
    assert Store(tmp_path).check() == [f"There is no log in {tmp_path}."]


@pytest.mark.parametrize("snapshot_before", [True, False])
def test_a_pointer_to_nothing_is_told_and_the_next_import_mends_it(
    store: Path, tmp_path: Path, snapshot_before: bool
) -> None:
    (store / "current").write_text("000009")
    if not snapshot_before:
        shutil.rmtree(store / "snapshots")
    with pytest.raises(LogError, match="000009"):
        open_log(store)
    _import(tmp_path, 3)
    assert open_log(store).count() == 3
    assert Store(store).check() == []


@pytest.mark.parametrize("odd", ["a[1]", "a*b?", "year=2026", "{a,b}", "it's", "%20 #1"])
def test_a_store_may_lie_in_a_folder_of_any_name(tmp_path: Path, odd: str) -> None:
    (tmp_path / odd).mkdir()
    _import(tmp_path / odd, 2)
    _import(tmp_path / odd, 3)
    log = open_log(tmp_path / odd / "store")
    assert log.count() == 3
    assert "year" not in log.table("steps").columns
    assert not any("year" in name for name in Store(tmp_path / odd / "store").meta().attributes)
    log.close()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "store"
    (foreign / "spill").mkdir(parents=True)
    (foreign / "spill" / "letter.txt").write_text("Dear")
    (foreign / "current.new").write_text("mine")
    with pytest.raises(LogError, match="are not a log"):
        _import(tmp_path, 1)
    assert sorted(p.name for p in foreign.rglob("*")) == ["current.new", "letter.txt", "spill"]


def test_folders_that_are_no_snapshots_stay_where_they_are(store: Path, tmp_path: Path) -> None:
    for name in ("7", "0x", "notes", "1.building", "old.building"):
        (store / "snapshots" / name).mkdir()
    for cases in (2, 3, 4):
        _import(tmp_path, cases)
    assert snapshots(store) == ["000003", "000004", "0x", "1.building", "7", "notes", "old.building"]


def test_a_snapshot_that_is_read_is_not_removed(store: Path, tmp_path: Path) -> None:
    reader = open_log(store)
    for cases in (2, 3, 4):
        _import(tmp_path, cases)
    assert snapshots(store) == ["000001", "000003", "000004"]
    assert reader.run(reader.table("steps").count().name("n").as_table()).to_pylist() == [{"n": 1}]
    reader.close()
    _import(tmp_path, 5)
    assert snapshots(store) == ["000004", "000005"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file a descriptor is of")
def test_what_was_written_and_the_names_it_goes_by_are_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order that a power cut at any moment asks for: the files, their folder, the snapshots' folder, the pointer, its folder."""
    flushed: list[str] = []
    fsync, folder = os.fsync, (tmp_path / "store").resolve()
    monkeypatch.setattr(
        os, "fsync", lambda fd: (flushed.append(str(Path(f"/proc/self/fd/{fd}").readlink())), fsync(fd))
    )
    _import(tmp_path, 1)
    ends = [
        str(folder / "snapshots" / "000001.building"),
        str(folder / "snapshots"),
        str(folder / "current.new"),
        str(folder),
    ]
    assert flushed[-4:] == ends
    assert str(folder / "snapshots" / "000001.building" / "steps" / "steps.parquet") in flushed


@pytest.mark.parametrize("text", ["", "{", "[]", '{"snapshot": 1}', "null"])
def test_a_damaged_description_is_told(store: Path, text: str) -> None:
    (store / "snapshots" / "000001" / "meta.json").write_text(text)
    with pytest.raises(LogError, match="damaged"):
        open_log(store)


def test_a_store_of_another_version_is_told(store: Path) -> None:
    path = store / "snapshots" / "000001" / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(LogError, match="format 99"):
        open_log(store)


@pytest.mark.parametrize("name", ["steps/steps", "cases", "variants", "cube_cases"])
def test_a_damaged_or_missing_table_is_found(store: Path, name: str) -> None:
    path = store / "snapshots" / "000001" / f"{name}.parquet"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert len(Store(store).check()) == 1
    path.unlink()
    assert len(Store(store).check()) == 1


def test_a_table_with_fewer_rows_than_were_imported_is_found(store: Path) -> None:
    path = store / "snapshots" / "000001" / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"events": 5}))
    assert Store(store).check() == ["steps.parquet has 1 rows; 5 were imported."]


@pytest.mark.parametrize("url", ["mysql://host/db", "https://host/store"])
def test_an_engine_that_is_not_known_is_refused(url: str) -> None:
    with pytest.raises(LogError, match="is not an engine here"):
        open_log(url)
