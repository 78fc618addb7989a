"""A small town's cases, made from a seed, and a store to which their events are added."""

from pathlib import Path
from typing import Any

import numpy as np

from loft.log import Log, import_files, open_log
from tests.insight.text import write_events

Row = dict[str, Any]


def life(case: str, rng: np.random.Generator, opened: int) -> list[Row]:
    """A case with two to seven steps over some weeks, two in three of them closed in the end."""
    at, rows = float(opened), []
    for step in range(int(rng.integers(2, 7))):
        name = "apply" if step == 0 else str(rng.choice(["check", "ask", "close"]))
        unit = str(rng.choice(["desk", "expert", "board"])) if rng.random() < 0.9 else None
        row = {"case": case, "activity": name, "at": at, "began": at - 0.25 if rng.random() < 0.5 else None}
        rows.append(
            {**row, "unit": unit, "service": str(rng.choice(["build", "move"])), "centre": None, "id": f"{case}-{step}"}
        )
        at += float(rng.exponential(5))
    if rng.random() < 0.6:
        rows.append({**rows[0], "activity": "close", "at": at, "began": None, "id": f"{case}-end"})
    rows[-1]["centre"] = str(rng.choice(["north", "south"]))
    return rows


def town(seed: int, cases: int = 60, days: int = 90) -> list[Row]:
    rng = np.random.default_rng(seed)
    return [row for i in range(cases) for row in life(f"c{i}", rng, int(rng.integers(0, days)))]


class Place:
    """A store to which events are added."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lots = folder, 0

    def add(self, rows: list[Row]) -> Log:
        self.lots += 1
        path = self.folder / f"lot{self.lots}.parquet"
        mapping = write_events(rows, path).but(endings=("close",))
        import_files([path], self.folder / "store", mapping=mapping)
        return open_log(self.folder / "store")
