from datetime import date
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.fallings import lots_of, redrawn, ways
from loft.value.lottery import METHOD, draw_lots, drawn_order
from loft.value.plan import Plan
from loft.value.randomisation import randomised, randomised_starts

RNG = np.random.default_rng


def _t(y, d):
    """The estimate over its HC0 error, of one falling."""
    a, b = y[d], y[~d]
    error = np.sqrt(a.var() / len(a) + b.var() / len(b))
    return abs(a.mean() - b.mean()) / error


def test_a_small_lot_is_judged_by_every_way_it_could_have_fallen():
    y = np.array([12.0, 9.5, 11.0, 8.0, 14.0, 15.5, 13.0, 16.0, 12.5])
    d = np.arange(9) < 4
    found = randomised(y, d, RNG(1))
    slow = [_t(y, np.isin(np.arange(9), chosen)) for chosen in combinations(range(9), 4)]
    assert found.exact and found.ways == pytest.approx(126) and len(slow) == 126
    assert found.estimate.estimate == pytest.approx(y[:4].mean() - y[4:].mean())
    assert found.estimate.p == np.mean(np.array(slow) >= _t(y, d) * (1 - 1e-9))
    assert found.estimate.se == pytest.approx(abs(found.estimate.estimate) / _t(y, d))


def test_the_interval_holds_the_effects_that_cannot_be_rejected():
    y, d = RNG(2).normal(10, 2, 24), np.arange(24) < 12
    found = randomised(y - 3.0 * d, d, RNG(3), draws=1999)
    low, high = found.estimate.low, found.estimate.high
    hair = 1e-3 * found.estimate.se
    p = found.fallings.p
    assert not found.exact and low < -3 < high
    assert p(low + hair) > 0.05 >= p(low - hair) and p(high - hair) > 0.05 >= p(high + hair)


def test_adjusting_for_a_baseline_gives_lins_regression_and_a_shorter_interval():
    rng = RNG(4)
    x = rng.normal(20, 4, 30)
    d = rng.permutation(30) < 15
    y = x * np.where(d, 0.8, 1.1) + rng.normal(0, 1, 30)
    plain, better = randomised(y, d, RNG(1), draws=499), randomised(y, d, RNG(1), baseline=x, draws=499)
    centred = x - x.mean()
    design = np.column_stack([np.ones(30), d, centred, d * centred])
    assert better.estimate.estimate == pytest.approx(np.linalg.lstsq(design, y, rcond=None)[0][1])
    assert better.estimate.high - better.estimate.low < (plain.estimate.high - plain.estimate.low) / 2


def test_a_stepped_wedge_is_judged_by_every_order_of_its_starts():
    rng = RNG(5)
    start = np.array([1, 1, 2, 2, 3])
    y = rng.normal(0, 1, (5, 4)) + rng.normal(0, 3, (5, 1)) + np.arange(4) - 2.0 * (np.arange(4) >= start[:, None])
    found = randomised_starts(y, start, rng, level=0.5)

    def falling(order):
        """The coefficient and its error by unit, by least squares on columns of dummies."""
        d = (np.arange(4) >= np.array(order)[:, None]).astype(float).ravel()
        u, p = np.divmod(np.arange(20), 4)
        dummies = np.column_stack([u[:, None] == np.arange(5), p[:, None] == np.arange(1, 4)]).astype(float)
        coefficient, *_ = np.linalg.lstsq(np.column_stack([d, dummies]), y.ravel(), rcond=None)
        left = y.ravel() - np.column_stack([d, dummies]) @ coefficient
        r = d - dummies @ np.linalg.lstsq(dummies, d, rcond=None)[0]
        scores = np.bincount(u, r * left)
        return coefficient[0], np.sqrt((scores**2).sum()) / (r @ r)

    b, se = falling(start)
    assert found.estimate.estimate == pytest.approx(b) and found.estimate.se == pytest.approx(se)
    orders = sorted(set(permutations(start.tolist())))
    t = [abs(a / s) for a, s in map(falling, orders)]
    assert found.exact and found.ways == pytest.approx(30) and len(orders) == 30
    assert found.estimate.p == np.mean(np.array(t) >= abs(b / se) * (1 - 1e-9))


