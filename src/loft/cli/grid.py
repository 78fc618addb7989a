"""A table on a screen of any width: which columns fit, and how compared figures stand together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loft.insight import Table

GAP = 3
_FIRST_TO_GO = (
    "wait_p90 p25 p75 work_mean wait_mean steps coverage count wait_median share p90 from_unit to_unit closed".split()
)
"""Columns that a narrow screen does without, in this order; CSV and JSON always have them all."""
_NAME = 26


@dataclass(frozen=True)
class Shown:
    """A column as it is shown: its name in files, its head, whether it holds figures, and its cells in words."""

    name: str
    head: str
    figure: bool
    cells: Sequence[str]

    def most(self) -> int:
        """The signs it would use if there was room."""
        return max(len(self.head), *(len(cell) for cell in self.cells), self.least())

    def least(self) -> int:
        """The fewest signs it needs: a figure is never broken, a name is folded only when it is long."""
        longest = max((len(cell) for cell in self.cells), default=0)
        words = max(len(word) for word in self.head.split())
        return max(words, longest if self.figure else min(longest, _NAME))


def shown(table: "Table") -> list[Shown]:
    """The columns of *table*; of a compared one, first, second and change in one column."""
    from loft.insight.wording import cells, head, is_figure

    rows = cells(table)
    whole = [
        Shown(c.name, head(c), is_figure(c), [row[place] for row in rows]) for place, c in enumerate(table.columns)
    ]
    by_name = {column.name: column for column in whole}
    return [
        _together(column, by_name, table) if column.name.endswith("_a") else column
        for column in whole
        if not column.name.endswith(("_b", "_change"))
    ]


def _together(first: Shown, by_name: dict[str, Shown], table: "Table") -> Shown:
    from dataclasses import replace

    from loft.insight.wording import head

    name = first.name.removesuffix("_a")
    [column] = [c for c in table.columns if c.name == first.name]
    plain = head(replace(column, side=""))
    second, change = by_name[f"{name}_b"], by_name[f"{name}_change"]
    cells = [
        f"{a} → {b}" + (f" ({c})" if c != "–" else "")
        for a, b, c in zip(first.cells, second.cells, change.cells, strict=True)
    ]
    return Shown(name, plain, True, cells)


def fitted(columns: Sequence[Shown], width: int) -> tuple[list[Shown], list[str]]:
    """The columns that *width* has room for, and the heads of those it has not."""
    kept, gone = list(columns), []
    for name in _FIRST_TO_GO:
        if sum(column.least() + GAP for column in kept) - GAP <= width:
            break
        gone += [column.head for column in kept if column.name == name]
        kept = [column for column in kept if column.name != name]
    return kept, gone


def widths(columns: Sequence[Shown], width: int) -> list[int]:
    """How many signs each column gets: what it needs at least, then the names what is left, then the heads of figures."""
    given = [column.least() for column in columns]
    left = width - sum(given) - GAP * (len(columns) - 1)
    for place in sorted(range(len(columns)), key=lambda place: columns[place].figure):
        more = max(min(columns[place].most() - given[place], left), 0)
        given[place] += more
        left -= more
    return given
