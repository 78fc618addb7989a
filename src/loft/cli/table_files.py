"""Which rule ``loft table`` is about: a file, or a folder with the versions of one rule, and the decision asked of it."""

import functools
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.options import Day

if TYPE_CHECKING:
    from loft.decisions import Model, Table

RULE = click.Path(exists=True, path_type=Path)


def rule_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The rule's FILE, ``--decision`` and ``--at``; the command gets an opened ``table``, the ``path`` and the day ``at``, or None."""

    @click.argument("path", metavar="FILE", type=RULE)
    @click.option(
        "--decision", metavar="NAME", default="", help="The decision asked for. [default: the one no other requires]"
    )
    @click.option(
        "--at",
        metavar="DAY",
        type=Day(),
        help="The version in force on this day. [default: a file as it is; of a folder, today's]",
    )
    @functools.wraps(function)
    def command(path: Path, decision: str, at: date | None, **given: Any) -> Any:
        return function(table=opened(path, decision, at), path=path, at=at, **given)

    return command


def opened(path: Path, decision: str = "", at: date | None = None) -> "Table":
    """The rule in a file, or of a folder the version in force on a day. Raises ``RuleError``."""
    from loft import decisions
    from loft.decisions.versions import rule

    if path.is_file() and at is None:
        return decisions.table(path, decision)
    found = rule(path, decision).at(at or datetime.now().date())  # noqa: DTZ005, TID251 - the day of the one who asks
    return found


def every(path: Path, decision: str = "", at: date | None = None) -> "list[Table]":
    """What a check looks at: of a file every decision that no other requires, of a folder every version; the one chosen, where one is."""
    from loft import decisions
    from loft.decisions.versions import rule

    if at is not None:
        return [opened(path, decision, at)]
    if path.is_dir():
        return list(rule(path, decision).versions)
    model = decisions.read(path)
    required = {part for node in model.decisions for part in node.requires}
    tops = [node for node in model.decisions if node.id not in required]
    return [decisions.Table(model, node) for node in ([model.decision(decision)] if decision or not tops else tops)]


def model_of(path: Path, at: date | None = None) -> "Model":
    """The whole rule in a file, with every decision; of a folder the version in force on a day."""
    from loft import decisions
    from loft.decisions.versions import rule

    if path.is_file() and at is None:
        return decisions.read(path)
    day = at or datetime.now().date()  # noqa: DTZ005, TID251 - the day of the one who asks
    return rule(path).at(day).model


def told_version(table: "Table") -> str:
    """Which rule answered: its title, version, period and source, on one line."""
    from loft.charts import numbers
    from loft.language import gettext

    head = table.model.head
    parts = [head.title.said(table.model.name or table.model.file)]
    if head.version:
        parts.append(gettext("version %(version)s") % {"version": head.version})
    if head.valid_from:
        parts.append(gettext("in force from %(day)s") % {"day": numbers.day(head.valid_from)})
    if head.valid_to:
        parts.append(gettext("to %(day)s") % {"day": numbers.day(head.valid_to)})
    if head.source:
        parts.append(head.source)
    return " · ".join(part for part in parts if part)
