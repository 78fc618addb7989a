"""The gate: the one way in which figures leave the log.

A figure that rests on fewer cases than the minimum could tell something about somebody, so it is withheld. One withheld figure beside
a known total can be had by subtraction; then a second one, the smallest that is left, is withheld with it (complementary suppression, see
A. Hundepool et al., Statistical Disclosure Control, 2012, ch. 4). A selection that leaves out only a few cases would give those by
subtraction from the whole, so it gets no figures.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from loft.insight.table import Column, Table
from loft.language import mark
from loft.log import Log, Selection

TOO_NEAR = mark("This choice leaves out so few cases that they could be told apart. Choose a wider or a narrower one.")
TOO_FEW = mark("This choice holds too few cases to show figures for.")


@dataclass(frozen=True)
class Form:
    """What a question's table looks like, and what the gate must know of it.

    ``keys`` are the columns that name a row. ``open_keys``: the names say nothing about anyone (a month, a unit), so
    a withheld row is shown
    without figures; otherwise it is left out. ``margins`` are the sets of keys whose totals are known to a reader; the grand total is ().
    Where several are known, keys are not open: names would tell which cells there are, and that can be enough to solve for the withheld.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    open_keys: bool = True
    ranked: bool = True
    margins: tuple[tuple[str, ...], ...] = ((),)

    def key_columns(self) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.name in self.keys)


def release(log: Log, selection: Selection, form: Form, data: pa.Table, notes: Sequence[str] = ()) -> Table:
    """*data* as a table that may be shown: rows on too few cases without their figures, or left out.

    *data* has the columns of *form*, and ``cases`` among them (or beside them), the number of distinct cases behind each row.
    """
    reason = refusal(log, selection)
    cases = data.column("cases").to_numpy(zero_copy_only=False)
    shut = np.ones(len(cases), dtype=bool) if reason else hidden(cases, _groups(data, form), log.minimum)
    data = data.select([c.name for c in form.columns])
    for place, column in enumerate(form.columns):
        if column.name not in form.keys and shut.any():
            values = (
                data.column(place).combine_chunks()
                if data.column(place).num_chunks != 1
                else data.column(place).chunk(0)
            )
            data = data.set_column(place, column.name, pc.if_else(pa.array(shut), pa.scalar(None, values.type), values))
    dropped = 0
    if shut.any() and (reason or not form.open_keys):
        dropped = int(shut.sum())
        data, shut = data.filter(pa.array(~shut)), shut[~shut]
    elif shut.any() and form.ranked and form.keys:
        unnamed = data.select(list(form.keys)).filter(pa.array(shut))
        by_name = pc.sort_indices(unnamed, [(key, "ascending") for key in form.keys]).to_numpy()
        places = np.concatenate([np.flatnonzero(~shut), np.flatnonzero(shut)[by_name]])
        data, shut = data.take(pa.array(places)), shut[places]
    said = tuple([*notes, reason] if reason else notes)
    return Table(
        form.name,
        form.title,
        form.about,
        form.columns,
        data,
        log.minimum,
        form.keys,
        tuple(map(bool, shut)),
        dropped,
        said,
    )


def refusal(log: Log, selection: Selection) -> str | None:
    """Why a selection gets no figures at all; None when it may have them.

    The cases by which it differs from a near selection must be none, or enough: from everything, from itself with any of its conditions
    taken away, and from itself with one of several services or units left out.
    """
    if log.minimum <= 1 or not selection:
        return None
    count = log.count(selection)
    if 0 < count < log.minimum:
        return TOO_FEW

    def few(other: Selection) -> bool:
        return 0 < abs(log.count(other) - count) < log.minimum

    near = [Selection(), *(_without(selection, [c]) for c in _conditions(selection)), *_with_one_less(selection)]
    if any(few(other) for other in dict.fromkeys(near)):
        return TOO_NEAR
    # Taking more away brings more cases, so only conditions that each leave nobody out can together leave out a few.
    idle = [c for c in _conditions(selection) if log.count(_without(selection, [c])) == count]
    several = (chosen for size in range(2, len(idle) + 1) for chosen in combinations(idle, size))
    return TOO_NEAR if any(few(_without(selection, chosen)) for chosen in several) else None


Condition = tuple[str, tuple[str, str] | None]
"""A field of a selection; of ``where`` one of its pairs."""


