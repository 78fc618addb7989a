"""The same question to two periods or two groups."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa

from loft.insight.choice import too_alike
from loft.insight.table import Column, Kind, Table
from loft.log import Log, Selection

FIGURE_KINDS = (Kind.COUNT, Kind.DAYS, Kind.SHARE, Kind.NUMBER)


def compare(question: Callable[..., Table], log: Log, a: Selection, b: Selection, **options: Any) -> Table:
    """*question* asked of two selections, row by row: the keys, then ``<figure>_a``, ``<figure>_b`` and ``<figure>_change`` (b − a).

    A row that only one of them has, or whose figure is withheld in one, has no change. Both pass the gate on their own, and there are
    no rows when they differ by too few cases. Rows come in the order of *a*, then what only *b* has.
    """
    first, second = question(log, a, **options), question(log, b, **options)
    reason = too_alike(log, a, b)
    keys = tuple(c for c in first.columns if c.name in first.keys)
    told = tuple(c for c in first.columns if c not in keys and c.kind in FIGURE_KINDS)
    places_a, places_b = ({} if reason else _places(table) for table in (first, second))
    order = list(dict.fromkeys([*places_a, *places_b]))
    data: dict[str, list[Any]] = {c.name: [key[place] for key in order] for place, c in enumerate(keys)}
    cells = {}
    for column in told:
        for side, table, places in (("a", first, places_a), ("b", second, places_b)):
            values, name = table.column(column.name), f"{column.name}_{side}"
            data[name] = [values[places[key]] if key in places else None for key in order]
            cells[name] = tuple(key in places and table.is_withheld(places[key], column.name) for key in order)
        data[f"{column.name}_change"] = [
            None if x is None or y is None else y - x
            for x, y in zip(data[f"{column.name}_a"], data[f"{column.name}_b"], strict=True)
        ]
    columns = keys + tuple(
        replace(c, name=f"{c.name}_{part}", side=part) for c in told for part in ("a", "b", "change")
    )
    return Table(
        f"{first.name}_compared",
        first.title,
        first.about,
        columns,
        pa.table({c.name: pa.array(data[c.name], _type(first, c)) for c in columns}),
        first.minimum,
        first.keys,
        (False,) * len(order),
        first.dropped + second.dropped + (len(first) + len(second) if reason else 0),
        tuple(dict.fromkeys((*first.notes, *second.notes, *([reason] if reason else ())))),
        {name: flags for name, flags in cells.items() if any(flags)},
    )


def _places(table: Table) -> dict[tuple[Any, ...], int]:
    """The place of each row, by its keys."""
    return {tuple(row[key] for key in table.keys): place for place, row in enumerate(table.rows())}


def _type(table: Table, column: Column) -> pa.DataType:
    for ending in ("_a", "_b", "_change"):
        name = column.name.removesuffix(ending)
        if name in table.data.column_names:
            return table.data.schema.field(name).type
    return pa.string()
