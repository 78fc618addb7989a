from datetime import date

import numpy as np
import pytest

from loft.value.casemix import by_kind, mix_changes, mix_effects
from loft.value.cells import Cells
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.measures import Measure


def cases(*units: list[list[tuple[int, float]]]) -> tuple[np.ndarray, np.ndarray]:
    """Units of windows of kinds, each kind as (cases, mean)."""
    table = np.array(units, float)
    return table[..., 0], table[..., 0] * table[..., 1]


SHIFTED = [[(50, 10.0), (50, 30.0)], [(80, 10.0), (20, 30.0)]]
"""Half the cases were hard and now a fifth is; each kind takes as long as before."""
FASTER = [[(50, 10.0), (50, 30.0)], [(50, 8.0), (50, 24.0)]]
"""The same mix, each kind a fifth faster."""


def test_a_mix_that_moved_is_all_of_the_change():
    found = mix_changes(*cases(SHIFTED))
    assert found.plain == found.predicted == pytest.approx(-6.0)
    assert found.reweighted == pytest.approx(0.0)


def test_a_faster_unit_with_the_same_mix_owes_nothing_to_the_mix():
    found = mix_changes(*cases(FASTER), logs=True)
    assert found.predicted == pytest.approx(0.0)
    assert found.reweighted == found.plain == pytest.approx(np.log(0.8))


