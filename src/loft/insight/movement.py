"""Where cases go: from activity to activity, from unit to unit, and back."""

from typing import Any

import numpy as np
import pyarrow as pa

from loft.insight.gate import Form, release
from loft.insight.source import by_key, days, ratio, with_waits
from loft.insight.table import Column, Kind, Table
from loft.language import mark
from loft.log import EVERYTHING, Log, Selection

HALF = {"wait_median": 0.5}
HALF_AND_NINE_TENTHS = {"wait_median": 0.5, "wait_p90": 0.9}

COUNT = Column("count", Kind.COUNT, mark("Times"))
CASES = Column("cases", Kind.COUNT, mark("Cases"))
WAIT_MEAN = Column("wait_mean", Kind.DAYS, mark("Mean wait"))
WAIT_MEDIAN = Column("wait_median", Kind.DAYS, mark("Median wait"))
WAIT_P90 = Column("wait_p90", Kind.DAYS, mark("Nine of ten wait at most"))
WAIT_TOTAL = Column("wait_total", Kind.DAYS, mark("Waiting in all"))
WAIT_SHARE = Column("share", Kind.SHARE, mark("Share of all waiting"))
ACTIVITY = Column("activity", Kind.TEXT, mark("Step"))
PREVIOUS = Column("previous", Kind.TEXT, mark("From step"))
NEXT = Column("activity", Kind.TEXT, mark("To step"))
FROM_UNIT = Column("from_unit", Kind.TEXT, mark("From unit"))
TO_UNIT = Column("to_unit", Kind.TEXT, mark("To unit"))


def named(names: tuple[str, ...], ids: Any) -> pa.Array:
    """The names of integer ids; null for 0."""
    texts = np.array([None, *names[1:]], dtype=object)
    return pa.array(texts[np.asarray(ids, dtype=np.int64)], pa.string())


def figures(columns: dict[str, Any], order: Any = None) -> pa.Table:
    """Arrow from numpy columns, NaN as null, in the order of the index *order*."""
    table = pa.table({k: v if isinstance(v, pa.Array) else pa.array(v, from_pandas=True) for k, v in columns.items()})
    return table if order is None else table.take(pa.array(order))


DIRECTLY_FOLLOWS = Form(
    "directly_follows",
    mark("What follows what"),
    mark("How often one step came directly after another in the same case, and how long the case waited between them."),
    (PREVIOUS, NEXT, COUNT, CASES, WAIT_MEAN, WAIT_MEDIAN),
    ("previous", "activity"),
    open_keys=False,
    margins=((), ("previous",), ("activity",)),
)


