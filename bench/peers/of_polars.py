"""Polars by hand: a frame of steps prepared once (sorted, with what came before, names as categories), then group-bys."""

from datetime import date
from typing import Any

import polars as pl

from bench.logs import ACTIVITY, AT, CASE, REAL, Choice, Large

CHOICES = True
DAY = 86_400


def prepare(log: Large) -> pl.DataFrame:
    real = REAL[log.real]
    names = {CASE: "case", ACTIVITY: "activity", AT: "at", real.unit: "unit", real.attribute: "value"}
    frame = (
        pl.scan_parquet(log.path).rename(names).with_columns(pl.col("activity", "unit", "value").cast(pl.Categorical))
    )
    frame = frame.sort("case", "at", maintain_order=True).with_columns(same=pl.col("case") == pl.col("case").shift())
    same = pl.col("same").fill_null(False)
    frame = frame.with_columns(case=(~same).cum_sum().cast(pl.Int32), same=same).with_columns(
        previous=pl.when("same").then(pl.col("activity").shift()),
        previous_unit=pl.when("same").then(pl.col("unit").shift()),
        wait=pl.when("same").then((pl.col("at") - pl.col("at").shift()).dt.total_seconds()),
    )
    opened = pl.when(~pl.col("same")).then(pl.col("at").dt.date()).forward_fill()
    return frame.with_columns(opened=opened).collect()


def _chosen(steps: pl.DataFrame, choice: Choice) -> pl.LazyFrame:
    frame = steps.lazy()
    if choice.first:
        frame = frame.filter(
            pl.col("opened").is_between(date.fromisoformat(choice.first), date.fromisoformat(choice.last or ""))
        )
    for column, wanted in (("unit", choice.unit), ("value", choice.value)):
        if wanted:
            cases = steps.lazy().filter(pl.col(column) == wanted).select("case").unique()
            frame = frame.join(cases, on="case", how="semi")
    return frame


WAITS = (
    pl.len().alias("count"),
    (pl.col("wait").mean() / DAY).alias("mean"),
    (pl.col("wait").quantile(0.5, "lower") / DAY).alias("median"),
)


def _follows(steps: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    return _chosen(steps, choice).filter("same").group_by("previous", "activity").agg(pl.len().alias("count")).collect()


def _follows_medians(steps: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    return _chosen(steps, choice).filter("same").group_by("previous", "activity").agg(*WAITS).collect()


def _handovers(steps: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    changed = _chosen(steps, choice).filter(pl.col("previous_unit") != pl.col("unit"))
    return changed.group_by("previous_unit", "unit").agg(*WAITS).collect()


def _variants(steps: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    ways = _chosen(steps, choice).group_by("case").agg(pl.col("activity"))
    return ways.group_by("activity").agg(pl.len().alias("cases")).sort("cases", descending=True).head(50).collect()


def _throughput(steps: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    whole = (
        _chosen(steps, choice)
        .group_by("case")
        .agg(pl.col("opened").first(), days=(pl.col("at").last() - pl.col("at").first()).dt.total_days())
    )
    shares = {
        name: pl.col("days").quantile(share)
        for name, share in (("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p90", 0.9))
    }
    return whole.group_by(pl.col("opened").dt.truncate("1mo")).agg(pl.len().alias("cases"), **shares).collect()


ASK = {
    "follows": _follows,
    "follows with medians": _follows_medians,
    "hand-overs": _handovers,
    "variants": _variants,
    "throughput": _throughput,
}


def figures(steps: pl.DataFrame, question: str, choice: Choice) -> dict[str, list[float]]:
    rows: list[tuple[Any, ...]] = ASK[question](steps, choice).rows()
    if question == "variants":
        return {" → ".join(names): [cases] for names, cases in rows}
    if question == "throughput":
        return {str(month): [cases] for month, cases, *_ in rows}
    return {f"{before} → {after}": list(numbers) for before, after, *numbers in rows}
