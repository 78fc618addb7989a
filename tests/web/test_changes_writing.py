"""Writing a change on the pages: from an idea in two fields to a locked plan, and what happens to it after."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from loft.changes import actions
from loft.changes.models import Change
from loft.changes.rules import Actor, Stage
from loft.value.verdicts import Word
from loft.web.acting import COOKIE
from loft.web.addresses.changes_writing import FORMS
from tests.changes.conftest import FIELDS, judged, locked, started
from tests.web.conftest import text_of
from tests.web.test_pages import Page

pytestmark = pytest.mark.django_db
KARI = Actor.local("Kari Nordmann")
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _another_log(monkeypatch):
    """The plans are of a log that is not here."""
    monkeypatch.setitem(FIELDS, "log", "elsewhere")


@pytest.fixture
def kari(client):
    """A browser that knows who sits at it."""
    client.post("/nb/hvem-er-du/", {"your_name": KARI.name, "next": "/nb/"})
    return client


def page(change, place):
    """The address of a page of the change in bokmål."""
    return f"/nb/endringer/{change.id}/{place}/"


def send(client, change, place, **values):
    """What is sent to a page; it must be taken."""
    response = client.post(page(change, place), values)
    assert response.status_code == 302, re.findall(r'href="#\w+">([^<]+)<', text_of(response))
    change.refresh_from_db()
    return response


def wrong(response):
    """The fields that the error summary leads to, which all must be there."""
    text = text_of(response)
    names = re.findall(r'<li><a class="ds-link" href="#(\w+)"', text)
    assert names and all(f'id="{name}"' in text for name in names)
    return names


def test_anyone_proposes_with_two_fields_and_is_asked_for_a_name_once(client):
    asked = text_of(client.get("/nb/foreslaa-endring/"))
    assert re.findall(r'<(?:input|textarea) class="ds-input[^"]*" id="(\w+)"', asked) == ["what", "why", "your_name"]
    sent = {"what": "Én dør for nyinnflyttede", "why": "Folk sendes rundt.", "your_name": "Kari Nordmann"}
    response = client.post("/nb/foreslaa-endring/", sent)
    change = Change.objects.get()
    assert response.headers["Location"] == f"/nb/endringer/{change.id}/"
    assert (change.what, change.proposer, change.stage) == (sent["what"], "Kari Nordmann", Stage.IDEA)
    assert "your_name" not in text_of(client.get("/nb/foreslaa-endring/"))


def test_a_name_that_somebody_made_up_in_the_cookie_does_not_count(client):
    client.cookies[COOKIE] = "Ola Nordmann"
    assert "your_name" in text_of(client.get("/nb/foreslaa-endring/"))


def test_the_name_page_leads_only_back_to_a_page_of_ours(client):
    for there in ("https://example.org/", "//example.org/", "/\\example.org/", "javascript:alert(1)"):
        assert client.post("/nb/hvem-er-du/", {"your_name": "Kari", "next": there}).headers["Location"] == "/"


def test_an_idea_carries_the_place_where_the_problem_was_seen(kari):
    query = "?page=/nb/reiser/fjordvik/waits/&log=fjordvik&unit=NAV&step=assessed&figure=41+dager"
    assert "41 dager" in text_of(kari.get(f"/nb/foreslaa-endring/{query}"))
    kari.post(f"/nb/foreslaa-endring/{query}", {"what": "Ring først", "why": "Venting"})
    change = Change.objects.get()
    seen = (change.seen_page, change.seen_log, change.seen_unit, change.seen_step, change.seen_figure)
    assert seen == ("/nb/reiser/fjordvik/waits/", "fjordvik", "NAV", "assessed", "41 dager")


def test_an_address_elsewhere_is_not_kept_as_the_page_of_the_problem(kari):
    for there in ("https://example.org/", "//example.org/", "/%5Cexample.org/", "javascript:alert(1)", "nb/"):
        kari.post(f"/nb/foreslaa-endring/?page={there}", {"what": "Ring først", "why": "Venting"})
    assert [change.seen_page for change in Change.objects.all()] == [""] * 5


def test_what_is_missing_is_said_on_top_and_what_was_written_is_kept(kari):
    response = kari.post("/nb/foreslaa-endring/", {"what": "Bare det", "why": " "})
    assert response.status_code == 400 and wrong(response) == ["why"]
    assert 'value="Bare det"' in text_of(response) and not Change.objects.exists()


def test_a_text_that_a_person_wrote_is_never_markup(kari):
    kari.post("/nb/foreslaa-endring/", {"what": "<script>alert(1)</script>", "why": "x"})
    change = Change.objects.get()
    assert "<script>alert" not in text_of(kari.get(page(change, "beskriv")))


def test_more_is_told_and_roles_are_given(kari):
    change = actions.propose("Ring først", "Venting", actor=KARI, now=NOW)
    send(
        kari,
        change,
        "beskriv",
        what="Ring først",
        why="Venting",
        kinds=["service", "process"],
        novelty="here",
        body="Fjordvik",
    )
    send(kari, change, "roller", owner="Ola", analyst="Anne", proposer="Kari Nordmann")
    assert ([k.name for k in change.kinds.all()], change.novelty) == (["service", "process"], "here")
    assert (change.owner, change.analyst, change.benefits_owner) == ("Ola", "Anne", "")
    response = kari.post(page(change, "beskriv"), {"what": "x", "why": "y", "kinds": ["nonsense"]})
    assert wrong(response) == ["kinds"]


def test_what_somebody_else_wrote_meanwhile_is_not_written_over_unseen(kari):
    change = locked()
    shown = text_of(kari.get(page(change, "beskriv")))
    stamp = re.search(r'name="stamp" value="(\w+)"', shown)[1]
    actions.describe(change, why="Skrevet av en annen.", actor=KARI, now=NOW)
    mine = {"what": change.what, "why": "Skrevet av meg.", "stamp": stamp}
    response = kari.post(page(change, "beskriv"), mine)
    change.refresh_from_db()
    assert (response.status_code, change.why) == (409, "Skrevet av en annen.")
    assert "Skrevet av meg." in text_of(response) and wrong(response) == ["what"]
    again = re.search(r'name="stamp" value="(\w+)"', text_of(response))[1]
    send(kari, change, "beskriv", **{**mine, "stamp": again})
    assert change.why == "Skrevet av meg."


def test_what_cannot_be_done_now_is_said_in_place_of_the_form(kari):
    change = actions.propose("Ring først", "Venting", actor=KARI, now=NOW)
    text = text_of(kari.get(page(change, "konklusjon-naa")))
    assert '<form method="post" class="stack asking"' not in text and "ds-alert" in text
    assert kari.post(page(change, "konklusjon-naa"), {"x": "1"}).status_code == 409
    assert not change.looks.exists()


def test_an_unknown_change_is_not_found(kari):
    for place in ("beskriv", "historikk", "planlegg/measure", "laast-plan/1"):
        assert kari.get(f"/nb/endringer/finnes-ikke-9/{place}/").status_code == 404


def test_units_start_and_end_with_their_days(kari):
    change = locked()
    send(kari, change, "start", unit="Nes", other="", on="2025-03-02")
    send(kari, change, "start", unit="", other="Dal", on="2025-03-03")
    send(kari, change, "avslutt", unit="Nes", on="2025-09-01")
    rows = {e.unit: (e.started, e.ended) for e in change.exposures.exclude(started=None)}
    assert rows == {"Nes": (date(2025, 3, 2), date(2025, 9, 1)), "Dal": (date(2025, 3, 3), None)}
    assert wrong(kari.post(page(change, "start"), {"unit": "Nes", "on": "2025-03-02"})) == ["unit"]
    assert wrong(kari.post(page(change, "start"), {"unit": "Vik", "on": "i går"})) == ["on"]


@pytest.mark.parametrize(
    ("verb", "stage"), [("stopp", Stage.STOPPED), ("pause", Stage.PAUSED), ("juster", Stage.STARTED)]
)
def test_the_line_decides_and_says_why(kari, verb, stage):
    change = started()
    send(kari, change, verb, reason="Fordi.")
    assert change.stage == stage and change.decisions.get().reason == "Fordi."


def test_a_change_is_taken_further_with_its_link(kari):
    change = started()
    send(kari, change, "ta-videre", body="Granvik", unit="", reason="De vil også.")
    assert change.copies.get().body == "Granvik"
    assert wrong(kari.post(page(change, "ta-videre"), {"body": "", "unit": "", "reason": "x"})) == ["body"]


def test_gains_are_told_and_measured_by_a_verdict(kari):
    change = judged(Word.VALUE)
    told = {
        "what": "Kortere ventetid",
        "kind": "saved time",
        "receiver": "resident",
        "cash": "non-priced",
        "unit": "timer",
    }
    send(kari, change, "gevinst", **told, low="100", mid="1 000,5", high="2000", price_year="")
    gain = change.gains.get()
    assert (gain.low, gain.mid, gain.high, gain.forecast_by) == (100, 1000.5, 2000, KARI.name)
    verdict = str(change.verdicts.get().pk)
    send(kari, change, "gevinst-maalt", gain=str(gain.pk), verdict=verdict, low="50", mid="60", high="70")
    gain.refresh_from_db()
    assert (gain.measured_mid, gain.verdict_id) == (60, int(verdict))
    backwards = {**told, "low": "9", "mid": "5", "high": "1"}
    assert kari.post(page(change, "gevinst"), backwards).status_code == 400


def test_the_chain_of_freed_time_counts_each_hour_once(kari):
    change = judged(Word.VALUE)
    send(kari, change, "frigjort-tid", what="Arkivering", hours="500")
    freed, verdict = change.freed.get(), change.verdicts.get()
    send(kari, change, "frigjort-tid-bekreftet", freed=str(freed.pk), hours="400", verdict=str(verdict.pk))
    send(kari, change, "frigjort-tid-bruk", freed=str(freed.pk), use="moved", to="Veiledning", hours="300")
    too_many = {"freed": str(freed.pk), "use": "fewer posts", "hours": "200"}
    assert kari.post(page(change, "frigjort-tid-bruk"), too_many).status_code == 400
    use = freed.uses.get()
    send(kari, change, "frigjort-tid-realisert", use=str(use.pk), hours="250", proof="Ny turnus", on="2026-01-31")
    use.refresh_from_db()
    assert (use.realised, use.proof, use.realised_on) == (250, "Ny turnus", date(2026, 1, 31))


def test_people_comment_learn_link_and_write_beside_a_verdict(kari):
    change = judged(Word.NOT_YET)
    send(kari, change, "kommentar", text="Bra.")
    send(kari, change, "laering", text="Start i det små.")
    send(kari, change, "lenke", url="https://example.org/rapport", title="Rapport")
    send(kari, change, "merknad", verdict=str(change.verdicts.get().pk), text="Streik i mai.")
    assert change.comments.get().text == "Bra." and change.learnings.get().by == KARI.name
    assert change.links.get().url == "https://example.org/rapport"
    assert change.verdicts.get().notes.get().text == "Streik i mai."
    assert wrong(kari.post(page(change, "lenke"), {"url": "javascript:alert(1)"})) == ["url"]


def test_a_file_is_attached_and_only_ever_saved_never_opened(kari):
    change = started()
    send(kari, change, "vedlegg", file=SimpleUploadedFile("notat.txt", "Møtet gikk bra.".encode()))
    row = change.attachments.get()
    response = kari.get(f"/nb/endringer/{change.id}/vedlegg/{row.pk}/")
    assert b"".join(response.streaming_content).decode() == "Møtet gikk bra."
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    page_file = SimpleUploadedFile("x.txt", b"<html><script>alert(1)</script></html>")
    assert wrong(kari.post(page(change, "vedlegg"), {"file": page_file})) == ["file"]
    assert kari.get(f"/nb/endringer/{locked().id}/vedlegg/{row.pk}/").status_code == 404


def test_the_body_chooses_what_is_public(kari):
    change = started()
    send(kari, change, "offentlig", fields=["what", "stage"])
    assert change.published == ["what", "stage"]
    send(kari, change, "offentlig")
    assert change.published == []


def test_the_history_says_who_changed_what_and_can_be_saved(kari):
    change = locked()
    actions.assign(change, owner="Ola", actor=KARI, now=NOW)
    text = text_of(kari.get(page(change, "historikk")))
    assert "Ola" in text and KARI.name in text
    rows = kari.get(f"/nb/endringer/{change.id}/historikk.json").json()["rows"]
    assert rows[0]["after"] == "Ola" and rows[0]["at"] == "2026-03-01 09:00"
    draft = {row["field"].split(": ")[1]: row["after"] for row in rows if ": " in row["field"]}
    assert draft["smallest"] == "0.1" and draft["treated"] == "Nes 2025-03-01, Vik 2025-04-01"
    assert kari.get(f"/nb/endringer/{change.id}/historikk.csv").headers["Content-Type"].startswith("text/csv")
    assert kari.get(f"/nb/endringer/{change.id}/historikk.exe").status_code == 404


def test_the_locked_plan_is_a_page_and_its_text_has_the_hash(kari):
    import hashlib

    change = locked()
    text = text_of(kari.get(page(change, "laast-plan/1")))
    row = change.plans.get()
    assert row.hash in text and "Nes" in text and "1.\u00a0mars 2025" in text and KARI.name in text
    body = kari.get(f"/nb/endringer/{change.id}/laast-plan/1.json").content
    assert hashlib.sha256(body).hexdigest() == row.hash
    send(kari, change, "endre-plan", reason="Mer tid.", last="2026-06-01")
    assert [p.version for p in change.plans.all()] == [1, 2]
    assert "Mer tid." in text_of(kari.get(page(change, "laast-plan/2")))
    assert "ds-alert" in text_of(kari.get(page(change, "planlegg/measure")))


@pytest.mark.parametrize(
    "place",
    ["gevinst-maalt", "frigjort-tid-bekreftet", "frigjort-tid-bruk", "frigjort-tid-realisert", "merknad", "avslutt"],
)
def test_where_there_is_nothing_to_choose_from_the_page_says_so(kari, place):
    text = text_of(kari.get(page(locked(), place)))
    assert 'class="stack asking"' not in text and "ds-alert" in text


def test_prices_without_a_year_are_told_at_the_year(kari):
    told = {"what": "Porto", "kind": "avoided cost", "receiver": "own body", "cash": "budget", "unit_price": "20"}
    change = started()
    assert wrong(kari.post(page(change, "gevinst"), told)) == ["price_year"]
    assert wrong(kari.post(page(change, "gevinst"), {**told, "unit_price": "", "low": "3", "high": "1"})) == ["low"]
    assert not change.gains.exists()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_page_answers_in_every_language_without_inline_style_or_an_id_twice(kari, language):
    change = judged(Word.VALUE)
    place = 1 if language == "en" else 0
    of_change = f"{'changes' if place else 'endringer'}/{change.id}"
    pages = [f"{of_change}/{form.spoken[place]}/" for form in FORMS.values()]
    pages += [("hvem-er-du/", "who-are-you/")[place], ("foreslaa-endring/", "propose-change/")[place]]
    pages += [
        f"{of_change}/{('historikk', 'history')[place]}/",
        f"{of_change}/{('laast-plan', 'locked-plan')[place]}/1/",
    ]
    for address in pages:
        response = kari.get(f"/{language}/{address}")
        assert response.status_code == 200, address
        found = Page(text_of(response))
        assert (found.styled, found.scripts) == (0, 0) and len(found.ids) == len(set(found.ids)), address
        for other in found.links:
            assert other.startswith(("#", "/")), other


def test_a_form_on_another_site_cannot_write(settings):
    change = started()
    stranger = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    for place in (page(change, "stopp"), "/nb/foreslaa-endring/", "/nb/hvem-er-du/"):
        assert stranger.post(place, {"reason": "x", "what": "x", "why": "y", "your_name": "z"}).status_code == 403
    change.refresh_from_db()
    assert change.stage == Stage.STARTED and Change.objects.count() == 1


def test_a_file_that_is_too_large_is_told_at_its_field(kari, settings):
    settings.CONFIGURATION = replace(settings.CONFIGURATION, attachment_limit=10)
    change = started()
    file = SimpleUploadedFile("notat.txt", b"Mer enn ti tegn.")
    assert wrong(kari.post(page(change, "vedlegg"), {"file": file})) == ["file"]
    assert not change.attachments.exists()


def test_a_unit_is_chosen_or_written_but_not_both(kari):
    change = locked()
    response = kari.post(page(change, "start"), {"unit": "Nes", "other": "Dal", "on": "2025-03-01"})
    assert response.status_code == 400 and 'href="#other"' in text_of(response)
    assert not change.exposures.exclude(started=None).exists()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_text_that_is_too_long_for_a_form_is_told_on_a_page(kari, kind, caplog):
    change, long = locked(), "a" * 3_000_000
    body = f"reason={long}"
    if "boundary" in kind:
        body = f'--b\r\nContent-Disposition: form-data; name="reason"\r\n\r\n{long}\r\n--b--\r\n'
    response = kari.post(f"/en/changes/{change.id}/stop/", body, content_type=kind)
    assert response.status_code == 413 and "The text is too long" in text_of(response)
    assert "<main" in text_of(response) and not [r for r in caplog.records if r.exc_info]


def test_a_text_that_is_too_long_for_the_api_is_told_as_json(client):
    response = client.post("/api/v1/changes", {"what": "a" * 3_000_000}, content_type="application/json")
    assert response.status_code == 413 and response.json()["detail"]
