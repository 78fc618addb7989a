"""Where time goes: work, waiting, and doing things again."""

from dataclasses import replace
from typing import Any

import ibis
import numpy as np

from loft.insight.gate import Form, release
from loft.insight.movement import (
    ACTIVITY,
    CASES,
    COUNT,
    HALF,
    HALF_AND_NINE_TENTHS,
    WAIT_MEAN,
    WAIT_MEDIAN,
    WAIT_P90,
    WAIT_SHARE,
    WAIT_TOTAL,
    figures,
    named,
)
from loft.insight.source import assured, days, in_days, joined, percentiles, ratio, with_waits, yes
from loft.insight.table import Column, Kind, Table
from loft.language import mark
from loft.log import EVERYTHING, Log, Selection
from loft.log.steps import REASONS

UNIT = Column("unit", Kind.TEXT, mark("Unit"))
WORK_MEAN = Column("work_mean", Kind.DAYS, mark("Mean work"), rests_on=("work_cases",), sums=True)
SOME_WAIT_MEAN, SOME_WAIT_TOTAL, SOME_WAIT_SHARE = (
    replace(column, rests_on=("wait_cases",), sums=True) for column in (WAIT_MEAN, WAIT_TOTAL, WAIT_SHARE)
)
SOME_WAIT_MEDIAN, SOME_WAIT_P90 = (replace(column, rests_on=("wait_cases",)) for column in (WAIT_MEDIAN, WAIT_P90))
"""Waits where the first steps of cases, which have none, are counted too."""

WAITS = Form(
    "waits",
    mark("Where time goes"),
    mark(
        "For each step and the unit that does it: work is from start to end where the start is known; waiting is "
        "the time since the step before it."
    ),
    (
        ACTIVITY,
        UNIT,
        COUNT,
        CASES,
        WORK_MEAN,
        SOME_WAIT_MEAN,
        SOME_WAIT_MEDIAN,
        SOME_WAIT_P90,
        SOME_WAIT_TOTAL,
        SOME_WAIT_SHARE,
    ),
    ("activity", "unit"),
    open_keys=False,
    margins=((), ("activity",), ("unit",)),
)
REASON_TEXTS = {
    "resident": mark("the person to answer"),
    "other unit": mark("another unit to take over"),
    "same unit": mark("the same unit to go on"),
}
WAITS_BY_REASON = Form(
    "waits_by_reason",
    mark("What cases wait for"),
    mark(
        "A wait is for the person when the step that ends it is theirs, for another unit when the step is a "
        "hand-over, and else for the same unit."
    ),
    (Column("waits_for", Kind.TEXT, mark("Waits for")), COUNT, CASES, WAIT_MEAN, WAIT_MEDIAN, WAIT_TOTAL, WAIT_SHARE),
    ("waits_for",),
)


def waits(log: Log, selection: Selection = EVERYTHING, *, by: str = "step") -> Table:
    """Work and waiting, in days.

    *by* ``"step"``: for each activity and unit, times, cases, mean work (null where no start is known), the wait before it (mean, median,
    90th percentile, total) and its share of all waiting, the longest total first. *by* ``"reason"``: the same for
    what was waited for: the resident,
    another unit, the same unit. Raises ``ValueError`` for another *by*.
    """
    if by == "step":
        return _by_step(log, selection)
    if by == "reason":
        return _by_reason(log, selection)
    raise ValueError(f"waits are told by 'step' or 'reason', not by {by!r}")


