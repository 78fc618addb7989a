"""Cells: all that an estimate needs of a log, a few numbers for each unit and day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from loft.value.measures import Measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """A measure summed by unit and day, one entry in each array for each cell.

    ``unit`` counts from 0 in ``units``; ``day`` counts from 0 at the day ``first`` and is the day the cases were opened (of a panel: the
    first day of the period). ``n`` is the number of cases, ``total`` and ``squares`` are Σy and Σy². ``stratum`` counts from 0 in
    ``strata`` (the service or another attribute by which the mix of cases is told); all 0 where there is one stratum only.

    Of durations (``measure.form == "duration"``) a cell is further split by ``age``, whole days from opening to the answer or, where
    ``closed`` is False, to ``until``; else both are None. ``until`` is the last day that the log knows of. ``within``: days after which
    a case's figure is final; cases opened later than that before ``until`` are left out, except of durations, which are
    restricted to it (τ).
    ``step`` is the number of days in a period: 1, or 30, 91 or 365 for a panel of months, quarters or years.

    Of cases a day (``measure.form == "count"``) ``n``, ``total`` and ``squares`` are all the number of cases; a day without any has no
    cell, so a unit's figure over a window is Σn by its days.

    ``left_out`` counts cases for which no unit is known, ``unknown`` those of known units for which the measure is not known.
    """

    measure: Measure
    units: tuple[str, ...]
    first: date
    until: date
    unit: Ints
    day: Ints
    n: Floats
    total: Floats
    squares: Floats
    strata: tuple[str, ...] = ("",)
    stratum: Ints | None = None
    age: Ints | None = None
    closed: Flags | None = None
    within: int = 0
    step: int = 1
    left_out: int = 0
    unknown: int = 0
