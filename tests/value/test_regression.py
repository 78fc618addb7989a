import warnings

import numpy as np
import pytest

from loft.value.absorbing import levels, without
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.regression import least_squares, twfe, wald
from tests.value.rows import cells, made

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pyfixest = pytest.importorskip("pyfixest")
    pandas = pytest.importorskip("pandas")


def _other(frame, formula, vcov):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pyfixest.feols(formula, frame, vcov=vcov, fixef_rm="none", fixef_tol=1e-12)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("vcov", ["clustered", "hetero", "iid"])
def test_cells_give_what_a_regression_on_every_case_gives(seed, vcov):
    unit, period, y, on = made(seed)
    (u, p, d), sums = cells(y, unit, period, on)
    fit = twfe(d, u, p, *sums, errors=vcov)
    frame = pandas.DataFrame({"u": unit, "p": period, "y": y, "d": on})
    other = _other(frame, "y ~ d | u + p", {"CRV1": "u"} if vcov == "clustered" else vcov)
    mine = fit.estimate("treated")
    assert mine.estimate == pytest.approx(float(other.coef()["d"]), rel=1e-8)
    assert mine.se == pytest.approx(float(other.se()["d"]), rel=1e-8)
    assert mine.p == pytest.approx(float(other.pvalue()["d"]), rel=1e-6)
    assert [mine.low, mine.high] == pytest.approx(other.confint().loc["d"].tolist(), rel=1e-6)


@pytest.mark.parametrize(
    ("formula", "absorb", "cluster"),
    [
        ("y ~ d + x + z", (), "u"),
        ("y ~ d + x + z | p", ("p",), "u"),
        ("y ~ d + x + z | u", ("u",), "u"),
        ("y ~ d + x + z | u + p", ("u", "p"), "area"),
        ("y ~ d + x + z | u + p", ("u", "p"), "p"),
    ],
)
def test_any_regressors_effects_and_clusters_agree_with_pyfixest(formula, absorb, cluster):
    unit, period, y, on = made(7)
    x, z = np.sin(unit * period + 1.0), (unit % 3 == period % 3).astype(float)
    frame = pandas.DataFrame({"u": unit, "p": period, "area": unit // 2, "d": on, "x": x, "z": z, "y": y})
    keys = ["u", "p", "area", "d", "x", "z"]
    columns, sums = cells(y, *(frame[k] for k in keys))
    of = dict(zip(keys, columns, strict=True))
    fit = least_squares(
        np.column_stack([of["d"], of["x"], of["z"]]),
        *sums,
        names=("d", "x", "z"),
        absorb=[of[a] for a in absorb],
        cluster=of[cluster],
    )
    other = _other(frame, formula, {"CRV1": cluster})
    names = ["d", "x", "z"]
    assert fit.coefficient == pytest.approx(other.coef()[names].to_numpy(), rel=1e-8)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(other.se()[names].to_numpy(), rel=1e-8)


def test_the_order_of_cells_and_how_finely_they_are_cut_do_not_matter():
    unit, period, y, on = made(3)
    (u, p, d), sums = cells(y, unit, period, on)
    whole = twfe(d, u, p, *sums)
    single = twfe(on, unit, period, np.ones(len(y)), y, y**2)
    turn = np.random.default_rng(1).permutation(len(d))
    turned = twfe(d[turn], u[turn], p[turn], *(s[turn] for s in sums))
    for other in (single, turned):
        assert other.coefficient == pytest.approx(whole.coefficient, rel=1e-10)
        assert other.covariance == pytest.approx(whole.covariance, rel=1e-9)


def test_two_sets_of_effects_are_taken_out_as_by_columns_of_dummies_also_where_the_panel_falls_in_parts():
    rng = np.random.default_rng(5)
    a = np.repeat(np.arange(8), 6)
    b = np.where(a < 4, rng.integers(0, 3, 48), rng.integers(3, 9, 48))  # two parts with nothing in common
    weight, columns = rng.uniform(0.5, 3, 48), rng.normal(size=(48, 2))
    dummies = np.column_stack([a[:, None] == np.unique(a), b[:, None] == np.unique(b)]).astype(float)
    root = np.sqrt(weight)[:, None]
    slow = columns - dummies @ np.linalg.lstsq(root * dummies, root * columns, rcond=None)[0]
    for sets in ([levels(a), levels(b)], [levels(b), levels(a)]):
        assert without(columns, weight, sets) == pytest.approx(slow, abs=1e-12)


def test_plain_two_way_effects_on_county_employment_give_the_published_figure(shared_data):
    frame = pandas.read_csv(shared_data / "golden-value" / "mpdta.csv")
    frame.columns = [c.replace(".", "_") for c in frame.columns]
    start, year = frame["first_treat"].to_numpy(), frame["year"].to_numpy()
    on = ((start > 0) & (year >= start)).astype(float)
    y = frame["lemp"].to_numpy()
    fit = twfe(on, frame["countyreal"].to_numpy(), year, np.ones(len(y)), y, y**2).estimate("treated")
    assert fit.estimate == pytest.approx(-0.0365, abs=5e-5)
    assert fit.se == pytest.approx(0.0133, abs=1.5e-4)  # 0.01325 with the correction of fixest


def test_a_joint_test_of_one_number_is_its_t_test_squared():
    unit, period, y, on = made(2)
    (u, p, d), sums = cells(y, unit, period, on)
    fit = twfe(d, u, p, *sums)
    f, q, p_value = wald(fit.coefficient, fit.covariance, fit.dof)
    one = fit.estimate("treated")
    assert (q, f, p_value) == (1, pytest.approx((one.estimate / one.se) ** 2), pytest.approx(one.p))


def _panel(on, units=4, periods=4):
    unit, period = np.divmod(np.arange(units * periods), periods)
    y = np.random.default_rng(0).normal(5, 1, units * periods)
    return np.vectorize(on)(unit, period).astype(float), unit, period, np.ones(len(y)), y, y**2


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (lambda u, p: u < 2, "cannot be told apart"),
        (lambda u, p: p > 1, "cannot be told apart"),
        (lambda u, p: 1, "cannot be told apart"),
        (lambda u, p: 0, "Fewer than two units"),
        (lambda u, p: u == 0 and p > 1, "Fewer than two units"),
        (lambda u, p: u < 3 and p > 1, "All units but one"),
    ],
)
def test_a_design_without_a_comparison_is_told_so(on, says):
    with pytest.raises(CannotBeKnown, match=says):
        twfe(*_panel(on))


