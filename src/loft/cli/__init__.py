"""The verbs for a terminal: bring in a log, ask it, share what it says.

Everything heavy is loaded by the command that needs it, so that help is there at once.
"""

import click

from loft import __version__
from loft.cli.change_files import verify
from loft.cli.changes import change
from loft.cli.group import Group
from loft.cli.importing import import_
from loft.cli.questions import QUESTIONS, journeys, map_, variants
from loft.cli.serving import example, serve
from loft.cli.stores import check, export, publish, report
from loft.cli.tables import table
from loft.cli.value import value

__all__ = ["main"]

_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(
    "loft", cls=Group, context_settings=_HELP, epilog="loft COMMAND --help says more. The docs are in docs/terminal.md."
)
@click.version_option(__version__, prog_name="loft", message="%(prog)s %(version)s")
def main() -> None:
    """How do people's cases really travel, and where do they wait?

    \b
    loft import cases.xes     bring a log into ./loft-store
    loft journeys             the answer in short
    loft journeys cases.xes   the same from a file, without a store
    """


for _command in (
    import_,
    example,
    journeys,
    *QUESTIONS.values(),
    variants,
    map_,
    value,
    change,
    verify,
    table,
    report,
    serve,
    check,
    publish,
    export,
):
    main.add_command(_command)
