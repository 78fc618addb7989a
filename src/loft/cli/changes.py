"""``loft change``: the register, from an idea to a verdict, for a terminal and for scripts."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import Command, Verbs, fail
from loft.cli.homes import home_option, person_option
from loft.cli.options import Day, language_option

if TYPE_CHECKING:
    from loft.changes.looking import Looked
    from loft.changes.models import Change
    from loft.changes.rules import Actor
    from loft.value.verdict import Verdict

_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(dir_okay=False, exists=True, path_type=Path)
_FORCE = click.option("--force", is_flag=True, help="Write over FILE if it is there.")


@click.group("change", cls=Verbs, section="Did it help?")
def change() -> None:
    """Register changes, lock their plans, and ask for the verdict.

    A change goes by its ID, as loft change list shows it.
    """


@change.command("list")
@language_option
@home_option
@click.option("--stage", metavar="NAME", help="Only changes at this stage, such as idea or “value shown”.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_(stage: str | None, as_json: bool) -> None:
    """Every change: its ID, its stage, and what it is."""
    from loft.changes.models import Change
    from loft.changes.rules import STAGES
    from loft.language import gettext

    if stage and stage not in STAGES:
        raise click.UsageError(f"There is no stage {stage!r}. Choose one of: {', '.join(STAGES)}.")
    found = [c for c in Change.objects.all() if not stage or c.stage == stage]
    if as_json:
        rows = [{"id": c.id, "stage": c.stage, "what": c.what, "body": c.body} for c in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    wide = max((len(c.id) for c in found), default=0)
    for each in found:
        named = {str(name): label for name, label in STAGES.items()}
        click.echo(f"{each.id:<{wide}}  {gettext(named[each.stage]):<20}  {each.what}")
    if not found:
        click.echo("No changes. Propose one: loft change propose WHAT --why WHY", err=True)


@change.command("show")
@language_option
@home_option
@click.argument("name", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="All that is registered, as JSON.")
def show(name: str, as_json: bool) -> None:
    """A change: what, why, its roles, its plan, and its newest verdict."""
    from loft.changes.records import record
    from loft.changes.rules import ROLES, STAGES, Stage
    from loft.language import gettext
    from loft.value.told import rows

    found = _named(name)
    if as_json:
        click.echo(json.dumps(record(found), ensure_ascii=False, indent=1))
        return
    click.echo(f"{found.what}\n{gettext(STAGES[Stage(found.stage)])}\n\n{found.why}\n")
    for role, label in ROLES.items():
        if found.names[role]:
            click.echo(f"{gettext(label)}: {found.names[role]}")
    if found.judged_by:
        click.echo("")
        for heading, lines in rows(found.judged_by.plan):
            click.echo(f"{heading}: {'; '.join(str(line) for line in lines)}")
    if found.verdict:
        click.echo("")
        _say(found.verdict.verdict)


@change.command("propose")
@home_option
@person_option
@click.argument("what", metavar="WHAT")
@click.option("--why", metavar="TEXT", required=True, help="Why it is needed, or where.")
@click.option("--body", metavar="NAME", default="", help="The public body.")
def propose(what: str, why: str, body: str, actor: "Actor", now: datetime) -> None:
    """Register an idea: WHAT to do differently, and why or where."""
    from loft.changes import actions

    click.echo(actions.propose(what, why, actor=actor, now=now, body=body).id)


@change.command("plan")
@home_option
@person_option
@click.argument("name", metavar="ID")
@click.argument("file", metavar="FILE.json", type=_THERE)
def plan(name: str, file: Path, actor: "Actor", now: datetime) -> None:
    """Fill in fields of a change's plan from FILE.json, an object with the fields of a plan (docs/changes.md)."""
    from loft.changes import actions

    found, fields = _named(name), _read_json(file)
    actions.plan(found, actor=actor, now=now, **fields)
    click.echo(f"{found.id}: {len(found.draft)} fields of the plan are filled in. Lock it: loft change lock {found.id}")


@change.command("lock")
@home_option
@person_option
@click.argument("name", metavar="ID")
def lock(name: str, actor: "Actor", now: datetime) -> None:
    """Lock a change's plan. Do it before the change starts: a plan that was locked later can never show value."""
    from loft.changes import actions

    row = actions.lock(_named(name), actor=actor, now=now)
    click.echo(row.hash)
    if not row.in_time:
        click.echo("The change had started already, so it can show harm, but never value.", err=True)


@change.command("start")
@home_option
@person_option
@click.argument("name", metavar="ID")
@click.argument("unit", metavar="UNIT")
@click.option("--on", metavar="DAY", type=Day(), help="The day it started. [default: today]")
def start(name: str, unit: str, on: date | None, actor: "Actor", now: datetime) -> None:
    """Tell that a change has started in UNIT."""
    from loft.changes import actions

    row = actions.start(_named(name), unit, on or now.date(), actor=actor, now=now)
    click.echo(f"{row.unit}: {row.started}")
    if row.planned != row.started:
        click.echo(f"It was planned to start {row.planned or 'elsewhere: it is not in the plan'}.", err=True)


@change.command("verdict")
@language_option
@home_option
@person_option
@click.argument("name", metavar="ID")
@click.option("--on", metavar="DAY", type=Day(), help="As known on this day. [default: today, or the log's last day]")
@click.option("--record", is_flag=True, help="Add it to the change's verdicts, where it stays.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verdict(name: str, on: date | None, record: bool, as_json: bool, actor: "Actor", now: datetime) -> None:
    """Ask the log for the verdict of today, by the change's locked plan. Every look is logged."""
    looked = _look(name, on, actor, now, record)
    if as_json:
        click.echo(json.dumps(looked.verdict.as_dict(), ensure_ascii=False, indent=1))
    else:
        _say(looked.verdict)


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
    found = _named(name)
    told = _look(name, on, actor, now, False).certificate(cells=not without_cells and file.suffix == ".json")
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

    checked = check(_read_json(file))
    lines = "\n".join(str(sentence) for sentence in checked.found)
    if not checked.holds:
        fail(lines)
    click.echo(lines)


def _named(name: str) -> "Change":
    from difflib import get_close_matches

    from loft.changes.models import Change

    found = Change.named(name)
    if found is None:
        near = get_close_matches(name, [c.id for c in Change.objects.all()], 1)
        fail(f"There is no change {name!r}." + (f" Did you mean {near[0]}?" if near else " See: loft change list"))
    return found


def _look(name: str, on: date | None, actor: "Actor", now: datetime, record: bool) -> "Looked":
    from loft.changes.looking import look

    return look(_named(name), actor=actor, now=now, today=on, record=record)


def _say(verdict: "Verdict") -> None:
    """A verdict as a person reads it in a terminal."""
    from loft.charts import numbers

    click.echo(f"{verdict.answer}\n\n{numbers.day(verdict.on)} · {verdict.security}/5 · {verdict.policy}")
    for sentence in (*verdict.reasons, *verdict.knowable, *(guarded.says for guarded in verdict.guardrails)):
        click.echo(f"  {sentence}")
    signs = {True: "✓", False: "✗", None: "–"}
    for check in verdict.checks:
        click.echo(f"  {signs[check.passed]} {check.says}")


def _refuse(file: Path, force: bool, endings: tuple[str, ...]) -> None:
    if file.suffix not in endings:
        raise click.UsageError(f"{file} must end in {' or '.join(endings)}.")
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; name another file, or say --force to write over it.")


def _read_json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        fail(f"{file} is no JSON: {error}.")
    if not isinstance(found, dict):
        fail(f"{file} must hold one JSON object.")
    return found
