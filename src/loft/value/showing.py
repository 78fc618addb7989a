"""Cells as people see them: by unit and month, through the gate."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from loft.insight.gate import Form, let_out
from loft.insight.survival import kaplan_meier
from loft.insight.table import Column, Kind, Table
from loft.language import mark
from loft.value.cells import Cells, Floats, Ints
from loft.value.errors import BadInput

UNIT = Column("unit", Kind.TEXT, mark("Unit"))
MONTH = Column("month", Kind.MONTH, mark("Month"))
CASES = Column("cases", Kind.COUNT, mark("Cases"))
FIGURE = Column("figure", Kind.NUMBER, mark("Figure"))

CELLS = Form(
    "cells",
    mark("What was measured"),
    mark(
        "Each unit and month in which cases were opened. Days are the mean up to the longest time that counts, "
        "with open cases counted for as long as they have been seen; they are not known before a month has been followed for so long."
    ),
    (UNIT, MONTH, CASES, FIGURE),
    ("unit", "month"),
    open_keys=False,
    margins=((), ("unit",), ("month",)),
    disjoint=True,
)


def shown(cells: Cells, minimum: int, *, reason: str | None = None) -> Table:
    """The cells of a log by unit and month, with rows on fewer cases than *minimum* left out, and those by which they could be had.

    *minimum* is that of the log they were taken from. *reason*: why this choice of cases gets no figures, told by
    ``loft.insight.choice.refusal`` of the log and the choice; None where it gets them. Raises ``BadInput`` for a panel, which has no cases.
    """
    if cells.step != 1:
        raise BadInput(mark("A panel has no cases to be withheld. Show its own figures."))
    months = (np.datetime64(cells.first, "D") + cells.day).astype("datetime64[M]")
    month, place = np.unique(months, return_inverse=True)
    rows, row = np.unique(cells.unit * max(len(month), 1) + place, return_inverse=True)
    unit, when = rows // max(len(month), 1), month[rows % max(len(month), 1)] if len(month) else month
    n = np.bincount(row, cells.n, len(rows)).astype(np.float64)
    figure = _restricted(cells, row, when) if cells.age is not None else _mean(cells, row, n, when)
    data = pa.table(
        {
            "unit": pa.array([cells.units[i] for i in unit.tolist()], pa.string()),
            "month": pa.array(when.astype("datetime64[D]"), pa.date32()),
            "cases": pa.array(n.astype(np.int64)),
            "figure": pa.array(figure, mask=np.isnan(figure)),
        }
    )
    column = replace(FIGURE, kind=_kind(cells), label=cells.measure.label)
    return let_out(replace(CELLS, columns=(UNIT, MONTH, CASES, column)), data, minimum, reason)


def _kind(cells: Cells) -> Kind:
    return {"days": Kind.DAYS, "share": Kind.SHARE}.get(cells.measure.kind, Kind.NUMBER)


def _mean(cells: Cells, row: Ints, n: Floats, when: np.ndarray[tuple[int], np.dtype[np.datetime64]]) -> Floats:
    total = np.bincount(row, cells.total, len(n))
    if cells.measure.form != "count":
        return np.asarray(total / n)
    begins = np.maximum(when.astype("datetime64[D]"), np.datetime64(cells.first, "D"))
    ends = np.minimum((when + 1).astype("datetime64[D]"), np.datetime64(cells.until, "D") + 1)
    return np.asarray(total / (ends - begins).astype(np.int64))


def _restricted(cells: Cells, row: Ints, when: np.ndarray[tuple[int], np.dtype[np.datetime64]]) -> Floats:
    """Restricted mean days of each row; NaN where the month has not been followed for ``within`` days."""
    assert cells.age is not None and cells.closed is not None
    followed = (when + 1).astype("datetime64[D]") - 1 + cells.within <= np.datetime64(cells.until, "D")
    figure = np.full(len(when), np.nan)
    order = np.argsort(row, kind="stable")
    ends = np.searchsorted(row[order], np.arange(len(when) + 1))
    for place in np.flatnonzero(followed):
        inside = order[ends[place] : ends[place + 1]]
        curve = kaplan_meier(cells.age[inside], cells.closed[inside], cells.n[inside])
        early = curve.days < cells.within
        edges = np.concatenate([[0], curve.days[early], [cells.within]])
        figure[place] = np.diff(edges) @ np.concatenate([[1.0], curve.open_share[early]])
    return figure
