"""What Løft has promised, held against what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.measure import MILLION, Measured

FASTER = {
    ("follows", "PM4Py"): 150,
    ("follows", "r4pm"): 50,
    ("follows with medians", "PM4Py"): 100,
    ("hand-overs", "PM4Py"): 300,
    ("variants", "PM4Py"): 100,
    ("throughput", "PM4Py"): 100,
}
"""A question of all cases at ten million events: so many times as fast as that peer."""
SLOWER = {"all cases": 2.0, "whole months": 2.0, "odd days": 2.0, "one unit": 5.0, "one value": 5.0}
"""At most so many times the plain pass' time."""


@dataclass(frozen=True)
class Bar:
    """A promise: ``measured`` must be at least (or at most) ``wanted``."""

    text: str
    wanted: float
    measured: float
    at_least: bool

    @property
    def met(self) -> bool:
        return self.measured >= self.wanted if self.at_least else self.measured <= self.wanted


def bars(found: list[Measured]) -> list[Bar]:
    """The bars that the measurements say something about, at the largest size measured."""
    return [*_questions(found), *_build(found), *_growth(found), *_xes(found), *_value(found), *_decisions(found)]


def _questions(found: list[Measured]) -> Iterator[Bar]:
    asked = [
        m
        for m in found
        if m.part == "questions" and m.events > 0.9 * max(n.events for n in found if n.part == "questions")
    ]
    times = {(m.log, m.what, m.choice, m.peer): m.seconds for m in asked if m.seconds}
    for (log, question, choice, peer), theirs in times.items():
        ours = times.get((log, question, choice, "Løft"))
        wanted = FASTER.get((question, peer))
        if ours and wanted and choice == "all cases":
            yield Bar(f"{log}: {question}: times as fast as {peer}", wanted, theirs / ours, at_least=True)
        if ours and peer == "plain pass":
            yield Bar(
                f"{log}: {question}, {choice}: times the plain pass", SLOWER[choice], ours / theirs, at_least=False
            )


def _build(found: list[Measured]) -> Iterator[Bar]:
    built = [m for m in found if m.part == "build" and m.seconds and m.peak]
    largest = {m.peer: m for m in sorted(built, key=lambda m: m.events)}
    ours, theirs = largest.get("Løft"), largest.get("PM4Py")
    if ours and theirs and ours.seconds and theirs.seconds and ours.peak and theirs.peak:
        yield Bar(
            "step table from Parquet: times as fast as PM4Py's preparation",
            2,
            theirs.seconds / ours.seconds,
            at_least=True,
        )
        yield Bar(
            "step table from Parquet: peak memory, share of PM4Py's", 0.5, ours.peak / theirs.peak, at_least=False
        )


def _growth(found: list[Measured]) -> Iterator[Bar]:
    fit = line(found)
    if fit:
        yield Bar("growth from 1 to 30 million: how well a straight line fits (R²)", 0.98, fit[2], at_least=True)
    for m in found:
        if m.part == "growth" and m.events >= 50 * MILLION:
            yield Bar(
                "50 million events go through: peak memory, GiB",
                24,
                m.peak / 2**30 if m.peak else np.inf,
                at_least=False,
            )


def line(found: list[Measured]) -> tuple[float, float, float] | None:
    """Seconds at nought, seconds per million events and R² of the straight line through the imports up to 35 million events."""
    grown = [
        (m.events / MILLION, m.seconds) for m in found if m.part == "growth" and m.seconds and m.events < 35 * MILLION
    ]
    if len(grown) < 3:
        return None
    x, y = np.array(grown).T
    slope, start = np.polyfit(x, y, 1)
    rest = ((y - start - slope * x) ** 2).sum() / ((y - y.mean()) ** 2).sum()
    return float(start), float(slope), float(1 - rest)


def _xes(found: list[Measured]) -> Iterator[Bar]:
    times = {m.peer: m.seconds for m in found if m.part == "xes" and m.seconds}
    others = [seconds for name, seconds in times.items() if name != "loft"]
    if "loft" in times and others:
        yield Bar(
            "XES import with step table: times the fastest other's reading alone",
            1.2,
            times["loft"] / min(others),
            at_least=False,
        )


def _value(found: list[Measured]) -> Iterator[Bar]:
    yield from _event_study([m for m in found if m.part == "event study"])
    grown = [m for m in found if m.part == "cells" and m.peak]
    if len(grown) > 1:
        text = f"cells and estimate: peak memory at {grown[-1].events:,} rows, times that at {grown[0].events:,}"
        yield Bar(text, 1.5, (grown[-1].peak or 0) / (grown[0].peak or 1), at_least=False)
    for m in found:
        if m.part == "looks" and m.seconds is not None:
            wanted = 20 if m.what.startswith("look") else 50 if "draws" in m.what else 10_000
            yield Bar(f"40 units over four years: {m.what}, ms", wanted, 1000 * m.seconds, at_least=False)


def _event_study(found: list[Measured]) -> Iterator[Bar]:
    largest = [m for m in found if m.events == max(n.events for n in found)]
    at = {(m.peer, m.what): m for m in largest}
    ours, theirs = at.get(("Løft", "cells stored")), at.get(("pyfixest", "frame in memory"))
    if ours and theirs and ours.seconds and theirs.seconds and ours.peak and theirs.peak:
        rows = f"event study, {ours.events:,} rows: "
        yield Bar(
            f"{rows}times as fast as pyfixest on a frame in memory", 300, theirs.seconds / ours.seconds, at_least=True
        )
        yield Bar(f"{rows}pyfixest's memory, times ours", 40, theirs.peak / ours.peak, at_least=True)
    for m in found:
        if m.apart is not None and m.peer != "Løft":
            text = f"event study, {m.events:,} rows, {m.what}: largest difference from {m.peer}"
            yield Bar(text, 1e-6, m.apart, at_least=False)


def _decisions(found: list[Measured]) -> Iterator[Bar]:
    """Times for one case; a loop over a log is that time for each of its cases."""
    single = {
        m.peer: m.seconds / m.events for m in found if m.part == "decisions" and m.what == "one by one" and m.seconds
    }
    python = [seconds for peer, seconds in single.items() if peer in ("SpiffWorkflow", "pyDMNrules")]
    ours, zen = single.get("Løft"), single.get("zen-engine")
    if ours and python:
        yield Bar("single decisions: times as fast as the fastest in pure Python", 5, min(python) / ours, at_least=True)
    if ours and zen:
        yield Bar("single decisions: times zen-engine's time", 5, ours / zen, at_least=False)
    for m in found:
        if m.part == "decisions" and m.what == "over a log" and m.seconds:
            told = f"{m.log} over {m.events:,} cases in DuckDB"
            yield Bar(f"{told}: seconds", 10, m.seconds, at_least=False)
            if zen and m.log.startswith("20 rows"):
                loop = zen * m.events
                yield Bar(
                    f"{told}: times as fast as a loop over zen-engine (scaled)", 100, loop / m.seconds, at_least=True
                )
