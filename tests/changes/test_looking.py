"""A look, from a log to a verdict in the register, and the certificate that tells of it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loft.changes import actions
from loft.changes.looking import look
from loft.changes.models import Change
from loft.changes.rules import NotNow, Stage
from loft.log import Mapping, import_files
from loft.log.models import Event
from loft.value.certificate import verify
from loft.value.errors import BadInput
from loft.value.plan import Use
from loft.value.verdicts import Word
from tests.changes.conftest import KARI, at, idea

pytestmark = pytest.mark.django_db

FIRST, START, END = date(2023, 1, 1), date(2025, 1, 1), date(2025, 12, 31)
OFFICES = tuple(f"Kontor {number:02d}" for number in range(20))
PLAN: dict[str, Any] = {
    "log": "fjordvik", "measure": "days", "better": "lower", "relative": True, "smallest": 0.1, "by": "unit",
    "treated": [(unit, START) for unit in OFFICES[:10]], "comparison": OFFICES[10:], "design": "lottery",
    "draw": {"seed": "7", "order": list(OFFICES)},
    "last": END,
}  # fmt: skip


@pytest.fixture(scope="module")
def lot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases of twenty offices over three years; from the start, ten of them take a third less time."""
    rng = np.random.default_rng(3)
    lines = ["case,activity,at,unit,id"]
    days = (END - FIRST).days
    for place, unit in enumerate(OFFICES):
        for number in range(int(rng.poisson(1.2 * days))):
            opened = datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(days=float(rng.uniform(0, days)))
            new = place < 10 and opened.date() >= START
            took = float(np.exp(2 + 0.5 * rng.standard_normal())) * (0.67 if new else 1)
            name = f"{place}-{number}"
            lines.append(f"{name},application.received,{opened.isoformat()},{unit},{name}a")
            ended = opened + timedelta(days=took)
            if ended.date() <= END:
                lines.append(f"{name},case.closed,{ended.isoformat()},{unit},{name}b")
    path = tmp_path_factory.mktemp("lot") / "lot.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shelf(lot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    columns = {name: name for name in ("case", "activity", "at", "unit", "id")}
    mapping = Mapping("csv", source="test", endings=("case.closed",), **columns)
    import_files([lot], home / "logs" / "fjordvik", mapping=mapping)
    return home


@pytest.fixture
def home(shelf: Path, settings: Any) -> Path:
    """A home with the log."""
    settings.CONFIGURATION = replace(settings.CONFIGURATION, home=shelf)
    return shelf


def planned(**fields: Any) -> Change:
    change = idea()
    actions.plan(change, actor=KARI, now=at("2024-11-01"), **{**PLAN, **fields})
    actions.lock(change, actor=KARI, now=at("2024-12-01"))
    return change


def running(**fields: Any) -> Change:
    change = planned(**fields)
    for unit in OFFICES[:10]:
        actions.start(change, unit, START, actor=KARI, now=at("2025-01-02"))
    return change


def test_a_plan_is_locked_with_what_the_history_foresees(home: Path) -> None:
    plan = planned().plan
    assert plan is not None
    assert 0.005 < plan.plan.se_plan < 0.1
    assert 2.5 * plan.plan.se_plan < plan.plan.mde < 0.3
    assert plan.plan.within > 0
    told = planned(se_plan=0.5, mde=0.4, within=9).plan
    assert told is not None
    assert (told.plan.se_plan, told.plan.mde, told.plan.within) == (0.5, 0.4, 9)


def test_fewer_units_foresee_a_larger_error_also_when_amended(home: Path) -> None:
    change = planned()
    first = change.plan
    assert first is not None
    fewer: dict[str, Any] = {"comparison": OFFICES[17:]}
    again: dict[str, Any] = {"actor": KARI, "now": at("2024-12-10")}
    with pytest.raises(BadInput, match="not those that were drawn"):
        actions.amend(change, "Sju kontorer vil ikke vente.", **again, **fewer)
    fewer |= {"design": "comparison", "chosen_by": "De som fortsatt venter"}
    second = actions.amend(change, "Sju kontorer vil ikke vente.", **again, **fewer)
    assert second.plan.se_plan > 1.1 * first.plan.se_plan
    assert second.plan.mde > first.plan.mde


