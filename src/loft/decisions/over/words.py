"""The rows that fit a case as the bits of a few whole numbers: for tables whose rows overlap in too many ways for a tree.

Each input is looked up once, in a list that has, for each of its pieces, the rows that hold there; the rows that fit are the words of all
inputs, and-ed. A fact that is not known has two words: the rows that may hold and those that hold in any case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis.expr.types import BooleanValue as Truth
from ibis.expr.types import IntegerValue as Number

from loft.decisions.grid import Axis
from loft.decisions.over.axes import below, inside
from loft.decisions.over.conditions import Asked, number
from loft.decisions.over.endings import Policy
from loft.decisions.over.known import either
from loft.decisions.over.sheet import Sheet

WIDTH = 62
"""Rows in one word: a signed whole number of 64 bits that stays positive."""

Words = tuple[Number, ...]


class Fitting:
    """The rows that may fit each case: bit *p* of the words ``possible`` stands for the row in place *p* of the policy's order.

    ``some`` is whether a fact is missing; None where none can be.
    """

    def __init__(self, asked: Asked, policy: Policy, sheet: Sheet) -> None:
        self._asked, self._policy, self._sheet = asked, policy, sheet
        self._indexes = {at: sheet.keep(_index(asked, at)) for at in asked.values}
        sheet.fence()
        self.possible = self._kept(_words(asked, policy, self._indexes, surely=False))
        missing = [truth for at in asked.values if (truth := asked.missing(at)) is not None]
        self.some = sheet.keep(either(missing)) if missing else None

    def sure(self) -> Words:
        """The rows that fit in any case."""
        if self.some is None:
            return self.possible
        some = self.some
        sure = _words(self._asked, self._policy, self._indexes, surely=True)
        return self._kept(tuple(ibis.ifelse(some, s, p) for s, p in zip(sure, self.possible, strict=True)))

    def _kept(self, words: Words) -> Words:
        kept = tuple(self._sheet.keep(word) for word in words)
        self._sheet.fence()
        return kept


def _masks(axis: Axis) -> list[int]:
    """The different sets of rows on an axis."""
    return list(dict.fromkeys(axis.masks))


def _index(asked: Asked, at: int) -> Number:
    """Which of ``_masks`` a case's value has; one more than there are where it is not known."""
    axis, value = asked.grid.axes[at], asked.values[at]
    masks = _masks(axis)
    if axis.ordered and value.kind != "Null":
        null = masks.index(axis.masks[-1])
        found = _sought(axis, masks, value.value)
        found = found if value.full else ibis.ifelse(value.value.isnull(), number(null), found)
    else:
        groups = [sum(1 << a for a, rows in enumerate(axis.masks) if rows == mask) for mask in masks]
        cases = [(inside(axis, atoms, value), number(place)) for place, atoms in enumerate(groups[:-1])]
        found = ibis.cases(*cases, else_=number(len(masks) - 1)) if cases else number(0)
    missing = asked.missing(at)
    return found if missing is None else ibis.ifelse(missing, number(len(masks)), found)


def _sought(axis: Axis, masks: Sequence[int], value: ir.Value) -> Number:
    """The place of an ordered value, by halving."""
    ordinary = len(axis.atoms) - 1
    starts = [a for a in range(ordinary) if a == 0 or axis.masks[a] != axis.masks[a - 1]]

    def between(first: int, last: int) -> Number:
        if first == last:
            return number(masks.index(axis.masks[starts[first]]))
        middle = (first + last + 1) // 2
        lower = below(axis, starts[middle], value)
        return ibis.ifelse(lower, between(first, middle - 1), between(middle, last))

    return between(0, len(starts) - 1)


def _words(asked: Asked, policy: Policy, indexes: dict[int, Number], *, surely: bool) -> Words:
    many = len(policy.order)
    full = words_of((1 << many) - 1, policy)
    factors: list[list[Number]] = [[] for _ in full]
    for at, index in indexes.items():
        axis = asked.grid.axes[at]
        masks = [*_masks(axis), _unknown(axis, surely)]
        for place, words in enumerate(zip(*(words_of(mask, policy) for mask in masks), strict=True)):
            if set(words) != {full[place]}:
                factors[place].append(looked_up(words, index))
    return tuple(
        reduce(lambda a, b: a & b, some) if some else ibis.literal(full[place], type="int64")
        for place, some in enumerate(factors)
    )


def _unknown(axis: Axis, surely: bool) -> int:
    """The rows for a value that is not known."""
    masks = [mask for atom, mask in enumerate(axis.masks) if axis.domain >> atom & 1]
    return reduce((lambda a, b: a & b) if surely else (lambda a, b: a | b), masks) if masks else 0


def words_of(rows: int, policy: Policy) -> list[int]:
    """Rows (bits by their own number) as words (bits by their place)."""
    places = sum(1 << place for place, row in enumerate(policy.order) if rows >> row & 1)
    return [places >> start & (1 << WIDTH) - 1 for start in range(0, max(len(policy.order), 1), WIDTH)]


def looked_up(values: Sequence[int], index: Number) -> Number:
    """``values[index]``."""
    return ibis.literal(list(values), type="array<int64>")[index]


def place_of_first(words: Words, many: int) -> Number:
    """The place of the lowest bit that is set; *many* where none is."""
    cases = []
    for start, word in enumerate(words):
        lowest = (word & -word).cast("float64").log2().round().cast("int32")
        cases.append((word != 0, lowest + start * WIDTH if start else lowest))
    return ibis.cases(*cases, else_=ibis.literal(many, type="int32"))


