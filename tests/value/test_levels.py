"""Levels of units, held against a slow computation over cases."""

from dataclasses import replace

import numpy as np
import pytest

from loft.value.checks import quiet_dates, quiet_halves
from loft.value.durations import restricted_mean, tabulate
from loft.value.levels import Durations, Setup, Sums, levels, sums_of
from loft.value.looking import setup_of
from loft.value.path import estimates, half_width, path
from loft.value.picture import apart
from loft.value.policy import policy
from tests.value.offices import BEFORE, town

RULES = policy()


def test_the_restricted_mean_of_a_look_is_that_of_kaplan_and_meier_for_each_unit() -> None:
    rng = np.random.default_rng(2)
    unit, day, age = rng.integers(0, 3, 400), np.sort(rng.integers(0, 100, 400)), rng.integers(0, 60, 400)
    closed, n = rng.random(400) < 0.8, rng.integers(1, 4, 400).astype(float)
    found = Durations(unit, day, age, closed, n, 3, 30).level(20, np.array([55, 80]))[:, 1]
    mine = (day >= 20) & (day <= 80)
    seen = 80 - day[mine]
    counts = tabulate(unit[mine], np.minimum(age[mine], seen), closed[mine] & (age[mine] <= seen), n[mine], units=3)
    slow = restricted_mean(counts.ages, counts.events, counts.censored, tau=30.0)
    assert found == pytest.approx(slow.mean, rel=1e-12)


def test_a_unit_that_is_not_followed_long_enough_has_no_level() -> None:
    two = Durations(np.array([0, 1]), np.array([0, 6]), np.array([9, 3]), np.array([False, False]), np.ones(2), 2, 5)
    [known], [unknown] = two.level(0, np.array([9]))
    assert known == 5
    assert np.isnan(unknown)


def test_the_sums_of_one_kind_are_those_of_its_cells_alone() -> None:
    cells = town(0.0, units=4, treated=2).cells["days"]
    kind = np.arange(len(cells.n)) % 3
    only = kind == 1
    alone = replace(
        cells, **{k: getattr(cells, k)[only] for k in ("unit", "day", "age", "closed", "n", "total", "squares")}
    )
    found, _ = sums_of(apart(replace(cells, strata=("a", "b", "c"), stratum=kind)), logs=True, today=700)
    slow, _ = sums_of(alone, logs=True, today=700)
    assert np.array_equal(found.n[4:8], slow.n) and np.array_equal(found.total[4:8], slow.total)


def _volume() -> tuple[Sums, Setup]:
    place = town(0.0, units=16, treated=8, seed=4, a_day=1.0)
    cells = place.cells["volume"]
    # Something happened to the treated long before the start, and to half of the comparison after it.
    more = (cells.unit < 8) & (cells.day >= 500) | (cells.unit >= 12) & (cells.day >= BEFORE)
    cells = replace(cells, n=np.where(more, 1.5 * cells.n, cells.n))
    setup = setup_of(replace(place.plan, measure="volume", within=0), cells, RULES)
    assert setup is not None
    return sums_of(cells, logs=True, today=BEFORE + 250)[0], setup


def test_pretended_starts_are_those_of_the_path_one_by_one() -> None:
    sums, setup = _volume()
    start, span = BEFORE, int(RULES["least_days"])
    slow = []
    for day in range(start - span, setup.history + setup.baseline - 1, -30):
        pretended = replace(setup, starts=np.full(8, day), other_end=day, enter=30)
        found = path(sums, pretended, np.array([day + span - 1]))
        width = half_width(found.se, found.df, se_plan=0.01, alpha=RULES["alpha"])
        slow.append(bool(abs(found.estimate[0]) <= width[0]))
    assert len(slow) > 10 and sum(slow) > 0
    assert quiet_dates(sums, setup, se_plan=0.01, policy=RULES) == (sum(slow), len(slow))


def test_random_halves_are_those_of_the_path_one_by_one() -> None:
    sums, setup = _volume()
    look = np.array([1100])
    rng, tried, calm = np.random.default_rng(5), int(RULES["pseudo_draws"]), 0
    for _ in range(tried):
        order = setup.comparison[rng.permutation(8)]
        half = replace(setup, treated=order[:4], starts=setup.starts[:4], comparison=order[4:])
        found = estimates(levels(sums, half, look), half)
        width = half_width(found.se, found.df, se_plan=0.1 * np.sqrt(0.5 / 0.25), alpha=RULES["alpha"])
        calm += bool(abs(found.estimate[0]) <= width[0])
    again = quiet_halves(levels(sums, setup, look), setup, se_plan=0.1, rng=np.random.default_rng(5), policy=RULES)
    assert 0 < calm < tried
    assert again == (calm, tried)


def test_a_unit_whose_last_open_case_is_young_keeps_its_level() -> None:
    """One case was opened long ago and answered, another lately and is still open: there is follow-up enough."""
    one = Durations(np.zeros(2, int), np.array([0, 7]), np.array([1, 2]), np.array([True, False]), np.ones(2), 1, 5)
    [[level]] = one.level(0, np.array([9]))
    assert level == 1 + 0.5 * 4
