"""A file as a stream of unpacked bytes, with the limits watched while it unpacks."""

import zlib
from collections.abc import Iterator
from pathlib import Path

from loft.log.errors import LogError
from loft.log.limits import LIMITS, Limits
from loft.log.progress import Progress, silent

_GZIP = b"\x1f\x8b"
_PACKED = 512 * 1024
_UNPACKED = 4 * 1024 * 1024


def checked(path: str | Path) -> Path:
    """The path of an ordinary file that is not empty; ``LogError`` otherwise.

    A pipe or a device may never end, and cannot be read twice.
    """
    path = Path(path)
    try:
        if not path.exists():
            raise LogError(f"There is no file {path}.")
        if path.is_dir():
            raise LogError(f"{path} is a folder. Name the files in it to import.")
        if not path.is_file():
            raise LogError(f"{path} is not an ordinary file. Write what it gives to a file and import that.")
        if path.stat().st_size == 0:
            raise LogError(f"{path}: the file is empty.")
        with path.open("rb"):
            pass
    except OSError as error:
        raise LogError(f"{path}: cannot be read: {error.strerror}.") from error
    return path


def packed(path: Path) -> bool:
    """Whether the file is packed with gzip, by its first bytes."""
    with path.open("rb") as file:
        return file.read(2) == _GZIP


def chunks(path: Path, limits: Limits = LIMITS, progress: Progress = silent) -> Iterator[bytes]:
    """The file's bytes, unpacked, in pieces of at most some megabytes.

    Raises ``LogError`` where the packed data is broken or ends too early, and where it passes ``limits.unpacked`` or ``limits.ratio``.
    """
    total, read, out = path.stat().st_size, 0, 0
    unpack = _unpacked if packed(path) else _plain
    for read, piece in unpack(path):
        out += len(piece)
        if out > limits.unpacked:
            raise LogError(f"{path.name}: is more than {limits.unpacked:,} bytes unpacked, the most that is read.")
        if out > limits.ratio_from and out > limits.ratio * read:
            raise LogError(
                f"{path.name}: grows more than {limits.ratio} times when unpacked; it looks like a file made to fill the memory."
            )
        progress("reading", read, total)
        yield piece


def whole(path: Path, limits: Limits = LIMITS, progress: Progress = silent) -> bytes:
    """The whole file unpacked, at most ``limits.whole`` bytes."""
    parts, size = [], 0
    for piece in chunks(path, limits, progress):
        size += len(piece)
        if size > limits.whole:
            raise LogError(
                f"{path.name}: is more than {limits.whole:,} bytes, the most for a format that must be read as a whole."
            )
        parts.append(piece)
    return b"".join(parts)


def head(path: Path, size: int = 65536) -> bytes:
    """The first *size* unpacked bytes."""
    got = b""
    for piece in chunks(path):
        got += piece
        if len(got) >= size:
            break
    return got[:size]


def _plain(path: Path) -> Iterator[tuple[int, bytes]]:
    read = 0
    with path.open("rb") as file:
        while piece := file.read(_UNPACKED):
            read += len(piece)
            yield read, piece


def _unpacked(path: Path) -> Iterator[tuple[int, bytes]]:
    read, inside = 0, False
    unpacker = zlib.decompressobj(31)
    with path.open("rb") as file:
        while data := file.read(_PACKED):
            read += len(data)
            while data:
                if unpacker.eof:
                    data = data.lstrip(b"\0")
                    if not data:
                        break
                    unpacker = zlib.decompressobj(31)
                inside = True
                try:
                    piece = unpacker.decompress(data, _UNPACKED)
                except zlib.error as error:
                    raise LogError(f"{path.name}: the gzip data is damaged near byte {read:,}: {error}.") from error
                data = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
                if piece:
                    yield read, piece
    if not inside or not unpacker.eof:
        raise LogError(f"{path.name}: the gzip file ends too early; it was perhaps not copied completely.")
