"""PM4Py as its tutorial shows it: pandas, ``format_dataframe``, then one function for each question."""

from typing import Any

import pandas as pd
import pm4py

from bench.logs import ACTIVITY, AT, CASE, REAL, Choice, Large

CHOICES = False
DAY = 86_400


def read(log: Large) -> Any:
    return pd.read_parquet(log.path)


def formatted(frame: Any) -> Any:
    return pm4py.format_dataframe(frame, case_id=CASE, activity_key=ACTIVITY, timestamp_key=AT)


def prepare(log: Large) -> tuple[Any, Large]:
    return formatted(read(log)), log


def build(log: Large) -> dict[str, Any]:
    prepare(log)
    return {}


def _handovers(prepared: tuple[Any, Large], _: Choice) -> Any:
    frame, log = prepared
    unit = REAL[log.real].unit
    return pm4py.discover_handover_of_work_network(frame, resource_key=unit, timestamp_key=AT, case_id_key=CASE)


ASK = {
    "follows": lambda prepared, _: pm4py.discover_dfg(prepared[0]),
    "follows with medians": lambda prepared, _: pm4py.discover_performance_dfg(prepared[0]),
    "hand-overs": _handovers,
    "variants": lambda prepared, _: pm4py.get_variants(prepared[0]),
    "throughput": lambda prepared, _: pm4py.get_all_case_durations(prepared[0]),
}


def figures(prepared: Any, question: str, choice: Choice) -> dict[str, list[float]] | None:
    """None for hand-overs, which PM4Py gives as shares of all pairs of neighbours, and for throughput, a bare list."""
    if question in ("hand-overs", "throughput"):
        return None
    found = ASK[question](prepared, choice)
    if question == "variants":
        return {" → ".join(names): [_number(count)] for names, count in found.items()}
    if question == "follows":
        return {" → ".join(pair): [count] for pair, count in found[0].items()}
    counts = ASK["follows"](prepared, choice)[0]
    return {" → ".join(p): [counts[p], w["mean"] / DAY, w["median"] / DAY] for p, w in found[0].items()}


def _number(count: Any) -> int:
    return count if isinstance(count, int) else len(count)
