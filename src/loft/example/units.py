"""Fjordvik's units, of the municipality and of the state. Every name is invented or borrowed; nothing here is about a real one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A unit, the system its events come from, and whether that system records when work began."""

    name: str
    system: str
    records_start: bool = False


TORGET, NAV, BOLIG, SCHOOL = "Innbyggertorget", "NAV Fjordvik", "Boligkontoret", "Voksenopplæringen"
DOOR, HEALTH, HOME, BUILDING = "Felles dør for nyankomne", "Helse og mestring", "Hjemmetjenesten", "Byggesak"
MAPS, KINDERGARTEN, CULTURE, BUSINESS = "Kart og oppmåling", "Barnehagekontoret", "Kultur og fritid", "Næring"
FINANCE, UDI, IMDI, TAX, AIDS = "Økonomi", "UDI", "IMDi", "Skatteetaten", "NAV Hjelpemiddelsentral"
HUSBANKEN, GOVERNOR, POLICE = "Husbanken", "Statsforvalteren", "Politiet"

_CASEWORK, _WELFARE, _HEALTH = "fjordvik-sak", "nav-sosial", "fjordvik-helse"
UNITS = (
    Unit(TORGET, _CASEWORK),
    Unit(NAV, _WELFARE, True),
    Unit(BOLIG, _CASEWORK, True),
    Unit(SCHOOL, "fjordvik-skole"),
    Unit(DOOR, _CASEWORK, True),
    Unit(HEALTH, _HEALTH, True),
    Unit(HOME, _HEALTH, True),
    Unit(BUILDING, "fjordvik-bygg", True),
    Unit(MAPS, "fjordvik-bygg"),
    Unit(KINDERGARTEN, "fjordvik-oppvekst"),
    Unit(CULTURE, _CASEWORK),
    Unit(BUSINESS, _CASEWORK, True),
    Unit(FINANCE, _CASEWORK),
    Unit(UDI, "svarut"),
    Unit(IMDI, "svarut"),
    Unit(TAX, "svarut"),
    Unit(AIDS, "nav-hjelpemidler", True),
    Unit(HUSBANKEN, "husbanken-lån"),
    Unit(GOVERNOR, "svarut"),
    Unit(POLICE, "svarut"),
)
