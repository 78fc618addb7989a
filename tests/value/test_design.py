"""The design doctor: what the log's own history says each way of rolling out could find."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from loft.value.cells import Cells
from loft.value.design import DRAWS, LABELS, Way, nearest, ways, ways_table
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.look import verdict
from loft.value.policy import policy
from loft.value.tally import taken
from loft.value.verdicts import Word
from tests.value.offices import AFTER, BEFORE, FIRST, START, town

UNTIL = FIRST + timedelta(days=BEFORE + AFTER)


def told(units: int = 24, smallest: float = 0.08, seed: int = 1, **more: object) -> dict[str, Way]:
    cells = town(units=units, treated=0, seed=seed).cells["days"]
    found = ways(
        cells,
        policy(),
        smallest=smallest,
        better="lower",
        start=UNTIL,
        rng=np.random.default_rng(1),
        **more,  # type: ignore[arg-type]
    )
    return {way.name: way for way in found}


def test_every_way_is_told_and_all_at_once_cannot_be_known() -> None:
    found = told()
    assert list(found) == list(LABELS)
    assert not found["all at once"].knowable
    assert found["half by lot"].knowable and found["half by lot"].security == 5


def test_more_units_find_smaller_effects() -> None:
    few, many = told(12)["half by lot"], told(40)["half by lot"]
    assert few.mde_told is not None and many.mde_told is not None
    assert many.mde_told < 0.75 * few.mde_told


def test_longer_following_finds_smaller_effects_and_the_answer_comes_when_enough_is_found() -> None:
    way = told()["half by lot"]
    assert way.mde[-1] < way.mde[1]
    assert way.answer is not None
    days = (way.answer - UNTIL).days
    assert days >= 180
    limit = -np.log1p(-0.08)
    assert way.mde[way.days.index(days)] <= limit
    assert days == 180 or way.mde[way.days.index(days) - 1] > limit


def test_an_effect_that_is_too_small_for_the_log_is_refused() -> None:
    way = told(12, smallest=0.01)["half by lot"]
    assert not way.knowable
    assert way.answer is None
    assert "Cannot be known" in way.says.text


def test_few_units_may_be_compared_only_by_lot() -> None:
    found = told(12, smallest=0.12)
    assert found["half by lot"].knowable
    assert not found["comparison"].knowable


def test_what_the_doctor_says_can_be_found_is_found_about_as_often_as_it_says() -> None:
    """Half by lot at the effect found with 80 % chance: the verdict's own sequence leaves 0 in most of 12 towns."""
    way = told(24)["half by lot"]
    assert way.mde_told is not None and way.se_plan is not None
    found = 0
    for seed in range(12):
        place = town(-way.mde_told, seed=100 + seed)
        plan = replace(place.plan, smallest=0.06, se_plan=way.se_plan, mde=way.mde_told)
        size = verdict(plan, place.cells, place.on(365)).size
        found += size is not None and size.high < 0
    assert found >= 7


def test_the_nearest_units_are_those_most_alike_and_never_the_treated() -> None:
    cells = town(units=24, treated=0).cells["days"]
    chosen = nearest(cells, ["Office 00", "Office 01"], before=START, count=6)
    assert len(set(chosen)) == 6
    assert not {"Office 00", "Office 01"} & set(chosen)


def test_a_twin_is_the_nearest_and_a_unit_without_cases_is_never_chosen() -> None:
    cells = town(units=24, treated=0).cells["days"]
    kept = taken(cells, np.flatnonzero(~np.isin(cells.unit, [5, 7])))
    copied = taken(cells, np.flatnonzero(cells.unit == 0))
    twins = replace(
        kept,
        **{
            name: np.concatenate([getattr(kept, name), getattr(copied, name) if name != "unit" else copied.unit + 5])
            for name in ("unit", "day", "n", "total", "squares", "stratum", "age", "closed")
            if getattr(kept, name) is not None
        },
    )
    chosen = nearest(twins, ["Office 00"], before=START, count=23)
    assert chosen[0] == "Office 05"
    assert "Office 07" not in chosen


def test_the_table_has_a_row_for_each_way() -> None:
    cells = town(units=12, treated=0).cells["days"]
    found = ways(cells, policy(), smallest=0.1, better="lower", start=UNTIL, rng=np.random.default_rng(1))
    assert len(ways_table(found, cells.measure, relative=True)) == len(LABELS)
    assert DRAWS >= 20


def test_what_cannot_be_judged_says_why() -> None:
    cells = town(units=12, treated=0).cells["days"]
    rng = np.random.default_rng(1)
    with pytest.raises(BadInput, match="above 0"):
        ways(cells, policy(), smallest=0, better="lower", start=UNTIL, rng=rng)
    with pytest.raises(BadInput, match="lower or higher"):
        ways(cells, policy(), smallest=0.1, better="", start=UNTIL, rng=rng)
    with pytest.raises(CannotBeKnown, match="at least four"):
        ways(town(units=3, treated=0).cells["days"], policy(), smallest=0.1, better="lower", start=UNTIL, rng=rng)


def test_a_plan_by_the_doctor_is_judged_without_obstacles() -> None:
    place = town(-0.2)
    way = told()["half by lot"]
    assert way.se_plan is not None and way.mde_told is not None
    plan = replace(place.plan, se_plan=way.se_plan, mde=way.mde_told)
    assert verdict(plan, place.cells, place.on(300)).word == Word.VALUE


def test_a_start_within_the_log_is_judged_by_the_history_before_it_alone() -> None:
    place = town(-0.5, units=12, treated=6)
    cells = place.cells["days"]
    asked = {"smallest": 0.12, "better": "lower", "start": START}

    def found(cells: Cells) -> tuple[Way, ...]:
        return ways(cells, policy(), rng=np.random.default_rng(1), **asked)  # type: ignore[arg-type]

    assert cells.age is not None
    spoilt = replace(cells, age=np.where(cells.day >= BEFORE, 0, cells.age))
    assert [way.se for way in found(spoilt)] == [way.se for way in found(cells)]


def test_a_start_with_less_than_half_a_year_before_it_cannot_be_judged() -> None:
    cells = town(units=12, treated=0).cells["days"]
    for start in (FIRST - timedelta(days=400), FIRST, FIRST + timedelta(days=100)):
        with pytest.raises(CannotBeKnown, match="less than half a year before"):
            ways(cells, policy(), smallest=0.1, better="lower", start=start, rng=np.random.default_rng(1))


def test_units_that_want_to_start_must_be_in_the_log() -> None:
    with pytest.raises(BadInput, match="unit Ofice 01. Did you mean Office 01"):
        told(12, wanting=["Office 00", "Ofice 01"])


@pytest.mark.parametrize("count", [1, 11])
def test_one_unit_alone_on_a_side_is_too_few_for_a_comparison(count: int) -> None:
    way = told(12, wanting=[f"Office {number:02d}" for number in range(count)])["comparison"]
    assert (way.treated, way.comparison, way.knowable) == (count, 12 - count, False)
    assert "Too few units" in way.says.text
