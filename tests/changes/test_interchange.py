"""The register out and in again: without loss, and wrong rows are told."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection

from loft.changes import actions
from loft.changes.interchange import Imported, from_json, to_json
from loft.changes.models import Change
from loft.changes.sheet import COLUMNS, from_csv, to_csv
from loft.log.models import Event
from loft.value.errors import BadInput
from loft.value.verdicts import Word
from tests.changes.conftest import KARI, at, idea, judged

pytestmark = pytest.mark.django_db
NOW: dict[str, Any] = {"actor": KARI, "now": at("2025-11-01")}


def full() -> Change:
    """A change with something in every corner."""
    change = judged(Word.VALUE)
    row = change.verdict
    assert row is not None
    actions.describe(change, kinds=["service", "process"], novelty="here", for_whom="Alle\nsom flytter", **NOW)
    actions.amend(change, "Lengre.", last=date(2026, 6, 1), **NOW)
    actions.note(change, row, "Vi tror på det.", **NOW)
    gain = actions.tell_gain(change, "Timer", kind="saved time", receiver="employee", cash="own use", mid=1.5, **NOW)
    actions.measure_gain(change, gain, row, low=0.1, mid=0.2, high=0.3, **NOW)
    freed = actions.free_time(change, "Telefon", 100, **NOW)
    actions.confirm_time(change, freed, 80, row, **NOW)
    use = actions.use_time(change, freed, "moved", 50, to="Veiledning", **NOW)
    actions.realise_time(change, use, 20, "Timelister", date(2025, 10, 1), **NOW)
    actions.link(change, "https://fjordvik.example/dør?a=1", title="Mer", **NOW)
    actions.attach(change, "r.pdf", b"%PDF-1", **NOW)
    actions.comment(change, "=1+1 'æøå' \"hei\"", **NOW)
    actions.learn(change, "Lærdom", **NOW)
    actions.tell_break(change, "Dal", date(2025, 6, 1), "Slått sammen", **NOW)
    actions.log_look(change, date(2025, 10, 2), failed="Loggen mangler.", **NOW)
    actions.publish(change, ["stage"], **NOW)
    actions.adjust(change, "Ny rekkefølge", **NOW)
    actions.copy(change, "De vil prøve.", body="Nordvik", **NOW)
    return change


def emptied() -> None:
    """The register without its changes, as on another machine. The rows are taken out beneath the models, which never remove any."""
    names = [
        model._meta.db_table
        for model in connection.introspection.get_migratable_models()
        if model._meta.app_label in ("changes", "log")
    ]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
            return
        for name in names:
            cursor.execute(f"DELETE FROM {name}")


@pytest.mark.django_db(transaction=True)
def test_json_goes_out_and_in_without_loss() -> None:
    change = full()
    text = to_json(Change.objects.all())
    emptied()
    assert from_json(text, **NOW) == Imported(2, 0, 0)
    assert to_json(Change.objects.all()) == text
    there = Change.named(change.id)
    assert there is not None
    assert there.judged_by is not None
    assert there.judged_by.version == 1
    assert [copy.body for copy in there.copies.all()] == ["Nordvik"]
    assert list(Event.objects.values_list("activity", flat=True)) == ["change.imported"] * 2
    assert idea().number > change.number


def test_what_is_there_already_changes_nothing() -> None:
    full()
    text = to_json(Change.objects.all())
    events = Event.objects.count()
    assert from_json(text, **NOW) == Imported(0, 0, 2)
    assert Event.objects.count() == events


def test_a_copy_whose_origin_is_elsewhere_keeps_the_link() -> None:
    change = full()
    told = json.loads(to_json(Change.objects.all()))
    told["changes"] = [raw for raw in told["changes"] if raw["copied_from"]]
    told["changes"][0]["pseudonym"] = "change-00000000000000aa"
    told["changes"][0]["copied_from"] = "change-00000000000000bb"
    assert from_json(json.dumps(told), **NOW).new == 1
    copied = Change.objects.get(pseudonym="change-00000000000000aa")
    assert (copied.copied_from, copied.copied_of) == (None, "change-00000000000000bb")
    assert copied.number > change.number


def changed(**values: Any) -> str:
    """The full register as a file in which the first change has another pseudonym, and other values."""
    told = json.loads(to_json(Change.objects.all()))
    told["changes"] = told["changes"][:1]
    told["changes"][0] |= {"pseudonym": "change-0000000000000000", **values}
    return json.dumps(told)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"stage": "famous"}, "stage cannot be famous"),
        ({"stage": "harm"}, "not borne out"),
        ({"stage": "value shown", "verdicts": [], "gains": [], "freed": []}, "not borne out"),
        ({"novelty": "ny"}, "novelty cannot be ny"),
        ({"kinds": "service"}, "kinds must be a list"),
        ({"kinds": ["service", "service"]}, "stands twice"),
        ({"what": "x" * 201}, "Change: what cannot hold"),
        ({"what": None}, "Change: what cannot hold"),
        ({"what": "a\x00b"}, "Change: what cannot hold"),
        ({"proposed_at": "i går"}, "Change: proposed_at cannot hold"),
        ({"pseudonym": "Kari Nordmann"}, "no pseudonym"),
        ({"draft": {"locked_by": "x"}}, "no field locked_by"),
        ({"published": ["history"]}, "published cannot hold"),
        ({"extra": 1}, "extra is missing, or is not known"),
        ({"links": [{"url": "https://x.example"}]}, "title is missing"),
        ({"links": [3]}, "url is missing"),
        (
            {"exposures": [{"unit": "Nes", "planned": "x", "started": None, "ended": None}]},
            "Exposure: planned cannot hold",
        ),
    ],
)
def test_a_wrong_row_is_told_and_nothing_is_taken(values: dict[str, Any], says: str) -> None:
    full()
    text, before = changed(**values), Change.objects.count()
    done = from_json(text, **NOW)
    assert (done.new, [wrong.row for wrong in done.wrong]) == (0, [1])
    assert says in str(done.wrong[0].says)
    assert Change.objects.count() == before


@pytest.mark.parametrize(
    ("part", "values", "says"),
    [
        ("links", {"url": "javascript:alert(1)"}, "no address on the web"),
        ("links", {"url": "https://[x"}, "no address on the web"),
        ("attachments", {"type": "text/html"}, "type cannot hold text/html"),
        ("attachments", {"name": "a\nb.pdf"}, "name cannot hold"),
        ("attachments", {"sha256": "../../secret-key"}, "sha256 cannot hold"),
        ("history", {"field": "stage", "before": "famous"}, "history cannot hold famous"),
        ("gains", {"mid": float("nan")}, "Gain: mid cannot hold"),
        ("gains", {"measured_mid": 1e300}, "Gain: measured_mid cannot hold"),
        ("gains", {"unit_price": 1e14}, "more than any body has"),
        ("freed", {"estimated": float("inf")}, "FreedTime: estimated cannot hold"),
        ("exposures", {"unit": ""}, "Exposure: unit cannot hold"),
        ("", {"what": ""}, "Change: what cannot hold"),
        ("", {"slug": ""}, "Change: slug cannot hold"),
        ("", {"number": 0}, "number cannot hold 0"),
        ("", {"number": 10**9}, "number cannot hold"),
        ("", {"copied_from": "Kari Nordmann"}, "copied_from cannot hold"),
        ("", {"stage": "paused", "stage_before": ""}, "stage_before cannot hold"),
        ("", {"stage": "paused", "stage_before": "harm"}, "not borne out"),
    ],
)
def test_what_no_page_could_show_or_should_is_not_taken_in(part: str, values: dict[str, Any], says: str) -> None:
    full()
    told = json.loads(changed())
    raw = told["changes"][0]
    (raw[part][0] if part else raw).update(values)
    [wrong] = from_json(json.dumps(told), **NOW).wrong
    assert says in str(wrong.says)


def test_a_use_of_time_that_the_register_does_not_have_is_not_taken_in() -> None:
    full()
    told = json.loads(changed())
    told["changes"][0]["freed"][0]["uses"][0]["use"] = "party"
    assert "use cannot be party" in str(from_json(json.dumps(told), **NOW).wrong[0].says)


@pytest.mark.parametrize(
    "values",
    [
        {"security": 9},
        {"withstands": "x"},
        {"size": {"estimate": None, "low": 1, "high": 1, "relative": True, "kind": "days"}},
        {"path": [{"day": "2025-01-01", "treated": "x", "expected": 1, "low": 1, "high": 1}]},
        {"answer": {"text": "%(x)s", "figures": {"y": {"form": "odd", "value": 1}}}},
        {"answer": {"text": "%(x)s", "figures": {"x": {"form": "percent", "value": "a"}}}},
        {"answer": {"text": 3, "figures": {}}},
    ],
)
def test_a_verdict_that_cannot_be_shown_is_not_taken_in(values: dict[str, Any]) -> None:
    full()
    told = json.loads(changed())
    row = told["changes"][0]["verdicts"][0]
    row["text"] = json.dumps({**json.loads(row["text"]), **values})
    assert "verdict cannot be read" in str(from_json(json.dumps(told), **NOW).wrong[0].says)


def test_a_plan_or_verdict_that_was_tampered_with_is_refused() -> None:
    full()
    told = json.loads(changed())
    raw = told["changes"][0]
    raw["plans"][0]["text"] = raw["plans"][0]["text"].replace('"smallest":0.1', '"smallest":0.01')
    assert "its hash is another" in str(from_json(json.dumps(told), **NOW).wrong[0].says)
    told = json.loads(changed())
    told["changes"][0]["verdicts"][0]["word"] = "harm"
    told["changes"][0]["stage"] = "started"
    assert "another day or word" in str(from_json(json.dumps(told), **NOW).wrong[0].says)
    told = json.loads(changed())
    told["changes"][0]["verdicts"][0]["plan"] = 2
    assert "by another plan" in str(from_json(json.dumps(told), **NOW).wrong[0].says)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "loft changes 1", "changes": {}}', b"\xff\xfe", "[" * 100_000]
)
def test_a_file_that_is_no_register_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadInput, match="no register"):
        from_json(text, **NOW)


def test_csv_goes_out_and_in_without_loss() -> None:
    full()
    actions.describe(Change.objects.all()[0], what="=HYPERLINK(1)", evidence='\'tja; "æ"\n,', **NOW)
    text = to_csv(Change.objects.all())
    assert "'=HYPERLINK(1)" in text
    assert from_csv(text.encode("utf-8-sig"), **NOW) == Imported(0, 0, 2)
    assert to_csv(Change.objects.all()) == text


def test_rows_without_id_are_ideas_and_rows_with_one_change_its_fields() -> None:
    change = idea()
    text = f"id;what;why;kinds;owner\n;Færre skjema;De er for lange;service;Ola\n{change.id};Én inngang;Fordi;;\n"
    assert from_csv(text, **NOW) == Imported(1, 1, 0)
    change.refresh_from_db()
    assert change.what == "Én inngang"
    new = Change.objects.order_by("-number")[0]
    assert (new.what, new.owner, new.stage, [kind.name for kind in new.kinds.all()]) == (
        "Færre skjema",
        "Ola",
        "idea",
        ["service"],
    )


def test_wrong_rows_of_a_table_are_told_by_number_and_nothing_is_taken() -> None:
    text = "id,what,why,stage,kinds\n,Ny,Fordi,value shown,\n,Ny,,,\n,Ny,Fordi,,tull\nfinnes-ikke-9,Ny,Fordi,,\n,Ny,Fordi\n,God,Fordi,,\n"
    done = from_csv(text, **NOW)
    assert [wrong.row for wrong in done.wrong] == [2, 3, 4, 5, 6]
    assert [str(wrong.says)[:22] for wrong in done.wrong] == [
        "A new change is an ide",
        "why is missing. Write ",
        "kinds cannot be tull. ",
        "There is no change fin",
        "The row has 3 cells; t",
    ]
    assert not Change.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("text", ["", "hva,hvorfor\n", "what\nx\n", "what,why,why\n", b"\xff\xfe", 'what,why\n"x\n'])
def test_a_table_with_another_head_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadInput):
        from_csv(text, **NOW)


def test_the_columns_are_those_that_are_written() -> None:
    assert to_csv([]).strip().split(",") == list(COLUMNS)
