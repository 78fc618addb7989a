"""``loft table test``: the example cases that are kept beside a rule."""

import json
from pathlib import Path
from typing import Any

import click

from loft.cli.group import fail
from loft.cli.options import language_option
from loft.cli.table_files import RULE


@click.command("test")
@language_option
@click.argument("path", metavar="FILE", type=RULE)
@click.option(
    "--decision", metavar="NAME", default="", help="The decision asked for. [default: the one no other requires]"
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def test(path: Path, decision: str, as_json: bool) -> None:
    """Run the examples beside a rule: of fee.md those in fee.examples.md; of a folder those of every version.

    The exit code is 1 when an example comes out otherwise than it says, or when there is none.
    """
    from loft import decisions
    from loft.decisions.examples import examples_of, run

    results: list[tuple[Path, Any]] = []
    for file in rule_files(path):
        results += [(file, outcome) for outcome in run(decisions.table(file, decision), examples_of(file))]
    wrong = [outcome for _, outcome in results if not outcome.ok]
    if as_json:
        told = [{"file": file.name, "example": o.example.name, "ok": o.ok, "says": str(o)} for file, o in results]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for file, outcome in results:
            if not outcome.ok:
                click.echo(f"{file.name}: {outcome}")
        if results:
            click.echo(f"{len(results) - len(wrong)} of {len(results)} examples come out as they say.")
    if not results:
        fail(f"There are no examples beside {path}: write them in a file such as {path.stem}.examples.md.")
    if wrong:
        raise click.exceptions.Exit(1)


def rule_files(path: Path) -> list[Path]:
    """The rule's files: the file itself, or those of a folder, without the examples."""
    if path.is_file():
        return [path]
    found = sorted(each for each in path.iterdir() if each.suffix.lower() in (".md", ".dmn", ".xml"))
    return [each for each in found if not each.name.lower().endswith(".examples.md")]
