"""The plan, filled in step by step with the design doctor's advice, then locked."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from loft.changes import actions
from loft.changes.beside import others_beside
from loft.changes.models import Change
from loft.changes.rules import Actor, why_not
from loft.changes.standing import not_met
from loft.language import gettext, mark
from loft.value.errors import BadInput
from loft.value.plan import Plan
from loft.value.sentence import Figure, Sentence, say
from loft.web.acting import actor_of
from loft.web.forms import Field, WrongAt
from loft.web.pages.changes import rollout
from loft.web.pages.changes.asking import Form, clock, found, sent, shown
from loft.web.pages.changes.history import table_response
from loft.web.pages.changes.inwords import drafted_plan, lines, warnings_of
from loft.web.pages.changes.steps import STEPS
from loft.web.present import show

ORDER = (*(step.slug for step in STEPS), "dates", "way", "near", "summary")
_STEPS = {step.slug: step for step in STEPS}
_FILLS = {**{name: step.slug for step in STEPS for name in step.fills}, "last": "dates"}
TEMPLATE = "web/changes/planning.html"


@require_http_methods(["GET", "HEAD", "POST"])
def planning(request: HttpRequest, change: str, step: str) -> HttpResponse:
    """A step of the plan. A step that needs another leads back to that one."""
    held = found(change)
    if step not in ORDER:
        raise Http404
    refusal = why_not("plan", actor_of(request), held.facts)
    if refusal:
        context = {
            "change": held,
            "refusal": refusal,
            "title": gettext("Plan how the change is judged"),
            "section": "changes",
        }
        return render(request, TEMPLATE, context, status=409 if request.method == "POST" else 200)
    needed = first_missing(held.draft, step)
    if needed:
        return redirect("change-planning", held.id, needed)
    return _PAGES.get(step, _step)(request, held, step)


def first_missing(draft: dict[str, Any], step: str) -> str:
    """The first step before *step* that is not filled in; empty where all are."""
    earlier = ORDER[: ORDER.index(step)]
    lacking = [_FILLS[name] for name in _FILLS if name not in draft]
    return next((slug for slug in earlier if slug in lacking), "")


def _context(held: Change, step: str, title: str, about: str = "", button: str = mark("Go on")) -> dict[str, Any]:
    place = ORDER.index(step)
    back = reverse("change-planning", args=[held.id, ORDER[place - 1]]) if place else reverse("change", args=[held.id])
    return {
        "change": held, "title": gettext(title), "about": gettext(about), "button": gettext(button), "step": step, "back": back,
        "number": place + 1, "of": len(ORDER), "section": "changes",
    }  # fmt: skip


def _next(held: Change, step: str, query: str = "") -> HttpResponse:
    address = reverse("change-planning", args=[held.id, ORDER[ORDER.index(step) + 1]])
    return redirect(address + (f"?{query}" if query else ""))


def _step(request: HttpRequest, held: Change, slug: str) -> HttpResponse:
    """A step that fills in fields of the plan."""
    step = _STEPS[slug]
    context = _context(held, slug, step.title, step.about)
    try:
        fields = step.fields(held.draft)
    except BadInput as wrong:
        return render(request, TEMPLATE, {**context, "problem": str(wrong)}, status=400)
    if request.method != "POST":
        return shown(request, TEMPLATE, fields, context)

    def write(values: dict[str, Any], actor: Actor) -> HttpResponse:
        actions.plan(held, actor=actor, now=clock(), **step.answers(held.draft, values))
        return _next(held, slug)

    return sent(request, TEMPLATE, fields, context, write)


def _dates(request: HttpRequest, held: Change, slug: str) -> HttpResponse:
    """When it starts and ends, and who wants to start; the last day is kept, the rest goes along in the address."""
    context = _context(held, slug, mark("When, and who wants to start?"))
    before = asking_of(request, held.draft) if "last" in held.draft else None
    try:
        units = rollout.cells_for(held.draft).units
    except BadInput as wrong:
        return render(request, TEMPLATE, {**context, "problem": str(wrong)}, status=400)
    about = mark("Units that want to start first. Choose none if lots are to be drawn among all.")
    wanting = before.wanting if before else wanted(held.draft)
    fields = [
        Field("start", mark("The first unit starts on"), "day", value=before.start if before else None),
        Field("last", mark("The last day it is measured"), "day", mark("A year after the start is usual."), value=held.draft.get("last")),
        Field(
            "earliest", mark("The earliest day of a verdict"), "day", mark("Leave it empty for what the rule says."), False,
            value=held.draft.get("earliest"),
        ),
        Field("wanting", mark("Units"), "many", about, False, tuple((u, u) for u in units), value=wanting),
    ]  # fmt: skip
    if request.method != "POST":
        return shown(request, TEMPLATE, fields, context)

    def write(values: dict[str, Any], actor: Actor) -> HttpResponse:
        asking = rollout.Asking(values["start"], values["last"], tuple(values["wanting"]))
        rollout.checked(asking)
        if values["earliest"] and not asking.start <= values["earliest"] <= asking.last:
            raise WrongAt(
                "earliest", mark("The earliest day of a verdict must lie between the start and the last day.")
            )
        actions.plan(held, actor=actor, now=clock(), last=asking.last, earliest=values["earliest"])
        return _next(held, slug, urlencode({"start": asking.start, "unit": asking.wanting}, doseq=True))

    return sent(request, TEMPLATE, fields, context, write)


def wanted(draft: dict[str, Any]) -> list[str]:
    """The units of a draft that want to start; none where lots were drawn or all start."""
    drawn = draft.get("design") in ("lottery", "stepped lottery", "none")
    return [] if drawn else [unit for unit, _ in draft.get("treated", [])]


def asking_of(request: HttpRequest, draft: dict[str, Any]) -> rollout.Asking | None:
    """What the address, or else the draft, asks the doctor; None where neither says when it starts."""
    said = request.GET.get("start") or min((day for _, day in draft.get("treated", [])), default="")
    try:
        start = date.fromisoformat(said)
    except ValueError:
        return None
    wanting = request.GET.getlist("unit") if "start" in request.GET else wanted(draft)
    return rollout.Asking(start, date.fromisoformat(draft["last"]), tuple(wanting))


def _way(request: HttpRequest, held: Change, slug: str) -> HttpResponse:
    """The doctor's table, and the choice of a way; lots are drawn when it is sent."""
    asking = asking_of(request, held.draft)
    if asking is None:
        return redirect("change-planning", held.id, "dates")
    context = _context(
        held,
        slug,
        mark("How do you roll it out?"),
        mark("What each way could find, judged by how the figures have varied."),
    )
    asks = urlencode({"start": asking.start, "unit": asking.wanting}, doseq=True)
    context["back"] = f"{context['back']}?{asks}"
    ways: tuple[Any, ...] = ()
    try:
        ways = rollout.found_ways(held.draft, asking)
        context["table"] = show("ways", rollout.table_of(held.draft, ways), None)
        context["query"] = request.GET.urlencode()
    except BadInput as wrong:
        context["problem"] = str(wrong)
    fields = rollout.fields(len(held.draft.get("treated", [])), len(asking.wanting), _chosen(held))
    if request.method != "POST":
        return shown(request, "web/changes/ways.html", fields, context)

    def write(values: dict[str, Any], actor: Actor) -> HttpResponse:
        actions.plan(held, actor=actor, now=clock(), **rollout.planned(held.draft, asking, values, ways))
        return _next(held, slug)

    return sent(request, "web/changes/ways.html", fields, context, write)


