"""The five changes of the register: their plans hold what the truth says, and the rule finds what was built in."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from loft.example import write_example
from loft.example.changes import Demo, demo_ideas, demo_plans
from loft.example.counted import cells_of_town
from loft.example.estimand import true_effect
from loft.example.lots import CENTRES
from loft.example.town import Town, simulate
from loft.example.truth import truth
from loft.log import Log, import_files, open_log
from loft.log.mapping import Mapping
from loft.log.progress import silent
from loft.value.look import verdict
from loft.value.plan import Plan
from loft.value.tally import hash_of
from loft.value.verdicts import Word
from tests.example.conftest import Fjordvik, asked

AS_BUILT = {
    "felles-dor": Word.VALUE,
    "sms-nar-soknaden-er-mottatt": Word.NOT_YET,
    "kort-soknad-om-byggetillatelse": Word.HARM,
    "roboten-avgjor-flere-barnehagesoknader": Word.UNKNOWABLE,
    "hent-fra-registre": Word.NOT_YET,
}


@pytest.fixture(scope="module")
def demos(fjordvik: Fjordvik) -> dict[str, Demo]:
    return {demo.plan.change: demo for demo in demo_plans(fjordvik.truth)}


@pytest.fixture(scope="module")
def others(fjordvik: Fjordvik) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in fjordvik.truth["other_changes"]}


@pytest.fixture(scope="module")
def small() -> Town:
    return simulate(6_000, 3, 24, silent)


def locked(demo: Demo) -> Plan:
    return replace(demo.plan, locked_at=str(demo.locked_on))


@pytest.mark.parametrize("change", AS_BUILT)
def test_the_rule_finds_in_the_log_what_was_built_in(log: Log, demos: dict[str, Demo], change: str) -> None:
    plan = locked(demos[change])
    found = verdict(plan, asked(log, plan), date(2025, 12, 31))
    assert found.word == AS_BUILT[change], [str(reason) for reason in found.reasons]


def test_a_change_is_worth_something_only_when_it_was_locked_before_it_started(
    log: Log, demos: dict[str, Demo]
) -> None:
    plan = demos["felles-dor"].plan
    cells = asked(log, plan)
    assert verdict(locked(demos["felles-dor"]), cells, date(2025, 12, 31)).word == Word.VALUE
    assert verdict(replace(plan, locked_at="2025-01-02"), cells, date(2025, 12, 31)).word == Word.UNKNOWABLE


def test_the_harm_is_the_guardrails_and_not_the_measures(log: Log, demos: dict[str, Demo]) -> None:
    plan = locked(demos["kort-soknad-om-byggetillatelse"])
    found = verdict(plan, asked(log, plan), date(2025, 12, 31))
    assert [guarded.measure for guarded in found.guardrails if guarded.harmed] == ["activity:case.returned"]
    assert found.size is not None and found.size.estimate < 0


def test_the_plans_say_who_drew_which_centres_and_the_draw_can_be_made_again(demos: dict[str, Demo]) -> None:
    for demo in demos.values():
        plan = demo.plan
        assert sorted([unit for unit, _ in plan.treated] + list(plan.comparison)) == sorted(CENTRES)
        if plan.design == "none":
            assert len(plan.treated) == 24 and not plan.draw
            continue
        again = np.random.default_rng([plan.draw["seed"], crc32(plan.draw["name"].encode())]).permutation(len(CENTRES))
        assert plan.draw["order"] == [CENTRES[place] for place in again]
        assert [unit for unit, _ in plan.treated] == plan.draw["order"][:12]


def test_every_change_has_a_lot_of_its_own_and_services_of_its_own(demos: dict[str, Demo]) -> None:
    lots = [tuple(demo.plan.draw["order"]) for demo in demos.values() if demo.plan.draw]
    assert len(set(lots)) == len(lots) == 4
    services = [service for demo in demos.values() for service in demo.plan.services]
    assert len(set(services)) == len(services)


def test_plans_are_locked_before_they_start_and_read_back_as_they_were_written(demos: dict[str, Demo]) -> None:
    for demo in demos.values():
        assert demo.locked_on < demo.plan.first_start
        assert demo.starts == demo.plan.treated
        assert Plan.from_dict(demo.plan.as_dict()) == demo.plan


def test_the_message_changes_nothing(others: dict[str, dict[str, Any]]) -> None:
    message = others["message"]
    assert message["realised"]["cases"] > 400
    assert message["realised"]["days_ratio"] == pytest.approx(message["spill_over"]["days_ratio"], abs=0.005)
    assert message["realised"]["asked_with"] == message["realised"]["asked_without"]


def test_the_short_form_asks_less_and_sends_back_more_as_planned(others: dict[str, dict[str, Any]]) -> None:
    realised = others["short form"]["realised"]
    assert realised["asked_without"] - realised["asked_with"] == pytest.approx(0.25, abs=0.12)
    assert realised["returned_with"] - realised["returned_without"] == pytest.approx(0.45, abs=0.12)


def test_what_started_everywhere_and_what_is_young_help_in_truth(others: dict[str, dict[str, Any]]) -> None:
    assert others["rules"]["realised"]["days_ratio"] < 0.8
    assert others["registers"]["realised"]["days_ratio"] < 0.95
    assert "lottery" not in others["rules"] and len(others["rules"]["started"]) == 24


def test_a_case_goes_the_new_way_exactly_when_its_centre_has_started(
    fjordvik: Fjordvik, others: dict[str, dict[str, Any]]
) -> None:
    for change in others.values():
        services = ", ".join(f"'{name}'" for name in change["services"])
        centres = ", ".join(f"'{name}'" for name in change["started"])
        due = f"center IN ({centres}) AND opened_here >= '{change['start_month']}-01'"
        rows = fjordvik.rows(f"""
            SELECT count(*) FILTER (({due}) <> new), count(*) FILTER (new) FROM (
                SELECT any_value(center) AS center, min(done_here) AS opened_here,
                       bool_or(activity = '{change["shown_by"]}') AS new
                FROM events WHERE service IN ({services}) GROUP BY "case")
        """)
        assert rows == [(0, change["realised"]["cases"])]


def test_the_idea_from_the_journeys_page_carries_the_logs_own_figure(fjordvik: Fjordvik) -> None:
    ideas = demo_ideas(fjordvik.truth)
    assert 4 <= len([idea for idea in ideas if not idea.page]) <= 6
    (seen,) = [idea for idea in ideas if idea.page]
    share = fjordvik.one("""
        SELECT avg(returned::INT) FROM (
            SELECT bool_or(activity = 'case.returned') AS returned, min(done_here) AS opened FROM events
            WHERE service = 'Bosetting og introduksjon' GROUP BY "case") WHERE opened < '2025-01-01'
    """)
    assert seen.figure.startswith(f"{100 * share:.0f} %")
    assert (seen.unit, seen.step) == ("Innbyggertorget", "case.returned")


def test_the_true_effect_of_the_door_is_near_the_days_ratio_and_the_messages_is_none(small: Town) -> None:
    told = truth(small, seed=3, months=24, events=0)
    door, message = (true_effect(small, demo.plan) for demo in demo_plans(told)[:2])
    last = date(2023, 12, 31)
    found = door.on(last)
    assert found is not None and found == pytest.approx(np.log(told["experiment"]["realised"]["days_ratio"]), abs=0.2)
    assert message.on(last) == pytest.approx(0, abs=0.03)
    assert door.on(date(2023, 7, 1)) is None


def test_cells_straight_from_the_town_are_those_asked_of_its_log(small: Town, tmp_path: Path) -> None:
    """A small town, with cases open at the end, and changes on both sides of a change of the clock."""
    paths = write_example(tmp_path, events=6_000, seed=3, months=24)
    import_files([paths.log], tmp_path / "store", mapping=Mapping.load(paths.mapping))
    log = open_log(tmp_path / "store")
    for demo in demo_plans(truth(small, seed=3, months=24, events=0)):
        straight, of_log = cells_of_town(small, demo.plan), asked(log, demo.plan)
        assert {name: hash_of(cells) for name, cells in straight.items()} == {
            name: hash_of(cells) for name, cells in of_log.items()
        }
