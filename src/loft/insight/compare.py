"""The same question to two periods or two groups."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa

from loft.insight.table import Column, Kind, Table
from loft.log import Log, Selection

FIGURE_KINDS = (Kind.COUNT, Kind.DAYS, Kind.SHARE, Kind.NUMBER)


def compare(question: Callable[..., Table], log: Log, a: Selection, b: Selection, **options: Any) -> Table:
    """*question* asked of two selections, row by row: the keys, then ``<figure>_a``, ``<figure>_b`` and ``<figure>_change`` (b − a).

    A row that only one of them has, or whose figure is withheld in one, has no change. Both pass the gate on their own. Rows come in
    the order of *a*, then what only *b* has.
    """
    first, second = question(log, a, **options), question(log, b, **options)
    keys = tuple(c for c in first.columns if c.name in first.keys)
    told = tuple(c for c in first.columns if c not in keys and c.kind in FIGURE_KINDS)
    rows_a, rows_b = ({tuple(r[k.name] for k in keys): r for r in t.rows()} for t in (first, second))
    order = list(dict.fromkeys([*rows_a, *rows_b]))
    data: dict[str, list[Any]] = {c.name: [key[place] for key in order] for place, c in enumerate(keys)}
    for column in told:
        before = [rows_a.get(key, {}).get(column.name) for key in order]
        after = [rows_b.get(key, {}).get(column.name) for key in order]
        data[f"{column.name}_a"], data[f"{column.name}_b"] = before, after
        data[f"{column.name}_change"] = [
            None if x is None or y is None else y - x for x, y in zip(before, after, strict=True)
        ]
    columns = keys + tuple(
        replace(c, name=f"{c.name}_{part}", side=part) for c in told for part in ("a", "b", "change")
    )
    arrays = {c.name: pa.array(data[c.name], _type(first, c)) for c in columns}
    withheld = tuple(
        any(data[c.name][i] is None for c in columns if c.name.startswith("cases_")) for i in range(len(order))
    )
    return Table(
        f"{first.name}_compared",
        first.title,
        first.about,
        columns,
        pa.table(arrays),
        first.minimum,
        first.keys,
        withheld,
        first.dropped + second.dropped,
        tuple(dict.fromkeys((*first.notes, *second.notes))),
    )


def _type(table: Table, column: Column) -> pa.DataType:
    for ending in ("_a", "_b", "_change"):
        name = column.name.removesuffix(ending)
        if name in table.data.column_names:
            return table.data.schema.field(name).type
    return pa.string()
