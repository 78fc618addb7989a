"""Which format a file is in, told by what it holds; its name counts only where the content leaves it open."""

import codecs
import re
from pathlib import Path

from loft.log.errors import LogError
from loft.log.readers.source import head

_XML = re.compile(r"<(?:[\w.-]+:)?(log|ocel)[\s>/]", re.IGNORECASE)
_OCEL_XML = re.compile(r"<(object-types|event-types|objects|events)[\s>/]")
_OCEL = re.compile(r'"(ocel:\w+|objectTypes|eventTypes)"\s*:')
_CLOUD = re.compile(r'"specversion"\s*:')
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def format_of(path: Path) -> str:
    """One of ``mapping.FORMATS``. Raises ``LogError`` for a file that none of them fits."""
    start = head(path)
    if start[:4] == b"PAR1":
        return "parquet"
    if start[:16] == b"SQLite format 3\0":
        return "ocel-sqlite"
    if start[:2] == b"PK":
        raise LogError(f"{path.name}: is a zip archive or a spreadsheet; unpack it, or save the sheet as CSV.")
    text = text_of(start)
    seen = text.lstrip("\ufeff \t\r\n")
    if seen.startswith("<"):
        return _xml(path, seen)
    if seen[:1] in ("{", "["):
        return _json(path, seen)
    if "\0" in text:
        raise LogError(f"{path.name}: is not text and not a format that is known; {_KNOWN}")
    return "csv"


def text_of(start: bytes) -> str:
    """The first bytes of a file as text, for guessing; never fails."""
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return start.decode(encoding, "replace")
    if len(start) > 3 and start[:4].count(0) == 2:
        return start.decode("utf-16-le" if start[1] == 0 else "utf-16-be", "replace")
    return start.decode("utf-8", "replace")


_KNOWN = "Løft reads XES, OCEL 2.0 (JSON, XML, SQLite), CSV, Parquet and CloudEvents JSON."


def _xml(path: Path, seen: str) -> str:
    if found := _XML.search(seen):
        return "ocel-xml" if found[1].lower() == "ocel" or _OCEL_XML.search(seen) else "xes"
    if "<!DOCTYPE" in seen.upper():
        raise LogError(
            f"{path.name}: holds a DOCTYPE, which is refused: it can make a small file fill the memory. Remove it."
        )
    raise LogError(f"{path.name}: is XML, but neither XES (<log>) nor OCEL (<log> with objects); {_KNOWN}")


def _json(path: Path, seen: str) -> str:
    if _CLOUD.search(seen):
        return "cloudevents"
    if _OCEL.search(seen) or '"events"' in seen or '"objects"' in seen:
        return "ocel-json"
    return "ocel-json" if "ocel" in path.name.lower() else "cloudevents"
