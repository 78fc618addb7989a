from pathlib import Path

import pytest

from loft.log.errors import LogError
from loft.log.mapping import Mapping, propose
from tests.log.reading import write

FULL = Mapping(
    "csv",
    case="Saksnr",
    activity='Hen"delse\n',
    at="Tid",
    source="Sak\\arkiv",
    delimiter=";",
    time_zone="Europe/Oslo",
    endings=("Avsluttet", 'Trukket "selv"'),
    attributes=(),
)


def test_a_mapping_that_is_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    FULL.save(tmp_path / "m.toml")
    assert Mapping.load(tmp_path / "m.toml") == FULL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('format = "csv"\ncolumn = "x"', "'column' is not a key"),
        ('format = "csv"\nactivty = "x"', "Did you mean 'activity'?"),
        ('case = "x"', "the key format is missing"),
        ('format = "xml"', "format 'xml' is not known"),
        ('format = "csw"', "Did you mean 'csv'?"),
        ('format = "csv"\ncase = 1', "case must be a text in quotes"),
        ('format = "csv"\nendings = "closed"', "endings must be a list of texts"),
        ("format = csv", "is not a TOML file"),
        (b"\xff\xfe\x00", "is not a TOML file"),
    ],
)
def test_a_mapping_that_is_wrong_says_what_and_how_to_mend_it(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(LogError, match="m.toml|Mapping") as error:
        Mapping.load(write(tmp_path, "m.toml", text))
    assert said in str(error.value)


def test_a_mapping_file_that_is_not_there_is_told() -> None:
    with pytest.raises(LogError, match="cannot be read"):
        Mapping.load("nowhere.toml")


def test_but_refuses_a_field_that_does_not_exist() -> None:
    with pytest.raises(LogError, match="Did you mean 'service'"):
        FULL.but(servise="x")


NORWEGIAN = """Saksnr;Hendelse;Tidspunkt;Enhet;Tjeneste;Saksbehandler
A1;Mottatt;01.03.2026 09:30;Servicetorget;Skjenking;Kari
A1;Vedtak;13.03.2026 10:00;Næring;Skjenking;Ola
A2;Mottatt;02.03.2026 09:30;Servicetorget;Bygg;Kari
"""
DUTCH = """zaaknummer,activiteit,tijdstip,afdeling\n1,a,2026-01-01 08:00,x\n1,b,2026-01-02 08:00,y\n"""
GERMAN = """Aktenzeichen\tSchritt\tBeginn\tEnde\tAmt\n1\ta\t2026-01-01 08:00\t2026-01-01 09:00\tx\n"""
ENGLISH = """case_id|event|start_time|timestamp|department\n1|a|2026-01-01T08:00:00Z|2026-01-01T09:00:00Z|x\n"""
NAMELESS = "x1,x2,x3\n" + "".join(f"{n // 4},{'abcd'[n % 4]},2026-01-{n + 1:02} 08:00\n" for n in range(20))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            NORWEGIAN,
            {"case": "Saksnr", "activity": "Hendelse", "at": "Tidspunkt", "unit": "Enhet", "service": "Tjeneste",
             "delimiter": ";", "timestamp_format": "%d.%m.%Y %H:%M"},
        ),
        (DUTCH, {"case": "zaaknummer", "activity": "activiteit", "at": "tijdstip", "unit": "afdeling"}),
        (GERMAN, {"case": "Aktenzeichen", "activity": "Schritt", "began": "Beginn", "at": "Ende", "unit": "Amt"}),
        (ENGLISH, {"case": "case_id", "activity": "event", "began": "start_time", "at": "timestamp", "unit": "department"}),
        (NAMELESS, {"case": "x1", "activity": "x2", "at": "x3", "unit": None}),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_heads_and_by_what_they_hold(
    tmp_path: Path, text: str, expected: dict[str, str | None]
) -> None:
    proposal = propose(write(tmp_path, "log.csv", text))
    assert {name: getattr(proposal.mapping, name) for name in expected} == expected
    assert all(name in proposal.reasons for name, value in expected.items() if value)
    assert proposal.preview[0]["activity"] in ("Mottatt", "a")


def test_the_preview_is_the_first_ten_events_and_the_columns_are_described(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, "log.csv", NAMELESS))
    assert len(proposal.preview) == 10
    assert [(c.name, c.type) for c in proposal.columns] == [("x1", "text"), ("x2", "text"), ("x3", "time")]
    assert proposal.columns[1].examples == ("a", "b", "c")


def test_a_person_is_never_proposed_as_the_unit(tmp_path: Path) -> None:
    text = NORWEGIAN.replace("Enhet", "Saksbehandler2")
    proposal = propose(write(tmp_path, "log.csv", text))
    assert proposal.mapping.unit is None
    assert any("“Saksbehandler” names persons" in note for note in proposal.notes)


def test_day_and_month_that_could_be_swapped_are_told(tmp_path: Path) -> None:
    proposal = propose(write(tmp_path, "log.csv", "case,activity,at\nA,a,01/02/2026 08:00\nA,b,03/04/2026 08:00\n"))
    assert proposal.mapping.timestamp_format == "%d/%m/%Y %H:%M"
    assert any("either way round" in note for note in proposal.notes)


def test_a_chosen_mapping_is_shown_and_not_changed(tmp_path: Path) -> None:
    chosen = Mapping("csv", case="x2", activity="x1", at="x3", delimiter=",")
    proposal = propose(write(tmp_path, "log.csv", NAMELESS), mapping=chosen)
    assert proposal.mapping == chosen
    assert proposal.preview[0]["case"] == "a"


def test_the_content_tells_the_format_not_the_name(tmp_path: Path) -> None:
    assert propose(write(tmp_path, "log.xes", DUTCH)).mapping.format == "csv"
    assert (
        propose(write(tmp_path, "log.csv", '{"specversion":"1.0","id":"1","source":"s","type":"t"}')).mapping.format
        == "cloudevents"
    )


def test_an_xes_log_that_another_tool_wrote_as_a_table_is_known_by_its_names(tmp_path: Path) -> None:
    table = tmp_path / "log.csv"
    table.write_text(
        "case:concept:name,concept:name,time:timestamp,org:group\n"
        + "".join(f"c{i // 3},step {i % 3},2026-01-0{1 + i % 9}T10:00:00Z,desk\n" for i in range(30)),
        encoding="utf-8",
    )
    mapping = propose(table).mapping
    assert (mapping.case, mapping.activity) == ("case:concept:name", "concept:name")
    assert (mapping.at, mapping.unit) == ("time:timestamp", "org:group")
