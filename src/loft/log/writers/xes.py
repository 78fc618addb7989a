"""XES (IEEE 1849-2016): a trace for each case, elements in the standard's order, start and complete where the start of work is known."""

import gzip
import io
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from loft.log.readers.records import plain
from loft.log.writers.rows import attributes, by_case, case_values, iso

_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Organizational", "org"), ("Lifecycle", "lifecycle"))
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_ESCAPED = re.compile('[&<>"\n\r\t]')
_OWN = ("service", "actor", "source", "id")


def write(events: pa.Table | pa.RecordBatchReader, cases: pa.Table | None, path: Path) -> None:
    """XES as plain text."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        _log(events, cases, out)


def write_packed(events: pa.Table | pa.RecordBatchReader, cases: pa.Table | None, path: Path) -> None:
    """XES packed with gzip; the same events give the same bytes."""
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as out,
    ):
        _log(events, cases, out)


def _log(events: pa.Table | pa.RecordBatchReader, cases: pa.Table | None, out: TextIO) -> None:
    named = attributes(events.schema)
    of_case = case_values(cases)
    out.write(_HEAD)
    for name, prefix in _EXTENSIONS:
        out.write(f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n')
    out.write('  <global scope="trace">\n    <string key="concept:name" value="name"/>\n  </global>\n')
    out.write(
        '  <global scope="event">\n    <string key="concept:name" value="name"/>\n'
        '    <string key="lifecycle:transition" value="complete"/>\n'
    )
    out.write('    <date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>\n  </global>\n')
    out.write('  <classifier name="Activity" keys="concept:name"/>\n  <string key="creator" value="Løft"/>\n')
    for case, rows in by_case(events):
        out.write("  <trace>\n" + _attribute("concept:name", case, "    "))
        out.writelines(
            _attribute(key, value, "    ") for key, value in of_case.get(case, {}).items() if key != "concept:name"
        )
        out.writelines(_trace(rows, named))
        out.write("  </trace>\n")
    out.write("</log>\n")


def _trace(rows: list[dict[str, Any]], named: dict[str, str]) -> list[str]:
    """The events of one case by time; where an activity comes again, ``concept:instance`` tells its starts and ends apart."""
    often = Counter(row["activity"] for row in rows)
    timed_activities = {row["activity"] for row in rows if row["began"] is not None}
    timed = []
    for place, row in enumerate(rows):
        values = {name: row[column] for column, name in named.items() if row[column] is not None}
        if row["activity"] in timed_activities and often[row["activity"]] > 1:
            values.setdefault("concept:instance", str(place + 1))
        common = {"concept:name": row["activity"], "org:group": row["unit"]}
        if row["began"] is not None:
            instance = {"concept:instance": values["concept:instance"]} if "concept:instance" in values else {}
            timed.append(
                (
                    row["began"],
                    place,
                    0,
                    {**common, "lifecycle:transition": "start", "time:timestamp": row["began"], **instance},
                )
            )
        own = {name: row[name] for name in _OWN}
        timed.append(
            (
                row["at"],
                place,
                1,
                {
                    **common,
                    "lifecycle:transition": "complete",
                    "time:timestamp": row["at"],
                    **own,
                    **_others(values, own),
                },
            )
        )
    timed.sort(key=lambda t: t[:3])
    return [_event(t[3]) for t in timed]


def _others(values: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    taken = {"concept:name", "org:group", "lifecycle:transition", "time:timestamp", *own}
    return {(f"{k}_2" if k in taken else k): v for k, v in values.items()}


def _event(values: dict[str, Any]) -> str:
    return (
        "    <event>\n"
        + "".join(_attribute(k, v, "      ") for k, v in values.items() if v is not None)
        + "    </event>\n"
    )


def _attribute(key: str, value: Any, indent: str) -> str:
    if isinstance(value, bool):
        tag, text = "boolean", "true" if value else "false"
    elif isinstance(value, int):
        tag, text = "int", str(value)
    elif isinstance(value, float):
        tag, text = "float", {"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(repr(value), repr(value))
    elif isinstance(value, datetime):
        tag, text = "date", iso(value)
    elif isinstance(value, date):
        tag, text = "date", f"{value.isoformat()}T00:00:00.000Z"
    else:
        tag, text = "string", plain(value)
    return f'{indent}<{tag} key="{_escaped(key)}" value="{_escaped(text)}"/>\n'


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda m: _ESCAPES[m[0]], _FORBIDDEN.sub("\ufffd", text))
