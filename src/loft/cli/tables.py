"""``loft table``: rules that people can read, checked, asked, tried and compared."""

import click

from loft.cli.group import Verbs
from loft.cli.table_asking import ask
from loft.cli.table_checking import check, test
from loft.cli.table_comparing import diff
from loft.cli.table_deciding import decide
from loft.cli.table_running import run
from loft.cli.table_showing import show


@click.group("table", cls=Verbs, section="Rules that can be read")
def table() -> None:
    """Check, ask and try decision tables.

    FILE is a rule as a Markdown table (.md) or as DMN (.dmn), or a folder with the versions of one rule.
    docs/rules.md says how to write one.
    """


for _command in (check, decide, ask, run, diff, show, test):
    table.add_command(_command)
