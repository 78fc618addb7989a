"""Synthetic comparisons: California's tobacco control programme as published, and what must hold for any panel."""

import csv
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize

from loft.value.errors import BadInput, CannotBeKnown
from loft.value.placebos import in_space, in_time, leave_one_out
from loft.value.simplex import simplex_weights
from loft.value.synthetic_mix import METHODS, synthetic
from loft.value.wide import wide
from tests.value.answers import number_or_sentence

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class States:
    """Packs of cigarettes a head in 39 states and 31 years; the programme started in California in the year with place 19."""

    y: Floats
    treated: NDArray[np.bool_]
    first: int
    others: tuple[str, ...]


@pytest.fixture(scope="module")
def states(shared_data: Path) -> States:
    with (shared_data / "golden-value" / "california_prop99.csv").open() as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    panel = wide(
        [r["State"] for r in rows], [float(r["Year"]) for r in rows], [float(r["PacksPerCapita"]) for r in rows]
    )
    treated = np.array([state == "California" for state in panel.units])
    return States(
        panel.y, treated, int((panel.periods < 1989).sum()), tuple(s for s in panel.units if s != "California")
    )


def drawn_by_r(seed: int, n: int, times: int) -> NDArray[np.int64]:
    """The last of ``sample(1:n)``, counted from 0, as R gives it *times* times after ``set.seed(seed)``.

    R (from 3.6) scrambles the seed by a linear generator, runs the Mersenne Twister, and draws below a bound by 16 bits at a time, again
    where the number is too large.
    """
    state, words = seed, []
    for step in range(675):
        state = (69069 * state + 1) % 2**32
        if step > 50:
            words.append(state)
    source = np.random.RandomState()
    source.set_state(("MT19937", np.array(words, dtype=np.uint32), 624))

    def below(bound: int) -> int:
        bits = (bound - 1).bit_length()
        while True:
            value = 0
            for _ in range(bits // 16 + 1):
                value = 65536 * value + int(source.randint(0, 2**32, dtype=np.uint64)) // 65536
            if (value := value % 2**bits) < bound:
                return value

    last = []
    for _ in range(times):
        left = list(range(n))
        while left:
            place = below(len(left))
            taken, left[place] = left[place], left[-1]
            left.pop()
        last.append(taken)
    return np.array(last)


PUBLISHED = [
    ("synthetic did", -15.603828, 8.3680),
    ("synthetic", -19.619663, 9.9174),
    ("did", -27.349111, 17.7403),
    ("difference in fit", -11.104645, 9.4557),
]


@pytest.mark.parametrize(("method", "effect", "error"), PUBLISHED)
def test_effects_and_placebo_errors_are_those_published(
    states: States, method: str, effect: float, error: float
) -> None:
    """The paper drew 200 placebos of 38, many of them several times; with the same draws the error is the same to the last digit."""
    found = synthetic(states.y, states.treated, states.first, method=method)
    assert found.effect == pytest.approx(effect, abs=1e-6)
    placebos = in_space(found, states.y, states.treated, rng=np.random.default_rng(1))
    assert placebos.effects[drawn_by_r(12345, 38, 200)].std() == pytest.approx(error, abs=1e-4)
    assert placebos.error == pytest.approx(placebos.effects.std())
    assert placebos.error == pytest.approx(error, rel=0.13)


def test_weights_are_those_published(states: States) -> None:
    found = synthetic(states.y, states.treated, states.first)
    weight = dict(zip(states.others, found.unit_weights.round(3).tolist(), strict=True))
    largest = sorted(weight, key=lambda state: -weight[state])[:3]
    assert [(state, weight[state]) for state in largest] == [
        ("Nevada", 0.124),
        ("New Hampshire", 0.105),
        ("Connecticut", 0.078),
    ]
    assert found.time_weights[-3:].round(3).tolist() == [0.366, 0.206, 0.427]
    assert found.time_weights[:-3].sum() == 0


def test_california_stands_out_among_all_states_only_by_synthetic_did(states: States) -> None:
    """Its gap after against its gap before is the largest of 39 there; weights from the outcome alone leave others a better fit."""
    p = {}
    for method in ("synthetic did", "did"):
        found = synthetic(states.y, states.treated, states.first, method=method)
        p[method] = in_space(found, states.y, states.treated, rng=np.random.default_rng(1)).p
    assert p == {"synthetic did": pytest.approx(1 / 39), "did": pytest.approx(4 / 39)}


# Slow and obvious computations.


def invented(seed: int = 1, units: int = 12, periods: int = 10) -> tuple[Floats, NDArray[np.bool_]]:
    """Outcomes that change by chance; the first unit is treated."""
    return np.random.default_rng(seed).normal(size=(units, periods)).cumsum(axis=1), np.arange(units) == 0


def test_weights_are_nearly_as_good_as_a_general_solver_finds() -> None:
    """The steps end before the last digits, as R's do, and the published figures rest on where they end."""
    rng = np.random.default_rng(2)
    a, b, zeta = rng.normal(size=(20, 5)), rng.normal(size=20), 0.3

    def badness(w: Floats) -> float:
        return float(zeta**2 * w @ w + np.mean((a @ w - b) ** 2))

    sum_to_one = {"type": "eq", "fun": lambda w: w.sum() - 1}
    best = optimize.minimize(
        badness, np.full(5, 0.2), bounds=[(0, 1)] * 5, constraints=sum_to_one, options={"ftol": 1e-14}
    )
    found = simplex_weights(a, b, zeta=zeta, intercept=False, least=1e-7)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    assert best.fun - 1e-9 <= badness(found) <= best.fun + 2e-4


def test_more_steps_never_make_the_mix_worse() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(15, 8)), rng.normal(size=15)
    left = [
        float(np.mean((a @ simplex_weights(a, b, intercept=False, most=most) - b) ** 2))
        for most in (1, 3, 10, 100, 250)
    ]
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(left))


