"""What the years before say about a design, where units have come and gone."""

import numpy as np
import pytest

from loft.value.history import planned, spread
from loft.value.levels import Sums


def _sums(values: np.ndarray) -> Sums:
    """Running sums of one case a day whose figure is in *values* (units, days); NaN where there is no case."""
    there = np.isfinite(values)
    nothing = np.zeros((len(values), 1))
    n, total = (
        np.concatenate([nothing, v.cumsum(1)], axis=1) for v in (there.astype(float), np.where(there, values, 0.0))
    )
    return Sums(n, total, rate=False, logs=False, known=values.shape[1])


@pytest.mark.parametrize("alone", [0, 700])
def test_the_spread_is_pooled_over_the_starts_for_which_two_units_are_known(alone: int) -> None:
    values = np.random.default_rng(1).standard_normal((6, 1095))
    values[1:, :alone] = np.nan  # so long one unit alone has cases
    found = spread(_sums(values), np.arange(6), before=1095, span=100, baseline=200, history=0)
    starts = [start for start in range(995, 199, -30)[:24] if start > alone]
    slow = [np.var([np.nanmean(v[s : s + 100]) - np.nanmean(v[s - 200 : s]) for v in values], ddof=1) for s in starts]
    assert found == pytest.approx(np.sqrt(np.mean(slow)))


def test_with_too_little_history_nothing_is_foreseen() -> None:
    values = np.random.default_rng(1).standard_normal((6, 50))
    found = planned(
        _sums(values),
        np.arange(6),
        treated=3,
        comparison=3,
        before=50,
        horizon=365,
        baseline=365,
        history=0,
        alpha=0.05,
    )
    assert np.isnan(found.mde) and np.isnan(found.se_plan)
