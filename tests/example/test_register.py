"""The register of Fjordvik: filled through the register's own actions, by people who may act, with verdicts from the log."""

import os
from datetime import UTC, date, datetime
from typing import Any

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loft.web.settings")
django.setup()

from loft.changes import actions  # noqa: E402
from loft.changes.models import Change  # noqa: E402
from loft.changes.rules import Actor, Stage  # noqa: E402
from loft.example.changes import demo_plans  # noqa: E402
from loft.example.register import fill  # noqa: E402
from loft.example.texts import SIMULATED  # noqa: E402
from loft.log import Log  # noqa: E402
from loft.log.models import Event  # noqa: E402
from loft.value.cells import Cells  # noqa: E402
from loft.value.look import verdict  # noqa: E402
from tests.example.conftest import Fjordvik, asked  # noqa: E402

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cells(fjordvik: Fjordvik, log: Log) -> dict[tuple[str, ...], dict[str, Cells]]:
    """The cells of each change, by its services."""
    return {demo.plan.services: asked(log, demo.plan) for demo in demo_plans(fjordvik.truth)}


@pytest.fixture(autouse=True)
def no_log_in_this_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plans are locked without a look at a log: another file's tests may have put one under the same name."""
    monkeypatch.setattr("loft.changes.measuring.folder_named", lambda name: None)


@pytest.fixture
def filled(fjordvik: Fjordvik, cells: dict[tuple[str, ...], dict[str, Cells]]) -> dict[str, Change]:
    """The register, filled, by the changes' texts."""

    def judge(change: Any, on: date) -> Any:
        plan = change.judged_by.plan
        found = verdict(plan, cells[plan.services], on)
        return actions.record_verdict(change, found, actor=Actor.system(), now=datetime(2026, 1, 1, tzinfo=UTC))

    fill(actions, fjordvik.truth, judge=judge)
    return {change.what: change for change in Change.objects.all()}


def test_the_five_changes_stand_at_the_stage_that_the_verdict_gives_them(filled: dict[str, Change]) -> None:
    assert {what: change.stage for what, change in filled.items() if change.plan} == {
        "Felles dør for nyankomne": Stage.VALUE,
        "SMS når søknaden er mottatt": Stage.IN_USE,
        "Kort søknad om byggetillatelse": Stage.HARM,
        "Roboten avgjør flere barnehagesøknader": Stage.UNKNOWN,
        "Vi henter det vi kan, fra registre": Stage.STARTED,
    }


def test_every_change_says_that_it_is_simulated_and_was_locked_in_time(filled: dict[str, Change]) -> None:
    for change in filled.values():
        if change.plan:
            assert change.plan.in_time and change.plan.plan.change == change.id
            assert SIMULATED in [comment.text for comment in change.comments.all()]
            assert change.gains.exists() and change.kinds.exists() and all(change.names.values())
            assert not change.exposures.filter(started=None).exists()


def test_the_doors_freed_time_is_confirmed_and_moved_and_no_other_is(filled: dict[str, Change]) -> None:
    uses = {what: [use for freed in change.freed.all() for use in freed.uses.all()] for what, change in filled.items()}
    assert {what for what, found in uses.items() if found} == {"Felles dør for nyankomne"}
    (use,) = uses["Felles dør for nyankomne"]
    assert use.use == "moved" and use.to and use.hours < use.freed.estimated


def test_the_idea_from_the_journeys_page_stands_beside_its_unit_step_and_figure(filled: dict[str, Change]) -> None:
    ideas = [change for change in filled.values() if not change.plan]
    assert len(ideas) == 6 and {idea.stage for idea in ideas} == {Stage.IDEA}
    (seen,) = [idea for idea in ideas if idea.seen_page]
    assert (seen.seen_log, seen.seen_unit, seen.seen_step) == ("fjordvik", "Innbyggertorget", "case.returned")
    assert seen.seen_figure


def test_no_name_of_a_person_reaches_the_log(filled: dict[str, Change]) -> None:
    names = {name for change in filled.values() for name in change.names.values() if name}
    told = " ".join(str(row) for row in Event.objects.values_list())
    assert len(names) > 8 and not [name for name in names if name in told]


def test_what_is_registered_already_is_left_as_it_is(fjordvik: Fjordvik) -> None:
    first = fill(actions, fjordvik.truth)
    assert fill(actions, fjordvik.truth, known=first) == []
    assert Change.objects.count() == len(first) == 11
