"""How large a drift a finding withstands, against HonestDiD's published figures and slow computations."""

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, special, stats

from loft.value import conditional, fixed_length, sensitivity
from loft.value.errors import BadInput, CannotBeKnown

Floats = NDArray[np.float64]
BENDS = {0.0: (0.0259, 0.0607), 0.01: (0.0132, 0.0787), 0.02: (0.00286, 0.0907), 0.03: (-0.00714, 0.101)}
MAGNITUDES = {0.5: (0.0241, 0.0673), 1.0: (0.0171, 0.0720), 1.5: (0.00859, 0.0796), 2.0: (-0.00107, 0.0883)}


@pytest.fixture(scope="module")
def medicaid(shared_data: Path) -> tuple[Floats, Floats]:
    """HonestDiD's example: insured share by state, 2014 expansions against states not expanded by 2015, reference 2013."""
    with (shared_data / "golden-value" / "ehec_data.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if int(row["year"]) < 2016 and row["yexp2"] != "2015"]
    states = sorted({row["stfips"] for row in rows})
    state = np.array([states.index(row["stfips"]) for row in rows])
    year = np.array([int(row["year"]) for row in rows])
    expanded = np.array([row["yexp2"] == "2014" for row in rows])
    fixed = np.hstack([np.eye(len(states))[state], np.eye(8)[year - 2008][:, 1:]])
    both = np.column_stack(
        [*((year == y) & expanded for y in range(2008, 2016) if y != 2013), [float(row["dins"]) for row in rows]]
    )
    both = both - fixed @ np.linalg.lstsq(fixed, both, rcond=None)[0]
    x, y = both[:, :-1], both[:, -1]
    bread = np.linalg.inv(x.T @ x)
    beta = bread @ x.T @ y
    scores = np.array([x[state == k].T @ (y - x @ beta)[state == k] for k in range(len(states))])
    small = len(states) / (len(states) - 1) * (len(y) - 1) / (len(y) - 7 - 8)
    return beta, small * bread @ scores.T @ scores @ bread


@pytest.fixture(scope="module")
def restaurants(shared_data: Path) -> tuple[Floats, Floats]:
    """Benzarti & Carloni's event study as HonestDiD ships it: four periods before, four after."""
    folder = shared_data / "golden-value"
    return (
        np.loadtxt(folder / "BC_betahat.csv", skiprows=1),
        np.loadtxt(folder / "BC_sigma.csv", skiprows=1, delimiter=","),
    )


@pytest.mark.parametrize("magnitude", MAGNITUDES)
def test_relative_magnitudes_are_as_published(medicaid: tuple[Floats, Floats], magnitude: float) -> None:
    """HonestDiD searches a grid with steps of 0.00037 and draws 1,000 critical values, so its third digit is not sure."""
    found = sensitivity.relative_magnitudes(*medicaid, pre=5, weights=[1, 0], magnitude=magnitude)
    assert (found.low, found.high) == pytest.approx(MAGNITUDES[magnitude], abs=5e-4)


@pytest.mark.parametrize("bend", BENDS)
def test_smoothness_is_as_published(medicaid: tuple[Floats, Floats], bend: float) -> None:
    """HonestDiD simulates the quantile, so that its last digit may differ by one."""
    found = sensitivity.smoothness(*medicaid, pre=5, weights=[1, 0], bend=bend)
    assert found.low == pytest.approx(BENDS[bend][0], abs=1e-4)
    assert found.high == pytest.approx(BENDS[bend][1], abs=5e-4)


def test_the_breakdown_is_where_the_set_reaches_zero(medicaid: tuple[Floats, Floats]) -> None:
    """HonestDiD's authors read "about 2" from their table."""
    found = sensitivity.breakdown(*medicaid, pre=5, weights=[1, 0])
    assert 1.85 < found < 2.0
    for magnitude, sign in ((found, 1), (found + 0.002, -1)):
        edge = sensitivity.relative_magnitudes(*medicaid, pre=5, weights=[1, 0], magnitude=magnitude).low
        assert np.sign(edge) == sign


def test_what_is_not_there_without_drift_has_breakdown_zero(medicaid: tuple[Floats, Floats]) -> None:
    beta, covariance = medicaid
    assert sensitivity.breakdown(beta * 0.1, covariance, pre=5, weights=[1, 0]) == 0.0


def test_diff_diff_agrees_on_smoothness_and_is_too_narrow_on_relative_magnitudes(shared_data: Path) -> None:
    """diff-diff adds 1.96 standard errors to estimated bounds, as if the largest drift before were known without error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas
        from diff_diff import HonestDiD, MultiPeriodDiD

        panel = pandas.read_csv(shared_data / "golden-value" / "ehec_data.csv").query("year < 2016 and yexp2 != 2015")
        panel = panel.assign(treated=(panel.yexp2 == 2014).astype(int), state=panel.stfips.astype("category").cat.codes)
        study = MultiPeriodDiD(cluster="state").fit(
            panel, outcome="dins", treatment="treated", time="year", unit="state", absorb=["state"],
            post_periods=[2014, 2015], reference_period=2013,
        )  # fmt: skip
        first = np.array([1.0, 0.0])
        smooth = HonestDiD(method="smoothness", M=0.02, l_vec=first).fit(study)
        relative = HonestDiD(method="relative_magnitude", M=2.0, l_vec=first).fit(study)
    assert (smooth.ci_lb, smooth.ci_ub) == pytest.approx(BENDS[0.02], abs=1e-4)
    assert relative.ci_lb > MAGNITUDES[2.0][0] + 0.01
    assert relative.ci_ub < MAGNITUDES[2.0][1] - 0.005


def slow_moments(magnitude: float, drift: int, sign: float, pre: int, post: int) -> tuple[Floats, Floats]:
    """A of A·δ ≤ 0 and the part that meets τ, row by row: each period after drifts less than M̄ times the one before."""

    def step(t: int) -> Floats:
        row = np.zeros(pre + post + 1)
        row[t + 1], row[t] = 1, -1
        return np.delete(row, pre)

    rows = [side * step(pre + t) - magnitude * sign * step(drift) for t in range(post) for side in (1.0, -1.0)]
    return np.array(rows), np.array(rows)[:, pre:]


def slow_eta(moments: Floats, sd: Floats, after: Floats, weights: Floats) -> float:
    """min η so that moments + after·τ̃ ≤ η·sd for some τ̃ with weights·τ̃ = 0, by linear programming."""
    sides = np.hstack([-sd[:, None], after])
    same = np.concatenate(([0.0], weights))[None, :]
    return float(optimize.linprog(np.eye(len(same[0]))[0], sides, -moments, same, [0.0], bounds=(None, None)).fun)


@pytest.mark.parametrize("weights", [[1.0, 0, 0, 0], [0.25] * 4, [0, 0, -1.0, 2.0]])
def test_the_largest_moment_is_the_solution_of_the_linear_program(
    restaurants: tuple[Floats, Floats], weights: list[float]
) -> None:
    """At several effects θ the vertices in closed form give what a solver gives for the program that they come from."""
    beta, covariance = restaurants
    effect, magnitude = np.array(weights), 1.3
    study = sensitivity._study(beta, covariance, 4, effect, 0.05, magnitude)
    kinds = [(drift, sign) for drift in range(4) for sign in (1.0, -1.0)]
    for (drift, sign), found in zip(kinds, sensitivity._vertices(study, magnitude), strict=True):
        rows, after = slow_moments(magnitude, drift, sign, 4, 4)
        sd = np.sqrt(np.diag(rows @ covariance @ rows.T))
        for theta in (-0.4, 0.1, 0.3):
            taken = theta * effect / (effect @ effect)
            slow = slow_eta(rows @ beta - after @ taken, sd, after, effect)
            assert (found.value + theta * found.theta).max() == pytest.approx(slow, abs=1e-9)


def test_the_conditional_test_rejects_as_often_as_promised_where_it_is_hardest() -> None:
    """Correlated moments, all at 0 or one far below: never over α, by simulation."""
    rng = np.random.default_rng(7)
    covariance = np.array([[1.0, -0.6, 0.2], [-0.6, 1.0, 0.1], [0.2, 0.1, 0.5]])
    draws = rng.multivariate_normal(np.zeros(3), covariance, size=20000)
    critical = conditional.least_favourable(covariance, 0.005)
    slow = np.quantile(rng.multivariate_normal(np.zeros(3), covariance, size=400000).max(axis=1), 0.995)
    assert critical == pytest.approx(slow, rel=0.02)
    for mean in ([0, 0, 0], [0, -5, 0], [0, -1, -0.5]):
        passed = conditional.accepts(draws + mean, covariance, critical=critical, alpha=0.05, kappa=0.005)
        assert 0.02 < 1 - passed.mean() < 0.054


def test_the_set_covers_the_effect_when_the_drift_is_as_large_as_allowed(restaurants: tuple[Floats, Floats]) -> None:
    _, covariance = restaurants
    truth = np.array([-1.0, 0, 0, 0, 1, 2, 3, 4])  # one drift of 1 before, and drifts of 1 after, without an effect
    rng = np.random.default_rng(3)
    covered = []
    for beta in rng.multivariate_normal(truth, covariance, size=400):
        study = sensitivity._study(beta, covariance, 4, np.full(4, 0.25), 0.05, 1.0)
        covered.append(sensitivity._zero_passes(study, 1.0))
    assert 0.93 < np.mean(covered) < 0.98


def slow_half_length(covariance: Floats, pre: int, weights: Floats, bend: float) -> float:
    """The shortest half-length by a general optimiser, with the largest bias from a linear program over all bent trends."""
    periods = len(covariance)
    times = np.delete(np.arange(-pre, periods - pre + 1), pre)
    full = np.insert(np.eye(periods), pre, 0.0, axis=0)
    bends = np.diff(full, 2, axis=0)

    def half(free: Floats) -> float:
        x = np.concatenate((free, np.zeros(1), weights))
        x[pre - 1] = float(times @ x)
        bias = -optimize.linprog(-x, np.vstack([bends, -bends]), np.full(2 * len(bends), bend), bounds=(None, None)).fun
        sd = np.sqrt(x @ covariance @ x)
        return float(np.sqrt(stats.ncx2.ppf(0.95, 1, (bias / sd) ** 2)) * sd)

    if pre == 1:
        return half(np.zeros(0))
    starts = np.random.default_rng(1).normal(size=(3, pre - 1))
    options = {"xatol": 1e-7, "fatol": 1e-9, "maxfev": 400}
    return min(float(optimize.minimize(half, s, method="Nelder-Mead", options=options).fun) for s in starts)


@pytest.mark.parametrize(("pre", "weights"), [(2, [1.0, 0.0]), (3, [0.5, 0.5]), (1, [0.2, 0.8])])
def test_the_fixed_length_interval_is_the_shortest_there_is(pre: int, weights: list[float]) -> None:
    rng = np.random.default_rng(pre)
    root = rng.normal(size=(pre + 2, pre + 2))
    covariance = root @ root.T + 0.1 * np.eye(pre + 2)
    found = fixed_length.fixed_length(covariance, pre=pre, weights=np.array(weights), bend=0.5, alpha=0.05)
    assert found.half_length == pytest.approx(slow_half_length(covariance, pre, np.array(weights), 0.5), rel=1e-4)


@pytest.mark.parametrize("size", [2, 8, 30])
def test_the_path_of_the_lasso_meets_its_own_conditions(size: int) -> None:
    """At each corner every gradient is at most λ, and λ for the bends in use (Karush, Kuhn & Tucker)."""
    rng = np.random.default_rng(size)
    root = rng.normal(size=(2 * size, size))
    q, c = root.T @ root, rng.normal(size=size) * 3
    for g in fixed_length._lasso_path(q, c):
        gradient = q @ g + c
        penalty = np.abs(gradient).max()
        np.testing.assert_allclose(gradient[g != 0], -np.sign(g[g != 0]) * penalty, atol=1e-9)
    np.testing.assert_allclose(g, np.linalg.solve(q, -c), atol=1e-9)


def test_the_folded_quantile_is_that_of_the_distribution() -> None:
    for mean in (0.0, 0.3, 2.0, 40.0):
        assert fixed_length.folded_quantile(mean, 0.05) == pytest.approx(stats.foldnorm.ppf(0.95, mean), rel=1e-6)


def test_a_straight_trend_is_taken_out_when_nothing_may_bend() -> None:
    covariance = np.eye(6) * 1e-6
    beta = 0.1 * np.array([-4.0, -3, -2, -1, 1, 2]) + np.array([0, 0, 0, 0, 5.0, 5.0])
    found = sensitivity.smoothness(beta, covariance, pre=4, weights=[0.5, 0.5])
    assert (found.low + found.high) / 2 == pytest.approx(5.0)


def test_the_unit_does_not_matter(restaurants: tuple[Floats, Floats]) -> None:
    beta, covariance = restaurants
    for method in (sensitivity.relative_magnitudes, sensitivity.smoothness):
        small = method(beta, covariance, pre=4, weights=[1, 0, 0, 0])
        large = method(-100 * beta, 1e4 * covariance, pre=4, weights=[1, 0, 0, 0])
        assert (-large.high / 100, -large.low / 100) == pytest.approx((small.low, small.high), rel=2e-2)


def test_the_truncated_quantile_holds_far_out() -> None:
    low, high = np.array([-np.inf, 1.0, 45.0, -3.0]), np.array([np.inf, 2.0, np.inf, -2.5])
    found = conditional._truncated(low, high, 0.05)
    assert found[0] == pytest.approx(special.ndtri(0.95))
    assert found[1] == pytest.approx(stats.truncnorm.ppf(0.95, 1.0, 2.0))
    assert 45.05 < found[2] < 45.08  # about 45 + ln(20)/45
    assert -2.55 < found[3] < -2.5


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6), st.floats(0, 20), st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_there_is_never_a_nan_even_with_few_clusters(pre: int, post: int, seed: int, allowed: float, rank: int) -> None:
    """Fewer clusters than periods make a covariance that cannot be inverted."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(pre + post, rank))
    beta, weights = rng.normal(size=pre + post), rng.normal(size=post)
    for found in (
        sensitivity.relative_magnitudes(beta, root @ root.T, pre=pre, weights=weights, magnitude=allowed),
        sensitivity.smoothness(beta, root @ root.T, pre=pre, weights=weights, bend=allowed),
    ):
        assert np.isfinite(found.low)
        assert found.low <= found.high < np.inf


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("3 coefficients with 2 before do not fit", {"weights": [1.0, 1.0]}),
        ("must be numbers", {"beta": [0.0, np.nan, 1.0]}),
        ("one weight not 0", {"weights": [0.0]}),
        ("no covariance matrix", {"covariance": -np.eye(3)}),
        ("no covariance matrix", {"covariance": np.triu(np.ones((3, 3)))}),
        ("has no variance", {"covariance": np.diag([1.0, 0, 0]), "magnitude": 0.0}),
        ("the drift allowed", {"magnitude": -1.0}),
    ],
)
def test_wrong_input_is_told_in_a_sentence(words: str, values: dict[str, object]) -> None:
    right: dict[str, object] = {"beta": [0.0, 0.1, 1.0], "covariance": np.eye(3), "pre": 2, "weights": [1.0]}
    with pytest.raises(BadInput, match=words):
        sensitivity.relative_magnitudes(**{**right, **values})  # type: ignore[arg-type]


def test_without_a_past_nothing_is_known_of_the_drift() -> None:
    with pytest.raises(CannotBeKnown, match="would make it knowable"):
        sensitivity.smoothness([1.0], [[1.0]], pre=0, weights=[1.0])
