"""Fjordvik's services. Every name, share and duration here is invented."""

from dataclasses import dataclass

from loft.example.steps import Part, Step, desk, elsewhere, missing_information, resident, sometimes, system, then
from loft.example.units import (
    AIDS,
    BOLIG,
    BUILDING,
    BUSINESS,
    CULTURE,
    FINANCE,
    GOVERNOR,
    HEALTH,
    HOME,
    HUSBANKEN,
    IMDI,
    KINDERGARTEN,
    MAPS,
    NAV,
    POLICE,
    SCHOOL,
    TAX,
    TORGET,
    UDI,
)


@dataclass(frozen=True)
class Service:
    """A public service. ``share`` of all cases; ``digital`` share of applications; ``types`` with share and weight of the work."""

    name: str
    share: float
    season: str
    digital: float
    types: dict[str, tuple[float, float]]
    parts: tuple[Part, ...]


def application(unit: str) -> tuple[Step, ...]:
    """An application that someone registers."""
    return resident("application.received", unit), desk("application.registered", unit, 12)


def answer(unit: str, minutes: float) -> tuple[Step, ...]:
    """The decision where it ends the case."""
    return desk("decision.made", unit, minutes), then("decision.sent", unit)


def _announced(unit: str, minutes: float) -> tuple[Step, ...]:
    """The decision where something remains to be done: ``decision.sent`` is kept for the end of a case."""
    return desk("decision.made", unit, minutes), then("decision.announced", unit)


NEWCOMERS = Service(
    "Bosetting og introduksjon",
    0.24,
    "newcomers",
    0.45,
    {"enslig": (0.5, 0.9), "familie": (0.4, 1.1), "ungdom": (0.1, 1.1)},
    (
        *application(TORGET),
        sometimes("sent back", 0.15, desk("case.returned", NAV, 15), desk("application.registered", TORGET, 15)),
        desk("needs.assessed", NAV, 60),
        missing_information(NAV, 0.4, 11),
        sometimes("permit", 0.2, elsewhere("permit.confirmed", UDI, 9)),
        sometimes("school", 0.4, desk("skills.assessed", SCHOOL, 60)),
        sometimes("housing", 0.4, desk("housing.assessed", BOLIG, 45)),
        elsewhere("meeting.held", NAV, 16),
        desk("plan.drafted", NAV, 80),
        *answer(NAV, 30),
    ),
)

