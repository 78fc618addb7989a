"""An interval from a test: the values that are not rejected."""

from collections.abc import Callable

from loft.language import mark
from loft.value.errors import CannotBeKnown

FINE = 1e-4
"""How near an interval's ends are found, in standard errors."""


def not_rejected(p: Callable[[float], float], estimate: float, se: float, level: float) -> tuple[float, float]:
    """The lowest and highest value whose *p* is above 1 − *level*, found by bisection out from *estimate* in steps of *se*.

    Raises ``CannotBeKnown`` where no value is rejected, however far away: too few units for an interval at this level.
    """
    return _end(p, estimate, -se, 1 - level), _end(p, estimate, se, 1 - level)


def _end(p: Callable[[float], float], estimate: float, step: float, alpha: float) -> float:
    inside, outside, farthest = 0.0, 1.0, 1e6
    while p(estimate + outside * step) > alpha:
        inside, outside = outside, 2 * outside
        if outside > farthest:
            raise CannotBeKnown(
                mark("So few units cannot give a range at this level. Use more units, or ask for a lower level.")
            )
    while outside - inside > FINE:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p(estimate + middle * step) > alpha else (inside, middle)
    return estimate + step * (inside + outside) / 2