def _chosen(held: Change) -> str | None:
    ways = {"lottery": "half by lot", "stepped lottery": "stepwise by lot", "none": "all at once"}
    design = held.draft.get("design")
    return ways.get(design, "comparison") if design else None


@require_safe
def ways_file(request: HttpRequest, change: str, form: str) -> HttpResponse:
    """The doctor's table as CSV or JSON."""
    held = found(change)
    if first_missing(held.draft, "way"):
        raise Http404
    asking = asking_of(request, held.draft)
    if asking is None:
        raise Http404
    try:
        table = rollout.table_of(held.draft, rollout.found_ways(held.draft, asking))
    except BadInput as wrong:
        return HttpResponse(f"{wrong}\n", status=400, content_type="text/plain; charset=utf-8")
    return table_response(table, form, f"{held.id}-ways")


def _near(request: HttpRequest, held: Change, slug: str) -> HttpResponse:
    """Units to compare with that are so near that the change may reach them."""
    if "treated" not in held.draft:
        return redirect("change-planning", held.id, "dates")
    about = mark(
        "Units that wait, but share staff or residents with units that start. The verdict is tried without them."
    )
    context = _context(held, slug, mark("Near neighbours"), about)
    units = tuple((unit, unit) for unit in held.draft.get("comparison", []))
    fields = [Field("near", mark("Near neighbours"), "many", needed=False, options=units, value=held.draft.get("near"))]
    if request.method != "POST":
        return shown(request, TEMPLATE, fields, context)

    def write(values: dict[str, Any], actor: Actor) -> HttpResponse:
        actions.plan(held, actor=actor, now=clock(), near=values["near"])
        return _next(held, slug)

    return sent(request, TEMPLATE, fields, context, write)


