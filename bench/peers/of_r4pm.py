"""r4pm: the file through Polars into its registry. It has directly-follows counts and variants; no waits, units or durations."""

from typing import Any

import polars as pl
import r4pm

from bench.logs import ACTIVITY, AT, CASE, Choice, Large

CHOICES = False


def prepare(log: Large) -> str:
    frame = pl.read_parquet(log.path, columns=[CASE, ACTIVITY, AT])
    return r4pm.import_item_from_df("EventLog", frame.with_columns(pl.col(AT).dt.replace_time_zone(None)))


def _variants(item: str, _: Choice) -> Any:
    projection = r4pm.bindings.log_to_activity_projection(item)
    return r4pm.bindings.get_variants(projection)


ASK = {"follows": lambda item, _: r4pm.bindings.discover_dfg(item), "variants": _variants}


def figures(item: str, question: str, choice: Choice) -> dict[str, list[float]]:
    found = ASK[question](item, choice)
    if question == "variants":
        return {" → ".join(v["activities"]): [v["count"]] for v in found}
    return {" → ".join(pair): [count] for pair, count in found["directly_follows_relations"]}