def test_an_intercept_makes_the_level_irrelevant() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(15, 4)), rng.normal(size=15)
    assert simplex_weights(a, b + 100) == pytest.approx(simplex_weights(a, b))


def test_did_is_the_difference_of_mean_changes() -> None:
    y, treated = invented()
    change = y[:, 6:].mean(axis=1) - y[:, :6].mean(axis=1)
    assert synthetic(y, treated, 6, method="did").effect == pytest.approx(change[0] - change[1:].mean())


@pytest.mark.parametrize("method", ["synthetic", "difference in fit"])
def test_a_true_mix_and_its_effect_are_found(method: str) -> None:
    y, treated = invented(periods=30)
    y[0] = 0.3 * y[4] + 0.7 * y[9]
    y[0, 25:] -= 2
    found = synthetic(y, treated, 25, method=method)
    assert found.unit_weights[[3, 8]] == pytest.approx([0.3, 0.7], abs=0.01)
    assert found.effect == pytest.approx(-2, abs=0.02)
    assert found.gap[25:] == pytest.approx(np.full(5, -2), abs=0.1)


@pytest.mark.parametrize("method", METHODS)
def test_the_effect_is_the_mean_gap_after_the_start(method: str) -> None:
    y, treated = invented()
    found = synthetic(y, treated, 6, method=method)
    assert found.effect == pytest.approx(found.gap[6:].mean())
    assert found.fit == pytest.approx(np.sqrt(np.mean(found.gap[:6] ** 2)))


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_units_does_not_matter(method: str) -> None:
    y, treated = invented()
    mixed = np.random.default_rng(2).permutation(len(y))
    one, other = (synthetic(y[i], treated[i], 6, method=method) for i in (np.arange(len(y)), mixed))
    assert other.effect == pytest.approx(one.effect, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_another_unit_of_measurement_changes_the_figures_alike(method: str) -> None:
    y, treated = invented()
    assert synthetic(y * 1000, treated, 6, method=method).effect == pytest.approx(
        1000 * synthetic(y, treated, 6, method=method).effect
    )


# Placebos.


@pytest.mark.parametrize("method", METHODS)
def test_a_huge_effect_is_the_most_unusual_of_all(method: str) -> None:
    y, treated = invented()
    y[0, 6:] += 1e4
    found = synthetic(y, treated, 6, method=method)
    placebos = in_space(found, y, treated, rng=np.random.default_rng(1))
    assert placebos.p == pytest.approx(1 / 12)
    assert np.abs(placebos.effects).max() < 100  # the treated unit is in no mix


def test_placebos_of_several_treated_units_are_drawn_together() -> None:
    y, _ = invented()
    treated = np.arange(12) < 2
    found = synthetic(y, treated, 6)
    one, again, other = (in_space(found, y, treated, rng=np.random.default_rng(seed), draws=30) for seed in (1, 1, 2))
    assert len(one.effects) == 30
    assert one.effects.tolist() == again.effects.tolist() != other.effects.tolist()


def test_pretended_starts_know_nothing_of_what_came_after() -> None:
    y, treated = invented(periods=14)
    changed = y.copy()
    changed[:, 10:] += 50
    one, other = (in_time(z, treated, 10, method="did", rng=np.random.default_rng(1)) for z in (y, changed))
    assert one.firsts == (5, 6, 7, 8)
    assert one.effects.tolist() == other.effects.tolist()
    assert one.quiet().tolist() == (one.p > 0.05).tolist()


def test_a_jump_before_the_start_is_heard_in_time() -> None:
    rng = np.random.default_rng(1)
    y = 0.1 * rng.normal(size=(25, 14))
    y[0, 7:] += 5
    found = in_time(y, np.arange(25) == 0, 12, method="did", rng=rng, firsts=(7,))
    assert found.effects[0] == pytest.approx(5, abs=0.2)
    assert not found.quiet()[0]


def test_leaving_one_out_is_asking_without_it() -> None:
    y, treated = invented()
    found = synthetic(y, treated, 6, method="did")
    left = leave_one_out(found, y, treated)
    assert left.left_out == tuple(range(11))
    for i, effect in zip(left.left_out, left.effects, strict=True):
        kept = np.arange(12) != i + 1
        assert effect == pytest.approx(synthetic(y[kept], treated[kept], 6, method="did").effect)


# What cannot be answered.

Y, TREATED = invented(units=6)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"treated": np.zeros(6, dtype=bool)}, "No unit has the change"),
        ({"treated": np.ones(6, dtype=bool)}, "Every unit but 0 has the change"),
        ({"treated": TREATED[:4]}, "Say of each of the 6 units"),
        ({"first": 1}, "leaves 1 periods before it and 9"),
        ({"first": 10}, "leaves 10 periods before it and 0"),
        ({"first": -3}, "leaves 0 periods before it"),
        ({"y": np.where(Y[2, 3] == Y, np.nan, Y)}, "Unit number 3 has no number in period 3"),
        ({"y": np.full_like(Y, 2.0)}, "the same in every unit and period"),
        ({"y": np.repeat(Y[:, :1], 10, axis=1)}, "do not vary before the start"),
        ({"y": Y[0]}, "a row for each unit"),
        ({"method": "synth"}, "There is no choice synth"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(changed: dict[str, Any], says: str) -> None:
    asked = {"y": Y, "treated": TREATED, "first": 6, "method": "synthetic", **changed}
    with pytest.raises(BadInput, match=says):
        synthetic(asked["y"], asked["treated"], asked["first"], method=asked["method"])


def test_too_few_comparison_units_or_periods_for_placebos_are_refused() -> None:
    rng = np.random.default_rng(1)
    few = synthetic(Y[:3], TREATED[:3], 6)
    with pytest.raises(CannotBeKnown, match="too few for placebos"):
        in_space(few, Y[:3], TREATED[:3], rng=rng)
    with pytest.raises(CannotBeKnown, match="at least three"):
        leave_one_out(few, Y[:3], TREATED[:3])
    with pytest.raises(CannotBeKnown, match="6 are needed"):
        in_time(Y, TREATED, 5, method="did", rng=rng)
    with pytest.raises(BadInput, match="20 draws"):
        in_space(synthetic(Y, np.arange(6) < 2, 6), Y, np.arange(6) < 2, rng=rng, draws=3)


VALUES = st.sampled_from([0.0, 1.0, 1.0, 2.5, -3.0, 1e9, 1e-9, float("nan"), float("inf")])


@given(st.data())
def test_any_panel_gets_numbers_or_a_sentence(data: st.DataObject) -> None:
    spoiled = data.draw(st.sampled_from([True, False, False, False]))
    n, t = data.draw(st.integers(1 if spoiled else 4, 7)), data.draw(st.integers(1 if spoiled else 7, 9))
    values = VALUES if spoiled else st.integers(-5, 5)
    y = np.array(data.draw(st.lists(values, min_size=n * t, max_size=n * t)), dtype=np.float64).reshape(n, t)
    treated = np.arange(n) < data.draw(st.integers(0 if spoiled else 1, 3))
    first, method = (
        data.draw(st.integers(-1 if spoiled else 3, 9 if spoiled else 6)),
        data.draw(st.sampled_from(METHODS)),
    )
    rng = np.random.default_rng(1)
    found = number_or_sentence(lambda: synthetic(y, treated, first, method=method))
    if found is not None:
        number_or_sentence(lambda: in_space(found, y, treated, rng=rng, draws=20))
        number_or_sentence(lambda: leave_one_out(found, y, treated))
        number_or_sentence(lambda: in_time(y, treated, first, method=method, rng=rng, firsts=(3,), draws=20))
