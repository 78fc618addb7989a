"""An import that is killed at any moment leaves the log before it or the log after it, and the next import works.

Twelve kills by default; ``LOFT_KILLS`` sets another number for a long run.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loft.log import Mapping, Store, import_files, open_log

KILLS = int(os.environ.get("LOFT_KILLS", "12"))
MAPPING = Mapping("parquet", case="case", activity="activity", at="at", source="test", endings=("step 7",))
CODE = """
import sys
from loft.log import Mapping, import_files
sys.stdout.write("ready\\n"); sys.stdout.flush()
sys.stdin.readline()
import_files([sys.argv[1]], sys.argv[2], mapping=Mapping.load(sys.argv[3]))
"""


def _write(path: Path, events: int) -> None:
    number = np.arange(events)
    at = np.datetime64("2024-01-01", "us") + number * np.timedelta64(7, "m")
    columns = {
        "case": pa.array(np.char.add("c", (number % 5_000).astype(str))),
        "activity": pa.array(np.char.add("step ", (number * 7 % 11).astype(str))),
        "at": pa.array(at),
    }
    pq.write_table(pa.table(columns), path)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log, a longer version of it, and a store that holds the shorter."""
    folder = tmp_path_factory.mktemp("kill")
    _write(folder / "short.parquet", 60_000)
    _write(folder / "long.parquet", 90_000)
    MAPPING.save(folder / "mapping.toml")
    import_files([folder / "short.parquet"], folder / "store", mapping=MAPPING)
    return folder


def _import(folder: Path, store: Path) -> subprocess.Popen[str]:
    """An import of the longer log in a process of its own, about to begin."""
    arguments = [folder / "long.parquet", store, folder / "mapping.toml"]
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def _end(process: subprocess.Popen[str]) -> int:
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()
    return process.wait()


def _killed_after(folder: Path, store: Path, seconds: float) -> bool:
    """Whether the import was still going on when it was killed."""
    process = _import(folder, store)
    _begin(process)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    return _end(process) == -signal.SIGKILL


@pytest.mark.slow
def test_a_killed_import_leaves_the_old_log_or_the_new(before: Path, tmp_path: Path) -> None:
    shutil.copytree(before / "store", tmp_path / "whole")
    process, begun = _import(before, tmp_path / "whole"), time.perf_counter()
    _begin(process)
    assert process.stdin is not None
    process.wait()
    whole = time.perf_counter() - begun
    assert _end(process) == 0
    assert Store(tmp_path / "whole").meta().events == 90_000

    chance, stopped, found = np.random.default_rng(20240101), 0, {60_000: 0, 90_000: 0}
    for number in range(KILLS):
        store = tmp_path / f"store{number}"
        shutil.copytree(before / "store", store)
        stopped += _killed_after(before, store, float(chance.uniform(0, whole * 1.05)))
        assert Store(store).check() == []
        log = open_log(store)
        [row] = log.run(log.table("steps").count().name("n").as_table()).to_pylist()
        assert row["n"] == log.meta.events == log.table("cases").steps.sum().execute()
        log.close()
        found[log.meta.events] += 1
        assert import_files([before / "long.parquet"], store, mapping=MAPPING).events == 90_000
        assert Store(store).check() == []
        assert sorted(p.name for p in store.iterdir()) == ["current", "lock", "snapshots"]
        shutil.rmtree(store)
    print(f"{KILLS} kills, {stopped} while importing: {found[60_000]} left the old log, {found[90_000]} the new")
    assert sum(found.values()) == KILLS
    assert stopped > KILLS / 2