def slow(n: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Predicted and reweighted change of one unit from one window to another, kind by kind."""
    predicted = reweighted = 0.0
    for kind in range(n.shape[-1]):
        shares, means = n[:, kind] / n.sum(-1), total[:, kind] / n[:, kind]
        predicted += (shares[1] - shares[0]) * means[0]
        reweighted += shares[0] * (means[1] - means[0])
    return np.array([predicted, reweighted])


def test_all_units_and_windows_at_once_are_each_of_them_alone():
    rng = np.random.default_rng(2)
    n = rng.integers(1, 40, size=(7, 4, 3)).astype(float)
    total = n * rng.gamma(3.0, 4.0, size=n.shape)
    found = mix_changes(n, total)
    for unit in range(7):
        for window in (1, 2, 3):
            told = slow(n[unit, [0, window]], total[unit, [0, window]])
            both = found.predicted[unit, window - 1], found.reweighted[unit, window - 1]
            assert both == pytest.approx(told)
    assert not found.left_out.any() and not found.borrowed.any()


def test_the_change_is_the_mix_and_the_kinds_and_the_two_together():
    """Kitagawa (1955): change = Δshare·mean + share·Δmean + Δshare·Δmean."""
    n, total = cases([[(30, 5.0), (70, 20.0)], [(60, 4.0), (40, 22.0)]])
    found = mix_changes(n, total)
    share = n / n.sum(axis=-1, keepdims=True)
    mean = total / n
    together = np.sum((share[:, 1] - share[:, 0]) * (mean[:, 1] - mean[:, 0]), axis=-1)
    assert (found.predicted + found.reweighted)[:, 0] + together == pytest.approx(found.plain[:, 0])


def test_the_order_of_kinds_and_units_does_not_matter():
    rng = np.random.default_rng(5)
    n = rng.integers(0, 9, size=(6, 2, 4)) + np.array([3.0, 0, 0, 0])
    total = n * rng.gamma(2.0, 3.0, size=n.shape)
    one = mix_changes(n, total)
    units, kinds = rng.permutation(6), rng.permutation(4)
    again = mix_changes(n[units][..., kinds], total[units][..., kinds])
    assert again.predicted == pytest.approx(one.predicted[units])
    assert again.reweighted == pytest.approx(one.reweighted[units])
    assert again.borrowed == pytest.approx(one.borrowed[units])


def test_a_kind_that_left_is_lent_the_mean_of_the_pool_at_the_unit_s_own_level():
    """The first unit is twice as slow as the second in both kinds, and has no hard case afterwards."""
    n, total = cases(
        [[(50, 20.0), (50, 60.0)], [(90, 20.0), (0, 0.0)]], [[(50, 10.0), (50, 30.0)], [(50, 10.0), (50, 30.0)]]
    )
    found = mix_changes(n, total, logs=True)
    assert found.predicted[0] == pytest.approx(np.log(20 / 40))
    assert found.borrowed[:, 0].tolist() == [0.5, 0.0]
    assert not found.left_out.any()
    assert found.reweighted[0, 0] == pytest.approx(0.0, abs=1e-9)
    assert found.plain[0, 0] == pytest.approx(np.log(20 / 40))


def test_a_kind_that_nobody_has_any_more_is_dropped_and_told():
    n, total = cases([[(60, 10.0), (40, 30.0)], [(90, 9.0), (0, 0.0)]])
    found = mix_changes(n, total)
    assert found.left_out[0, 0] == pytest.approx(0.4)
    assert found.reweighted[0, 0] == pytest.approx(-1.0)
    assert found.predicted[0, 0] == pytest.approx(0.0)


def test_dropping_leaves_out_what_pooling_would_lend():
    n, total = cases(
        [[(60, 10.0), (0, 0.0)], [(60, 9.0), (60, 31.0)]], [[(50, 10.0), (50, 30.0)], [(50, 10.0), (50, 30.0)]]
    )
    dropped = mix_changes(n, total, missing="dropped")
    assert dropped.left_out[:, 0].tolist() == [0.5, 0.0]
    assert dropped.reweighted[0, 0] == pytest.approx(-1.0)
    assert dropped.predicted[0, 0] == pytest.approx(0.0)
    pooled = mix_changes(n, total)
    assert pooled.borrowed[:, 0].tolist() == [0.5, 0.0]
    assert pooled.predicted[0, 0] == pytest.approx((30 - 10) / 2)


def test_pools_apart_do_not_lend_to_each_other():
    gone = [[(50, 10.0), (50, 30.0)], [(90, 5.0), (0, 0.0)]]
    treated = [[(50, 10.0), (50, 30.0)], [(50, 5.0), (50, 6.0)]]
    untouched = [[(50, 10.0), (50, 30.0)], [(50, 10.0), (50, 30.0)]]
    n, total = cases(gone, treated, untouched)
    apart = mix_changes(n, total, logs=True, pool=np.array([1, 1, 0]))
    assert apart.reweighted[0] == pytest.approx(np.log(5.5 / 20))
    mixed = mix_changes(n, total, logs=True)
    assert mixed.reweighted[0, 0] > np.log(5.5 / 20) + 0.05


def test_the_mix_of_the_treated_is_held_against_that_of_the_others():
    found = mix_changes(*cases(SHIFTED, SHIFTED, FASTER, FASTER))
    effects = mix_effects(found, np.array([True, True, False, False]))
    assert effects.plain == pytest.approx(-6.0 + 4.0)
    assert effects.predicted == pytest.approx(-6.0)
    assert effects.reweighted == pytest.approx(4.0)
    assert effects.plain_se == pytest.approx(0.0, abs=1e-12)


def test_errors_are_those_of_welch():
    rng = np.random.default_rng(1)
    n = rng.integers(5, 40, size=(9, 2, 2)).astype(float)
    found = mix_changes(n, n * rng.gamma(3.0, 2.0, size=n.shape))
    treated = np.arange(9) < 4
    effects = mix_effects(found, treated)
    one, other = found.reweighted[treated, 0], found.reweighted[~treated, 0]
    assert effects.reweighted_se[0] == pytest.approx(np.sqrt(one.var(ddof=1) / 4 + other.var(ddof=1) / 5))


WAIT = Measure("wait", "Days", "days", "lower", "duration")


def durations(measure: Measure = WAIT) -> Cells:
    """Two units, two kinds; one case a row: unit, kind, day, age, closed."""
    rows = [(0, 0, 0, 4, 1), (0, 1, 1, 30, 1), (0, 0, 12, 6, 1), (1, 0, 3, 2, 1), (1, 1, 11, 25, 0), (0, 1, 35, 1, 0)]
    unit, kind, day, age, closed = (np.array(column) for column in zip(*rows, strict=True))
    one = np.ones(len(rows))
    return Cells(
        measure=measure,
        units=("north", "south"),
        first=date(2026, 1, 1),
        until=date(2026, 2, 6),
        unit=unit,
        day=day,
        n=one,
        total=age.astype(float),
        squares=age.astype(float) ** 2,
        strata=("easy", "hard"),
        stratum=kind,
        age=age,
        closed=closed.astype(bool),
        within=20,
    )


def test_cells_are_summed_by_unit_window_and_kind_with_days_up_to_the_limit():
    n, total = by_kind(durations(), begins=np.array([[0, 10], [0, 10]]), ends=np.array([[10, 40], [10, 40]]))
    assert n.tolist() == [[[1, 1], [1, 0]], [[1, 0], [0, 1]]]
    assert total.tolist() == [[[4, 20], [6, 0]], [[2, 0], [0, 20]]]


def test_cases_that_may_be_open_still_are_left_out():
    begins = np.array([[30], [30]])
    assert by_kind(durations(), begins=begins, ends=begins + 30)[0].sum() == 0


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda: mix_changes(np.ones((2, 1, 3)), np.ones((2, 1, 3))), "a baseline and one after it"),
        (lambda: mix_changes(-np.ones((2, 2, 3)), np.ones((2, 2, 3))), "below 0"),
        (lambda: mix_effects(mix_changes(*cases(FASTER)), np.ones(3, bool)), "one value for each"),
        (lambda: by_kind(durations(), begins=np.zeros((3, 1)), ends=np.ones((3, 1))), "as many rows"),
        (
            lambda: by_kind(
                durations(Measure("cases", "", "count", "", "count")), begins=np.zeros((2, 1)), ends=np.ones((2, 1))
            ),
            "no mix of cases",
        ),
    ],
)
def test_wrong_input_is_told_in_a_sentence(asked, says):
    with pytest.raises(BadInput, match=says):
        asked()


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(CannotBeKnown, match="1 units have no case"):
        mix_changes(*cases(FASTER, [[(0, 0.0), (0, 0.0)], [(4, 1.0), (4, 1.0)]]))
    with pytest.raises(CannotBeKnown, match="no kind of case in common"):
        mix_changes(*cases([[(9, 5.0), (0, 0.0)], [(0, 0.0), (9, 5.0)]]))
    with pytest.raises(CannotBeKnown, match="no logarithm"):
        mix_changes(*cases([[(9, 5.0), (9, 1.0)], [(9, 0.0), (9, 0.0)]]), logs=True)
    with pytest.raises(CannotBeKnown, match="two treated"):
        mix_effects(mix_changes(*cases(FASTER, FASTER, FASTER)), np.array([True, False, False]))
