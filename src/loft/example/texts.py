"""What Fjordvik's register says of its changes, in bokmål. Fjordvik does not exist; its people are invented, the effects simulated."""

from dataclasses import dataclass, replace

SIMULATED = "Simulert eksempel: Fjordvik finnes ikke, og virkningen er laget av en simulering."


@dataclass(frozen=True)
class Gain:
    """A gain that is hoped for: its ``kind`` (saved time, raised quality …), the ``receiver``, ``cash``: what kind of money it is, and a
    forecast in ``unit`` a year, low, middle and high, ``by`` whom."""

    kind: str
    receiver: str
    cash: str
    what: str
    low: float
    middle: float
    high: float
    unit: str
    by: str


@dataclass(frozen=True)
class Freed:
    """Freed time: ``hours`` a year as estimated, at which task, and what the line decides once a verdict confirms them: their ``use``, and
    the task that they move ``to``; empty where nothing is decided."""

    hours: float
    task: str
    use: str = ""
    to: str = ""


@dataclass(frozen=True)
class Cost:
    """A cost in kroner, ``once`` or each year, in prices of ``year``."""

    what: str
    amount: float
    once: bool
    year: int


@dataclass(frozen=True)
class Told:
    """What the register is told of a change, in the words that loft.changes.words has for its choices. ``for_whom`` is the need and whose
    it is."""

    slug: str
    title: str
    what: str
    where: str
    for_whom: str
    evidence: str
    kinds: tuple[str, ...]
    novelty: str
    origin: str
    proposer: str
    owner: str
    benefits_owner: str
    analyst: str
    chosen_by: str
    gains: tuple[Gain, ...]
    freed: Freed | None
    costs: tuple[Cost, ...]
    learning: str


@dataclass(frozen=True)
class Idea:
    """An idea: ``what`` and ``where``, and who proposes it. One that comes from a page carries what it was seen beside: ``page``, ``unit``,
    ``step`` and ``figure``."""

    slug: str
    what: str
    where: str
    proposer: str
    page: str = ""
    unit: str = ""
    step: str = ""
    figure: str = ""

    def with_share(self, share: float) -> "Idea":
        """The same with the *share* (0 to 1) written into its figure, where it has a place for one."""
        return replace(self, figure=self.figure.format(percent=f"{share * 100:.0f} %")) if self.figure else self


_BY_LOT = "Loddtrekning mellom alle de 24 lokalsentrene. De tolv siste venter til prøven er over."

DOOR = Told(
    slug="felles-dor",
    title="Felles dør for nyankomne",
    what="Nyankomne møter ett sted i lokalsenteret. Ett team tar imot søknaden, kartlegger, lager planen og svarer, i stedet for at saken "
    "går mellom Innbyggertorget, NAV, voksenopplæringen og boligkontoret.",
    where="Bosetting og introduksjon, i lokalsentrene. Saken går mellom tre kontorer eller flere, og ingen har ansvar for helheten.",
    for_whom="Nyankomne venter lenge på introduksjonsplanen, må fortelle det samme flere ganger og vet ikke hvem som har saken.",
    evidence="Reisesiden: en sak er innom omtrent tre enheter, og det tar fem til seks uker til svar.",
    kinds=("service", "organisation"),
    novelty="here",
    origin="employee",
    proposer="Amina Hassan",
    owner="Kari Solberg",
    benefits_owner="Jonas Lie Berg",
    analyst="Ingrid Nygård",
    chosen_by="Loddtrekning av rekkefølgen mellom alle de 24 lokalsentrene: tre åpner om gangen. De tolv siste venter.",
    gains=(
        Gain("raised quality", "resident", "non-priced", "Kortere ventetid til svar", 5, 9, 12, "dager per sak", "Kari Solberg"),
        Gain("saved time", "resident", "non-priced", "Færre oppmøter", 1, 1.5, 2, "oppmøter per sak", "Kari Solberg"),
        Gain(
            "saved time", "employee", "own use", "Mindre arbeid med saker som går fram og tilbake",
            80, 150, 220, "timer i året", "Jonas Lie Berg",
        ),
    ),
    freed=Freed(150, "Overlevering av saker mellom kontorene", "moved", "Oppfølging av familier det første året"),
    costs=(
        Cost("Ombygging og opplæring i tolv lokalsentre", 960_000, True, 2025),
        Cost("Felles teamleder", 420_000, False, 2025),
    ),
    learning="Teamene måtte få samme fagsystem før døra åpnet. De som åpnet først, lærte opp de neste.",
)  # fmt: skip

