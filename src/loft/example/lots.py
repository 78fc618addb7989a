"""Which local centres start with a change, and when: drawn by lot, and recorded as drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from loft.example.calendar import DAY, Calendar
from loft.example.streams import stream
from loft.example.ways import Trial

CENTRES = tuple(
    "Bjørkneset Brekka Dalsida Elvegata Fjellstad Granmoen Havnes Heimdalen Kirkevik Kvernvik Lia Midtbyen "
    "Myra Nesodden Nordstrand Orrefjell Rundvik Sandhaug Skogli Solbakken Storvika Strandheim Tindvik Ytterøya".split()
)
WAVES = 4


@dataclass(frozen=True)
class Lot:
    """The draw: every centre in the order drawn, and the month of the log in which those that start do so."""

    seed: int
    order: tuple[str, ...]
    starts: Mapping[str, int]

    @property
    def others(self) -> tuple[str, ...]:
        """The centres that never start."""
        return tuple(centre for centre in self.order if centre not in self.starts)

    def start_seconds(self, days: Calendar) -> NDArray[np.int64]:
        """For each of CENTRES, the second its change starts; after the simulation ends where it never does."""
        starts = [days.month_start(self.starts[name]) if name in self.starts else days.days for name in CENTRES]
        return np.array(starts, np.int64) * DAY


def draw_lot(seed: int, months: int) -> Lot:
    """The joint door's: four waves of three centres, stepwise through the last quarter of the log."""
    order = _order(seed, "lottery")
    first, apart = months * 3 // 4, max(months // 24, 1)
    size = len(order) // 2 // WAVES
    return Lot(seed, order, {centre: first + place // size * apart for place, centre in enumerate(_half(order))})


def lot_of(trial: Trial, seed: int, months: int) -> Lot:
    """The first twelve drawn start together; all centres where nothing is drawn, in the order of the alphabet."""
    order = _order(seed, "lottery", trial.name) if trial.by_lot else CENTRES
    return Lot(seed, order, dict.fromkeys(_half(order) if trial.by_lot else order, months - trial.months))


def centre_of_cases(seed: int, cases: int, *names: str) -> NDArray[np.int8]:
    """The local centre of each case, a place in CENTRES. Centres differ in size, and are as large in every service."""
    sizes = np.exp(0.25 * stream(seed, "centres").standard_normal(len(CENTRES)))
    return stream(seed, "centre", *names).choice(len(CENTRES), cases, p=sizes / sizes.sum()).astype(np.int8)


def _order(seed: int, *names: str) -> tuple[str, ...]:
    return tuple(CENTRES[place] for place in stream(seed, *names).permutation(len(CENTRES)))


def _half(order: tuple[str, ...]) -> tuple[str, ...]:
    return order[: len(order) // 2]
