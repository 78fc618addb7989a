"""Staggered starts: published figures, second opinions, and what must hold for any panel."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from loft.value.aggregate import WAYS, aggregate, bands
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.regression import twfe
from loft.value.staggered_starts import group_time, pre_test
from loft.value.twogroups import METHODS
from loft.value.wide import wide
from tests.value.answers import number_or_sentence

Floats = NDArray[np.float64]
NEVER = np.inf


@dataclass(frozen=True)
class Counties:
    """Teen employment in counties: log employment, the year the minimum wage rose, and log population."""

    y: Floats
    years: Floats
    starts: Floats
    population: Floats
    path: Path


@pytest.fixture(scope="module")
def counties(shared_data: Path) -> Counties:
    path = shared_data / "golden-value" / "mpdta.csv"
    with path.open() as file:
        rows = list(csv.DictReader(file))
    panel = wide([r["countyreal"] for r in rows], [float(r["year"]) for r in rows], [float(r["lemp"]) for r in rows])
    start = {r["countyreal"]: float(r["first.treat"]) or NEVER for r in rows}
    people = {r["countyreal"]: float(r["lpop"]) for r in rows}
    starts, population = (np.array([of[unit] for unit in panel.units]) for of in (start, people))
    return Counties(panel.y, panel.periods, starts, population, path)


def invented(seed: int = 1, units: int = 40, periods: int = 6) -> tuple[Floats, Floats, Floats]:
    """Outcomes, starts (3, 4 or never) and periods (0, 1, …) of units that change by chance."""
    rng = np.random.default_rng(seed)
    starts = np.resize([3.0, NEVER, 4.0, NEVER], units)
    return rng.normal(size=(units, periods)).cumsum(axis=1), starts, np.arange(periods, dtype=np.float64)


# Published figures: R `did` 2.5.1 on mpdta, not conditional.


def test_effects_by_time_since_the_start_are_those_published(counties: Counties) -> None:
    found = aggregate(group_time(counties.y, counties.starts, counties.years), "dynamic")
    assert found.at.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert found.effects.round(4).tolist() == [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008]


@pytest.mark.parametrize(
    ("way", "effect", "error"), [("dynamic", -0.0772, 0.0200), ("group", -0.0310, 0.0124), ("simple", -0.0400, 0.0120)]
)
def test_overall_effects_and_errors_are_those_published(
    counties: Counties, way: str, effect: float, error: float
) -> None:
    found = aggregate(group_time(counties.y, counties.starts, counties.years), way)
    assert (round(found.effect, 4), round(found.error, 4)) == (effect, error)


@pytest.mark.parametrize(("way", "error"), [("dynamic", 0.0219), ("group", 0.0126)])
@pytest.mark.parametrize("kind", ["rademacher", "mammen"])
def test_bootstrapped_errors_are_near_those_published(counties: Counties, way: str, error: float, kind: str) -> None:
    found = aggregate(group_time(counties.y, counties.starts, counties.years), way)
    drawn = bands(found, np.random.default_rng(3), overall=True, kind=kind)
    assert drawn.errors[0] == pytest.approx(error, rel=0.10)


def test_the_pre_test_is_the_one_published(counties: Counties) -> None:
    found = pre_test(group_time(counties.y, counties.starts, counties.years))
    assert found is not None
    assert (found.df, round(found.p, 5)) == (5, 0.16812)


def test_two_way_fixed_effects_give_the_published_other_answer(counties: Counties) -> None:
    n, t = counties.y.shape
    unit, period = np.repeat(np.arange(n), t), np.tile(np.arange(t), n)
    treated = (counties.years >= counties.starts[:, None]).astype(np.float64).ravel()
    y = counties.y.ravel()
    found = twfe(treated, unit, period, np.ones(n * t), y, y**2)
    assert found.estimate("treated").estimate == pytest.approx(-0.0365, abs=5e-5)
    assert found.estimate("treated").se == pytest.approx(0.0133, abs=1e-4)


# Second opinions.


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("theirs", "method"), list(zip(("dr", "reg", "ipw"), METHODS, strict=True)))
@pytest.mark.parametrize(("control", "comparison"), [("nevertreated", "never"), ("notyettreated", "not yet")])
def test_moderndid_agrees_with_a_covariate(
    counties: Counties, theirs: str, method: str, control: str, comparison: str
) -> None:
    import moderndid
    import pandas as pd

    frame = pd.read_csv(counties.path).rename(columns={"first.treat": "start"})
    names = {"yname": "lemp", "tname": "year", "idname": "countyreal", "gname": "start", "xformla": "~lpop"}
    other = moderndid.att_gt(frame, control_group=control, est_method=theirs, **names)
    x = counties.population[:, None]
    found = group_time(counties.y, counties.starts, counties.years, covariates=x, comparison=comparison, method=method)
    assert found.effect == pytest.approx(np.asarray(other.att_gt), abs=1e-9)
    assert found.error == pytest.approx(np.asarray(other.se_gt), abs=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_diff_diff_agrees_with_a_covariate_as_far_as_its_logit_goes(counties: Counties) -> None:
    """It stops its logit early: the rest, up to 7e-6, is its own, since moderndid and this agree to 1e-12."""
    import diff_diff
    import pandas as pd

    frame = pd.read_csv(counties.path).rename(columns={"first.treat": "start"})
    names = {"outcome": "lemp", "unit": "countyreal", "time": "year", "first_treat": "start"}
    other = (
        diff_diff.CallawaySantAnna(estimation_method="dr").fit(frame, covariates=["lpop"], **names).group_time_effects
    )
    found = group_time(counties.y, counties.starts, counties.years, covariates=counties.population)
    theirs = [other[int(g), int(t)] for g, t in zip(found.group, found.period, strict=True)]
    assert found.effect == pytest.approx([part["effect"] for part in theirs], abs=1e-5)
    assert found.error == pytest.approx([part["se"] for part in theirs], abs=1e-5)


# Slow and obvious computations.


def test_an_effect_is_the_difference_of_mean_changes() -> None:
    y, starts, periods = invented()
    found = group_time(y, starts, periods)
    for k in range(len(found.effect)):
        change = y[:, int(found.period[k])] - y[:, int(found.base[k])]
        own, others = change[starts == found.group[k]], change[starts == NEVER]
        assert found.effect[k] == pytest.approx(own.mean() - others.mean())
        assert found.error[k] == pytest.approx(np.sqrt(own.var() / len(own) + others.var() / len(others)))


def test_a_known_effect_that_grows_is_found_where_nothing_else_happens() -> None:
    _, starts, periods = invented()
    rng = np.random.default_rng(5)
    y = (
        rng.normal(size=(40, 1))
        + periods**2
        + 1e-6 * rng.normal(size=(40, 6))
        + np.maximum(periods - starts[:, None] + 1, 0)
    )
    found = aggregate(group_time(y, starts, periods), "dynamic")
    assert found.effects == pytest.approx(np.maximum(found.at + 1, 0), abs=1e-5)


def test_covariates_mend_a_comparison_that_moves_otherwise() -> None:
    """Units move by what they are, and the treated are other units: each method must find the true effect, 2, within its error."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=2000)
    starts = np.where(rng.random(2000) < 1 / (1 + np.exp(-x)), 1.0, NEVER)
    y = np.column_stack([np.zeros(2000), 3 * x + rng.normal(size=2000) + 2 * (starts == 1)])
    plain = group_time(y, starts, np.arange(2.0))
    assert plain.effect[0] > 4
    for method in METHODS:
        found = group_time(y, starts, np.arange(2.0), covariates=x, method=method)
        assert abs(found.effect[0] - 2) < 3 * found.error[0]


