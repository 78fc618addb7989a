"""Where an answer goes: a table on the screen, or CSV, JSON or SVG on standard output or in a file."""

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from loft.charts import Drawing
    from loft.cli.grid import Shown
    from loft.insight import Table

ON_SCREEN = 20
"""Rows of a table on the screen, unless ``--top`` says otherwise."""


@dataclass(frozen=True)
class Output:
    """What was asked for: ``form`` is ``table``, ``csv``, ``json`` or ``svg``. None is standard output for ``file``, and the default
    for ``top``."""

    form: str = "table"
    file: Path | None = None
    top: int | None = None


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--csv --json --svg -o --top``; the command gets an ``output``."""

    @click.option("--csv", "form", flag_value="csv", default=None, help="As CSV.")
    @click.option("--json", "form", flag_value="json", help="As JSON, with title, columns, and what was withheld.")
    @click.option("--svg", "form", flag_value="svg", help="The chart, as an SVG file that stands on its own.")
    @click.option(
        "-o", "--output", "file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
        help="Write to FILE rather than to standard output; .csv, .json and .svg choose the form.",
    )  # fmt: skip
    @click.option(
        "--top",
        metavar="N",
        type=click.IntRange(min=1),
        help=f"The first N rows. [default: {ON_SCREEN} on screen, all in files]",
    )
    @functools.wraps(function)
    def command(form: str | None, file: Path | None, top: int | None, **given: Any) -> Any:
        by_name = file.suffix.lstrip(".").lower() if file else ""
        form = form or (by_name if by_name in ("csv", "json", "svg") else "table")
        return function(output=Output(form, file, top), **given)

    return command


def put(table: "Table", output: Output, chart: Callable[[], "Drawing | None"], *, intro: str = "") -> None:
    """*table* where *output* says. *chart* draws it when a drawing is asked for; *intro* stands over it on the screen."""
    if output.form == "svg":
        drawing = chart()
        if drawing is None:
            raise ValueError("There is no chart of this. Ask for --csv or --json.")
        write(drawing.file(), output.file)
        return
    whole = len(table)
    most = output.top or (ON_SCREEN if output.form == "table" and not output.file else None)
    table = table.head(most) if most else table
    if output.form == "csv":
        write(table.to_csv(), output.file)
    elif output.form == "json":
        write(table.to_json() + "\n", output.file)
    elif output.file:
        with output.file.open("w", encoding="utf-8") as file:
            on_screen(table, whole, console(file), intro)
    else:
        on_screen(table, whole, console(), intro)


def all_rows(output: Output, table: "Table") -> Output:
    """*output* with every row of *table* where none were asked for: for tables that say little without their end."""
    return output if output.top else replace(output, top=max(len(table), 1))


def write(text: str, file: Path | None) -> None:
    """*text* as UTF-8 with its line ends as they are, to *file* or standard output."""
    if file:
        file.write_text(text, encoding="utf-8", newline="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def console(file: Any = None, *, stderr: bool = False) -> "Console":
    """A console that writes colours to a terminal only, and to anything else lines as long as they need to be."""
    from rich.console import Console

    found = Console(file=file, stderr=stderr, highlight=False, soft_wrap=False)
    if not found.is_terminal:
        found = Console(file=file, stderr=stderr, highlight=False, width=400, no_color=True)
    return found


def on_screen(table: "Table", whole: int, where: "Console", intro: str = "") -> None:
    """*table* as a table of *whole* rows, what it means over it, what is not in it under it."""
    from loft.charts import numbers
    from loft.cli.grid import fitted, shown
    from loft.insight.wording import remarks
    from loft.language import gettext

    columns, gone = fitted(shown(table), where.width)
    prose(where, gettext(table.title), style="bold")
    prose(where, intro or gettext(table.about), style="dim" if not intro else "")
    where.print()
    if len(table):
        where.print(_grid(columns, where.width))
    else:
        prose(where, gettext("There are no rows."))
    said = remarks(table)
    if len(table) < whole:
        sentence = gettext("%(shown)s of %(all)s rows; --top %(whole)s shows all.")
        said.insert(0, sentence % {"shown": numbers.count(len(table)), "all": numbers.count(whole), "whole": whole})
    if gone:
        said.append(gettext("The screen is too narrow for: %(columns)s. --csv has all.") % {"columns": "; ".join(gone)})
    if said:
        where.print()
    for sentence in said:
        prose(where, sentence, style="dim")


def _grid(columns: "Sequence[Shown]", width: int) -> Any:
    """Columns as a table: figures to the right and never broken, names folded where they must be."""
    from rich.table import Table as Grid
    from rich.text import Text

    from loft.cli.grid import widths

    grid = Grid(box=_line(), header_style="bold", pad_edge=False, show_edge=False, padding=(0, 1))
    for column, signs in zip(columns, widths(columns, width), strict=True):
        justify: Any = "right" if column.figure else "left"
        grid.add_column(Text(column.head), justify=justify, overflow="fold", width=signs)
    for row in zip(*(column.cells for column in columns), strict=True):
        grid.add_row(*(Text(words) for words in row))
    return grid


def prose(where: "Console", words: str, style: str = "") -> None:
    """Text for people, folded at a width that reads well."""
    from rich.text import Text

    where.print(Text(words, style=style), width=min(where.width, 100))


def _line() -> Any:
    from rich.box import SIMPLE_HEAD, Box

    return (
        SIMPLE_HEAD
        if (sys.stdout.encoding or "").lower().startswith("utf")
        else Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    )
