"""Rows of cases for the tests of value, made from a seed, and their cells."""

import numpy as np


def made(seed, units=12, periods=9, rows=900, effect=-1.5, treated=6, start=5, holes=True):
    """Cases of an unbalanced panel: unit, period, y, treated; each unit with a shift of its own and a shock each period."""
    rng = np.random.default_rng(seed)
    unit = rng.integers(0, units, rows)
    period = rng.integers(0, periods, rows)
    if holes:
        kept = ~((unit == 1) & (period == 2)) & ~((unit == units - 1) & (period > periods - 3))
        unit, period = unit[kept], period[kept]
    on = ((unit < treated) & (period >= start)).astype(float)
    shock = rng.normal(0, 1, (units, periods))
    y = 10 + rng.normal(0, 3, units)[unit] + 0.4 * period + shock[unit, period] + effect * on
    return unit, period, y + rng.normal(0, 2, len(unit)), on


def cells(y, *keys):
    """The cells of *y* by *keys*: the keys' values for each cell, then n, Σy, Σy²."""
    table, place = np.unique(np.column_stack(keys), axis=0, return_inverse=True)
    place = place.reshape(-1)
    sums = [np.bincount(place, weights=w, minlength=len(table)) for w in (np.ones(len(y)), y, y**2)]
    return [table[:, i] for i in range(table.shape[1])], sums
