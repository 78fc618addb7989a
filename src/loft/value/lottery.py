"""A draw of the order in which units start, that anyone can make again with nothing but the names and the seed.

A unit's place is decided by the SHA-256 of the seed, a colon and its name in UTF-8: the lowest comes first. A seed that nobody
could choose, such as a published lottery number of a day to come, makes the draw fair to those who do not trust the drawer."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure

METHOD = "sha256(seed:unit), lowest first"


@dataclass(frozen=True)
class Draw:
    """A draw: ``order`` has every unit, first drawn first; ``treated`` those that start, with their day; ``waiting`` those that do not."""

    seed: str
    order: tuple[str, ...]
    treated: tuple[tuple[str, date], ...]
    waiting: tuple[str, ...]
    waves: int

    def as_dict(self) -> dict[str, Any]:
        """The record that a plan keeps in ``draw``."""
        return {
            "seed": self.seed, "method": METHOD, "order": list(self.order), "waves": self.waves,
            "treated": [[unit, day.isoformat()] for unit, day in self.treated],
        }  # fmt: skip


def drawn_order(units: Sequence[str], seed: str) -> tuple[str, ...]:
    """*units* in the order drawn. Raises ``BadInput`` for a unit named twice."""
    if twice := sorted({unit for unit in units if list(units).count(unit) > 1}):
        raise BadInput(mark("The unit %(unit)s is named twice in the draw."), unit=Figure(twice[0], "text"))
    return tuple(sorted(units, key=lambda unit: hashlib.sha256(f"{seed}:{unit}".encode()).hexdigest()))


def draw_lots(
    units: Sequence[str], *, seed: str, start: date, count: int | None = None, waves: int = 1, apart: int = 60
) -> Draw:
    """A draw of which *count* units (half for None) start, in *waves* that are *apart* days from each other; the others wait.

    Raises ``BadInput`` where there are fewer than four units, or more waves than units that start."""
    order = drawn_order(units, seed)
    count = len(order) // 2 if count is None else count
    if len(order) < 4 or count < 2:
        raise BadInput(mark("A draw needs at least four units, two that start and two that wait."))
    if count > len(order) - 2:
        raise BadInput(
            mark("At most %(most)s of %(units)s can start: a draw needs two that wait."),
            most=Figure(len(order) - 2, "count"),
            units=Figure(len(order), "count"),
        )
    if not 1 <= waves <= count:
        raise BadInput(mark("There are more waves than units that start."))
    treated = tuple(
        (unit, start + timedelta(days=apart * (place * waves // count))) for place, unit in enumerate(order[:count])
    )
    return Draw(seed, order, treated, order[count:], waves)


def check_draw(units: Sequence[str], draw: dict[str, Any]) -> bool:
    """Whether a recorded *draw* is what its seed gives."""
    return list(drawn_order(units, str(draw["seed"]))) == list(draw["order"])
