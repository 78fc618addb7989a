"""A figure of a row may rest on fewer cases than the row; a choice, a map or a comparison may differ from another one by a few cases."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft import insight
from loft.insight.choice import TELLS_ANOTHER, TOO_ALIKE, TOO_NEAR, refusal, too_alike
from loft.insight.hiding import hidden
from loft.insight.paths import _kept
from loft.insight.wording import answer, cells, remarks
from loft.log import EVERYTHING, Log, Selection, open_log
from tests.insight.test_obvious import without_cubes
from tests.insight.text import store_of

Events = list[dict[str, Any]]
Build = Callable[[Events], Log]


def event(case: int, activity: str, at: float, unit: str | None = "desk", **more: Any) -> dict[str, Any]:
    return {"case": f"{case:03}", "activity": activity, "at": at, "unit": unit, "began": None, "service": None} | more


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return lambda events: open_log(store_of(events, tmp_path, endings=(events[-1]["activity"],)))


def row(table: insight.Table, **keys: Any) -> dict[str, Any]:
    [found] = [r for r in table.rows() if all(r[k] == v for k, v in keys.items())]
    return found


# --- figures within a row -------------------------------------------------------------------------------------------


@pytest.fixture
def intake(build: Build) -> Log:
    """40 cases apply at the desk and are checked by the expert; one of them applies again, and one check has a known start."""
    events = [e for n in range(40) for e in (event(n, "apply", n), event(n, "check", n + 2, "expert"))]
    events += [event(7, "apply", 10), *(event(n, "close", n + 5, "expert") for n in range(40))]
    events[1]["began"] = 1
    return build(events)


@pytest.mark.parametrize("way", [lambda log: log, without_cubes], ids=["cubes", "steps"])
def test_a_wait_of_one_case_is_withheld_where_the_row_has_many(intake: Log, way: Callable[[Log], Log]) -> None:
    table = insight.waits(way(intake))
    first = row(table, activity="apply")
    assert (first["cases"], first["count"]) == (40, 41)
    assert {first[k] for k in ("wait_mean", "wait_median", "wait_p90", "wait_total", "share")} == {None}
    check = row(table, activity="check")
    assert check["work_mean"] is None
    assert check["wait_median"] is not None
    # The total of all waits is known, so the next smallest goes along; and that of the expert's, so both of those do.
    assert sum(r["wait_total"] is None for r in table.rows()) == 3
    assert row(insight.waits(way(intake).with_gate_open()), activity="apply")["wait_total"] == 1


@pytest.mark.parametrize("way", [lambda log: log, without_cubes], ids=["cubes", "steps"])
def test_waits_of_enough_cases_that_applied_again_are_shown(build: Build, way: Callable[[Log], Log]) -> None:
    """None of the first applications has a wait, so what is cheap to know of them is not enough."""
    log = way(
        build(
            [e for n in range(20) for e in (event(n, "apply", n), event(n, "apply", n + 1), event(n, "close", n + 2))]
        )
    )
    assert row(insight.waits(log), activity="apply")["wait_mean"] == 1
    assert row(insight.journey_map(log, share=1).nodes, activity="apply")["wait_mean"] == 1


def test_many_waits_of_one_case_are_still_of_one_case(build: Build) -> None:
    events = [e for n in range(20) for e in (event(n, "apply", n), event(n, "close", n + 9))]
    log = build([event(0, "apply", 1 + n / 10) for n in range(30)] + events)
    for asked in (log, without_cubes(log)):
        assert row(insight.waits(asked), activity="apply")["wait_mean"] is None
        assert row(insight.journey_map(asked, share=1).nodes, activity="apply")["wait_mean"] is None


def test_a_unit_that_got_one_case_back_does_not_tell_it(intake: Log) -> None:
    table = insight.units(intake)
    desk, expert = row(table, unit="desk"), row(table, unit="expert")
    assert desk["cases"] == 40
    assert (desk["received"], desk["bounces"], desk["wait_mean"]) == (None, None, None)
    assert (expert["passed_on"], expert["work_mean"]) == (None, None)
    opened = insight.units(intake.with_gate_open())
    assert row(opened, unit="desk")["bounces"] == row(opened, unit="expert")["passed_on"] == 1


def test_one_open_case_among_many_is_not_told(build: Build) -> None:
    events = [e for n in range(28) for e in (event(n, "apply", n), event(n, "close", n + 1))]
    events += [event(n, "apply", n / 2) for n in (28,)] + [event(n, "apply", 40) for n in range(30, 42)]
    events += [event(n, "close", 45) for n in range(30, 36)]
    log = build(events)
    table = insight.throughput(log)
    january, february = table.rows()
    assert (january["cases"], january["closed"], january["open"], january["median"]) == (29, None, None, 1)
    assert (february["cases"], february["closed"], february["open"]) == (12, None, None), (
        "or January follows by subtraction"
    )
    assert row(insight.overview(log))["open_cases"] == 7
    few = insight.overview(log, Selection(opened_until=date(2024, 1, 31)))
    assert few.rows()[0]["open_cases"] is None
    assert few.is_withheld(0, "open_cases")


def test_durations_of_a_few_closed_cases_are_withheld_and_not_called_unreached(build: Build) -> None:
    events = [event(n, "apply", 0) for n in range(9)] + [event(n, "close", 3) for n in range(3)]
    overview = insight.overview(build(events))
    assert overview.rows()[0]["days_median"] is None
    assert overview.is_withheld(0, "days_median")
    assert "Fewer than half" not in answer(overview)


def test_a_share_that_is_one_case_is_withheld(intake: Log) -> None:
    assert insight.overview(intake).rows()[0]["bounced_share"] is None
    assert insight.overview(intake.with_gate_open()).rows()[0]["bounced_share"] == 1 / 40


def test_a_withheld_figure_says_so_and_is_counted(intake: Log) -> None:
    table = insight.waits(intake)
    place = [r["activity"] for r in table.rows()].index("apply")
    assert "withheld" in cells(table)[place]
    assert any("withheld" in said for said in remarks(table))
    assert table.as_dict()["figures_withheld"]["wait_mean"] == 3
    turned = table.take([place])
    assert turned.is_withheld(0, "wait_mean")
    assert not turned.is_withheld(0, "cases")


# --- rows that share cases ------------------------------------------------------------------------------------------


def test_rows_that_may_be_the_same_few_cases_take_a_large_one_along() -> None:
    """Three and three may be the same three: subtracting gives a figure on them, though three and three are more than five."""
    cases, whole = np.array([3, 3, 40, 9]), [np.zeros(4, dtype=int)]
    assert hidden(cases, whole, 5).tolist() == [True, True, False, False]
    assert hidden(cases, whole, 5, overlapping=True).tolist() == [True, True, False, True]


def test_units_that_share_a_few_cases_are_withheld_with_a_large_one(build: Build) -> None:
    events = [event(n, "apply", n) for n in range(30)] + [event(n, "check", n + 1, "expert") for n in range(9)]
    events += [event(n, "ask", n + 2, unit) for n in range(3) for unit in ("archive", "board")]
    assert [r["cases"] for r in insight.units(build(events)).rows()] == [30, None, None, None]


def test_the_last_of_equal_rows_is_withheld_so_that_coverage_does_not_give_it_away() -> None:
    assert hidden(np.array([10, 5, 5, 3]), [np.zeros(4, dtype=int)], 5).tolist() == [False, False, True, True]


# --- the same thing asked in another way ----------------------------------------------------------------------------


def ways(build: Build, *numbers: int) -> Log:
    """Variants taken by so many cases."""
    cases = [way for way, number in enumerate(numbers) for _ in range(number)]
    events = [e for n, way in enumerate(cases) for e in (event(n, f"way {way}", n), event(n, "close", n + 1))]
    return build(events)


def test_a_short_list_of_variants_does_not_show_what_the_long_one_hides(build: Build) -> None:
    log = ways(build, 20, 10, 7, 3)
    shown = {top: [r["cases"] for r in insight.variants(log, top=top).rows()] for top in (2, 3, 4)}
    assert shown == {2: [20, 10], 3: [20, 10], 4: [20, 10]}


STEPS = st.lists(st.integers(1, 12), min_size=1, max_size=12).map(lambda n: np.array(sorted(n, reverse=True)))


@given(cases=STEPS, shares=st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)))
def test_no_two_maps_differ_by_a_few_cases(cases: np.ndarray, shares: tuple[float, float]) -> None:
    first, second = (cases[: _kept(cases, share, 5)].sum() for share in shares)
    assert first >= shares[0] * cases.sum() - 1e-6
    assert first == second or abs(first - second) >= 5
    assert cases.sum() - first == 0 or cases.sum() - first >= 5


def test_a_map_leaves_out_no_few_cases(build: Build) -> None:
    log = ways(build, 20, 10, 3)
    assert insight.journey_map(log, share=0.9).coverage == 1
    assert insight.journey_map(log, share=0.5).coverage == pytest.approx(20 / 33)


def test_the_waits_of_a_step_do_not_give_a_withheld_bottleneck_away(build: Build) -> None:
    """Ask by the expert is one row of the waits: what it is on, less the ways there that are shown, must not be the two withheld cases."""
    events = [event(n, "apply", 0) for n in range(30)] + [event(n, "note", 0) for n in range(30, 40)]
    events += [event(n, "ask", 3, "expert") for n in range(2, 40)] + [event(n, "ask", 3, "archive") for n in range(2)]
    events += [event(n, "check", 9, unit) for n in range(30) for unit in ("expert",)]
    log = build(events)
    shown = [r for r in insight.bottlenecks(log).rows() if r["activity"] == "ask"]
    waits = {r["unit"]: r["count"] for r in insight.waits(log).rows() if r["activity"] == "ask"}
    for unit, count in waits.items():
        left = count - sum(r["count"] for r in shown if r["to_unit"] == unit)
        assert left == 0 or left >= 5


def test_bottlenecks_are_kept_from_the_totals_of_every_table_beside_them() -> None:
    form = insight.movement.BOTTLENECKS
    assert {("activity", "to_unit"), ("previous", "from_unit"), ("from_unit", "to_unit")} <= set(form.margins)
    assert [{*form.margins[a], *form.margins[b]} == set(form.keys) for a, b in form.crossings()] == [True, True]


def test_a_service_or_unit_that_is_withheld_among_all_is_not_had_by_choosing_it(build: Build) -> None:
    numbers = {"build": 20, "move": 8, "park": 3}
    named = [name for name, number in numbers.items() for _ in range(number)]
    log = build([event(n, "close", n, unit=f"{name} unit", service=name) for n, name in enumerate(named)])
    assert [r["cases"] for r in insight.doors(log, by="service").rows()] == [20, None, None]
    for kind, end in (("services", ""), ("units", " unit")):

        def chosen(*names: str, kind: str = kind, end: str = end) -> str | None:
            return refusal(log, Selection(**{kind: tuple(name + end for name in names)}))

        assert chosen("move") == TELLS_ANOTHER
        assert chosen("build", "move") in (TELLS_ANOTHER, TOO_NEAR)
        assert chosen("build") is None
        assert chosen("move", "park") in (None, TOO_NEAR)


def until(day: int) -> Selection:
    return Selection(opened_until=date(2024, 1, day))


def test_two_choices_that_differ_by_a_few_cases_do_not_stand_side_by_side(build: Build) -> None:
    log = build([event(n, "close", n, unit="desk" if n % 20 else "expert") for n in range(60)])
    compared = insight.compare(insight.overview, log, until(20), until(22))
    assert (len(compared), compared.dropped, compared.notes) == (0, 2, (TOO_ALIKE,))
    assert len(insight.compare(insight.overview, log.with_gate_open(), until(20), until(22))) == 1
    assert insight.compare(insight.overview, log, until(20), until(30)).rows()[0]["cases_change"] == 10
    assert len(insight.compare(insight.overview, log, until(20), until(20))) == 1


def test_what_two_choices_share_is_counted_whatever_they_choose_by(build: Build) -> None:
    events = [event(n, "close", n, service="build" if n < 30 else "move") for n in range(60)]
    log = build(
        [event(n, "ask", n, "expert") for n in range(40)] + [event(n, "ask", n, "board") for n in range(38)] + events
    )
    experts, board = Selection(units=("expert",)), Selection(units=("board",))
    assert too_alike(log, experts, board) == TOO_ALIKE
    assert too_alike(log, experts, until(20)) is None
    assert too_alike(log, Selection(services=("build",)), Selection(services=("move",))) is None
    assert too_alike(log, Selection(services=("build",)), until(28)) == TOO_ALIKE
    assert too_alike(log, until(20), Selection(opened_from=date(2024, 1, 21))) is None


def test_a_way_that_only_one_half_has_is_not_called_withheld(build: Build) -> None:
    events = [e for n in range(20) for e in (event(n, "apply", n), event(n, "close", n))]
    events += [e for n in range(20, 29) for e in (event(n, "ask", n), event(n, "close", n))]
    compared = insight.compare(insight.variants, build(events), until(20), Selection(opened_from=date(2024, 1, 21)))
    assert compared.keys == ("variant",)
    assert [(r["variant"], r["cases_a"], r["cases_b"]) for r in compared.rows()] == [
        ("apply → close", 20, None),
        ("ask → close", None, 9),
    ]
    assert not compared.some_withheld


def test_a_withheld_figure_of_one_half_is_called_so(intake: Log) -> None:
    first, second = until(20), Selection(opened_from=date(2024, 1, 21))
    compared = insight.compare(insight.units, intake, first, second)
    place = [r["unit"] for r in compared.rows()].index("desk")
    assert compared.is_withheld(place, "bounces_a")
    assert not compared.is_withheld(place, "bounces_b")
    assert row(compared, unit="desk")["bounces_change"] is None


# --- many conditions ------------------------------------------------------------------------------------------------


def test_conditions_that_leave_nobody_out_do_not_make_the_gate_slow(build: Build) -> None:
    names = [f"mark {n}" for n in range(16)]
    log = build([event(n, "close", n, **dict.fromkeys(names, "yes" if n < 30 else "no")) for n in range(60)])
    asked: list[Selection] = []
    counted = CountedLog(log.engine, asked=asked)
    where = tuple((name, "yes") for name in names)
    # All say the same, so each is idle beside the others.
    assert refusal(counted, Selection(where=where)) == TOO_NEAR
    assert len(asked) < 100
    assert refusal(log, Selection(where=where[:3])) is None


@dataclass(frozen=True)
class CountedLog(Log):
    """A log that remembers which selections were counted."""

    asked: list[Selection] = field(default_factory=list)

    def count(self, selection: Selection = EVERYTHING) -> int:
        self.asked.append(selection)
        return super().count(selection)


# --- cases whose units are not known --------------------------------------------------------------------------------


@pytest.fixture
def half_known(build: Build) -> Log:
    return build([event(n, "close", n, "desk" if n < 30 else None, service="build") for n in range(60)])


def test_cases_without_a_known_unit_are_not_cases_with_one_door(half_known: Log) -> None:
    overview = insight.overview(half_known).rows()[0]
    assert (overview["doors_mean"], overview["one_door_share"], overview["handovers_mean"]) == (1, 1, 0)
    assert [(r["doors"], r["cases"], r["share"]) for r in insight.doors(half_known).rows()] == [(1, 30, 1)]
    months = insight.doors(half_known, by="month").rows()
    assert [(m["cases"], m["doors_mean"], m["one_door_share"]) for m in months] == [(31, 1, 1), (29, None, None)]
    assert insight.doors(half_known, by="service").rows()[0]["doors_mean"] == 1


def test_a_few_cases_without_a_known_unit_are_not_had_by_subtraction(build: Build) -> None:
    log = build([event(n, "close", n, "desk" if n < 30 else None) for n in range(33)])
    assert [r["cases"] for r in insight.doors(log).rows()] == [None]


def test_a_log_where_work_is_known_and_nothing_waits_says_so(build: Build) -> None:
    events = [event(n, "close", n + 2, began=n) for n in range(20)]
    assert insight.overview(build(events).with_gate_open()).rows()[0]["wait_share"] == 0
