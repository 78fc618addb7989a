"""Boundaries that hold at every look, against the figures of the package that Howard et al. published."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from loft.value import boundaries
from loft.value.errors import BadInput

RHO = boundaries.best_rho(100.0)
RHO_ONE = boundaries.best_rho(100.0, sides=1)


def test_the_figures_of_the_published_package_are_met() -> None:
    """confseq's own unit tests, made with its authors' first implementation in R."""
    assert pytest.approx(12.60056, abs=5e-6) == RHO
    assert float(boundaries.normal_mixture(10, 100, rho=RHO)) == pytest.approx(-0.6510052, abs=5e-8)
    assert float(boundaries.normal_bound(100, rho=RHO)) == pytest.approx(30.35209, abs=5e-6)
    assert float(boundaries.one_sided_mixture(10, 100, rho=RHO_ONE)) == pytest.approx(-0.06502391, abs=5e-9)
    assert float(boundaries.one_sided_bound(100, rho=RHO_ONE)) == pytest.approx(27.66071, abs=5e-6)
    assert float(boundaries.gamma_exponential_mixture(10, 100, rho=RHO_ONE, c=2)) == pytest.approx(-0.2490165, abs=5e-8)
    assert float(boundaries.gamma_exponential_bound(100, rho=RHO_ONE, c=2)) == pytest.approx(33.02017, abs=5e-6)
    assert float(boundaries.stitched_bound(100, v_min=10, c=3)) == pytest.approx(64.48755, abs=5e-6)
    assert float(boundaries.stitched_bound(100, v_min=10, c=-1)) == pytest.approx(28.99389, abs=5e-6)


@pytest.mark.parametrize(("s", "v"), [(10.0, 100.0), (40.0, 100.0), (-20.0, 50.0), (3.0, 0.5)])
def test_the_normal_mixtures_are_the_integrals_they_stand_for(s: float, v: float) -> None:
    def drawn(rate: float) -> float:
        return math.exp(rate * s - rate**2 * v / 2) * stats.norm.pdf(rate, scale=RHO**-0.5)

    up, down = integrate.quad(drawn, 0, 3, epsabs=0)[0], integrate.quad(drawn, -3, 0, epsabs=0)[0]
    assert float(boundaries.normal_mixture(s, v, rho=RHO)) == pytest.approx(math.log(up + down), abs=1e-8)
    assert float(boundaries.one_sided_mixture(s, v, rho=RHO)) == pytest.approx(math.log(2 * up), abs=1e-8)


def test_the_gamma_exponential_mixture_is_smooth_from_negative_to_positive() -> None:
    s = np.linspace(-400, 400, 4001)
    steps = np.diff(boundaries.gamma_exponential_mixture(s, 100.0, rho=RHO_ONE, c=2.0))
    assert np.all(steps > 0)
    assert np.abs(np.diff(steps)).max() < 1e-3


def test_a_boundary_is_where_the_mixture_reaches_one_over_alpha() -> None:
    v = np.array([[0.0, 1.0], [300.0, 1e6]])
    u = boundaries.gamma_exponential_bound(v, rho=5.0, c=0.7, alpha=0.01)
    np.testing.assert_allclose(boundaries.gamma_exponential_mixture(u, v, rho=5.0, c=0.7), math.log(100), rtol=1e-9)
    u = boundaries.normal_bound(v, rho=5.0, alpha=0.01)
    np.testing.assert_allclose(boundaries.normal_mixture(u, v, rho=5.0), math.log(100), rtol=1e-12)


def test_an_average_effect_is_followed_case_by_case_as_published(shared_data: Path) -> None:
    """The 1,000 rows of confseq's example: noise 0.2·0.8, half treated, tightest after 50 cases."""
    with (shared_data / "golden-value" / "confseq_ate_data.csv").open() as file:
        rows = list(csv.DictReader(file))
    names = ("y", "treatment", "point_estimate", "lower_confidence_bound", "upper_confidence_bound", "p_value")
    y, treated, *published = (np.array([float(row[name]) for row in rows]) for name in names)
    found = boundaries.average_effect(y, treated, share=0.5, support=(0, 1), v_plan=50 * 0.16 * 4)
    for ours, theirs in zip((found.estimate, found.low, found.high, found.p), published, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-10)


@given(st.floats(-1e4, 1e4), st.floats(0, 1e6), st.floats(0.1, 1e4), st.floats(0.1, 100))
@settings(max_examples=200, deadline=None)
def test_there_is_never_a_nan(s: float, v: float, rho: float, c: float) -> None:
    for found in (
        boundaries.normal_mixture(s, v, rho=rho),
        boundaries.one_sided_mixture(s, v, rho=rho),
        boundaries.gamma_exponential_mixture(s, v, rho=rho, c=c),
    ):
        assert np.isfinite(found)


def test_wrong_input_is_told_in_a_sentence() -> None:
    with pytest.raises(BadInput, match="the error α is outside"):
        boundaries.normal_bound(1.0, rho=1.0, alpha=1.5)
    with pytest.raises(BadInput, match="variance a number not below 0"):
        boundaries.normal_mixture(1.0, -1.0, rho=1.0)
    with pytest.raises(BadInput, match="the scale c"):
        boundaries.gamma_exponential_bound(1.0, rho=1.0, c=0.0)
    with pytest.raises(BadInput, match="between 0 and 1 and a mark"):
        boundaries.average_effect([0.5, 2.0], [True, False], share=0.5, support=(0, 1), v_plan=1.0)
