"""What is measured: a function for each part, which asks the peers in turn and returns its measurements."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench import logs, peers
from bench.logs import RECEIPT, ROAD, Large, to_json
from bench.worker import FailedError, Worker, once

MILLION = 1_000_000


@dataclass(frozen=True)
class Measured:
    """One figure. ``seconds`` is the median of ``rounds``; ``peak`` bytes; ``apart`` how far its figures lie from ours at most; ``failed``
    says why there is none."""

    part: str
    log: str
    events: int
    peer: str
    what: str
    choice: str = ""
    seconds: float | None = None
    rounds: int = 0
    peak: int | None = None
    failed: str = ""
    apart: float | None = None


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def told(measured: Measured) -> Measured:
    took = f"{measured.seconds:.4g} s" if measured.seconds is not None else measured.failed
    room = f", {measured.peak / 2**30:.2f} GiB" if measured.peak else ""
    say(
        f"  {measured.part} | {measured.log} {measured.events:,} | {measured.what} {measured.choice} | {measured.peer}: {took}{room}"
    )
    return measured


def _separately(
    part: str, log: Large, names: list[str], what: str, task: str, rounds: int, **arguments: Any
) -> Iterator[Measured]:
    """Each peer in a new process each time, in turn; the median time and the highest peak."""
    answers: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    failed: dict[str, str] = {}
    for _ in range(rounds):
        for name in names:
            if name not in failed:
                try:
                    answers[name].append(once(name, task, log=to_json(log), **arguments))
                except FailedError as error:
                    failed[name] = str(error)
    for name in names:
        if name in failed:
            yield told(Measured(part, log.real, log.events, name, what, failed=failed[name]))
            continue
        taken, most = [a["seconds"] for a in answers[name]], max(a["peak"] for a in answers[name])
        yield told(Measured(part, log.real, log.events, name, what, seconds=median(taken), rounds=rounds, peak=most))


def answer(sizes: list[int]) -> Iterator[Measured]:
    """From a Parquet file not seen before to directly-follows with mean and median waits (r4pm: counts, it has no waits)."""
    for size in sizes:
        log, rounds = logs.large(ROAD, size), 3 if size < 5 * MILLION else 1
        names = [name for name in peers.available() if name != "r4pm"]
        yield from _separately(
            "answer", log, names, "file to answer", "answer", rounds, question="follows with medians"
        )
        if "r4pm" in peers.available():
            yield from _separately("answer", log, ["r4pm"], "file to counts", "answer", 1, question="follows")


def build(sizes: list[int]) -> Iterator[Measured]:
    """The step table alone, beside PM4Py's preparation (``read_parquet`` and ``format_dataframe``) of the same file."""
    names = [name for name in ("Løft", "PM4Py", "PM4Py on Polars") if name in peers.available()]
    for size in sizes:
        yield from _separately(
            "build", logs.large(ROAD, size), names, "step table", "build", 3 if size < 5 * MILLION else 2
        )


def questions(sizes: list[int]) -> Iterator[Measured]:
    """Each question on data prepared beforehand; the peers hold theirs side by side and are asked in turn.

    r4pm sits beside Løft alone, since its ten million events fill 13 GiB.
    """
    others = [name for name in peers.available() if name != "r4pm"]
    by_cases = [question for question in peers.QUESTIONS if question != "hand-overs"]
    for size in sizes:
        road, receipt = logs.large(ROAD, size), logs.large(RECEIPT, size)
        if "r4pm" in peers.available():
            yield from _questions(road, ["follows", "variants"], ["Løft", "r4pm"], ["all cases"])
        yield from _questions(road, by_cases, others, list(road.choices))
        yield from _questions(receipt, ["hand-overs", "follows with medians"], others, list(receipt.choices))


def _questions(log: Large, asked: list[str], names: list[str], choices: list[str]) -> Iterator[Measured]:
    with contextlib.ExitStack() as stack:
        workers = {}
        for name in names:
            worker = stack.enter_context(Worker(name))
            try:
                prepared = worker.do("prepare", log=to_json(log))
            except FailedError as error:
                say(f"  {error}")
                continue
            workers[name] = worker
            yield told(
                Measured(
                    "prepare",
                    log.real,
                    log.events,
                    name,
                    "prepare",
                    seconds=prepared["seconds"],
                    rounds=1,
                    peak=prepared["peak"],
                )
            )
        for question in asked:
            for choice in choices:
                able = {n: w for n, w in workers.items() if _can(n, question, choice)}
                yield from _in_turn(log, able, question, choice)
                compare(able, question, choice)


