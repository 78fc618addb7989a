"""Plainly written XES, a piece of whole traces at a time, taken apart column by column instead of element by element.

Programs write XES in a regular way: ``<string key="…" value="…"/>``, one after the other. Split at the quotation marks, every
fourth text is then what stands between two attributes, and a large file has only some dozens of different such texts. So each of these is
checked once against the grammar below, by hand; keys and values are cut out by Arrow without a Python object for any of them.

``plain`` gives None for a piece with anything else in it (comments, nested attributes, other quotes, references by number,
characters that XML forbids …). The caller then gives that piece to expat, which decides; so what is accepted here is exactly what expat
would have read. tests/log/test_xes_plain.py holds the two against each other.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loft.log.readers.xes_batch import TAGS, Batch, Values

_OPS = re.compile(rb"<(/?)(trace|event)>")
_BETWEEN = re.compile(
    rb"(?P<end>[ \t\r\n]*/>)?[ \t\r\n]*(?P<ops>(?:</?(?:trace|event)>[ \t\r\n]*)*)"
    rb"(?:<(?P<tag>string|date|int|float|boolean|id)[ \t\r\n]+key=)?"
)
_FORBIDDEN = bytes(c for c in range(32) if c not in b"\t\n\r")
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_REFERENCES = {b"&lt;": "<", b"&gt;": ">", b"&quot;": '"', b"&apos;": "'", b"&amp;": "&"}


@dataclass(frozen=True)
class _Between:
    """What one text between two attributes does: where it must stand (0 log, 1 trace, 2 event; -1 anywhere inside),
    how the depth changes, and how many traces and events it opens."""

    stands: int
    change: int
    traces: int
    events: int
    tag: int


def plain(piece: bytes) -> Batch | None:
    """The whole traces in *piece* as a batch, or None where expat must decide."""
    if not _allowed(piece):
        return None
    texts = pc.split_pattern(pa.array([piece], pa.large_binary()), b'"').values
    if len(texts) % 4 != 1:
        return None
    places = np.arange(0, len(texts) - 1, 4)
    between = texts.take(pa.array(np.append(places, len(texts) - 1))).dictionary_encode()
    if len(between.dictionary) > 5_000:
        return None
    if not pc.all(pc.equal(texts.take(pa.array(places + 2)), pa.scalar(b" value=", pa.large_binary()))).as_py():
        return None
    kinds = between.dictionary.to_pylist()
    codes = between.indices.to_numpy()
    if not _only_between(piece, kinds, np.bincount(codes, minlength=len(kinds))):
        return None
    read = [_between(kind) for kind in kinds]
    if any(r is None for r in read):
        return None
    return _batch(texts, places, [r for r in read if r is not None], codes, b"&" in piece)


def _allowed(piece: bytes) -> bool:
    if len(piece.translate(None, _FORBIDDEN)) != len(piece) or any(n in piece for n in _NONCHARACTERS):
        return False
    if b"&" in piece and piece.count(b"&") != sum(piece.count(r) for r in _REFERENCES):
        return False
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _only_between(piece: bytes, kinds: list[bytes], often: np.ndarray) -> bool:
    """No ``<`` and no white space but blanks inside keys and values: all there is stands between attributes."""
    for mark in (b"<", b"\n", b"\t", b"\r"):
        if piece.count(mark) != sum(kind.count(mark) * int(n) for kind, n in zip(kinds, often, strict=True)):
            return False
    return True


@lru_cache(maxsize=10_000)
def _between(text: bytes) -> _Between | None:
    found = _BETWEEN.fullmatch(text)
    if found is None:
        return None
    ops = _OPS.findall(found["ops"])
    depth = start = (0 if ops[0][1] == b"trace" else 1) + (1 if ops[0][0] else 0) if ops else -1
    for closes, element in ops:
        if depth != (0 if element == b"trace" else 1) + (1 if closes else 0):
            return None
        depth += -1 if closes else 1
    opened = [element for closes, element in ops if not closes]
    if opened.count(b"trace") > 1 or opened.count(b"event") > 1 or (opened[:1] == [b"event"] and b"trace" in opened):
        return None
    if not found["end"] and start > 0:
        return None
    tag = TAGS.index(found["tag"].decode()) if found["tag"] else -1
    return _Between(start, depth - start if ops else 0, opened.count(b"trace"), opened.count(b"event"), tag)


def _batch(
    texts: pa.Array, places: np.ndarray, kinds: list[_Between], codes: np.ndarray, references: bool
) -> Batch | None:
    per = {
        name: np.array([getattr(k, name) for k in kinds], np.int64)[codes]
        for name in ("stands", "change", "traces", "events", "tag")
    }
    depth = np.cumsum(per["change"])
    before = depth - per["change"]
    if (
        depth[-1] != 0
        or per["tag"][-1] != -1
        or per["stands"][0] != 0
        or (per["tag"][:-1] < 0).any()
        or (depth[:-1] < 1).any()
    ):
        return None
    if ((per["stands"] >= 0) & (per["stands"] != before)).any():
        return None
    trace, event = np.cumsum(per["traces"]) - 1, np.cumsum(per["events"]) - 1
    keys = texts.take(pa.array(places + 1)).dictionary_encode()
    names = [k.decode() for k in keys.dictionary.to_pylist()]
    values = texts.take(pa.array(places + 3)).cast(pa.large_string())
    if references:
        names = [_plain_text(n) for n in names]
        if len(set(names)) != len(names):
            return None
        for reference, character in _REFERENCES.items():
            values = pc.replace_substring(values, reference.decode(), character)
    code, tag, depth = keys.indices.to_numpy(), per["tag"][:-1], depth[:-1]
    of_event, of_trace = np.flatnonzero(depth == 2), np.flatnonzero(depth == 1)
    return Batch(
        traces=int(trace[-1]) + 1,
        trace_of=trace[per["events"] > 0],
        event_values=Values(
            event[:-1][of_event], code[of_event], names, tag[of_event], values.take(pa.array(of_event))
        ),
        trace_values=Values(
            trace[:-1][of_trace], code[of_trace], names, tag[of_trace], values.take(pa.array(of_trace))
        ),
    )


def _plain_text(text: str) -> str:
    for reference, character in _REFERENCES.items():
        text = text.replace(reference.decode(), character)
    return text
