"""Is it quiet where nothing was changed? Any estimator tried on starts that never were, and on units that were never treated.

For synthetic comparisons, whose placebos share their weights and their errors, see ``placebos``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import comb
from typing import Protocol, TypeVar

import numpy as np

from loft.language import mark
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure

At = TypeVar("At", date, tuple[str, ...])


class Ranged(Protocol):
    """Anything with an estimate and its bounds."""

    @property
    def estimate(self) -> float:
        """The effect found."""

    @property
    def low(self) -> float:
        """The lower bound of its interval."""

    @property
    def high(self) -> float:
        """The upper bound of its interval."""


@dataclass(frozen=True)
class Tried:
    """One try: the date or the units (``at``) that were taken for treated, and what was found."""

    at: date | tuple[str, ...]
    estimate: float
    low: float
    high: float

    @property
    def quiet(self) -> bool:
        """Whether the bounds have 0 between them, as they should where nothing was changed."""
        return self.low <= 0.0 <= self.high


@dataclass(frozen=True)
class Placebos:
    """What was ``tried``, in the order asked for, and how many tries could not be answered (``unanswered``: too little data, say).

    A share near 1 does not show that the estimate is right, only that it is not loud where it should be silent. Tries that share
    dates or units go together, so the share varies more than that of as many independent tries.
    """

    tried: tuple[Tried, ...]
    unanswered: int

    @property
    def quiet(self) -> int:
        """The number of tries that found nothing."""
        return sum(t.quiet for t in self.tried)

    @property
    def share(self) -> float:
        """The share of answered tries that found nothing, 0 to 1."""
        return self.quiet / len(self.tried)


def placebo_dates(estimate: Callable[[date], Ranged], *, starts: Sequence[date]) -> Placebos:
    """What *estimate* finds at pretended *starts* before the real one, with data from before it only: that is up to *estimate*.

    Dates at which it raises ``CannotBeKnown`` are counted as unanswered; all other errors are passed on.
    Raises ``CannotBeKnown`` where there is no start, or none could be answered. Source: Heckman & Hotz (1989), the pre-programme test.
    """
    if len(set(starts)) < len(starts):
        raise BadInput(mark("A pretended start is given twice; give each date once."))
    return _tried(estimate, list(starts))


def pseudo_treated(
    estimate: Callable[[tuple[str, ...]], Ranged],
    *,
    units: Sequence[str],
    rng: np.random.Generator,
    size: int | None = None,
    draws: int = 20,
) -> Placebos:
    """What *estimate* finds when *size* of the comparison *units* (half of them, if not given) are taken for treated, and held against the
    rest.

    All ways to choose are tried where these are *draws* or fewer, else *draws* different ones; the same *rng* gives the same. Raises
    ``CannotBeKnown`` for fewer than four units, or where none could be answered. Source: Abadie, Diamond & Hainmueller (2010), section 3.4.
    """
    names = sorted(units)
    if len(set(names)) < len(names):
        raise BadInput(mark("A unit is named twice; name each once."))
    if len(names) < 4:
        raise CannotBeKnown(
            mark("%(count)s comparison units are too few to hold one part against the other; four are the fewest."),
            count=Figure(len(names), "count"),
        )
    size = len(names) // 2 if size is None else size
    if not 1 <= size < len(names) or draws < 1:
        raise BadInput(mark("Take at least one unit for treated, leave at least one, and draw at least once."))
    return _tried(estimate, _chosen(names, size, draws, rng))


def _chosen(names: list[str], size: int, draws: int, rng: np.random.Generator) -> list[tuple[str, ...]]:
    """*draws* different choices of *size* names, or all of them where there are no more."""
    if comb(len(names), size) <= draws:
        return list(combinations(names, size))
    found: dict[tuple[str, ...], None] = {}
    while len(found) < draws:
        picked = np.sort(rng.permutation(len(names))[:size])
        found[tuple(names[i] for i in picked)] = None
    return list(found)


def _tried(estimate: Callable[[At], Ranged], places: list[At]) -> Placebos:
    tried, unanswered = [], 0
    for at in places:
        try:
            found = estimate(at)
        except CannotBeKnown:
            unanswered += 1
            continue
        if not np.isfinite([found.estimate, found.low, found.high]).all():
            raise BadInput(
                mark("A placebo's estimate or its bounds are not numbers; let the estimator say that it cannot know.")
            )
        tried.append(Tried(at, float(found.estimate), float(found.low), float(found.high)))
    if not tried:
        raise CannotBeKnown(
            mark("None of the pretended changes could be estimated. Fetch older figures, or more comparison units.")
        )
    return Placebos(tuple(tried), unanswered)