MESSAGE = Told(
    slug="sms-nar-soknaden-er-mottatt",
    title="SMS når søknaden er mottatt",
    what="Alle som søker, får en SMS med det samme: søknaden er kommet fram, og dette skjer videre.",
    where="Økonomisk sosialhjelp og Pleie og omsorg. Mange ringer for å høre om søknaden er kommet fram.",
    for_whom="Søkere er usikre på om søknaden er mottatt, og telefonene tar tid fra saksbehandlingen.",
    evidence="Innspill fra ansatte på Innbyggertorget.",
    kinds=("communication",),
    novelty="here",
    origin="copied",
    proposer="Per Olav Haugen",
    owner="Silje Moen",
    benefits_owner="Silje Moen",
    analyst="Ingrid Nygård",
    chosen_by=_BY_LOT,
    gains=(
        Gain("raised quality", "resident", "non-priced", "Kortere ventetid til svar", 0, 2, 3, "dager per sak", "Silje Moen"),
    ),
    freed=Freed(60, "Telefoner om hvor søknaden er"),
    costs=(Cost("SMS-tjeneste", 18_000, False, 2025),),
    learning="Meldingen er grei å ha, men ingenting tyder på at svaret kommer raskere. Andre grunner til å beholde den må vises for seg.",
)  # fmt: skip

SHORT_FORM = Told(
    slug="kort-soknad-om-byggetillatelse",
    title="Kort søknad om byggetillatelse",
    what="Et kortere digitalt skjema. Søkeren svarer på færre spørsmål, og kartet legges ved av seg selv.",
    where="Byggesak. Fire av ti søkere må spørres om noe som mangler.",
    for_whom="Skjemaet er langt, og mange gir opp eller svarer feil.",
    evidence="Reisesiden: opplysninger etterspørres i fire av ti byggesaker.",
    kinds=("product", "process"),
    novelty="here",
    origin="supplier",
    proposer="Torstein Vik",
    owner="Hanne Aas",
    benefits_owner="Hanne Aas",
    analyst="Ingrid Nygård",
    chosen_by=_BY_LOT,
    gains=(
        Gain("saved time", "resident", "non-priced", "Kortere tid på skjemaet", 10, 20, 30, "minutter per sak", "Hanne Aas"),
        Gain(
            "saved time", "employee", "own use", "Færre spørsmål om det som mangler",
            40, 90, 140, "timer i året", "Hanne Aas",
        ),
    ),
    freed=Freed(90, "Spørsmål til søkere om det som mangler"),
    costs=(Cost("Nytt skjema fra leverandøren", 380_000, True, 2025),),
    learning="Spørsmålene som ble borte, var de kartkontoret trengte. Det vi slapp å spørre om, kom tilbake som returer.",
)  # fmt: skip

