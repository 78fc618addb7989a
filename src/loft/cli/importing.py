"""``loft import``: files into a store, with what was guessed said, and how to say otherwise."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import STOPPED, Command, fail
from loft.cli.options import DEFAULT_STORE, store_option
from loft.cli.progress import watched

if TYPE_CHECKING:
    from loft.log import ImportResult, Mapping, Proposal

ROLES = {
    "case": "the case",
    "activity": "what was done",
    "at": "when it was completed",
    "began": "when work on it began",
    "unit": "the unit responsible (never a person)",
    "service": "the public service",
    "actor": "who acted: resident, employee, robot or system",
    "id": "the event's own number",
}
_TABS = {"tab": "\t", "\\t": "\t"}


def _column_options(function: Any) -> Any:
    """One option for each part that a column can play."""
    for role, text in reversed(ROLES.items()):
        function = click.option(f"--{role}", metavar="COLUMN", help=f"The column that holds {text}.")(function)
    return function


@click.command("import", cls=Command, section="Bring in a log")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@store_option
@click.option(
    "--preview", is_flag=True, help="Show how the files would be read and their first events; import nothing."
)
@click.option(
    "--mapping",
    "mapping_file",
    metavar="TOML",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the files as this file says.",
)
@click.option(
    "--save-mapping",
    metavar="TOML",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write how the first file was read, to be used again.",
)
@_column_options
@click.option("--source", metavar="TEXT", help="Which system the events come from.")
@click.option(
    "--ending",
    "endings",
    metavar="ACTIVITY",
    multiple=True,
    help="An activity that closes a case; may be repeated. [default: guessed]",
)
@click.option("--object-type", metavar="TYPE", help="The type of object that plays the case (OCEL).")
@click.option("--delimiter", metavar="SIGN", help="What stands between the columns of a text file; 'tab' for a tab.")
@click.option("--encoding", metavar="NAME", help="The encoding of a text file, such as utf-8 or cp1252.")
@click.option(
    "--timestamp-format", metavar="FORM", help="How times are written, such as '%d.%m.%Y %H:%M'. [default: ISO 8601]"
)
@click.option(
    "--time-zone", metavar="ZONE", help="The zone of times that carry none, such as Europe/Oslo. [default: UTC]"
)
@click.option("--name", metavar="TEXT", help="What the log is called. [default: the first file's name]")
@click.option("--skip-bad", is_flag=True, help="Leave wrong rows out rather than stop; they are written to a file.")
@click.option(
    "--rejects",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where --skip-bad writes them. [default: FILE-rejected.csv here]",
)
@click.option("--simulated", is_flag=True, help="Say on every page that the log is simulated.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong.")
def import_(
    files: tuple[Path, ...],
    store: str | None,
    preview: bool,
    mapping_file: Path | None,
    save_mapping: Path | None,
    name: str | None,
    skip_bad: bool,
    rejects: Path | None,
    simulated: bool,
    quiet: bool,
    **changes: Any,
) -> None:
    """Read FILEs into a store: XES, OCEL 2.0, CSV, Parquet or CloudEvents.

    All of it goes in or nothing does. Importing a file again changes nothing; a longer version of it adds what is new. Which column says
    what is guessed and shown; the options below and --mapping say otherwise.
    """
    if rejects and not skip_bad:
        raise click.UsageError("--rejects names a file for the rows that --skip-bad leaves out; say --skip-bad too.")
    proposals = [_proposal(file, mapping_file, changes, shown=preview) for file in files]
    mappings = [mapping for mapping, _ in proposals]
    if save_mapping:
        mappings[0].save(save_mapping)
    if preview:
        _preview(files, proposals)
        return
    if not quiet and not mapping_file:
        for file, (mapping, proposal) in zip(files, proposals, strict=True):
            _say_guess(file, mapping, proposal)
    result = _imported(files, mappings, store or DEFAULT_STORE, name, skip_bad, rejects, simulated, quiet)
    if not quiet:
        _say_result(result, store or DEFAULT_STORE)


def _proposal(
    file: Path, mapping_file: Path | None, given: dict[str, Any], *, shown: bool
) -> "tuple[Mapping, Proposal | None]":
    """How a file is read: as the mapping file says, else as guessed; then what the options say. The proposal is what is *shown*."""
    from loft.log import Mapping, propose

    changes = {name: value for name, value in given.items() if value}
    if "delimiter" in changes:
        changes["delimiter"] = _TABS.get(changes["delimiter"].lower(), changes["delimiter"])
    proposal = None if mapping_file else propose(file)
    mapping = Mapping.load(mapping_file) if mapping_file else proposal.mapping  # type: ignore[union-attr]
    if shown and (changes or mapping_file):
        proposal = propose(file, mapping=mapping.but(**changes))
    return mapping.but(**changes), proposal


def _imported(
    files: Sequence[Path],
    mappings: "list[Mapping]",
    store: str,
    name: str | None,
    skip_bad: bool,
    rejects: Path | None,
    simulated: bool,
    quiet: bool,
) -> "ImportResult":
    from loft.log import BadRows, import_files

    rejected = rejects or Path(f"{files[0].name.split('.')[0]}-rejected.csv")
    if skip_bad:
        rejected.unlink(missing_ok=True)
    bad = BadRows(keep_going=skip_bad, rejected=str(rejected) if skip_bad else None)
    try:
        with watched(quiet=quiet) as progress:
            result = import_files(
                files, store, mapping=mappings, name=name, bad=bad, progress=progress, simulated=simulated
            )
    except KeyboardInterrupt:
        fail("Stopped; nothing was imported.", STOPPED)
    if result.rejected:
        shown = "\n".join(f"  {row}" for row in bad.first)
        click.echo(
            f"{result.rejected:,} wrong rows were left out and written to {rejected}. The first {len(bad.first)}:\n{shown}",
            err=True,
        )
    return result


def _say_guess(file: Path, mapping: "Mapping", proposal: "Proposal | None") -> None:
    """On standard error: what plays what, and how to say otherwise."""
    told = ", ".join(f"{role} = {column}" for role in ROLES if (column := getattr(mapping, role)))
    click.echo(f"{file.name} is read as {mapping.format}: {told}.", err=True)
    for note in proposal.notes if proposal else ():
        click.echo(f"  {note}", err=True)
    if not mapping.unit:
        click.echo("  No column says which unit; doors and hand-overs need one: --unit COLUMN.", err=True)
    click.echo("  Another column? --case, --activity, --at, --unit … COLUMN; --preview shows the choices.", err=True)


def _say_result(result: "ImportResult", store: str) -> None:
    if result.unchanged:
        click.echo(
            f"Nothing new: {store} already holds these events ({result.events:,} events of {result.cases:,} cases)."
        )
        return
    click.echo(
        f"{result.new_events:,} events imported. {store} holds {result.events:,} events of {result.cases:,} cases."
    )
    for note in result.notes:
        click.echo(f"  {note}")
    option = "" if store == DEFAULT_STORE else f" --store {store}"
    click.echo(f"Now ask it: loft journeys{option}")


def _preview(files: Sequence[Path], proposals: "list[tuple[Mapping, Proposal | None]]") -> None:
    """Each file's mapping, why, its columns, and its first events as they would be imported."""
    from loft.cli.preview import show

    for file, (mapping, proposal) in zip(files, proposals, strict=True):
        assert proposal is not None
        show(file, mapping, proposal)
