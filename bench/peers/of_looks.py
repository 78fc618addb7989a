"""The daily look at a change: cells read from the disk and a verdict; a year of looks; and the bootstrap's draws."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench import rows

MEASURES = {"sums": "waiting", "durations": "days"}
"""A measure whose cells are sums by unit and day, and one whose cells are split by age too."""
YEAR = 365


def store(path: str, folder: str) -> dict[str, Any]:
    """The events imported and their cells kept, of both measures, of volume and of use; the cells' files by name."""
    from loft.log import Mapping, import_files, open_log
    from loft.value.kept import kept_cells
    from loft.value.plan import Use

    columns = {name: name for name in ("case", "activity", "at", "unit", "service")}
    import_files(
        [path], Path(folder) / "store", mapping=Mapping("parquet", source="bench", endings=("close",), **columns)
    )
    log = open_log(Path(folder) / "store")
    for name in ("waiting", "days", "volume"):
        kept_cells(log, name, Path(folder) / name, within=None if name == "volume" else 60)
    kept_cells(log, "", Path(folder) / "use", use=Use("activity", "joint"), within=60)
    names = ("waiting", "days", "volume", "use")
    return {"files": {name: str(next((Path(folder) / name).glob("*.cells"))) for name in names}}


def _plan(measure: str, start: date, last: date) -> Any:
    from loft.value.plan import Plan, Use

    offices = [f"Office {number:02d}" for number in range(rows.OFFICES)]
    half = rows.OFFICES // 2
    return Plan(
        change="joint", log="bench", measure=measure, better="lower", relative=True, smallest=0.05, by="unit", design="lottery",
        treated=tuple((name, start) for name in offices[:half]), comparison=tuple(offices[half:]), last=last,
        within=60, use=Use("activity", "joint"), locked_by="A. Lead", locked_at=(start - timedelta(days=30)).isoformat(),
    )  # fmt: skip


def _days(before: int) -> tuple[date, date]:
    start = rows.day(before)
    return start, start + timedelta(days=YEAR)


def look(files: dict[str, str], kind: str, times: int, before: int = rows.BEFORE) -> dict[str, Any]:
    """Cells read and the verdict of the last day, each time from the disk."""
    from loft.value.kept import load
    from loft.value.look import verdict

    measure, (start, last) = MEASURES[kind], _days(before)
    plan = _plan(measure, start, last)
    words = set()

    def once() -> None:
        cells = {name: load(files[name]) for name in (measure, "volume", "use")}
        words.add(verdict(plan, cells, last - timedelta(days=1)).word)

    return {"taken": _taken(once, times + 1)[1:], "word": " ".join(words)}


def replay(files: dict[str, str], kind: str, looks: int = YEAR, before: int = rows.BEFORE) -> dict[str, Any]:
    """A verdict of every day since the start, from cells read once."""
    from loft.value.kept import load
    from loft.value.look import verdict

    measure, (start, last) = MEASURES[kind], _days(before)
    plan = _plan(measure, start, last)

    def once() -> None:
        cells = {name: load(files[name]) for name in (measure, "volume", "use")}
        for day in range(looks):
            verdict(plan, cells, start + timedelta(days=day))

    return {"taken": _taken(once, 1)}


def bootstrap(files: dict[str, str], times: int, before: int = rows.BEFORE) -> dict[str, Any]:
    """999 draws for the effect in the cells of sums: p and interval."""
    from loft.value.bootstrap import bootstrapped
    from loft.value.kept import load
    from loft.value.regression import twfe

    cells = load(files["waiting"])
    treated = ((cells.unit < rows.OFFICES // 2) & (cells.day >= before)).astype(float)
    fit = twfe(treated, cells.unit, cells.day // 30, cells.n, cells.total, cells.squares)
    return {"taken": _taken(lambda: bootstrapped(fit, "treated", np.random.default_rng(1)), times)}


def _taken(make: Callable[[], Any], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        make()
        taken.append(time.perf_counter() - begun)
    return taken
