"""Which rows of a table must be withheld, so that none on too few cases is shown or can be had by subtraction."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


def hidden(
    cases: Ints,
    groups: Sequence[Ints],
    minimum: int,
    *,
    overlapping: bool = False,
    crossings: Sequence[tuple[int, int]] | None = None,
    shut: Flags | None = None,
) -> Flags:
    """Which rows must be withheld.

    *cases* (n,): distinct cases behind each row. *groups*: for each known total, which group (n,) a row is summed in; the first is the
    whole. In each group either no row is withheld, or at least two are, on *minimum* cases or more together, or all of them.
    *overlapping*: a case may stand in several rows. Then rows on 3 and 3 cases may be the same 3, and one of those withheld must have
    enough by itself. *crossings*: pairs of groups that together name a row (by default the second and third of three). There each row on
    too few cases stands in a rectangle of withheld ones, so that no set of totals solves for it. *shut*: rows withheld already.
    """
    small = np.flatnonzero((cases > 0) & (cases < minimum))
    shut = np.zeros(len(cases), dtype=bool) if shut is None else shut.copy()
    shut[small] = True
    crossings = ([(1, 2)] if len(groups) == 3 else []) if crossings is None else crossings
    changed = bool(len(small))
    while changed:
        _close_groups(shut, cases, groups, minimum, overlapping)
        changed = sum(_close_rectangles(shut, cases, groups[a], groups[b], small) for a, b in crossings) > 0
    return shut


def _close_groups(shut: Flags, cases: Ints, groups: Sequence[Ints], minimum: int, overlapping: bool) -> None:
    """Withhold the smallest rows left in a group until what is withheld there covers enough cases."""
    changed = True
    while changed:
        changed = False
        for group in groups:
            for number in np.unique(group[shut]):
                inside = group == number
                closed = inside & shut
                together = cases[closed].max() if overlapping else cases[closed].sum()
                if closed.sum() >= 2 and together >= minimum:
                    continue
                # The last of the smallest: in a ranked table the rows above it keep what they add up to.
                left = np.flatnonzero(inside & ~shut & (cases > 0))[::-1]
                if len(left):
                    shut[left[np.argmin(cases[left])]] = True
                    changed = True


LARGEST_GRID = 1_000_000
"""Pairs of keys up to which rectangles are looked for. A larger table is mostly pairs that do not occur, which a
reader does not know of."""


def _close_rectangles(
    shut: Flags,
    cases: Ints,
    first: Ints,
    second: Ints,
    small: Ints,
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
