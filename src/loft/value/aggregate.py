"""Many effects of groups and periods told as a few: over time since the start, by group, by period, or all in one."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.choices import one_of
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.staggered_starts import GroupTime, by_cluster, standard_error

WAYS = ("simple", "dynamic", "group", "calendar")
DRAWS = ("rademacher", "mammen")


@dataclass(frozen=True)
class Aggregate:
    """An ``effect`` with its standard ``error`` and ``influence`` (N,), and the M parts it was made of.

    ``at`` (M,) is the time since the start (dynamic), the start (group) or the period (calendar), and empty for ``simple``; ``effects``
    (M,), ``errors`` (M,) and ``influences`` (N, M) are those of the parts. ``cluster`` (N,) is as in ``GroupTime``. ``left_out`` are parts
    that rest on a single treated unit, so that chance in them cannot be measured.
    """

    way: str
    effect: float
    error: float
    influence: Floats
    at: Floats
    effects: Floats
    errors: Floats
    influences: Floats
    cluster: Ints
    left_out: tuple[float, ...] = ()


@dataclass(frozen=True)
class Bands:
    """Bootstrapped standard ``errors`` (M,) and how many of them a band reaches to each side: ``pointwise`` holds each effect in the
    level's share of cases, ``uniform`` holds all of them at once."""

    errors: Floats
    pointwise: float
    uniform: float
    level: float


def aggregate(
    found: GroupTime,
    way: str = "dynamic",
    *,
    earliest: float | None = None,
    latest: float | None = None,
    balanced: float | None = None,
) -> Aggregate:
    """The effects of *found* told in one of ``WAYS``.

    ``simple``: all effects after the start, weighted by the groups' sizes. ``dynamic``: by time since the start, between *earliest* and
    *latest*; the overall effect is the plain mean of those from 0 on. With *balanced*, only groups followed for that long are used, and
    only times that all of these have, so that the path is not one of changing groups. ``group``: by start, each a plain mean over its
    periods, the overall weighted by size. ``calendar``: by period, weighted by size; the overall a plain mean.

    The standard errors count that the groups' sizes are themselves chance. Raises ``BadInput`` for an unknown way and ``CannotBeKnown``
    where no effect after the start is left.

    Source: Callaway & Sant'Anna (2021), section 3, table 1 and corollary 2.
    """
    one_of(way, WAYS)
    if way == "simple":
        return _aggregate(found, way, _mean(found, found.after), np.empty(0), [])
    along, kept = found.group, found.after
    if way == "dynamic":
        along, kept = _times(found, earliest, latest, balanced)
    elif way == "calendar":
        along = found.period
    every = np.unique(along[kept])
    at = np.array([v for v in every if len(_units(found, kept & (along == v))) > 1])
    parts = [(_plain_of_group if way == "group" else _mean)(found, kept & (along == v)) for v in at]
    if way == "group":
        overall = _over_groups(found)
    else:
        overall = _plain([part for part, v in zip(parts, at, strict=True) if way == "calendar" or v >= 0])
    return _aggregate(found, way, overall, at, parts, tuple(float(v) for v in np.setdiff1d(every, at)))


