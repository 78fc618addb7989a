"""``loft table ask``: an interview on the terminal that asks only what can still matter."""

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.options import language_option
from loft.cli.table_facts import UNKNOWN, choices, named, value_of
from loft.cli.table_files import rule_options
from loft.cli.table_saying import say

if TYPE_CHECKING:
    from loft.decisions import Table
    from loft.decisions.model import InputData

_BACK = ("<", "back", "tilbake")
_WHY = ("why", "hvorfor", "kvifor")
_STOP = ("stop", "quit", "stopp", "slutt")


@click.command("ask")
@language_option
@rule_options
def ask(table: "Table", path: Path, at: date | None) -> None:
    """Ask one question at a time until it is settled.

    What cannot matter is not asked. An empty line or ? says that you do not know, < goes back, “why” tells why it
    is asked. Answers may be piped in, one a line.
    """
    facts = interview(table, at, _typed)
    click.echo("")
    say(table.decide(facts, at=at))


def interview(table: "Table", at: date | None, read: Callable[[], str | None]) -> dict[str, Any]:
    """The facts that were answered. *read* gives the next line; None ends the interview."""
    from loft.language import gettext

    answers: list[tuple[str, Any]] = []
    while (fact := _next(table, answers)) is not None:
        _put(table, fact)
        while True:
            line = read()
            if line is None or line.strip().lower() in _STOP:
                return _known(answers)
            word = line.strip().lower()
            if word in _BACK:
                if answers:
                    answers.pop()
                break
            if word in _WHY:
                _tell_why(table, fact)
                continue
            wrong = _answered(table, fact, line, answers, at)
            if wrong is None:
                break
            click.echo(wrong)
            click.echo(gettext("Answer again, or ? if you do not know."))
    return _known(answers)


def _next(table: "Table", answers: list[tuple[str, Any]]) -> "InputData | None":
    """The fact to ask for: the one that settles most, but never one that the person has said they do not know."""
    facts, skipped = _known(answers), {name for name, value in answers if value is None}
    asked = table.next_question(facts)
    if asked is None:
        return None
    if asked.fact not in skipped:
        return named(table, asked.fact)
    left = [fact for fact in table.inputs if fact.name in table.decide(facts).missing and fact.name not in skipped]
    return min(left, key=lambda fact: fact.cost, default=None)


def _known(answers: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in answers if value is not None}


def _put(table: "Table", fact: "InputData") -> None:
    """The question, with the values to choose among numbered."""
    from loft.decisions import saying

    click.echo("\n" + saying.question(fact.name, table))
    if fact.type.kind == "number":
        among = [saying.value_in_words(value) for value in choices(fact)]
        hint = saying.joined(among, last="or") or fact.unit
        if hint:
            click.echo(f"  ({hint})")
        return
    for number, value in enumerate(choices(fact), 1):
        click.echo(f"  {number}. {value if isinstance(value, str) else saying.value_in_words(value)}")


def _answered(
    table: "Table", fact: "InputData", line: str, answers: list[tuple[str, Any]], at: date | None
) -> str | None:
    """Keep the answer in *answers*; what is wrong with it where it cannot be."""
    from loft.decisions import FactError

    if line.strip().lower() in UNKNOWN:
        answers.append((fact.name, None))
        return None
    try:
        value = _chosen(line.strip(), fact)
        table.decide({**_known(answers), fact.name: value}, at=at)
    except (click.UsageError, FactError) as error:
        return error.message if isinstance(error, click.UsageError) else str(error)
    answers.append((fact.name, value))
    return None


def _chosen(text: str, fact: "InputData") -> Any:
    """A choice by its number, else what was written."""
    values = choices(fact)
    if values and fact.type.kind != "number" and text.isdecimal() and 1 <= int(text[:4]) <= len(values):
        return values[int(text) - 1]
    return value_of(text, fact)


def _tell_why(table: "Table", fact: "InputData") -> None:
    from loft.decisions import saying
    from loft.language import gettext

    click.echo(saying.why(fact.name, table) or gettext("The rule does not say why it asks."))


def _typed() -> str | None:
    """The next line of standard input; None at its end."""
    if sys.stdin.isatty():
        click.echo("> ", nl=False)
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None
