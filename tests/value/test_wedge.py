import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, optimize, special, stats

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.wedge import Wedge, wedge
from loft.value.wedge_gee import gee_effect
from loft.value.wedge_logistic import laplace, logistic_effect
from loft.value.wedge_mixed import mixed_effect, restricted_fit

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import statsmodels.api as sm


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "golden-value" / "sw_data_example.csv")


def summed(rows: pd.DataFrame, column: str) -> Wedge:
    rows = rows.assign(y=rows[column], squares=rows[column] ** 2)
    grouped = rows.groupby(["cluster", "period", "trt"], as_index=False)
    sums = grouped.agg(n=("y", "size"), total=("y", "sum"), squares=("squares", "sum"))
    columns = (sums[c].to_numpy() for c in ("cluster", "period", "trt"))
    return wedge(*columns, n=sums.n.to_numpy(), total=sums.total.to_numpy(), squares=sums.squares.to_numpy())


def made_up(*, units: int = 6, periods: int = 4, seed: int = 1, effect: float = 0.5, shares: bool = False) -> Wedge:
    """A small wedge of our own: two units start in each period from the second on."""
    rng = np.random.default_rng(seed)
    unit, period = (a.ravel() for a in np.indices((units, periods)))
    treated = (period > unit // 2).astype(int)
    n = rng.integers(8, 30, size=len(unit))
    level = 0.1 * period + effect * treated + 0.4 * rng.normal(size=units)[unit]
    if shares:
        total = rng.binomial(n, special.expit(level)).astype(float)
        return wedge(unit, period, treated, n=n, total=total)
    y = [rng.normal(m, 1.0, size=k) for m, k in zip(level, n, strict=True)]
    return wedge(unit, period, treated, n=n, total=np.array([v.sum() for v in y]), squares=np.array([v @ v for v in y]))


# Figures of the vignette of R's `steppedwedge` (lme4, geepack): estimates with 95 % intervals by the normal distribution.


@pytest.mark.parametrize(
    ("drift", "exposure", "estimate", "low", "high"),
    [
        (True, "immediate", 0.390, 0.123, 0.656),
        (False, "immediate", 0.391, 0.128, 0.653),
        (True, "each", 0.418, 0.102, 0.733),
    ],
)
def test_the_log_odds_are_those_of_lme4(rows, drift, exposure, estimate, low, high):
    found = logistic_effect(summed(rows, "outcome_bin"), drift=drift, exposure=exposure)
    assert (found.estimate, *found.interval(large=True)) == pytest.approx((estimate, low, high), abs=6e-4)


@pytest.mark.parametrize(("drift", "p"), [(True, 0.0041), (False, 0.0035)])
def test_the_p_values_are_those_of_lme4(rows, drift, p):
    found = logistic_effect(summed(rows, "outcome_bin"), drift=drift)
    assert 2 * stats.norm.sf(found.estimate / found.se) == pytest.approx(p, abs=5e-5)


def test_the_linear_mixed_model_is_that_of_lme4(rows):
    found = mixed_effect(summed(rows, "outcome_cont"), drift=False)
    assert (found.estimate, found.se) == pytest.approx((0.5238, 0.0733), abs=5e-5)


def test_the_estimating_equations_are_those_of_geepack(rows):
    found = gee_effect(summed(rows, "outcome_bin"), small_sample=False)
    assert (found.estimate, *found.interval(large=True)) == pytest.approx((0.389, 0.138, 0.640), abs=5e-4)


@pytest.mark.parametrize(("column", "scale"), [("outcome_bin", "shares"), ("outcome_cont", "figures")])
@pytest.mark.parametrize(("kind", "small_sample"), [("robust", False), ("bias_reduced", True)])
def test_estimating_equations_from_cells_are_those_of_statsmodels_from_cases(rows, column, scale, kind, small_sample):
    families = {"shares": sm.families.Binomial(), "figures": sm.families.Gaussian()}
    x = np.column_stack([np.eye(6)[rows.period - 1], rows.trt])
    alike = sm.cov_struct.Exchangeable()
    theirs = sm.GEE(rows[column], x, groups=rows.cluster, family=families[scale], cov_struct=alike)
    theirs = theirs.fit(cov_type=kind, maxiter=100, ctol=1e-9)
    ours = gee_effect(summed(rows, column), scale=scale, small_sample=small_sample)
    assert (ours.estimate, ours.se) == pytest.approx((theirs.params.iloc[-1], theirs.bse.iloc[-1]), abs=1e-8)


def dense_restricted(cells: Wedge, y: np.ndarray, who: np.ndarray, when: np.ndarray, sds: np.ndarray) -> float:
    """The restricted log likelihood by the whole covariance of all cases, with the columns of periods and change."""
    alike = who[:, None] == who
    v = sds[2] ** 2 * np.eye(len(y)) + sds[0] ** 2 * alike + sds[1] ** 2 * (alike & (when[:, None] == when))
    place = {(u, p): c for c, (u, p) in enumerate(zip(cells.unit, cells.period, strict=True))}
    x = cells.columns()[0][[place[u, p] for u, p in zip(who, when, strict=True)]]
    inverse = np.linalg.inv(v)
    cross = x.T @ inverse @ x
    rest = y - x @ np.linalg.solve(cross, x.T @ inverse @ y)
    log_det = np.linalg.slogdet(v)[1] + np.linalg.slogdet(cross)[1]
    return -0.5 * ((len(y) - x.shape[1]) * np.log(2 * np.pi) + log_det + rest @ inverse @ rest)


def test_the_restricted_likelihood_from_cells_is_that_of_all_cases():
    rng = np.random.default_rng(9)
    who, when = (a.ravel() for a in np.indices((6, 4)).repeat(5, axis=2))
    y = 0.5 * rng.normal(size=6)[who] + 0.4 * rng.normal(size=(6, 4))[who, when] + rng.normal(size=len(who))
    frame = pd.DataFrame({"cluster": who, "period": when, "trt": (when > who // 2).astype(int), "y": y})
    cells = summed(frame, "y")
    fit = restricted_fit(cells.columns()[0], cells, drift=True)
    sds = np.array([fit.between, fit.drift, fit.within])
    assert fit.log_likelihood == pytest.approx(dense_restricted(cells, y, who, when, sds), abs=1e-8)
    for nudge in 0.03 * np.vstack([np.eye(3), -np.eye(3)]):
        assert dense_restricted(cells, y, who, when, np.abs(sds + nudge)) <= fit.log_likelihood + 1e-7


def test_laplace_is_the_peak_and_the_curvature_of_each_unit():
    cells = made_up(shares=True, units=4)
    x = cells.columns()[0]
    beta, sds = np.linspace(-0.3, 0.4, x.shape[1]), np.array([0.7, 0.4])
    slow = 0.0
    for unit in range(4):
        mine = cells.unit == unit

        def joint(u, mine=mine):
            eta = x[mine] @ beta + sds[0] * u[0] + sds[1] * u[1:]
            return np.sum(cells.n[mine] * np.logaddexp(0, eta) - cells.total[mine] * eta) + 0.5 * u @ u

        u = optimize.minimize(joint, np.zeros(1 + mine.sum()), options={"gtol": 1e-9}).x
        z = np.column_stack([np.full(mine.sum(), sds[0]), sds[1] * np.eye(mine.sum())])
        share = special.expit(x[mine] @ beta + z @ u)
        curvature = np.eye(len(u)) + z.T @ np.diag(cells.n[mine] * share * (1 - share)) @ z
        slow += -joint(u) - 0.5 * np.linalg.slogdet(curvature)[1]
    assert laplace(beta, sds, x, cells) == pytest.approx(slow, abs=1e-6)


def test_laplace_is_near_the_whole_integral():
    cells = made_up(shares=True, units=4)
    x = cells.columns()[0]
    beta, whole = np.linspace(-0.3, 0.4, x.shape[1]), 0.0
    for unit in range(4):
        mine = cells.unit == unit

        def density(a, mine=mine):
            eta = x[mine] @ beta + 0.7 * a
            terms = cells.total[mine] * eta - cells.n[mine] * np.logaddexp(0, eta)
            return np.exp(terms.sum() + 60) * stats.norm.pdf(a)

        whole += np.log(integrate.quad(density, -6, 6)[0]) - 60
    assert laplace(beta, np.array([0.7]), x, cells) == pytest.approx(whole, abs=0.05)


@pytest.mark.parametrize("method", [mixed_effect, lambda cells: gee_effect(cells, scale="figures")])
def test_the_order_of_cells_and_the_names_of_units_do_not_matter(method):
    cells = made_up()
    order = np.random.default_rng(0).permutation(len(cells.unit))
    treated = (cells.exposure > 0).astype(int)
    names = np.array([90, 4, 17, 3, 55, 8])[cells.unit]
    again = wedge(
        names[order],
        2020 + cells.period[order],
        treated[order],
        n=cells.n[order],
        total=cells.total[order],
        squares=cells.squares[order],
    )
    assert (method(again).estimate, method(again).se) == pytest.approx(
        (method(cells).estimate, method(cells).se), rel=1e-4
    )


def test_the_mixed_model_s_effect_follows_the_measure_s_unit():
    cells = made_up()
    hours = Wedge(cells.unit, cells.period, cells.exposure, cells.n, 24 * cells.total, 24**2 * cells.squares)
    assert mixed_effect(hours).estimate == pytest.approx(24 * mixed_effect(cells).estimate, rel=1e-5)
    assert mixed_effect(hours).se == pytest.approx(24 * mixed_effect(cells).se, rel=1e-4)


def test_exposure_counts_from_the_start_also_over_periods_without_cases():
    n = np.array([5, 0, 5, 5] * 3 + [5] * 4)
    unit, period = np.repeat(range(4), 4), np.tile(range(4), 4)
    treated = (period >= np.array([1, 2, 3, 4])[unit]).astype(int)
    cells = wedge(unit, period, treated, n=n, total=n * 0.4)
    assert cells.exposure[cells.unit == 0].tolist() == [0, 2, 3]
    assert cells.exposure[cells.unit == 3].tolist() == [0, 0, 0, 0]


def test_few_units_get_wider_intervals():
    found = mixed_effect(made_up())
    low, high = found.interval()
    large_low, large_high = found.interval(large=True)
    assert (high - low) / (large_high - large_low) == pytest.approx(stats.t.ppf(0.975, 4) / stats.norm.ppf(0.975))


def grid(starts: list[int], periods: int = 4) -> dict[str, np.ndarray]:
    unit, period = (a.ravel() for a in np.indices((len(starts), periods)))
    treated = (period >= np.array(starts)[unit]).astype(int)
    return {
        "unit": unit,
        "period": period,
        "treated": treated,
        "n": np.full(len(unit), 9.0),
        "total": np.full(len(unit), 4.0),
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"unit": np.zeros(16, int)}, "two cells in one period"),
        ({"n": -np.ones(16)}, "below 0"),
        ({"total": np.full(15, 4.0)}, "same length"),
        ({"squares": np.full(16, 0.5)}, "smaller than its sum allows"),
        ({"treated": np.tile([0, 1, 0, 1], 4)}, "keeps the change"),
    ],
)
def test_cells_that_do_not_fit_are_told_in_a_sentence(change, says):
    with pytest.raises(BadInput, match=says):
        wedge(**grid([1, 2, 3, 3]) | change)


def test_a_design_that_cannot_answer_is_refused():
    with pytest.raises(CannotBeKnown, match="at least 4 units and has 3"):
        wedge(**grid([1, 2, 3]))
    with pytest.raises(CannotBeKnown, match="Had some waited"):
        wedge(**grid([2, 2, 2, 2]))
    with pytest.raises(CannotBeKnown, match="no cases at all"):
        wedge(**grid([1, 2, 3, 3]) | {"n": np.tile([0.0, 9, 9, 9], 4), "total": np.tile([0.0, 4, 4, 4], 4)})
    with pytest.raises(CannotBeKnown, match="nothing to estimate"):
        mixed_effect(wedge(**grid([1, 2, 3, 3]) | {"total": np.full(16, 9.0)}))


def test_odds_without_a_limit_are_refused():
    cells = wedge(**grid([1, 2, 3, 3]))
    never = np.where(cells.exposure > 0, 0.0, cells.total)
    empty = Wedge(cells.unit, cells.period, cells.exposure, cells.n, never, never)
    with pytest.raises(CannotBeKnown, match="no limit|no clear peak"):
        logistic_effect(empty)
    with pytest.raises(CannotBeKnown, match="no solution"):
        gee_effect(empty)


def test_a_logistic_model_wants_answers_of_0_and_1():
    with pytest.raises(BadInput, match="linear mixed model"):
        logistic_effect(made_up())
    with pytest.raises(BadInput, match="ask for figures"):
        gee_effect(made_up())
