"""The pages that show changes: what stands on them, and what the files hold."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loft.changes import actions
from loft.changes.looking import cells_of_plan, look
from loft.changes.models import Change
from loft.language import speaking
from loft.value.certificate import verify
from loft.value.obstacles import OTHERS
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Group, Guarded, Size, Word
from loft.value.verdicts import Look as Point
from loft.web.pages import front
from loft.web.pages.changes import change as change_page
from loft.web.pages.changes import portfolio, quality
from loft.web.present import Cell, Head, Row, Shown
from loft.web.started import _figure
from tests.changes.conftest import FIELDS, KARI, at, idea, judged, locked, started, verdict
from tests.web.conftest import text_of
from tests.web.test_pages import Page

pytestmark = pytest.mark.django_db
ALL = ("", "learned/", "register/", "public/")


@pytest.fixture(autouse=True)
def _a_day_in_october(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plans are of a log that is not here, and it is a few days after the verdicts."""
    monkeypatch.setitem(FIELDS, "log", "elsewhere")
    for room in (change_page, portfolio, quality, front):
        monkeypatch.setattr(room, "clock", lambda: at("2025-10-05"))


def shown(day: str = "2025-10-01") -> Change:
    """A change with value shown, told in full: a path by month, a guardrail, groups, gains and freed time."""
    change = started()
    path = tuple(
        Point(date(2024, 1 + month, 1) if month < 12 else date(2025, month - 11, 1), 30 - month / 2, 30.0, *band)
        for month in range(20)
        for band in [(20.0, 40.0) if month > 14 else (None, None)]
    )
    size = Size(-0.12, -0.18, -0.05, True, "days")
    wide = Size(-0.2, -0.9, 5.0, True, "days")
    made = replace(
        verdict(change, day, Word.VALUE),
        answer=say("Days went down by %(share)s.", share=Figure(0.12, "percent")),
        path=path,
        guardrails=(Guarded("doors", size, 0.05, False, Sentence("Doors are within what is tolerated.")),),
        groups=(Group(Sentence("The worst served"), 200, wide), Group(Sentence("The others"), 12, None)),
    )
    row = actions.record_verdict(change, made, actor=KARI, now=at(day))
    gain = actions.tell_gain(
        change, "Færre brev", kind="avoided cost", receiver="own body", cash="budget", unit="brev", low=800, mid=1000, high=1200,
        unit_price=20, price_year=2025, cost_yearly=5000, actor=KARI, now=at(day),
    )  # fmt: skip
    actions.measure_gain(change, gain, row, low=400, mid=600, high=800, actor=KARI, now=at(day))
    freed = actions.free_time(change, "Purringer", 150, actor=KARI, now=at(day))
    actions.confirm_time(change, freed, 120, row, actor=KARI, now=at(day))
    use = actions.use_time(change, freed, "moved", 100, to="Veiledning", actor=KARI, now=at(day))
    actions.realise_time(change, use, 40, "Turnusen for høsten", date(2025, 10, 1), actor=KARI, now=at(day))
    return change


def buried() -> Change:
    """A change that harmed, was stopped, and taught something."""
    change = judged(Word.HARM)
    actions.tell_gain(
        change, "Kortere skjema", kind="saved time", receiver="resident", cash="non-priced", cost_yearly=250_000, price_year=2025,
        actor=KARI, now=at("2025-10-02"),
    )  # fmt: skip
    actions.stop(change, "Flere ble sendt tilbake.", actor=KARI, now=at("2025-10-03"))
    actions.learn(change, "Kartkontoret trengte spørsmålene.", actor=KARI, now=at("2025-10-04"))
    return change


def page(client: Client, change: Change, rest: str = "") -> Any:
    return client.get(f"/en/changes/{change.id}/{rest}")


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_page_answers_in_every_language_with_and_without_changes(client: Client, language: str) -> None:
    words = {"changes": "endringer", "learned": "laert", "public": "offentlig"}
    for filled in (False, True):
        pages = [f"changes/{rest}" for rest in ALL]
        if filled:
            pages += [
                f"changes/{change.id}/" for change in (shown(), buried(), idea(), locked(), judged(Word.UNKNOWABLE))
            ]
        for address in pages:
            for en, nb in () if language == "en" else words.items():
                address = address.replace(en, nb)
            response = client.get(f"/{language}/{address}")
            assert response.status_code == 200, address
            found = Page(text_of(response))
            assert (found.styled, found.scripts) == (0, 0), address
            assert len(found.ids) == len(set(found.ids)), address


