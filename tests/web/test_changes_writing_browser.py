"""Writing a change in a real browser, without JavaScript; every page of it is accessible, in light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from loft.changes import actions
from loft.changes.models import Change
from loft.value.verdicts import Word
from loft.web.addresses.changes_writing import FORMS
from tests.changes.conftest import FIELDS, KARI, at, idea, judged

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _another_log(monkeypatch):
    """The plans are of a log that is not here."""
    monkeypatch.setitem(FIELDS, "log", "elsewhere")


VERBS = ("describe", "start", "gain", "stop", "attach", "confirm-time", "note", "publish")
"""Together they ask in every way there is."""


def shown_to_work(page, width):
    """The page has nothing that axe finds, and is no wider than its window."""
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_axe_finds_nothing_on_any_page_for_writing(browser, server, log, width, scheme):
    plain, shown = idea(), judged(Word.VALUE)
    freed = actions.free_time(shown, "Arkivering", 500, actor=KARI, now=at("2025-10-02"))
    actions.confirm_time(shown, freed, 400, shown.verdicts.get(), actor=KARI, now=at("2025-10-02"))
    actions.use_time(shown, freed, "moved", 300, to="Veiledning", actor=KARI, now=at("2025-10-02"))
    context = browser.new_context(base_url=server, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    places = [f"endringer/{shown.id}/{FORMS[verb].spoken[0]}/" for verb in VERBS]
    places += [f"endringer/{shown.id}/{place}/" for place in ("historikk", "laast-plan/1", "planlegg/measure")]
    places += [f"endringer/{plain.id}/{place}/" for place in ("planlegg/measure", "konklusjon-naa")]
    for place in ["hvem-er-du/", "foreslaa-endring/?unit=NAV&figure=41+dager", *places]:
        page.goto(f"/nb/{place}")
        shown_to_work(page, width)
    page.goto(f"/nb/endringer/{shown.id}/gevinst/")
    page.click("main form button")
    assert page.locator(".ds-error-summary a").count() > 3
    shown_to_work(page, width)
    context.close()


def test_a_change_is_proposed_and_planned_without_javascript_and_by_keyboard(browser, server, log):
    context = browser.new_context(base_url=server, viewport={"width": 400, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto("/nb/foreslaa-endring/?log=fjordvik&unit=NAV&step=assessed&figure=41+dager")
    page.click("main form button")
    page.locator(".ds-error-summary a").first.click()
    assert page.url.endswith("#what")
    page.fill("#what", "Ring søkeren først")
    page.fill("#why", "Mange venter.")
    page.fill("#your_name", "Kari Nordmann")
    page.locator("#your_name").press("Enter")
    change = Change.objects.get()
    assert page.url.split("#")[0].endswith(f"/nb/endringer/{change.id}/") and change.proposer == "Kari Nordmann"
    page.goto(f"/nb/endringer/{change.id}/planlegg/measure/")
    page.check(f"input[name=log][value={log}]")
    page.select_option("#measure", "days")
    page.check("input[name=better][value=lower]")
    page.click("main form button")
    page.check("input[name=services][value=Byggesak]")
    page.click("main form button")
    page.fill("#smallest", "12,5")
    page.click("main form button")
    page.go_back()
    assert page.input_value("#smallest") == "12,5"
    change.refresh_from_db()
    assert change.draft["smallest"] == 0.125 and change.draft["services"] == ["Byggesak"]
    context.close()
