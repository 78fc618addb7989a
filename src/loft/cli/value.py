"""``loft value``: estimate an effect, judge a design before it starts, and see how often the rule is right."""

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import Verbs, fail
from loft.cli.options import Day, language_option, log_options
from loft.cli.show import Output, all_rows, console, output_options, put

if TYPE_CHECKING:
    from loft.log import Log

METHODS = ("did", "event_study", "staggered", "synthetic", "synthetic_did", "interrupted", "rmst")


@click.group("value", cls=Verbs, section="Did it help?")
def value() -> None:
    """Estimate effects and judge designs.

    An estimate is no verdict: that needs a plan which was locked before the change started (loft change).
    """


def _case_options(function: Any) -> Any:
    options = (
        click.option(
            "--by",
            metavar="WHAT",
            default="unit",
            show_default=True,
            help="What a unit is: unit (the first one a case met) or attribute:NAME.",
        ),
        click.option(
            "--service", "services", metavar="NAME", multiple=True, help="Cases about this service; may be repeated."
        ),
        click.option(
            "--within",
            metavar="DAYS",
            type=click.IntRange(min=1),
            help="Days up to which a case counts. [default: nine in ten closed cases took no longer]",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


_measure_option = click.option(
    "--measure",
    metavar="NAME",
    default="days",
    show_default=True,
    help="The measure: days, doors, handovers, bounces, on_time:30 and others.",
)


@value.command("estimate")
@language_option
@log_options
@_measure_option
@click.option(
    "--method", type=click.Choice(METHODS), default="did", show_default=True, help="How the effect is estimated."
)
@click.option(
    "--treated",
    metavar="UNIT[=DAY]",
    multiple=True,
    required=True,
    help="A unit with the change, and its start; may be repeated.",
)
@click.option("--start", metavar="DAY", type=Day(), help="The start of the treated units that have none of their own.")
@click.option(
    "--comparison", metavar="UNIT", multiple=True, help="A unit to compare with; may be repeated. [default: all others]"
)
@_case_options
@output_options
def estimate(
    log: "Log", measure: str, method: str, treated: tuple[str, ...], start: date | None, output: Output, **given: Any
) -> None:
    """The effect of a change on a measure, in the units that have it.

    \b
    loft value estimate --treated Lia --treated Myra=2025-03-01 --start 2025-01-01 --by attribute:center
    """
    from loft import value as room

    named = dict(_started(text, start) for text in treated)
    chosen = {name: found for name, found in given.items() if found}
    found = getattr(room, method)(log, measure, treated=named, **chosen)
    table = found.table()
    put(table, all_rows(output, table), found.chart, intro=str(found))


def _started(text: str, start: date | None) -> tuple[str, date]:
    unit, equals, day = text.rpartition("=")
    if equals:
        try:
            return unit, date.fromisoformat(day)
        except ValueError:
            raise click.UsageError(f"--treated takes UNIT or UNIT=DAY, such as Lia=2025-03-01, not {text!r}.") from None
    if start is None:
        raise click.UsageError(f"When did {text!r} start? Write --treated {text}=DAY or give --start DAY.")
    return text, start


@value.command("design")
@language_option
@log_options
@_measure_option
@click.option(
    "--smallest",
    metavar="SIZE",
    type=float,
    required=True,
    help="The smallest effect worth having: 0.05 is 5 %, or in the measure's unit with --absolute.",
)
@click.option(
    "--better", type=click.Choice(["lower", "higher"]), help="Which way is better. [default: the measure's own]"
)
@click.option("--absolute", is_flag=True, help="SIZE is in the measure's unit, not a share of its level.")
@click.option("--start", metavar="DAY", type=Day(), help="The planned start. [default: the day after the log's last]")
@click.option(
    "--horizon",
    metavar="DAYS",
    type=click.IntRange(60, 1095),
    default=365,
    show_default=True,
    help="How long the change will be followed.",
)
@click.option("--wanting", metavar="UNIT", multiple=True, help="A unit that wants to start; may be repeated.")
@click.option("--seed", metavar="TEXT", help="Draw lots for half of the units with this seed, and show the order.")
@_case_options
@output_options
def design(
    log: "Log",
    measure: str,
    smallest: float,
    better: str | None,
    absolute: bool,
    start: date | None,
    horizon: int,
    wanting: tuple[str, ...],
    seed: str | None,
    output: Output,
    **given: Any,
) -> None:
    """What each way of rolling out a change could find, and when, by the log's own history."""
    from datetime import timedelta

    import numpy as np

    from loft.value.design import ways, ways_table
    from loft.value.lottery import draw_lots
    from loft.value.making import cells_of
    from loft.value.policy import policy

    chosen = {name: found for name, found in given.items() if found}
    cells = cells_of(log, measure, **chosen)
    start = start or cells.until + timedelta(days=1)
    found = ways(
        cells, policy(), smallest=smallest, better=better or cells.measure.better, relative=not absolute, start=start,
        horizon=horizon, wanting=wanting, rng=np.random.default_rng(20260101),
    )  # fmt: skip
    put(ways_table(found, cells.measure, relative=not absolute), output, lambda: None)
    if seed and output.form == "table":
        draw = draw_lots(cells.units, seed=seed, start=start)
        click.echo(f"\nDrawn with the seed {seed!r}, lowest SHA-256 of seed:unit first:")
        for place, unit in enumerate(draw.order, 1):
            click.echo(f"{place:3}. {unit}{'  starts' if unit not in draw.waiting else '  waits'}")


@value.command("simulate")
@language_option
@click.option(
    "--runs", metavar="N", type=click.IntRange(min=10), default=2000, show_default=True, help="Lives of each world."
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(min=0),
    default=2026,
    show_default=True,
    help="The same seed gives the same worlds.",
)
@click.option(
    "--processes", metavar="N", type=click.IntRange(min=1), help="Processes at a time. [default: one for each core]"
)
@click.option(
    "--world", "named", metavar="TEXT", multiple=True, help="Only worlds whose name holds TEXT; may be repeated."
)
@output_options
def simulate(runs: int, seed: int, processes: int | None, named: tuple[str, ...], output: Output) -> None:
    """How often the rule is right, in worlds with a known truth that are looked at every day. Takes minutes.

    Ends with an error when a figure that the rule must reach is missed.
    """
    import os

    from loft.value.simulation.runs import simulate as run
    from loft.value.simulation.told import met, table
    from loft.value.simulation.worlds import worlds

    chosen = [world for world in worlds() if not named or any(text in world.name for text in named)]
    if not chosen:
        raise click.UsageError("No world has such a name. There are: " + "; ".join(w.name for w in worlds()) + ".")
    began = datetime.now()  # noqa: DTZ005, TID251 - to tell how long it took
    tallies = []
    for number, world in enumerate(chosen, 1):
        console(stderr=True).print(f"{number} of {len(chosen)}: {world.name}", style="dim")
        tallies.append(run(world, runs=runs, seed=seed, processes=processes or os.cpu_count() or 1))
    told = table(tallies)
    put(told, all_rows(output, told), lambda: None)
    took = datetime.now() - began  # noqa: DTZ005, TID251 - to tell how long it took
    console(stderr=True).print(
        f"{runs} runs of each, seed {seed}, {took.seconds // 60} min {took.seconds % 60} s", style="dim"
    )
    if missed := [t.name for t in tallies if met(t) is False]:
        sys.stdout.flush()
        fail("Missed: " + "; ".join(missed))
