"""The ways through the units that changes open: the joint door for newcomers, and four changes in other services.

A new way differs from the usual one only in what the change is about: some groups of steps become more or less frequent, and a system or
robot writes that the case went the new way, so that the log shows who met the change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain

from loft.example.services import SERVICES, answer, application
from loft.example.steps import Part, Step, desk, elsewhere, missing_information, sometimes, system
from loft.example.units import BOLIG, BUILDING, DOOR, HEALTH, KINDERGARTEN, SCHOOL, TORGET, UDI

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
    centres by lot, or, where not ``by_lot``, in all on the same day. ``first`` is the step that tells, just after the application, that a
    case goes the new way; ``chances`` what became more or less frequent there: for each service and group of steps the share of cases.
    """

    name: str
    months: int
    first: Mapping[str, Step]
    chances: Mapping[str, Mapping[str, float]]
    by_lot: bool = True

    @property
    def shown_by(self) -> str:
        """The activity of ``first``."""
        return next(iter(self.first.values())).activity

    @property
    def services(self) -> tuple[str, ...]:
        return tuple(self.first)

    def way(self, service: str) -> tuple[Part, ...]:
        """The new way through *service*."""
        now = self.chances.get(service, {})
        received, *rest = _PARTS[service]
        other = [
            part if isinstance(part, Step) else replace(part, chance=now.get(part.name, part.chance)) for part in rest
        ]
        return (received, self.first[service], *other)

    def before(self, service: str) -> dict[str, float]:
        """The share of cases that took each group of ``chances`` before."""
        now = self.chances.get(service, {})
        return {part.name: part.chance for part in _PARTS[service] if not isinstance(part, Step) and part.name in now}


MESSAGE = Trial(
    "message",
    9,
    {
        "Økonomisk sosialhjelp": system("message.sent", TORGET),
        "Pleie og omsorg": system("message.sent", HEALTH),
    },
    {},
)
"""A text message when the application has come in. Nothing else is different: no effect."""
SHORT_FORM = Trial(
    "short form",
    11,
    {"Byggesak": system("register.checked", BUILDING)},
    {"Byggesak": {"missing": 0.2, "map": 0.3, "sent back": 0.6}},
)
"""A form with fewer questions and its own map: less is asked for underway, and far more is sent back."""
RULES = Trial(
    "rules",
    10,
    {"Barnehageplass": system("rules.applied", KINDERGARTEN, actor="robot")},
    {"Barnehageplass": {"robot": 0.55}},
    by_lot=False,
)
"""A robot decides more of the simple applications: a true effect, in all centres on the same day."""
REGISTERS = Trial(
    "registers",
    2,
    {
        "Hjelpemidler": system("register.checked", TORGET),
        "Parkeringstillatelse for forflytningshemmede": system("register.checked", TORGET),
        "Startlån": system("register.checked", BOLIG),
    },
    {
        "Hjelpemidler": {"missing": 0.08},
        "Parkeringstillatelse for forflytningshemmede": {"missing": 0.15},
        "Startlån": {"missing": 0.2},
    },
)
"""What is on record already is looked up, so that people are asked for less: a true effect, two months old."""
TRIALS = (MESSAGE, SHORT_FORM, RULES, REGISTERS)


def _steps(parts: tuple[Part, ...]) -> tuple[Step, ...]:
    return tuple(chain.from_iterable((part,) if isinstance(part, Step) else _steps(part.parts) for part in parts))


STEPS: tuple[Step, ...] = tuple(
    dict.fromkeys(
        chain(
            *(_steps(service.parts) for service in SERVICES),
            _steps(JOINT_DOOR),
            *(_steps(trial.way(service)) for trial in TRIALS for service in trial.services),
        )
    )
)
"""Every step of every service once; the simulation knows a step by its place here."""
