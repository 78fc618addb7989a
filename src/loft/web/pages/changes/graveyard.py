"""What did not work, as findable as what did: stopped, harmful, too small, unknowable, with what was learned and what was saved."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes.models import Change, VerdictRow
from loft.changes.portfolio import STANDING
from loft.changes.rules import Stage
from loft.insight import Column, Table
from loft.insight.table import Kind
from loft.language import gettext, mark, ngettext
from loft.value.verdicts import Word
from loft.web.pages.changes.history import table_response
from loft.web.pages.changes.tables import table_of
from loft.web.pages.changes.wording import kroner

WHY = {
    "harm": mark("Harm was shown"),
    "small": mark("Too small to be worth it"),
    "unknown": mark("Could not be known"),
    "stopped": mark("Stopped"),
}
"""Why a change stands here, in the order in which they are listed."""


@dataclass(frozen=True)
class Buried:
    """A change that did not work: why it stands here, what its verdict said, why it was stopped, what was learned, and the kroner a year
    that are not spent on it any more (None while it still runs, or where no cost was told)."""

    id: str
    what: str
    why: str
    answer: str
    reason: str
    learned: tuple[str, ...]
    avoided: float | None


@require_safe
def graveyard(request: HttpRequest) -> HttpResponse:
    """The page; ``?q=`` finds those with a word in them."""
    every = buried()
    sought = " ".join(request.GET.get("q", "").split())
    chosen = [each for each in every if _has(each, sought)]
    parts = [(gettext(label), why, [each for each in chosen if each.why == why]) for why, label in WHY.items()]
    avoided = sum(each.avoided or 0 for each in every)
    context: dict[str, Any] = {
        "section": "changes",
        "parts": [part for part in parts if part[2]],
        "sought": sought,
        "sentence": _sentence(every),
        "avoided": kroner(avoided) if avoided else "",
        "any": bool(every),
    }
    return render(request, "web/changes/graveyard.html", context)


@require_safe
def table_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same as CSV or JSON."""
    return table_response(table(), form, "learned")


def table() -> Table:
    """What did not work, as a table."""
    columns = (
        Column("id", Kind.TEXT, mark("Name in addresses")),
        Column("what", Kind.TEXT, mark("Change")),
        Column("why", Kind.TEXT, mark("Why it stands here")),
        Column("answer", Kind.TEXT, mark("What the verdict said")),
        Column("reason", Kind.TEXT, mark("Why it was stopped")),
        Column("learned", Kind.TEXT, mark("What was learned")),
        Column("avoided", Kind.NUMBER, mark("Cost avoided a year, NOK")),
    )
    rows = [
        {**{c.name: getattr(each, c.name) for c in columns}, "why": gettext(WHY[each.why]), "learned": "\n".join(each.learned)}
        for each in buried()
    ]  # fmt: skip
    about = mark("What was stopped, harmful, too small or unknowable, and what was learned.")
    return table_of("learned", mark("What did not work"), about, columns, rows)


def buried() -> list[Buried]:
    """The changes that did not work, newest first within each reason."""
    related = ("verdicts__plan", "decisions", "learnings", "gains")
    found = [_buried(change) for change in Change.objects.prefetch_related(*related).order_by("-changed_at")]
    order = list(WHY)
    return sorted((each for each in found if each), key=lambda each: order.index(each.why))


def _buried(change: Change) -> Buried | None:
    row = max(change.verdicts.all(), key=lambda each: (each.on, each.pk), default=None)
    why = _why(change, row)
    if not why:
        return None
    stops = [d for d in change.decisions.all() if d.kind == "stop"]
    costs = [gain.cost_yearly for gain in change.gains.all() if gain.cost_yearly]
    return Buried(
        id=change.id,
        what=change.what,
        why=why,
        answer=str(row.verdict.answer) if row else "",
        reason=stops[-1].reason if stops else "",
        learned=tuple(entry.text for entry in change.learnings.all()),
        avoided=sum(costs) if costs and change.stage == Stage.STOPPED else None,
    )


def _why(change: Change, row: VerdictRow | None) -> str:
    if row and row.word == Word.HARM:
        return "harm"
    if change.stage in STANDING:  # value that was shown stands, though the newest verdict could not tell
        return ""
    if row and row.word == Word.NOT_YET and _small(row):
        return "small"
    if row and row.word == Word.UNKNOWABLE:
        return "unknown"
    return "stopped" if change.stage == Stage.STOPPED else ""


def _small(row: VerdictRow) -> bool:
    """Whether all that chance leaves open is smaller than what was worth having."""
    size, smallest = row.verdict.size, row.plan.plan.smallest
    return size is not None and -smallest < size.low and size.high < smallest


def _has(each: Buried, sought: str) -> bool:
    text = " ".join((each.what, each.answer, each.reason, *each.learned))
    return sought.casefold() in text.casefold()


def _sentence(every: list[Buried]) -> str:
    if not every:
        return gettext("Nothing stands here yet.")
    taught = sum(bool(each.learned) for each in every)
    words = {"count": len(every), "taught": taught}
    return (
        ngettext(
            "%(count)s change did not work; of %(taught)s it is told what was learned.",
            "%(count)s changes did not work; of %(taught)s it is told what was learned.",
            len(every),
        )
        % words
    )
