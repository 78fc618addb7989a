"""Effects drawn toward their mean: what was published, and that the largest is no longer believed for being largest."""

import numpy as np
import pytest

from loft.changes.shrinking import shrunken

BATTING = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]) / 45
"""Batting averages of 18 players after 45 times at bat (Efron & Morris 1975, JASA 70, table 1)."""
SEASON = np.array(
    [346, 298, 276, 222, 273, 270, 263, 210, 269, 230, 264, 256, 303, 264, 226, 285, 316, 200]
) / 1000  # fmt: skip
"""The same players over the rest of the season."""
ONE_SIDED = 1.645


def transformed(average: np.ndarray) -> np.ndarray:
    return np.sqrt(45) * np.arcsin(2 * average - 1)


def test_players_are_drawn_together_as_efron_and_morris_found() -> None:
    x = transformed(BATTING)
    found = shrunken(x, np.ones(18))
    assert found is not None
    # With equal errors this is Efron & Morris's estimate: 1 − B = 1 − 15 / Σ(x − x̄)² = 0.209.
    slope = np.polyfit(x, found.estimate, 1)[0]
    assert slope == pytest.approx(0.209, abs=0.002)
    truth = transformed(SEASON)
    before, after = ((x - truth) ** 2).sum(), ((found.estimate - truth) ** 2).sum()
    assert before / after == pytest.approx(3.5, abs=0.15)


def test_the_best_of_many_is_not_overrated() -> None:
    rng = np.random.default_rng(7)
    error = rng.uniform(0.03, 0.1, 40)
    raw, drawn, covered = [], [], []
    for _ in range(400):
        truth = 0.05 + 0.05 * rng.standard_normal(40)
        x = truth + error * rng.standard_normal(40)
        found = shrunken(x, error)
        assert found is not None
        best = x - ONE_SIDED * error > 0
        raw.append((x - truth)[best].sum())
        drawn.append((found.estimate - truth)[best].sum())
        covered.append(np.abs(found.estimate - truth) < 1.96 * found.error)
    assert np.mean(raw) > 0.3
    assert abs(np.mean(drawn)) < 0.25 * np.mean(raw)
    assert 0.93 < np.mean(covered) < 0.97


def test_effects_that_differ_by_chance_alone_nearly_become_their_mean() -> None:
    x = np.array([0.09, 0.10, 0.11, 0.10, 0.10])
    found = shrunken(x, np.full(5, 0.1))
    assert found is not None
    assert found.spread == 0
    assert np.ptp(found.estimate) == pytest.approx(np.ptp(x) / 2)


def test_effects_that_are_known_exactly_stay() -> None:
    x = np.array([0.0, 0.1, 0.2, 0.4])
    found = shrunken(x, np.full(4, 1e-6))
    assert found is not None
    assert found.estimate == pytest.approx(x, abs=1e-6)


@pytest.mark.parametrize("error", [[0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.0], [0.1, 0.1, 0.1, np.inf]])
def test_too_few_or_unknown_errors_give_nothing(error: list[float]) -> None:
    assert shrunken(np.linspace(0, 0.3, len(error)), np.array(error)) is None
