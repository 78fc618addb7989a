from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.placebo import placebo_dates, pseudo_treated

UNITS = tuple(f"u{i:02}" for i in range(20))
DATES = tuple(date(2025, 1, 1) + timedelta(days=30 * i) for i in range(10))


@dataclass(frozen=True)
class Range:
    estimate: float
    low: float
    high: float


def by_welch(values: dict[str, float]):
    """The difference of the chosen units and the rest, with a 95 % interval."""

    def estimate(chosen: tuple[str, ...]) -> Range:
        rest = [v for unit, v in values.items() if unit not in chosen]
        test = stats.ttest_ind([values[u] for u in chosen], rest, equal_var=False)
        bounds = test.confidence_interval()
        return Range((bounds.low + bounds.high) / 2, bounds.low, bounds.high)

    return estimate


def test_units_of_one_kind_are_quiet_about_as_often_as_the_interval_says():
    rng = np.random.default_rng(4)
    values = {unit: float(rng.normal()) for unit in UNITS}
    found = pseudo_treated(by_welch(values), units=UNITS, rng=rng, draws=200)
    assert len(found.tried) == 200
    assert 0.90 <= found.share <= 0.99


def test_an_estimator_with_errors_too_small_is_loud():
    rng = np.random.default_rng(4)
    values = {unit: float(rng.normal()) for unit in UNITS}

    def sure(chosen: tuple[str, ...]) -> Range:
        found = by_welch(values)(chosen)
        return Range(found.estimate, found.estimate - 0.05, found.estimate + 0.05)

    assert pseudo_treated(sure, units=UNITS, rng=rng, draws=100).share < 0.3


def test_all_ways_are_tried_where_there_are_few():
    seen = []

    def estimate(chosen: tuple[str, ...]) -> Range:
        seen.append(chosen)
        return Range(0, -1, 1)

    found = pseudo_treated(estimate, units=UNITS[:5], rng=np.random.default_rng(0), size=2, draws=50)
    assert seen == list(combinations(UNITS[:5], 2))
    assert [t.at for t in found.tried] == seen


def test_the_same_seed_gives_the_same_different_draws_whatever_the_order_of_units():
    draws = [
        [t.at for t in pseudo_treated(lambda _: Range(0, -1, 1), units=units, rng=np.random.default_rng(3)).tried]
        for units in (UNITS, UNITS[::-1])
    ]
    assert draws[0] == draws[1]
    assert len(set(draws[0])) == 20
    assert {len(at) for at in draws[0]} == {10}


def test_dates_with_a_jump_are_loud():
    jump = DATES[6]

    def estimate(start: date) -> Range:
        away = 3.0 * max(0.0, 1 - abs((start - jump).days) / 60)
        return Range(away, away - 1, away + 1)

    found = placebo_dates(estimate, starts=DATES)
    assert [t.at for t in found.tried if not t.quiet] == [DATES[5], DATES[6], DATES[7]]
    assert (found.quiet, found.share) == (7, pytest.approx(0.7))


def test_what_cannot_be_known_is_counted_apart():
    def estimate(start: date) -> Range:
        if start < DATES[4]:
            raise CannotBeKnown("Too little history.")
        return Range(0.5, 0.2, 0.8)

    found = placebo_dates(estimate, starts=DATES)
    assert (len(found.tried), found.unanswered, found.share) == (6, 4, 0.0)
    with pytest.raises(CannotBeKnown, match="Fetch older"):
        placebo_dates(estimate, starts=DATES[:4])
    with pytest.raises(CannotBeKnown, match="Fetch older"):
        placebo_dates(estimate, starts=())


def test_an_error_in_the_estimator_is_passed_on():
    def estimate(start: date) -> Range:
        raise BadInput("The panel has holes.")

    with pytest.raises(BadInput, match="holes"):
        placebo_dates(estimate, starts=DATES)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda rng: placebo_dates(lambda _: Range(0, -1, 1), starts=(DATES[0], DATES[0])), "given twice"),
        (lambda rng: placebo_dates(lambda _: Range(np.nan, -1, 1), starts=DATES), "not numbers"),
        (lambda rng: pseudo_treated(lambda _: Range(0, -1, 1), units=("a",) * 5, rng=rng), "named twice"),
        (lambda rng: pseudo_treated(lambda _: Range(0, -1, 1), units=UNITS[:3], rng=rng), "3 comparison units"),
        (lambda rng: pseudo_treated(lambda _: Range(0, -1, 1), units=UNITS, size=20, rng=rng), "leave at least one"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(asked, says):
    with pytest.raises(BadInput, match=says):
        asked(np.random.default_rng(0))
