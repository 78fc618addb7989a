"""``loft table run``: a rule over a whole table of cases or a log."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.options import language_option
from loft.cli.show import Output, all_rows, put
from loft.cli.table_cases import CASES, cases_of, columns_of, counted, gated, tell_unknown, write_cases
from loft.cli.table_files import rule_options
from loft.language import mark

if TYPE_CHECKING:
    from loft.decisions import Table

facts_option = click.option(
    "--facts",
    "pairs",
    metavar="FACT=COLUMN",
    multiple=True,
    help="The column that holds a fact; may be repeated. [default: the column of the fact's name, _ for space]",
)
output_option = click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write every case with its outcome to FILE, .csv or .parquet; nothing is withheld there.",
)
minimum_option = click.option(
    "--minimum",
    metavar="N",
    type=int,
    envvar="LOFT_MINIMUM_CASES",
    help="The fewest cases a figure may rest on, 5 or more. [default: LOFT_MINIMUM_CASES, else 5]",
)
force_option = click.option("--force", is_flag=True, help="Write over FILE if it is there.")
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.command("run")
@language_option
@rule_options
@click.argument("cases", metavar="CASES", type=CASES)
@facts_option
@output_option
@force_option
@minimum_option
@json_option
def run(
    table: "Table",
    path: Path,
    at: date | None,
    cases: Path,
    pairs: tuple[str, ...],
    file: Path | None,
    force: bool,
    minimum: int | None,
    as_json: bool,
) -> None:
    """Decide every case of a file or a store.

    CASES is a .csv or .parquet file with a row for each case, or a store. Prints how many cases have each outcome;
    figures on fewer than five cases are withheld. An empty value is a fact that is not known.
    """
    source = cases_of(cases)
    facts = columns_of(pairs)
    decided = table.over(source, facts=facts)
    tell_unknown([table], source, facts)
    if file is not None:
        write_cases(decided, file, force)
    keys = [column for column in decided.columns if column not in source.columns]
    rows = counted(decided, keys)
    outcomes = [outcome_in_words(table, {key: row[key] for key in keys}) for row in rows.to_pylist()]
    fired = [str(row["row"]) if row.get("row") is not None else "–" for row in rows.to_pylist()]
    told = gated("outcomes", {"outcome": outcomes, "row": fired}, rows.column("cases").to_pylist(), minimum)
    output = Output("json" if as_json else "table")
    put(told, all_rows(output, told), lambda: None)
    if file is not None:
        click.echo(f"Every case with its outcome: {file}", err=True)


def outcome_in_words(table: "Table", group: dict[str, Any]) -> str:
    """The outcome of a group of cases, by its ``status`` and outputs: these in words, or what stands in the way."""
    from loft.decisions import saying
    from loft.language import gettext

    if group["status"] != "decided":
        return gettext(NO_OUTCOME.get(group["status"], group["status"]))
    told = saying.outcomes(table, {key: value for key, value in group.items() if key not in ("row", "status")})
    return told[0][1] if len(told) == 1 else "; ".join(f"{label}: {words}" for label, words in told)


NO_OUTCOME = {
    "undecided": mark("not decided: facts are not known"),
    "unmatched": mark("no row fits"),
    "conflict": mark("several rows fit where one may"),
}
"""What is told of cases without an outcome, by status."""