def bands(
    found: Aggregate,
    rng: np.random.Generator,
    *,
    overall: bool = False,
    level: float = 0.95,
    draws: int = 999,
    kind: str = DRAWS[0],
) -> Bands:
    """Bootstrapped errors of the parts of *found* (M,), or of the *overall* effect (1,), and how far a band that holds all reaches.

    Units, or the clusters they were put in, are given random signs (``rademacher``) or Mammen's two-point weights, *draws* times. The
    error is the interquartile range of the draws over that of the normal distribution, so that a few wild draws do not decide it.
    Raises ``BadInput`` for an unknown kind or too few draws, ``CannotBeKnown`` where the draws do not vary.

    Source: Callaway & Sant'Anna (2021), algorithm 1 and theorem 3.
    """
    one_of(kind, DRAWS)
    if not 0 < level < 1 or draws < 100:
        raise BadInput(mark("A band needs a level between 0 and 1, and at least 100 draws."))
    influence = found.influence[:, None] if overall or not len(found.at) else found.influences
    summed = by_cluster(influence, found.cluster)
    size = max(1, 2_000_000 // len(summed))
    drawn = np.vstack(
        [_draw(rng, kind, (min(size, draws - at), len(summed))) @ summed for at in range(0, draws, size)]
    ) / len(influence)
    low, high = np.quantile(drawn, [0.25, 0.75], axis=0)
    errors = (high - low) / (2 * stats.norm.ppf(0.75))
    if np.any(errors <= 0):
        raise CannotBeKnown(
            mark(
                "There are too few units for a bootstrap: its draws do not vary. Add units, or use the standard errors."
            )
        )
    farthest = np.abs(drawn / errors).max(axis=1)
    pointwise = float(stats.norm.ppf(0.5 + level / 2))
    uniform = float(np.quantile(farthest, level, method="inverted_cdf"))
    return Bands(errors, pointwise, max(pointwise, uniform), level)


def _draw(rng: np.random.Generator, kind: str, shape: tuple[int, int]) -> Floats:
    if kind == "rademacher":
        return rng.integers(0, 2, shape).astype(np.float64) * 2 - 1
    root = 5.0**0.5  # Mammen's weights: mean 0, variance 1, third moment 1
    low, high = (1 - root) / 2, (1 + root) / 2
    drawn: Floats = low + (high - low) * (rng.random(shape) >= (root + 1) / (2 * root))
    return drawn


def _times(
    found: GroupTime, earliest: float | None, latest: float | None, balanced: float | None
) -> tuple[Floats, Flags]:
    since = found.period - found.group
    kept = np.ones(len(since), dtype=bool)
    if balanced is not None:
        end = found.period.max()
        kept &= (found.group + balanced <= end) & (since <= balanced)
        groups = len(np.unique(found.group[kept]))
        times, counts = np.unique(since[kept], return_counts=True)
        kept &= np.isin(since, times[counts == groups])
    if earliest is not None:
        kept &= since >= earliest
    if latest is not None:
        kept &= since <= latest
    return since, kept


def _share(found: GroupTime, groups: Floats) -> tuple[Floats, Floats]:
    """The weighted shares (K,) of *groups* among all units, and what each unit adds to them (N, K)."""
    own = found.weights[:, None] * (found.starts[:, None] == groups)
    share = own.mean(axis=0)
    return share, own - share


def _weighted(found: GroupTime, groups: Floats, effects: Floats, influences: Floats) -> tuple[float, Floats]:
    """The mean of *effects* (K,), weighted by the sizes of their *groups* (K,), and its influence (N,)."""
    share, own = _share(found, groups)
    weight = share / share.sum()
    of_weights = (own - own.sum(axis=1, keepdims=True) * weight) / share.sum()
    return float(weight @ effects), influences @ weight + of_weights @ effects


def _mean(found: GroupTime, kept: Flags) -> tuple[float, Floats]:
    if len(_units(found, kept)) < 2:
        raise _nothing_left()
    return _weighted(found, found.group[kept], found.effect[kept], found.influence[:, kept])


def _units(found: GroupTime, kept: Flags) -> Ints:
    """The treated units that the *kept* pairs (K,) rest on."""
    return np.flatnonzero(np.isin(found.starts, found.group[kept]))


def _plain_of_group(found: GroupTime, kept: Flags) -> tuple[float, Floats]:
    return float(found.effect[kept].mean()), found.influence[:, kept].mean(axis=1)


def _over_groups(found: GroupTime) -> tuple[float, Floats]:
    if len(_units(found, found.after)) < 2:
        raise _nothing_left()
    groups = np.unique(found.group[found.after])
    parts = [_plain_of_group(found, found.after & (found.group == g)) for g in groups]
    return _weighted(found, groups, np.array([e for e, _ in parts]), np.column_stack([i for _, i in parts]))


def _plain(parts: list[tuple[float, Floats]]) -> tuple[float, Floats]:
    if not parts:
        raise _nothing_left()
    return float(np.mean([effect for effect, _ in parts])), np.mean([influence for _, influence in parts], axis=0)


def _aggregate(
    found: GroupTime,
    way: str,
    overall: tuple[float, Floats],
    at: Floats,
    parts: list[tuple[float, Floats]],
    left_out: tuple[float, ...] = (),
) -> Aggregate:
    effect, influence = overall
    influences = np.column_stack([i for _, i in parts]) if parts else np.empty((len(influence), 0))
    return Aggregate(
        way=way,
        effect=effect,
        error=float(standard_error(influence[:, None], found.cluster)[0]),
        influence=influence,
        at=at,
        effects=np.array([e for e, _ in parts]),
        errors=standard_error(influences, found.cluster),
        influences=influences,
        cluster=found.cluster,
        left_out=left_out,
    )


def _nothing_left() -> CannotBeKnown:
    return CannotBeKnown(
        mark(
            "No effect after the start that rests on at least two treated units is left. Ask for a shorter or earlier span, or add units."
        )
    )
