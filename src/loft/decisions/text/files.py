"""Texts of files, within bounds."""

from pathlib import Path

from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.text.lines import LARGEST_TEXT
from loft.language import mark


def text_of_file(path: Path) -> str:
    """The text in *path*. Raises ``TooLarge`` without reading past the bound, and ``RuleError`` for what is not UTF-8."""
    with path.open("rb") as file:
        read = file.read(LARGEST_TEXT + 1)
    if len(read) > LARGEST_TEXT:
        raise TooLarge(_TOO_LARGE, Place(path.name), most=f"{LARGEST_TEXT // 1_000_000}")
    try:
        return read.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RuleError(_NOT_TEXT, Place(path.name), at=error.start + 1) from None


_TOO_LARGE = mark("the file is larger than %(most)s MB. Split the rule into several files.")
_NOT_TEXT = mark("the file is no text in UTF-8 (byte %(at)s). Save it as UTF-8.")
