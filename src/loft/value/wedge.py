"""A stepped wedge: units pass to the change one group after the other, in an order that was drawn.

Here are its cells, its regression columns and its effect; ``wedge_mixed`` estimates it for figures on a scale, ``wedge_logistic`` for
shares, and ``wedge_gee`` for both without a model of the differences between units.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure

Exposure = Literal["immediate", "each"]
FEWEST_UNITS = 4


@dataclass(frozen=True)
class Wedge:
    """The cells of a stepped wedge, one entry in each array (c,) for each unit and period with cases.

    ``unit`` and ``period`` count from 0 without gaps. ``exposure`` is 0 before the unit's start, 1 in its first period with
    the change, 2 in the next, and so on. ``n``, ``total`` and ``squares`` are the number of cases, Σy and Σy².
    """

    unit: Ints
    period: Ints
    exposure: Ints
    n: Floats
    total: Floats
    squares: Floats

    @property
    def units(self) -> int:
        """The number of units."""
        return int(self.unit.max()) + 1

    @property
    def periods(self) -> int:
        """The number of periods."""
        return int(self.period.max()) + 1

    def columns(self, exposure: Exposure = "immediate") -> tuple[Floats, Floats]:
        """The regression's columns (c, k), a level for each period and then the change, and the weights (k,) that make its effect.

        ``immediate``: the effect is the same from the first period on. ``each``: one effect for each period of exposure, of which the plain
        mean is given: an effect that grows or fades makes the immediate one wrong (Kenny, Voldal, Xia & Heagerty 2022).
        """
        levels = (self.period[:, None] == np.arange(self.periods)).astype(np.float64)
        if exposure == "immediate":
            change = (self.exposure > 0).astype(np.float64)[:, None]
        else:
            change = (self.exposure[:, None] == np.unique(self.exposure[self.exposure > 0])).astype(np.float64)
        x = np.column_stack([levels, change])
        if np.linalg.matrix_rank(x) < x.shape[1]:
            raise CannotBeKnown(
                mark(
                    "The change and the periods cannot be told apart: too few periods have units both with the change and without it."
                )
            )
        return x, np.r_[np.zeros(self.periods), np.full(change.shape[1], 1.0 / change.shape[1])]


@dataclass(frozen=True)
class WedgeEffect:
    """The effect of a stepped wedge's change: in the measure's unit, or as log odds (``wedge_logistic``, and ``wedge_gee`` of shares).

    ``df``: the number of units less two (Li & Redden 2015). ``between`` is the standard deviation of units, ``drift`` that of a unit's
    periods around it, ``within`` that of cases; None where the method has none. ``levels`` (periods,) are the levels without the change.
    """

    estimate: float
    se: float
    df: int
    levels: Floats
    between: float | None = None
    drift: float | None = None
    within: float | None = None

    def interval(self, confidence: float = 0.95, *, large: bool = False) -> tuple[float, float]:
        """The bounds of an interval, by the t distribution; by the normal one where there are *large* numbers of units."""
        tail = 0.5 + confidence / 2
        quantile = float(stats.norm.ppf(tail) if large else stats.t.ppf(tail, self.df))
        return self.estimate - quantile * self.se, self.estimate + quantile * self.se


def wedge(unit: Ints, period: Ints, treated: Ints, *, n: Floats, total: Floats, squares: Floats | None = None) -> Wedge:
    """A stepped wedge from its cells: arrays (c,) of unit and period numbers, 1 where *treated*, number of cases, Σy and Σy².

    Cells without cases are left out. Without *squares* the values are taken to be 0 and 1, so that Σy² = Σy.
    A unit's exposure counts the periods since its start, also those in which it had no case; periods are numbered in their order.
    Raises ``BadInput`` for cells that do not fit together, ``CannotBeKnown`` for fewer than 4 units or a single start.
    """
    unit, period, treated = (np.asarray(a).astype(np.int64) for a in (unit, period, treated))
    n, total = np.asarray(n, np.float64), np.asarray(total, np.float64)
    squares = total if squares is None else np.asarray(squares, np.float64)
    _check_cells(unit, period, n, total, squares)
    periods, place = np.unique(period, return_inverse=True)
    units, who = np.unique(unit, return_inverse=True)
    exposure = _exposure(who, place, treated > 0, len(periods))
    _check_design(who, exposure, len(units))
    some = n > 0
    if len(np.unique(who[some])) < len(units) or len(np.unique(place[some])) < len(periods):
        raise CannotBeKnown(mark("A unit or a period has no cases at all; leave it out, or use longer periods."))
    return Wedge(who[some], place[some], exposure[some], n[some], total[some], squares[some])


def _exposure(unit: Ints, period: Ints, treated: Flags, periods: int) -> Ints:
    """Periods since the unit's start, counting the first as 1; 0 before it."""
    start = np.full(int(unit.max()) + 1, periods, dtype=np.int64)
    np.minimum.at(start, unit[treated], period[treated])
    exposure = np.maximum(period - start[unit] + 1, 0)
    if ((exposure > 0) != treated).any():
        raise BadInput(
            mark(
                "A unit of a stepped wedge keeps the change once it has it; correct the starts, or leave the unit out."
            )
        )
    return exposure


def _check_cells(unit: Ints, period: Ints, n: Floats, total: Floats, squares: Floats) -> None:
    if unit.ndim != 1 or len({a.shape for a in (unit, period, n, total, squares)}) > 1 or not len(unit):
        raise BadInput(
            mark("The cells of a stepped wedge are columns of one and the same length, with at least one row.")
        )
    if not all(np.isfinite(a).all() for a in (n, total, squares)) or (n < 0).any():
        raise BadInput(
            mark("A cell of the stepped wedge has a number of cases below 0, or a sum that is not a number.")
        )
    if len(np.unique(np.column_stack([unit, period]), axis=0)) < len(unit):
        raise BadInput(mark("A unit has two cells in one period; add them together first."))
    if (squares < total**2 / np.maximum(n, 1) * (1 - 1e-9) - 1e-9).any():
        raise BadInput(mark("A cell's sum of squares is smaller than its sum allows; check how the cells were made."))


def _check_design(unit: Ints, exposure: Ints, units: int) -> None:
    if units < FEWEST_UNITS:
        raise CannotBeKnown(
            mark("A stepped wedge needs at least %(least)s units and has %(units)s; let more units take part."),
            least=Figure(FEWEST_UNITS, "count"),
            units=Figure(units, "count"),
        )
    most = np.zeros(units, dtype=np.int64)
    np.maximum.at(most, unit, exposure)
    if len(np.unique(most)) < 2:
        raise CannotBeKnown(
            mark("All units started in the same period. Had some waited, the effect could have been known.")
        )