def _can(name: str, question: str, choice: str) -> bool:
    module = peers.peer(name)
    return question in module.ASK and (module.CHOICES or choice == "all cases")


ROUNDS = 3
TIMES = {"Løft": 4, "plain pass": 4}
"""How often a peer is asked in a round; the others once. Those that take seconds are asked in the first round only."""


def _in_turn(log: Large, workers: dict[str, Worker], question: str, choice: str) -> Iterator[Measured]:
    taken: dict[str, list[float]] = {name: [] for name in workers}
    for _ in range(ROUNDS):
        for name, worker in workers.items():
            if sum(taken[name]) < 3:
                taken[name] += worker.do("ask", question=question, choice=choice, times=TIMES.get(name, 1))["taken"]
    for name, seconds in taken.items():
        yield told(Measured("questions", log.real, log.events, name, question, choice, median(seconds), len(seconds)))


def compare(workers: dict[str, Worker], question: str, choice: str) -> None:
    """Hold the peers' figures against Løft's. Raises ``FailedError`` where a count, a mean or a median is another."""
    ours = workers["Løft"].do("figures", question=question, choice=choice)["figures"]
    for name, worker in workers.items():
        theirs = worker.do("figures", question=question, choice=choice)["figures"]
        if theirs is None:
            continue
        kept = [
            key for key in ours if question != "variants" or key in theirs
        ]  # of the last that are equally frequent, each takes others
        exact = name != "PM4Py" and "Polars" not in name
        wrong = [key for key in kept if key not in theirs or not _same(ours[key], theirs[key], exact=exact)]
        missing = set(theirs) - set(ours) if question != "variants" else set()
        if wrong or missing:
            key = next(iter([*wrong, *missing]))
            raise FailedError(f"{question}, {choice}: {name} says {theirs.get(key)} of {key}, Løft {ours.get(key)}")


def _same(ours: list[float], theirs: list[float], *, exact: bool) -> bool:
    """Counts are equal, means too but for rounding to seconds; medians lie in the same bin (at most a day wide),
    where it is told which middle is taken."""
    if ours[0] != theirs[0]:
        return False
    if len(ours) == 1 or len(theirs) == 1:
        return True
    return abs(ours[1] - theirs[1]) < 1e-4 and (not exact or abs(ours[2] - theirs[2]) < 1e-9)


def growth(sizes: list[int]) -> Iterator[Measured]:
    """Løft's import at several sizes, each in a process of its own."""
    for size in sizes:
        log = logs.large(ROAD, size)
        yield from _separately("growth", log, ["Løft"], "import", "build", 1)


def xes(rounds: int = 3) -> Iterator[Measured]:
    """The largest real XES file: others read it, Løft reads it and makes the steps."""
    path = str(logs.shared() / ROAD.file)
    names = ["loft", *(name for name in ("pm4py", "rustxes", "r4pm") if installed(name))]
    yield from _files("xes", names, rounds, lambda name: {"function": name, "path": path}, 561_470)


def simulate(sizes: list[int]) -> Iterator[Measured]:
    """Fjordvik, the simulated municipality."""
    for size in sizes:
        yield from _files("simulate", ["simulate"], 1, lambda name, size=size: {"function": name, "events": size}, size)  # type: ignore[misc]


def installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def _files(
    part: str, names: list[str], rounds: int, arguments: Callable[[str], dict[str, Any]], events: int
) -> Iterator[Measured]:
    answers: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            answers[name].append(once(peers.FILES, "call", **arguments(name)))
    for name, found in answers.items():
        most = max(a["peak"] for a in found)
        yield told(
            Measured(
                part,
                ROAD.name if part == "xes" else "fjordvik",
                events,
                name,
                part,
                seconds=median([a["taken"] for a in found]),
                rounds=rounds,
                peak=most,
            )
        )
