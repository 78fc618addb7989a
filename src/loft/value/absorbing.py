"""Effects of units and periods taken out of columns, exactly, by solving for the smaller of the two sets of levels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from loft.value.cells import Flags, Floats, Ints


@dataclass(frozen=True)
class Levels:
    """A set of levels to take out: ``place`` (m,) counts from 0 to ``count`` − 1, and every level occurs."""

    place: Ints
    count: int


def levels(values: Ints) -> Levels:
    """*values* (m,) numbered from 0 in rising order, without holes."""
    found, place = np.unique(values, return_inverse=True)
    return Levels(np.asarray(place, np.int64).reshape(-1), len(found))


def nested(inner: Levels, outer: Levels) -> bool:
    """Whether every level of *inner* lies within one level of *outer*."""
    pairs = np.unique(inner.place * outer.count + outer.place)
    return len(pairs) == inner.count


def sums_by(group: Levels, columns: Floats) -> Floats:
    """Sums of *columns* (m, k) for each level: (levels, k)."""
    m = len(group.place)
    spread = sparse.csr_matrix((np.ones(m), group.place, np.arange(m + 1)), shape=(m, group.count))
    return np.asarray(spread.T @ columns)


def without(columns: Floats, weight: Floats, sets: Sequence[Levels]) -> Floats:
    """What is left of *columns* (m, k) after a least-squares fit on one or two *sets* of levels, weighted by *weight* (m,).

    Two sets: the larger is eliminated, and the normal equations of the smaller (a Schur complement) are solved by Cholesky with one
    level of each connected part held at 0; one step of refinement follows. The panel may have holes. Memory: the square of the
    smaller number of levels.
    """
    if len(sets) == 1:
        [only] = sets
        mean = sums_by(only, weight[:, None] * columns) / sums_by(only, weight[:, None])
        return columns - mean[only.place]
    larger, smaller = sorted(sets, key=lambda s: -s.count)
    solve = _solver(larger, smaller, weight)
    left = columns
    for _ in range(2):
        a, b = solve(left)
        left = left - a[larger.place] - b[smaller.place]
    return left


def _solver(larger: Levels, smaller: Levels, weight: Floats) -> Callable[[Floats], tuple[Floats, Floats]]:
    shape = (larger.count, smaller.count)
    cross = sparse.csr_matrix((weight, (larger.place, smaller.place)), shape=shape)
    big = np.asarray(cross.sum(axis=1)).reshape(-1)
    small = np.asarray(cross.sum(axis=0)).reshape(-1)
    scaled = sparse.diags_array(1 / big) @ cross
    free = ~_held(cross)
    schur = np.diag(small) - np.asarray((cross.T @ scaled).todense())
    factor = linalg.cho_factor(schur[np.ix_(free, free)], overwrite_a=True) if free.any() else None

    def solve(columns: Floats) -> tuple[Floats, Floats]:
        weighted = weight[:, None] * columns
        by_big, by_small = sums_by(larger, weighted), sums_by(smaller, weighted)
        b = np.zeros_like(by_small)
        if factor is not None:
            b[free] = linalg.cho_solve(factor, (by_small - scaled.T @ by_big)[free])
        return by_big / big[:, None] - scaled @ b, b

    return solve


def _held(cross: sparse.csr_matrix) -> Flags:
    """Which levels of the smaller set are the first of a connected part of the panel, and so held at 0: (smaller,)."""
    graph = sparse.block_array([[None, cross], [cross.T, None]])
    _, part = sparse.csgraph.connected_components(graph, directed=False)
    _, first = np.unique(part[cross.shape[0] :], return_index=True)
    held = np.zeros(cross.shape[1], bool)
    held[first] = True
    return held
