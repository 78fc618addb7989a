"""Each case's way, drawn before anyone is queued: which steps it takes, and how much work or waiting each is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from loft.example.arrivals import Arrivals
from loft.example.calendar import DAY, Calendar
from loft.example.steps import Kind, Part, Step
from loft.example.streams import stream
from loft.example.ways import STEPS

Number = TypeVar("Number", np.uint8, np.float32)
DRIFT = 0.04
"""Digital tools make every step take this share less each year, everywhere."""
_ASKED_MORE = np.array([0.85, 1.0, 1.35])
"""How often information is missing, by channel: digital forms forget less."""
_SPREAD = {Kind.DESK: 0.5, Kind.THEN: 0.0, Kind.RESIDENT: 0.7, Kind.ELSEWHERE: 0.3, Kind.SYSTEM: 0.0}
_PLACE = {step: place for place, step in enumerate(STEPS)}


@dataclass(frozen=True)
class Paths:
    """The steps of all cases, one case after another; those of case *i* are ``first[i]`` to ``first[i + 1]``.

    ``step`` is a place in ``services.STEPS``; ``size`` minutes of work or days of waiting; ``luck`` a number from 0 to 1
    that decides the rest; ``opened`` the second each case begins.
    """

    first: NDArray[np.int64]
    step: NDArray[np.uint8]
    size: NDArray[np.float32]
    luck: NDArray[np.float32]
    opened: NDArray[np.int32]

    @property
    def cases(self) -> int:
        return len(self.opened)

    def case_of_step(self) -> NDArray[np.int32]:
        return np.repeat(np.arange(self.cases, dtype=np.int32), np.diff(self.first))


def draw_paths(parts: Sequence[Part], name: str, cases: Arrivals, days: Calendar, seed: int) -> Paths:
    """The ways of *cases* of the service *name* through *parts*.

    Steps and groups are drawn by name: the same case on another route meets the same luck, so that two routes of
    the same cases differ by the route alone.
    """
    present = list(_walk(parts, name, cases, seed))
    taken = np.column_stack([mask for _, mask in present])
    first = np.concatenate([[0], np.cumsum(taken.sum(1, dtype=np.int64))])
    place = np.cumsum(taken, axis=1, dtype=np.uint8)
    paths = Paths(
        first,
        np.empty(first[-1], np.uint8),
        np.empty(first[-1], np.float32),
        np.empty(first[-1], np.float32),
        cases.opened,
    )
    pace = cases.factor * (1 - DRIFT) ** ((cases.opened / DAY - days.log_from) / 365.25).astype(np.float32)
    seen: Counter[str] = Counter()
    for column, (step, mask) in enumerate(present):
        seen[step.activity] += 1
        draw = stream(seed, "step", name, step.activity, seen[step.activity])
        spread = _SPREAD[step.kind]
        size = step.size * pace * np.exp(spread * draw.standard_normal(len(pace), np.float32) - spread**2 / 2)
        at = (first[:-1] + place[:, column] - 1)[mask]
        paths.step[at] = _PLACE[step]
        paths.size[at] = size[mask]
        paths.luck[at] = draw.random(len(pace), np.float32)[mask]
    return paths


def _walk(parts: Sequence[Part], name: str, cases: Arrivals, seed: int) -> list[tuple[Step, NDArray[np.bool_]]]:
    """Each step in order, with the cases that take it."""
    going_on = np.ones(len(cases.opened), bool)

    def walk(parts: Sequence[Part], inside: NDArray[np.bool_]) -> list[tuple[Step, NDArray[np.bool_]]]:
        found = []
        for part in parts:
            if isinstance(part, Step):
                mask = inside & going_on
                found.append((part, mask))
                if part.ends:
                    np.logical_and(going_on, ~mask, out=going_on)
            else:
                chance = part.chance * (_ASKED_MORE[cases.channel] if part.name == "missing" else 1.0)
                drawn = stream(seed, "sometimes", name, part.name).random(len(going_on), np.float32) < chance
                found.extend(walk(part.parts, inside & drawn))
        return found

    return walk(parts, np.ones(len(cases.opened), bool))


def joined(several: Sequence[Paths]) -> Paths:
    """The cases of all, one after another."""
    starts = np.cumsum([0, *(len(paths.step) for paths in several)])
    return Paths(
        np.concatenate([[0], *(paths.first[1:] + start for paths, start in zip(several, starts, strict=False))]),
        np.concatenate([paths.step for paths in several]),
        np.concatenate([paths.size for paths in several]),
        np.concatenate([paths.luck for paths in several]),
        np.concatenate([paths.opened for paths in several]),
    )


def mixed(otherwise: Paths, chosen: Paths, choice: NDArray[np.bool_]) -> Paths:
    """The same cases, each by the *chosen* way where *choice* says so."""
    lengths = np.where(choice, np.diff(chosen.first), np.diff(otherwise.first))
    first = np.concatenate([[0], np.cumsum(lengths)])
    own = np.repeat(choice, lengths)
    within = np.arange(first[-1]) - np.repeat(first[:-1], lengths)
    a = (np.repeat(otherwise.first[:-1], lengths) + within)[~own]
    b = (np.repeat(chosen.first[:-1], lengths) + within)[own]

    def pick(one: NDArray[Number], other: NDArray[Number]) -> NDArray[Number]:
        values = np.empty(first[-1], one.dtype)
        values[~own], values[own] = one[a], other[b]
        return values

    return Paths(
        first,
        pick(otherwise.step, chosen.step),
        pick(otherwise.size, chosen.size),
        pick(otherwise.luck, chosen.luck),
        otherwise.opened,
    )
