"""An import that is killed at any moment leaves the log before it or the log after it, and the next import works.

Twelve kills by default; ``LOFT_KILLS`` sets another number for a long run.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loft.log import Mapping, Store, import_files, open_log

SHORT, LONG = 60_000, 90_000
KILLS = int(os.environ.get("LOFT_KILLS", "12"))
MAPPING = Mapping("parquet", case="case", activity="activity", at="at", source="test", endings=("step 7",))
BEGINNER = """
import os, sys
from loft.log import Mapping, import_files
mapping = Mapping.load(sys.argv[2])
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        import_files([sys.argv[1]], line.strip(), mapping=mapping)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A process that has loaded all it needs and begins an import, in a process of its own, for each store that it is told."""


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
    _write(folder / "short.parquet", SHORT)
    _write(folder / "long.parquet", LONG)
    MAPPING.save(folder / "mapping.toml")
    import_files([folder / "short.parquet"], folder / "store", mapping=MAPPING)
    return folder


@pytest.fixture(scope="module")
def beginner(before: Path) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-c", BEGINNER, str(before / "long.parquet"), str(before / "mapping.toml")]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert _answer(process) == "ready"
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


MOMENTS = (None, "cases.parquet", "cube_cases.parquet", "meta.json", "../000002")
"""What a kill waits for before it waits a random time: nothing, or a file of the new snapshot, so that many hit the swap itself."""


def _import(beginner: subprocess.Popen[str], store: Path, kill: Callable[[], None] | None = None) -> int:
    """The exit code of an import of the longer log, which is killed when *kill* returns if it is not done."""
    assert beginner.stdin is not None
    beginner.stdin.write(f"{store}\n")
    beginner.stdin.flush()
    child = int(_answer(beginner))
    if kill is not None:
        kill()
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return int(_answer(beginner))


def _moment(store: Path, number: int, whole: float, chance: np.random.Generator) -> Callable[[], None]:
    """Waits for the moment of a kill; an import takes about *whole* seconds."""
    after = MOMENTS[number % len(MOMENTS)]
    if after is None:
        return lambda: time.sleep(chance.uniform(0, whole))
    path, latest = store / "snapshots" / "000002.building" / after, time.perf_counter() + 20 * whole
    path = store / "snapshots" / "000002" if after.startswith("..") else path

    def wait() -> None:
        while not path.exists() and time.perf_counter() < latest and (store / "current").read_text() == "000001":
            pass
        time.sleep(chance.exponential(0.005))

    return wait


@pytest.mark.slow
def test_a_killed_import_leaves_the_old_log_or_the_new(
    before: Path, beginner: subprocess.Popen[str], tmp_path: Path
) -> None:
    shutil.copytree(before / "store", tmp_path / "whole")
    begun = time.perf_counter()
    assert _import(beginner, tmp_path / "whole") == 0
    whole = time.perf_counter() - begun
    assert Store(tmp_path / "whole").meta().events == LONG

    chance, stopped, found = np.random.default_rng(20240101), 0, {SHORT: 0, LONG: 0}
    for number in range(KILLS):
        store = tmp_path / f"store{number}"
        shutil.copytree(before / "store", store)
        stopped += _import(beginner, store, _moment(store, number, whole, chance)) == -signal.SIGKILL
        found[_events_of_a_sound_store(store)] += 1
        assert import_files([before / "long.parquet"], store, mapping=MAPPING).events == LONG
        assert _events_of_a_sound_store(store) == LONG
        assert sorted(p.name for p in store.iterdir()) == ["current", "lock", "snapshots"]
        shutil.rmtree(store)
    print(f"{KILLS} kills, {stopped} while importing: {found[SHORT]} left the old log, {found[LONG]} the new")
    assert sum(found.values()) == KILLS
    assert stopped > KILLS / 3


def _events_of_a_sound_store(store: Path) -> int:
    assert Store(store).check() == []
    log = open_log(store)
    counted = log.run(log.table("steps").count().name("n").as_table()).column("n")[0].as_py()
    summed = log.run(log.table("cases").steps.sum().name("n").as_table()).column("n")[0].as_py()
    log.close()
    assert counted == summed == log.meta.events
    return int(counted)