def test_a_measure_that_the_log_lacks_cannot_be_locked(home: Path) -> None:
    change = idea()
    actions.plan(change, actor=KARI, now=at("2024-11-01"), **{**PLAN, "measure": "attribute:poeng"})
    with pytest.raises(BadInput, match="poeng"):
        actions.lock(change, actor=KARI, now=at("2024-12-01"))
    assert change.stage == Stage.PLANNED
    assert not change.plans.exists()


def test_a_look_gives_the_verdict_and_is_logged_but_not_recorded(home: Path) -> None:
    change = running()
    found = look(change, actor=KARI, now=at("2025-12-31"))
    assert found.verdict.size is not None
    assert found.verdict.size.low < -0.3 < found.verdict.size.high < 0
    [row] = change.looks.all()
    assert (row.on, row.word, row.cells_hash) == (END, found.verdict.word, found.verdict.cells_hash)
    assert not change.verdicts.exists()
    assert change.stage == Stage.STARTED


def test_a_look_that_is_recorded_adds_to_the_series_and_its_certificate_holds(home: Path) -> None:
    change = running()
    early = look(change, actor=KARI, now=at("2025-03-01"), record=True)
    assert early.verdict.word == Word.NOT_YET
    found = look(change, actor=KARI, now=at("2025-12-31"), record=True)
    assert [row.on for row in change.verdicts.order_by("on")] == [date(2025, 3, 1), END]
    assert found.row is not None
    told = json.loads(json.dumps(found.certificate()))
    assert verify(told).holds
    assert verify(json.loads(json.dumps(early.certificate()))).holds
    assert Event.objects.filter(activity="change.verdict_recorded").count() == 2


def test_a_look_that_comes_to_nothing_is_logged_too(settings: Any, tmp_path: Path) -> None:
    settings.CONFIGURATION = replace(settings.CONFIGURATION, home=tmp_path)
    change = running()
    with pytest.raises(BadInput, match="There is no log fjordvik here"):
        look(change, actor=KARI, now=at("2025-06-01"))
    [row] = change.looks.all()
    assert "There is no log" in row.failed
    with pytest.raises(NotNow):
        look(idea(), actor=KARI, now=at("2025-06-01"), record=True)


def test_another_change_in_the_same_units_is_told_to_the_rule(home: Path) -> None:
    change = running()
    other = idea("Nytt skjema")
    actions.start(other, OFFICES[0], date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    found = look(change, actor=KARI, now=at("2025-12-31"))
    assert found.others == ("Nytt skjema",)
    assert found.verdict.word == Word.UNKNOWABLE
    actions.tell_break(change, OFFICES[1], date(2025, 2, 1), "Slått sammen.", actor=KARI, now=at("2025-03-02"))
    assert look(change, actor=KARI, now=at("2025-12-31")).breaks == (OFFICES[1],)


def test_a_unit_that_the_log_has_not_is_named_when_the_plan_is_locked(home: Path) -> None:
    with pytest.raises(BadInput, match=f"unit called: Nowhere. The log has: {OFFICES[0]}"):
        planned(
            treated=[(OFFICES[0], START), ("Nowhere", START)],
            comparison=OFFICES[2:],
            design="comparison",
            chosen_by="N",
        )


def test_the_new_way_may_be_new_to_the_log_but_not_the_same_name_written_otherwise(home: Path) -> None:
    assert planned(use=Use("unit", "The new door")).plan is not None
    with pytest.raises(BadInput, match="Did you mean case.closed"):
        planned(use=Use("activity", "Case-closed"))


def test_a_start_that_the_log_cannot_tell_of_is_refused(home: Path) -> None:
    change = idea()
    actions.plan(change, actor=KARI, now=at("2024-11-01"), log="fjordvik", by="unit")
    again: dict[str, Any] = {"actor": KARI, "now": at("2025-01-02")}
    with pytest.raises(BadInput, match="unit called: Nowhere"):
        actions.start(change, "Nowhere", START, **again)
    with pytest.raises(BadInput, match="The log begins on"):
        actions.start(change, OFFICES[0], date(1925, 1, 1), **again)
    assert actions.start(change, OFFICES[0], START, **again).started == START