def _conditions(selection: Selection) -> list[Condition]:
    fields = ("opened_from", "opened_until", "services", "units")
    return [
        *((name, None) for name in fields if getattr(selection, name)),
        *(("where", pair) for pair in selection.where),
    ]


def _without(selection: Selection, conditions: Iterable[Condition]) -> Selection:
    for name, pair in conditions:
        empty = None if name.startswith("opened") else tuple(p for p in selection.where if p != pair) if pair else ()
        selection = selection.but(**{name: empty})
    return selection


def _with_one_less(selection: Selection) -> list[Selection]:
    return [
        selection.but(**{name: tuple(v for v in values if v != value)})
        for name in ("services", "units")
        if len(values := getattr(selection, name)) > 1
        for value in values
    ]


def hidden(
    cases: npt.NDArray[np.int64], groups: Sequence[npt.NDArray[np.int64]], minimum: int
) -> npt.NDArray[np.bool_]:
    """Which rows must be withheld.

    *cases* (n,): distinct cases behind each row. *groups*: for each known total, which group (n,) a row is summed
    in; the first is the whole. In
    each group either no row is withheld, or at least two are, on *minimum* cases or more together, or all of them. Where rows
    are summed in two directions, each row on too few cases stands in a rectangle of withheld ones, so that no set of totals solves for it.
    """
    shut = (cases > 0) & (cases < minimum)
    small = np.flatnonzero(shut)
    changed = bool(len(small))
    while changed:
        _close_groups(shut, cases, groups, minimum)
        changed = len(groups) == 3 and _close_rectangles(shut, cases, groups[1], groups[2], small)
    return shut


def _close_groups(
    shut: npt.NDArray[np.bool_], cases: npt.NDArray[np.int64], groups: Sequence[npt.NDArray[np.int64]], minimum: int
) -> None:
    """Withhold the smallest rows left in a group until what is withheld there covers enough cases."""
    changed = True
    while changed:
        changed = False
        for group in groups:
            for number in np.unique(group[shut]):
                inside = group == number
                closed = inside & shut
                if closed.sum() >= 2 and cases[closed].sum() >= minimum:
                    continue
                left = np.flatnonzero(inside & ~shut & (cases > 0))
                if len(left):
                    shut[left[np.argmin(cases[left])]] = True
                    changed = True


LARGEST_GRID = 1_000_000
"""Pairs of keys up to which rectangles are looked for. A larger table is mostly pairs that do not occur, which a
reader does not know of."""


def _close_rectangles(
    shut: npt.NDArray[np.bool_],
    cases: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    small: npt.NDArray[np.int64],
) -> bool:
    """Complete a rectangle of withheld pairs around each row of *small* that is in none; whether any row had to be withheld for it.

    The hypercube method (Repsilber; Hundepool et al., section 4.4). A pair that does not occur counts as withheld:
    its row would be left out as well.
    """
    height, width = int(first.max()) + 1, int(second.max()) + 1
    if height * width > LARGEST_GRID or min(height, width) < 2:
        return False
    row_at = np.full((height, width), -1)
    row_at[first, second] = np.arange(len(cases))
    price = np.where((row_at >= 0) & ~shut[row_at], cases[row_at], 0).astype(float)
    closed = (price == 0).astype(np.float32)
    ways = closed @ closed.T @ closed - closed.sum(axis=1, keepdims=True) - closed.sum(axis=0, keepdims=True) + 1
    changed = False
    for row in small[ways[first[small], second[small]] < 0.5]:
        i, j = first[row], second[row]
        cost = price + price[i][None, :] + price[:, j][:, None]
        cost[i, :] = cost[:, j] = np.inf
        k, col = np.unravel_index(np.argmin(cost), cost.shape)
        for place in ((i, col), (k, j), (k, col)):
            changed |= bool(price[place] > 0)
            shut[row_at[place]] |= price[place] > 0
            price[place] = 0
    return changed


def _groups(data: pa.Table, form: Form) -> list[npt.NDArray[np.int64]]:
    groups = []
    for margin in form.margins:
        numbers = np.zeros(data.num_rows, dtype=np.int64)
        for key in margin:
            codes = pc.fill_null(data.column(key).combine_chunks().dictionary_encode().indices, -1)
            numbers = numbers * (data.num_rows + 2) + codes.to_numpy(zero_copy_only=False).astype(np.int64) + 1
        groups.append(np.unique(numbers, return_inverse=True)[1])
    return groups
