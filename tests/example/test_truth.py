"""The truth agrees with the log, and only an honest comparison finds it there."""

from typing import Any

import pytest

from loft.example.lots import CENTRES, draw_lot
from tests.example.conftest import Fjordvik

NEWCOMERS = "service = 'Bosetting og introduksjon'"
ANSWERED = "last IN ('decision.sent', 'application.withdrawn')"


@pytest.fixture(scope="module")
def realised(fjordvik: Fjordvik) -> dict[str, Any]:
    return fjordvik.truth["experiment"]["realised"]


def quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def mean_days(fjordvik: Fjordvik, where: str) -> float:
    return float(fjordvik.one(f"SELECT avg(days) FROM cases WHERE {NEWCOMERS} AND {ANSWERED} AND {where}"))


def test_the_lot_orders_all_24_centres_and_opens_12_in_four_waves() -> None:
    lot = draw_lot(7, 48)
    assert sorted(lot.order) == sorted(CENTRES) and len(CENTRES) == 24
    assert list(lot.starts) == list(lot.order[:12])
    assert list(lot.starts.values()) == [36] * 3 + [38] * 3 + [40] * 3 + [42] * 3
    assert draw_lot(8, 48).order != lot.order


def test_days_fall_by_a_quarter_and_doors_from_three_to_one_and_a_half(realised: dict[str, Any]) -> None:
    assert realised["cases"] > 400
    assert realised["days_ratio"] == pytest.approx(0.75, abs=0.03)
    assert realised["doors_without"] == pytest.approx(3.0, abs=0.15)
    assert realised["doors_with"] == pytest.approx(1.5, abs=0.15)


def test_the_truth_about_the_doors_cases_is_what_the_log_shows(fjordvik: Fjordvik, realised: dict[str, Any]) -> None:
    cases, days, doors = fjordvik.rows(
        f"SELECT count(*), avg(days), avg(doors) FROM cases WHERE by_door AND {ANSWERED}"
    )[0]
    ended = realised["answered_in_log"]
    assert cases == ended["cases"]
    assert days == pytest.approx(ended["days_with"], abs=0.001)
    assert doors == pytest.approx(ended["doors_with"], abs=0.001)
    assert fjordvik.one("SELECT count(*) FROM cases WHERE by_door") == realised["cases"]


def test_a_case_comes_by_the_door_exactly_when_its_centre_has_opened_one(fjordvik: Fjordvik) -> None:
    starts = fjordvik.truth["experiment"]["start_month"]
    opened = "strftime(timezone('Europe/Oslo', timezone('UTC', opened)), '%Y-%m')"
    due = " OR ".join(f"(center = '{centre}' AND {opened} >= '{month}')" for centre, month in starts.items())
    assert fjordvik.one(f"SELECT count(*) FROM cases WHERE {NEWCOMERS} AND by_door <> ({due})") == 0
    assert fjordvik.one("SELECT count(DISTINCT center) FROM cases WHERE by_door") == 12


def test_before_and_after_is_far_from_the_truth_and_the_lots_comparison_near_it(
    fjordvik: Fjordvik, realised: dict[str, Any]
) -> None:
    """Last year's surge ends by itself, door or not: before and after takes that for the effect. The centres that the lot
    kept without a door show what would have happened. Cases opened in the last four months are left out: many are still open."""
    true_ratio = realised["days_ratio"]
    newcomers = f"{NEWCOMERS} AND {ANSWERED} AND opened < '2025-09-01'"
    after = fjordvik.one(f"SELECT avg(days) FROM cases WHERE {newcomers} AND by_door")
    starts = fjordvik.truth["experiment"]["start_month"]
    never = f"center NOT IN ({quoted(list(starts))})"
    before = fjordvik.one(f"SELECT avg(days) FROM cases WHERE {newcomers} AND NOT {never} AND year(opened) = 2024")
    assert after / before < true_ratio - 0.12

    ratios = []
    for month in sorted(set(starts.values())):
        wave = f"center IN ({quoted([centre for centre, start in starts.items() if start == month])})"
        changes = [
            fjordvik.one(f"SELECT avg(days) FROM cases WHERE {newcomers} AND {centres} AND opened >= '{month}-01'")
            / fjordvik.one(f"SELECT avg(days) FROM cases WHERE {newcomers} AND {centres} AND opened < '2025-01-01'")
            for centres in (wave, never)
        ]
        ratios.append(changes[0] / changes[1])
    assert sum(ratios) / len(ratios) == pytest.approx(true_ratio, abs=0.07)


def test_centres_that_never_open_a_door_are_like_the_others_before(fjordvik: Fjordvik) -> None:
    lottery = fjordvik.truth["experiment"]["lottery"]
    opened, never = (
        mean_days(fjordvik, f"center IN ({quoted(lottery[name])}) AND opened < '2025-01-01'")
        for name in ("opened", "never_opened")
    )
    assert opened == pytest.approx(never, rel=0.1)


def test_the_door_hardly_touches_cases_that_came_before_it(realised: dict[str, Any]) -> None:
    assert abs(realised["spill_over"]["days_ratio"] - 1) < 0.05


def test_the_truth_names_the_shocks_the_seasons_and_the_drift(fjordvik: Fjordvik) -> None:
    assert [(shock["from"], shock["until"]) for shock in fjordvik.truth["shocks"]] == [
        ("2024-02", "2024-09"),
        ("2023-01", "2023-03"),
    ]
    assert fjordvik.truth["drift"]["a_year"] == -0.04
    surge = "sum((opened BETWEEN '2024-02-01' AND '2024-09-01')::INT) / sum((opened BETWEEN '2023-02-01' AND '2023-09-01')::INT)"
    assert 1.3 < fjordvik.one(f"SELECT {surge} FROM cases WHERE {NEWCOMERS}") < 1.75
