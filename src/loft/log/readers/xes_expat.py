"""XES by expat, element by element: exact for everything the standard allows, nested attributes and all."""

from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np
import pyarrow as pa

from loft.log.errors import LogError
from loft.log.limits import Limits
from loft.log.readers.xes_batch import TAGS, Batch, Values

_SKIPPED = ("global", "extension")
_TOKEN = 16 * 1024 * 1024


class _Rows:
    """Attributes collected one by one, for ``Values``."""

    def __init__(self) -> None:
        self.row: list[int] = []
        self.key: list[str] = []
        self.tag: list[int] = []
        self.value: list[str] = []

    def add(self, row: int, key: str, tag: int, value: str) -> None:
        self.row.append(row)
        self.key.append(key)
        self.tag.append(tag)
        self.value.append(value)

    def values(self) -> Values:
        names = list(dict.fromkeys(self.key))
        places = {name: place for place, name in enumerate(names)}
        code = np.array([places[k] for k in self.key], np.int64)
        return Values(
            np.array(self.row, np.int64),
            code,
            names,
            np.array(self.tag, np.int64),
            pa.array(self.value, pa.large_string()),
        )


class Document:
    """One XES file met by expat, piece by piece; ``take`` hands over the traces that are complete.

    ``classifiers`` are (name, keys). An attribute inside an attribute is named ``outer/inner``; where the same name comes again in
    the same event (in a ``list``), the values are joined with ``; ``.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.file, self.limits = path.name, limits
        self.encoding: str | None = None
        self.classifiers: list[tuple[str, str]] = []
        self.creator: str | None = None
        self.nested = 0
        self._stack: list[str] = []
        self._outer: list[str] = []
        self._seen: dict[str, int] = {}
        self._skip = 0
        self._fed = self._closed = self._trace_began = 0
        self._lines = 0
        self._known: set[str] = set()
        self._clear()
        self._parser = self._made()

    def feed(self, piece: bytes, last: bool = False) -> None:
        """The next bytes of the file."""
        self._fed += len(piece)
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            line = error.lineno + self._lines
            raise LogError(
                f"{self.file}, line {line:,}: is not well-formed XML: {expat.ErrorString(error.code)}."
            ) from error
        except (LookupError, ValueError, UnicodeError) as error:
            raise LogError(f"{self.file}: its text encoding cannot be read: {error}. Save it as UTF-8.") from error
        if self._fed - max(0, self._parser.CurrentByteIndex) > _TOKEN + 4 * self.limits.field:
            raise LogError(
                f"{self.file}, line {self._line()}: one value or tag is longer than "
                f"{self.limits.field:,} characters, the most that is read."
            )
        if self._stack[1:2] == ["trace"] and self._fed - self._trace_began > self.limits.trace:
            raise LogError(
                f"{self.file}, line {self._line()}: one trace is longer than {self.limits.trace:,} bytes, the most that is read."
            )

    def passed_over(self, piece: bytes) -> None:
        """Count the lines of whole traces that were read without expat, so that messages name the right line."""
        self._lines += piece.count(b"\n")

    def between_traces(self) -> bool:
        """Whether the last bytes fed were the end of a trace, and not the inside of a comment that looks like one."""
        return self._stack == ["log"] and self._closed + len(b"</trace>") == self._fed

    def take(self, all_of_it: bool = False) -> Batch | None:
        """The traces since the last time; None while one is still open, or if there are none."""
        if (len(self._stack) > 1 and not all_of_it) or not (self._traces or self._trace_of):
            return None
        batch = Batch(self._traces, np.array(self._trace_of, np.int64), self._events.values(), self._cases.values())
        self._clear()
        self.check(batch)
        return batch

    def check(self, batch: Batch) -> None:
        """Raise ``LogError`` where a batch passes a limit."""
        for values in (batch.event_values, batch.trace_values):
            self._known.update(values.names)
            if values.names and max(map(len, values.names)) > self.limits.name:
                raise LogError(
                    f"{self.file}: a key has more than {self.limits.name:,} characters, the most that is read."
                )
            if len(values.row) and int(np.bincount(values.row).max()) > self.limits.attributes:
                raise LogError(
                    f"{self.file}: an event or trace has more than {self.limits.attributes:,} attributes, the most that is read."
                )
            longest = pa.compute.max(pa.compute.binary_length(values.value)).as_py() or 0
            if longest > self.limits.field:
                raise LogError(
                    f"{self.file}: a value has {longest:,} characters; the most that is read is {self.limits.field:,}."
                )
        if len(self._known) > self.limits.columns:
            raise LogError(
                f"{self.file}: has more than {self.limits.columns:,} different attributes, the most that is read."
            )

    def _made(self) -> Any:
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        return parser

    def _clear(self) -> None:
        self._traces = 0
        self._trace_of: list[int] = []
        self._events, self._cases = _Rows(), _Rows()

    def _line(self) -> str:
        return f"{self._parser.CurrentLineNumber + self._lines:,}"

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding.lower() if encoding else None

    def _doctype(self, *_: Any) -> None:
        raise LogError(
            f"{self.file}, line {self._line()}: holds a DOCTYPE, which is refused: it can make a small file fill the memory. Remove it."
        )

    def _start(self, tag: str, attributes: list[str]) -> None:
        tag = tag.rpartition(":")[2]
        stack = self._stack
        stack.append(tag)
        if len(stack) > self.limits.depth:
            raise LogError(
                f"{self.file}, line {self._line()}: elements are nested deeper than {self.limits.depth} levels, the most that is read."
            )
        if self._skip:
            self._skip += 1
        elif tag in TAGS:
            self._attribute(tag, attributes)
        elif tag == "event" and len(stack) in (2, 3):
            self._trace_of.append(self._traces - 1 if len(stack) == 3 and stack[1] == "trace" else -1)
            self._seen = {}
        elif tag == "trace" and len(stack) == 2:
            self._traces += 1
            self._trace_began = self._fed
            self._seen = {}
        elif tag == "classifier":
            found = _pairs(attributes)
            self.classifiers.append((found.get("name", ""), found.get("keys", "")))
        elif len(stack) == 1:
            if tag != "log":
                raise LogError(f"{self.file}: the outermost element is <{tag}> and not <log>, so it is not XES.")
        elif tag != "values":
            self._skip = 1

    def _end(self, tag: str) -> None:
        tag = self._stack.pop()
        if self._skip:
            self._skip -= 1
        elif tag in TAGS:
            self._outer.pop()
        elif tag == "trace":
            self._closed = self._parser.CurrentByteIndex

    def _attribute(self, tag: str, attributes: list[str]) -> None:
        found = _pairs(attributes)
        key = found.get("key")
        if key is None:
            raise LogError(
                f'{self.file}, line {self._line()}: <{tag}> has no key; an attribute is written <{tag} key="…" value="…"/>.'
            )
        outer = self._outer
        outer.append(key)
        owner = (
            self._stack[: -len(outer)]
            if "values" not in self._stack
            else [e for e in self._stack if e not in (*TAGS, "values")]
        )
        value = found.get("value")
        if len(owner) < 2:
            if key == "creator" and len(outer) == 1:
                self.creator = value
            return
        if value is None:
            return
        rows, row = (self._events, len(self._trace_of) - 1) if owner[-1] == "event" else (self._cases, self._traces - 1)
        if len(outer) == 1:
            rows.add(row, key, TAGS.index(tag), value)
            return
        self.nested += 1
        name = "/".join(outer)
        place = self._seen.get(f"{owner[-1]} {name}")
        if place is None:
            self._seen[f"{owner[-1]} {name}"] = len(rows.value)
            rows.add(row, name, TAGS.index(tag), value)
        else:
            rows.value[place] += f"; {value}"
            rows.tag[place] = 0


def _pairs(attributes: list[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))
