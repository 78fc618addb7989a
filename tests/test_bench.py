"""The bench runs on a tiny log; Løft's figures and the plain pass' are the same; bars are held against what was measured."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from bench import logs, measure, peers
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
