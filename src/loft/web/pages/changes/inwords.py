"""A plan in words, and the page of a locked plan, which is made to be printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes.actions.planning import NEEDED
from loft.language import mark
from loft.value.plan import Plan
from loft.value.policy import policy
from loft.value.sentence import Figure, Sentence, say
from loft.value.told import rows
from loft.web.pages.changes.asking import found

_ELSEWHERE = ("Version", "Amends", "Locked", "SHA-256")
"""Rows of a plan that the page says in its heading and at its foot, and that a draft has not."""


@dataclass(frozen=True)
class Line:
    """A line of a plan: what it is about, and what is said, one text or many."""

    label: str
    texts: tuple[str, ...]


def lines(plan: Plan) -> list[Line]:
    """What a plan says, in the language in force."""
    return [Line(str(head), tuple(map(str, said))) for head, said in rows(plan) if head.text not in _ELSEWHERE]


def drafted_plan(draft: Mapping[str, Any]) -> Plan | None:
    """The plan that a draft would be; None where something is still missing."""
    if any(name not in draft for name in NEEDED):
        return None
    return Plan.from_dict({**draft, "change": ""})


def warnings_of(plan: Plan, today: date) -> list[Sentence]:
    """What one should know before a plan is locked: that it cannot show value, or not an effect as small as the one worth having."""
    told = []
    if plan.first_start < today:
        told.append(
            say(
                mark("The first start, %(day)s, has been. A plan that is locked after the start can never show value."),
                day=Figure(plan.first_start, "day"),
            )
        )
    if plan.design == "none":
        told.append(say(mark("Nobody is left to compare with, so it cannot be known whether the change helps.")))
    form = "percent" if plan.relative else "decimal"
    sizes = {"mde": Figure(plan.mde, form), "smallest": Figure(plan.smallest, form)}
    if plan.mde > policy(plan.policy)["mde_times"] * plan.smallest:
        told.append(
            say(
                mark(
                    "Only an effect of %(mde)s or more can be found, and you look for %(smallest)s: it cannot be known with this plan."
                ),
                **sizes,
            )
        )
    elif plan.mde > plan.smallest:
        told.append(
            say(
                mark("An effect of %(mde)s or more can be expected to be found; one of %(smallest)s may not be."),
                **sizes,
            )
        )
    return told


@require_safe
def plan_page(request: HttpRequest, change: str, version: int) -> HttpResponse:
    """A locked plan, with who locked it, when, and the SHA-256 of its text."""
    held = found(change)
    row = held.plans.filter(version=version).first()
    if row is None:
        raise Http404
    versions = [other.version for other in held.plans.order_by("version")]
    context = {"change": held, "row": row, "lines": lines(row.plan), "versions": versions, "section": "changes"}
    return render(request, "web/changes/plan.html", context)


@require_safe
def plan_text(request: HttpRequest, change: str, version: int) -> HttpResponse:
    """The text whose SHA-256 is the plan's hash, byte for byte."""
    row = found(change).plans.filter(version=version).first()
    if row is None:
        raise Http404
    response = HttpResponse(row.text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{change}-plan-{version}.json"'
    return response
