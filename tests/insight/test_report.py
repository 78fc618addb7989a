"""The report: complete, on its own, and for everybody."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import loft
from loft.insight.report import report
from loft.language import speaking
from loft.log import Log, Selection, import_files, propose
from tests.cli.conftest import log_text

FIRST, SECOND = Selection(opened_until=date(2025, 6, 30)), Selection(opened_from=date(2025, 7, 1))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Log:
    folder = tmp_path_factory.mktemp("report")
    (folder / "byens <saker>.csv").write_text(log_text(), encoding="utf-8")
    mapping = propose(folder / "byens <saker>.csv").mapping.but(endings=("closed",))
    import_files([folder / "byens <saker>.csv"], folder / "log", mapping=mapping, simulated=True)
    return loft.open_log(folder / "log")


class Outline(HTMLParser):
    """What a page is made of: its elements in order, and those that were left open."""

    EMPTY = ("meta", "link", "img", "br", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_the_page_needs_nothing_else(asked: Log) -> None:
    text = report(asked, against=SECOND)
    page = Outline(text)
    assert page.open == []
    assert {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.found} == set()
    assert re.findall(r"(?:https?:)?//[a-z]|url\(|@import", text) == []
    assert [a for a in page.all("a") if not (a.get("href") or "").startswith("#")] == []
    assert not any(name.startswith("on") for _, attributes in page.found for name in attributes)


def test_every_link_on_the_page_leads_to_a_part_of_it(asked: Log) -> None:
    page = Outline(report(asked))
    named = [a["id"] for _, a in page.found if "id" in a]
    assert len(named) == len(set(named))
    assert {(a["href"] or "").removeprefix("#") for a in page.all("a")} <= set(named)


def test_every_table_has_a_caption_and_heads(asked: Log) -> None:
    text = report(asked)
    assert text.count("<table>") == text.count("<caption>") >= 12
    assert 'scope="col"' in text
    assert 'scope="row"' in text


def test_the_figures_are_those_of_the_questions(asked: Log) -> None:
    text = report(asked)
    row = next(line for line in text.split("<tr>") if line.startswith('<th scope="row">Desk</th><td>Planning</td>'))
    assert '<td class="number">80</td>' in row
    assert "Half of the cases are done within 6\u00a0days" in text


def test_names_from_the_log_are_text_and_never_markup(asked: Log) -> None:
    text = report(asked)
    assert "byens &lt;saker&gt;" in text
    assert "<saker>" not in text


def test_a_simulated_log_says_so(asked: Log) -> None:
    assert "This log is simulated" in report(asked)


def test_two_choices_stand_beside_each_other(asked: Log) -> None:
    text = report(asked, FIRST, against=SECOND)
    assert '<h2 id="compared">' in text
    assert "until 30\u00a0June 2025" in text
    assert '<td class="number">31</td><td class="number">29</td>' in text


def test_a_choice_too_near_the_whole_gets_a_reason_and_no_figures(asked: Log) -> None:
    text = report(asked, Selection(opened_from=date(2025, 1, 5)))
    assert "leaves out so few cases" in text
    assert '<td class="number">59</td>' not in text


def test_a_choice_without_cases_is_said(asked: Log) -> None:
    assert "No case was opened in this choice" in report(asked, Selection(opened_from=date(2030, 1, 1)))


def test_a_log_without_units_has_no_questions_about_units(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text(
        "\n".join(",".join(line.split(",")[:3]) for line in log_text().splitlines()) + "\n", encoding="utf-8"
    )
    text = report(loft.read(path))
    assert ">Hand-overs</h2>" not in text
    assert ">How long cases take</h2>" in text


@pytest.mark.parametrize("code", ["nb", "nn", "en"])
def test_the_page_says_which_language_it_is_in(asked: Log, code: str) -> None:
    with speaking(code):
        assert f'<html lang="{code}">' in report(asked)


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_page_asks_for_nothing(
    asked: Log, browser: Any, tmp_path: Path, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "report.html"
    file.write_text(report(asked, FIRST, against=SECOND), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    requests: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(file.as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert requests == [file.as_uri()]
    assert told == []
    context.close()


def test_it_prints_on_white_without_links_to_nowhere(asked: Log, browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report(asked), encoding="utf-8")
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(file.as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.is_visible("nav")
    assert len(page.pdf()) > 20_000
    context.close()
