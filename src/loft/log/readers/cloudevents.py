"""CloudEvents 1.0 in JSON: one event, a batch (an array), or one event on each line.

See https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md. ``data`` becomes columns ``data.…``.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from loft.log.errors import BadRow, BadRows, LogError
from loft.log.limits import Limits
from loft.log.mapping import Mapping
from loft.log.progress import Progress
from loft.log.readers import records, rejects
from loft.log.readers.json_text import parsed
from loft.log.readers.raw import Raw
from loft.log.readers.source import whole

_REQUIRED = ("specversion", "id", "source", "type")
_TEXTS = ("id", "source", "type", "time", "subject")
_LEFT_OUT = frozenset({"specversion", "datacontenttype", "dataschema", "source", "data_base64"})
_SAMPLE = 500


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
    """The events as a relation; an event that lacks a required attribute is a wrong row."""
    seq, rows = [], []
    for place, (line, event) in enumerate(_events(path, limits, progress)):
        if wrong := _wrong(event, path.name, place + 1, line):
            rejects.tell(bad, [wrong])
            continue
        seq.append(place)
        rows.append(_flat(event, path.name, limits))
        if sample and len(rows) >= _SAMPLE:
            break
    table, columns = records.table(seq, rows, _TEXTS, limits, path.name)
    connection.register("cloud_events", table)
    return Raw(
        "cloud_events", columns, row="seq + 1", source="source", not_attributes=_LEFT_OUT, registered=("cloud_events",)
    )


def _events(path: Path, limits: Limits, progress: Progress) -> Iterator[tuple[int | None, Any]]:
    text = whole(path, limits, progress)
    start = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    lines = text.splitlines() if start[:1] == b"{" else []
    if len([line for line in lines[:50] if line.strip()]) > 1 and _is_one(lines):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, parsed(line, f"{path.name}, line {number:,}", limits)
        return
    found = parsed(text, path.name, limits)
    for event in found if isinstance(found, list) else [found]:
        yield None, event


def _is_one(lines: list[bytes]) -> bool:
    """Whether the first line is a whole event, so that the file has one on each line."""
    first = next(line.strip() for line in lines if line.strip())
    return first.endswith(b"}") and first.count(b"{") == first.count(b"}")


def _wrong(event: Any, file: str, row: int, line: int | None) -> BadRow | None:
    if not isinstance(event, dict):
        return BadRow(
            file,
            row,
            "(whole event)",
            records.plain(event)[:200],
            'an event in braces, such as {"specversion": "1.0", …}',
            line,
        )
    for name in _REQUIRED:
        if not isinstance(event.get(name), str) or not event[name].strip():
            shown = "" if event.get(name) is None else records.plain(event[name])[:200]
            return BadRow(file, row, name, shown, f"a text; every CloudEvent has {', '.join(_REQUIRED)}", line)
    if event["specversion"] != "1.0":
        return BadRow(file, row, "specversion", event["specversion"][:200], "1.0, the version that is read", line)
    for name in ("time", "subject"):
        if event.get(name) is not None and not isinstance(event[name], str):
            return BadRow(file, row, name, records.plain(event[name])[:200], "a text", line)
    return None


def _flat(event: dict[str, Any], file: str, limits: Limits) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    waiting = [(name, value, 1) for name, value in reversed(event.items())]
    while waiting:
        name, value, depth = waiting.pop()
        if depth > limits.depth:
            raise LogError(f"{file}: values are nested deeper than {limits.depth} levels, the most that is read.")
        if isinstance(value, dict) and (name == "data" or name.startswith("data.")):
            waiting += [(f"{name}.{inner}", v, depth + 1) for inner, v in reversed(value.items())]
        elif value is not None:
            flat[name] = value
        if len(flat) > limits.attributes:
            raise LogError(f"{file}: an event has more than {limits.attributes:,} attributes, the most that is read.")
    return flat
