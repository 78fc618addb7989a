"""``loft table diff``: what differs between two versions of a rule, and whose outcome it changes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.options import language_option
from loft.cli.show import Output, all_rows, put
from loft.cli.table_cases import CASES, cases_of, columns_of, counted, gated, tell_unknown, write_cases
from loft.cli.table_files import RULE, opened
from loft.cli.table_running import (
    facts_option,
    force_option,
    json_option,
    minimum_option,
    outcome_in_words,
    output_option,
)

if TYPE_CHECKING:
    from loft.decisions import Table
    from loft.insight import Table as Figures

OLD, NEW = "old ", "new "
"""What the columns of changed cases begin with."""


@click.command("diff")
@language_option
@click.argument("old", metavar="OLD", type=RULE)
@click.argument("new", metavar="NEW", type=RULE)
@click.argument("cases", metavar="[CASES]", type=CASES, required=False)
@click.option(
    "--decision", metavar="NAME", default="", help="The decision asked for. [default: the one no other requires]"
)
@facts_option
@output_option
@force_option
@minimum_option
@json_option
def diff(
    old: Path,
    new: Path,
    cases: Path | None,
    decision: str,
    pairs: tuple[str, ...],
    file: Path | None,
    force: bool,
    minimum: int | None,
    as_json: bool,
) -> None:
    """What differs between two versions of a rule.

    Rows added, removed and changed from OLD to NEW; with CASES, how many cases would have another outcome. CASES
    is a .csv or .parquet file with a row for each case, or a store. --output writes the cases whose outcome
    changes.
    """
    from loft.decisions.difference import changed_cases, difference

    if file is not None and cases is None:
        raise click.UsageError("--output writes cases whose outcome changes: name CASES too.")
    before, after = opened(old, decision), opened(new, decision)
    lines = str(difference(before, after)).splitlines()
    changed = None
    if cases is not None:
        source, facts = cases_of(cases), columns_of(pairs)
        changed = changed_cases(before, after, source, facts=facts)
        tell_unknown((before, after), source, facts)
    if changed is not None and file is not None:
        write_cases(changed, file, force)
    figures = None if changed is None else _figures(before, after, changed, minimum)
    if as_json:
        told = {"says": lines, "cases": figures and figures.as_dict()}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(lines))
    if figures is not None:
        click.echo("")
        put(figures, all_rows(Output(), figures), lambda: None)


def _figures(before: "Table", after: "Table", changed: Any, minimum: int | None) -> "Figures":
    """How many cases go from which outcome to which, through the gate."""
    keys = [name for name in changed.columns if name.startswith((OLD, NEW)) and name not in (f"{OLD}row", f"{NEW}row")]
    rows = counted(changed, keys)
    told: dict[str, list[str]] = {"before": [], "after": []}
    for row in rows.to_pylist():
        for table, side, words in ((before, OLD, told["before"]), (after, NEW, told["after"])):
            own = {name.removeprefix(side): value for name, value in row.items() if name.startswith(side)}
            words.append(outcome_in_words(table, own))
    return gated("changed_outcomes", told, rows.column("cases").to_pylist(), minimum)
