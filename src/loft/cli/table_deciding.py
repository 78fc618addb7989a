"""``loft table decide``: one case, with its reasons."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loft.cli.options import language_option
from loft.cli.table_facts import facts_of
from loft.cli.table_files import rule_options
from loft.cli.table_saying import record, say

if TYPE_CHECKING:
    from loft.decisions import Table


@click.command("decide")
@language_option
@rule_options
@click.argument("pairs", metavar="[FACT=VALUE]…", nargs=-1)
@click.option(
    "--facts",
    "file",
    metavar="FILE.json",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Facts from a JSON object; those on the command line go before.",
)
@click.option("--why-not", is_flag=True, help="Tell the smallest change of facts that would change the outcome.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def decide(
    table: "Table", path: Path, at: date | None, pairs: tuple[str, ...], file: Path | None, why_not: bool, as_json: bool
) -> None:
    """The outcome for one case, with its reasons.

    Where facts are missing that could change it: which, and what to ask next.

    \b
    loft table decide fee.md household_income=312000 children=2
    loft table decide fee.md --facts case.json --why-not

    A fact that is left out, or given as ?, is not known. “nothing” says that it is known to be empty.
    """
    facts = facts_of(table, pairs, file)
    decision = table.decide(facts, at=at)
    change = table.counterfactual(facts) if why_not and not decision.missing else None
    if as_json:
        click.echo(json.dumps(record(decision, facts, change), ensure_ascii=False, indent=1))
        return
    say(decision, facts)
    if why_not:
        from loft.decisions import saying
        from loft.language import gettext

        no_change = gettext("No change of these facts would change the outcome.")
        click.echo("\n" + (saying.counterfactual(change, table) if change else no_change))
