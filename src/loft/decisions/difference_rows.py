"""The rows of two versions of a decision table, paired; and what differs in each pair."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from loft.decisions.feel.writing import text_of
from loft.decisions.model import DecisionTable, HitPolicy, Row

MOST_LIKENESSES = 250_000
"""Pairs of rows whose likeness is looked at; past it rows that only resemble each other count as removed and added."""
LEAST_LIKENESS = 0.5
"""Rows that are more alike than this (``_likeness``) are taken for the same one; some cell or output is then equal."""


@dataclass(frozen=True)
class Changed:
    """One thing that is said otherwise; ``old`` or ``new`` is empty where that version does not say it."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class RowChange:
    """A row that is another in the new version: its number in both, what it was known by (``id``, ``cells`` or ``likeness``), and
    what changed, by column."""

    old: int
    new: int
    known_by: str
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class RowDifference:
    """Row numbers (from 1) in the new version that were added, in the old one that were removed, and pairs that changed or, where the
    order of rows decides, changed places (old number, new number)."""

    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    changed: tuple[RowChange, ...] = ()
    moved: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.moved)


Said = dict[str, tuple[Hashable, str]]
"""A row by column: what it means, and its text."""


def row_difference(old: DecisionTable, new: DecisionTable) -> RowDifference:
    """What differs in the rows; a column that one version lacks is taken as one that allows anything and gives nothing."""
    before, after = [_said(old, row) for row in old.rows], [_said(new, row) for row in new.rows]
    inputs = {_input_key(text_of(column.node)) for column in (*old.inputs, *new.inputs)}
    pairs: dict[int, tuple[int, str]] = {}
    _pair(pairs, "id", [row.id for row in old.rows], [row.id for row in new.rows])
    _pair(pairs, "cells", [_meaning(each) for each in before], [_meaning(each) for each in after])
    cells = [[_meaning({k: v for k, v in each.items() if k in inputs}) for each in side] for side in (before, after)]
    _pair(pairs, "cells", *cells)
    _pair_alike(pairs, before, after)
    met = {new_row for new_row, _ in pairs.values()}
    changed = []
    for one, (other, known_by) in sorted(pairs.items()):
        if changes := _changes(before[one], after[other], old.rows[one], new.rows[other]):
            changed.append(RowChange(one + 1, other + 1, known_by, changes))
    return RowDifference(
        added=tuple(n + 1 for n in range(len(after)) if n not in met),
        removed=tuple(n + 1 for n in range(len(before)) if n not in pairs),
        changed=tuple(changed),
        moved=_moved(pairs) if new.hit_policy in (HitPolicy.FIRST, HitPolicy.RULE_ORDER) else (),
    )


def _input_key(text: str) -> str:
    return f"? {text}"


def column_names(table: DecisionTable) -> dict[str, str]:
    """The columns of a table by what pairs them with those of another version, with what they are called."""
    names = {_input_key(text_of(column.node)): column.text for column in table.inputs}
    return names | {f"→ {column.name}".strip(): f"→ {column.name}".strip() for column in table.outputs}


def _said(table: DecisionTable, row: Row) -> Said:
    keys = (
        list(column_names(table))
        if _no_column_twice(table)
        else [str(n) for n in range(len(row.cells) + len(row.outputs))]
    )
    cells: list[tuple[Hashable, str]] = [(cell.tests, "" if cell.tests.always else cell.text) for cell in row.cells]
    outputs: list[tuple[Hashable, str]] = [(cell.node, cell.text) for cell in row.outputs]
    return {key: said for key, said in zip(keys, [*cells, *outputs], strict=True) if said[1]}


def _no_column_twice(table: DecisionTable) -> bool:
    return len(column_names(table)) == len(table.inputs) + len(table.outputs)


def _meaning(said: Said) -> frozenset[tuple[str, Hashable]]:
    return frozenset((key, meaning) for key, (meaning, _) in said.items())


def _pair(pairs: dict[int, tuple[int, str]], known_by: str, old: Sequence[object], new: Sequence[object]) -> None:
    """Pairs rows that have the same key and no partner yet, in their order; an empty key pairs nothing."""
    met = {row for row, _ in pairs.values()}
    waiting: dict[object, deque[int]] = defaultdict(deque)
    for row, key in enumerate(new):
        if row not in met and key != "":
            waiting[key].append(row)
    for row, key in enumerate(old):
        if row not in pairs and waiting.get(key):
            pairs[row] = (waiting[key].popleft(), known_by)


def _pair_alike(pairs: dict[int, tuple[int, str]], old: list[Said], new: list[Said]) -> None:
    met = {row for row, _ in pairs.values()}
    left = [row for row in range(len(old)) if row not in pairs]
    right = [row for row in range(len(new)) if row not in met]
    if len(left) * len(right) > MOST_LIKENESSES:
        return
    alike = []
    for one in left:
        for other in right:
            likeness = _likeness(old[one], new[other])
            if likeness > LEAST_LIKENESS:
                alike.append((-likeness, abs(one - other), one, other))
    for _, _, one, other in sorted(alike):
        if one not in pairs and other not in met:
            pairs[one] = (other, "likeness")
            met.add(other)


def _likeness(old: Said, new: Said) -> float:
    """From 0 to 1: of the columns that either row fills in, an equal cell counts whole, two different ones half, one alone nothing."""
    both = old.keys() & new.keys()
    equal = sum(old[key][0] == new[key][0] for key in both)
    return (len(both) + equal) / (2 * len(old.keys() | new.keys()) or 1)


def _changes(old: Said, new: Said, old_row: Row, new_row: Row) -> tuple[Changed, ...]:
    found = []
    for key in dict.fromkeys((*old, *new)):
        (one, old_text), (other, new_text) = old.get(key, (None, "")), new.get(key, (None, ""))
        if one != other:
            found.append(Changed(key.removeprefix("? "), old_text, new_text))
    for code in dict.fromkeys(code for row in (old_row, new_row) for code, _ in row.because.pairs):
        if old_row.because.get(code) != new_row.because.get(code):
            found.append(Changed(f"because {code}", old_row.because.get(code), new_row.because.get(code)))
    notes = [", ".join(filter(None, row.annotations)) for row in (old_row, new_row)]
    if notes[0] != notes[1]:
        found.append(Changed("annotation", *notes))
    return tuple(found)


def _moved(pairs: dict[int, tuple[int, str]]) -> tuple[tuple[int, int], ...]:
    """The fewest pairs that must have changed places for all others to stand in the same order (the rest of a longest rising run)."""
    order = [(one, other) for one, (other, _) in sorted(pairs.items())]
    ends: list[int] = []
    lengths = []
    for _, other in order:
        at = bisect_left(ends, other)
        ends[at : at + 1] = [other]
        lengths.append(at)
    wanted, kept = len(ends) - 1, set()
    for index in range(len(order) - 1, -1, -1):
        if lengths[index] == wanted:
            kept.add(index)
            wanted -= 1
    return tuple((one + 1, other + 1) for index, (one, other) in enumerate(order) if index not in kept)
