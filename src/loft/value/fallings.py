"""Every way a lottery could have fallen, and the lottery that a plan records."""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from loft.language import mark
from loft.value.cells import Ints
from loft.value.errors import BadInput
from loft.value.lottery import METHOD, drawn_order
from loft.value.plan import Plan
from loft.value.sentence import Figure


@dataclass(frozen=True)
class Lots:
    """What was drawn: ``units`` in the order drawn, each one's planned start (None for never), and the block it was drawn in."""

    units: tuple[str, ...]
    starts: tuple[date | None, ...]
    blocks: tuple[str, ...]


def lots_of(plan: Plan) -> Lots:
    """The lottery that *plan* records in ``draw``: ``order``, ``seed``, ``method`` and, where drawn in blocks, ``blocks`` (unit → block).

    Raises ``BadInput`` where the plan records none, where treated or comparison units were not in it, where the starts are not in the
    order drawn, or where a draw by ``loft.value.lottery``, made again by its seed, gives another order.
    """
    order = tuple(plan.draw.get("order", ()))
    if not order:
        raise BadInput(mark("The plan records no draw: its field draw needs the order in which the units were drawn."))
    start = dict(plan.treated)
    if set(order) != {*start, *plan.comparison} or len(set(order)) != len(order):
        raise BadInput(
            mark("The units of the plan are not those that were drawn. Units cannot be added or left out after a draw.")
        )
    blocks = {unit: str(dict(plan.draw.get("blocks", {})).get(unit, "")) for unit in order}
    for block in sorted(set(blocks.values())):
        names = [unit for unit in order if blocks[unit] == block]
        starts = [start.get(unit, date.max) for unit in names]
        if starts != sorted(starts):
            raise BadInput(
                mark("The units do not start in the order in which they were drawn. Give the starts that were drawn.")
            )
        if plan.draw.get("method") == METHOD and drawn_order(names, str(plan.draw.get("seed"))) != tuple(names):
            raise BadInput(
                mark("Drawing again with the seed %(seed)s gives another order than the one recorded."),
                seed=Figure(str(plan.draw.get("seed")), "text"),
            )
    return Lots(order, tuple(start.get(unit) for unit in order), tuple(blocks.values()))


def ways(label: Ints, block: Ints) -> float:
    """In how many ways the *label* (n,) of each unit could have fallen, drawn inside each *block* (n,)."""
    logs = 0.0
    for b in np.unique(block):
        counts = np.unique(label[block == b], return_counts=True)[1]
        logs += math.lgamma(counts.sum() + 1) - sum(math.lgamma(c + 1) for c in counts)
    return math.exp(logs) if logs < 700 else math.inf


def redrawn(label: Ints, block: Ints, draws: int, rng: np.random.Generator) -> tuple[Ints, bool]:
    """Who could have had whose label: (B, n) places into *label*, and whether these are all the ways there are.

    Every way once, where there are no more than *draws*; else *draws* of them at random. Places are permuted inside each *block*.
    """
    n = len(label)
    if ways(label, block) <= draws + 0.5:
        return np.array(_every(label, block), np.int64).reshape(-1, n), True
    places = np.tile(np.arange(n), (draws, 1))
    for b in np.unique(block):
        inside = np.flatnonzero(block == b)
        places[:, inside] = rng.permuted(np.tile(inside, (draws, 1)), axis=1)
    return places, False


def _every(label: Ints, block: Ints) -> list[list[int]]:
    """All distinct fallings as places: units with the same label in a block are not told apart."""
    found: list[list[int]] = []
    left: dict[tuple[int, int], list[int]] = {}
    for i, key in enumerate(zip(block.tolist(), label.tolist(), strict=True)):
        left.setdefault(key, []).append(i)

    def deal(taken: list[int]) -> None:
        i = len(taken)
        if i == len(label):
            found.append(taken)
            return
        for key in [k for k, places in left.items() if k[0] == block[i] and places]:
            place = left[key].pop()
            deal([*taken, place])
            left[key].append(place)

    deal([])
    return found
