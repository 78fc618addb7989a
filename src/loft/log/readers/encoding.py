"""Text files as UTF-8, whatever encoding they came in."""

import codecs
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from loft.log.errors import LogError
from loft.log.limits import Limits
from loft.log.progress import Progress
from loft.log.readers.source import chunks, head, packed

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 1_000_000


class Utf8(NamedTuple):
    """A file in UTF-8 (the original, or a copy that lives as long as the block), its number of lines, and notes on what was assumed."""

    path: Path
    lines: int
    notes: tuple[str, ...]


@contextmanager
def as_utf8(
    path: Path,
    encoding: str | None,
    limits: Limits,
    progress: Progress,
    sample: bool = False,
    folder: str | None = None,
) -> Iterator[Utf8]:
    """The text file as UTF-8, unpacked; of a *sample* only the first lines.

    A copy that had to be made stands in *folder* (None: the system's for temporary files), and is removed afterwards.
    """
    encoding, notes = _chosen(path, encoding, limits, sample)
    if encoding == "utf-8" and not packed(path) and not sample:
        yield Utf8(path, _lines(path, limits, progress), notes)
        return
    with tempfile.TemporaryDirectory(prefix="loft-", dir=folder) as own:
        copy = Path(own) / "text.csv"
        if sample:
            start = head(path, _SAMPLE)
            text = codecs.getincrementaldecoder(encoding)("replace").decode(start)
            whole = text if len(start) < _SAMPLE else text[: text.rfind("\n") + 1]
            copy.write_text(whole, encoding="utf-8", newline="")
            yield Utf8(copy, whole.count("\n") + (not whole.endswith("\n")), notes)
        else:
            yield Utf8(copy, _copied(path, copy, encoding, limits, progress), notes)


def _chosen(path: Path, encoding: str | None, limits: Limits, sample: bool) -> tuple[str, tuple[str, ...]]:
    if encoding is not None:
        try:
            found = codecs.lookup(encoding)
        except LookupError:
            raise LogError(
                f'{path.name}: {encoding!r} is not a text encoding that is known. Write for example encoding = "windows-1252".'
            ) from None
        if not getattr(found, "_is_text_encoding", True):
            raise LogError(
                f'{path.name}: {encoding!r} is not an encoding of text. Write for example encoding = "windows-1252".'
            )
        return found.name, ()
    start = head(path, 65536)
    for bom, name in _BOMS:
        if start.startswith(bom):
            return name, ()
    if len(start) > 3 and start[:4].count(0) == 2:
        return ("utf-16-le" if start[1] == 0 else "utf-16-be"), ()
    if _is_utf8([head(path, _SAMPLE)] if sample else chunks(path, limits), whole=not sample):
        return "utf-8", ()
    return "cp1252", (
        "The file is not UTF-8; it was read as Windows-1252. Set encoding in the mapping if that is wrong.",
    )


def _is_utf8(pieces: Iterable[bytes], whole: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in pieces:
            decoder.decode(piece)
        decoder.decode(b"", whole)
    except UnicodeDecodeError:
        return False
    return True


def _lines(path: Path, limits: Limits, progress: Progress) -> int:
    lines, last = 0, b""
    for piece in chunks(path, limits, progress):
        lines += piece.count(b"\n")
        last = piece[-1:]
    return lines + (last != b"\n")


def _copied(path: Path, copy: Path, encoding: str, limits: Limits, progress: Progress) -> int:
    lines, last = 0, ""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with copy.open("w", encoding="utf-8", newline="") as out:
            for piece in chunks(path, limits, progress):
                text = decoder.decode(piece)
                lines += text.count("\n")
                last = text[-1:] or last
                out.write(text)
            out.write(decoder.decode(b"", True))
    except UnicodeError as error:
        raise LogError(f"{path.name}: is not text in {encoding}: {error}. Set encoding in the mapping.") from error
    return lines + (last != "\n")
