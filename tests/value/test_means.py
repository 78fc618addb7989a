"""Differences of means, held against scipy and statsmodels; the published figures are in test_card_krueger.py."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.means import adjusted_change, change_in_means, difference_in_differences, mean
from tests.value.answers import number_or_sentence

OWN, OTHERS = np.array([1.0, 2.5, 4.0, 3.0]), np.array([0.5, 0.0, 1.0, -1.0, 2.0, 0.1])
CHANGE, TREATED = np.concatenate([OWN, OTHERS]), np.arange(10) < 4


def test_a_difference_of_changes_is_welchs() -> None:
    found = change_in_means(OWN, OTHERS)
    welch = stats.ttest_ind(OWN, OTHERS, equal_var=False)
    assert (found.p, found.df) == (pytest.approx(welch.pvalue), pytest.approx(welch.df))
    assert found.interval(0.9) == pytest.approx(tuple(welch.confidence_interval(0.9)))


def test_four_samples_add_up_their_variances() -> None:
    found = difference_in_differences((OTHERS, OWN), (OWN, OTHERS))
    assert found.estimate == pytest.approx(2 * (OWN.mean() - OTHERS.mean()))
    assert found.error == pytest.approx(np.sqrt(2 * (OWN.var(ddof=1) / 4 + OTHERS.var(ddof=1) / 6)))


def test_robust_errors_without_covariates_are_welchs() -> None:
    robust, welch = adjusted_change(CHANGE, TREATED), change_in_means(OWN, OTHERS)
    assert (robust.estimate, robust.error) == (pytest.approx(welch.estimate), pytest.approx(welch.error))


@pytest.mark.parametrize(("robust", "kind"), [(True, "HC2"), (False, "nonrobust")])
def test_a_regression_with_a_covariate_is_that_of_statsmodels(robust: bool, kind: str) -> None:
    from statsmodels.api import OLS

    x = np.random.default_rng(1).normal(size=10)
    found = adjusted_change(CHANGE, TREATED, x, robust=robust)
    theirs = OLS(CHANGE, np.column_stack([np.ones(10), TREATED, x])).fit(cov_type=kind)
    assert (found.estimate, found.error) == (pytest.approx(theirs.params[1]), pytest.approx(theirs.bse[1]))
    assert found.df == theirs.df_resid


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: mean(np.array([1.0])), "at least two values, but there are 1"),
        (lambda: mean(np.array([1.0, np.nan])), "none missing"),
        (lambda: change_in_means(np.ones(3), np.ones(4)), "do not vary"),
        (lambda: adjusted_change(CHANGE, TREATED[:5]), "Each of the 10 changes"),
        (lambda: adjusted_change(CHANGE, np.ones(10, dtype=bool)), "tell who is treated"),
        (lambda: adjusted_change(CHANGE, TREATED, TREATED.astype(float)), "tell who is treated"),
        (lambda: adjusted_change(1.0 + TREATED, TREATED), "do not vary"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(ask: Any, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        ask()


def test_a_design_that_cannot_answer_is_told_from_a_wrong_figure() -> None:
    with pytest.raises(CannotBeKnown):
        change_in_means(np.ones(3), np.ones(4))


NUMBERS = st.lists(st.sampled_from([0.0, 1.0, 2.5, -7.0, 1e12, 1e-12, float("nan")]), max_size=6)


@given(NUMBERS, NUMBERS, st.booleans())
def test_any_figures_get_numbers_or_a_sentence(own: list[float], others: list[float], robust: bool) -> None:
    one, other = np.array(own), np.array(others)
    number_or_sentence(lambda: change_in_means(one, other))
    number_or_sentence(lambda: difference_in_differences((one, other), (other, one)))
    treated = np.arange(len(own) + len(others)) < len(own)
    number_or_sentence(lambda: adjusted_change(np.concatenate([one, other]), treated, robust=robust))
