"""``loft table check`` and ``loft table test``: is a rule whole, and does it say what it should?"""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import fail
from loft.cli.options import Day, language_option
from loft.cli.table_files import RULE, every
from loft.language import mark

if TYPE_CHECKING:
    from loft.decisions import Table
    from loft.decisions.checking import Report

GAP = mark("From %(first)s to %(last)s no version is in force.")
COUNTED = mark("%(right)s of %(all)s examples come out as they say.")


@click.command("check")
@language_option
@click.argument("path", metavar="FILE", type=RULE)
@click.option(
    "--decision", metavar="NAME", default="", help="The decision to check. [default: all that no other requires]"
)
@click.option(
    "--at", metavar="DAY", type=Day(), help="Of a folder, only the version in force on this day. [default: all]"
)
@click.option("--strict", is_flag=True, help="Count warnings as wrong too.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def check(path: Path, decision: str, at: date | None, strict: bool, as_json: bool) -> None:
    """Find gaps, overlaps and rows that never fire.

    Also facts that nothing rests on, and outputs that are not allowed. What a decision requires is checked with
    it, and of a folder every version. The exit code is 1 when something is wrong.
    """
    reports = [(table, table.check()) for table in every(path, decision, at)]
    gaps = [] if at is not None else version_gaps(path, decision)
    if as_json:
        click.echo(json.dumps([_record(*pair) for pair in reports], ensure_ascii=False, indent=1))
    else:
        for table, report in reports:
            click.echo(f"{table.model.file}, {table.name}:" if len(reports) > 1 else "", nl=len(reports) > 1)
            click.echo(str(report))
        for gap in gaps:
            click.echo(gap)
    severities = {str(finding.severity) for _, report in reports for finding in report.findings}
    if "error" in severities or (strict and ("warning" in severities or gaps)):
        raise click.exceptions.Exit(1)


def version_gaps(path: Path, decision: str) -> list[str]:
    """Days between two versions in a folder on which none is in force, as sentences."""
    from loft.charts import numbers
    from loft.decisions.versions import rule
    from loft.language import gettext

    if not path.is_dir():
        return []
    found = rule(path, decision).gaps
    return [gettext(GAP) % {"first": numbers.day(gap.first), "last": numbers.day(gap.last)} for gap in found]


def _record(table: "Table", report: "Report") -> dict[str, Any]:
    found = [
        {
            "kind": str(finding.kind),
            "severity": str(finding.severity),
            "decision": finding.decision,
            "rows": list(finding.rows),
            "says": str(finding),
        }
        for finding in report.findings
    ]
    own = {"file": table.model.file, "version": table.model.head.version, "decision": table.name}
    return {**own, "ok": report.ok, "exact": report.exact, "findings": found}


@click.command("test")
@language_option
@click.argument("path", metavar="FILE", type=RULE)
@click.option(
    "--decision", metavar="NAME", default="", help="The decision asked for. [default: the one no other requires]"
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def test(path: Path, decision: str, as_json: bool) -> None:
    """Run the examples kept beside a rule.

    Of fee.md these are in fee.examples.md or in its own text; of a folder those of every version are run. The exit
    code is 1 when an example comes out otherwise than it says, or when there is none.
    """
    from loft import decisions
    from loft.decisions.examples import examples_of, run
    from loft.decisions.versions import rule_files
    from loft.language import gettext

    results: list[tuple[Path, Any]] = []
    for file in rule_files(path):
        examples = examples_of(file)
        named = bool(examples) and all(example.decision for example in examples)
        table = every(file)[0] if named and not decision else decisions.table(file, decision)
        results += [(file, outcome) for outcome in run(table, examples)]
    wrong = [outcome for _, outcome in results if not outcome.ok]
    if as_json:
        told = [{"file": file.name, "example": o.example.name, "ok": o.ok, "says": str(o)} for file, o in results]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for file, outcome in results:
            if not outcome.ok:
                click.echo(f"{file.name}: {outcome}")
        if results:
            click.echo(gettext(COUNTED) % {"right": len(results) - len(wrong), "all": len(results)})
    if not results:
        fail(f"There are no examples beside {path}: write them in a file such as {path.stem}.examples.md.")
    if wrong:
        raise click.exceptions.Exit(1)
