"""Tallies: cells while they are being made, with what each day left out, so that days can be replaced by newer ones."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loft.value.cells import Cells, Floats, Ints

BITS = 30
"""Binary digits of a sum that count in the hash, about nine decimal ones: engines add decimals in different orders."""
SUMS = ("n", "total", "squares")
_HASH = "hash of its own"
"""Where cells keep their hash once it is made."""


@dataclass(frozen=True)
class Tally:
    """Cells, and for each of ``days`` (d,) how many cases had no unit, ``left_out`` (d,), or no known value, ``unknown`` (d,)."""

    cells: Cells
    days: Ints
    left_out: Ints
    unknown: Ints

    def summed(self) -> Cells:
        """The cells, sorted, with what was left out over all days."""
        return replace(ordered(self.cells), left_out=int(self.left_out.sum()), unknown=int(self.unknown.sum()))


def columns(cells: Cells) -> dict[str, NDArray[Any]]:
    """The arrays of the cells by name, without those that are None."""
    names = ("unit", "day", "stratum", "age", "closed", "n", "total", "squares")
    return {name: value for name in names if (value := getattr(cells, name)) is not None}


def taken(cells: Cells, places: Any) -> Cells:
    """The cells at *places*, in that order."""
    return replace(cells, **{name: value[places] for name, value in columns(cells).items()})


def ordered(cells: Cells) -> Cells:
    """The same cells with units and strata by name, those without cells gone, sorted by unit, day, stratum, age and closed."""
    units, unit = _by_name(cells.units, cells.unit)
    strata, stratum = (cells.strata, None) if cells.stratum is None else _by_name(cells.strata, cells.stratum)
    cells = replace(cells, units=units, unit=unit, strata=strata or ("",), stratum=stratum)
    keys = [value for name, value in columns(cells).items() if name not in SUMS]
    return taken(cells, np.lexsort(keys[::-1]))


def _by_name(names: tuple[str, ...], place: Ints) -> tuple[tuple[str, ...], Ints]:
    used = np.unique(place)
    order = sorted(used.tolist(), key=lambda i: names[i])
    new = np.zeros(len(names), dtype=np.int64)
    new[order] = np.arange(len(order))
    return tuple(names[i] for i in order), new[place]


def with_days_replaced(old: Tally, new: Tally, days: Ints) -> Tally:
    """*old* with the cells of *days* taken from *new*, which has these days only; what else it says is of *new*."""
    stay, kept = ~np.isin(old.cells.day, days), ~np.isin(old.days, days)
    return Tally(
        _joined(taken(old.cells, stay), new.cells),
        np.concatenate([old.days[kept], new.days]),
        np.concatenate([old.left_out[kept], new.left_out]),
        np.concatenate([old.unknown[kept], new.unknown]),
    )


def _joined(a: Cells, b: Cells) -> Cells:
    units, strata = (tuple(dict.fromkeys((*x, *y))) for x, y in ((a.units, b.units), (a.strata, b.strata)))
    parts = []
    for cells in (a, b):
        values = columns(cells)
        values["unit"] = _renumbered(cells.units, units, cells.unit)
        if cells.stratum is not None:
            values["stratum"] = _renumbered(cells.strata, strata, cells.stratum)
        parts.append(values)
    both: dict[str, Any] = {name: np.concatenate([parts[0][name], parts[1][name]]) for name in parts[1]}
    return replace(b, units=units, strata=strata, **both)


def _renumbered(names: tuple[str, ...], among: tuple[str, ...], place: Ints) -> Ints:
    places = {name: i for i, name in enumerate(among)}
    return np.array([places[name] for name in names], dtype=np.int64)[place]


def hash_of(cells: Cells) -> str:
    """SHA-256 of the cells, 64 hexadecimal digits, the same whatever the order of rows, units and strata, and on every engine.

    Sums count with nine digits. Where a measure is a decimal attribute, two engines may still round the last of them differently. Made
    once: it stays with these cells, whose arrays must not change.
    """
    kept = vars(cells)
    if _HASH not in kept:
        kept[_HASH] = _hash(cells)
    return str(kept[_HASH])


def with_hash(cells: Cells, told: str) -> Cells:
    """The same cells, whose hash was kept beside them."""
    vars(cells)[_HASH] = told
    return cells


def _hash(cells: Cells) -> str:
    place, radix = _places(cells)
    if not (_named_in_order(cells) and (np.diff(place) > 0).all()):
        cells = ordered(cells)
        place, radix = _places(cells)
    head = {
        "measure": cells.measure.name,
        "form": cells.measure.form,
        "units": cells.units,
        "strata": cells.strata,
        "first": str(cells.first),
        "until": str(cells.until),
        "within": cells.within,
        "step": cells.step,
        "left_out": cells.left_out,
        "unknown": cells.unknown,
        "radix": radix,
    }
    found = hashlib.sha256(json.dumps(head, ensure_ascii=False, sort_keys=True).encode())
    for value in (place, *_sums(cells)):
        found.update(f"\n{len(cells.n)}\n".encode())
        found.update(np.ascontiguousarray(value, "<i8").data)
    return found.hexdigest()


def _named_in_order(cells: Cells) -> bool:
    """Whether units and strata stand by name, each with a cell."""
    pairs = [(cells.units, cells.unit)] + ([] if cells.stratum is None else [(cells.strata, cells.stratum)])
    return all(
        list(names) == sorted(names) and bool(np.bincount(place, minlength=len(names)).all()) for names, place in pairs
    )


def _places(cells: Cells) -> tuple[Ints, dict[str, int]]:
    """Unit, day, stratum, age and closed as the digits of one whole number for each cell, and how many values each digit can have."""
    place, radix = np.zeros(len(cells.n), np.int64), {}
    for name, value in columns(cells).items():
        if name not in SUMS:
            radix[name] = int(value.max(initial=0)) + 1
            place = place * radix[name] + value
    return place, radix


def _sums(cells: Cells) -> list[Ints]:
    """What is summed, rounded. Σy and Σy² are left out where they follow from the cases: of counts, and of durations by their age."""
    follow = cells.age is not None or cells.measure.form == "count"
    return [_rounded(value) for value in ((cells.n,) if follow else (cells.n, cells.total, cells.squares))]


def _rounded(values: Floats) -> Ints:
    """The bits of each number, rounded to ``BITS`` binary digits: half of what is cut off is added, which carries as it should."""
    bits = (np.ascontiguousarray(values, np.float64) + 0.0).view(np.int64)  # + 0.0: there is one nought, not two.
    cut = 53 - BITS
    return (bits + (1 << (cut - 1))) >> cut
