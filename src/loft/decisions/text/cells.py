"""Cells of Markdown tables: split and written, with ``|`` as ``\\|``."""

import re
from collections.abc import Sequence

WIDEST = 48
"""Characters that a column is padded to; longer cells stand out to the right."""

_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r":?-+:?")


def split(line: str) -> tuple[str, ...]:
    """The cells of one line ``| a | b |``. A backslash before a bar makes it a part of the cell, as GitHub reads it."""
    inside = line.strip().removeprefix("|")
    cells = _BAR.split(inside)
    if len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    return tuple(cell.strip().replace("\\|", "|") for cell in cells)


def is_rule(cells: Sequence[str]) -> bool:
    """Whether these are the dashes under a table's head."""
    return all(_RULE.fullmatch(cell) for cell in cells)


def written(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table whose columns stand under each other."""
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in (heads, *rows)]
    widths = [min(WIDEST, max(3, *(len(line[c]) for line in escaped))) for c in range(len(heads))]
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in escaped]
    return [lines[0], "|" + "|".join("-" * (w + 2) for w in widths) + "|", *lines[1:]]
