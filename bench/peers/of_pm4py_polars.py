"""PM4Py's Polars path: the same functions on a lazy frame, read and sorted once. Its network of hand-overs does not take one (2.7.23)."""

from typing import Any

import polars as pl

from bench.logs import Large
from bench.peers import of_pm4py

CHOICES = False


def prepare(log: Large) -> tuple[Any, Large]:
    return of_pm4py.formatted(pl.scan_parquet(log.path)).collect().lazy(), log


def build(log: Large) -> dict[str, Any]:
    prepare(log)
    return {}


ASK = {question: ask for question, ask in of_pm4py.ASK.items() if question != "hand-overs"}
figures = of_pm4py.figures
