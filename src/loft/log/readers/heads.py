"""Names by which columns are usually called, for guessing: standards first, then Norwegian, English, Dutch and German heads."""

STANDARD: dict[str, dict[str, tuple[str, ...]]] = {
    "xes": {
        "case": ("case:concept:name",),
        "activity": ("concept:name",),
        "at": ("time:timestamp",),
        "began": ("start_timestamp",),
        "unit": ("org:group", "org:role"),
        "lifecycle": ("lifecycle:transition",),
    },
    "ocel": {"case": ("ocel:oid",), "activity": ("ocel:activity",), "at": ("ocel:timestamp",), "id": ("ocel:eid",)},
    "cloudevents": {"case": ("subject",), "activity": ("type",), "at": ("time",), "id": ("id",)},
}

HEADS: dict[str, tuple[str, ...]] = {
    "case": (
        "case", "case:concept:name", "caseid", "case_id", "case id", "casenumber", "saksnummer", "saksnr", "saksid", "saks-id", "sak", "sakid", "sak_id",
        "journalnr", "arkivsak", "søknadsid", "soknadsid", "referanse", "zaak", "zaaknummer", "zaakid", "dossier", "dossiernummer", "vorgang",
        "vorgangsnummer", "fall", "fallnummer", "fallid", "aktenzeichen", "traceid", "trace", "ticket", "application_id", "ärende", "ärendenummer",
    ),
    "activity": (
        "activity", "concept:name", "hendelse", "hendelsestype", "aktivitet", "steg", "handling", "event", "eventname", "event_name", "eventtype", "activityname",
        "task", "action", "step", "oppgave", "status", "gebeurtenis", "activiteit", "handeling", "stap", "ereignis", "aktivität", "aktivitaet", "schritt", "vorgangsschritt",
        "type", "händelse",
    ),
    "at": (
        "at", "time:timestamp", "tidspunkt", "tid", "tidsstempel", "timestamp", "completed", "complete_time", "completetime", "completetimestamp", "endtime", "end_time", "end",
        "slutt", "sluttid", "sluttidspunkt", "ferdig", "fullført", "utført", "dato", "datotid", "datetime", "time", "date", "eventtime", "tijdstip", "tijd", "datum",
        "eindtijd", "zeitpunkt", "zeit", "zeitstempel", "ende", "endzeit",
    ),
    "began": (
        "began", "start_timestamp", "starttimestamp", "start_time", "starttime", "started", "start", "begin", "startet", "starttid", "starttidspunkt", "startdato", "påbegynt",
        "begintijd", "starttijd", "startzeit", "beginn",
    ),
    "unit": (
        "unit", "org:group", "enhet", "eining", "ansvarlig enhet", "ansvarligenhet", "avdeling", "kontor", "seksjon", "etat", "team", "gruppe", "department", "dept", "group", "office",
        "desk", "organization", "organisation", "orgunit", "org_unit", "afdeling", "eenheid", "abteilung", "einheit", "amt", "referat", "org:role", "role", "rolle", "enhed",
    ),
    "service": ("service", "tjeneste", "teneste", "tjenestetype", "sakstype", "søknadstype", "casetype", "case_type", "product", "produkt", "dienst", "leistung", "zaaktype"),
    "actor": ("actor", "aktør", "aktørtype", "actor_type", "actortype"),
    "id": ("eventid", "event_id", "hendelsesid", "hendelse_id", "uuid", "ereignisid"),
    "lifecycle": ("lifecycle", "lifecycle:transition", "transition", "overgang"),
}
"""Most telling first. A column that names a person (``org:resource``, saksbehandler, user) is never taken for the unit."""

PERSONS = ("org:resource", "resource", "saksbehandler", "sakshandsamar", "user", "bruker", "username", "employee", "ansatt", "behandler", "medewerker", "sachbearbeiter", "mitarbeiter")

FORMATS = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%Y/%m/%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%d.%m.%y %H:%M", "%d.%m.%y", "%Y%m%d%H%M%S", "%Y%m%dT%H%M%S", "%Y%m%d", "%Y-%m-%d %H:%M:%S %z", "%d.%m.%Y kl. %H:%M", "%d.%m.%Y, %H:%M:%S", "%d %b %Y %H:%M:%S",
)
"""Forms of a timestamp that are tried after ISO 8601, in this order: the day before the month where a sample fits both."""


def plain(name: str) -> str:
    """A head in small letters without the marks that people put between words."""
    return name.strip().lower().replace("_", "").replace("-", "").replace(" ", "").replace(".", "")
