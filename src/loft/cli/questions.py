"""The questions as commands: one for each question of ``loft.insight``, all with the same options."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import Command
from loft.cli.options import against_options, language_option, log_options, selection_options
from loft.cli.show import Output, console, output_options, prose, put

if TYPE_CHECKING:
    from loft.charts import Drawing
    from loft.insight import Table
    from loft.log import Log, Selection

SECTION = "Ask a log"


def ask(
    question: Callable[..., "Table"],
    log: "Log",
    selection: "Selection",
    against: "Selection | None",
    output: Output,
    **options: Any,
) -> None:
    """The answer to *question*, where *output* says; compared when there is something to compare with."""
    from loft.insight import compare
    from loft.insight.notebook import chart
    from loft.insight.wording import chosen

    def draw() -> "Drawing | None":
        first = question(log, selection, **options)
        if against is None:
            return chart(first)
        return chart(first, question(log, against, **options), (chosen(selection), chosen(against)))

    if output.form == "svg" or against is None:
        put(question(log, selection, **options), output, draw)
    else:
        put(compare(question, log, against, selection, **options), output, draw, intro=_two(selection, against))


def _two(selection: "Selection", against: "Selection") -> str:
    from loft.insight.wording import chosen
    from loft.language import gettext

    sentence = gettext("First: %(first)s. Second: %(second)s. The change is from the first to the second.")
    return sentence % {"first": chosen(against), "second": chosen(selection)}


def _command(name: str, question: str, text: str, *further: Callable[..., Any]) -> click.Command:
    """The command *name*, which asks *question*; *further* are options that the question has of its own."""

    def run(log: "Log", selection: "Selection", against: "Selection | None", output: Output, **options: Any) -> None:
        from loft import insight

        ask(getattr(insight, question), log, selection, against, output, **options)

    wanted = (language_option, log_options, *further, selection_options, against_options, output_options)
    for option in reversed(wanted):
        run = option(run)
    return click.command(name, cls=Command, section=SECTION, help=text)(run)


def _by(*choices: str, text: str) -> Callable[..., Any]:
    return click.option("--by", type=click.Choice(choices), default=choices[0], show_default=True, help=text)


QUESTIONS: dict[str, click.Command] = {
    "doors": _command(
        "doors",
        "doors",
        "How many doors (units) people are sent through.",
        _by("doors", "service", "month", text="One row for each number of doors, service, or month of opening."),
    ),
    "handovers": _command(
        "handovers", "handovers", "Which units hand over to which, and the wait before the receiver acts."
    ),
    "waits": _command(
        "waits",
        "waits",
        "Where time goes: work and waiting.",
        _by("step", "reason", text="One row for each step and unit, or for what cases wait for."),
    ),
    "bounces": _command("bounces", "bounces", "Where cases are sent back to a unit they have left."),
    "rework": _command("rework", "rework", "Which steps are done again in the same case."),
    "throughput": _command("throughput", "throughput", "How long cases take, by the month they were opened."),
    "bottlenecks": _command("bottlenecks", "bottlenecks", "Between which steps people wait the most in all."),
    "units": _command("units", "units", "What each unit does, receives, passes on and gets back."),
    "follows": _command("follows", "directly_follows", "Which step comes directly after which, and the wait between."),
}


@click.command("variants", cls=Command, section=SECTION)
@language_option
@log_options
@selection_options
@against_options
@output_options
def variants(log: "Log", selection: "Selection", against: "Selection | None", output: Output) -> None:
    """The ways cases take: their steps in order, the most frequent first."""
    from loft import insight

    most = output.top or (50 if output.form in ("table", "svg") and not output.file else 1_000)
    ask(insight.variants, log, selection, against, output, top=most)


@click.command("journeys", cls=Command, section=SECTION)
@language_option
@log_options
@selection_options
@against_options
@output_options
def journeys(log: "Log", selection: "Selection", against: "Selection | None", output: Output) -> None:
    """The answer in short: one sentence and the numbers behind it.

    LOG is a store, or a file that is read for this once. With --svg: work and waiting by step.
    """
    from loft import insight
    from loft.insight.notebook import chart

    if output.form == "svg":
        put(insight.waits(log, selection), output, lambda: chart(insight.waits(log, selection)))
        return
    if output.form != "table" or output.file:
        ask(insight.overview, log, selection, against, output)
        return
    _short(log, selection, against)


def _short(log: "Log", selection: "Selection", against: "Selection | None") -> None:
    """The overview on the screen: a sentence, then a number a line, held against the other choice where there is one."""
    from rich.table import Table as Grid
    from rich.text import Text

    from loft.charts import numbers
    from loft.insight import overview
    from loft.insight.wording import answer, cells, chosen, head, remarks
    from loft.language import gettext

    where = console()
    tables = [overview(log, choice) for choice in (selection, against) if choice is not None]
    prose(where, log.meta.name, style="bold")
    prose(where, answer(tables[0]))
    if log.meta.simulated:
        prose(where, gettext("This log is simulated; the people and the cases do not exist."))
    where.print()
    grid = Grid.grid(padding=(0, 3, 0, 0))
    for place in range(len(tables) + 1):
        grid.add_column(justify="right" if place else "left", no_wrap=bool(place))
    if against is not None:
        grid.add_row("", *(Text(chosen(choice), style="bold") for choice in (selection, against)))
    rows = [cells(table)[0] if len(table) else [numbers.withheld()] * len(table.columns) for table in tables]
    for place, column in enumerate(tables[0].columns):
        grid.add_row(Text(head(column), style="dim"), *(row[place] for row in rows))
    where.print(grid)
    for sentence in dict.fromkeys(said for table in tables for said in remarks(table)):
        prose(where, sentence, style="dim")


@click.command("map", cls=Command, section=SECTION)
@language_option
@log_options
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    help="Draw the most frequent ways that cover this share of cases.",
)
@selection_options
@output_options
def map_(log: "Log", selection: "Selection", share: float, output: Output) -> None:
    """The map of how cases travel: steps, and the ways between them.

    The table has the ways; --svg draws the map.
    """
    from loft import insight
    from loft.insight.notebook import map_chart
    from loft.insight.wording import coverage

    found = insight.journey_map(log, selection, share=share)
    put(found.arcs, output, lambda: map_chart(found), intro=coverage(found))
