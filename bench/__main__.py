"""``python -m bench``: see the help."""

import sys
import time

import click

from bench import measure
from bench.agree import agree
from bench.bars import bars
from bench.logs import OUT
from bench.measure import MILLION, Measured, say
from bench.report import write
from bench.worker import FailedError

PARTS = ("agree", "answer", "questions", "build", "growth", "xes", "simulate")


def _chosen(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    parts = tuple(value.split(",")) if value else PARTS
    for part in parts:
        if part not in PARTS:
            raise click.BadParameter(f"{part!r} is no part; choose from {', '.join(PARTS)}")
    return parts


@click.command()
@click.argument("only_agree", required=False, type=click.Choice(["agree"]), metavar="[agree]")
@click.option(
    "--only", callback=_chosen, help=f"The parts to run, with commas between: {','.join(PARTS)}. Default: all."
)
@click.option("--full", is_flag=True, help="Growth to 50 million events and a simulation of 10 million, too.")
@click.option("--small", is_flag=True, help="One million events only.")
def main(only_agree: str | None, only: tuple[str, ...], full: bool, small: bool) -> None:
    """Løft beside PM4Py, r4pm, Polars and a plain single pass: are the counts the same, how long does it take, how much memory?

    Prints Markdown, and writes it and JSON to bench/out. "agree" alone holds the real logs against PM4Py.
    """
    only = ("agree",) if only_agree else only
    begun, found, right = time.monotonic(), list[Measured](), True
    sizes = [MILLION] if small else [MILLION, 10 * MILLION]
    grown = [MILLION, 2 * MILLION, 3 * MILLION] if small else [MILLION, 3 * MILLION, 10 * MILLION, 30 * MILLION]
    simulated = [MILLION // 10, MILLION]
    todo = {
        "answer": lambda: measure.answer(sizes),
        "questions": lambda: measure.questions(sizes),
        "build": lambda: measure.build(sizes),
        "growth": lambda: measure.growth([*grown, *([50 * MILLION] if full else [])]),
        "xes": measure.xes,
        "simulate": lambda: measure.simulate([*simulated, *([10 * MILLION] if full else [])]),
    }
    for part in only:
        say(part)
        if part == "agree":
            right = agree() and right
            continue
        try:
            for measured in todo[part]():
                found.append(measured)
        except FailedError as error:
            say(f"  {error}")
            right = False
    if found:
        print(write(found, bars(found), (time.monotonic() - begun) / 60, OUT))
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
