"""A decision on the terminal: for a person, and as JSON."""

from typing import TYPE_CHECKING, Any

import click

from loft.cli.table_facts import to_json
from loft.cli.table_files import told_version

if TYPE_CHECKING:
    from loft.decisions import Decision


def say(decision: "Decision", facts: dict[str, Any] | None = None) -> None:
    """A decision as a person reads it: the outcome, why, and which rule said so; with *facts*, also what to ask next."""
    from loft.decisions import saying
    from loft.language import gettext

    table = decision.table
    click.echo(saying.outcome(decision))
    for sentence in saying.reasons(decision):
        click.echo(f"  {sentence}")
    if facts is not None and decision.missing and (asked := table.next_question(facts)):
        click.echo("\n" + gettext("Ask next: %(question)s") % {"question": saying.question(asked, table)})
    click.echo("\n" + told_version(table))


def record(decision: "Decision", facts: dict[str, Any], change: Any) -> dict[str, Any]:
    """A decision as JSON, with the smallest change where one was asked for."""
    from loft.decisions import saying

    table, head = decision.table, decision.table.model.head
    asked = table.next_question(facts) if decision.missing else None
    told: dict[str, Any] = {
        "decision": table.name,
        "rule": head.rule,
        "version": head.version,
        "status": str(decision.status),
        "outcome": to_json(decision.value),
        "rows": list(decision.rows),
        "reasons": list(saying.reasons(decision)),
        "facts": {fact.name: to_json(fact.value) for fact in decision.facts},
        "missing": list(decision.missing),
        "next_question": asked and {"fact": asked.fact, "question": saying.question(asked, table)},
    }
    if change is not None:
        told["why_not"] = {
            "says": saying.counterfactual(change, table),
            "changes": {each.fact: to_json(each.instead) for each in change.changes},
            "outcome": to_json(change.value),
        }
    return told
