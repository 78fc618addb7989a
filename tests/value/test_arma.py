import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from loft.value.arma import Memory, autocovariances, regress
from loft.value.errors import BadInput, CannotBeKnown

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from statsmodels.tsa.arima_process import arma_acovf
    from statsmodels.tsa.statespace.sarimax import SARIMAX

YEARLY = Memory(ar=1, seasonal_ar=1)


@pytest.fixture(scope="module")
def belts(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "golden-value" / "Seatbelts.csv")


def drivers(belts: pd.DataFrame) -> np.ndarray:
    return np.log10(belts.drivers.to_numpy())


def with_level(*columns: pd.Series) -> np.ndarray:
    return np.column_stack([np.ones(len(columns[0])), *columns])


def test_the_law_alone_has_the_effect_that_r_gives(belts):
    found = regress(drivers(belts), with_level(belts.law), memory=YEARLY, restricted=False)
    assert found.coefficients[1] == pytest.approx(-0.1047, abs=5e-5)
    assert found.se[1] == pytest.approx(0.0180, abs=5e-5)


def test_the_law_beside_distance_and_price_has_the_effect_that_r_gives(belts):
    found = regress(
        drivers(belts), with_level(belts.kms, belts.PetrolPrice, belts.law), memory=YEARLY, restricted=False
    )
    assert found.coefficients[3] == pytest.approx(-0.0962, abs=5e-5)


def test_the_example_of_r_with_the_logarithm_of_distance(belts):
    """R, ``?Seatbelts``: ar1 0.3348, sar1 0.6672, intercept 3.3539, kms 0.0082, petrol −1.2224, law −0.0963 (0.0166), σ² 0.001476,
    log likelihood 349.73."""
    x = with_level(np.log10(belts.kms) - 4, belts.PetrolPrice, belts.law)
    found = regress(drivers(belts), x, memory=YEARLY, restricted=False)
    assert [found.ar[0], found.seasonal_ar[0]] == pytest.approx([0.3348, 0.6672], abs=1e-4)
    assert found.coefficients == pytest.approx([3.3539, 0.0082, -1.2224, -0.0963], abs=1e-4)
    assert found.se[3] == pytest.approx(0.0166, abs=2e-4)
    assert found.variance == pytest.approx(0.001476, abs=1e-6)
    assert found.log_likelihood == pytest.approx(349.73, abs=5e-3)


def test_statsmodels_agrees_once_its_columns_are_scaled(belts):
    y, x = drivers(belts), with_level(belts.kms, belts.PetrolPrice, belts.law)
    ours = regress(y, x, memory=YEARLY, restricted=False)
    theirs = SARIMAX(y, exog=x / [1, 1e4, 1, 1], order=(1, 0, 0), seasonal_order=(1, 0, 0, 12))
    theirs = theirs.fit(disp=0, maxiter=200, cov_type="oim")
    assert ours.log_likelihood == pytest.approx(theirs.llf, abs=1e-3)
    assert ours.coefficients[3] == pytest.approx(theirs.params[3], abs=5e-5)
    assert ours.se[3] == pytest.approx(theirs.bse[3], rel=0.01)


def test_the_units_of_the_columns_do_not_matter(belts):
    y, x = drivers(belts), with_level(belts.kms, belts.law)
    plain = regress(y, x, memory=YEARLY)
    other = regress(1000 * y, x * [1, 1e-6, 1], memory=YEARLY)
    assert other.coefficients * [1e-3, 1e-9, 1e-3] == pytest.approx(plain.coefficients, rel=1e-4)
    assert other.se * [1e-3, 1e-9, 1e-3] == pytest.approx(plain.se, rel=1e-3)


