"""OCEL 2.0 (JSON, XML, SQLite) and OCEL 1.0 JSON into the log: objects of one type become the cases.

See https://www.ocel-standard.org/specification. An event related to several case objects appears once for each; an event related to none is
left out and counted. The values that an object had first become attributes of the case; objects of other types that the event is related to
become columns ``ocel:type:…``.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from loft.language import gettext
from loft.log.errors import BadRows, LogError
from loft.log.limits import Limits
from loft.log.mapping import Mapping, did_you_mean
from loft.log.progress import Progress
from loft.log.readers import records
from loft.log.readers.ocel_json import from_json
from loft.log.readers.ocel_log import ObjectLog
from loft.log.readers.ocel_sqlite import from_sqlite
from loft.log.readers.ocel_xml import from_xml
from loft.log.readers.raw import Column, Raw

CASE, ACTIVITY, TIME, ID = "ocel:oid", "ocel:activity", "ocel:timestamp", "ocel:eid"
_FROM: dict[str, Callable[[Path, Limits, Progress], ObjectLog]] = {
    "ocel-json": from_json,
    "ocel-xml": from_xml,
    "ocel-sqlite": from_sqlite,
}


def read(
    path: Path,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
    *,
    limits: Limits,
    bad: BadRows,
    progress: Progress,
    sample: bool = False,
) -> Raw:
    """The events once for each of their case objects, and the case objects with their first values."""
    log = objects_of(path, mapping.format, limits, progress)
    chosen = mapping.object_type or case_type(log, path.name)[0]
    if chosen not in log.types():
        raise LogError(
            f"{path.name}: has no object type {chosen!r}{did_you_mean(chosen, log.types())} The types are {', '.join(sorted(log.types()))}."
        )
    rows, without = _rows(log, chosen)
    seq = list(range(len(rows)))
    events, columns = records.table(seq, rows, (CASE, ACTIVITY, TIME, ID), limits, path.name)
    objects = [{"case": name, **log.first_values(name)} for name, kind in log.objects.items() if kind == chosen]
    cases, case_columns = records.table(list(range(len(objects))), objects, ("case",), limits, path.name)
    connection.register("ocel_events", events)
    connection.register("ocel_cases", cases)
    notes = [f"{without:,} events are related to no {chosen!r} and are left out."] if without else []
    own = "source" if rows and all(isinstance(row.get("source"), str) for row in rows) else None
    return Raw(
        "ocel_events",
        {name: _meant(column, name in log.times) for name, column in columns.items()},
        cases='(SELECT c0 AS "case", * FROM ocel_cases)',
        case_columns={
            name: _meant(column, name in log.times) for name, column in case_columns.items() if name != "case"
        },
        row="seq + 1",
        source=own,
        not_attributes=frozenset({own} if own else ()),
        notes=(*log.notes, *notes),
        registered=("ocel_events", "ocel_cases"),
    )


def objects_of(path: Path, format: str, limits: Limits, progress: Progress) -> ObjectLog:
    """The object-centric log in a file of one of the three formats."""
    return _FROM[format](path, limits, progress)


def case_type(log: ObjectLog, file: str) -> tuple[str, str]:
    """The object type that plays the case best, and why: the one of which the most events have exactly one object."""
    one: Counter[str] = Counter()
    for event in log.events:
        kinds = Counter(log.objects[name] for name in set(event.objects) if name in log.objects)
        one.update({kind: int(count == 1) for kind, count in kinds.items()})
    if not one:
        raise LogError(f"{file}: no event is related to an object, so there is nothing that could be a case.")
    size = Counter(log.objects.values())
    best = max(one, key=lambda kind: (one[kind], size[kind], kind))
    said = gettext(
        "%(count)s of %(all)s events are related to exactly one object of the type “%(type)s”, the most of any type."
    )
    return best, said % {"count": one[best], "all": len(log.events), "type": best}


def _rows(log: ObjectLog, chosen: str) -> tuple[list[dict[str, Any]], int]:
    rows, without = [], 0
    for event in log.events:
        related: dict[str, list[str]] = defaultdict(list)
        for name in dict.fromkeys(event.objects):
            if name in log.objects:
                related[log.objects[name]].append(name)
        cases = related.pop(chosen, [])
        without += not cases
        others = {f"ocel:type:{kind}": "; ".join(names) for kind, names in related.items()}
        for case in cases:
            one = event.id if len(cases) == 1 else f"{event.id}@{case}"
            rows.append({**others, **event.values, CASE: case, ACTIVITY: event.activity, TIME: event.time, ID: one})
    return rows, without


def _meant(column: Column, time: bool) -> Column:
    return Column(column.sql, column.kind, "TIMESTAMP") if time and column.kind == "VARCHAR" else column