def _by_step(log: Log, selection: Selection) -> Table:
    rows = with_waits(log, selection, "place", HALF_AND_NINE_TENTHS)
    rows |= log.once(("waited", selection, log.minimum), lambda: _assured(log, log.steps(selection), "place_id", rows))
    width = log.meta.units + 1
    columns = {
        "activity": named(log.activities, rows["place_id"] // width),
        "unit": named(log.units, rows["place_id"] % width),
        "count": rows["count"],
        "cases": rows["cases"],
        "work_mean": ratio(days(rows["work_s"]), rows["works"]),
        "wait_mean": ratio(days(rows["wait_s"]), rows["waits"]),
        "wait_median": rows["wait_median"],
        "wait_p90": rows["wait_p90"],
        "wait_total": days(rows["wait_s"]),
        "share": ratio(rows["wait_s"], rows["wait_s"].sum()),
        "wait_cases": rows["wait_cases"],
        "work_cases": rows["work_cases"],
    }
    return release(log, selection, WAITS, figures(columns, np.lexsort((rows["place_id"], -rows["wait_s"]))))


def _assured(log: Log, steps: Any, key: str, rows: dict[str, Any]) -> dict[str, Any]:
    """The cases with a wait and with known work, where *rows* have what is cheap to know of them."""
    return {
        f"{name}_cases": assured(
            log,
            steps.filter(steps[f"{name}_s"].notnull()),
            key,
            rows[key],
            rows[f"{name}_cases"],
            np.minimum(rows["cases"], rows[f"{name}s"]),
        )
        for name in ("wait", "work")
    }


def _by_reason(log: Log, selection: Selection) -> Table:
    steps = log.steps(selection).filter(lambda t: t.wait_s.notnull())
    counted = log.run(
        steps.group_by(["reason_id", "case_id"])
        .agg(n=steps.count(), wait=steps.wait_s.sum())
        .group_by("reason_id")
        .agg(
            lambda t: t.n.sum().cast("int64").name("count"),
            lambda t: t.count().name("cases"),
            lambda t: t.wait.sum().cast("int64").name("wait_s"),
        )
    )
    histogram = steps.group_by(["reason_id", "wait_bin"]).agg(n=steps.count().cast("int64"))
    rows = joined(counted, in_days(log.run(percentiles(histogram, "reason_id", HALF)), HALF), "reason_id")
    columns = {
        "waits_for": named(REASONS, rows["reason_id"]),
        "count": rows["count"],
        "cases": rows["cases"],
        "wait_mean": ratio(days(rows["wait_s"]), rows["count"]),
        "wait_median": rows["wait_median"],
        "wait_total": days(rows["wait_s"]),
        "share": ratio(rows["wait_s"], rows["wait_s"].sum()),
    }
    return release(log, selection, WAITS_BY_REASON, figures(columns, np.lexsort((rows["reason_id"], -rows["wait_s"]))))


REWORK = Form(
    "rework",
    mark("Done again"),
    mark(
        "A step is done again when the case has had it before. The days run from the time before until it was done again."
    ),
    (
        ACTIVITY,
        COUNT,
        CASES,
        Column("again_mean", Kind.DAYS, mark("Days since last time, mean")),
        Column("again_total", Kind.DAYS, mark("Days in all")),
    ),
    ("activity",),
    open_keys=False,
)


def rework(log: Log, selection: Selection = EVERYTHING) -> Table:
    """Activities done again in the same case: times, cases, and the days since the activity was last done (mean and total)."""
    steps = log.steps(selection).filter(lambda t: t.rework)
    counted = log.run(
        steps.group_by(["activity_id", "case_id"])
        .agg(n=steps.count(), again=steps.again_s.sum())
        .group_by("activity_id")
        .agg(
            lambda t: t.n.sum().cast("int64").name("count"),
            lambda t: t.count().name("cases"),
            lambda t: t.again.sum().cast("int64").name("again_s"),
        )
    ).to_pydict()
    rows = {name: np.array(values) for name, values in counted.items()}
    columns = {
        "activity": named(log.activities, rows["activity_id"]),
        "count": rows["count"],
        "cases": rows["cases"],
        "again_mean": ratio(days(rows["again_s"]), rows["count"]),
        "again_total": days(rows["again_s"]),
    }
    return release(log, selection, REWORK, figures(columns, np.lexsort((rows["activity_id"], -rows["again_s"]))))


UNITS = Form(
    "units",
    mark("Units"),
    mark(
        "What each unit does, how long cases wait before its steps, and how often it receives, passes on and gets cases back."
    ),
    (
        UNIT,
        CASES,
        COUNT,
        WORK_MEAN,
        SOME_WAIT_MEAN,
        SOME_WAIT_TOTAL,
        Column("received", Kind.COUNT, mark("Received"), rests_on=("received_cases",), sums=True),
        Column("passed_on", Kind.COUNT, mark("Passed on"), rests_on=("passed_on_cases",), sums=True),
        Column("bounces", Kind.COUNT, mark("Sent back to it"), rests_on=("bounces_cases",), sums=True),
    ),
    ("unit",),
)


def units(log: Log, selection: Selection = EVERYTHING) -> Table:
    """Each unit: cases, steps, mean work and wait (days), total wait, and hand-overs received, passed on, and sent back to it."""
    steps = log.steps(selection)
    known = steps.filter(steps.unit_id.notnull())
    done = known.group_by("unit_id").agg(
        cases=yes(known.new_door),
        count=known.count(),
        works=known.work_s.count(),
        work_s=ibis.coalesce(known.work_s.sum(), 0).cast("int64"),
        waits=known.wait_s.count(),
        wait_s=ibis.coalesce(known.wait_s.sum(), 0).cast("int64"),
        wait_cases=yes(known.new_door & known.wait_s.notnull()),
        work_cases=yes(known.new_door & known.work_s.notnull()),
    )
    found = log.run(done)
    rows = {name: column.to_numpy() for name, column in zip(found.column_names, found.columns, strict=True)}
    rows |= _assured(log, known, "unit_id", rows) | _passed(log, steps, rows["unit_id"])
    columns = {
        "unit": named(log.units, rows["unit_id"]),
        "work_mean": ratio(days(rows["work_s"]), rows["works"]),
        "wait_mean": ratio(days(rows["wait_s"]), rows["waits"]),
        "wait_total": days(rows["wait_s"]),
        **rows,
    }
    return release(log, selection, UNITS, figures(columns, np.lexsort((rows["unit_id"], -rows["cases"]))))


def _passed(log: Log, steps: Any, units: Any) -> dict[str, Any]:
    """For each of *units* how many hand-overs it received, passed on and got back, and the distinct cases behind each."""
    moved = steps.filter(steps.handover)
    pairs = log.run(
        moved.group_by(["previous_unit_id", "unit_id"]).agg(
            received=moved.count(),
            cases=yes(moved.first_handover),
            bounces=yes(moved.bounce),
            back=yes(moved.first_handover & moved.bounce),
        )
    )
    told = {name: column.to_numpy() for name, column in zip(pairs.column_names, pairs.columns, strict=True)}
    found = {}
    for name, key, number, first, rows in (
        ("received", "unit_id", "received", "cases", moved),
        ("passed_on", "previous_unit_id", "received", "cases", moved),
        ("bounces", "unit_id", "bounces", "back", moved.filter(moved.bounce)),
    ):
        order = np.argsort(units)
        place = order[np.searchsorted(units[order], told[key])]
        found[name] = np.bincount(place, told[number], len(units)).astype(np.int64)
        # A case is counted once for each pair, so the cases of the largest pair are there at least.
        least = np.zeros(len(units), dtype=np.int64)
        np.maximum.at(least, place, told[first])
        found[f"{name}_cases"] = assured(log, rows, key, units, least, found[name])
    return found
