"""Errors where units are few."""

import numpy as np
import pytest
from scipy import stats

from loft.value.aggregate import aggregate
from loft.value.errors import CannotBeKnown
from loft.value.few_units import few_units
from loft.value.staggered_starts import group_time

NEVER = np.inf


def test_two_groups_and_two_periods_are_welchs_test() -> None:
    change = np.array([1.0, 2.5, 4.0, 3.0, 0.5, 0.0, 1.0, -1.0, 2.0, 0.1])
    starts = np.where(np.arange(10) < 4, 1.0, NEVER)
    found = group_time(np.column_stack([np.zeros(10), change]), starts, np.arange(2.0))
    few, welch = few_units(found.influence[:, 0], starts), stats.ttest_ind(change[:4], change[4:], equal_var=False)
    assert few.df == pytest.approx(welch.df)
    assert found.effect[0] - few.reach() == pytest.approx(welch.confidence_interval().low)
    assert few.error > found.error[0]


def test_small_groups_are_one_told_by_how_they_differ() -> None:
    rng = np.random.default_rng(6)
    starts = np.array([2.0, 3.0, 4.0, 5.0] + [NEVER] * 10)
    found = aggregate(group_time(rng.normal(size=(14, 7)), starts, np.arange(7.0), alone=True), "group")
    few = few_units(found.influence, starts)
    parts = [(found.influence[side] ** 2).sum() / 14**2 for side in (slice(4), slice(4, 14))]
    assert few.error == pytest.approx(np.sqrt(parts[0] * 4 / 3 + parts[1] * 10 / 9))


def test_with_four_and_four_units_intervals_hold_about_as_often_as_they_say() -> None:
    """Those of the normal distribution do not, and 400 worlds tell the two apart."""
    rng = np.random.default_rng(1)
    starts = np.repeat([2.0, NEVER], 4)
    by_normal, by_few = 0, 0
    for _ in range(400):
        told = aggregate(group_time(rng.normal(size=(8, 4)), starts, np.arange(4.0)), "simple")
        by_normal += abs(told.effect) < 1.96 * told.error
        by_few += abs(told.effect) < few_units(told.influence, starts).reach()
    assert by_normal / 400 < 0.90
    assert by_few / 400 > 0.93


@pytest.mark.parametrize("influence", [[0.0] * 4, [1.0, 0.0, 0.0, 0.0], [1.0, 2.0, 1.0, 0.0]])
def test_a_single_unit_on_a_side_tells_nothing_of_chance(influence: list[float]) -> None:
    with pytest.raises(CannotBeKnown, match="two units or more both with and without"):
        few_units(np.array(influence), np.array([1.0, 1.0, NEVER, NEVER]))