def test_every_link_on_every_page_leads_somewhere(client: Client) -> None:
    changes = [shown(), buried(), idea(), locked()]
    seen: set[str] = set()
    for address in [f"/en/changes/{rest}" for rest in (*ALL, *(f"{change.id}/" for change in changes))]:
        found = Page(text_of(client.get(address)))
        for link in found.links:
            target = link.partition("#")[0]
            assert target or link[1:] in found.ids, link
            if target and target not in seen:
                seen.add(target)
                assert client.get(target).status_code in (200, 302), target
    assert len(seen) > 60


def test_a_change_says_whether_it_helped_how_sure_and_what_now_before_all_else(client: Client) -> None:
    response = page(client, shown())
    text = text_of(response)
    assert "Days went down by 12" in text
    assert text.index("Days went down by") < text.index("What now") < text.index("<dl")
    cards = response.context["measures"]
    assert [card.value for card in cards] == ["−12%", "3 of 5", "1.5 times", "120 hours"]
    assert "Value is shown. Decide who is to have it next." in response.context["now"]


def test_the_figure_has_the_band_the_expected_path_and_the_start(client: Client) -> None:
    figure = str(page(client, shown()).context["figure"])
    assert figure.count('class="band"') >= 2
    assert 'class="expected"' in figure
    assert "First start" in figure
    assert "since the start" in page(client, Change.objects.get()).context["headline"]


def test_a_group_with_few_cases_has_no_figure_and_a_hopeless_range_is_said_in_words(client: Client) -> None:
    rows = page(client, shown()).context["tables"]["groups"].rows
    assert [row.cells[1].text for row in rows] == ["Too uncertain to tell", "Too few cases to tell"]


def test_a_group_of_so_few_that_one_could_be_known_is_not_counted(client: Client) -> None:
    change = started()
    groups = (Group(Sentence("Of the kind rare"), 2, None), Group(Sentence("Of the kind common"), 7, None))
    made = replace(verdict(change, "2025-10-01", Word.NOT_YET), groups=groups)
    actions.record_verdict(change, made, actor=KARI, now=at("2025-10-01"))
    rows = rows_of(page(client, change, "table/groups.csv"))
    assert [row["cases"] for row in rows] == ["", "7"]


def test_an_idea_says_that_nothing_is_tried_and_what_comes_next(client: Client) -> None:
    seen = actions.Seen("/nb/reiser/fjordvik/waits/", "fjordvik", "NAV", "assessed", "41 dager")
    response = page(client, idea(seen=seen))
    assert response.context["answer"] == "It is an idea. Nothing is tried yet."
    assert response.context["measures"] == []
    assert 'href="/nb/reiser/fjordvik/waits/"' in text_of(response)


def test_a_page_that_is_not_ours_is_no_link(client: Client) -> None:
    change = idea()
    for address in ("javascript:alert(1)", "//evil.example/", "/\\evil.example/", "https://evil.example/"):
        Change.objects.update(seen_page=address, seen_figure="41 dager")
        assert address not in text_of(page(client, change))


def test_each_table_of_a_change_is_a_file(client: Client) -> None:
    change = shown()
    for name in ("path", "guardrails", "groups", "checks", "verdicts", "gains", "freed-time", "units"):
        rows = rows_of(page(client, change, f"table/{name}.csv"))
        told = json.loads(page(client, change, f"table/{name}.json").content)
        assert len(rows) == len(told["rows"]) > 0, name
    assert page(client, change, "table/salaries.csv").status_code == 404
    freed = rows_of(page(client, change, "table/freed-time.csv"))[0]
    assert [float(freed[link]) for link in ("estimated", "confirmed", "decided", "realised")] == [150, 120, 100, 40]


def test_the_portfolio_adds_up_promises_proof_and_hours(client: Client) -> None:
    shown()
    [sums] = rows_of(client.get("/en/changes/table/sums.csv"))
    assert (sums["promised"], sums["proven_low"], sums["proven"], sums["cost_yearly"]) == (
        "20000",
        "8000",
        "12000",
        "5000",
    )
    hours = {row["link"]: row["hours"] for row in rows_of(client.get("/en/changes/table/freed-time.csv"))}
    assert hours["Realised, with proof"] == "40"


