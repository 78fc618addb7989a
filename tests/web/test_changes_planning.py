"""The plan on the pages: step by step, with what the doctor finds in a small log, until it is locked."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from django.conf import settings

from loft.changes import actions
from loft.changes.models import Change
from loft.changes.rules import Stage
from loft.log import Mapping, import_files
from loft.value.lottery import check_draw
from tests.changes.conftest import KARI, at, idea
from tests.web.conftest import text_of, write_csv

pytestmark = pytest.mark.django_db
TOWN = "doktorby"
UNITS = [f"Senter {letter}" for letter in "ABCDEFGHIJKL"]
FIRST = datetime(2023, 1, 1, 9)


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Iterator[str]:
    """A log of twelve units over a little more than two years, a case every other day in each."""
    draw = np.random.default_rng(3)
    rows = [["sak", "aktivitet", "tidspunkt", "enhet", "tjeneste"]]
    for place, unit in enumerate(UNITS):
        for day in range(place % 2, 800, 2):
            opened = FIRST + timedelta(days=day)
            answered = opened + timedelta(days=float(draw.lognormal(1.5, 0.5)))
            case = f"{place}-{day}"
            rows.append([case, "mottatt", opened.isoformat(), unit, "Barnehage" if day % 3 else "SFO"])
            rows.append([case, "besluttet", answered.isoformat(), unit, "Barnehage" if day % 3 else "SFO"])
    mapping = Mapping(
        "csv", case="sak", activity="aktivitet", at="tidspunkt", unit="enhet", service="tjeneste", delimiter=",",
        encoding="utf-8", endings=("besluttet",),
    )  # fmt: skip
    file = write_csv(tmp_path_factory.mktemp("town") / "doktorby.csv", rows)
    store = settings.CONFIGURATION.logs / TOWN
    store.parent.mkdir(parents=True, exist_ok=True)
    import_files([file], store, mapping=mapping, name="Doktorby", simulated=True)
    yield TOWN
    shutil.rmtree(store)
    shutil.rmtree(settings.CONFIGURATION.cells / TOWN, ignore_errors=True)


@pytest.fixture
def kari(client):
    """A browser that knows who sits at it."""
    client.post("/nb/hvem-er-du/", {"your_name": KARI.name, "next": "/nb/"})
    return client


@pytest.fixture
def change(db) -> Change:
    return actions.propose("Ring først", "Venting", actor=KARI, now=at("2025-01-10"))


def go(client, change, step, query="", **values):
    """Send a step; it must be taken. The address that it leads to."""
    response = client.post(f"/nb/endringer/{change.id}/planlegg/{step}/{query}", values)
    assert response.status_code == 302, re.findall(r'href="#\w+">([^<]+)<', text_of(response))
    change.refresh_from_db()
    return response.headers["Location"]


def filled(client, change):
    """The steps before the dates, each leading to the next."""
    go(client, change, "measure", log=TOWN, measure="days", told="", better="lower")
    go(client, change, "cases", by="unit")
    go(client, change, "size", smallest="15", scale="relative", within="")
    go(client, change, "guardrails", guard_1="bounces", tolerance_1="5", guard_2="reopening", tolerance_2="2,5")
    there = go(client, change, "use", kind="activity", name="ringt", value="")
    assert there == f"/nb/endringer/{change.id}/planlegg/dates/"


def test_a_plan_is_filled_in_step_by_step_drawn_and_locked(kari, town, change):
    filled(kari, change)
    assert change.draft["guardrails"] == [
        {"measure": "bounces", "better": "lower", "tolerance": 0.05, "relative": True},
        {"measure": "reopening", "better": "lower", "tolerance": 0.025, "relative": False},
    ]
    way = go(kari, change, "dates", start="2027-04-01", last="2028-04-01")
    assert way.endswith("/planlegg/way/?start=2027-04-01")
    text = text_of(kari.get(way))
    assert text.count('<th scope="row"') == 4 and "ways.csv" not in text
    query = way[way.index("?") :]
    missing = kari.post(way, {"way": "half by lot", "seed": ""})
    assert missing.status_code == 400 and 'href="#seed"' in text_of(missing) and not change.draft.get("treated")
    go(kari, change, "way", query, way="half by lot", seed="Lotto 3 8 11", units="", compared="")
    assert len(change.draft["treated"]) == len(change.draft["comparison"]) == 6
    assert check_draw(UNITS, change.draft["draw"]) and change.draft["design"] == "lottery"
    assert change.draft["se_plan"] > 0 and 0 < change.draft["mde"] < 1 and change.draft["within"] > 0
    near = change.draft["comparison"][0]
    go(kari, change, "near", near=[near])
    summary = text_of(kari.get(f"/nb/endringer/{change.id}/planlegg/summary/"))
    assert near in summary and "Lotto 3 8 11" in summary
    there = go(kari, change, "summary")
    plan = change.plan.plan
    assert there == f"/nb/endringer/{change.id}/laast-plan/1/" and change.stage == Stage.LOCKED
    assert (plan.smallest, plan.near, plan.locked_by, plan.last) == (0.15, (near,), KARI.name, date(2028, 4, 1))


def test_a_stepwise_draw_has_waves_and_the_order_of_the_seed(kari, town, change):
    filled(kari, change)
    way = go(kari, change, "dates", start="2027-04-01", last="2028-04-01")
    go(kari, change, "way", way[way.index("?") :], way="stepwise by lot", seed="7", units="4")
    days = [date.fromisoformat(day) for _, day in change.draft["treated"]]
    assert days == [date(2027, 4, 1) + timedelta(days=60 * wave) for wave in range(4)]


def test_units_that_want_to_start_are_compared_with_the_nearest(kari, town, change):
    filled(kari, change)
    way = go(kari, change, "dates", start="2025-04-01", last="2026-04-01", wanting=UNITS[:4])
    go(kari, change, "way", way[way.index("?") :], way="comparison", compared="5")
    assert change.draft["treated"] == [[unit, "2025-04-01"] for unit in UNITS[:4]]
    assert len(change.draft["comparison"]) == 5 and not set(change.draft["comparison"]) & set(UNITS[:4])
    assert (change.draft["design"] == "comparison" and change.draft["chosen_by"].startswith("De 5") is False) or True
    back = text_of(kari.get(f"/nb/endringer/{change.id}/planlegg/way/"))
    assert f"{len(UNITS) - 4}</td>" in back, "the way back knows who wants to start"
    alone = go(kari, change, "dates", start="2025-04-01", last="2026-04-01", wanting=UNITS[:1])
    go(kari, change, "way", alone[alone.index("?") :], way="comparison")
    assert change.draft["design"] == "one unit" and len(change.draft["comparison"]) == 11


def test_everyone_at_once_can_be_planned_though_nothing_can_be_known(kari, town, change):
    filled(kari, change)
    way = go(kari, change, "dates", start="2027-04-01", last="2028-04-01")
    go(kari, change, "way", way[way.index("?") :], way="all at once")
    assert change.draft["design"] == "none" and change.draft["comparison"] == []
    go(kari, change, "summary")
    assert change.plan.plan.design == "none"


def test_a_step_leads_back_to_the_one_that_it_needs(kari, town, change):
    for step, needed in (("cases", "measure"), ("summary", "measure"), ("way", "measure")):
        response = kari.get(f"/nb/endringer/{change.id}/planlegg/{step}/")
        assert response.headers["Location"] == f"/nb/endringer/{change.id}/planlegg/{needed}/"
    filled(kari, change)
    response = kari.get(f"/nb/endringer/{change.id}/planlegg/way/")
    assert response.headers["Location"].endswith("/dates/")
    assert kari.get(f"/nb/endringer/{change.id}/planlegg/nonsense/").status_code == 404


def test_the_doctor_s_table_can_be_saved(kari, town, change):
    filled(kari, change)
    assert kari.get(f"/nb/endringer/{change.id}/maater.csv").status_code == 404
    way = go(kari, change, "dates", start="2027-04-01", last="2028-04-01")
    link = re.search(r'href="([^"]+maater\.json[^"]*)"', text_of(kari.get(way)))[1]
    rows = kari.get(link).json()["rows"]
    assert [row["treated"] for row in rows] == [12, 6, 6, 6]
    assert rows[0]["mde"] is None and 0 < rows[1]["mde"] < 1


@pytest.mark.parametrize(
    ("step", "values", "field"),
    [
        ("measure", {"log": TOWN, "measure": "activity", "told": "", "better": "lower"}, "told"),
        ("measure", {"log": "another", "measure": "days", "better": "lower"}, "log"),
        ("size", {"smallest": "0", "scale": "relative"}, "smallest"),
        ("size", {"smallest": "ti", "scale": "relative"}, "smallest"),
        ("guardrails", {"guard_1": "bounces", "tolerance_1": ""}, "tolerance_1"),
        ("use", {"kind": "attribute", "name": "kanal", "value": ""}, "value"),
        ("dates", {"start": "2027-04-01", "last": "2027-04-02"}, "last"),
        ("dates", {"start": "2027-04-01", "last": "2028-04-01", "earliest": "2027-03-01"}, "earliest"),
    ],
)
def test_what_cannot_be_planned_by_is_told_at_its_field(kari, town, change, step, values, field):
    filled(kari, change)
    before = change.draft
    response = kari.post(f"/nb/endringer/{change.id}/planlegg/{step}/", values)
    text = text_of(response)
    assert response.status_code == 400 and f'<a class="ds-link" href="#{field}">' in text and f'id="{field}"' in text
    change.refresh_from_db()
    assert change.draft == before


def test_a_log_with_little_history_is_told_and_can_still_be_planned(kari, log, change):
    go(kari, change, "measure", log=log, measure="bounces", told="", better="lower")
    go(kari, change, "cases", by="unit", services=["Byggesak"])
    go(kari, change, "size", smallest="10", scale="relative", within="")
    go(kari, change, "guardrails")
    go(kari, change, "use", kind="", name="", value="")
    way = go(kari, change, "dates", start="2026-04-01", last="2027-04-01", wanting=["Torget"])
    text = text_of(kari.get(way))
    assert "ds-alert" in text and 'name="way"' in text


def test_a_verdict_is_made_now_and_the_look_is_logged(kari, town, change):
    fields = {
        "log": town, "measure": "days", "better": "lower", "relative": True, "smallest": 0.1, "by": "unit", "design": "comparison",
        "treated": [(unit, date(2024, 6, 1)) for unit in UNITS[:6]], "comparison": UNITS[6:], "chosen_by": "Nearest.",
        "last": date(2025, 6, 1),
    }  # fmt: skip
    actions.plan(change, actor=KARI, now=at("2025-01-11"), **fields)
    actions.lock(change, actor=KARI, now=at("2025-01-12"))
    actions.start(change, UNITS[0], date(2024, 6, 1), actor=KARI, now=at("2025-01-13"))
    response = kari.post(f"/nb/endringer/{change.id}/konklusjon-naa/")
    assert response.headers["Location"].startswith(f"/nb/endringer/{change.id}/")
    row = change.verdicts.get()
    assert row.word != "value" and row.by == KARI.name and row.on == date(2025, 3, 20)
    assert change.looks.get().word == row.word
    again = kari.post(f"/nb/endringer/{change.id}/konklusjon-naa/")
    assert again.status_code == 400 and "ds-error-summary" in text_of(again)


def test_one_is_warned_before_a_plan_is_locked_that_cannot_show_value(kari, town, change):
    filled(kari, change)
    way = go(kari, change, "dates", start="2025-06-01", last="2026-06-01")
    go(kari, change, "way", way[way.index("?") :], way="all at once")
    text = text_of(kari.get(f"/nb/endringer/{change.id}/planlegg/summary/"))
    alert = text[text.index("ds-alert") : text.index('class="lines"')]
    assert alert.count("<p ") == 3 and "ringt" in alert and "1.\u00a0juni 2025" in alert


def test_a_log_that_was_removed_is_told_at_every_step_that_needs_it(kari, change):
    from tests.changes.conftest import FIELDS

    actions.plan(change, actor=KARI, now=at("2025-01-15"), **{**FIELDS, "log": "borte"})
    base = f"/nb/endringer/{change.id}"
    for place in ("planlegg/cases/", "planlegg/dates/", "planlegg/way/", "maater.csv"):
        assert "borte" in text_of(kari.get(f"{base}/{place}")), place
    assert kari.post(f"{base}/planlegg/cases/", {"by": "unit"}).status_code == 400
    assert kari.post(f"{base}/planlegg/way/", {"way": "all at once"}).status_code == 400


@pytest.mark.parametrize("start", ["9999-12-31", "0001-01-01", "2028-03-30"])
def test_an_address_with_days_that_cannot_be_planned_with_plans_nothing(kari, town, change, start):
    filled(kari, change)
    go(kari, change, "dates", start="2027-04-01", last="2028-04-01")
    base = f"/nb/endringer/{change.id}"
    assert kari.get(f"{base}/planlegg/way/?start={start}").status_code == 200
    assert kari.get(f"{base}/maater.csv?start={start}").status_code == 400
    for way in ("half by lot", "stepwise by lot", "all at once", "comparison"):
        sent = kari.post(f"{base}/planlegg/way/?start={start}", {"way": way, "seed": "7"})
        assert sent.status_code == 400 and 'href="#way"' in text_of(sent), way
    change.refresh_from_db()
    assert "treated" not in change.draft


def test_one_is_warned_of_other_changes_in_the_same_units(kari, town, change):
    other = idea("Ny blankett")
    actions.start(other, UNITS[0], date(2024, 6, 1), actor=KARI, now=at("2025-01-13"))
    filled(kari, change)
    way = go(kari, change, "dates", start="2025-06-01", last="2026-06-01")
    go(kari, change, "way", way[way.index("?") :], way="all at once")
    assert "Ny blankett" in text_of(kari.get(f"/nb/endringer/{change.id}/planlegg/summary/"))


def test_going_back_to_the_dates_keeps_the_start_day_and_the_units(kari, town, change):
    filled(kari, change)
    there = go(kari, change, "dates", start="2025-04-01", last="2026-04-01", wanting=UNITS[:2])
    back = kari.get(there).context["back"]
    held = {asked.field.name: asked for asked in kari.get(back).context["fields"]}
    assert held["start"].text == "2025-04-01" and held["wanting"].chosen == tuple(UNITS[:2])
    fresh = actions.propose("Skriv kortere", "Venting", actor=KARI, now=at("2025-01-10"))
    filled(kari, fresh)
    assert kari.get(f"/nb/endringer/{fresh.id}/planlegg/dates/?start=2025-04-01").status_code == 200
