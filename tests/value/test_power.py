import warnings

import numpy as np
import pytest
from scipy import stats

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.power import (
    Groups,
    change_sd,
    groups_mde,
    groups_power,
    level_sd,
    share_sd,
    wedge_design,
    wedge_mde,
    wedge_power,
    wedge_se,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from statsmodels.stats.power import TTestIndPower


def test_the_power_of_a_stepped_wedge_is_that_of_swcrtdesign():
    """R ``swCRTdesign``: 24 clusters, 4 steps of 6, n = 120, μ 0.05 → 0.035, τ 0.01."""
    se = wedge_se(wedge_design([6, 6, 6, 6]), cases=120, between=0.01, within=share_sd(0.05, 0.035))
    assert wedge_power(0.015, se) == pytest.approx(0.7861896, abs=5e-8)


@pytest.mark.parametrize("drift", [0.0, 0.3])
@pytest.mark.parametrize("steps", [[2, 3, 1], [1, 0, 2, 2]])
def test_the_error_of_a_stepped_wedge_is_that_of_generalised_least_squares(steps, drift):
    design = wedge_design(steps, before=2)
    units, periods = design.shape
    se = wedge_se(design, cases=15, between=0.5, within=2.0, drift=drift)
    x = np.column_stack([np.tile(np.eye(periods), (units, 1)), design.ravel()])
    block = (drift**2 + 4 / 15) * np.eye(periods) + 0.25
    inverse = np.kron(np.eye(units), np.linalg.inv(block))
    assert se == pytest.approx(np.sqrt(np.linalg.inv(x.T @ inverse @ x)[-1, -1]))


@pytest.mark.parametrize(("units", "effect"), [(8, 0.5), (20, 0.3), (40, 0.1), (20, 0.0)])
def test_the_power_of_two_groups_is_that_of_statsmodels(units, effect):
    ours = groups_power(effect, Groups(units, units, 0.4, 0.4))
    theirs = TTestIndPower().power(effect / 0.4, units, 0.05)
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_the_detectable_effect_is_found_with_the_power_asked_for():
    groups = Groups(8, 40, 0.2, 0.1)
    assert groups_power(groups_mde(groups, power=0.9), groups) == pytest.approx(0.9, abs=1e-9)
    assert wedge_power(wedge_mde(0.1, df=10), 0.1, df=10) == pytest.approx(0.8, abs=1e-9)
    assert wedge_mde(0.1) == pytest.approx((stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * 0.1, rel=1e-4)


@pytest.mark.parametrize(("treated", "comparison"), [(4, 4), (8, 8), (20, 40)])
def test_the_detectable_effect_is_near_bloom_s_multiple_of_the_error(treated, comparison):
    groups = Groups(treated, comparison, 0.3, 0.3)
    bloom = (stats.t.ppf(0.975, groups.df) + stats.t.ppf(0.8, groups.df)) * groups.se
    assert groups_mde(groups) == pytest.approx(bloom, rel=0.03)


def test_the_power_of_unequal_groups_is_near_that_of_a_simulation():
    rng = np.random.default_rng(3)
    groups = Groups(6, 15, 1.5, 0.7)
    one, other = rng.normal(1.6, 1.5, size=(6, 4000)), rng.normal(0, 0.7, size=(15, 4000))
    found = np.mean(stats.ttest_ind(one, other, equal_var=False).pvalue < 0.05)
    assert groups_power(1.6, groups) == pytest.approx(found, abs=0.04)


def test_the_error_of_a_level_is_that_of_the_design_effect():
    """Donner & Klar (2000): variance of a cluster's mean, σ²/n · (1 + (n − 1)ρ)."""
    rho = 0.09 / (0.09 + 1.0)
    assert level_sd(between=0.3, within=1.0, cases=25) ** 2 == pytest.approx(1.09 / 25 * (1 + 24 * rho))


def test_a_change_is_free_of_lasting_differences_between_units():
    rng = np.random.default_rng(1)
    before = 0.1 * rng.normal(size=200_000) + rng.normal(size=200_000) / np.sqrt(20)
    after = 0.1 * rng.normal(size=200_000) + rng.normal(size=200_000) / np.sqrt(5)
    sd = change_sd(within=1.0, cases_before=20, cases_after=5, drift=0.1)
    assert sd == pytest.approx(np.std(after - before), rel=0.01)


def test_more_units_more_cases_and_more_steps_find_smaller_effects():
    few, many = Groups(8, 8, 0.2, 0.2), Groups(8, 30, 0.2, 0.2)
    assert groups_mde(many) < groups_mde(few)
    ses = [wedge_se(wedge_design([4, 4]), cases=c, between=0.1, within=1.0) for c in (10, 40)]
    ses.append(wedge_se(wedge_design([2, 2, 2, 2]), cases=40, between=0.1, within=1.0))
    assert ses[0] > ses[1] > ses[2]


def test_a_design_that_cannot_answer_is_refused():
    with pytest.raises(CannotBeKnown, match="Let the units start at different times"):
        wedge_se(wedge_design([6]), cases=10, between=0.1, within=1.0)
    with pytest.raises(CannotBeKnown, match="1 with the change and 9 without"):
        Groups(1, 9, 0.2, 0.2)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda: Groups(5, 5, 0.0, 0.2), "above 0"),
        (lambda: wedge_design([]), "how many units start"),
        (lambda: wedge_se(np.full((3, 3), 0.5), cases=9, between=0.1, within=1.0), "1 where the unit has the change"),
        (lambda: wedge_se(wedge_design([2, 2]), cases=0, between=0.1, within=1.0), "number of cases"),
        (lambda: level_sd(between=-1, within=1, cases=3), "0 or more"),
        (lambda: share_sd(0.0, 0.4), "between 0 and 1"),
        (lambda: groups_mde(Groups(5, 5, 0.2, 0.2), power=0.04), "ask for more"),
        (lambda: wedge_mde(0.1, power=1.0), "between 0 and 1"),
        (lambda: wedge_power(0.1, 0.0), "standard error"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(asked, says):
    with pytest.raises(BadInput, match=says):
        asked()
