"""How a service's way through the units is written down: steps, and groups of steps that happen only sometimes."""

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What a step waits for, and when it can happen."""

    DESK = 0  # the unit's queue, then work in office hours
    THEN = 1  # nothing: the same hand does it before going home
    RESIDENT = 2  # the resident, who answers at any hour of the day
    ELSEWHERE = 3  # a meeting, or a body that is not queued for here; office hours
    SYSTEM = 4  # a machine, within two minutes


@dataclass(frozen=True)
class Step:
    """One activity. ``size`` is minutes of work at a desk, days of waiting for a resident or elsewhere."""

    activity: str
    unit: str
    kind: Kind
    size: float = 0.0
    actor: str = "employee"
    ends: bool = False


@dataclass(frozen=True)
class Sometimes:
    """Parts that happen in a share of the cases. The same ``name`` in two routes is drawn with the same numbers."""

    name: str
    chance: float
    parts: tuple["Part", ...]


Part = Step | Sometimes


def desk(activity: str, unit: str, minutes: float) -> Step:
    return Step(activity, unit, Kind.DESK, minutes)


def then(activity: str, unit: str, *, ends: bool = False) -> Step:
    return Step(activity, unit, Kind.THEN, ends=ends)


def resident(activity: str, unit: str, days: float = 0.0, *, ends: bool = False) -> Step:
    return Step(activity, unit, Kind.RESIDENT, days, "resident", ends)


def elsewhere(activity: str, unit: str, days: float) -> Step:
    return Step(activity, unit, Kind.ELSEWHERE, days)


def system(activity: str, unit: str, *, actor: str = "system", ends: bool = False) -> Step:
    return Step(activity, unit, Kind.SYSTEM, actor=actor, ends=ends)


def sometimes(name: str, chance: float, *parts: Part) -> Sometimes:
    return Sometimes(name, chance, parts)


def missing_information(unit: str, chance: float, days: float, *, withdrawn: float = 0.05) -> Sometimes:
    """The unit asks for what is missing and the resident answers, is asked again, or withdraws."""
    return sometimes(
        "missing",
        chance,
        desk("information.requested", unit, 15),
        sometimes("withdrawn", withdrawn, resident("application.withdrawn", unit, days * 2, ends=True)),
        resident("information.received", unit, days),
        sometimes(
            "missing again",
            0.2,
            desk("information.requested", unit, 10),
            resident("information.received", unit, days),
        ),
    )
