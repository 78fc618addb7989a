"""An XES file as batches of whole traces: plain pieces column by column (``xes_plain``), everything else by expat."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from xml.parsers import expat

from loft.log.limits import Limits
from loft.log.progress import Progress
from loft.log.readers.source import chunks
from loft.log.readers.xes_batch import Batch
from loft.log.readers.xes_expat import Document
from loft.log.readers.xes_plain import plain

_TRACE, _END = re.compile(rb"<trace[\s>/]"), b"</trace>"
_PIECE = 8 * 1024 * 1024
_UTF8 = (None, "utf-8", "utf8", "us-ascii", "ascii")


def batches(path: Path, document: Document, limits: Limits, progress: Progress) -> Iterator[Batch]:
    """The traces of an XES file, in its order. Raises ``LogError`` for what is not XES and for what passes a limit.

    *document* meets the head of the file first, so that a DOCTYPE is refused before anything else is looked at.
    """
    buffer, unpacked = bytearray(), chunks(path, limits, progress)
    for chunk in unpacked:
        buffer += chunk
        if _TRACE.search(buffer) or len(buffer) > 2 * _PIECE:
            break
    start = _TRACE.search(buffer)
    head = bytes(buffer[: start.start()]) if start else b""
    del buffer[: len(head)]
    document.feed(head)
    clean = start is not None and document.encoding in _UTF8 and _ends_inside_log(head)
    for chunk in unpacked:
        buffer += chunk
        if len(buffer) < _PIECE:
            continue
        cut = buffer.rfind(_END) + len(_END)
        if cut < len(_END) and len(buffer) < 2 * _PIECE:
            continue
        piece = bytes(buffer[: cut if cut >= len(_END) else len(buffer)])
        del buffer[: len(piece)]
        clean = yield from _piece(piece, document, clean, limits)
    cut = buffer.rfind(_END) + len(_END)
    if cut >= len(_END):
        yield from _piece(bytes(buffer[:cut]), document, clean, limits)
        del buffer[:cut]
    document.feed(bytes(buffer), last=True)
    if (batch := document.take(all_of_it=True)) is not None:
        yield batch


def _piece(piece: bytes, document: Document, clean: bool, limits: Limits) -> Generator[Batch, None, bool]:
    """Yields the piece's batch; returns whether the next piece begins between two traces for certain."""
    if clean and (batch := plain(piece)) is not None:
        document.passed_over(piece)
        document.check(batch)
        yield batch
        return True
    document.feed(piece)
    if (batch := document.take()) is not None:
        yield batch
    return document.between_traces()


def _ends_inside_log(head: bytes) -> bool:
    """Whether what comes next stands directly inside ``log``: not in another element, a comment or an attribute. Then, and only
    then, the head is well-formed once ``log`` is closed."""
    try:
        expat.ParserCreate().Parse(head + b"</log>", True)
    except (expat.ExpatError, LookupError, ValueError):
        return False
    return True