RULES = Told(
    slug="roboten-avgjor-flere-barnehagesoknader",
    title="Roboten avgjør flere barnehagesøknader",
    what="En robot med lesbare regler svarer ja på søknader som oppfyller alle kravene. Alle andre går til et menneske, som før.",
    where="Barnehageplass. Mange søknader er enkle og ligger likevel i kø.",
    for_whom="Foreldre venter på svar som kunne vært gitt med det samme.",
    evidence="Reisesiden: en tredel av søknadene avgjøres allerede uten skjønn.",
    kinds=("service", "process"),
    novelty="here",
    origin="own",
    proposer="Linnea Strand",
    owner="Mohammed Ali Dahl",
    benefits_owner="Mohammed Ali Dahl",
    analyst="Ingrid Nygård",
    chosen_by="Ingen: alle lokalsentrene startet samme dag.",
    gains=(
        Gain("raised quality", "resident", "non-priced", "Kortere ventetid til svar", 2, 4, 6, "dager per sak", "Mohammed Ali Dahl"),
        Gain(
            "saved time", "employee", "own use", "Færre søknader å vurdere",
            60, 100, 140, "timer i året", "Mohammed Ali Dahl",
        ),
    ),
    freed=Freed(100, "Vurdering av enkle barnehagesøknader"),
    costs=(Cost("Regler og kontroll av roboten", 150_000, True, 2025),),
    learning="Ventetiden gikk ned, men den går alltid ned etter hovedopptaket. Neste gang lar vi noen lokalsentre vente.",
)  # fmt: skip

REGISTERS = Told(
    slug="hent-fra-registre",
    title="Vi henter det vi kan, fra registre",
    what="Opplysninger som finnes i registre, hentes når søknaden kommer inn. Søkeren spørres bare om resten.",
    where="Hjelpemidler, Parkeringstillatelse og Startlån. Saker blir liggende mens vi venter på svar fra søkeren.",
    for_whom="Folk blir bedt om opplysninger det offentlige allerede har.",
    evidence="Reisesiden: mange saker ligger mens vi venter på svar fra søkeren.",
    kinds=("service", "process"),
    novelty="here",
    origin="research",
    proposer="Grete Lund",
    owner="Anders Fjell",
    benefits_owner="Silje Moen",
    analyst="Ingrid Nygård",
    chosen_by=_BY_LOT,
    gains=(
        Gain("saved time", "resident", "non-priced", "Færre spørsmål å svare på", 1, 1, 2, "spørsmål per sak", "Anders Fjell"),
        Gain("raised quality", "resident", "non-priced", "Kortere ventetid til svar", 2, 4, 6, "dager per sak", "Anders Fjell"),
    ),
    freed=Freed(110, "Purring på opplysninger"),
    costs=(Cost("Oppslag i registre", 90_000, False, 2025),),
    learning="",
)  # fmt: skip

IDEAS = (
    Idea(
        "spor-en-gang",
        "La NAV og Innbyggertorget bruke samme sjekkliste, så saken ikke må sendes tilbake.",
        "Innbyggertorget, når NAV sender saken i retur fordi noe mangler.",
        "Marte Eide",
        page="/nb/reiser/fjordvik/",
        unit="Innbyggertorget",
        step="case.returned",
        figure="{percent} av sakene til nyankomne ble sendt tilbake",
    ),
    Idea(
        "video-i-stedet-for-oppmote",
        "Tilby videomøte i stedet for oppmøte.",
        "NAV Fjordvik. Mange reiser langt for et møte på en halv time.",
        "Erik Sund",
    ),
    Idea(
        "hjemmebesok-to-og-to",
        "Samordne hjemmebesøk, så vurdering og tiltak tas i samme besøk.",
        "Helse og mestring og Hjemmetjenesten besøker de samme menneskene hver for seg.",
        "Ragnhild Bakke",
    ),
    Idea(
        "kart-i-skjemaet",
        "Vis kartet mens søkeren fyller ut, og si fra om det ligger i hensynssone.",
        "Byggesak. Kartet kontrolleres først når søknaden er inne.",
        "Torstein Vik",
    ),
    Idea(
        "forny-av-seg-selv",
        "Send et forslag til fornyelse før tillatelsen går ut.",
        "Parkeringstillatelse. De fleste fornyelser er like som sist.",
        "Grete Lund",
    ),
    Idea(
        "klarsprak-i-vedtak",
        "Skriv om vedtaksbrevene sammen med dem som får dem.",
        "Økonomisk sosialhjelp. Mange ringer for å spørre hva brevet betyr.",
        "Per Olav Haugen",
    ),
)
