"""What each measure is of a case, against a slow and obvious computation over its events."""

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from loft.log.engine import Engine
from loft.value.making import cells_of
from tests.insight.text import BEGINNING, moment
from tests.value.town import Place, Row, town

DAY = timedelta(days=1)


def obvious(rows: list[Row], within: int) -> dict[str, Any] | None:
    """The measures of a case from its events in order; None where no unit is known."""
    opened = moment(rows[0]["at"])
    limit = opened.replace(hour=0, minute=0, second=0) + within * DAY
    found: dict[str, Any] = dict.fromkeys(("handovers", "bounces", "wait", "work", "whole_work"), 0)
    met: list[str] = []
    soon: set[str] = set()
    before = None
    for row in rows:
        at, began, unit = moment(row["at"]), moment(row["began"]), row["unit"]
        ready = min(began, at) if began else at
        in_time = at < limit
        found["whole_work"] += (at - ready).total_seconds()
        if in_time:
            found["work"] += (at - ready).total_seconds()
            found["wait"] += max((ready - before).total_seconds(), 0) if before else 0
        if unit:
            handover = bool(met) and met[-1] != unit
            found["handovers"] += handover and in_time
            found["bounces"] += handover and in_time and unit in met
            met.append(unit)
            soon |= {unit} if in_time else set()
        before = at
    if not met:
        return None
    told = {"doors": len(soon), "handovers": found["handovers"], "bounces": found["bounces"]}
    told["waiting"] = found["wait"] // 60 / 1440
    told["working"] = found["work"] // 60 / 1440 if found["whole_work"] else None
    return {**told, "unit": met[0], "day": (opened - BEGINNING).days}


@pytest.mark.parametrize("within", [1, 8, 25])
def test_the_cells_are_sums_of_what_each_case_obviously_is(within: int, tmp_path: Path) -> None:
    rows = town(30, cases=120)
    log = Place(tmp_path).add(rows)
    lives: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: r["at"]):
        lives[row["case"]].append(row)
    last = (log.meta.days[1] - log.meta.days[0]).days - within
    first = (log.meta.days[0] - BEGINNING.date()).days
    told = [o for o in (obvious(life, within) for life in lives.values()) if o and o["day"] - first <= last]
    for measure in ("doors", "handovers", "bounces", "waiting", "working"):
        sums: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0, 0, 0])
        for case in told:
            if case[measure] is not None:
                value = case[measure]
                sums[case["unit"], case["day"] - first] = [
                    a + b for a, b in zip(sums[case["unit"], case["day"] - first], (1, value, value**2), strict=True)
                ]
        cells = cells_of(log, measure, within=within, strata="")
        keys = [(cells.units[u], d) for u, d in zip(cells.unit.tolist(), cells.day.tolist(), strict=True)]
        assert keys == sorted(sums), measure
        expected = np.array([sums[key] for key in keys])
        assert np.allclose(np.stack([cells.n, cells.total, cells.squares], axis=1), expected, rtol=1e-9), measure
    log.close()


@pytest.mark.parametrize("measure", ["doors", "waiting", "volume"])
def test_what_comes_from_the_engine_does_not_grow_with_the_number_of_cases(measure: str, tmp_path: Path) -> None:
    rows = town(31, cases=400, days=10)
    log = Place(tmp_path).add(rows)
    fetched: list[int] = []

    @dataclass(frozen=True)
    class Counted(Engine):
        def run(self, expression: Any) -> pa.Table:
            table = super().run(expression)
            fetched.append(table.num_rows)
            return table

    engine = Counted(**{f.name: getattr(log.engine, f.name) for f in fields(Engine)})
    cells = cells_of(replace(log, engine=engine), measure, within=8)
    # Ten days, three units or none, two services.
    assert max(fetched) <= 10 * 4 * 2
    assert cells.n.sum() > 350
    log.close()
