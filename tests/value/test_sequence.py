"""The rule's confidence sequence."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from loft.value import sequence as seq
from loft.value.errors import BadInput

RATIOS = st.floats(1e-9, 1e9)


def slow_bound(se: float, se_plan: float, alpha: float) -> float:
    """The rule's formula, letter by letter."""
    information, c = 1 / se**2, -2 * math.log(alpha) + math.log(1 - 2 * math.log(alpha))
    tau2 = c * se_plan**2
    return math.sqrt(
        2 * (1 + information * tau2) / (information * tau2) * math.log(math.sqrt(1 + information * tau2) / alpha)
    )


def test_the_prior_is_scaled_as_the_rule_says() -> None:
    assert float(seq.scale(0.05)) == pytest.approx(7.936, abs=5e-4)


@pytest.mark.parametrize(
    ("se", "se_plan", "alpha"), [(0.02, 0.03, 0.05), (3.0, 1.0, 0.05), (0.5, 0.5, 0.01), (1.0, 40.0, 0.2)]
)
def test_the_bound_is_the_formula_of_the_rule(se: float, se_plan: float, alpha: float) -> None:
    assert float(seq.bound(se, se_plan=se_plan, alpha=alpha)) == pytest.approx(
        slow_bound(se, se_plan, alpha), rel=1e-12
    )


def test_the_bound_agrees_with_a_published_figure() -> None:
    """Howard's unit tests: at v = v_opt = 100 and α = 0.05 the two-sided normal mixture is 30.35209, which is √v standard errors."""
    assert 10 * float(seq.bound(0.1, se_plan=0.1)) == pytest.approx(30.35209, abs=5e-6)


def test_the_bound_is_nearly_smallest_at_the_planned_standard_error() -> None:
    se = np.linspace(0.3, 3, 2701)
    z = seq.bound(se, se_plan=1.0)
    assert float(seq.bound(1.0, se_plan=1.0)) < z.min() * 1.001
    assert 0.8 < se[z.argmin()] < 1.2


def test_the_unit_of_the_measure_does_not_matter() -> None:
    days, hours = seq.bound([1.0, 2.0], se_plan=1.5), seq.bound([24.0, 48.0], se_plan=36.0)
    np.testing.assert_allclose(days, hours, rtol=1e-14)


def test_many_looks_are_each_look_alone() -> None:
    se, df = np.array([[3.0, 2.0], [1.0, 0.5]]), np.array([[5.0, 9.0], [20.0, np.inf]])
    z = seq.bound(se, se_plan=1.0, df=df)
    alone = [
        [float(seq.bound(s, se_plan=1.0, df=d)) for s, d in zip(a, b, strict=True)] for a, b in zip(se, df, strict=True)
    ]
    np.testing.assert_allclose(z, alone, rtol=1e-14)
    assert z[1, 1] == float(seq.bound(0.5, se_plan=1.0))


@pytest.mark.parametrize("df", [1.0, 2.5, 8.0, 30.0, 1e4])
def test_the_t_bound_has_the_same_tail_as_the_normal_one(df: float) -> None:
    z, t = float(seq.bound(1.3, se_plan=1.0)), float(seq.bound(1.3, se_plan=1.0, df=df))
    assert t > z
    assert stats.t.sf(t, df) == pytest.approx(stats.norm.sf(z), rel=1e-9)


@pytest.mark.parametrize("df", [1.0, 2.0, 7.3, 40.0, 1e4, 1e8])
def test_the_far_tail_joins_the_near_one(df: float) -> None:
    """Where both can be computed, the closed form for the far tail agrees with scipy's."""
    t = stats.t.isf(1e-190, df)
    assert float(seq._log_tail(np.log(t), np.asarray(df))) == pytest.approx(math.log(1e-190), abs=3e-6)
    far = seq._far_quantile(np.log([1e-190]), np.array([29.0]), np.array([df]))
    assert far[0] == pytest.approx(t, rel=1e-5)


def test_a_look_with_hardly_any_information_has_a_bound_and_no_warning() -> None:
    z = seq.bound(np.array([60.0, 1e8]), se_plan=1.0, df=np.array([30.0, 300.0]))
    assert float(seq.bound(60.0, se_plan=1.0)) < z[0] < 1e25
    assert z[1] == np.inf


def test_p_is_alpha_where_the_range_just_touches_zero() -> None:
    for df in (None, 6.0, 200.0):
        z = float(seq.bound(2.0, se_plan=1.5, df=df))
        found = seq.sequence([2 * z, 2 * z * 1.01, 2 * z * 0.99, 0.0], 2.0, se_plan=1.5, df=df)
        assert found.p[0] == pytest.approx(0.05, rel=1e-7)
        assert found.p[1] < 0.05 < found.p[2] < found.p[3] == 1.0
        assert found.low[1] > 0 > found.low[2]


def test_a_good_and_a_bad_effect_are_judged_alike() -> None:
    up, down = (seq.sequence(sign * np.array([0.1, 4.0]), 1.0, se_plan=1.0, df=9) for sign in (1, -1))
    np.testing.assert_allclose(up.low, -down.high)
    np.testing.assert_allclose(up.p, down.p)


def test_looking_every_day_is_wrong_at_most_as_often_as_promised() -> None:
    """Random walks of 1,500 looks with no effect: the sequence leaves 0 in under 5 %, a plain interval in most."""
    walk = np.cumsum(np.random.default_rng(20210515).normal(size=(2000, 1500)), axis=1)
    v = np.arange(1, 1501.0)
    distance = np.abs(walk) / np.sqrt(v)
    wrong = (distance > seq.bound(v**-0.5, se_plan=500.0**-0.5)).any(axis=1).mean()
    peeking = (distance > 1.96).any(axis=1).mean()
    assert 0.01 < wrong <= 0.05
    assert peeking > 0.5


@given(RATIOS, RATIOS, st.floats(1e-6, 0.99), st.one_of(st.none(), st.floats(0.1, 1e8)), st.floats(-1e6, 1e6))
@settings(max_examples=500, deadline=None)
def test_there_is_never_a_nan(se: float, se_plan: float, alpha: float, df: float | None, estimate: float) -> None:
    found = seq.sequence(estimate, se, se_plan=se_plan, alpha=alpha, df=df)
    assert not any(np.isnan(getattr(found, name)).any() for name in ("z", "low", "high", "p"))
    assert found.z > 0
    assert 0 <= found.p <= 1


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("the standard error is 0.0", {"se": 0.0}),
        ("the standard error is nan", {"se": [1.0, math.nan]}),
        ("the planned standard error is -1.0", {"se_plan": -1.0}),
        ("α must be between 0 and 1", {"alpha": 1.0}),
        ("degrees of freedom is 0.0", {"df": 0.0}),
        ("too far apart", {"se": 1e-200}),
        ("An estimate is not a number", {"estimate": math.nan}),
    ],
)
def test_wrong_input_is_told_in_a_sentence(words: str, values: dict[str, object]) -> None:
    with pytest.raises(BadInput, match=words):
        seq.sequence(**{"estimate": 1.0, "se": 1.0, "se_plan": 1.0, **values})  # type: ignore[arg-type]
