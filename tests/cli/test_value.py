"""``loft value`` as it is typed: an estimate, what a design could find, the rule simulated; and what wrong input gets."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run

CENTRES = [f"Centre {number:02d}" for number in range(12)]
START = date(2024, 1, 1)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve centres with a case every other day from 2022 to 2024; from 2024 on six of them answer in half the time."""
    from loft.log import import_files, propose

    rng = np.random.default_rng(3)
    lines = ["case,activity,at,unit,center"]
    for place, centre in enumerate(CENTRES):
        for number in range(548):
            opened = datetime(2022, 1, 1, 9) + timedelta(days=2 * number)
            days = float(np.exp(2 + 0.3 * rng.standard_normal()))
            if place < 6 and opened.date() >= START:
                days /= 2
            for activity, at in (("received", opened), ("closed", opened + timedelta(days=days))):
                lines.append(f"c{place:02d}{number:04d},{activity},{at:%Y-%m-%dT%H:%M:%SZ},Desk,{centre}")
    folder = tmp_path_factory.mktemp("town")
    path = folder / "cases.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    import_files([path], folder / "log", mapping=propose(path).mapping.but(endings=("closed",)))
    return folder / "log"


TREATED = [word for centre in CENTRES[:6] for word in ("--treated", centre)]


def test_an_estimate_is_a_sentence_and_a_table(run: Run, town: Path) -> None:
    told = run("value", "estimate", "--store", town, *TREATED, "--start", START, "--by", "attribute:center").output
    assert "the estimated difference is −" in told
    assert "This is an estimate and not a verdict." in " ".join(told.split())


def test_an_event_study_shows_every_period_to_the_last(run: Run, town: Path) -> None:
    asked = (
        "value",
        "estimate",
        "--store",
        town,
        *TREATED,
        "--start",
        START,
        "--by",
        "attribute:center",
        "--method",
        "event_study",
    )
    rows = json.loads(run(*asked, "--json").output)["rows"]
    shown = run(*asked).output
    assert len(rows) > 30
    assert str(max(row["time"] for row in rows)) in shown.splitlines()[-1]


def test_each_unit_may_have_a_start_of_its_own(run: Run, town: Path) -> None:
    apart = [f"{centre}=2024-0{1 + place}-01" for place, centre in enumerate(CENTRES[:2] * 1)]
    treated = [word for each in apart for word in ("--treated", each)]
    assert (
        "estimated difference" in run("value", "estimate", "--store", town, *treated, "--by", "attribute:center").output
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--treated", "Centre 00", "--start", "2024-01-01", "--measure", "dors"), "Did you mean doors"),
        (("--treated", "Nowhere", "--start", "2024-01-01"), "Nowhere"),
        (("--treated", "Centre 00", "--start", "2024-01-01", "--by", "attribute:center"), "one"),
    ],
)
def test_what_cannot_be_estimated_says_why(run: Run, town: Path, words: tuple[str, ...], says: str) -> None:
    assert says in run("value", "estimate", "--store", town, *words, code=1).output


@pytest.mark.parametrize("words", [("--treated", "A"), ("--treated", "A=soon"), ()])
def test_a_unit_needs_a_start(run: Run, town: Path, words: tuple[str, ...]) -> None:
    assert "--treated" in run("value", "estimate", "--store", town, *words, code=2).output


def test_a_design_tells_every_way_and_draws_lots_with_a_seed(run: Run, town: Path) -> None:
    asked = ("value", "design", "--store", town, "--smallest", "0.2", "--by", "attribute:center")
    rows = json.loads(run(*asked, "--json").output)["rows"]
    assert [row["treated"] for row in rows] == [12, 6, 6, 6]
    drawn = run(*asked, "--seed", "7-11-15").output
    assert drawn.count("  starts") == drawn.count("  waits") == 6
    assert run(*asked, "--seed", "7-11-15").output == drawn


def test_a_design_by_nonsense_is_refused(run: Run, town: Path) -> None:
    assert (
        "above 0"
        in run("value", "design", "--store", town, "--smallest", "0", "--by", "attribute:center", code=1).output
    )


def test_the_rule_is_simulated_with_every_world_in_the_table(run: Run) -> None:
    told = run("value", "simulate", "--runs", 10, "--processes", 1, "--world", "harm", "--csv").stdout
    assert told.splitlines()[0].startswith("world,runs,value")
    assert "harm +15 %" in told


def test_a_world_that_is_none_is_named_with_those_there_are(run: Run) -> None:
    assert "no effect, 20+20" in " ".join(run("value", "simulate", "--world", "mars", code=2).output.split())


def test_a_missed_figure_ends_with_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from loft.value.simulation import told

    monkeypatch.setattr(told, "BARS", {"harm +15 %": (("harm", "at least", 1.1),)})
    assert (
        "Missed: harm +15 %"
        in run("value", "simulate", "--runs", 10, "--processes", 1, "--world", "harm +15", code=1).output
    )
