"""The simulation: seeded, the same however it is cut up, held against the rule that judges one change, and short of the long run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from loft.insight.table import Table
from loft.value.conditions import Aim, conditions
from loft.value.levels import levels
from loft.value.path import estimates
from loft.value.policy import policy
from loft.value.simulation.runs import looks_of, setup_of, simulate, summed
from loft.value.simulation.told import BARS, met, table
from loft.value.simulation.worlds import World, live, worlds

RUNS = 60


def test_the_same_seed_gives_the_same_tally_and_another_seed_another() -> None:
    world = World("short", treated=8, comparison=8, effect=-0.2)
    one, again, other = (simulate(world, runs=RUNS, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_processes_change_nothing() -> None:
    world = World("short", treated=6, comparison=6)
    assert simulate(world, runs=100, seed=3, processes=2) == simulate(world, runs=100, seed=3)


def test_where_nothing_happens_value_is_not_shown_and_daily_tests_are_fooled() -> None:
    found = simulate(World("no effect, 20+20"), runs=RUNS, seed=5)
    assert found.value == found.value_alone == 0
    assert found.either <= 0.1
    assert found.peeking > 0.15


def test_a_large_effect_is_found_and_harm_is() -> None:
    better, worse = (simulate(World("w", effect=effect), runs=RUNS, seed=7) for effect in (-0.15, 0.15))
    assert better.value >= 0.8
    assert worse.harm >= 0.85
    assert worse.value == 0


def test_units_that_were_getting_better_anyway_do_not_show_value() -> None:
    drifting = simulate(World("d", drift=-0.10), runs=RUNS, seed=8)
    assert drifting.before_after > 0.9
    assert drifting.value_alone <= 0.05


def test_another_mix_of_cases_does_not_show_value() -> None:
    found = simulate(World("m", mixed=0.25), runs=20, seed=9)
    assert found.value_alone > 0.9
    assert found.value == 0


def test_a_run_alone_gives_what_it_gives_among_others() -> None:
    world = World("w", treated=8, comparison=8, waves=4, effect=-0.1)
    lived = live(world, 3, np.random.default_rng(4))
    rules, setup, looks = policy(), setup_of(world, policy()), looks_of(world)
    together = estimates(levels(summed(lived.n, lived.total), setup, looks), setup)
    alone = estimates(levels(summed(lived.n[1], lived.total[1]), setup, looks), setup)
    for name in ("estimate", "se", "df", "other", "drift"):
        np.testing.assert_allclose(getattr(together, name)[1], getattr(alone, name), rtol=1e-9)
    aim = Aim(-1, 0.05, np.asarray(0.03))
    many, one = (conditions(e, aim, looks, world.before, rules) for e in (together, alone))
    assert (many.held[1] == one.held).all()


def test_every_bar_belongs_to_a_world_and_names_a_figure_that_exists() -> None:
    names = {world.name for world in worlds()}
    tally = simulate(World("x", treated=4, comparison=4), runs=10, seed=1)
    assert BARS.keys() <= names
    assert all(hasattr(tally, figure) for bars in BARS.values() for figure, _, _ in bars)


@pytest.mark.parametrize(("value", "verdict"), [(0.4, False), (0.5, True)])
def test_a_missed_figure_is_told(value: float, verdict: bool) -> None:
    tally = simulate(World("x", treated=4, comparison=4), runs=10, seed=1)
    assert met(replace(tally, name="effect −10 %", value=value, either=0.0)) is verdict
    assert isinstance(table([tally]), Table)
    assert met(tally) is None


def test_the_docs_tell_of_every_world() -> None:
    page = (Path(__file__).parents[2] / "docs" / "verdict.md").read_text(encoding="utf-8")
    assert [world.name for world in worlds() if f"| {world.name} |" not in page] == []
