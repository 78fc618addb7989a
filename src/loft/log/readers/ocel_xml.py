"""OCEL 2.0 XML, by expat."""

from pathlib import Path
from typing import Any
from xml.parsers import expat

from loft.log.errors import LogError
from loft.log.limits import Limits
from loft.log.progress import Progress
from loft.log.readers.ocel_log import ObjectEvent, ObjectLog
from loft.log.readers.source import chunks

_MOST_BEHIND = 16 * 1024 * 1024
_NUMBERS = {"integer": int, "float": float}


def from_xml(path: Path, limits: Limits, progress: Progress) -> ObjectLog:
    """The log in an OCEL XML file. Raises ``LogError`` for a DOCTYPE, for what is not XML and for what passes a limit."""
    reading = _Reading(path.name, limits)
    size = 0
    try:
        for piece in chunks(path, limits, progress):
            size += len(piece)
            if size > limits.whole:
                raise LogError(
                    f"{path.name}: is more than {limits.whole:,} bytes, the most for a format that must be read as a whole."
                )
            reading.parser.Parse(piece, False)
            if size - max(0, reading.parser.CurrentByteIndex) > _MOST_BEHIND:
                raise LogError(
                    f"{path.name}: one value or tag is longer than {limits.field:,} characters, the most that is read."
                )
        reading.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise LogError(
            f"{path.name}, line {error.lineno:,}: is not well-formed XML: {expat.ErrorString(error.code)}."
        ) from error
    except (LookupError, ValueError, UnicodeError) as error:
        raise LogError(f"{path.name}: its text encoding cannot be read: {error}. Save it as UTF-8.") from error
    return reading.log


class _Reading:
    def __init__(self, file: str, limits: Limits) -> None:
        self.file, self.limits = file, limits
        self.log = ObjectLog()
        self._stack: list[str] = []
        self._kinds: dict[str, str] = {}
        self._object = ""
        self._event: ObjectEvent | None = None
        self._attribute: tuple[str, str] | None = None
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _where(self) -> str:
        return f"{self.file}, line {self.parser.CurrentLineNumber:,}"

    def _doctype(self, *_: Any) -> None:
        raise LogError(
            f"{self._where()}: holds a DOCTYPE, which is refused: it can make a small file fill the memory. Remove it."
        )

    def _needed(self, found: dict[str, str], name: str, tag: str) -> str:
        if name not in found:
            raise LogError(f"{self._where()}: <{tag}> has no {name}.")
        return found[name]

    def _start(self, tag: str, found: dict[str, str]) -> None:
        self._stack.append(tag)
        if len(self._stack) > self.limits.depth:
            raise LogError(
                f"{self._where()}: elements are nested deeper than {self.limits.depth} levels, the most that is read."
            )
        inside = self._stack[-2] if len(self._stack) > 1 else ""
        if tag == "object" and inside == "objects":
            self._object = self._needed(found, "id", tag)
            if self._object in self.log.objects:
                raise LogError(f"{self._where()}: the id {self._object!r} is already that of another object.")
            self.log.objects[self._object] = self._needed(found, "type", tag)
            self.log.changes[self._object] = []
        elif tag == "event" and inside == "events":
            self._event = ObjectEvent(found.get("id"), found.get("type"), found.get("time"), {}, [])
            self.log.events.append(self._event)
        elif tag == "attribute" and ("object-types" in self._stack or "event-types" in self._stack):
            self._kinds[found.get("name", "")] = found.get("type", "string")
            if found.get("type") in ("time", "date"):
                self.log.times.add(found.get("name", ""))
        elif tag == "attribute":
            self._attribute, self._text = (self._needed(found, "name", tag), found.get("time", "")), []
        elif tag in ("relationship", "object") and self._event is not None and "events" in self._stack:
            self._event.objects.append(self._needed(found, "object-id", tag))

    def _characters(self, text: str) -> None:
        if self._attribute is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        self._stack.pop()
        if tag == "event":
            self._event = None
        if tag != "attribute" or self._attribute is None:
            return
        (name, time), self._attribute = self._attribute, None
        text = "".join(self._text)
        if len(text) > self.limits.field:
            raise LogError(
                f"{self._where()}: a value has {len(text):,} characters; the most that is read is {self.limits.field:,}."
            )
        value = self._value(name, text)
        if self._event is not None:
            self._event.values[name] = value
        elif self._object and "objects" in self._stack:
            self.log.changes[self._object].append((name, time, value))

    def _value(self, name: str, text: str) -> Any:
        kind = self._kinds.get(name, "string")
        try:
            if kind == "boolean":
                return {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()]
            return _NUMBERS[kind](text) if kind in _NUMBERS else text
        except (KeyError, ValueError):
            return text
