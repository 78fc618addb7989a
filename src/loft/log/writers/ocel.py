"""OCEL 2.0 JSON: each case an object of the type ``case``; unit, service and the rest are attributes of the event."""

import json
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from loft.log.readers.records import plain
from loft.log.writers.rows import attributes, by_case, case_values, iso

_OWN = ("began", "unit", "service", "actor", "source")
_START = "1970-01-01T00:00:00.000Z"


def write(events: pa.Table | pa.RecordBatchReader, cases: pa.Table | None, path: Path) -> None:
    """The log as one JSON object. An event without an ``id``, or with one that is taken, gets one: OCEL requires it."""
    named = attributes(events.schema)
    of_case = case_values(cases)
    types: dict[str, dict[str, str]] = defaultdict(dict)
    of_cases: dict[str, str] = {}
    objects: list[dict[str, Any]] = []
    written: list[dict[str, Any]] = []
    taken: set[str] = set()
    for case, rows in by_case(events):
        values = of_case.get(case, {})
        of_cases.update({name: _type(value) for name, value in values.items()})
        objects.append(
            {
                "id": case,
                "type": "case",
                "attributes": [{"name": n, "time": _START, "value": _value(v)} for n, v in values.items()],
            }
        )
        for row in rows:
            name = row["id"] or f"e{len(written) + 1}"
            while name in taken:
                name = f"{name}'"
            taken.add(name)
            kept = {n: row[n] for n in _OWN if row[n] is not None}
            kept.update(
                {(f"{n}_2" if n in _OWN else n): row[column] for column, n in named.items() if row[column] is not None}
            )
            types[row["activity"]].update({n: _type(v) for n, v in kept.items()})
            written.append(
                {
                    "id": name,
                    "type": row["activity"],
                    "time": iso(row["at"]),
                    "attributes": [{"name": n, "value": _value(v)} for n, v in kept.items()],
                    "relationships": [{"objectId": case, "qualifier": "case"}],
                }
            )
    content = {
        "objectTypes": [{"name": "case", "attributes": _declared(of_cases)}],
        "eventTypes": [{"name": name, "attributes": _declared(found)} for name, found in types.items()],
        "objects": objects,
        "events": written,
    }
    with path.open("w", encoding="utf-8", newline="\n") as out:
        json.dump(content, out, ensure_ascii=False, allow_nan=False)
        out.write("\n")


def _declared(types: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in types.items()]


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):
        return "time"
    return {int: "integer", float: "float"}.get(type(value), "string")


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00.000Z"
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    return value if isinstance(value, bool | int) else plain(value)