def any_of(words: Words, tables: Sequence[Sequence[int]], place: Number) -> Truth:
    """Whether a bit of *words* is set that ``tables[place]`` has too. *tables* has, for each place, its words."""
    return either(
        (word & looked_up(column, place)) != 0 for word, column in zip(words, zip(*tables, strict=True), strict=True)
    )


def bit(words: Words, place: int) -> Truth:
    """Whether the bit of a place is set."""
    return (words[place // WIDTH] & (1 << place % WIDTH)) != 0


# --- hit policies with one outcome ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tables:
    """What is known of each place beforehand; the last entry is for "no row"."""

    numbers: list[int]
    clash: list[list[int]]
    """The rows that may not fit beside it."""
    differs: list[list[int]]
    """The rows with another outcome."""
    upto: list[list[int]]
    """The rows up to it, itself too."""
    others: list[list[int]]
    """All but itself."""
    beside_none: list[int]
    """1 where its outcome is another than when no row fits."""
    twin: list[int]
    """The number of another ending with the same outcome; its own where there is none."""
    stranger: list[int]
    """A number with another outcome; its own where all are the same."""

    @property
    def clashing(self) -> bool:
        return any(any(words) for words in self.clash)


def ending(asked: Asked, policy: Policy, sheet: Sheet, numbers: Sequence[int], conflict: int) -> Number:
    """The number of the ending of a case with all facts. *numbers* has one for each ending, *conflict* is the conflict's."""
    found, tables = Fitting(asked, policy, sheet), _tables(policy, numbers)
    return _ending(found.possible, _first(found.possible, policy, sheet), policy, tables, conflict)


def _first(words: Words, policy: Policy, sheet: Sheet) -> Number:
    first = sheet.keep(place_of_first(words, len(policy.order)))
    sheet.fence()
    return first


def _ending(words: Words, first: Number, policy: Policy, tables: "_Tables", conflict: int) -> Number:
    own = looked_up(tables.numbers, first)
    return ibis.ifelse(any_of(words, tables.clash, first), number(conflict), own) if tables.clashing else own


def bounds(asked: Asked, policy: Policy, sheet: Sheet, numbers: Sequence[int], conflict: int) -> tuple[Number, Number]:
    """The lowest and highest number of the endings that a case may come to; at times too wide apart, never too narrow."""
    found, tables = Fitting(asked, policy, sheet), _tables(policy, numbers)
    first = _first(found.possible, policy, sheet)
    answered = sheet.keep(_ending(found.possible, first, policy, tables, conflict))
    if found.some is None:
        return answered, answered
    surely = found.sure()
    sure = _first(surely, policy, sheet)
    low, high = _left_open(found.possible, first, sure, policy, tables)
    if tables.clashing:
        clash = any_of(surely, tables.clash, sure)
        low, high = (ibis.ifelse(clash, ibis.literal(conflict, type="int64"), one) for one in (low, high))
    sheet.fence()
    low, high = (sheet.keep(ibis.ifelse(found.some, one, answered)) for one in (low, high))
    sheet.fence()
    return low, high


def _left_open(
    possible: Words, first: Number, sure: Number, policy: Policy, tables: "_Tables"
) -> tuple[Number, Number]:
    """The bounds where facts are missing: *first* is the first row that may fit, *sure* the first that does."""
    reached = possible
    if policy.first:
        upto = [looked_up(column, sure) for column in zip(*tables.upto, strict=True)]
        reached = tuple(word & some for word, some in zip(possible, upto, strict=True))
    # No row for certain, and one that may: it could also be that none fits.
    none = (sure == len(policy.order)) & (first != len(policy.order))
    apart = any_of(reached, tables.differs, first) | (none & (looked_up(tables.beside_none, first) == 1))
    if tables.clashing:
        apart = apart | any_of(possible, tables.clash, first)
    alone = ~(any_of(reached, tables.others, first) | none)
    own, twin = looked_up(tables.numbers, first), looked_up(tables.twin, first)
    low = ibis.ifelse(apart | alone, own, ibis.least(own, twin))
    high = ibis.cases((apart, looked_up(tables.stranger, first)), (alone, own), else_=ibis.greatest(own, twin))
    return low, high


def _tables(policy: Policy, numbers: Sequence[int]) -> _Tables:
    endings = [policy.ending(1 << row) for row in policy.order] + [policy.ending(0)]
    outcomes = [policy.endings[ending].outcome for ending in endings]
    own = [numbers[ending] for ending in endings]
    places = range(len(policy.order))

    def words(of: Sequence[int]) -> list[int]:
        bits_ = sum(1 << place for place in of)
        return [bits_ >> start & (1 << WIDTH) - 1 for start in range(0, max(len(policy.order), 1), WIDTH)]

    same = [[q for q in range(len(own)) if outcomes[q] == outcomes[p]] for p in range(len(own))]
    return _Tables(
        numbers=own,
        clash=[words([])] * (len(policy.order) + 1)
        if policy.first
        else [words([q for q in places if q != p and policy.clash(policy.order[p], policy.order[q])]) for p in places]
        + [words([])],
        differs=[words([q for q in places if outcomes[q] != outcomes[p]]) for p in range(len(own))],
        upto=[words(range(min(p + 1, len(policy.order)))) for p in range(len(own))],
        others=[words([q for q in places if q != p]) for p in range(len(own))],
        beside_none=[int(outcomes[p] != outcomes[-1]) for p in range(len(own))],
        twin=[next((own[q] for q in same[p] if q != p), own[p]) for p in range(len(own))],
        stranger=[
            next((n for n, o in zip(own, outcomes, strict=True) if o != outcomes[p]), own[p]) for p in range(len(own))
        ],
    )
