"""Durations when some cases are still open."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from loft.value import durations
from loft.value.errors import BadInput, CannotBeKnown

Floats = NDArray[np.float64]


def counted(days: Floats, closed: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    found = durations.tabulate(np.zeros(len(days), np.int64), days, closed, np.ones(len(days)), units=1)
    return found.ages, found.events[0], found.censored[0]


def slow_curve(days: Floats, closed: NDArray[np.bool_], at: float) -> tuple[float, float]:
    """The share still open after *at*, and Greenwood's variance: one answered case after the other, by hand."""
    share, total = 1.0, 0.0
    for age in sorted({float(d) for d, c in zip(days, closed, strict=True) if c and d <= at}):
        n = sum(1 for d in days if d >= age)
        answered = sum(1 for d, c in zip(days, closed, strict=True) if c and d == age)
        share *= 1 - answered / n
        total += answered / (n * (n - answered)) if n > answered else 0.0
    return share, share**2 * total


def some_cases(seed: int, size: int = 60) -> tuple[Floats, NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    days, seen = np.floor(rng.lognormal(3, 0.9, size)), np.floor(rng.uniform(5, 90, size))
    return np.minimum(days, seen), days <= seen


@pytest.fixture(scope="module")
def arms(shared_data: Path) -> list[durations.RestrictedMean]:
    """The first 312 patients of the Mayo clinic's trial, years to death; a transplant is the end of follow-up."""
    with (shared_data / "golden-value" / "pbc.csv").open() as file:
        rows = list(csv.DictReader(file))[:312]
    found = []
    for arm in ("1", "2"):
        chosen = [row for row in rows if row["trt"] == arm]
        years = np.array([float(row["time"]) / 365.25 for row in chosen])
        died = np.array([row["status"] == "2" for row in chosen])
        found.append(durations.restricted_mean(*counted(years, died), tau=10))
    return found


def test_restricted_means_are_as_published(arms: list[durations.RestrictedMean]) -> None:
    """Figures of R's survRM2 and survival; the range as printed is that of 1.96 standard errors, a little wider in the fifth digit."""
    assert [float(arm.mean) for arm in arms] == pytest.approx([7.14649, 7.28342], abs=5e-6)
    assert [float(arm.se) for arm in arms] == pytest.approx([0.28277, 0.29548], abs=5e-6)
    found = durations.difference(*arms)
    assert (found.estimate, found.low, found.high) == pytest.approx((-0.13692, -0.93854, 0.66469), abs=2.5e-5)


def test_a_ratio_of_restricted_means_is_as_published(arms: list[durations.RestrictedMean]) -> None:
    """survRM2's vignette: 0.981 (0.878 to 1.096)."""
    found = durations.ratio(*arms)
    assert (found.estimate, found.low, found.high) == pytest.approx((0.981, 0.878, 1.096), abs=5e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_curve_is_the_slow_one(seed: int) -> None:
    days, closed = some_cases(seed)
    curve = durations.kaplan_meier(*counted(days, closed))
    for k, age in enumerate(curve.ages):
        assert (curve.share[k], curve.variance[k]) == pytest.approx(slow_curve(days, closed, age), abs=1e-12)


@pytest.mark.parametrize("tau", [20.0, 30.5])
def test_the_restricted_mean_is_the_area_under_the_slow_curve(tau: float) -> None:
    days, closed = some_cases(5)
    steps = np.arange(0, tau, 0.25)
    area = sum(slow_curve(days, closed, float(t))[0] * 0.25 for t in steps)
    assert float(durations.restricted_mean(*counted(days, closed), tau=tau).mean) == pytest.approx(area, abs=1e-9)


def test_without_open_cases_it_is_the_mean_and_its_standard_error() -> None:
    days, _ = some_cases(1)
    found = durations.restricted_mean(*counted(days, np.ones(len(days), bool)), tau=25)
    short = np.minimum(days, 25)
    assert float(found.mean) == pytest.approx(short.mean())
    assert float(found.se) == pytest.approx(short.std() / np.sqrt(len(days)))


def test_many_units_are_each_unit_alone() -> None:
    cases = [some_cases(seed) for seed in range(4)]
    unit = np.repeat(np.arange(4), 60)
    days, closed = (np.concatenate(part) for part in zip(*cases, strict=True))
    found = durations.tabulate(unit, days, closed, np.ones(240), units=4)
    together = durations.restricted_mean(found.ages, found.events, found.censored, tau=30)
    alone = [durations.restricted_mean(*counted(*case), tau=30) for case in cases]
    np.testing.assert_allclose(together.mean, [a.mean for a in alone])
    np.testing.assert_allclose(together.log_se, [a.se / a.mean for a in alone])
    medians = durations.quantile(found.ages, found.events, found.censored, share=0.5)
    np.testing.assert_allclose(medians, [durations.quantile(*counted(*case), share=0.5) for case in cases])


def test_cells_of_many_cases_are_the_cases_one_by_one() -> None:
    days, closed = some_cases(2)
    kinds, n = np.unique(np.column_stack((days, closed)), axis=0, return_counts=True)
    zero = np.zeros(len(kinds), np.int64)
    grouped = durations.tabulate(zero, kinds[:, 0], kinds[:, 1] == 1, n, units=1)
    single = counted(days, closed)
    for ours, theirs in zip((grouped.events[0], grouped.censored[0]), single[1:], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_leaving_out_open_cases_fakes_an_effect_and_the_curve_does_not() -> None:
    """Nothing has changed: lognormal days, σ 0.9, a median of 40. Cases of the last 30 days, those answered only, look 60 % faster."""
    rng = np.random.default_rng(12)
    days = np.floor(rng.lognormal(np.log(40), 0.9, 40000))
    seen = np.floor(rng.uniform(0, 31, 20000))
    new, closed = np.minimum(days[:20000], seen), days[:20000] <= seen
    old = days[20000:]
    answered_only = new[closed].mean() / old.mean() - 1
    before = durations.restricted_mean(*counted(old, np.ones(20000, bool)), tau=30)
    after = durations.restricted_mean(*counted(new, closed), tau=30)
    assert answered_only < -0.6
    assert abs(float(durations.ratio(after, before).estimate) - 1) < 0.01


def test_the_standard_error_is_how_much_the_mean_moves_from_sample_to_sample() -> None:
    """The variance of the days themselves, which lifelines offers as the variance, would be about 60 times too large."""
    found = [durations.restricted_mean(*counted(*some_cases(seed)), tau=35) for seed in range(2000, 2400)]
    moved = np.var([float(f.mean) for f in found])
    stated = np.mean([float(f.variance) for f in found])
    assert stated == pytest.approx(moved, rel=0.15)
    days, closed = some_cases(2000)
    assert np.var(np.minimum(days[closed], 35)) > 20 * stated


def test_days_beyond_the_follow_up_are_refused() -> None:
    ages, events, censored = [10.0, 20.0, 30.0], [5.0, 5.0, 0.0], [0.0, 0.0, 2.0]
    assert float(durations.restricted_mean(ages, events, censored, tau=30).mean) > 0
    with pytest.raises(CannotBeKnown, match="no case was followed longer than 30"):
        durations.restricted_mean(ages, events, censored, tau=31)
    assert durations.follow_up(ages, [5, 5, 2], [0, 0, 0]) == np.inf
    all_answered = durations.restricted_mean(ages, [5, 5, 2], [0, 0, 0], tau=90)
    assert float(all_answered.mean) == pytest.approx((50 + 100 + 60) / 12)


def test_a_quantile_is_the_first_age_by_which_so_many_are_answered() -> None:
    ages, events, censored = [1.0, 4.0, 9.0], [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]
    assert durations.quantile(ages, events, censored, share=0.5) == 4.0
    assert durations.quantile(ages, events, censored, share=0.51) == 9.0
    with pytest.raises(CannotBeKnown, match=r"so far 75"):
        durations.quantile(ages, events, censored, share=0.9)


TABLE = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 400), min_size=n, max_size=n, unique=True),
        st.lists(st.integers(0, 20), min_size=n, max_size=n),
        st.lists(st.integers(0, 20), min_size=n, max_size=n),
    )
)


