import json
import re
import shutil
from html.parser import HTMLParser

import pytest
from django.test import Client

from loft.log import Mapping, import_files
from loft.web.questions import SECTIONS, TABLES
from tests.web.conftest import addresses, rows, text_of, write_csv

pytestmark = pytest.mark.django_db
HERE = "/nb/reiser/fjordvik/"


class Page(HTMLParser):
    """What the tests look at in a page: ids, links, labels, styles and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fragments: list[str] = []
        self.styled = self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        self.styled += "style" in given or tag == "style" or any(name.startswith("on") for name in given)
        self.scripts += tag == "script" and "src" not in given


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_page_answers_in_every_language(client, log, language):
    for address in addresses(log):
        spoken = address.replace("reiser", "journeys").replace("ny-logg", "new-log") if language == "en" else address
        response = client.get(f"/{language}/{spoken}")
        assert response.status_code == 200, spoken
        assert f'<html lang="{language}"' in text_of(response)
        assert response.headers["Content-Language"] == language


def test_the_bare_address_leads_to_the_body_s_language(client):
    assert client.get("/").headers["Location"] == "/nb/"


def test_no_page_has_inline_style_or_script_or_the_same_id_twice(client, log):
    for address in addresses(log):
        response = client.get(f"/nb/{address}")
        page = Page(text_of(response))
        assert (page.styled, page.scripts) == (0, 0), address
        assert len(page.ids) == len(set(page.ids)), address
        assert "'unsafe" not in response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"


def test_every_link_on_every_page_leads_somewhere(client, log):
    seen = set()
    for address in addresses(log):
        for link in Page(text_of(client.get(f"/nb/{address}"))).links:
            target = link.split("#")[0]
            if not target or target in seen:
                continue
            full = f"/nb/{address}{target}" if target.startswith("?") else target
            seen.add(target)
            assert client.get(full).status_code == 200, full
    assert len(seen) > 50


def test_links_within_a_page_have_a_target(client, log):
    for address in addresses(log):
        page = Page(text_of(client.get(f"/nb/{address}")))
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids, (address, link)


def test_the_language_switch_keeps_the_page_and_the_filters(client, log):
    text = text_of(client.get(HERE + "handovers/?from=2024-01-01&until=2024-12-31&unit=NAV"))
    assert 'href="/en/journeys/fjordvik/handovers/?from=2024-01-01&amp;until=2024-12-31&amp;unit=NAV"' in text
    assert 'href="/nn/reiser/fjordvik/handovers/?from=2024-01-01&amp;until=2024-12-31&amp;unit=NAV"' in text


def test_the_summary_has_a_sentence_and_at_most_four_numbers_each_held_against_something(client, log):
    response = client.get(HERE)
    found = response.context["summary"]
    assert "2." in found.sentence or "2," in found.sentence
    assert 1 <= len(found.measures) <= 4
    assert all(m.value and m.compared and m.sure for m in found.measures)
    text = text_of(response)
    assert text.count("<dt>") == len(found.measures)
    assert response.context["parts"][0].headline and response.context["parts"][0].figure


def test_a_number_is_held_against_the_period_before(client, log):
    response = client.get(HERE + "?from=2025-01-01&until=2025-12-31")
    assert all("2024" in m.compared for m in response.context["summary"].measures)
    assert response.context["before"].endswith("against_from=2024-01-01&against_until=2024-12-31")


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_a_csv_and_a_json_beside_it(client, log, table):
    csv = client.get(f"{HERE}{table}.csv?unit=NAV")
    assert csv.status_code == 200 and csv.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in csv.headers["Content-Disposition"]
    found = json.loads(client.get(f"{HERE}{table}.json?unit=NAV").content)
    head = text_of(csv).split("\r\n")[0].split(",")
    assert head == [c["name"] for c in found["columns"]]
    assert len(text_of(csv).strip().split("\r\n")) - 1 == len(found["rows"])


def test_every_section_links_to_its_tables_with_the_same_filters(client, log):
    for slug, section in SECTIONS.items():
        text = text_of(client.get(f"{HERE}{slug + '/' if slug else ''}?unit=NAV"))
        for table in section.tables:
            assert f'href="{HERE}{table}.csv?unit=NAV"' in text
            assert f'href="{HERE}{table}.json?unit=NAV"' in text


def cases(client, query):
    [row] = json.loads(client.get(f"{HERE}overview.json{query}").content)["rows"]
    return row["cases"]


def test_filters_choose_cases(client, log):
    everything = cases(client, "")
    assert everything == 400
    year, building = cases(client, "?from=2024-01-01&until=2024-12-31"), cases(client, "?service=Byggesak")
    both = cases(client, "?service=Byggesak&service=Sosialhjelp")
    assert 150 < year < 250 and 150 < building < 300 and both == everything
    assert cases(client, "?where=kanal%3Dnett") + cases(client, "?where=kanal%3Dpapir") == everything
    assert cases(client, "?unit=NAV") < everything


def test_active_filters_are_shown_with_a_link_that_removes_each(client, log):
    response = client.get(
        HERE + "?from=2024-01-01&until=2024-12-31&service=Byggesak&where=kanal%3Dnett&against_service=Sosialhjelp"
    )
    found = {one.text: one.remove for one in response.context["active"]}
    assert set(found) == {"2024", "Byggesak", "kanal = nett", next(t for t in found if "Sosialhjelp" in t)}
    assert found["2024"] == "?service=Byggesak&where=kanal%3Dnett&against_service=Sosialhjelp"
    assert found["Byggesak"] == "?from=2024-01-01&until=2024-12-31&where=kanal%3Dnett&against_service=Sosialhjelp"


def test_filters_go_along_from_tab_to_tab(client, log):
    response = client.get(HERE + "map/?unit=NAV&share=0.5&rows=all")
    assert all(tab.href.endswith("/?unit=NAV") for tab in response.context["tabs"])
    assert [tab.current for tab in response.context["tabs"]].count(True) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?from=yesterday", "from"),
        ("?from=2025-02-30", "from"),
        ("?from=2025-02-01&until=2024-01-01", "from"),
        ("?unit=Nowhere", "unit"),
        ("?service=None", "service"),
        ("?where=kanal", "where"),
        ("?where=farge%3Dblå", "where"),
        ("?against_from=x", "against_from"),
        ("?share=2", "share"),
        ("?share=x", "share"),
    ],
)
def test_a_choice_that_cannot_be_used_is_told_never_ignored(client, log, query, field):
    response = client.get(HERE + query)
    assert response.status_code == 400
    [(name, _)] = response.context["choice"].errors
    assert name == field and f'href="#{field}"' in text_of(response)
    assert client.get(f"{HERE}waits.csv{query}").status_code == 400
    assert client.get(f"/api/v1/logs/{log}/waits{query}").status_code == 400


def test_hostile_filters_are_shown_as_text(client, log):
    text = text_of(client.get(HERE + "?unit=%3Cscript%3Ealert(1)%3C/script%3E"))
    assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_two_periods_are_held_against_each_other(client, log):
    query = "?from=2025-01-01&until=2025-12-31&against_from=2024-01-01&against_until=2024-12-31"
    found = json.loads(client.get(f"{HERE}handovers.json{query}").content)
    names = {c["name"] for c in found["columns"]}
    assert {"count_a", "count_b", "count_change"} <= names
    now = json.loads(client.get(f"{HERE}handovers.json?from=2025-01-01&until=2025-12-31").content)["rows"]
    row = next(r for r in found["rows"] if (r["from_unit"], r["to_unit"]) == (now[0]["from_unit"], now[0]["to_unit"]))
    assert row["count_b"] == now[0]["count"] and row["count_change"] == row["count_b"] - row["count_a"]
    text = text_of(client.get(f"{HERE}handovers/{query}"))
    assert 'class="other"' in text


def test_figures_on_few_cases_are_withheld_and_it_is_said(client, log):
    response = client.get(HERE + "units/")
    [part] = response.context["parts"]
    rare = next(row for row in part.shown.rows if row.head == "Statsforvalteren")
    assert all(cell.held for cell in rare.cells if cell.number)
    assert any("5" in remark for remark in part.shown.remarks)
    assert part.shown.remarks[0] in text_of(response)


def test_rows_whose_name_would_tell_are_left_out_and_counted(client, log):
    response = client.get(HERE + "handovers/")
    [part] = response.context["parts"]
    assert not any("Statsforvalteren" in cell.text for row in part.shown.rows for cell in row.cells)
    assert part.shown.remarks and part.shown.remarks[-1] in text_of(response)


def test_a_choice_of_few_cases_gets_no_figures(client, log):
    response = client.get(HERE + "?unit=Statsforvalteren")
    assert response.status_code == 200
    assert not response.context["summary"].measures and response.context["summary"].remarks
    assert re.search(r"\d+ (dager|days)", text_of(response).split("<h2")[1]) is None


def test_a_log_that_is_simulated_says_so(client, log):
    assert "ds-tag" in text_of(client.get("/nb/")) and "ds-tag" in text_of(client.get(HERE))


@pytest.mark.parametrize(
    "address",
    [
        "/nb/reiser/none/",
        "/nb/reiser/fjordvik/nothing/",
        "/nb/reiser/fjordvik/nothing.csv",
        "/nb/x/",
        "/x",
        "/nb/ny-logg/aaaaaaaaaaaaaaaaaaaaaaaa/",
        "/nb/reiser/../secret/",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(client, log, address):
    response = client.get(address)
    assert response.status_code == 404 and "<h1" in text_of(response)


def test_colours_are_remembered_without_javascript(client, log):
    response = client.post("/colours/", {"colours": "dark", "next": HERE + "?unit=NAV"})
    assert response.status_code == 302 and response.headers["Location"] == HERE + "?unit=NAV"
    assert 'data-color-scheme="dark"' in text_of(client.get(HERE))
    away = client.post("/colours/", {"colours": "pink", "next": "https://elsewhere.example/"})
    assert away.headers["Location"] == "/" and 'data-color-scheme="dark"' in text_of(client.get(HERE))


def test_reading_a_page_leaves_no_cookie_but_the_form_s(client, log):
    client.get(HERE)
    assert set(client.cookies) <= {"csrftoken"}


def test_a_form_from_elsewhere_is_refused(log):
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    response = strict.post("/colours/", {"colours": "dark"})
    assert response.status_code == 403 and "<h1" in text_of(response)


@pytest.mark.parametrize(
    ("host", "caller"),
    [
        ("loft.example", "127.0.0.1"),
        ("localhost.evil.example", "127.0.0.1"),
        ("localhost", "10.0.0.7"),
        ("", "127.0.0.1"),
        ("192.168.0.2:8000", "127.0.0.1"),
    ],
)
def test_only_this_machine_is_answered(log, host, caller):
    response = Client(headers={"host": host}, REMOTE_ADDR=caller).get(HERE)
    assert response.status_code == 403 and b"only on the machine" in response.content


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]"])
def test_this_machine_is_answered_by_any_of_its_names(log, host):
    assert Client(headers={"host": host}).get("/nb/").status_code == 200


@pytest.mark.django_db  # closing a response lets Django look after its connections
def test_static_files_are_served_and_python_files_are_not(client):
    for name in (
        "loft/loft.css",
        "charts/chart.css",
        "vendor/theme.css",
        "vendor/designsystemet.css",
        "vendor/inter.woff2",
        "loft/icon.svg",
    ):
        response = client.get(f"/static/{name}")
        assert response.status_code == 200 and len(b"".join(response)) > 100, name
        response.close()
    assert client.get("/static/charts/bars.py").status_code == 404


def test_the_map_shows_the_share_of_cases_that_was_chosen(client, log):
    few = json.loads(client.get(f"{HERE}map-steps.json?share=0.3").content)["rows"]
    every = json.loads(client.get(f"{HERE}map-steps.json?share=1").content)["rows"]
    assert len(few) < len(every)
    text = text_of(client.get(f"{HERE}map/?share=1"))
    assert 'class="node"' in text and 'href="#step-1"' in text


def test_an_answer_is_kept_until_the_log_changes(client, log, monkeypatch):
    from loft.web import questions

    asked = []
    real = questions.ASKS["units"]
    counting = questions.Ask(lambda *a, **k: asked.append(1) or real.question(*a, **k))
    monkeypatch.setitem(questions.ASKS, "units", counting)
    for _ in range(3):
        client.get(HERE + "units/")
    assert len(asked) == 1
    client.get(HERE + "units/?unit=NAV")
    assert len(asked) == 2


def test_a_damaged_log_says_so_on_the_front_page_and_hides_no_other(client, log, settings):
    store = settings.CONFIGURATION.logs / "damaged"
    (store / "snapshots").mkdir(parents=True)
    (store / "current").write_text("000001")
    try:
        response = client.get("/nb/")
        assert response.status_code == 200 and "000001" in text_of(response) and "Fjordvik" in text_of(response)
        assert client.get("/nb/reiser/damaged/").status_code == 400
    finally:
        (store / "current").unlink()
        (store / "snapshots").rmdir()
        store.rmdir()


def test_a_fault_in_loft_is_a_page_that_says_so_and_shows_nothing_of_the_inside(log, monkeypatch):
    from loft.web import questions

    def broken(*_, **__):
        raise RuntimeError("inside")

    monkeypatch.setitem(questions.ASKS, "units", questions.Ask(broken))
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    response = client.get(HERE + "units/")
    assert response.status_code == 500 and "<h1" in text_of(response) and "inside" not in text_of(response)


@pytest.mark.parametrize("query", ["?where=kanal%3Dtelefon", "?from=2090-01-01", "?from=2090-01-15&until=2090-02-01"])
def test_a_choice_that_no_case_fits_says_so(client, log, query):
    response = client.get(HERE + query)
    assert response.status_code == 200 and not response.context["summary"].measures
    assert client.get(HERE + "map/" + query).status_code == 200


@pytest.fixture
def bare(settings, tmp_path):
    """A log without units and services; its name in addresses."""
    table = [row[:3] for row in rows(40)]
    mapping = Mapping("csv", case="sak", activity="aktivitet", at="tidspunkt", delimiter=",", encoding="utf-8")
    store = settings.CONFIGURATION.logs / "bare"
    import_files([write_csv(tmp_path / "bare.csv", table)], store, mapping=mapping, name="Bare")
    yield "bare"
    shutil.rmtree(store)


def test_a_log_without_units_is_not_asked_about_them(client, bare):
    text = text_of(client.get(f"/nb/reiser/{bare}/"))
    assert f"/reiser/{bare}/waits/" in text and f"/reiser/{bare}/doors/" not in text
    for slug in SECTIONS:
        response = client.get(f"/nb/reiser/{bare}/{slug + '/' if slug else ''}")
        assert response.status_code == 200
        assert bool(response.context["parts"]) == (slug not in ("doors", "handovers", "units"))


def test_the_whole_log_is_held_against_its_first_year(client, log):
    found = client.get(HERE).context["summary"]
    assert all(any(c.isdigit() for c in m.compared) for m in found.measures)


def test_our_own_activities_are_named_in_the_language_of_the_page(client, settings, tmp_path):
    table = [["case", "activity", "at"]]
    for case in range(30):
        table += [
            [f"c{case}", "application.received", f"2025-01-{case % 28 + 1:02}T08:00:00"],
            [f"c{case}", "decision.made", f"2025-02-{case % 28 + 1:02}T08:00:00"],
        ]
    store = settings.CONFIGURATION.logs / "own"
    import_files(
        [write_csv(tmp_path / "own.csv", table)],
        store,
        mapping=Mapping("csv", case="case", activity="activity", at="at", delimiter=",", endings=("decision.made",)),
    )
    try:
        for slug in ("", "map/", "bottlenecks/", "variants/"):
            text = text_of(client.get(f"/en/journeys/own/{slug}"))
            read = re.sub(r'href="[^"]*"', "", text)
        assert "Decision made" in read and "decision.made" not in read, slug
        assert "decision.made" in text_of(client.get("/en/journeys/own/waits.csv"))
    finally:
        shutil.rmtree(store)
