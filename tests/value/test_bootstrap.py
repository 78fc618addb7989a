from time import perf_counter

import numpy as np
import pytest

from loft.value.bootstrap import bootstrapped, cluster_draws, weights
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.regression import twfe
from tests.value.rows import cells, made


def _fit(seed=1, units=12, treated=6, **more):
    unit, period, y, on = made(seed, units=units, treated=treated, **more)
    (u, p, d), sums = cells(y, unit, period, on)
    return twfe(d, u, p, *sums)


def _slow_p(fit, null, v, exact):
    """Kline and Santos 2012 in loops: the null's scores, each draw's change of the estimate and its clustered error."""
    s, a = fit.pull[:, 0], fit.weight[:, 0]
    gap = fit.coefficient[0] - null
    imposed = [s[g] + gap * a[g] for g in range(len(s))]
    observed = abs(gap) / np.sqrt(fit.covariance[0, 0])
    extreme = 0
    for row in v:
        scores = [row[g] * imposed[g] for g in range(len(s))]
        change = sum(scores) / sum(a)
        error = np.sqrt(fit.factor * sum((scores[g] - a[g] * change) ** 2 for g in range(len(s)))) / sum(a)
        extreme += abs(change) >= observed * error * (1 - 1e-9)
    return extreme / len(v) if exact else (extreme + 1) / (len(v) + 1)


@pytest.mark.parametrize("kind", ["webb", "rademacher"])
@pytest.mark.parametrize("null", [0.0, -1.5, 2.0])
def test_the_fast_draws_agree_with_loops_over_clusters(kind, null):
    fit = _fit()
    v, exact = weights(12, 199, np.random.default_rng(4), kind=kind)
    fast = cluster_draws(fit, "treated", np.random.default_rng(4), draws=199, kind=kind)
    assert fast.p(null) == _slow_p(fit, null, v, exact)


def test_the_interval_holds_exactly_what_is_not_rejected():
    draws = cluster_draws(_fit(), "treated", np.random.default_rng(1))
    low, high = draws.interval(0.95)
    assert low < draws.estimate < high
    hair = 1e-3 * draws.se
    assert draws.p(low + hair) > 0.05 >= draws.p(low - hair)
    assert draws.p(high - hair) > 0.05 >= draws.p(high + hair)


def test_all_sign_combinations_are_used_where_they_are_few_and_chance_has_no_say():
    fit = _fit(units=8, treated=4)
    a, b = (cluster_draws(fit, "treated", np.random.default_rng(s), kind="rademacher") for s in (1, 2))
    assert a.exact and len(a.vs) == 256 and a.p() == b.p()
    v, exact = weights(8, 999, np.random.default_rng(0), kind="rademacher")
    assert exact and len(np.unique(v, axis=0)) == 256 and a.p() == _slow_p(fit, 0.0, v, exact)


def test_the_weights_have_mean_0_and_variance_1():
    for kind in ("webb", "rademacher"):
        v, _ = weights(40, 4000, np.random.default_rng(3), kind=kind)
        assert v.mean() == pytest.approx(0, abs=0.01) and v.var() == pytest.approx(1, abs=0.01)


def test_no_effect_is_rejected_about_as_seldom_as_promised():
    rng = np.random.default_rng(11)
    p = []
    for seed in range(200):
        fit = _fit(seed, units=10, treated=5, rows=250, effect=0.0, holes=False)
        p.append(cluster_draws(fit, "treated", rng, draws=199).p())
    assert 0.01 <= np.mean(np.array(p) <= 0.05) <= 0.10


def test_999_draws_with_interval_take_under_50_milliseconds():
    fit = _fit(units=200, treated=100, rows=6000)
    best = 9.0
    for _ in range(3):
        began = perf_counter()
        bootstrapped(fit, "treated", np.random.default_rng(1))
        best = min(best, perf_counter() - began)
    assert best < 0.05


def test_too_few_clusters_and_unclustered_errors_are_told():
    unit, period, y, on = made(1, units=4, treated=2, holes=False)
    sums = (np.ones(len(y)), y, y**2)
    with pytest.raises(CannotBeKnown, match="So few units"):
        bootstrapped(twfe(on, unit, period, *sums), "treated", np.random.default_rng(1), kind="rademacher")
    with pytest.raises(BadInput, match="clustered errors"):
        bootstrapped(twfe(on, unit, period, *sums, errors="iid"), "treated", np.random.default_rng(1))
    with pytest.raises(BadInput, match="has no other. It has: treated"):
        bootstrapped(_fit(), "other", np.random.default_rng(1))
    with pytest.raises(BadInput, match="not mammen"):
        bootstrapped(_fit(), "treated", np.random.default_rng(1), kind="mammen")
