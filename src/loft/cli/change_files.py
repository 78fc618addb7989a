"""The register in files: certificates, the whole register out and in, its events; and ``loft verify``."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loft.cli.changes import asked, change, named, read_json
from loft.cli.group import Command, fail
from loft.cli.homes import home_option, person_option
from loft.cli.options import Day, language_option

if TYPE_CHECKING:
    from loft.changes.rules import Actor

_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(dir_okay=False, exists=True, path_type=Path)
_FORCE = click.option("--force", is_flag=True, help="Write over FILE if it is there.")


@change.command("certificate")
@language_option
@home_option
@person_option
@click.argument("name", metavar="ID")
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--on", metavar="DAY", type=Day(), help="As known on this day. [default: today, or the log's last day]")
@click.option("--without-cells", is_flag=True, help="Leave the cells out; then only the hashes can be checked.")
@_FORCE
def certificate(
    name: str, file: Path, on: date | None, without_cells: bool, force: bool, actor: "Actor", now: datetime
) -> None:
    """Write the verdict with all it rests on to FILE: .json, which loft verify checks, or .html, to print.

    The cells in .json are figures for each unit and day, of which nothing is withheld: FILE needs the same care as the log.
    """
    from loft.value.certificate_page import page

    _refuse(file, force, (".json", ".html"))
    found = named(name)
    told = asked(name, on, actor, now, False).certificate(cells=not without_cells and file.suffix == ".json")
    if file.suffix == ".json":
        file.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    else:
        file.write_text(page(told, title=found.what), encoding="utf-8")
    click.echo(f"{file} is written. {told['hash']}")


@change.command("export")
@language_option
@home_option
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--public", is_flag=True, help="Only what the body chose to publish.")
@_FORCE
def export(file: Path, public: bool, force: bool) -> None:
    """Write the register to FILE: .json holds all of it, .csv the fields that people fill in.

    Without --public it holds the names of persons.
    """
    from loft.changes.interchange import to_json
    from loft.changes.models import Change
    from loft.changes.public import public_csv, public_json
    from loft.changes.sheet import to_csv

    _refuse(file, force, (".json", ".csv"))
    write = {
        (".json", False): to_json,
        (".csv", False): to_csv,
        (".json", True): public_json,
        (".csv", True): public_csv,
    }
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(write[file.suffix, public](Change.objects.all()))
    click.echo(f"{file} is written.")


@change.command("import")
@language_option
@home_option
@person_option
@click.argument("file", metavar="FILE", type=_THERE)
def import_(file: Path, actor: "Actor", now: datetime) -> None:
    """Take in changes from FILE, .json or .csv, as loft change export writes them: all of it, or nothing where a row is wrong."""
    from loft.changes.interchange import from_json
    from loft.changes.sheet import from_csv

    if file.suffix not in (".json", ".csv"):
        raise click.UsageError(f"{file} must end in .json or .csv.")
    read = from_json if file.suffix == ".json" else from_csv
    done = read(file.read_bytes(), actor=actor, now=now)
    if done.wrong:
        shown = [f"Row {wrong.row}: {wrong.says}" for wrong in done.wrong[:10]]
        fail("\n".join([*shown, f"{len(done.wrong)} rows are wrong, so nothing was taken in."]))
    click.echo(f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged.")


@change.command("events")
@home_option
@click.argument("file", metavar="FILE.parquet", type=_FILE)
@click.option(
    "--store",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Bring them into this store too.",
)
def events(file: Path, store: Path | None) -> None:
    """Write the register's own events to FILE.parquet, in the log's columns. They hold no names."""
    from loft.changes.handing_over import hand_over, write_events

    if store is None:
        click.echo(f"{write_events(file):,} events written to {file}.")
        return
    done = hand_over(store, file)
    click.echo(f"{done.new_events:,} new events; {store} holds {done.events:,}.")


@click.command("verify", cls=Command, section="Did it help?")
@language_option
@click.argument("file", metavar="FILE", type=_THERE)
def verify(file: Path) -> None:
    """Work the verdict of a certificate out again, and say whether it holds. The exit code is 1 when it does not."""
    from loft.value.certificate import verify as check

    checked = check(read_json(file))
    lines = "\n".join(str(sentence) for sentence in checked.found)
    if not checked.holds:
        fail(lines)
    click.echo(lines)


def _refuse(file: Path, force: bool, endings: tuple[str, ...]) -> None:
    if file.suffix not in endings:
        raise click.UsageError(f"{file} must end in {' or '.join(endings)}.")
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; name another file, or say --force to write over it.")
