"""Straight from a table to an event study: one group-by on the engine that holds the rows, and the rest from its few cells."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loft.language import mark
from loft.value.cells import Floats, Ints
from loft.value.errors import BadInput
from loft.value.eventstudy import NEVER, EventStudy, event_study
from loft.value.sentence import Figure


@dataclass(frozen=True)
class Summed:
    """Rows summed by *keys*: ``key`` has an array (m,) for each, ``n``, ``total`` Σy and ``squares`` Σy² (m,)."""

    key: dict[str, pa.ChunkedArray]
    n: Floats
    total: Floats
    squares: Floats


def summed(table: Any, value: str, *keys: str) -> Summed:
    """The Ibis expression *table* summed by *keys*, with one question to its engine. Rows whose *value* is null are left out.

    Raises ``BadInput`` for a column that the table has not.
    """
    for name in (value, *keys):
        if name not in table.columns:
            raise BadInput(
                mark("The table has no column %(name)s. It has %(names)s."),
                name=Figure(name, "text"),
                names=Figure(", ".join(table.columns), "text"),
            )
    y = table[value].cast("float64")
    question = table.filter(y.notnull()).group_by(list(keys))
    rows = question.agg(n_=y.count(), total_=y.sum(), squares_=(y * y).sum()).to_pyarrow()
    sums = (rows.column(name).to_numpy().astype(np.float64) for name in ("n_", "total_", "squares_"))
    return Summed({name: rows.column(name) for name in keys}, *sums)


def event_study_of(
    table: Any,
    *,
    unit: str,
    period: str,
    start: str,
    value: str,
    leads: int | None = None,
    lags: int | None = None,
    level: float = 0.95,
) -> EventStudy:
    """The event study of an Ibis *table* with a row for each case, by the names of its columns.

    *period* and *start* are whole numbers; *start*, the period in which the row's unit starts, is null for units that do not. Everything
    else as ``eventstudy.event_study``, and exactly what a regression on every row gives.
    """
    cells = summed(table, value, unit, period, start)
    starts = pc.fill_null(cells.key[start].cast(pa.int64()), int(NEVER)).to_numpy()
    periods = cells.key[period].cast(pa.int64()).to_numpy()
    return event_study(
        starts,
        _numbered(cells.key[unit]),
        periods,
        cells.n,
        cells.total,
        cells.squares,
        leads=leads,
        lags=lags,
        level=level,
    )


def _numbered(names: pa.ChunkedArray) -> Ints:
    """A number for each name; rows without a name share one."""
    encoded = names.combine_chunks().dictionary_encode(null_encoding="encode")
    return np.asarray(encoded.indices.to_numpy(), np.int64)