SERVICES = (
    NEWCOMERS,
    Service(
        "Byggesak",
        0.09,
        "building",
        0.75,
        {"tiltak uten ansvarsrett": (0.5, 0.7), "rammesøknad": (0.3, 1.5), "ett trinn": (0.2, 1.1)},
        (
            *application(BUILDING),
            system("neighbours.notified", BUILDING),
            desk("application.checked", BUILDING, 60),
            missing_information(BUILDING, 0.45, 14),
            sometimes("map", 0.5, desk("map.checked", MAPS, 45)),
            sometimes("exemption", 0.12, elsewhere("statement.given", GOVERNOR, 28)),
            sometimes("sent back", 0.15, desk("case.returned", MAPS, 15), desk("application.checked", BUILDING, 40)),
            desk("assessment.finished", BUILDING, 180),
            *_announced(BUILDING, 45),
            sometimes(
                "appeal",
                0.05,
                resident("appeal.received", BUILDING, 16),
                desk("appeal.prepared", BUILDING, 150),
                elsewhere("appeal.decided", GOVERNOR, 60),
            ),
            desk("case.closed", BUILDING, 5),
        ),
    ),
    Service(
        "Barnehageplass",
        0.13,
        "kindergarten",
        0.93,
        {"hovedopptak": (0.75, 0.8), "løpende opptak": (0.25, 1.4)},
        (
            resident("application.received", KINDERGARTEN),
            system("register.checked", KINDERGARTEN),
            sometimes("robot", 0.35, system("decision.sent", KINDERGARTEN, actor="robot", ends=True)),
            desk("application.assessed", KINDERGARTEN, 25),
            missing_information(KINDERGARTEN, 0.12, 7, withdrawn=0.1),
            desk("offer.made", KINDERGARTEN, 15),
            resident("offer.answered", KINDERGARTEN, 6),
            sometimes("waiting list", 0.15, elsewhere("offer.made", KINDERGARTEN, 30)),
            system("decision.sent", KINDERGARTEN),
        ),
    ),
    Service(
        "Økonomisk sosialhjelp",
        0.15,
        "welfare",
        0.55,
        {"nødhjelp": (0.2, 0.5), "livsopphold": (0.55, 1.0), "bolig": (0.25, 1.3)},
        (
            resident("application.received", TORGET),
            desk("application.forwarded", TORGET, 8),
            system("income.looked_up", NAV),
            desk("application.assessed", NAV, 60),
            missing_information(NAV, 0.38, 8),
            sometimes("housing", 0.15, desk("housing.assessed", BOLIG, 40), desk("application.assessed", NAV, 30)),
            *_announced(NAV, 25),
            desk("payment.ordered", FINANCE, 6),
            system("case.closed", FINANCE),
        ),
    ),
    Service(
        "Hjelpemidler",
        0.08,
        "even",
        0.6,
        {"bevegelse": (0.5, 1.0), "hørsel": (0.25, 0.8), "syn": (0.15, 1.0), "kognisjon": (0.1, 1.4)},
        (
            *application(TORGET),
            desk("needs.assessed", HEALTH, 70),
            missing_information(HEALTH, 0.2, 9),
            desk("order.assessed", AIDS, 45),
            sometimes("sent back", 0.2, desk("case.returned", HEALTH, 20), desk("order.assessed", AIDS, 30)),
            then("decision.announced", AIDS),
            elsewhere("aid.delivered", AIDS, 18),
            desk("case.closed", AIDS, 10),
        ),
    ),
    Service(
        "Skjenkebevilling",
        0.02,
        "summer",
        0.8,
        {"fast": (0.4, 1.4), "enkelt arrangement": (0.6, 0.6)},
        (
            *application(BUSINESS),
            missing_information(BUSINESS, 0.35, 10),
            desk("statements.requested", BUSINESS, 20),
            elsewhere("statement.given", TAX, 12),
            elsewhere("statement.given", POLICE, 10),
            desk("application.assessed", BUSINESS, 90),
            sometimes("sent back", 0.1, elsewhere("statement.given", POLICE, 8)),
            *answer(BUSINESS, 30),
        ),
    ),
    Service(
        "Startlån",
        0.05,
        "spring",
        0.85,
        {"kjøp": (0.7, 1.0), "refinansiering": (0.2, 1.2), "tilpasning": (0.1, 0.9)},
        (
            *application(BOLIG),
            system("income.looked_up", BOLIG),
            missing_information(BOLIG, 0.5, 10, withdrawn=0.1),
            desk("application.assessed", BOLIG, 90),
            sometimes("welfare", 0.25, desk("statement.given", NAV, 30), desk("application.assessed", BOLIG, 30)),
            *_announced(BOLIG, 40),
            elsewhere("loan.registered", HUSBANKEN, 9),
            desk("loan.paid_out", FINANCE, 15),
        ),
    ),
    Service(
        "Parkeringstillatelse for forflytningshemmede",
        0.06,
        "even",
        0.5,
        {"ny": (0.55, 1.1), "fornyelse": (0.45, 0.7)},
        (
            *application(TORGET),
            missing_information(TORGET, 0.4, 15),
            desk("health.assessed", HEALTH, 30),
            sometimes("sent back", 0.12, desk("case.returned", TORGET, 10), desk("health.assessed", HEALTH, 20)),
            *answer(HEALTH, 15),
        ),
    ),
    Service(
        "Pleie og omsorg",
        0.1,
        "winter",
        0.3,
        {"hjemmesykepleie": (0.5, 0.8), "praktisk bistand": (0.3, 0.9), "institusjon": (0.2, 1.6)},
        (
            *application(HEALTH),
            sometimes("home visit", 0.6, elsewhere("home.visited", HEALTH, 6)),
            desk("needs.assessed", HEALTH, 75),
            missing_information(HEALTH, 0.12, 6),
            sometimes("appeal", 0.03, elsewhere("appeal.decided", GOVERNOR, 45)),
            *_announced(HEALTH, 35),
            desk("care.started", HOME, 30),
        ),
    ),
    Service(
        "Støtte til fritid",
        0.06,
        "autumn",
        0.9,
        {"barn og unge": (0.7, 0.8), "lag og forening": (0.3, 1.4)},
        (
            resident("application.received", CULTURE),
            system("register.checked", CULTURE),
            sometimes("robot", 0.45, system("decision.sent", CULTURE, actor="robot", ends=True)),
            desk("application.assessed", CULTURE, 35),
            missing_information(CULTURE, 0.25, 9),
            *answer(CULTURE, 10),
        ),
    ),
    Service(
        "Særskilt tilskudd ved bosetting",
        0.02,
        "even",
        1.0,
        {"helse": (0.6, 1.1), "tilrettelegging": (0.4, 0.9)},
        (
            *application(FINANCE),
            desk("statement.given", HEALTH, 50),
            desk("claim.prepared", FINANCE, 60),
            elsewhere("claim.assessed", IMDI, 25),
            sometimes("sent back", 0.25, desk("claim.corrected", FINANCE, 40), elsewhere("claim.assessed", IMDI, 15)),
            desk("decision.received", FINANCE, 10),
            desk("case.closed", FINANCE, 5),
        ),
    ),
)

ENDINGS = ("decision.sent", "case.closed", "application.withdrawn", "loan.paid_out", "care.started")
"""The activities that close a case, and that no open case has yet."""
