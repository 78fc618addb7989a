"""``loft change``: the register, from an idea to a verdict, for a terminal and for scripts."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import Verbs, fail
from loft.cli.homes import home_option, person_option
from loft.cli.options import Day, language_option

if TYPE_CHECKING:
    from loft.changes.looking import Looked
    from loft.changes.models import Change
    from loft.changes.rules import Actor
    from loft.value.verdicts import Verdict

_THERE = click.Path(dir_okay=False, exists=True, path_type=Path)


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

    found = named(name)
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

    if not what.strip():
        raise click.UsageError("Say what to do differently: WHAT is empty.")
    if not why.strip():
        raise click.UsageError("Say why it is needed, or where: --why is empty.")
    click.echo(actions.propose(what, why, actor=actor, now=now, body=body).id)


@change.command("plan")
@home_option
@person_option
@click.argument("name", metavar="ID")
@click.argument("file", metavar="FILE.json", type=_THERE)
def plan(name: str, file: Path, actor: "Actor", now: datetime) -> None:
    """Fill in fields of a change's plan from FILE.json, an object with the fields of a plan (docs/changes.md)."""
    from loft.changes import actions

    found, fields = named(name), read_json(file)
    actions.plan(found, actor=actor, now=now, **fields)
    click.echo(f"{found.id}: {len(found.draft)} fields of the plan are filled in. Lock it: loft change lock {found.id}")


@change.command("lock")
@home_option
@person_option
@click.argument("name", metavar="ID")
def lock(name: str, actor: "Actor", now: datetime) -> None:
    """Lock a change's plan. Do it before the change starts: a plan that was locked later can never show value."""
    from loft.changes import actions

    row = actions.lock(named(name), actor=actor, now=now)
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
    from loft.changes.standing import breaks_plan

    found = named(name)
    row = actions.start(found, unit, on or now.date(), actor=actor, now=now)
    click.echo(f"{row.unit}: {row.started}")
    if found.plan and breaks_plan(found.plan.plan, row.unit):
        click.echo(
            f"This breaks the plan: {row.unit} was to stay without the change, and is still compared with.",
            err=True,
        )
    elif found.plan and row.planned != row.started:
        click.echo(f"It was planned to start {row.planned}.", err=True)


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
    looked = asked(name, on, actor, now, record)
    if as_json:
        click.echo(json.dumps(looked.verdict.as_dict(), ensure_ascii=False, indent=1))
    else:
        _say(looked.verdict)


def named(name: str) -> "Change":
    """The change with this ID; ends the program, with the nearest ID, where there is none."""
    from difflib import get_close_matches

    from loft.changes.models import Change

    found = Change.named(name)
    if found is None:
        near = get_close_matches(name, [c.id for c in Change.objects.all()], 1)
        fail(f"There is no change {name!r}." + (f" Did you mean {near[0]}?" if near else " See: loft change list"))
    return found


def asked(name: str, on: date | None, actor: "Actor", now: datetime, record: bool) -> "Looked":
    """What a look gives; it is logged."""
    from loft.changes.looking import look

    return look(named(name), actor=actor, now=now, today=on, record=record)


def _say(verdict: "Verdict") -> None:
    """A verdict as a person reads it in a terminal."""
    from loft.charts import numbers

    click.echo(f"{verdict.answer}\n\n{numbers.day(verdict.on)} · {verdict.security}/5 · {verdict.policy}")
    for sentence in (*verdict.reasons, *verdict.knowable, *(guarded.says for guarded in verdict.guardrails)):
        click.echo(f"  {sentence}")
    signs = {True: "✓", False: "✗", None: "–"}
    for check in verdict.checks:
        click.echo(f"  {signs[check.passed]} {check.says}")


def read_json(file: Path) -> dict[str, Any]:
    """The JSON object in a file; ends the program where it holds another thing."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        fail(f"{file} is no JSON: {error}.")
    if not isinstance(found, dict):
        fail(f"{file} must hold one JSON object.")
    return found
