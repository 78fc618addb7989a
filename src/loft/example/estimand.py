"""What an estimate of days should find: the true effect on the very figure that the rule estimates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from loft.example.calendar import DAY
from loft.example.effects import Lived, figures_of
from loft.example.lots import CENTRES
from loft.example.services import SERVICES
from loft.example.town import Town
from loft.language import mark
from loft.value.cells import Floats, Ints
from loft.value.errors import BadInput
from loft.value.plan import Plan

ENTER = 30
"""Days after its start from which a unit counts, as in the policy."""


@dataclass(frozen=True)
class TrueEffect:
    """Both lives of a plan's eligible cases, one entry each.

    ``centre`` is a place in CENTRES, ``day`` the ordinal of opening, ``with_change`` and ``without`` whole days up to τ (``within``) in the
    two lives. ``treated`` has the place and the ordinal of each start.
    """

    centre: NDArray[np.int8]
    day: Ints
    with_change: Floats
    without: Floats
    treated: tuple[tuple[int, int], ...]
    within: int

    def on(self, look: date) -> float | None:
        """The effect known on the day *look*, as a logarithm; None where no unit has been followed for τ days."""
        effects = []
        for centre, start in self.treated:
            if look.toordinal() - start + 1 < max(self.within, ENTER):
                continue
            mine = (self.centre == centre) & (self.day >= start) & (self.day <= look.toordinal())
            if mine.any():
                effects.append(np.log(self.with_change[mine].mean() / self.without[mine].mean()))
        return float(np.mean(effects)) if effects else None


def true_effect(town: Town, plan: Plan) -> TrueEffect:
    """The true effect of a *plan* whose measure is days, for any day of looking.

    The rule estimates the mean over treated units of the change in the logarithm of their restricted mean days. The truth for it is
    the mean over the same units of ln(with / without), both being means of min(whole days, τ) over the cases that opened from
    the unit's start to the look. Cases still open on that day count with what became of them. Raises ``BadInput`` for another measure.
    """
    if plan.measure != "days":
        raise BadInput(mark("The true effect is known here for days only."))
    lived: Sequence[Lived] = (town.newcomers, town.others)
    both = [figures_of(each, ("days",)) for each in lived]
    with_change, without = (np.concatenate([each[name] for each in both]) for name in ("days_with", "days_without"))
    services = [place for place, service in enumerate(SERVICES) if service.name in plan.services]
    chosen = town.kept & np.isin(town.service, services)
    return TrueEffect(
        town.centre[chosen],
        (town.paths.opened[chosen] // DAY + town.days.day_0.toordinal()).astype(np.int64),
        _restricted(with_change[chosen], plan.within),
        _restricted(without[chosen], plan.within),
        tuple((CENTRES.index(name), start.toordinal()) for name, start in plan.treated),
        plan.within,
    )


def _restricted(days: Floats, within: int) -> Floats:
    """Whole days up to *within*; a case that outlives the simulation has them all."""
    return np.minimum(np.floor(np.where(np.isfinite(days), days, np.inf)), within)
