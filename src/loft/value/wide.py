"""A panel laid out as units by periods, and what is asked of it before anything is estimated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from loft.language import mark
from loft.value.cells import Floats
from loft.value.errors import BadInput
from loft.value.sentence import Figure


@dataclass(frozen=True)
class Wide:
    """A balanced panel: ``y`` (N, T) is the outcome of ``units`` (N, sorted) in ``periods`` (T,; increasing)."""

    units: tuple[Any, ...]
    periods: Floats
    y: Floats


def wide(unit: Sequence[Any], period: Sequence[float] | Floats, value: Sequence[float] | Floats) -> Wide:
    """The panel of rows of *unit*, *period* and *value*, in any order.

    Raises ``BadInput`` for a unit that is there twice in a period, or missing in one, and for a value that is no number: unbalanced
    panels are not supported, since a unit that comes and goes changes what is compared.
    """
    t, y = np.asarray(period, dtype=np.float64), np.asarray(value, dtype=np.float64)
    if not len(unit) == len(t) == len(y):
        raise BadInput(mark("Units, periods and values must be equally many."))
    if np.isnan(t).any():
        raise BadInput(mark("Row %(row)s has no period."), row=Figure(int(np.isnan(t).argmax()) + 1, "count"))
    units = tuple(sorted(set(unit)))
    places = {name: place for place, name in enumerate(units)}
    i = np.array([places[name] for name in unit], dtype=np.int64)
    periods, j = np.unique(t, return_inverse=True)
    count = np.zeros((len(units), len(periods)), dtype=np.int64)
    np.add.at(count, (i, j), 1)
    if (count > 1).any():
        raise _told(
            mark("%(unit)s is there more than once in period %(period)s. Keep one row."), units, periods, count > 1
        )
    if (count < 1).any():
        raise _told(
            mark("%(unit)s is missing in period %(period)s. Fill the gap, leave the unit out, or use longer periods."),
            units,
            periods,
            count < 1,
        )
    laid = np.empty(count.shape)
    laid[i, j] = y
    if not np.isfinite(laid).all():
        raise _told(mark("%(unit)s has no number in period %(period)s."), units, periods, ~np.isfinite(laid))
    return Wide(units, periods, laid)


def checked_outcome(y: Floats, periods: Floats) -> tuple[Floats, Floats]:
    """*y* (N, T) and *periods* (T,) as floats, found fit to be estimated from. Raises ``BadInput``."""
    y, periods = np.asarray(y, dtype=np.float64), np.asarray(periods, dtype=np.float64)
    if y.ndim != 2 or periods.shape != (y.shape[1],):
        raise BadInput(mark("The outcome must have a row for each unit and a column for each period."))
    if y.shape[0] < 2:
        raise BadInput(
            mark("There are fewer than two units, so there is nothing to compare with. Add units without the change.")
        )
    if y.shape[1] < 2:
        raise BadInput(mark("There are fewer than two periods. Add one before the change, and one after."))
    if not np.isfinite(periods).all() or np.any(np.diff(periods) <= 0):
        raise BadInput(mark("The periods must be numbers that increase, each there once."))
    if not np.isfinite(y).all():
        i, j = np.argwhere(~np.isfinite(y))[0]
        raise BadInput(
            mark("Unit number %(unit)s has no number in period %(period)s."),
            unit=Figure(int(i) + 1, "count"),
            period=Figure(f"{periods[j]:g}", "text"),
        )
    if np.ptp(y) <= 1e-12 * np.abs(y).max():
        raise BadInput(
            mark("The outcome is the same in every unit and period. Check that the right measure was chosen.")
        )
    return y, periods


def _told(text: str, units: tuple[Any, ...], periods: Floats, where: Any) -> BadInput:
    i, j = np.argwhere(where)[0]
    period = float(periods[j])
    return BadInput(text, unit=Figure(str(units[i]), "text"), period=Figure(f"{period:g}", "text"))
