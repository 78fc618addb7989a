"""``python -m bench.fjordvik_truth``: is the true effect inside the rule's sequence, and does the rule find what was built in?

Many towns are simulated, each with a seed of its own, and each is looked at in several sizes (a small log is a sample of the town). Of the
changes measured in days the truth is known from both lives of each case, on the figure that the rule estimates.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import numpy as np

from loft.example.changes import Demo, demo_plans
from loft.example.counted import cells_of_town
from loft.example.desks import opened_between
from loft.example.estimand import true_effect
from loft.example.streams import stream
from loft.example.town import SMALLEST_TOWN, Town, simulate
from loft.example.truth import truth
from loft.log.progress import silent
from loft.value.look import verdict
from loft.value.looking import look
from loft.value.policy import policy

MONTHS = 48
OUT = Path(__file__).parent / "out" / "fjordvik-truth.json"


@dataclass(frozen=True)
class Found:
    """One change in one town at one size. ``last`` and ``path``: is the truth inside at the last look, and at every look? None where the
    rule has no estimate. ``estimate``, ``truth`` and ``half`` (the sequence's width) are logarithms at the last look."""

    size: int
    seed: int
    change: str
    word: str
    last: bool | None = None
    path: bool | None = None
    estimate: float | None = None
    truth: float | None = None
    half: float | None = None


def found_in(seed: int, sizes: tuple[int, ...]) -> list[Found]:
    """What the rule says of each change in the town of *seed*, at each of *sizes* (events)."""
    whole = SMALLEST_TOWN * MONTHS
    town = simulate(whole, seed, MONTHS, silent)
    demos = demo_plans(truth(town, seed=seed, months=MONTHS, events=whole))
    chance = stream(seed, "sample").random(town.paths.cases)
    within = opened_between(town.paths, town.days.log_from, town.days.log_until)
    sampled = ((size, replace(town, kept=within & (chance < size / whole))) for size in sizes)
    return [_found(each, demo, size, seed) for size, each in sampled for demo in demos]


def _found(town: Town, demo: Demo, size: int, seed: int) -> Found:
    plan = replace(demo.plan, locked_at=str(demo.locked_on))
    cells = cells_of_town(town, plan)
    today = cells[plan.measure].until
    found = Found(size, seed, plan.change, str(verdict(plan, cells, today).word))
    looked = look(plan, cells[plan.measure], today, policy(plan.policy)) if plan.measure == "days" else None
    if looked is None:
        return found
    effect, c = true_effect(town, plan), looked.conditions
    days = [date.fromordinal(cells[plan.measure].first.toordinal() + int(each)) for each in looked.looks]
    true = [effect.on(day) for day in days]
    inside = [
        low <= t <= high for t, low, high in zip(true, c.low, c.high, strict=True) if t is not None and np.isfinite(low)
    ]
    estimate, half = float(looked.estimates.estimate[-1]), float(c.high[-1] - c.low[-1]) / 2
    if not inside or true[-1] is None or not np.isfinite(half):
        return found
    return replace(found, last=bool(inside[-1]), path=all(inside), estimate=estimate, truth=true[-1], half=half)


def _all(seeds: Iterable[int], sizes: tuple[int, ...], processes: int) -> Iterator[list[Found]]:
    if processes == 1:
        yield from (found_in(seed, sizes) for seed in seeds)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(found_in, seeds, [sizes] * len(list(seeds)))


def table(found: list[Found]) -> list[dict[str, Any]]:
    """One row for each size and change: the verdicts, the share inside, the mean of what is estimated, and its spread."""
    rows = []
    for size, change in dict.fromkeys((each.size, each.change) for each in found):
        mine = [each for each in found if (each.size, each.change) == (size, change)]
        told = [each for each in mine if each.last is not None]
        row: dict[str, Any] = {"events": size, "change": change, "towns": len(mine)}
        row["verdicts"] = dict(Counter(each.word for each in mine).most_common())
        if told:
            missed = np.array(
                [each.estimate - each.truth for each in told if each.estimate is not None and each.truth is not None]
            )
            row |= {
                "inside": sum(bool(each.last) for each in told) / len(told),
                "inside_always": sum(bool(each.path) for each in told) / len(told),
                "truth": float(np.mean([each.truth for each in told if each.truth is not None])),
                "missed_mean": float(missed.mean()),
                "missed_sd": float(missed.std(ddof=1)) if len(missed) > 1 else 0.0,
                "half_width": float(np.mean([each.half for each in told if each.half is not None])),
            }
        rows.append(row)
    return rows


@click.command()
@click.option("--seeds", type=click.IntRange(min=1), default=10, show_default=True, help="How many towns.")
@click.option("--first", type=int, default=1, show_default=True, help="The first seed.")
@click.option(
    "--sizes", default="200000,400000,800000", show_default=True, help="Events in a log, with commas between."
)
@click.option("--processes", type=click.IntRange(min=1), default=2, show_default=True)
def main(seeds: int, first: int, sizes: str, processes: int) -> None:
    """Hold the rule against the truth in many simulated towns; prints Markdown and writes JSON to bench/out."""
    begun = time.monotonic()
    chosen = tuple(int(size) for size in sizes.split(","))
    found = [each for some in _all(range(first, first + seeds), chosen, processes) for each in some]
    rows = table(found)
    print("| events | change | verdicts | inside | at every look | truth | missed (sd) | half width |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        words = ", ".join(f"{word} {count}" for word, count in row["verdicts"].items())
        figures = (
            f"{row['inside']:.1%} | {row['inside_always']:.1%} | {row['truth']:+.3f} | "
            f"{row['missed_mean']:+.3f} ({row['missed_sd']:.3f}) | {row['half_width']:.3f}"
            if "inside" in row
            else "– | – | – | – | –"
        )
        print(f"| {row['events']:,} | {row['change']} | {words} | {figures} |")
    print(f"\n{seeds} towns in {time.monotonic() - begun:.0f} s.")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({"seeds": seeds, "first": first, "rows": rows}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
