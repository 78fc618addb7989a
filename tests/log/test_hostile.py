"""A hostile file is refused with a sentence, or read; it costs little, and leaves nothing behind."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from loft.log import Store, import_files
from loft.log.errors import BadRows, LogError
from loft.log.mapping import propose
from loft.log.readers import stage
from tests.log.hostile import FILES

SECONDS, MEGABYTES = 2.0, 256


def test_there_are_at_least_a_hundred_hostile_files() -> None:
    assert len(FILES) >= 100


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


@pytest.mark.parametrize("name", FILES)
def test_hostile_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connection: duckdb.DuckDBPyConnection
) -> None:
    suffix, content, outcome = FILES[name]
    folder, temporary = tmp_path / "files", tmp_path / "temporary"
    folder.mkdir(), temporary.mkdir()
    path = folder / f"{name}{suffix}"
    path.write_bytes(content)
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(temporary)
    with _watched():
        came = _read(connection, path, BadRows())
    if outcome != "either":
        assert came == outcome
    assert _read(connection, path, BadRows(keep_going=True, rejected=str(tmp_path / "rejected.csv"))) in (
        "read",
        "refused",
    )
    assert [p.name for p in folder.iterdir()] == [path.name]
    assert list(temporary.iterdir()) == []


def _read(connection: duckdb.DuckDBPyConnection, path: Path, bad: BadRows) -> str:
    """Propose, then stage; ``LogError`` is the only exception that may come, and its message names the file."""
    try:
        staged = stage(path, propose(path).mapping, connection, bad=bad)
        assert connection.execute(f"SELECT * FROM {staged.events}").fetchall()
        return "read"
    except LogError as error:
        assert path.name in str(error)
        assert "INTERNAL" not in str(error)
        return "refused"
    finally:
        clear(connection)


def clear(connection: duckdb.DuckDBPyConnection) -> None:
    """Take the staged events away; nothing else may be there."""
    for kind in ("view", "table"):
        query = f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE NOT internal"
        for (name,) in connection.execute(query).fetchall():
            assert name.startswith("staged_"), name
            connection.execute(f"DROP {kind} {name}")


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_hostile_file_is_imported_whole_or_not_at_all(name: str, tmp_path: Path) -> None:
    suffix, content, outcome = FILES[name]
    path, store = tmp_path / f"{name}{suffix}", tmp_path / "store"
    path.write_bytes(content)
    try:
        import_files([path], store)
    except LogError:
        assert outcome != "read"
        assert not store.exists()
    else:
        assert outcome != "refused"
        assert Store(store).check() == []


@contextmanager
def _watched() -> Iterator[None]:
    """Fails when the block takes more processor time or memory than a hostile file may."""
    before, began = memory(reset=True), time.process_time()
    yield
    assert time.process_time() - began < SECONDS
    assert memory() - before < MEGABYTES


def memory(reset: bool = False) -> float:
    """The most memory used since the last reset, in megabytes; nothing where the machine does not tell."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        status = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
