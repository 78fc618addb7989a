"""The gate: the one way in which figures leave the log.

A figure that rests on fewer cases than the minimum could tell something about somebody, so it is withheld. One withheld figure beside
a known total can be had by subtraction; then a second one, the smallest that is left, is withheld with it (complementary suppression, see
A. Hundepool et al., Statistical Disclosure Control, 2012, ch. 4). A selection that leaves out only a few cases would give those by
subtraction from the whole, so it gets no figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loft.insight.choice import refusal
from loft.insight.hiding import Flags, Ints, hidden
from loft.insight.table import Column, Table
from loft.log import Log, Selection


@dataclass(frozen=True)
class Form:
    """What a question's table looks like, and what the gate must know of it.

    ``keys`` are the columns that name a row. ``open_keys``: the names say nothing about anyone (a month, a unit), so
    a withheld row is shown
    without figures; otherwise it is left out. ``margins`` are the sets of keys whose totals are known to a reader; the grand total is ().
    Where several are known, keys are not open: names would tell which cells there are, and that can be enough to solve for the withheld.
    ``disjoint``: a case stands in one row only.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    open_keys: bool = True
    ranked: bool = True
    margins: tuple[tuple[str, ...], ...] = ((),)
    disjoint: bool = False

    def crossings(self) -> list[tuple[int, int]]:
        """The pairs of margins, by their places, that together name a row and have no key in common."""
        return [
            (a, b)
            for a, b in combinations(range(1, len(self.margins)), 2)
            if sorted(self.margins[a] + self.margins[b]) == sorted(self.keys)
        ]


def release(
    log: Log, selection: Selection, form: Form, data: pa.Table, notes: Sequence[str] = (), *, beside: Sequence[int] = ()
) -> Table:
    """*data* as a table that may be shown: rows on too few cases without their figures, or left out.

    *data* has the columns of *form*, and beside them ``cases``, the number of distinct cases behind each row, and the counts that its
    figures rest on. *beside*: cases of rows that are not asked for, but are part of the same known total.
    """
    return let_out(form, data, log.minimum, refusal(log, selection), notes, beside=beside)


def let_out(
    form: Form,
    data: pa.Table,
    minimum: int,
    reason: str | None = None,
    notes: Sequence[str] = (),
    *,
    beside: Sequence[int] = (),
) -> Table:
    """What ``release`` gives, for figures that were taken from a log before: *minimum* is the log's, and *reason* why the choice of cases
    gets no figures, as ``refusal`` told it."""
    shut = np.ones(data.num_rows, dtype=bool) if reason else _shut_rows(data, form, minimum, beside)
    cells = {} if reason else _shut_cells(data, form, minimum, shut)
    data = data.select([c.name for c in form.columns])
    for place, column in enumerate(form.columns):
        null = cells.get(column.name, shut)
        if column.name not in form.keys and null.any():
            values = data.column(place).combine_chunks()
            data = data.set_column(place, column.name, pc.if_else(pa.array(null), pa.scalar(None, values.type), values))
    kept, shown = np.arange(len(shut)), ~shut
    if reason or not form.open_keys:
        kept = np.flatnonzero(shown)
    elif shut.any() and form.ranked and form.keys:
        unnamed = data.select(list(form.keys)).filter(pa.array(shut))
        by_name = pc.sort_indices(unnamed, [(key, "ascending") for key in form.keys]).to_numpy()
        kept = np.concatenate([np.flatnonzero(shown), np.flatnonzero(shut)[by_name]])
    held = {name: tuple(map(bool, (null & shown)[kept])) for name, null in cells.items() if (null & shown).any()}
    return Table(
        form.name,
        form.title,
        form.about,
        form.columns,
        data.take(pa.array(kept)),
        minimum,
        form.keys,
        tuple(map(bool, shut[kept])),
        len(shut) - len(kept),
        tuple([*notes, reason] if reason else notes),
        held,
    )


def _shut_rows(data: pa.Table, form: Form, minimum: int, beside: Sequence[int]) -> Flags:
    """Which rows are withheld: those on too few cases, and those without which these could be had."""
    cases, groups = _numbers(data, "cases"), _groups(data, form)
    if len(beside):
        cases, groups = np.append(cases, beside), [np.zeros(len(cases) + len(beside), np.int64)]
    shut = hidden(cases, groups, minimum, overlapping=not form.disjoint, crossings=form.crossings())
    return shut[: data.num_rows]


def _shut_cells(data: pa.Table, form: Form, minimum: int, shut: Flags) -> dict[str, Flags]:
    """By column, which figures are withheld, those of withheld rows among them."""
    found: dict[tuple[str, bool], Flags] = {}
    cells: dict[str, Flags] = {}
    groups = _groups(data, form) if any(c.sums for c in form.columns) else []
    for column in form.columns:
        for name in column.rests_on:
            if (name, column.sums) not in found:
                cases = _numbers(data, name)
                few = hidden(
                    cases,
                    groups if column.sums else [],
                    minimum,
                    overlapping=not form.disjoint,
                    crossings=form.crossings() if column.sums else (),
                    shut=shut,
                )
                found[name, column.sums] = few
            cells[column.name] = cells.get(column.name, shut) | found[name, column.sums]
    return cells


def _numbers(data: pa.Table, name: str) -> Ints:
    return np.asarray(data.column(name).to_numpy(zero_copy_only=False), dtype=np.int64)


def _groups(data: pa.Table, form: Form) -> list[Ints]:
    groups = []
    for margin in form.margins:
        numbers = np.zeros(data.num_rows, dtype=np.int64)
        for key in margin:
            codes = pc.fill_null(data.column(key).combine_chunks().dictionary_encode().indices, -1)
            numbers = numbers * (data.num_rows + 2) + codes.to_numpy(zero_copy_only=False).astype(np.int64) + 1
        groups.append(np.unique(numbers, return_inverse=True)[1])
    return groups
