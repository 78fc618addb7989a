"""The bench runs on a tiny log; Løft's figures and the plain pass' are the same; bars are held against what was measured."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bench import logs, measure, peers, value
from bench.agree import EXPECTED, counts
from bench.bars import Bar, bars, line
from bench.logs import ACTIVITY, AT, CASE, RECEIPT, Large
from bench.measure import MILLION, Measured
from bench.report import markdown
from bench.worker import FailedError, Worker

CASES = {"a": "Group 1 Group 4 Group 1", "b": "Group 1 Group 2", "c": "Group 4"}


def base() -> pa.Table:
    """Three cases: what is done is named after who does it, a day apart."""
    rows = [
        (case, place, unit)
        for case, units in CASES.items()
        for place, unit in enumerate(units.replace("Group ", "").split())
    ]
    start = datetime(2024, 1, 5, tzinfo=UTC)
    return pa.table(
        {
            CASE: [case for case, _, _ in rows],
            ACTIVITY: [f"by {unit}" for _, _, unit in rows],
            AT: pa.array([start + timedelta(days=place) for _, place, _ in rows], pa.timestamp("us", "UTC")),
            RECEIPT.unit: [f"Group {unit}" for _, _, unit in rows],
            RECEIPT.attribute: ["Desk" if case == "b" else "Post" for case, _, _ in rows],
        }
    )


@pytest.fixture
def tiny(tmp_path: Path) -> Large:
    path = tmp_path / f"{RECEIPT.name}-360.parquet"
    logs.repeat(base(), path, 360)
    return logs.large(RECEIPT, 360, tmp_path)


def test_a_repeated_log_has_new_cases_and_the_same_ways(tiny: Large) -> None:
    assert tiny.events == 360
    prepared = peers.peer("plain pass").prepare(tiny)
    ways = peers.peer("plain pass").figures(prepared, "variants", tiny.choices["all cases"])
    assert ways == {"by 1 → by 4 → by 1": [60], "by 1 → by 2": [60], "by 4": [60]}


@pytest.mark.parametrize("question", peers.QUESTIONS)
def test_loft_and_the_plain_pass_give_the_same_figures(tiny: Large, question: str) -> None:
    modules = {name: peers.peer(name) for name in ("Løft", "plain pass")}
    prepared = {name: module.prepare(tiny) for name, module in modules.items()}
    for choice in tiny.choices.values():
        ours, plain = (modules[name].figures(prepared[name], question, choice) for name in ("Løft", "plain pass"))
        assert set(ours) == set(plain)
        for key, figures in ours.items():
            assert figures == pytest.approx(plain[key])


def test_a_worker_times_a_peer_in_a_process_of_its_own(tiny: Large) -> None:
    with Worker("plain pass") as worker:
        answer = worker.do("answer", log=logs.to_json(tiny), question="follows")
        assert answer["seconds"] > 0
        assert answer["peak"] > 2**20
        assert len(worker.do("ask", question="follows", choice="one unit", times=3)["taken"]) == 3
        with pytest.raises(FailedError, match="plain pass: KeyError"):
            worker.do("ask", question="weather", choice="one unit", times=1)


def test_figures_that_differ_stop_the_bench() -> None:
    class Says:
        def __init__(self, count: int) -> None:
            self.count = count

        def do(self, *_: str, **__: str) -> dict[str, object]:
            return {"figures": {"a → b": [self.count]}}

    measure.compare({"Løft": Says(3), "Polars": Says(3)}, "follows", "all cases")  # type: ignore[dict-item]
    with pytest.raises(FailedError, match="Polars says"):
        measure.compare({"Løft": Says(3), "Polars": Says(4)}, "follows", "all cases")  # type: ignore[dict-item]


def test_bars_are_held_against_the_largest_size() -> None:
    def asked(events: int, peer: str, seconds: float) -> Measured:
        return Measured("questions", "road", events, peer, "follows", "all cases", seconds, 9)

    found = [
        asked(MILLION, "Løft", 1),
        asked(MILLION, "PM4Py", 1),
        asked(10 * MILLION, "Løft", 0.01),
        asked(10 * MILLION, "PM4Py", 2),
    ]
    [bar] = bars(found)
    assert (bar.measured, bar.wanted, bar.met) == (200, 150, True)
    assert not Bar("as fast", 150, 149, at_least=True).met
    assert not Bar("as slow", 2, 2.1, at_least=False).met
    assert "| road: follows: times as fast as PM4Py | ≥ 150 | 200 | yes |" in markdown(found, [bar], 1)


def test_growth_is_a_straight_line_through_the_imports() -> None:
    grown = [Measured("growth", "road", n * MILLION, "Løft", "import", seconds=1.0 + 0.8 * n) for n in (1, 3, 10, 30)]
    assert line(grown) == pytest.approx((1.0, 0.8, 1.0))


def test_expected_figures_are_counts_of_the_real_logs() -> None:
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert expected["running-example.xes"]["follows"] == 36
    assert set(next(iter(expected.values()))) == set(counts(0, 0, 0, {}))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured of the value engine is done in this process, which takes a tenth of the time."""

    def once(peer: str, task: str, *, function: str, **arguments: Any) -> dict[str, Any]:
        assert task == "call"
        done: dict[str, Any] = getattr(peers.peer(peer), function)(**arguments)
        return done

    monkeypatch.setattr(value, "once", once)


@pytest.mark.usefixtures("here")
def test_an_event_study_is_the_same_from_cells_and_from_the_file(tmp_path: Path) -> None:
    found = list(value.event_study([3000], tmp_path, among=("Løft",)))
    assert [m.what for m in found] == [value.STORED, value.FILE]
    assert all(m.seconds and m.seconds > 0 and m.apart is not None and m.apart < 1e-9 for m in found)
    assert "| 3,000 | Løft | cells stored |" in markdown(found, bars(found), 1)


def test_figures_of_an_event_study_that_lie_apart_stop_the_bench() -> None:
    assert value.apart({"0": [1.0, 0.5]}, {"0": [1.0 + 1e-8, 0.5]}, "pyfixest") == pytest.approx(1e-8, rel=1e-3)
    with pytest.raises(FailedError, match="pyfixest's figures lie"):
        value.apart({"0": [1.0, 0.5]}, {"0": [1.0, 0.6]}, "pyfixest")
    with pytest.raises(FailedError, match="coefficients for"):
        value.apart({"0": [1.0, 0.5]}, {"1": [1.0, 0.5]}, "pyfixest")


@pytest.mark.usefixtures("here")
def test_looks_are_made_from_kept_cells() -> None:
    found = list(value.looks(days=800, before=600, replayed=2))
    assert [m.what for m in found] == [
        "look, sums",
        "look, durations",
        "2 looks, sums",
        "2 looks, durations",
        "999 draws",
    ]
    assert len(bars(found)) == len(found)


def test_bars_of_the_event_study_are_held_on_the_largest_size() -> None:
    def studied(events: int, peer: str, what: str, seconds: float, peak: int) -> Measured:
        return Measured("event study", "rows", events, peer, what, "", seconds, 1, peak, apart=1e-9)

    found = [
        studied(MILLION, "Løft", value.STORED, 1, 1),
        studied(MILLION, "pyfixest", value.FRAME, 1, 1),
        studied(10 * MILLION, "Løft", value.STORED, 0.01, 10),
        studied(10 * MILLION, "pyfixest", value.FRAME, 4, 300),
    ]
    told = bars(found)
    assert [(bar.measured, bar.met) for bar in told[:2]] == [(400, True), (30, False)]
    assert [bar.measured for bar in told[2:]] == [1e-9, 1e-9]
