"""What a change did: the same cases lived with it and without, side by side."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from loft.example.calendar import Calendar
from loft.example.experiment import days_of
from loft.example.paths import Paths
from loft.example.queues import Times
from loft.example.units import UNITS
from loft.example.ways import STEPS

Figures = dict[str, NDArray[np.float64]]
_UNIT = np.array([[unit.name for unit in UNITS].index(step.unit) for step in STEPS], np.int64)
_ACTIVITY = np.array([step.activity for step in STEPS])


class Lived(Protocol):
    """Cases with both their lives, as experiment.Lives and others.Others have them."""

    @property
    def calendar(self) -> Calendar: ...
    @property
    def paths(self) -> Paths: ...
    @property
    def times(self) -> Times: ...
    @property
    def paths_without(self) -> Paths: ...
    @property
    def times_without(self) -> Times: ...


def doors_of(paths: Paths) -> NDArray[np.int64]:
    """The number of different units each case meets, were it lived to its end."""
    pair = np.unique(paths.case_of_step().astype(np.int64) * len(UNITS) + _UNIT[paths.step])
    return np.bincount(pair // len(UNITS), minlength=paths.cases)


def bounces_of(paths: Paths) -> NDArray[np.int64]:
    """How many times each case comes back to a unit that it has left, were it lived to its end."""
    case, unit = paths.case_of_step().astype(np.int64), _UNIT[paths.step]
    moved = np.ones(len(unit), bool)
    moved[1:] = (unit[1:] != unit[:-1]) | (case[1:] != case[:-1])
    return np.bincount(case[moved], minlength=paths.cases) - doors_of(paths)


def took(paths: Paths, activity: str) -> NDArray[np.bool_]:
    """Whether each case takes a step with this *activity*, were it lived to its end."""
    return np.bincount(paths.case_of_step(), np.equal(_ACTIVITY, activity)[paths.step], paths.cases) > 0


_MADE: dict[str, Callable[[Paths], NDArray[Any]]] = {
    "doors": doors_of,
    "bounces": bounces_of,
    "asked": lambda paths: took(paths, "information.requested"),
    "returned": lambda paths: took(paths, "case.returned"),
}


def figures_of(lived: Lived, names: Sequence[str]) -> Figures:
    """For each case and each of *names*, its figure ``…_with`` and ``…_without`` the change; days are not a number where unknown.

    Names are ``days``, ``doors``, ``bounces`` (times it comes back to a unit), ``asked`` (for what is missing) and ``returned``
    (whether it is sent back).
    """
    figures: Figures = {}
    for name in names:
        if name == "days":
            figures["days_with"] = days_of(lived.paths, lived.times, lived.calendar)
            figures["days_without"] = days_of(lived.paths_without, lived.times_without, lived.calendar)
        else:
            figures[f"{name}_with"] = _MADE[name](lived.paths).astype(float)
            figures[f"{name}_without"] = _MADE[name](lived.paths_without).astype(float)
    return figures


def means(figures: Figures, which: NDArray[np.bool_]) -> dict[str, Any]:
    """Means over *which* cases, of those whose days are known in both lives, and what the change did to their days.

    Where there are none, the number of cases alone.
    """
    known = which & np.isfinite(figures["days_with"]) & np.isfinite(figures["days_without"])
    if not known.any():
        return {"cases": 0}
    found = {name: float(values[known].mean()) for name, values in figures.items()}
    return {
        "cases": int(known.sum()),
        **{name: round(mean, 3) for name, mean in found.items()},
        "days_difference": round(found["days_with"] - found["days_without"], 3),
        "days_ratio": round(found["days_with"] / found["days_without"], 4),
    }
