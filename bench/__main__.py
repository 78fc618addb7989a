"""``python -m bench``: see the help."""

import sys
import time
from itertools import chain

import click

from bench import decisions, measure, value
from bench.agree import agree
from bench.bars import bars
from bench.logs import OUT
from bench.measure import MILLION, Measured, say
from bench.report import write
from bench.worker import FailedError

PARTS = ("agree", "answer", "questions", "build", "growth", "xes", "simulate", "value", "decisions")


def _chosen(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    parts = tuple(value.split(",")) if value else PARTS
    for part in parts:
        if part not in PARTS:
            raise click.BadParameter(f"{part!r} is no part; choose from {', '.join(PARTS)}")
    return parts


@click.command()
@click.argument("part", required=False, type=click.Choice(PARTS), metavar="[PART]")
@click.option(
    "--only", callback=_chosen, help=f"The parts to run, with commas between: {','.join(PARTS)}. Default: all."
)
@click.option("--full", is_flag=True, help="Growth to 50 million events and a simulation of 10 million, too.")
@click.option("--small", is_flag=True, help="One million events only.")
def main(part: str | None, only: tuple[str, ...], full: bool, small: bool) -> None:
    """Løft beside PM4Py, r4pm, Polars and a plain single pass: are the counts the same, how long does it take, how much memory?

    Prints Markdown, and writes it and JSON to bench/out. A PART alone runs only that: "agree" holds the real logs against PM4Py, "value"
    the estimates against pyfixest and linearmodels, "decisions" decision tables against zen-engine, SpiffWorkflow and pyDMNrules.
    """
    only = (part,) if part else only
    begun, found, right = time.monotonic(), list[Measured](), True
    sizes = [MILLION] if small else [MILLION, 10 * MILLION]
    grown = [MILLION, 2 * MILLION, 3 * MILLION] if small else [MILLION, 3 * MILLION, 10 * MILLION, 30 * MILLION]
    summed = [MILLION, 2 * MILLION, 3 * MILLION] if small else [MILLION, 10 * MILLION, 50 * MILLION]
    simulated = [MILLION // 10, MILLION]
    todo = {
        "answer": lambda: measure.answer(sizes),
        "questions": lambda: measure.questions(sizes),
        "build": lambda: measure.build(sizes),
        "growth": lambda: measure.growth([*grown, *([50 * MILLION] if full else [])]),
        "xes": measure.xes,
        "simulate": lambda: measure.simulate([*simulated, *([10 * MILLION] if full else [])]),
        "value": lambda: chain(value.event_study(sizes), value.cells(summed), value.looks()),
        "decisions": lambda: chain(decisions.decisions(), decisions.over(MILLION if small else 10 * MILLION)),
    }
    for chosen in only:
        say(chosen)
        if chosen == "agree":
            right = agree() and right
            continue
        try:
            for measured in todo[chosen]():
                found.append(measured)
        except FailedError as error:
            say(f"  {error}")
            right = False
    if found:
        print(write(found, bars(found), (time.monotonic() - begun) / 60, OUT))
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
