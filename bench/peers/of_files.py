"""Reading the largest real XES file, and simulating Fjordvik: one function for each who does it. What is timed begins after imports."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any


def loft(path: str) -> dict[str, Any]:
    """Read, checked, steps and cubes made and written."""
    from loft.log import import_files

    folder = tempfile.mkdtemp(prefix="loft-bench-")
    try:
        begun = time.perf_counter()
        import_files([path], Path(folder) / "store")
        return {"taken": time.perf_counter() - begun}
    finally:
        shutil.rmtree(folder)


def pm4py(path: str) -> dict[str, Any]:
    import pm4py

    begun = time.perf_counter()
    pm4py.read_xes(path)
    return {"taken": time.perf_counter() - begun}


def rustxes(path: str) -> dict[str, Any]:
    import rustxes

    begun = time.perf_counter()
    rustxes.import_xes(path)
    return {"taken": time.perf_counter() - begun}


def r4pm(path: str) -> dict[str, Any]:
    import r4pm

    begun = time.perf_counter()
    r4pm.df.import_xes(path)
    return {"taken": time.perf_counter() - begun}


def simulate(events: int) -> dict[str, Any]:
    from loft.example import write_example

    with tempfile.TemporaryDirectory(prefix="loft-bench-") as folder:
        begun = time.perf_counter()
        write_example(folder, events=events)
        return {"taken": time.perf_counter() - begun}
