"""Where figures come from: the smallest thing that can answer, a cube or the steps, as Ibis expressions for any engine."""

from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loft.log import Log, Selection
from loft.log.cubes import KEYS
from loft.log.steps import DAY, bin_days

FIGURES = ("count", "cases", "waits", "wait_s", "works", "work_s")
MORE = {"place": ("wait_cases", "work_cases")}
"""More figures, where not every step has a wait: the cases whose first such step has a wait, or known work; there are so many at least.
Arcs, hand-overs and moves are never the first step of a case, so all of theirs have waited."""


def by_key(log: Log, selection: Selection, key: str) -> pa.Table:
    """Steps counted by *key* (``arc``, ``handover`` or ``place``): the id, then ``FIGURES`` (seconds) and, of
    places, those of ``MORE``; one row for each id met."""
    return log.run(by_key_expression(log, selection, key))


def by_key_expression(log: Log, selection: Selection, key: str) -> Any:
    column, first = KEYS[key]
    cube = log.cube(f"cube_{key}", selection)
    if cube is not None:
        names = (*FIGURES, *MORE.get(key, ()))
        return cube.group_by(column).agg(**{name: cube[name].sum().cast("int64") for name in names})
    steps = log.steps(selection).filter(lambda t: t[column].notnull())
    return steps.group_by(column).agg(**step_figures(steps, first))


def step_figures(steps: Any, first: str) -> dict[str, Any]:
    """The same figures from steps, and the cases whose first such step has a wait or known work.

    *first* is the flag that is true the first time in a case. A flag becomes an ``int32`` before it is summed: PostgreSQL turns a truth
    value into no other number.
    """
    return {
        "count": steps.count(),
        "cases": steps[first].cast("int32").sum().cast("int64"),
        "waits": steps.wait_s.count(),
        "wait_s": ibis.coalesce(steps.wait_s.sum(), 0).cast("int64"),
        "works": steps.work_s.count(),
        "work_s": ibis.coalesce(steps.work_s.sum(), 0).cast("int64"),
        "wait_cases": yes(steps[first] & steps.wait_s.notnull()),
        "work_cases": yes(steps[first] & steps.work_s.notnull()),
    }


def yes(flag: Any) -> Any:
    """How many rows have the flag."""
    return ibis.coalesce(flag.cast("int32").sum(), 0).cast("int64")


def assured(log: Log, rows: Any, key: str, ids: Any, least: Any, most: Any) -> Any:
    """The distinct cases among *rows*, an Ibis table, for each of *ids* in the column *key*, as exactly as the gate needs them.

    *least* and *most* are bounds that were cheap to have. Only where the minimum lies between them are cases counted, which is rare.
    """
    # Where there is anything, there is one case at least.
    found = np.maximum(np.asarray(least, dtype=np.int64), np.minimum(most, 1))
    doubtful = (found < log.minimum) & (np.asarray(most) >= log.minimum)
    if doubtful.any():
        asked = rows.filter(rows[key].isin(np.asarray(ids)[doubtful].tolist()))
        counted = log.run(asked.group_by(key).agg(cases=asked.case_id.nunique())).to_pydict()
        exact = dict(zip(counted[key], counted["cases"], strict=True))
        found[doubtful] = [exact.get(i, 0) for i in np.asarray(ids)[doubtful].tolist()]
    return found


def waits_by_key(log: Log, selection: Selection, key: str, shares: dict[str, float]) -> pa.Table:
    """Percentiles of the wait before a step, by *key*: the id, then one column for each of *shares* (name to 0–1), in days."""
    column, _ = KEYS[key]
    cube = log.cube(f"cube_{key}_bins", selection)
    counted = log.steps(selection) if cube is None else cube
    counted = counted.filter(counted[column].notnull() & counted.wait_bin.notnull())
    number = counted.count() if cube is None else counted["count"].sum()
    histogram = counted.group_by([column, "wait_bin"]).agg(n=number.cast("int64"))
    return in_days(log.run(percentiles(histogram, column, shares)), shares)


def with_waits(log: Log, selection: Selection, key: str, shares: dict[str, float]) -> dict[str, Any]:
    """``by_key`` and ``waits_by_key`` together, as numpy columns; NaN where there is no wait. Steps are read once, not twice."""
    column, first = KEYS[key]
    if log.cube(f"cube_{key}", selection) is not None:
        return joined(by_key(log, selection, key), waits_by_key(log, selection, key, shares), column)
    steps = log.steps(selection).filter(lambda t: t[column].notnull())
    return summed_over_bins(
        log.run(steps.group_by([column, "wait_bin"]).agg(**step_figures(steps, first))), column, shares
    )


