"""The pages in a real browser: accessible in light and dark, by keyboard, without JavaScript, on a narrow screen, in print."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.conftest import addresses

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/nb/reiser/fjordvik/"
COMPARED = HERE + "doors/?from=2025-01-01&until=2025-12-31&against_from=2024-01-01&against_until=2024-12-31"


@pytest.fixture
def page(browser, server):
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def every(log):
    """Every page there is, with some in states of their own."""
    return [
        *(f"/nb/{a}" for a in addresses(log)),
        COMPARED,
        HERE + "?from=nonsense",
        "/nb/nothing/",
        HERE + "map/?share=1",
    ]


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser, server, log, scheme, width):
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    told = {}
    page.on(
        "console",
        lambda message: (
            told.setdefault(page.url, message.text)
            if message.type == "error" and "404" not in message.text and "400" not in message.text
            else None
        ),
    )
    for address in every(log):
        page.goto(address)
        for details in page.query_selector_all("details"):
            details.evaluate("e => e.open = true")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} px wide"
    assert told == {}
    context.close()


def test_axe_finds_nothing_on_the_way_in(browser, server, csv_file, settings):
    context = browser.new_context(base_url=server, color_scheme="dark", java_script_enabled=True)
    page = context.new_page()
    page.goto("/nb/ny-logg/")
    page.click("main button[type=submit]")
    assert Axe().run(page).violations_count == 0
    page.set_input_files("#file", csv_file)
    page.click("main button[type=submit]")
    assert Axe().run(page).violations_count == 0
    page.select_option("#activity", "")
    page.locator("main button").first.click()
    assert page.locator(".ds-error-summary a").first.get_attribute("href") == "#activity"
    assert Axe().run(page).violations_count == 0
    page.locator("main button").last.click()
    context.close()


def test_a_log_is_brought_in_without_javascript(browser, server, csv_file, settings):
    import shutil

    context = browser.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/nb/")
    page.click("main a.ds-button")
    page.set_input_files("#file", csv_file)
    page.click("main button[type=submit]")
    page.fill("#name", "Uten skript")
    page.locator("main button").first.click()
    page.wait_for_selector("main a.ds-button[href$='/uten-skript/']", timeout=30_000)
    page.click("main a.ds-button")
    assert page.url.endswith("/nb/reiser/uten-skript/") and page.locator("svg.chart").first.is_visible()
    page.click("summary")
    page.fill("#from", "2025-01-01")
    page.select_option("#unit", "NAV")
    page.click("form[method=get] button[type=submit]")
    assert "from=2025-01-01" in page.url and "unit=NAV" in page.url
    assert page.locator(".active li").count() == 2
    page.click("button[value=dark]")
    assert page.locator("html").get_attribute("data-color-scheme") == "dark" and "unit=NAV" in page.url
    context.close()
    shutil.rmtree(settings.CONFIGURATION.logs / "uten-skript")


def test_the_keyboard_reaches_everything_and_the_focus_is_seen(page, log):
    page.goto(HERE + "map/?share=1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    reached, seen = set(), []
    for _ in range(120):
        kind = page.evaluate(
            "e => { const a = document.activeElement, s = getComputedStyle(a), r = a.querySelector('rect');"
            " const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'"
            " || (r && parseFloat(getComputedStyle(r).strokeWidth) >= 2);"
            " return [a.tagName.toLowerCase() + '.' + (a.getAttribute('class') || a.name || a.parentElement.className || ''), !!ring]; }",
            None,
        )
        seen.append(kind)
        reached.add(kind[0])
        page.keyboard.press("Tab")
    assert {"a.brand", "a.node", "a.ds-link", "summary.filters no-print", "div.scroll", "button.colours"} <= reached, (
        reached
    )
    # The skip link is seen by appearing; the body is where the browser's own controls take over.
    assert {name for name, ring in seen if not ring} <= {"a.ds-skip-link", "body."}


def test_a_step_on_the_map_leads_to_its_row(page, log):
    page.goto(HERE + "map/?share=1")
    node = page.locator("svg[data-for=wide] a.node").first
    name = node.get_attribute("aria-label").split(",")[0]
    node.focus()
    page.keyboard.press("Enter")
    target = page.url.split("#")[1]
    assert page.locator(f"#{target} th").inner_text() == name


def test_the_skip_link_leads_past_the_menu(page, log):
    page.goto(HERE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("width", "shown"), [(1280, "wide"), (400, "narrow")])
def test_the_drawing_that_fits_is_shown(browser, server, log, width, shown):
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(HERE)
    assert page.locator("svg.chart:visible").count() == 1
    assert page.locator("svg.chart:visible").get_attribute("data-for") == shown
    context.close()


def test_on_paper_there_is_the_answer_and_no_menu(page, log):
    page.goto(HERE)
    page.emulate_media(media="print")
    assert (
        page.locator("nav:visible, footer:visible, form:visible").count()
        == page.locator("nav.ds-breadcrumbs:visible").count()
    )
    assert page.locator("svg.chart[data-for=wide]").is_visible() and page.locator("h1").is_visible()


def test_the_chosen_colours_win_over_the_device(page, log):
    page.emulate_media(color_scheme="dark")
    page.goto(HERE)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("button[value=light]")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light and page.locator("html").get_attribute("data-color-scheme") == "light"


def test_texts_in_the_charts_do_not_lie_over_each_other(page, log):
    page.goto(COMPARED)
    overlaps = page.evaluate(
        "() => { const out = []; for (const svg of document.querySelectorAll('svg.chart[data-for=wide]')) {"
        " const t = [...svg.querySelectorAll('text')].filter(e => e.textContent.trim());"
        " t.forEach((a, i) => t.slice(i + 1).forEach(b => { const p = a.getBoundingClientRect(), q = b.getBoundingClientRect();"
        " if (p.left + 1 < q.right && q.left + 1 < p.right && p.top + 3 < q.bottom && q.top + 3 < p.bottom)"
        " out.push([a.textContent, b.textContent]); })); } return out; }"
    )
    assert overlaps == []
