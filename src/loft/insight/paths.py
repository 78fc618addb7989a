"""The ways cases take: variants, and the map drawn from them."""

from dataclasses import dataclass, replace
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from loft.insight.choice import refusal
from loft.insight.gate import Form, release
from loft.insight.movement import (
    ACTIVITY,
    CASES,
    COUNT,
    HALF,
    NEXT,
    PREVIOUS,
    WAIT_MEAN,
    WAIT_MEDIAN,
    figures,
    main_units,
    named,
)
from loft.insight.source import assured, days, in_days, joined, percentiles, ratio, step_figures, yes
from loft.insight.survival import kaplan_meier
from loft.insight.table import Column, Kind, Table
from loft.language import mark
from loft.log import EVERYTHING, Log, Selection

VARIANTS = Form(
    "variants",
    mark("The ways cases take"),
    mark(
        "A variant is the sequence of steps of a case. Coverage is the share of cases that this variant and those above it account for."
    ),
    (
        Column("rank", Kind.COUNT, mark("No.")),
        Column("variant", Kind.TEXT, mark("Steps in order")),
        Column("steps", Kind.COUNT, mark("Steps")),
        CASES,
        Column("share", Kind.SHARE, mark("Share of cases")),
        Column("coverage", Kind.SHARE, mark("Coverage")),
        Column("days_median", Kind.DAYS, mark("Half are done within"), rests_on=("closed",)),
    ),
    ("variant",),
    open_keys=False,
    disjoint=True,
)


def variants(log: Log, selection: Selection = EVERYTHING, *, top: int = 50) -> Table:
    """The *top* most frequent sequences of activities: steps, cases, share, coverage so far, and median days (Kaplan–Meier).

    ``notes`` is empty; ``dropped`` counts variants among the top that too few cases took.
    """
    counted = _variant_counts(log, selection)
    ids, cases = counted["variant_id"][:top], counted["cases"][:top]
    told = log.table("variants")
    names = log.run(
        told.filter(told.variant_id.isin(ids.tolist())).select("variant_id", "steps", "activities")
    ).to_pydict()
    by_id = {i: (s, a) for i, s, a in zip(names["variant_id"], names["steps"], names["activities"], strict=True)}
    total = counted["cases"].sum()
    columns = {
        "rank": np.arange(1, len(ids) + 1),
        "variant": pa.array([by_id[i][1] for i in ids], pa.string()),
        "steps": np.array([by_id[i][0] for i in ids], dtype=np.int64),
        "cases": cases,
        "share": ratio(cases, total),
        "coverage": ratio(cases.cumsum(), total),
        **_lasted(log, selection, ids.tolist()),
    }
    return release(log, selection, VARIANTS, figures(columns), beside=counted["cases"][top:])


def _variant_counts(log: Log, selection: Selection) -> dict[str, Any]:
    if selection:
        cases = log.cases(selection)
        counted = cases.group_by("variant_id").agg(cases=cases.count())
    else:
        counted = log.table("variants").select("variant_id", "cases")
    rows = log.run(counted)
    ids, number = rows.column("variant_id").to_numpy(), rows.column("cases").to_numpy()
    order = np.lexsort((ids, -number))
    return {"variant_id": ids[order], "cases": number[order].astype(np.int64)}


def _lasted(log: Log, selection: Selection, ids: list[int]) -> dict[str, Any]:
    """For each variant the days within which half are done, and the cases that are closed."""
    cases = log.cases(selection)
    counted = (
        cases.filter(cases.variant_id.isin(ids))
        .group_by(["variant_id", "closed", "lasted_days"])
        .agg(n=lambda t: t.count())
    )
    rows = {k: np.array(v) for k, v in log.run(counted).to_pydict().items()}
    medians, closed = [], []
    for variant in ids:
        mine = rows["variant_id"] == variant
        done, number = rows["closed"][mine].astype(bool), rows["n"][mine]
        medians.append(kaplan_meier(rows["lasted_days"][mine], done, number).percentile(0.5))
        closed.append(number[done].sum())
    return {"days_median": np.array(medians, dtype=float), "closed": np.array(closed, dtype=np.int64)}


@dataclass(frozen=True)
class JourneyMap:
    """A map of what follows what: ``nodes`` (activities, each in the lane of its unit) and ``arcs`` between them.

    ``coverage`` is the share of cases whose whole way is on the map; None when the gate withholds it.
    """

    nodes: Table
    arcs: Table
    coverage: float | None

    def _repr_html_(self) -> str:
        from loft.insight.notebook import notebook_map

        return notebook_map(self)


