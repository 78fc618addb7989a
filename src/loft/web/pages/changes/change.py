"""A change: did it help, how sure, what now; then how we know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from loft.changes import words
from loft.changes.models import Change, VerdictRow
from loft.changes.portfolio import waiting
from loft.changes.reading import held
from loft.changes.rules import ROLES, STAGES, Actor, Stage, can
from loft.charts import numbers
from loft.language import gettext, mark, ngettext
from loft.value.measures import measure
from loft.value.saying import amount
from loft.value.verdicts import Verdict, Word
from loft.vocabulary import activity_name
from loft.web.acting import actor_of
from loft.web.addresses import is_ours
from loft.web.addresses.changes_writing import FORMS
from loft.web.pages.changes import tables
from loft.web.pages.changes.asking import clock, found
from loft.web.pages.changes.certificate import log_is_here
from loft.web.pages.changes.figure import figure, headline
from loft.web.pages.changes.history import table_response
from loft.web.pages.changes.inwords import lines
from loft.web.pages.changes.planning import ORDER
from loft.web.pages.changes.wording import (
    SECURITY,
    colour_of,
    effect,
    graded,
    hours,
    measured,
    points,
    span,
    verdict_name,
    wanted,
)
from loft.web.present import Shown, show
from loft.web.summary import Measure


@require_safe
def change(request: HttpRequest, change: str) -> HttpResponse:
    """The page."""
    record = found(change)
    row = record.verdict
    context: dict[str, Any] = {
        "section": "changes",
        "change": record,
        "stage": gettext(STAGES[Stage(record.stage)]),
        "row": row,
        "verdict": row.verdict if row else None,
        "word": verdict_name(row.word) if row else "",
        "colour": colour_of(row.word) if row else "neutral",
        "answer": answer(record, row),
        "measures": measures(record, row),
        "now": what_now(record, row, clock().date()),
        "late": bool(record.judged_by and not record.judged_by.in_time),
        "seen_href": record.seen_page if is_ours(record.seen_page) else "",
        "seen_step": activity_name(record.seen_step) if record.seen_step else "",
        "tables": {name.replace("-", "_"): _shown(record, name) for name in tables.TABLES},
        "roles": [(gettext(ROLES[role]), name) for role, name in record.names.items() if name],
        "kinds": ", ".join(gettext(words.KINDS[kind.name]) for kind in record.kinds.all()),
        "novelty": gettext(words.NOVELTY[record.novelty]) if record.novelty else "",
        "origin": gettext(words.ORIGINS[record.origin]) if record.origin else "",
        "decisions": [(gettext(words.DECISIONS[d.kind]), d) for d in record.decisions.order_by("-id")],
    }
    context["first"], context["more"] = doing(record, actor_of(request))
    if row:
        context |= {"figure": figure(record, row), "headline": headline(row)}
        context |= {"log_is_here": log_is_here(row.plan.plan.log), "withstands": withstands(row.verdict)}
    if record.judged_by:
        context |= {"plan": record.judged_by, "plan_rows": lines(record.judged_by.plan)}
    return render(request, "web/changes/change.html", context)


@require_safe
def table_file(request: HttpRequest, change: str, table: str, form: str) -> HttpResponse:
    """A table of the page as CSV or JSON."""
    record = found(change)
    if table not in tables.TABLES:
        raise Http404
    return table_response(tables.TABLES[table](record), form, f"{record.id}-{table}")


def _shown(change: Change, name: str) -> Shown:
    return show(name, tables.TABLES[name](change), None, only=tables.SHOWN.get(name, ()))


def answer(change: Change, row: VerdictRow | None) -> str:
    """The answer to whether it helped, in one sentence."""
    if row:
        return str(row.verdict.answer)
    if change.exposures.exclude(started=None).exists():
        if change.plan:
            return gettext("It has started. No verdict is made yet.")
        return gettext("It has started without a locked plan, so it can show harm, but never value.")
    if change.plan:
        return gettext("It has not started. The plan for how it will be judged is locked.")
    return gettext("It is an idea. Nothing is tried yet.")


def measures(change: Change, row: VerdictRow | None) -> list[Measure]:
    """At most four numbers: the effect, how secure it is, what it withstands, the hours freed."""
    cards: list[Measure] = []
    if row:
        cards += _judged(row, row.verdict)
    chain = tables.freed(change).rows()
    if chain:
        estimated = sum(link["estimated"] for link in chain)
        confirmed = sum(link["confirmed"] or 0 for link in chain)
        realised = sum(link["realised"] for link in chain)
        cards.append(
            Measure(
                gettext("Freed time a year, confirmed"),
                hours(confirmed),
                gettext("%(hours)s were promised") % {"hours": hours(estimated)},
                gettext("%(hours)s are realised") % {"hours": hours(realised)},
            )
        )
    return cards[:4]


def _judged(row: VerdictRow, made: Verdict) -> list[Measure]:
    cards, plan = [], row.plan.plan
    judged = measure(plan.measure)
    if made.size:
        smallest = gettext("The smallest worth having is %(size)s") % {"size": wanted(plan, judged.kind)}
        value, between = effect(made.size), span(made.size)
        if points(made.size):
            value = str(amount(made.size, made.size.estimate))
            between = gettext("percentage points, %(range)s") % {"range": between}
        cards.append(Measure(measured(plan.measure), value, between, smallest))
    held_against = ngettext(
        "%(treated)s unit held against %(comparison)s", "%(treated)s units held against %(comparison)s", made.treated
    )
    compared = held_against % {
        "treated": numbers.count(made.treated), "comparison": numbers.count(made.comparison),
    }  # fmt: skip
    grade, rests = graded(made), gettext(SECURITY[made.security]) if made.size else gettext("Nothing is measured yet")
    cards.append(Measure(gettext("How secure"), grade or numbers.MISSING, rests, compared))
    if made.withstands is not None:
        many = numbers.decimal(min(made.withstands, 99), 1)
        cards.append(
            Measure(
                gettext("Withstands hidden drift"),
                gettext("%(number)s times") % {"number": many},
                gettext("the drift that was seen before the start"),
                gettext("At least 1 is needed"),
            )
        )
    return cards


def withstands(made: Verdict) -> str:
    """How much hidden drift the finding survives; empty where nothing was found."""
    if made.withstands is None:
        return ""
    return gettext(
        "The finding would hold even if a drift that nobody saw were %(number)s times the one seen before the start (M̄ = %(number)s)."
    ) % {"number": numbers.decimal(min(made.withstands, 99), 1)}


def what_now(change: Change, row: VerdictRow | None, today: date) -> list[str]:
    """What the line can do now, the most pressing first."""
    said = [str(wait.says) for wait in waiting([held(change, today)], today)]
    if change.stage in _NEXT:
        said.append(gettext(_NEXT[Stage(change.stage)]))
    if row and row.word == Word.UNKNOWABLE:
        said += [str(sentence) for sentence in row.verdict.knowable[1:]]  # The answer says the first.
    if row and row.verdict.next_look and row.verdict.next_look > row.on and change.stage != Stage.STOPPED:
        due = row.verdict.next_look < today
        words = gettext("A look has been due since %(day)s.") if due else gettext("Look again around %(day)s.")
        said.append(words % {"day": numbers.day(row.verdict.next_look)})
    return said


_NEXT: Mapping[Stage, str] = {
    Stage.IDEA: mark("Make a plan: what is measured, who starts, and who waits."),
    Stage.PLANNED: mark("Lock the plan before the change starts. Otherwise it can never show value."),
    Stage.LOCKED: mark("Start it in the units on the days planned."),
}


@dataclass(frozen=True)
class Doing:
    """Something that can be done now: its name and where."""

    text: str
    href: str


_FIRST: Mapping[Stage, tuple[str, ...]] = {
    Stage.LOCKED: ("start",),
    Stage.STARTED: ("judge", "start"),
    Stage.IN_USE: ("judge", "adjust", "stop"),
    Stage.VALUE: ("copy", "judge"),
    Stage.SPREAD: ("copy", "judge"),
    Stage.HARM: ("stop", "adjust", "judge"),
    Stage.UNKNOWN: ("stop", "adjust"),
    Stage.LAPSED: ("judge", "stop"),
    Stage.PAUSED: ("resume", "stop"),
}
"""What is offered on top of the page, by stage; the rest stands below."""


def doing(change: Change, actor: Actor) -> tuple[list[Doing], list[Doing]]:
    """What can be done with the change now: first what a leader asks for, then all else."""
    facts = change.facts
    found = {
        verb: Doing(gettext(form.title), reverse(f"change-{verb}", args=[change.id]))
        for verb, form in FORMS.items()
        if can(form.rule, actor, facts)
    }
    first = [found.pop(verb) for verb in _FIRST.get(facts.stage, ()) if verb in found]
    if can("plan", actor, facts) and not facts.locked:
        first.insert(0, Doing(gettext("Plan how it is judged"), reverse("change-planning", args=[change.id, ORDER[0]])))
    return first, list(found.values())
