"""``loft table``: rules that people can read, checked, asked, tried and compared."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loft.cli.group import Verbs
from loft.cli.options import language_option
from loft.cli.table_asking import ask
from loft.cli.table_comparing import diff
from loft.cli.table_facts import facts_of
from loft.cli.table_files import rule_options
from loft.cli.table_running import run
from loft.cli.table_saying import record, say
from loft.cli.table_showing import show
from loft.cli.table_testing import test

if TYPE_CHECKING:
    from loft.decisions import Table


@click.group("table", cls=Verbs, section="Rules that can be read")
def table() -> None:
    """Check, ask and try decision tables.

    FILE is a rule as a Markdown table (.md) or as DMN (.dmn), or a folder with the versions of one rule.
    docs/rules.md says how to write one.
    """


@table.command("check")
@language_option
@rule_options
@click.option("--strict", is_flag=True, help="Count warnings as wrong too.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def check(table: "Table", path: Path, at: date | None, strict: bool, as_json: bool) -> None:
    """Find gaps, overlaps, rows that never fire and more, before anyone is decided about.

    The exit code is 1 when something is wrong.
    """
    report = table.check()
    if as_json:
        found = [
            {
                "kind": str(f.kind),
                "severity": str(f.severity),
                "decision": f.decision,
                "rows": list(f.rows),
                "says": str(f),
            }
            for f in report.findings
        ]
        click.echo(
            json.dumps({"ok": report.ok, "exact": report.exact, "findings": found}, ensure_ascii=False, indent=1)
        )
    else:
        click.echo(str(report))
    wrong = [f for f in report.findings if str(f.severity) == "error" or (strict and str(f.severity) == "warning")]
    if wrong:
        raise click.exceptions.Exit(1)


@table.command("decide")
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
    """The outcome for one case, with its reasons; with facts missing, what else must be known.

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


for _command in (ask, run, diff, show, test):
    table.add_command(_command)
