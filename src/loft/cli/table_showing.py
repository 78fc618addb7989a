"""``loft table show``: a rule on the screen, in words, or in its other form."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.options import Day, language_option
from loft.cli.show import console, prose, write
from loft.cli.table_files import RULE, model_of

if TYPE_CHECKING:
    from loft.decisions import Model
    from loft.decisions.model import DecisionNode, DecisionTable


@click.command("show")
@language_option
@click.argument("path", metavar="FILE", type=RULE)
@click.option("--at", metavar="DAY", type=Day(), help="Of a folder, the version in force on this day. [default: today]")
@click.option("--words", "form", flag_value="words", default=None, help="Every row as a sentence.")
@click.option("--text", "form", flag_value="text", help="As a Markdown table.")
@click.option("--dmn", "form", flag_value="dmn", help="As DMN 1.5.")
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE rather than to standard output; .md and .dmn choose the form.",
)
@click.option("--force", is_flag=True, help="Write over FILE if it is there.")
def show(path: Path, at: date | None, form: str | None, file: Path | None, force: bool) -> None:
    """A rule as tables, in words, or in its other form.

    It is turned from Markdown into DMN and back without loss of what both can say.
    """
    if file and file.exists() and not force:
        raise click.UsageError(f"{file} is there already; name another file, or say --force to write over it.")
    model = model_of(path, at)
    form = form or {".md": "text", ".dmn": "dmn"}.get(file.suffix.lower() if file else "", "table")
    if form == "text":
        from loft.decisions.text.writer import write_text

        write(write_text(model), file)
    elif form == "dmn":
        from loft.decisions.dmn.writer import write_dmn

        write(write_dmn(model), file)
    elif form == "words":
        write("\n".join(words(model)) + "\n", file)
    elif file:
        with file.open("w", encoding="utf-8") as opened:
            grids(model, console(opened))
    else:
        grids(model, console())


def words(model: "Model") -> list[str]:
    """The rule as lines of prose: a heading for each decision, a sentence for each row."""
    from loft.decisions import Table, saying
    from loft.decisions.model import DecisionTable, LiteralExpression
    from loft.decisions.saying.naming import called_decision
    from loft.language import gettext

    lines = [model.head.title.said(model.name)]
    for node in model.decisions:
        lines += ["", called_decision(node) + ":"]
        if isinstance(node.logic, DecisionTable):
            table = Table(model, node)
            for number in range(1, len(node.logic.rows) + 1):
                lines.append(f"{number}. {saying.row_in_words(table, number)}")
            lines += [default] if (default := saying.default_in_words(table)) else []
        elif isinstance(node.logic, LiteralExpression):
            lines.append(gettext("Worked out as: %(expression)s") % {"expression": node.logic.text.strip()})
        else:
            lines.append(gettext("This is no table; --dmn shows it whole."))
    return lines


def grids(model: "Model", where: Any) -> None:
    """Every decision as a table on the screen, with its hit policy in the corner."""
    from loft.decisions.model import DecisionTable, LiteralExpression
    from loft.decisions.saying.naming import called_decision

    prose(where, model.head.title.said(model.name), style="bold")
    for node in model.decisions:
        where.print()
        prose(where, called_decision(node), style="bold")
        if isinstance(node.logic, DecisionTable):
            where.print(_grid(node.logic, node, model))
        elif isinstance(node.logic, LiteralExpression):
            prose(where, node.logic.text.strip())
        else:
            prose(where, "This is no table; --dmn shows it whole.", style="dim")


def _grid(table: "DecisionTable", node: "DecisionNode", model: "Model") -> Any:
    from rich.table import Table as Grid
    from rich.text import Text

    from loft.decisions.saying.naming import called_output, names_of

    names = names_of(model)
    corner = table.hit_policy.value + (table.aggregation.value if table.aggregation else "")
    heads = [corner, *(names.of_input(column).label for column in table.inputs)]
    heads += [f"→ {called_output(output, node)}" for output in table.outputs] + list(table.annotations)
    grid = Grid(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        grid.add_column(Text(head), overflow="fold")
    for number, row in enumerate(table.rows, 1):
        cells = [str(number), *(cell.text.strip() or "-" for cell in row.cells), *(cell.text for cell in row.outputs)]
        grid.add_row(*(Text(cell) for cell in [*cells, *row.annotations]))
    if any(output.default for output in table.outputs):
        defaults = [output.default.text if output.default else "" for output in table.outputs]
        grid.add_row(*(Text(cell) for cell in ["", *([""] * len(table.inputs)), *defaults]), style="dim")
    return grid