def directly_follows(log: Log, selection: Selection = EVERYTHING, *, medians: bool = True) -> Table:
    """Each pair of activities that followed each other: times, cases, mean and median wait in days, the most frequent first.

    The directly-follows graph of van der Aalst, Process Mining (2016), section 6.2. The wait runs from the end of the previous
    activity to the start of the next (its end, where the start is not known). *medians* False saves reading the waits.
    """
    rows = with_waits(log, selection, "arc", HALF) if medians else _plain(by_key(log, selection, "arc"))
    width = log.meta.activities + 1
    columns = {
        "previous": named(log.activities, rows["arc_id"] // width),
        "activity": named(log.activities, rows["arc_id"] % width),
        "count": rows["count"],
        "cases": rows["cases"],
        "wait_mean": ratio(days(rows["wait_s"]), rows["waits"]),
        "wait_median": rows.get("wait_median", np.full(len(rows["count"]), np.nan)),
    }
    return release(log, selection, DIRECTLY_FOLLOWS, figures(columns, np.lexsort((rows["arc_id"], -rows["count"]))))


def _plain(table: pa.Table) -> dict[str, Any]:
    return {
        name: column.to_numpy(zero_copy_only=False)
        for name, column in zip(table.column_names, table.columns, strict=True)
    }


HANDOVERS = Form(
    "handovers",
    mark("Hand-overs between units"),
    mark(
        "A hand-over is a step done by another unit than the last one known in the case. The wait is the time "
        "before the receiving unit's step."
    ),
    (FROM_UNIT, TO_UNIT, COUNT, CASES, WAIT_MEAN, WAIT_MEDIAN, WAIT_P90, WAIT_TOTAL),
    ("from_unit", "to_unit"),
    open_keys=False,
    margins=((), ("from_unit",), ("to_unit",)),
)


def handovers(log: Log, selection: Selection = EVERYTHING) -> Table:
    """Hand-overs by sending and receiving unit: times, cases, and the wait before the receiver's step: mean,
    median, 90th percentile, total (days).

    A hand-over is a step whose unit is known and differs from the last known unit in the case. The longest total wait comes first.
    """
    rows = with_waits(log, selection, "handover", HALF_AND_NINE_TENTHS)
    width = log.meta.units + 1
    columns = {
        "from_unit": named(log.units, rows["handover_id"] // width),
        "to_unit": named(log.units, rows["handover_id"] % width),
        "count": rows["count"],
        "cases": rows["cases"],
        "wait_mean": ratio(days(rows["wait_s"]), rows["waits"]),
        "wait_median": rows["wait_median"],
        "wait_p90": rows["wait_p90"],
        "wait_total": days(rows["wait_s"]),
    }
    return release(log, selection, HANDOVERS, figures(columns, np.lexsort((rows["handover_id"], -rows["wait_s"]))))


BOUNCES = Form(
    "bounces",
    mark("Sent back"),
    mark(
        "A bounce is a hand-over back to a unit that the case has been at before. The days away run from that "
        "unit's last step until the case was back."
    ),
    (
        FROM_UNIT,
        Column("unit", Kind.TEXT, mark("Back to unit")),
        COUNT,
        CASES,
        Column("away_mean", Kind.DAYS, mark("Days away, mean")),
        Column("away_total", Kind.DAYS, mark("Days away in all")),
    ),
    ("from_unit", "unit"),
    open_keys=False,
    margins=((), ("from_unit",), ("unit",)),
)


def bounces(log: Log, selection: Selection = EVERYTHING) -> Table:
    """Bounces by the unit a case came from and the unit it came back to: times, cases, and days away (mean and total).

    A bounce is a hand-over to a unit that the case has met before; the days away, from that unit's last step to the step that
    brought the case back, are what the bounce cost at most.
    """
    steps = log.steps(selection).filter(lambda t: t.bounce)
    counted = log.run(
        steps.group_by(["previous_unit_id", "unit_id", "case_id"])
        .agg(n=steps.count(), away_s=steps.away_s.sum())
        .group_by(["previous_unit_id", "unit_id"])
        .agg(
            lambda t: t.n.sum().cast("int64").name("count"),
            lambda t: t.count().name("cases"),
            lambda t: t.away_s.sum().cast("int64").name("away_s"),
        )
    )
    rows = _plain(counted)
    columns = {
        "from_unit": named(log.units, rows["previous_unit_id"]),
        "unit": named(log.units, rows["unit_id"]),
        "count": rows["count"],
        "cases": rows["cases"],
        "away_mean": ratio(days(rows["away_s"]), rows["count"]),
        "away_total": days(rows["away_s"]),
    }
    return release(
        log,
        selection,
        BOUNCES,
        figures(columns, np.lexsort((rows["unit_id"], rows["previous_unit_id"], -rows["away_s"]))),
    )


BOTTLENECKS = Form(
    "bottlenecks",
    mark("Where people wait the most"),
    mark("Waits between two steps, ranked by the days that all cases waited there in all."),
    (PREVIOUS, NEXT, FROM_UNIT, TO_UNIT, COUNT, CASES, WAIT_TOTAL, WAIT_MEDIAN, WAIT_SHARE),
    ("previous", "activity", "from_unit", "to_unit"),
    open_keys=False,
    # The totals that a reader has: what follows what, hand-overs, and the waits of each step on either side.
    margins=(
        (),
        ("previous", "activity"),
        ("from_unit", "to_unit"),
        ("activity", "to_unit"),
        ("previous", "from_unit"),
    ),
)


def bottlenecks(log: Log, selection: Selection = EVERYTHING) -> Table:
    """Where people wait the most: each wait from one activity and unit to the next, ranked by the days that all cases waited there.

    Columns: times, cases, total and median wait (days), and the share of all waiting. The unit waited from is the last known one.
    """
    rows = with_waits(log, selection, "move", HALF)
    units, places = log.meta.units + 1, (log.meta.activities + 1) * (log.meta.units + 1)
    before, after = rows["move_id"] // places, rows["move_id"] % places
    columns = {
        "previous": named(log.activities, before // units),
        "activity": named(log.activities, after // units),
        "from_unit": named(log.units, before % units),
        "to_unit": named(log.units, after % units),
        "count": rows["count"],
        "cases": rows["cases"],
        "wait_total": days(rows["wait_s"]),
        "wait_median": rows["wait_median"],
        "share": ratio(rows["wait_s"], rows["wait_s"].sum()),
    }
    return release(log, selection, BOTTLENECKS, figures(columns, np.lexsort((rows["move_id"], -rows["wait_s"]))))


def main_units(log: Log) -> Any:
    """The unit that most often does each activity, by activity id, over the whole log; 0 where none is known."""
    rows = _plain(by_key(log, EVERYTHING, "place"))
    width = log.meta.units + 1
    activity, unit = rows["place_id"] // width, rows["place_id"] % width
    main = np.zeros(log.meta.activities + 1, dtype=np.int64)
    order = np.argsort(rows["count"], kind="stable")
    order = order[unit[order] > 0]
    main[activity[order]] = unit[order]
    return main