def test_the_portfolio_lists_harm_first_and_says_what_waits(client: Client) -> None:
    good, bad = shown(), judged(Word.HARM)
    response = client.get("/en/changes/")
    assert [slug for _, slug, _ in response.context["stages"]] == ["harm", "value-shown"]
    assert [wait.id for wait in response.context["waiting"]][:2] == [bad.id, good.id]
    assert response.context["sentence"].startswith(
        "Value is shown for 1, and harm for 1, of 2 changes that have started."
    )
    assert len(response.context["measures"]) == 4


def test_what_did_not_work_is_found_by_a_word_with_what_was_learned_and_saved(client: Client) -> None:
    buried()
    judged(Word.UNKNOWABLE)
    shown()
    response = client.get("/en/changes/learned/")
    assert [slug for _, slug, _ in response.context["parts"]] == ["harm", "unknown"]
    assert "Kartkontoret trengte spørsmålene." in text_of(response)
    assert "250,000" in response.context["avoided"]
    found = client.get("/en/changes/learned/", {"q": "kartkontoret"})
    assert [slug for _, slug, _ in found.context["parts"]] == ["harm"]
    assert client.get("/en/changes/learned/", {"q": "romferge"}).context["parts"] == []


def test_an_effect_that_is_surely_too_small_stands_among_what_did_not_work(client: Client) -> None:
    change = started()
    made = replace(verdict(change, "2025-10-01", Word.NOT_YET), size=Size(-0.01, -0.04, 0.02, True, "days"))
    actions.record_verdict(change, made, actor=KARI, now=at("2025-10-01"))
    assert [slug for _, slug, _ in client.get("/en/changes/learned/").context["parts"]] == ["small"]


def test_value_that_stands_is_not_buried_by_a_verdict_that_cannot_tell(client: Client) -> None:
    change = judged(Word.VALUE)
    later = verdict(change, "2025-11-01", Word.UNKNOWABLE)
    actions.record_verdict(change, later, actor=KARI, now=at("2025-11-01"))
    assert change.stage == "value shown"
    assert change.what not in text_of(client.get("/en/changes/learned/"))


def test_the_register_tells_which_plans_were_locked_in_time(client: Client) -> None:
    shown()
    late = idea()
    actions.start(late, "Nes", date(2025, 2, 20), actor=KARI, now=at("2025-02-21"))
    response = client.get("/en/changes/register/")
    assert response.context["sentence"] == "1 of 2 changes had a locked plan before they started."
    assert {row["in_time"] for row in rows_of(client.get("/en/changes/register.csv"))} == {
        "Locked before the start",
        "No locked plan",
    }


def test_the_public_register_shows_what_was_chosen_and_no_more(client: Client) -> None:
    change = shown()
    actions.comment(change, "En intern kommentar.", actor=KARI, now=at("2025-10-02"))
    assert change.what not in text_of(client.get("/en/changes/public/"))
    actions.publish(change, ["what", "plan", "verdicts", "gains"], actor=KARI, now=at("2025-10-02"))
    text = text_of(client.get("/en/changes/public/"))
    assert change.what in text
    assert "Days went down by 12" in text
    assert "Færre brev" in text
    for hidden in (change.why, "En intern kommentar.", KARI.name, "Purringer"):
        assert hidden not in text, hidden
    told = json.loads(client.get("/en/changes/public.json").content)
    assert set(told["changes"][0]) == {"id", "what", "plan", "verdicts", "gains"}


def test_the_public_register_does_not_tell_what_another_change_is(client: Client) -> None:
    change = started()
    other = say(OTHERS, names=Figure("Hemmelig omorganisering", "text"))
    said = say("Cannot be known with this design. %(why)s", why=Figure(other, "said"))
    made = replace(verdict(change, "2025-10-01", Word.UNKNOWABLE), answer=said, reasons=(other,))
    actions.record_verdict(change, made, actor=KARI, now=at("2025-10-01"))
    actions.publish(change, ["verdicts"], actor=KARI, now=at("2025-10-02"))
    assert "Hemmelig" in text_of(page(client, change))
    for place in ("public/", "public.csv", "public.json"):
        assert "Hemmelig" not in client.get(f"/en/changes/{place}").getvalue().decode()