def test_doubly_robust_forgives_a_wrong_line() -> None:
    """Where the change bends with the covariate, the line is wrong, and the weights put it right."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=4000)
    starts = np.where(rng.random(4000) < 1 / (1 + np.exp(-0.7 * x)), 1.0, NEVER)
    y = np.column_stack([np.zeros(4000), np.exp(x) + rng.normal(size=4000) + 2 * (starts == 1)])
    wrong, right = (
        group_time(y, starts, np.arange(2.0), covariates=x, method=m) for m in ("regression", "doubly robust")
    )
    assert abs(wrong.effect[0] - 2) > 4 * wrong.error[0]
    assert abs(right.effect[0] - 2) < 3 * right.error[0]


def test_the_order_of_units_does_not_matter() -> None:
    y, starts, periods = invented()
    mixed = np.random.default_rng(2).permutation(len(y))
    for way in WAYS:
        one, other = (aggregate(group_time(y[i], starts[i], periods), way) for i in (np.arange(len(y)), mixed))
        assert (other.effect, other.error) == (pytest.approx(one.effect), pytest.approx(one.error))


def test_a_unit_of_weight_two_is_two_units_in_one_cluster() -> None:
    y, starts, periods = invented()
    weights = np.resize([1.0, 2.0, 2.0, 1.0], len(y))
    twice = np.repeat(np.arange(len(y)), weights.astype(int))
    one = aggregate(group_time(y, starts, periods, weights=weights), "simple")
    other = aggregate(group_time(y[twice], starts[twice], periods, cluster=twice), "simple")
    assert (one.effect, one.error) == (pytest.approx(other.effect), pytest.approx(other.error))


def test_a_universal_base_tells_the_same_after_and_adds_up_the_steps_before() -> None:
    y, starts, periods = invented()
    varying, universal = (group_time(y, starts, periods, base=base) for base in ("varying", "universal"))
    assert universal.effect[universal.after] == pytest.approx(varying.effect[varying.after])
    steps = varying.effect[(varying.group == 3) & (varying.period < 3)]
    far = universal.effect[(universal.group == 3) & (universal.period == 0)]
    assert far[0] == pytest.approx(-steps.sum())


def test_units_that_react_in_advance_are_held_against_the_time_before_that() -> None:
    y, starts, periods = invented()
    found = group_time(y, starts, periods, anticipation=1)
    assert found.base[found.after & (found.group == 3)].tolist() == [1, 1, 1]
    tested = pre_test(found)
    assert tested is not None
    assert tested.df == int((found.period < found.group - 1).sum())


def test_units_that_start_later_are_a_comparison_until_they_do() -> None:
    y, starts, periods = invented()
    late = np.where(np.isinf(starts), 5.0, starts)
    found = group_time(y, late, periods, comparison="not yet")
    assert found.after.any()
    assert set(found.left_out) >= {(5.0, 5.0), (3.0, 5.0), (4.0, 5.0)}
    both = (found.group == 3) & (found.period == 4)
    change = y[:, 4] - y[:, 2]
    assert found.effect[both][0] == pytest.approx(change[late == 3].mean() - change[late == 5].mean())


def test_a_balanced_path_rests_on_the_same_groups_throughout() -> None:
    y, starts, periods = invented()
    found = group_time(y, starts, periods)
    told = aggregate(found, "dynamic", balanced=2)
    assert told.at.tolist() == [-2, -1, 0, 1, 2]  # group 3 alone is followed for two periods
    assert told.effects[-1] == pytest.approx(found.effect[(found.group == 3) & (found.period == 5)][0])
    assert aggregate(found, "dynamic", earliest=-1, latest=1).at.tolist() == [-1, 0, 1]


def test_a_band_for_all_is_wider_than_one_for_each_and_a_run_can_be_repeated() -> None:
    found = aggregate(group_time(*invented()), "dynamic")
    one, again = (bands(found, np.random.default_rng(4)) for _ in range(2))
    assert one.uniform > one.pointwise
    assert (one.uniform, one.errors.tolist()) == (again.uniform, again.errors.tolist())


def test_units_that_start_alone_are_refused_or_measured_by_how_they_differ() -> None:
    rng = np.random.default_rng(6)
    starts = np.array([2.0, 3.0, 4.0, 5.0] + [NEVER] * 10)
    y = rng.normal(size=(14, 7)).cumsum(axis=1)
    with pytest.raises(CannotBeKnown, match="Only one unit starts in period 2"):
        group_time(y, starts, np.arange(7.0))
    found = aggregate(group_time(y, starts, np.arange(7.0), alone=True), "group")
    own, others = [], []
    for i, start in enumerate((2, 3, 4, 5)):
        change = y[:, start:].mean(axis=1) - y[:, start - 1]
        others.append(change[4:])
        own.append(change[i] - change[4:].mean())
    assert found.effect == pytest.approx(np.mean(own))
    assert found.error == pytest.approx(np.sqrt(np.var(own) / 4 + np.mean(others, axis=0).var() / 10))
    assert found.left_out == (2, 3, 4, 5)


def test_a_time_that_rests_on_a_single_unit_is_left_out_of_the_path() -> None:
    rng = np.random.default_rng(6)
    starts = np.array([2.0, 3.0, 4.0, 5.0] + [NEVER] * 10)
    found = aggregate(
        group_time(rng.normal(size=(14, 7)).cumsum(axis=1), starts, np.arange(7.0), alone=True), "dynamic"
    )
    assert found.left_out == (-4, 4)
    assert found.at.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert (found.errors > 0).all()


# What cannot be answered.

Y, STARTS, PERIODS = invented(units=8)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"starts": np.full(8, NEVER)}, "No unit starts"),
        ({"starts": np.full(8, 3.0)}, "No units are without the change"),
        ({"starts": np.where(STARTS == 3, -2.0, STARTS)}, "2 units started in the first period or before"),
        ({"starts": np.where(STARTS == 3, 2.5, STARTS)}, "The start 2.5 is none of the periods"),
        ({"starts": STARTS[:5]}, "Give each of the 8 units a start"),
        ({"y": Y[:1], "starts": STARTS[:1]}, "fewer than two units"),
        ({"y": np.ones_like(Y)}, "the same in every unit and period"),
        ({"y": np.where(Y[2, 3] == Y, np.nan, Y)}, "Unit number 3 has no number in period 3"),
        ({"y": Y[:, :1], "periods": PERIODS[:1]}, "fewer than two periods"),
        ({"periods": PERIODS[::-1]}, "numbers that increase"),
        ({"y": np.tile(Y[:1], (8, 1))}, "all change alike"),
        ({"weights": np.zeros(8)}, "a weight above 0"),
        ({"cluster": np.zeros(8, dtype=np.int64)}, "at least two of them"),
        ({"covariates": np.full((8, 1), np.nan)}, "a number for every covariate"),
        ({"covariates": np.isfinite(STARTS).astype(float)}, "too alike in the covariates|can be told from all others"),
        ({"method": "doubly robus"}, "did you mean doubly robust"),
        ({"comparison": "yes"}, "There is no choice yes"),
        ({"anticipation": -1}, "0 or more"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        group_time(**{"y": Y, "starts": STARTS, "periods": PERIODS, **changed})


def test_treated_units_that_a_covariate_tells_apart_have_no_comparison() -> None:
    y, starts, periods = invented()
    apart = np.isfinite(starts) + 0.1 * np.random.default_rng(1).random(40)
    with pytest.raises(CannotBeKnown, match="can be told from all others"):
        group_time(y, starts, periods, covariates=apart, method="weighting")


VALUES = st.sampled_from([0.0, 1.0, 1.0, 2.5, -3.0, 1e9, 1e-9, float("nan"), float("inf")])


@given(st.data())
def test_any_panel_gets_numbers_or_a_sentence(data: st.DataObject) -> None:
    spoiled = data.draw(st.sampled_from([True, False, False, False]))
    n, t = data.draw(st.integers(1 if spoiled else 4, 9)), data.draw(st.integers(1 if spoiled else 4, 6))
    values, when = (
        (VALUES, [0.0, 1.0, 2.0, 2.5, 9.0, NEVER]) if spoiled else (st.integers(-5, 5), [2.0, 3.0, NEVER, NEVER])
    )
    y = np.array(data.draw(st.lists(values, min_size=n * t, max_size=n * t)), dtype=np.float64).reshape(n, t)
    starts = np.array(data.draw(st.lists(st.sampled_from(when), min_size=n, max_size=n)))
    found = number_or_sentence(
        lambda: group_time(
            y,
            starts,
            np.arange(t, dtype=np.float64),
            covariates=data.draw(st.sampled_from([None, np.arange(n) % 3])),
            comparison=data.draw(st.sampled_from(["never", "not yet"])),
            method=data.draw(st.sampled_from(METHODS)),
            base=data.draw(st.sampled_from(["varying", "universal"])),
            anticipation=data.draw(st.sampled_from([0, 1])),
            alone=data.draw(st.booleans()),
        ),
        but=("starts",),
    )
    if found is None:
        return
    number_or_sentence(lambda: pre_test(found))
    for way in WAYS:
        told = number_or_sentence(lambda way=way: aggregate(found, way))
        if told is not None:
            number_or_sentence(lambda told=told: bands(told, np.random.default_rng(1), draws=100))