@pytest.mark.parametrize(
    ("phi", "theta"),
    [([0.7], []), ([], [0.4, -0.3]), ([0.5, -0.2], [0.6]), ([0.3, 0, 0, 0.5, -0.15], [0.2, 0, 0.1])],
)
def test_autocovariances_are_those_of_statsmodels(phi, theta):
    theirs = arma_acovf(np.r_[1, -np.array(phi)], np.r_[1, theta], nobs=12)
    assert autocovariances(np.array(phi), np.array(theta), 11) == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize(
    "memory", [Memory(2, 1), Memory(1, 1, 1, 1, period=4), Memory(0, 2), Memory(0, 0, 0, 1, period=6)]
)
def test_the_likelihood_is_that_of_the_whole_covariance(memory):
    rng = np.random.default_rng(5)
    n = 60
    y = np.convolve(rng.normal(size=n + 3), [1, 0.8, 0.3, 0.2], "valid")
    x = np.column_stack([np.ones(n), np.arange(n)])
    found = regress(y, x, memory=memory, restricted=False)
    phi = polynomial(found.ar, found.seasonal_ar, memory.period, -1)
    theta = polynomial(found.ma, found.seasonal_ma, memory.period, +1)
    gamma = found.variance * autocovariances(-phi, theta, n - 1)
    covariance = gamma[np.abs(np.subtract.outer(np.arange(n), np.arange(n)))]
    slow = stats.multivariate_normal(x @ found.coefficients, covariance).logpdf(y)
    assert found.log_likelihood == pytest.approx(slow, abs=1e-6)


def polynomial(short: np.ndarray, seasonal: np.ndarray, period: int, sign: int) -> np.ndarray:
    spread = np.zeros(period * len(seasonal) + 1)
    spread[0] = 1
    spread[period::period] = sign * seasonal
    return np.convolve(np.r_[1, sign * short], spread)[1:]


def test_without_memory_it_is_least_squares():
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(30), rng.normal(size=30)])
    y = x @ [2.0, 3.0] + rng.normal(size=30)
    found = regress(y, x, memory=Memory(0))
    beta, rest = np.linalg.lstsq(x, y, rcond=None)[:2]
    assert found.coefficients == pytest.approx(beta)
    assert found.variance == pytest.approx(rest[0] / 28)


def test_restricted_likelihood_sees_more_memory_in_short_series_than_plain_likelihood():
    rng = np.random.default_rng(7)
    x = np.column_stack([np.ones(30), np.arange(30), np.arange(30) > 14])
    plain, restricted = [], []
    for _ in range(30):
        shocks = rng.normal(size=80)
        y = np.array([sum(0.6**k * shocks[t - k] for k in range(40)) for t in range(50, 80)])
        plain.append(regress(y, x, memory=Memory(), restricted=False).ar[0])
        restricted.append(regress(y, x, memory=Memory()).ar[0])
    assert np.mean(plain) < np.mean(restricted) - 0.1
    assert np.mean(restricted) == pytest.approx(0.6, abs=0.15)


@pytest.mark.parametrize(
    ("y", "x", "says"),
    [
        (np.ones(30), np.ones((20, 1)), "one row of columns for each value"),
        (np.r_[np.nan, np.arange(29.0)], np.ones((30, 1)), "holes"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(y, x, says):
    with pytest.raises(BadInput, match=says):
        regress(y, x, memory=Memory())


@pytest.mark.parametrize(
    ("y", "x", "says"),
    [
        (np.arange(5.0), np.ones((5, 1)), "5 values .* at least 8"),
        (np.ones(30), np.ones((30, 1)), "All values"),
        (np.arange(30.0) ** 2, np.column_stack([np.ones(30), np.full(30, 7.0)]), "tell the same"),
        (np.arange(14.0) ** 2, np.ones((14, 1)), "at least 18"),
    ],
)
def test_what_cannot_be_estimated_is_refused(y, x, says):
    memory = Memory(ar=1, seasonal_ar=1) if len(y) == 14 else Memory()
    with pytest.raises(CannotBeKnown, match=says):
        regress(y, x, memory=memory)
