import warnings

import numpy as np
import pytest

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.interruption import Memory, interrupted, level_and_slope

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm


def remembering(n: int, rho: float, rng: np.random.Generator) -> np.ndarray:
    y = rng.normal(size=n) / np.r_[np.sqrt(1 - rho**2), np.ones(n - 1)]
    for t in range(1, n):
        y[t] += rho * y[t - 1]
    return y


def test_a_clean_jump_and_bend_are_found():
    t = np.arange(40)
    noise = 0.01 * remembering(40, 0.3, np.random.default_rng(3))
    found = interrupted(10 + 0.1 * t - 2.0 * (t >= 24) - 0.05 * (t - 24) * (t >= 24) + noise, start=24)
    assert found.level.estimate == pytest.approx(-2.0, abs=0.03)
    assert found.slope.estimate == pytest.approx(-0.05, abs=0.003)
    assert found.average.estimate == pytest.approx(-2.0 - 0.05 * 7.5, abs=0.03)
    assert np.mean((found.fitted - found.continued)[24:]) == pytest.approx(found.average.estimate)
    assert (found.fitted - found.continued)[:24] == pytest.approx(np.zeros(24), abs=1e-12)


def test_a_covariate_that_explains_the_jump_takes_it_away():
    t = np.arange(48)
    rng = np.random.default_rng(4)
    busy = rng.normal(size=48) + 3.0 * (t >= 30)
    y = 5 + busy + 0.2 * remembering(48, 0.4, rng)
    assert interrupted(y, start=30).level.low > 1
    beside = interrupted(y, start=30, covariates=busy).level
    assert beside.low < 0 < beside.high


def test_seasons_are_told_by_waves():
    x = level_and_slope(24, start=12, harmonics=2)
    assert x.shape == (24, 8)
    assert x[:12, 4:] == pytest.approx(x[12:, 4:])
    t = np.arange(60)
    y = 3 * np.cos(2 * np.pi * t / 12) + 0.3 * remembering(60, 0.2, np.random.default_rng(8))
    with_waves = interrupted(y, start=33, harmonics=1).level
    assert with_waves.se < 0.5 * interrupted(y, start=33).level.se


def test_intervals_miss_the_truth_far_less_often_than_those_of_newey_and_west():
    rng = np.random.default_rng(11)
    ours = theirs = 0
    x = level_and_slope(36, start=24)
    for _ in range(60):
        y = remembering(36, 0.5, rng)
        level = interrupted(y, start=24).level
        ours += not level.low < 0 < level.high
        other = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": 4})
        theirs += abs(other.params[2]) > 1.96 * other.bse[2]
    assert ours <= 9
    assert theirs >= 2 * max(ours, 6)


def test_a_season_needs_fewer_waves_than_half_its_periods():
    with pytest.raises(BadInput, match="fewer"):
        level_and_slope(24, start=12, harmonics=6)


@pytest.mark.parametrize(("n", "start"), [(20, 7), (20, 17), (20, 0), (20, 25)])
def test_a_series_too_short_on_a_side_is_refused(n, start):
    with pytest.raises(CannotBeKnown, match="Wait for more, or fetch older"):
        interrupted(np.arange(float(n)) ** 2, start=start)


def test_covariates_of_another_length_are_refused():
    with pytest.raises(BadInput, match="same length"):
        interrupted(np.arange(30.0) ** 2, start=15, covariates=np.ones(29), memory=Memory())