def test_the_interval_covers_the_truth_as_often_as_promised():
    rng, inside = RNG(6), 0
    for _ in range(150):
        start = rng.permutation(np.repeat([2, 3, 4, 6], 4))
        on = np.arange(6) >= start[:, None]
        y = rng.normal(0, 1, (16, 6)) + rng.normal(0, 2, (16, 1)) + rng.normal(0, 2, (1, 6)) + 1.5 * on
        found = randomised_starts(y, start, rng, draws=299).estimate
        inside += found.low <= 1.5 <= found.high
    assert 0.90 <= inside / 150 <= 0.99


def test_a_lot_drawn_in_blocks_is_drawn_again_in_blocks():
    label, block = np.array([1, 0, 0, 1, 1, 0, 0]), np.array([0, 0, 0, 1, 1, 1, 1])
    assert ways(label, block) == pytest.approx(3 * 6)
    every, exact = redrawn(label, block, 100, RNG(0))
    assert exact and len(every) == len(np.unique(label[every], axis=0)) == 18
    some, exact = redrawn(np.arange(14), np.repeat([0, 1], 7), 200, RNG(0))
    assert not exact and (np.sort(some, axis=1) == np.arange(14)).all() and (some[:, :7] < 7).all()
    assert ways(np.arange(14), np.zeros(14, int)) == pytest.approx(factorial(14))


def test_the_same_seed_gives_the_same_answer():
    y, d = RNG(2).normal(10, 2, 40), np.arange(40) < 20
    assert randomised(y, d, RNG(9)).estimate == randomised(y, d, RNG(9)).estimate


DRAW = draw_lots("abcd", seed="7", start=date(2025, 1, 1), waves=2)


def _plan(**more):
    values = {
        "change": "c",
        "log": "l",
        "measure": "days",
        "better": "lower",
        "relative": True,
        "smallest": 0.1,
        "by": "unit",
        "treated": DRAW.treated,
        "comparison": DRAW.waiting,
        "design": "stepped lottery",
        "last": date(2026, 1, 1),
        "draw": DRAW.as_dict(),
    }
    return Plan(**values | more)


def test_the_recorded_draw_is_read_and_made_again():
    lots = lots_of(_plan())
    assert lots.units == DRAW.order and set(lots.blocks) == {""}
    assert lots.starts == (date(2025, 1, 1), date(2025, 3, 2), None, None)


def test_a_draw_in_blocks_is_made_again_block_by_block():
    a, b = drawn_order("ac", "7"), drawn_order("bd", "7")
    draw = {"seed": "7", "method": METHOD, "order": [*a, *b], "blocks": {"a": "x", "c": "x", "b": "y", "d": "y"}}
    treated = ((a[0], date(2025, 1, 1)), (b[0], date(2025, 1, 1)))
    assert lots_of(_plan(draw=draw, treated=treated, comparison=(a[1], b[1]))).blocks == ("x", "x", "y", "y")


def test_a_plan_that_does_not_follow_its_draw_is_refused():
    first, second, third, fourth = DRAW.order
    with pytest.raises(BadInput, match="records no draw"):
        lots_of(_plan(draw={}))
    with pytest.raises(BadInput, match="not those that were drawn"):
        lots_of(_plan(comparison=("e",)))
    with pytest.raises(BadInput, match="do not start in the order"):
        lots_of(_plan(treated=((third, date(2025, 1, 1)),), comparison=(first, second, fourth)))
    with pytest.raises(BadInput, match="seed 8 gives another order"):
        lots_of(_plan(draw=DRAW.as_dict() | {"seed": "8"}))


def test_designs_and_figures_that_cannot_answer_say_so():
    with pytest.raises(CannotBeKnown, match="at least two units"):
        randomised(np.arange(5.0), np.arange(5) < 1, RNG(1))
    with pytest.raises(CannotBeKnown, match="do not vary"):
        randomised(np.repeat([1.0, 2.0], 5), np.arange(10) < 5, RNG(1))
    with pytest.raises(CannotBeKnown, match="So few units"):
        randomised(np.array([1.0, 3.0, 4.0, 7.0]), np.arange(4) < 2, RNG(1))
    with pytest.raises(CannotBeKnown, match="all|All"):
        randomised_starts(RNG(1).normal(size=(6, 4)), np.full(6, 2), RNG(1))
    with pytest.raises(CannotBeKnown, match="cannot carry"):
        randomised(np.arange(6.0), np.arange(6) < 3, RNG(1), baseline=np.ones((6, 2)))
    with pytest.raises(BadInput, match="needs a figure"):
        randomised(np.array([1.0, np.nan, 2, 3]), np.arange(4) < 2, RNG(1))