NODES = Form(
    "journey_nodes",
    mark("Steps on the map"),
    mark("Each step, the unit that does it most often, and the wait before it."),
    (
        ACTIVITY,
        Column("unit", Kind.TEXT, mark("Unit")),
        CASES,
        COUNT,
        replace(WAIT_MEAN, rests_on=("wait_cases",), sums=True),
    ),
    ("activity", "unit"),
    open_keys=False,
)
ARCS = Form(
    "journey_arcs",
    mark("Ways on the map"),
    mark("How often one step came directly after another, and how long cases waited between them."),
    (PREVIOUS, NEXT, COUNT, CASES, WAIT_MEAN, WAIT_MEDIAN),
    ("previous", "activity"),
    open_keys=False,
    margins=((), ("previous",), ("activity",)),
)


def journey_map(log: Log, selection: Selection = EVERYTHING, *, share: float = 0.8) -> JourneyMap:
    """A directly-follows map of the most frequent variants that together cover at least *share* of the cases.

    Variants that too few cases took are all on it or none, and those left out have enough cases together: two maps never differ by a few.
    Nodes are activities with cases, times and mean wait before them; arcs carry times, cases, mean and median wait in days. Raises
    ``ValueError`` when *share* is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"The share of cases must be above 0 and at most 1; {share} is not.")
    counted = _variant_counts(log, selection)
    reached = counted["cases"].cumsum() / max(counted["cases"].sum(), 1)
    kept = _kept(counted["cases"], share, log.minimum)
    steps = log.steps(selection)
    if kept < len(reached):
        cases = log.table("cases")
        chosen = cases.filter(cases.variant_id.isin(counted["variant_id"][:kept].tolist())).select("case_id")
        steps = steps.semi_join(chosen, "case_id")
    coverage = float(reached[min(kept, len(reached)) - 1]) if len(reached) else 0.0
    return JourneyMap(
        _nodes(log, selection, steps), _arcs(log, selection, steps), None if refusal(log, selection) else coverage
    )


def _kept(cases: Any, share: float, minimum: int) -> int:
    """How many variants, the most frequent first, are on the map: enough for *share*, with a stop only where it gives no few cases."""
    reached, left = cases.cumsum(), cases.sum() - cases.cumsum()
    may_stop = (left == 0) | ((cases >= minimum) & (left >= minimum))
    stops = np.flatnonzero(may_stop & (reached >= (share - 1e-12) * cases.sum()))
    return int(stops[0]) + 1 if len(stops) else len(cases)


def _nodes(log: Log, selection: Selection, steps: Any) -> Table:
    counted = steps.group_by("activity_id").agg(
        count=steps.count(),
        cases=yes(~steps.rework),
        waits=steps.wait_s.count(),
        wait_s=ibis.coalesce(steps.wait_s.sum(), 0).cast("int64"),
        wait_cases=yes(~steps.rework & steps.wait_s.notnull()),
    )
    rows = {name: np.array(values, dtype=np.int64) for name, values in log.run(counted).to_pydict().items()}
    waited, most = steps.filter(steps.wait_s.notnull()), np.minimum(rows["cases"], rows["waits"])
    columns = {
        "wait_cases": assured(log, waited, "activity_id", rows["activity_id"], rows["wait_cases"], most),
        "activity": named(log.activities, rows["activity_id"]),
        "unit": named(log.units, main_units(log)[rows["activity_id"]]),
        "cases": rows["cases"],
        "count": rows["count"],
        "wait_mean": ratio(days(rows["wait_s"]), rows["waits"]),
    }
    return release(log, selection, NODES, figures(columns, np.lexsort((rows["activity_id"], -rows["count"]))))


def _arcs(log: Log, selection: Selection, steps: Any) -> Table:
    steps = steps.filter(steps.arc_id.notnull())
    counted = log.run(steps.group_by("arc_id").agg(**step_figures(steps, "first_arc")))
    histogram = steps.group_by(["arc_id", "wait_bin"]).agg(n=steps.count().cast("int64"))
    rows = joined(counted, in_days(log.run(percentiles(histogram, "arc_id", HALF)), HALF), "arc_id")
    width = log.meta.activities + 1
    columns = {
        "previous": named(log.activities, rows["arc_id"] // width),
        "activity": named(log.activities, rows["arc_id"] % width),
        "count": rows["count"],
        "cases": rows["cases"],
        "wait_mean": ratio(days(rows["wait_s"]), rows["waits"]),
        "wait_median": rows["wait_median"],
    }
    return release(log, selection, ARCS, figures(columns, np.lexsort((rows["arc_id"], -rows["count"]))))