@given(TABLE, st.floats(0.5, 500))
@settings(max_examples=200, deadline=None)
def test_there_is_never_a_nan(table: tuple[list[int], list[int], list[int]], tau: float) -> None:
    ages, events, censored = sorted(table[0]), table[1], table[2]
    try:
        found = durations.restricted_mean(ages, events, censored, tau=tau)
    except BadInput:
        return
    assert 0 <= found.mean <= tau
    assert np.isfinite(found.variance)
    assert found.variance >= 0


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("do not fit together", {"events": [1.0]}),
        ("that increase", {"ages": [2.0, 1.0]}),
        ("0 or above", {"censored": [-1.0, 0.0]}),
        ("0 or above", {"events": [np.nan, 1.0]}),
        ("no case in this window", {"events": [0.0, 0.0], "censored": [0.0, 0.0]}),
        ("must be above 0", {"tau": 0.0}),
    ],
)
def test_wrong_input_is_told_in_a_sentence(words: str, values: dict[str, object]) -> None:
    right: dict[str, object] = {"ages": [1.0, 2.0], "events": [1.0, 1.0], "censored": [0.0, 0.0], "tau": 1.5}
    with pytest.raises(BadInput, match=words):
        durations.restricted_mean(**{**right, **values})  # type: ignore[arg-type]


def test_groups_are_compared_on_the_same_days_only() -> None:
    days, closed = some_cases(1)
    one, other = (durations.restricted_mean(*counted(days, closed), tau=tau) for tau in (20, 30))
    with pytest.raises(BadInput, match="same τ on both sides"):
        durations.difference(one, other)
    at_once = durations.restricted_mean([0.0], [4.0], [0.0], tau=20)
    with pytest.raises(BadInput, match="no logarithm"):
        durations.ratio(one, at_once)