def summed_over_bins(table: pa.Table, key: str, shares: dict[str, float]) -> dict[str, Any]:
    """Rows by *key* and ``wait_bin`` with ``FIGURES``, as rows by *key* with percentiles of the wait in days."""
    bins = pc.fill_null(table.column("wait_bin"), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    keys = table.column(key).to_numpy(zero_copy_only=False)
    order = np.lexsort((bins, keys))
    keys, bins = keys[order], bins[order]
    first = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    if not len(first):
        return {name: np.zeros(0, dtype=np.int64) for name in (*table.column_names, *shares)}
    summed = [name for name in table.column_names if name not in (key, "wait_bin")]
    values = {name: table.column(name).to_numpy(zero_copy_only=False)[order] for name in summed}
    columns = {key: keys[first], **{name: np.add.reduceat(value, first) for name, value in values.items()}}
    group = np.repeat(np.arange(len(first)), np.diff(first, append=len(keys)))
    rising = values["waits"].cumsum()
    reached = rising - (rising[first] - values["waits"][first])[group]
    for name, share in shares.items():
        enough = (bins >= 0) & (reached >= columns["waits"][group] * share)
        lowest = np.minimum.reduceat(np.where(enough, bins, np.iinfo(np.int64).max), first)
        columns[name] = np.where(columns["waits"] > 0, bin_days(lowest), np.nan)
    return columns


def percentiles(histogram: Any, key: str, shares: dict[str, float]) -> Any:
    """Percentiles from a histogram with columns *key*, ``wait_bin`` and ``n``: the lowest bin that reaches each share of the count."""
    rising = ibis.cumulative_window(group_by=key, order_by="wait_bin")
    counted = histogram.mutate(
        reached=histogram.n.sum().over(rising), whole=histogram.n.sum().over(ibis.window(group_by=key))
    )
    return counted.group_by(key).agg(
        **{name: counted.wait_bin.min(where=counted.reached >= counted.whole * share) for name, share in shares.items()}
    )


def in_days(table: pa.Table, names: Any) -> pa.Table:
    """Bin numbers in the columns *names* turned into days."""
    for name in names:
        numbers = table.column(name).to_numpy(zero_copy_only=False).astype(np.int64)
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(bin_days(numbers)))
    return table


def joined(left: pa.Table, right: pa.Table, key: str) -> dict[str, Any]:
    """*left* with the columns of *right*, matched by an integer *key*; NaN where there is no match. Numpy columns."""
    columns = {
        name: column.to_numpy(zero_copy_only=False)
        for name, column in zip(left.column_names, left.columns, strict=True)
    }
    other = right.column(key).to_numpy(zero_copy_only=False)
    order = np.argsort(other)
    place = np.searchsorted(other[order], columns[key])
    place = np.minimum(place, max(len(order) - 1, 0))
    found = other[order][place] == columns[key] if len(order) else np.zeros(len(columns[key]), dtype=bool)
    for name in right.column_names:
        if name != key:
            values = right.column(name).to_numpy(zero_copy_only=False).astype(float)
            columns[name] = np.where(found, values[order][place], np.nan) if len(order) else np.full(len(found), np.nan)
    return columns


def days(seconds: Any) -> Any:
    """Seconds in days."""
    return np.asarray(seconds, dtype=float) / DAY


def ratio(part: Any, whole: Any) -> Any:
    """Part by whole; NaN where there is nothing to divide by."""
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0)


def case_figures(log: Log, selection: Selection, *by: str) -> pa.Table:
    """Cases counted by any of ``opened_day``, ``month``, ``service_id``, ``doors``, ``closed``, ``lasted_days``.

    Columns: the keys, then ``cases``, ``steps``, ``handovers``, ``wait_s``, ``work_s``, ``door_total``, and counts of cases: ``bounced``
    (with a bounce), ``waited``, ``worked``, ``met`` (a unit is known), ``one_door``.
    """
    cube = log.cube("cube_cases", selection)
    table = log.cases(selection) if cube is None else cube
    if cube is None:
        flags = {"bounced": table.bounces > 0, "waited": table.wait_s > 0, "worked": table.work_s > 0}
        table = table.mutate(cases=ibis.literal(1), **{name: flag.cast("int32") for name, flag in flags.items()})
    if "month" in by:
        table = table.mutate(month=table.opened_day.truncate("M").cast("date"))
    summed = ("cases", "steps", "handovers", "bounced", "wait_s", "work_s", "waited", "worked")
    totals = {name: table[name].sum().cast("int64") for name in summed}
    totals["door_total"] = (table.doors * table.cases).sum().cast("int64")
    totals["met"] = ibis.coalesce(table.cases.sum(where=table.doors >= 1), 0).cast("int64")
    totals["one_door"] = ibis.coalesce(table.cases.sum(where=table.doors == 1), 0).cast("int64")
    return log.run(table.group_by(list(by)).agg(**totals) if by else table.agg(**totals))