def test_figures_that_cannot_carry_an_answer_are_told_so():
    on, unit, period, n, y, squares = _panel(lambda u, p: u < 2 and p > 1)
    with pytest.raises(CannotBeKnown, match="same figure"):
        twfe(on, unit, period, n, 0 * y + 3, 0 * y + 9)
    with pytest.raises(CannotBeKnown, match="nothing is left"):
        twfe(on, unit, period, n, unit + 2 * on, (unit + 2 * on) ** 2)
    with pytest.raises(CannotBeKnown, match="nothing to compare with"):
        least_squares(on[:, None], n, y, squares, names=["on"], cluster=0 * unit)
    with pytest.raises(BadInput, match="missing, infinite"):
        twfe(on, unit, period, n, np.where(unit == 1, np.nan, y), squares)
    with pytest.raises(BadInput, match="not of the same length"):
        twfe(on, unit, period, n[:-1], y, squares)
    with pytest.raises(BadInput, match="no cases"):
        least_squares(on[:, None], 0 * n, y, squares, names=["on"], cluster=unit)
    with pytest.raises(CannotBeKnown, match="cannot carry"):
        least_squares(np.eye(16)[:, :15], n, y, squares, names=[str(i) for i in range(15)], cluster=unit)
    with pytest.raises(CannotBeKnown, match="^twice cannot"):
        least_squares(np.column_stack([on, period, 2 * on]), n, y, squares, names=["on", "p", "twice"], cluster=unit)
