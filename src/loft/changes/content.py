"""What a file is, told by what is in it, never by its name."""

import io
import lzma
import re
import struct
import zipfile
import zlib

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure

_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
_IN_ZIP = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_BROKEN = (
    zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError,
    struct.error,
)  # fmt: skip
"""What reading an archive can end with, which is as broken as whoever made it wanted."""
_OPEN = "application/vnd.oasis.opendocument."
TEXT = "text/plain"


def type_of(content: bytes, name: str) -> str:
    """The media type of *content*: PDF, PNG, JPEG, documents of the office programs, or plain text.

    Anything else is refused with ``BadInput``, which names the file: web pages, drawings and programs could do something when opened.
    """
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04") and (kind := _office(content)):
        return kind
    if content and _is_plain(content):
        return TEXT
    raise BadInput(
        mark(
            "%(name)s is of a kind that is not taken. Attach a PDF, a picture (PNG or JPEG), an office document or plain text."
        ),
        name=Figure(name, "text"),
    )


def is_known(kind: str) -> bool:
    """Whether *kind* is a media type that ``type_of`` tells."""
    return (
        kind in (*_BEGINNINGS.values(), *_IN_ZIP.values(), TEXT) or re.fullmatch(_OPEN + r"[a-z.-]+", kind) is not None
    )


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(name.endswith("vbaProject.bin") for name in names):
                return ""
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 200:
                said = archive.read("mimetype").decode("ascii", "replace")
                return said if is_known(said) else ""
            return next((kind for part, kind in _IN_ZIP.items() if part in names), "")
    except _BROKEN:
        return ""


def _is_plain(content: bytes) -> bool:
    """UTF-8 without control characters, and not a page or a drawing."""
    try:
        said = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in said):
        return False
    return not said.lstrip("\ufeff \t\r\n").startswith("<")
