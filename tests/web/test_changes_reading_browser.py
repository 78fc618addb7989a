"""The pages that show changes in a real browser: accessible in light and dark, wide and narrow; the answer needs no scrolling; on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.changes.conftest import FIELDS, idea, locked
from tests.web.test_changes_reading import buried, shown

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _another_log(monkeypatch):
    """The plans are of a log that is not here."""
    monkeypatch.setitem(FIELDS, "log", "elsewhere")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")])
def test_axe_finds_nothing_on_any_page_that_shows_changes(browser, server, width, scheme):
    changes = [shown(), buried(), idea(), locked()]
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    places = ["", "laert/", "laert/?q=romferge", "register/", "offentlig/", *(f"{change.id}/" for change in changes)]
    for place in [*places, f"{changes[0].id}/bevis/2025-10-01/"]:
        page.goto(f"/nb/endringer/{place}")
        for details in page.query_selector_all("details"):
            details.evaluate("e => e.open = true")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place
    context.close()


@pytest.mark.parametrize("width", [1280, 400])
def test_whether_it_helped_how_sure_and_what_now_are_seen_without_scrolling(browser, server, width):
    change = shown()
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"/nb/endringer/{change.id}/")
    for part in ("h1", "h1 + p", "p[data-size=lg]", ".now"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 800, part
    context.close()


def test_on_paper_a_change_has_no_buttons_and_its_figure_is_there(browser, server):
    change = shown()
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto(f"/nb/endringer/{change.id}/")
    page.emulate_media(media="print")
    assert page.locator(".ds-button:visible, footer:visible, #more:visible").count() == 0
    assert page.locator("svg.chart[data-for=wide]").is_visible()
    assert page.locator("#units details").is_visible()
    context.close()


def test_on_a_narrow_screen_a_row_of_the_portfolio_is_a_list_with_nothing_cut_off(browser, server):
    shown()
    context = browser.new_context(base_url=server, viewport={"width": 400, "height": 800})
    page = context.new_page()
    page.goto("/en/changes/")
    cells = page.locator("#changes td")
    assert cells.count() == 3
    boxes = [cell.bounding_box() for cell in cells.all()]
    assert all(box["x"] + box["width"] <= 400 for box in boxes)
    assert boxes[0]["y"] < boxes[1]["y"] < boxes[2]["y"]
    assert page.locator("#changes td").nth(1).evaluate("e => getComputedStyle(e, '::before').content") == '"Size"'
    context.close()
