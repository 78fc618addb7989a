"""Options that several commands share, and what they become: an opened log, and the cases chosen."""

import functools
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from loft.log import Log, Selection

DEFAULT_STORE = "loft-store"
Function = Callable[..., Any]


class Day(click.ParamType[date]):
    """A day as year-month-day; a month or a year alone is its first day, or its last for an option that ends a period."""

    name = "day"

    def __init__(self, *, last: bool = False) -> None:
        self.last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        parts = str(value).split("-")
        try:
            if len(parts) == 3:
                return date.fromisoformat(value)
            year, month = int(parts[0]), int(parts[1]) if len(parts) == 2 else (12 if self.last else 1)
            return _last_day(year, month) if self.last else date(year, month, 1)
        except (ValueError, IndexError):
            self.fail(f"{value!r} is not a day; write year-month-day, such as 2026-01-31.", param, ctx)


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def store_option(function: Function) -> Function:
    """``--store``, with the default that every command has."""
    return click.option(
        "--store",
        metavar="FOLDER",
        envvar="LOFT_STORE",
        help=f"The store, a folder with one log. [default: LOFT_STORE, else ./{DEFAULT_STORE}]",
    )(function)


def log_options(function: Function) -> Function:
    """The log to ask: an argument, ``--store`` or ``--url``; the command gets an opened ``log``."""

    @click.argument("log_or_file", metavar="[LOG]", required=False)
    @store_option
    @click.option(
        "--url", metavar="URL", help="The log on another engine: postgresql://…?schema=NAME or spark:///FOLDER."
    )
    @click.option(
        "--minimum",
        metavar="N",
        type=int,
        envvar="LOFT_MINIMUM_CASES",
        help="The fewest cases a figure may rest on, 5 or more. [default: LOFT_MINIMUM_CASES, else 5]",
    )
    @functools.wraps(function)
    def command(log_or_file: str | None, store: str | None, url: str | None, minimum: int | None, **given: Any) -> Any:
        return function(log=opened(log_or_file, store, url, minimum), **given)

    return command


def chosen_source(argument: str | None, store: str | None, url: str | None) -> str:
    """The one source that was named, else the default store. Usage error when two were."""
    context = click.get_current_context()
    by_hand = context.get_parameter_source("store") == click.core.ParameterSource.COMMANDLINE
    named = [source for source in (argument, store if by_hand else None, url) if source]
    if len(named) > 1:
        raise click.UsageError(f"Name one log, not {len(named)}: {', '.join(named)}.")
    return named[0] if named else store or DEFAULT_STORE


def opened(argument: str | None, store: str | None, url: str | None, minimum: int | None = None) -> "Log":
    """The log that was named; a file is read into a store that goes when the command ends."""
    from loft.log import MINIMUM, open_log, read

    source = chosen_source(argument, store, url)
    log = read(source) if "://" not in source and Path(source).is_file() else open_log(source)
    click.get_current_context().call_on_close(log.close)
    return log.with_minimum(minimum if minimum is not None else MINIMUM)


_CASES: tuple[tuple[tuple[str, str], dict[str, Any], str], ...] = (
    (
        ("--{}from", "{}opened_from"),
        {"metavar": "DAY", "type": Day()},
        "Cases opened on this day or later: 2026-01-31, 2026-01 or 2026.",
    ),
    (
        ("--{}until", "{}opened_until"),
        {"metavar": "DAY", "type": Day(last=True)},
        "Cases opened on this day or earlier.",
    ),
    (
        ("--{}service", "{}services"),
        {"metavar": "NAME", "multiple": True},
        "Cases about this service; may be repeated, any will do.",
    ),
    (
        ("--{}unit", "{}units"),
        {"metavar": "NAME", "multiple": True},
        "Cases that met this unit; may be repeated, any will do.",
    ),
    (
        ("--{}where", "{}where"),
        {"metavar": "NAME=VALUE", "multiple": True},
        "Cases with this attribute; may be repeated, all must hold.",
    ),
)


def selection_options(function: Function) -> Function:
    """``--from`` to ``--where``; the command gets a ``selection``."""
    return _selecting(function, "", "selection")


def against_options(function: Function) -> Function:
    """``--against-from`` to ``--against-where``; the command gets ``against``: the other selection, or None.

    What is left out of it is as in the first selection, except that a period replaces the period as a whole.
    """

    @functools.wraps(function)
    def command(*, selection: "Selection", against: dict[str, Any], **given: Any) -> Any:
        changes = {name: value for name, value in against.items() if value}
        if changes.keys() & {"opened_from", "opened_until"}:
            changes = {"opened_from": None, "opened_until": None} | changes
        return function(selection=selection, against=selection.but(**changes) if changes else None, **given)

    return _selecting(command, "against_", "against")


def _selecting(function: Function, prefix: str, name: str) -> Function:
    @functools.wraps(function)
    def command(**given: Any) -> Any:
        chosen = {
            field: given.pop(prefix + field) for field in ("opened_from", "opened_until", "services", "units", "where")
        }
        chosen["where"] = tuple(_pair(text) for text in chosen["where"])
        return function(**given, **{name: chosen if prefix else _selection(chosen)})

    for (option, variable), details, text in reversed(_CASES):
        text = "The same for the cases to compare with; any of these compares." if prefix else text
        flag = option.format(prefix.replace("_", "-"))
        command = click.option(flag, variable.format(prefix), help=text, **details)(command)
    return command


def _selection(chosen: dict[str, Any]) -> "Selection":
    from loft.log import Selection

    return Selection(**chosen)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"--where takes NAME=VALUE, such as channel=phone, not {text!r}.")
    return name, value


def language_option(function: Function) -> Function:
    """``--language``: what is inside speaks it."""

    @click.option(
        "--language",
        type=click.Choice(["nb", "nn", "en"]),
        help="The language of heads and sentences. [default: LOFT_LANGUAGE, else the terminal's]",
    )
    @functools.wraps(function)
    def command(language: str | None, **given: Any) -> Any:
        from loft.language import preferred, speaking

        with speaking(language or preferred(dict(os.environ))):
            return function(**given)

    return command
