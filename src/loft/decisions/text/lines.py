"""Markdown cut into sections: headings with their key lines, tables, quoted remarks and fenced blocks. Knows nothing of rules."""

import re
from dataclasses import dataclass, field

from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.text.cells import is_rule, split
from loft.language import gettext, mark

LARGEST_TEXT = 20_000_000
"""Characters in one file."""


@dataclass(frozen=True)
class Entry:
    """A line ``key: value``; the key in small letters."""

    line: int
    key: str
    value: str


@dataclass(frozen=True)
class Grid:
    """A Markdown table: its heads, and each row with the number of its line."""

    line: int
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Fence:
    """A block between ``` marks, with the language it names."""

    line: int
    language: str
    text: str


@dataclass
class Section:
    """A heading and what stands under it until the next; the first section has no heading."""

    level: int
    heading: str
    line: int
    entries: list[Entry] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    remark: list[str] = field(default_factory=list)

    @property
    def description(self) -> str:
        return "\n".join(self.remark).strip()


def place(
    file: str, line: int, *, decision: str = "", row: int | None = None, column: str = "", text: str = ""
) -> Place:
    """A place with its line: ``fee.md:12``."""
    where = f"{file}:{line}" if file else gettext("line %(line)s") % {"line": line}
    return Place(where, decision, row, column, text)


def lines_of(text: str, *, file: str = "") -> tuple[str, ...]:
    """The lines of a text, whatever ends them. Raises ``TooLarge`` past ``LARGEST_TEXT``."""
    if len(text) > LARGEST_TEXT:
        raise TooLarge(_TOO_LONG, Place(file), most=f"{LARGEST_TEXT:,}")
    return tuple(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"))


def sections(lines: tuple[str, ...], *, file: str = "") -> tuple[Section, ...]:
    """The sections of a Markdown text. Raises ``RuleError`` at a line that is none of the things the form knows."""
    found = [Section(0, "", 1)]
    at = 0
    while at < len(lines):
        at = _take(found, lines, at, file)
    return tuple(found)


def _take(found: list[Section], lines: tuple[str, ...], at: int, file: str) -> int:
    """Puts the line at *at* and those that belong to it where they belong; gives the next line's index."""
    line, section = lines[at].strip(), found[-1]
    if not line or (len(line) > 2 and not line.strip("-")):
        return at + 1
    if heading := _HEADING.fullmatch(line):
        found.append(Section(len(heading[1]), heading[2].rstrip("#").strip(), at + 1))
        return at + 1
    if line.startswith("<!--"):
        return _until(lines, at, lambda text: "-->" in text, _OPEN_REMARK, file) + 1
    if line.startswith("```"):
        end = _until(lines, at + 1, lambda text: text.strip() == "```", _OPEN_FENCE, file)
        section.fences.append(Fence(at + 2, line.strip("` "), "\n".join(lines[at + 1 : end]).strip("\n").rstrip()))
        return end + 1
    if line.startswith("|"):
        return _grid(section, lines, at, file)
    if line.startswith(">"):
        section.remark.append(line[1:].strip())
        return at + 1
    return _entry(section, lines, at, file)


def _until(lines: tuple[str, ...], at: int, ends: "object", unended: str, file: str) -> int:
    assert callable(ends)
    for index in range(at, len(lines)):
        if ends(lines[index]):
            return index
    raise RuleError(unended, place(file, at))


def _grid(section: Section, lines: tuple[str, ...], at: int, file: str) -> int:
    end = at
    while end < len(lines) and lines[end].lstrip().startswith("|"):
        end += 1
    heads = split(lines[at])
    if end - at < 2 or not is_rule(split(lines[at + 1])):
        raise RuleError(_NO_DASHES, place(file, at + 1))
    if len(split(lines[at + 1])) != len(heads):
        raise RuleError(_CELLS, place(file, at + 2), here=len(split(lines[at + 1])), head=len(heads))
    rows = []
    for index in range(at + 2, end):
        cells = split(lines[index])
        if len(cells) != len(heads):
            row = index - at - 1
            raise RuleError(_CELLS, place(file, index + 1, row=row), here=len(cells), head=len(heads))
        rows.append((index + 1, cells))
    section.grids.append(Grid(at + 1, heads, tuple(rows)))
    return end


def _entry(section: Section, lines: tuple[str, ...], at: int, file: str) -> int:
    line = lines[at].strip()
    key, colon, value = _BULLET.sub("", line, count=1).partition(":")
    if not colon or len(key) > _LONGEST_KEY:
        raise RuleError(_UNREADABLE, place(file, at + 1, text=line))
    parts, end = [value.strip()], at + 1
    while end < len(lines) and lines[end].startswith("  ") and lines[end].strip() and not _starts_anew(lines[end]):
        parts.append(lines[end].strip())
        end += 1
    section.entries.append(Entry(at + 1, " ".join(key.lower().split()), " ".join(parts).strip()))
    return end


def _starts_anew(line: str) -> bool:
    return line.lstrip().startswith(("- ", "* ", "+ ", "|", "```", "#", "<!--", ">"))


_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_BULLET = re.compile(r"[-*+][ \t]+")
_LONGEST_KEY = 60
_TOO_LONG = mark("the text has more than %(most)s characters. Split the rule into several files.")
_OPEN_REMARK = mark("the remark that begins here with <!-- never ends. Close it with -->.")
_OPEN_FENCE = mark("the block that begins here with ``` never ends. Close it with a line ```.")
_NO_DASHES = mark("the table has no line of dashes under its head. Write | --- | --- | with as many parts as columns.")
_CELLS = mark(
    "this line of the table has %(here)s cells, its head has %(head)s. Add or remove a |; a | inside a cell is written \\|."
)
_UNREADABLE = mark(
    "this line is no part of a rule. Lines are “key: value”, a heading with #, a table or a ```feel block; "
    "begin a remark to readers with >."
)
