import warnings

import numpy as np
import pytest
from scipy import stats

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.eventstudy import NEVER, event_study
from tests.value.rows import cells, made

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pyfixest = pytest.importorskip("pyfixest")
    pandas = pytest.importorskip("pandas")


def _study(seed=1, starts=(5, 5, 4, 4, 6, 6), units=12, **more):
    unit, period, y, _ = made(seed, units=units)
    of = np.array([*starts, *[NEVER] * (units - len(starts))])
    (s, u, p), sums = cells(y, of[unit], unit, period)
    return event_study(s, u, p, *sums, **more), (of[unit], unit, period, y)


def test_every_effect_and_its_error_is_that_of_the_regression_on_every_case():
    study, (start, unit, period, y) = _study(leads=4, lags=3)
    since = np.where(start == NEVER, -1, np.clip(period - np.where(start == NEVER, 0, start), -4, 3))
    names = {t: f"e{t}".replace("-", "m") for t in range(-4, 4) if t != -1}
    frame = pandas.DataFrame({"u": unit, "p": period, "y": y} | {name: (since == t) * 1.0 for t, name in names.items()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formula = f"y ~ {' + '.join(names.values())} | u + p"
        other = pyfixest.feols(formula, frame, vcov={"CRV1": "u"}, fixef_rm="none", fixef_tol=1e-12)
        joint = other.wald_test(R=np.eye(7)[:3], distribution="F")
    assert study.time.tolist() == list(names)
    assert study.estimate == pytest.approx(other.coef().to_numpy(), rel=1e-7)
    assert study.se == pytest.approx(other.se().to_numpy(), rel=1e-7)
    assert study.low == pytest.approx(other.confint().iloc[:, 0].to_numpy(), rel=1e-7)
    assert study.binned == (True, True)
    f, q, p = study.before
    assert study.apart == pytest.approx(10)  # 6 against 6 units
    assert (q, f) == (3, pytest.approx(joint["statistic"] / 3 * 8 / 10, rel=1e-6))
    assert p == pytest.approx(stats.f.sf(f, 3, 8))
    assert study.pre_test() == study.before


def test_the_mean_after_the_start_is_the_mean_of_the_effects_with_the_error_of_a_mean():
    study, _ = _study(lags=2)
    late = study.time >= 0
    assert study.time[late].tolist() == [0, 1, 2]
    assert study.after.estimate == pytest.approx(study.estimate[late].mean())
    assert study.after.se == pytest.approx(np.sqrt(study.covariance[np.ix_(late, late)].sum()) / 3)


@pytest.mark.parametrize(("units", "treated", "leads"), [(16, 8, 11), (40, 12, 5)])
def test_a_difference_before_the_start_that_is_not_there_is_seldom_found(units, treated, leads):
    rng, found = np.random.default_rng(1), []
    u, p = np.divmod(np.arange(units * (leads + 4)), leads + 4)
    for _ in range(200):
        y = (rng.normal(size=(units, 1)) + rng.normal(size=(units, leads + 4))).ravel()
        study = event_study(np.where(u < treated, leads + 1, NEVER), u, p, np.ones(len(y)), y, y**2)
        found.append(study.before[2] <= 0.05)
    assert np.mean(found) <= 0.09


def test_a_level_shift_without_noise_between_units_is_found_where_it_is():
    unit, period = np.divmod(np.arange(80), 8)
    y = unit + period**2 - 2.0 * ((unit < 5) & (period >= 4)) + np.random.default_rng(0).normal(0, 1e-6, 80)
    study = event_study(np.where(unit < 5, 4, NEVER), unit, period, np.ones(80), y, y**2)
    assert study.time.tolist() == [-4, -3, -2, 0, 1, 2, 3]
    assert study.estimate == pytest.approx([0, 0, 0, -2, -2, -2, -2], abs=1e-5)
    assert study.binned == (False, False)


def test_designs_that_cannot_answer_say_so():
    with pytest.raises(CannotBeKnown, match="cannot be told apart"):
        _study(starts=[4] * 12)
    with pytest.raises(CannotBeKnown, match="Fewer than two units"):
        _study(starts=[4])
    with pytest.raises(CannotBeKnown, match="All units but one"):
        _study(starts=[4] * 11)
    with pytest.raises(CannotBeKnown, match="before the start"):
        _study(starts=[0, 0, 0])
    with pytest.raises(BadInput, match="within the leads"):
        _study(reference=0)
    study, _ = _study(starts=(5, 5), units=5)
    assert study.before is None
    with pytest.raises(CannotBeKnown, match="needs more units"):
        study.pre_test()
    study, _ = _study(leads=1)
    with pytest.raises(CannotBeKnown, match="no periods before"):
        study.pre_test()