def _warnings(held: Change, plan: Plan) -> list[Sentence]:
    """What one should know before the plan is locked, by the plan, the register and the log."""
    told = warnings_of(plan, clock().date())
    if others := others_beside(held):
        told.append(
            say(
                mark("Other changes run in the same units meanwhile: %(names)s. The effects cannot be told apart."),
                names=Figure(", ".join(others), "text"),
            )
        )
    if name := not_met(plan):
        told.append(
            say(
                mark(
                    "The log has not met %(name)s yet, which is to show the new way. Check that it will be written so."
                ),
                name=Figure(name, "text"),
            )
        )
    return told


def _summary(request: HttpRequest, held: Change, slug: str) -> HttpResponse:
    """The whole plan to check before it is locked."""
    about = mark("Check it. Once it is locked it cannot be changed, only amended beside what was locked.")
    context = _context(held, slug, mark("The plan"), about, mark("Lock the plan"))
    plan = drafted_plan(held.draft)
    context |= {"lines": lines(plan) if plan else [], "missing": plan is None}
    context["warnings"] = [str(said) for said in _warnings(held, plan)] if plan else []
    if request.method != "POST":
        return shown(request, "web/changes/summary.html", [], context)

    def write(values: dict[str, Any], actor: Actor) -> HttpResponse:
        version = actions.lock(held, actor=actor, now=clock())
        return redirect("change-plan", held.id, version.version)

    return sent(request, "web/changes/summary.html", [], context, write)


_PAGES: dict[str, Callable[[HttpRequest, Change, str], HttpResponse]] = {
    "dates": _dates,
    "way": _way,
    "near": _near,
    "summary": _summary,
}


def _amend_fields(change: Change, request: HttpRequest) -> list[Field]:
    plan = change.plan.plan if change.plan else None
    return [
        Field("reason", mark("Why?"), "area", most=20_000),
        Field("last", mark("The last day it is measured"), "day", value=plan.last if plan else None),
        Field("near", mark("Near neighbours"), "many", needed=False, options=_compared(plan), value=plan.near if plan else None),
    ]  # fmt: skip


def _compared(plan: Any) -> tuple[tuple[str, str], ...]:
    return tuple((unit, unit) for unit in plan.comparison) if plan else ()


def _amend(change: Change, values: dict[str, Any], actor: Actor, now: Any) -> None:
    actions.amend(change, values["reason"], actor=actor, now=now, last=values["last"], near=values["near"])


FORMS = (
    Form(
        "amend", "amend", ("endre-plan", "amend"), mark("Amend the plan"),
        mark("A new version is locked beside the earlier ones. What is amended after the start is written down, but does not move "
             "the goal."),
        mark("Lock the new version"), _amend_fields, _amend, "plan", holds=True,
    ),
)  # fmt: skip