def test_the_public_register_is_read_in_as_many_questions_however_large(
    client: Client,
) -> None:
    asked = []
    for _ in range(3):
        change = locked()
        actions.amend(change, "Lengre.", last=date(2026, 6, 1), actor=KARI, now=at("2025-02-10"))
        actions.publish(change, ["plan", "units"], actor=KARI, now=at("2025-02-11"))
        with CaptureQueriesContext(connection) as seen:
            client.get("/en/changes/public/")
        asked.append(len(seen))
    assert asked[0] == asked[2]


def in_the_log(log: str) -> Change:
    """A change that has started in a unit of the small log."""
    change = locked(log=log, by="unit", treated=[("NAV", date(2025, 3, 1))], comparison=["Torget"])
    actions.start(change, "NAV", date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    return change


def looked(log: str) -> Change:
    """A change in the small log, with a verdict that the program made."""
    change = locked(
        log=log,
        by="unit",
        treated=[("NAV", date(2025, 3, 1))],
        comparison=["Torget"],
        last=date(2026, 3, 1),
        services=[],
    )
    actions.start(change, "NAV", date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    look(change, actor=KARI, now=datetime(2025, 12, 1, 9, tzinfo=UTC), record=True)
    return change


def test_a_certificate_from_the_page_can_be_worked_out_again(client: Client, log: str) -> None:
    change = looked(log)
    day = change.verdicts.get().on.isoformat()
    told = json.loads(page(client, change, f"certificate/{day}.json").content)
    checked = verify(told)
    assert checked.holds
    assert checked.again is not None
    told["verdict"]["security"] = 5
    assert not verify(told).holds
    text = text_of(page(client, change, f"certificate/{day}/"))
    assert told["plan_hash"] in text
    assert told["hash"] in text


def test_a_certificate_holds_though_the_register_was_told_more_since(client: Client, log: str) -> None:
    change = looked(log)
    day = change.verdicts.get().on.isoformat()
    later = {"actor": KARI, "now": at("2026-01-10")}
    actions.tell_break(change, "NAV", date(2025, 6, 1), "Slått sammen", **later)
    actions.start(idea("En annen endring"), "NAV", date(2025, 4, 1), **later)
    told = json.loads(page(client, change, f"certificate/{day}.json").content)
    assert (told["others"], told["breaks"]) == ([], [])
    assert verify(told).holds


def test_the_cells_are_a_file_by_unit_and_month_that_has_passed_the_gate(client: Client, log: str) -> None:
    change = looked(log)
    rows = rows_of(page(client, change, f"cells/{change.verdicts.get().on.isoformat()}.csv"))
    volume = [row for row in rows if row["measure"] == "volume"]
    assert "Torget" in {row["unit"] for row in volume}
    assert 0 < sum(int(row["cases"]) for row in volume) <= 400
    assert all(int(row["cases"]) >= 5 for row in rows)


def test_a_month_on_few_cases_has_no_figure(client: Client, log: str) -> None:
    change = looked(log)
    table = rows_of(page(client, change, "table/path.csv"))
    cells, _ = cells_of_plan(change.plan.plan)
    days, seen = cells["days"], {}
    for unit, day, n in zip(days.unit.tolist(), days.day.tolist(), days.n.tolist(), strict=True):
        if days.units[unit] == "NAV":
            month = date.fromordinal(days.first.toordinal() + day).isoformat()[:7]
            seen[month] = seen.get(month, 0) + n
    shown_on = [seen.get(row["month"][:7], 0) for row in table if row["treated"]]
    assert min(seen.values()) < 5
    assert all(cases >= 5 for cases in shown_on)


def test_without_its_log_a_certificate_still_has_its_hashes(client: Client) -> None:
    change = judged(Word.VALUE)
    told = json.loads(page(client, change, "certificate/2025-10-01.json").content)
    assert told["cells"] is None
    assert verify(told).again is None
    assert "has no cells" in text_of(page(client, change, "certificate/2025-10-01/"))


@pytest.mark.parametrize(
    "rest", ["certificate/2025-10-02/", "certificate/i-gaar/", "certificate/2025-10-02.json", "cells/2025-10-01.csv"]
)
def test_what_is_not_there_is_a_missing_page(client: Client, rest: str) -> None:
    assert page(client, judged(Word.VALUE), rest).status_code == 404
    assert client.get("/en/changes/ingen-slik-9/").status_code == 404


def test_a_row_of_a_log_leads_to_an_idea_that_knows_where_it_was_seen(client: Client, log: str) -> None:
    response = client.get(f"/en/journeys/{log}/waits/")
    row = response.context["parts"][0].shown.rows[0]
    form = client.get(row.propose)
    assert form.status_code == 200
    seen = form.context["seen"]
    assert (seen.log, seen.page) == (log, f"/en/journeys/{log}/waits/")
    assert seen.step
    assert seen.unit
    assert row.head in seen.figure


def test_what_has_started_is_marked_on_the_axis_of_time(client: Client, log: str) -> None:
    address = f"/en/journeys/{log}/throughput/"
    assert client.get(address).context["parts"][0].started == ()
    change = in_the_log(log)
    response = client.get(address)
    [mark] = response.context["parts"][0].started
    assert (mark.id, mark.on) == (change.id, date(2025, 3, 1))
    assert 'class="mark"' in str(response.context["parts"][0].figure)
    assert f'href="/en/changes/{change.id}/"' in text_of(response)
    assert client.get(address, {"until": "2024-12-31"}).context["parts"][0].started == ()


def _unmeasured(change: Change, day: str = "2025-10-01", **other: Any) -> Change:
    """The change with a verdict before anything is measured."""
    made = replace(verdict(change, day, Word.NOT_YET), size=None, security=5, **other)
    actions.record_verdict(change, made, actor=KARI, now=at(day))
    return change


def test_nothing_is_said_to_be_secure_before_anything_is_measured(client: Client) -> None:
    change = _unmeasured(started())
    cards = page(client, change).context["measures"]
    assert [(card.value, card.compared) for card in cards if card.name == "How secure"] == [
        ("–", "Nothing is measured yet")
    ]
    for address in ("", f"{change.id}/", f"{change.id}/certificate/2025-10-01/"):
        assert "5 of 5" not in text_of(client.get(f"/en/changes/{address}")), address


@pytest.mark.parametrize(
    ("look", "says"),
    [
        (date(2025, 10, 4), "A look has been due since 4\u00a0October 2025."),
        (date(2025, 10, 6), "Look again around 6\u00a0October 2025."),
    ],
)
def test_a_day_for_a_look_that_has_passed_is_not_told_as_to_come(client: Client, look: date, says: str) -> None:
    assert says in page(client, _unmeasured(started(), next_look=look)).context["now"]


def test_the_register_says_of_each_whether_its_verdict_stands(client: Client) -> None:
    shown()
    started()
    rows = rows_of(client.get("/en/changes/register.csv"))
    assert sorted(row["state"] for row in rows) == ["No verdict yet", "Stands"]


def test_the_axis_of_a_share_is_in_per_cent_and_ends_at_100(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIELDS, "measure", "on_time:30")
    monkeypatch.setitem(FIELDS, "better", "higher")
    change = started()
    path = tuple(Point(date(2025, month, 1), 0.7, 0.9, 0.6, 1.3) for month in (1, 2, 3, 4))
    actions.record_verdict(
        change, replace(verdict(change, "2025-10-01", Word.NOT_YET), path=path), actor=KARI, now=at("2025-10-01")
    )
    drawn = page(client, change).context["figure"].wide
    assert ">100%<" in drawn and ">120" not in drawn and "Measured, last month: 70%" in drawn


def test_a_missing_page_leads_to_the_changes_too(client: Client) -> None:
    assert 'href="/en/changes/">To the changes' in text_of(client.get("/en/changes/ingen-slik-9/"))


def test_an_idea_from_a_row_takes_along_a_figure_that_the_row_has() -> None:
    heads = [Head("Step", False), Head("Cases", True), Head("Share", True), Head("Mean wait (days)", True)]
    cells = [Cell("–", True), Cell("5 %", True), Cell("4.0", True)]
    for slug, said in (("waits", "Mean wait (days): 4.0"), ("rework", "Share: 5 %")):
        table = Shown(slug, "Title", "", heads, [])
        with speaking("en"):
            assert _figure(table, Row("Vurdert", cells)) == f"Title, Vurdert ({said})"


def test_one_change_is_not_told_as_many(client: Client) -> None:
    _unmeasured(started())
    assert "1 of 1 change had a locked plan before it started." in text_of(client.get("/en/changes/register/"))
    assert "of 1 change that has started" in client.get("/en/changes/").context["sentence"]
