"""Commands about a store as a whole: is it sound, put it on another engine, write its events out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from loft.cli.group import Command, fail
from loft.cli.options import (
    DEFAULT_STORE,
    against_options,
    chosen_source,
    language_option,
    log_options,
    selection_options,
    store_option,
)
from loft.cli.progress import watched

if TYPE_CHECKING:
    from loft.log import Log, Selection


@click.command("check", cls=Command, section="Look after a store")
@click.argument("folder", metavar="[STORE]", required=False)
@store_option
def check(folder: str | None, store: str | None) -> None:
    """Read a store through and say what is wrong with it, if anything.

    The exit code is 1 when something is.
    """
    from loft.log import Store

    home = Store(chosen_source(folder, store, None))
    wrong = home.check()
    if wrong:
        fail("\n".join(wrong))
    meta = home.meta()
    click.echo(
        f"{home.folder} is sound: {meta.name}, {meta.events:,} events of {meta.cases:,} cases, snapshot {meta.snapshot}."
    )


@click.command("publish", cls=Command, section="Look after a store")
@click.argument("folder", metavar="STORE")
@click.argument("url", metavar="URL")
def publish(folder: str, url: str) -> None:
    """Write the log of STORE to PostgreSQL, to be asked there with --url.

    URL is postgresql://USER@HOST/DATABASE?schema=NAME (schema: loft). The schema is replaced whole, in one transaction.
    """
    from loft.log.publish import publish as write

    with watched() as progress:
        events = write(folder, url, progress)
    click.echo(f"{events:,} events published. Now ask them: loft journeys --url '{_without_password(url)}'")


def _without_password(url: str) -> str:
    from urllib.parse import urlsplit

    password = urlsplit(url).password
    return url.replace(f":{password}@", "@", 1) if password else url


@click.command("export", cls=Command, section="Look after a store")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@store_option
@click.option("--force", is_flag=True, help="Write over FILE if it is there.")
def export(file: Path, store: str | None, force: bool) -> None:
    """Write the events of a store to FILE: .xes, .xes.gz, .jsonocel, .csv or .parquet.

    These are the events themselves, not figures: nothing is withheld, so FILE needs the same care as the log.
    """
    from loft.log.export import export as write

    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; name another file, or say --force to write over it.")
    events = write(store or DEFAULT_STORE, file)
    click.echo(f"{events:,} events written to {file}.")


@click.command("report", cls=Command, section="Share what it says")
@click.argument("out", metavar="OUT.html", type=click.Path(dir_okay=False, path_type=Path))
@language_option
@log_options
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    help="The map shows the most frequent ways that cover this share of cases.",
)
@click.option(
    "--top",
    "rows",
    metavar="N",
    type=click.IntRange(min=1),
    default=15,
    show_default=True,
    help="The first N rows of each table.",
)
@selection_options
@against_options
def report(out: Path, log: "Log", share: float, rows: int, selection: "Selection", against: "Selection | None") -> None:
    """Write every answer to OUT.html: one page that needs nothing else, to send or to file."""
    from datetime import date

    from loft.insight.report import report as page

    today = date.today()  # noqa: DTZ011, TID251 the terminal may ask for the day
    text = page(log, selection, against=against, share=share, rows=rows, made=today)
    out.write_text(text, encoding="utf-8")
    click.echo(
        f"{out} is written ({len(text.encode()) / 1000:,.0f} kB). It can be opened in any browser, and printed.",
        err=True,
    )
