"""The ways through the units that changes open: the joint door for newcomers, and four changes in other services.

A new way differs from the usual one only in what the change is about: some groups of steps become more or less frequent, and a system or
robot writes that the case went the new way, so that the log shows who met the change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain

from loft.example.services import SERVICES, answer, application
from loft.example.steps import Part, Step, desk, elsewhere, missing_information, sometimes, system
from loft.example.units import BOLIG, BUILDING, DOOR, HEALTH, SCHOOL, TORGET, UDI

JOINT_DOOR: tuple[Part, ...] = (
    *application(DOOR),
    sometimes("sent back", 0.02, desk("case.returned", DOOR, 15), desk("application.registered", DOOR, 15)),
    desk("needs.assessed", DOOR, 75),
    missing_information(DOOR, 0.32, 10),
    sometimes("permit", 0.1, elsewhere("permit.confirmed", UDI, 9)),
    sometimes("school", 0.2, desk("skills.assessed", SCHOOL, 60)),
    sometimes("housing", 0.2, desk("housing.assessed", BOLIG, 45)),
    elsewhere("meeting.held", DOOR, 14),
    desk("plan.drafted", DOOR, 80),
    *answer(DOOR, 30),
)
"""The way through one joint door, for the newcomers of a local centre that has opened it."""
_PARTS = {service.name: service.parts for service in SERVICES}


@dataclass(frozen=True)
class Trial:
    """A change in other services than the newcomers'.

    ``name`` is its name in the truth. It starts on the first of a month, ``months`` whole months before the log ends: in 12 of 24 local
    centres by lot, or, where not ``by_lot``, in all on the same day. ``ways`` are the new ways by service, ``chances`` what became more
    or less frequent in them: the share of cases before and after. ``shown_by`` is the activity that tells that a case went the new way.
    """

    name: str
    months: int
    ways: Mapping[str, tuple[Part, ...]]
    shown_by: str
    chances: Mapping[str, tuple[float, float]]
    by_lot: bool = True


def _changed(service: str, first: Step, chances: Mapping[str, tuple[float, float]]) -> tuple[Part, ...]:
    """The usual way of *service* with the step *first* just after the application, and other *chances* for groups of steps."""
    received, *rest = _PARTS[service]
    other = [
        part if isinstance(part, Step) or part.name not in chances else replace(part, chance=chances[part.name][1])
        for part in rest
    ]
    return (received, first, *other)


def _usual(service: str, *names: str) -> dict[str, float]:
    return {part.name: part.chance for part in _PARTS[service] if not isinstance(part, Step) and part.name in names}


def _trial(
    name: str,
    months: int,
    steps: Mapping[str, Step],
    *,
    by_lot: bool = True,
    chances: Mapping[str, float] | None = None,
) -> Trial:
    """A trial whose new way begins with the step given for each service, with the new *chances*."""
    now = chances or {}
    before = {group: chance for service in steps for group, chance in _usual(service, *now).items()}
    both = {group: (before[group], now[group]) for group in now}
    ways = {service: _changed(service, step, both) for service, step in steps.items()}
    return Trial(name, months, ways, next(iter(steps.values())).activity, both, by_lot)


MESSAGE = _trial(
    "message",
    9,
    {
        "Økonomisk sosialhjelp": system("message.sent", TORGET),
        "Pleie og omsorg": system("message.sent", HEALTH),
        "Parkeringstillatelse for forflytningshemmede": system("message.sent", TORGET),
    },
)
"""A text message when the application has come in. Nothing else is different: no effect."""
SHORT_FORM = _trial(
    "short form",
    11,
    {"Byggesak": system("register.checked", BUILDING)},
    chances={"missing": 0.2, "map": 0.3, "sent back": 0.5},
)
"""A form with fewer questions and its own map: less is asked for underway, and far more is sent back."""
CHECK_LIST = _trial(
    "check list",
    10,
    {"Startlån": system("register.checked", BOLIG)},
    chances={"missing": 0.2},
    by_lot=False,
)
"""What is missing is told before the application is sent: a true effect, in all centres on the same day."""
DIRECT_ORDER = _trial(
    "direct order",
    2,
    {"Hjelpemidler": system("register.checked", TORGET)},
    chances={"sent back": 0.05, "missing": 0.1},
)
"""Aids are chosen from a register with what must be told, so that fewer orders come back: a true effect, two months old."""
TRIALS = (MESSAGE, SHORT_FORM, CHECK_LIST, DIRECT_ORDER)


def _steps(parts: tuple[Part, ...]) -> tuple[Step, ...]:
    return tuple(chain.from_iterable((part,) if isinstance(part, Step) else _steps(part.parts) for part in parts))


STEPS: tuple[Step, ...] = tuple(
    dict.fromkeys(
        chain(
            *(_steps(service.parts) for service in SERVICES),
            _steps(JOINT_DOOR),
            *(_steps(way) for trial in TRIALS for way in trial.ways.values()),
        )
    )
)
"""Every step of every service once; the simulation knows a step by its place here."""
