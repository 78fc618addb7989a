"""A plan in words, and the page of a locked plan, which is made to be printed and signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.charts import numbers
from loft.language import gettext, mark
from loft.value.errors import BadInput
from loft.value.measures import measure
from loft.vocabulary import activity_name
from loft.web.pages.changes.asking import found

DESIGNS = {
    "lottery": mark("Lots decided which units start"),
    "stepped lottery": mark("Lots decided the order in which units start"),
    "staggered": mark("The body decided; units start at different dates"),
    "comparison": mark("The body decided; the units start on one date"),
    "one unit": mark("One unit, held against a mixture of the others"),
    "none": mark("Every unit starts; nobody is without the change"),
}


@dataclass(frozen=True)
class Line:
    """A line of a plan: what it is about, and what is said, one text or many."""

    label: str
    texts: tuple[str, ...]


def lines(plan: Mapping[str, Any]) -> list[Line]:
    """The fields of a plan or draft, as ``Plan.as_dict`` gives them, in words and in the order of the steps; what is not filled in is
    left out."""
    told = [
        (mark("Measured in the log"), _one(plan.get("log"))),
        (mark("Measure"), _measure(plan)),
        (mark("A unit is"), _by(plan.get("by"))),
        (mark("Cases"), tuple(plan.get("services") or ()) or (gettext("All"),) if "by" in plan else ()),
        (mark("The smallest effect worth having"), _size(plan, plan.get("smallest"))),
        (mark("A case counts for"), _one(numbers.days(plan["within"])) if plan.get("within") else ()),
        (mark("Must not get worse"), tuple(_guard(guard) for guard in plan.get("guardrails") or ())),
        (mark("In use is seen by"), _use(plan.get("use"))),
        (mark("Design"), _one(gettext(DESIGNS[plan["design"]])) if plan.get("design") in DESIGNS else ()),
        (mark("Starts"), tuple(f"{unit}: {_day(day)}" for unit, day in plan.get("treated") or ())),
        (mark("Compared with"), tuple(plan.get("comparison") or ())),
        (mark("How these were chosen"), _one(plan.get("chosen_by"))),
        (mark("The draw"), _draw(plan.get("draw") or {})),
        (mark("Near neighbours"), tuple(plan.get("near") or ())),
        (mark("The last day it is measured"), _one(_day(plan["last"])) if plan.get("last") else ()),
        (mark("Effect that can be found at the end"), _size(plan, plan.get("mde") or None)),
        (mark("Judged by the rule"), _one(plan.get("policy"))),
    ]
    return [Line(gettext(label), texts) for label, texts in told if texts]


def _one(text: Any) -> tuple[str, ...]:
    return (str(text),) if text else ()


def _day(day: str | date) -> str:
    return numbers.day(date.fromisoformat(day) if isinstance(day, str) else day)


def _measure(plan: Mapping[str, Any]) -> tuple[str, ...]:
    if not plan.get("measure"):
        return ()
    try:
        label = str(measure(plan["measure"]).says)
    except BadInput:
        label = plan["measure"]
    better = {"lower": gettext("lower is better"), "higher": gettext("higher is better")}.get(
        plan.get("better", ""), ""
    )
    return (f"{label}, {better}" if better else label,)


def _by(by: str | None) -> tuple[str, ...]:
    if not by:
        return ()
    return (gettext("The first unit that a case met") if by == "unit" else by.partition(":")[2],)


def _size(plan: Mapping[str, Any], size: float | None) -> tuple[str, ...]:
    if size is None or not plan.get("measure"):
        return ()
    return (_amount(plan["measure"], size, bool(plan.get("relative", True))),)


def _amount(name: str, size: float, relative: bool) -> str:
    if relative:
        return numbers.percent(size, 0 if size >= 0.095 else 1)
    kind = measure(name).kind
    if kind == "days":
        return numbers.days(size)
    if kind == "share":
        return gettext("%(points)s percentage points") % {"points": numbers.decimal(size * 100, 1)}
    return numbers.decimal(size, 2)


def _guard(guard: Mapping[str, Any]) -> str:
    words = {
        "measure": str(measure(guard["measure"]).says),
        "amount": _amount(guard["measure"], guard["tolerance"], guard["relative"]),
    }
    return gettext("%(measure)s: at most %(amount)s worse") % words


def _use(use: Mapping[str, str] | None) -> tuple[str, ...]:
    if not use:
        return ()
    words = {"name": use["name"], "value": use.get("value", "")}
    if use["kind"] == "activity":
        return (gettext("The step “%(name)s” is done") % {"name": activity_name(use["name"])},)
    if use["kind"] == "unit":
        return (gettext("The case meets the unit “%(name)s”") % words,)
    return (gettext("The attribute “%(name)s” is “%(value)s”") % words,)


def _draw(draw: Mapping[str, Any]) -> tuple[str, ...]:
    if not draw:
        return ()
    words = {"seed": draw["seed"], "method": draw.get("method", "")}
    order = gettext("Order drawn: %(units)s") % {"units": ", ".join(draw.get("order", ()))}
    return (gettext("Seed: %(seed)s. Method: %(method)s.") % words, order)


@require_safe
def plan_page(request: HttpRequest, change: str, version: int) -> HttpResponse:
    """A locked plan, with who locked it, when, and the SHA-256 of its text."""
    held = found(change)
    row = held.plans.filter(version=version).first()
    if row is None:
        raise Http404
    versions = [other.version for other in held.plans.order_by("version")]
    context = {
        "change": held,
        "row": row,
        "lines": lines(row.plan.as_dict()),
        "versions": versions,
        "section": "changes",
    }
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
