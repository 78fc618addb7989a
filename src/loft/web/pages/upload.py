"""Taking a log in: a file, what Løft makes of it, the import."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from loft.charts import numbers
from loft.language import gettext, mark
from loft.log import LogError, Mapping, Proposal, propose
from loft.web import uploads
from loft.web.library import slug_of

ROLES = {
    "case": (mark("Case"), mark("What says which case an event belongs to")),
    "activity": (mark("Step"), mark("What was done")),
    "at": (mark("When it was done"), mark("The moment the step was completed")),
    "began": (mark("When work began"), mark("Leave empty when the file does not say")),
    "unit": (mark("Unit"), mark("The unit responsible. Never a person")),
    "service": (mark("Service"), mark("The public service the case is about")),
    "actor": (mark("Kind of hand"), mark("resident, employee, robot or system")),
}
NEEDED = ("case", "activity", "at")


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Step 1: the file."""
    errors = []
    if request.method == "POST":
        upload = request.FILES.get("file")
        if not upload or not upload.size:
            errors.append(("file", gettext("Choose a file that is not empty")))
        elif upload.size > settings.CONFIGURATION.upload_limit:
            errors.append(("file", gettext("The file is too large")))
        else:
            return redirect("preview", token=uploads.keep(upload))
    context = {"errors": errors, "limit": settings.CONFIGURATION.upload_limit}
    return render(request, "web/upload.html", context, status=400 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Step 2: what plays what, with the first events as they would be; then the import starts."""
    path = uploads.kept(token)
    if path is None:
        if uploads.work(token):
            return redirect("progress", token=token)
        raise Http404
    if request.method == "POST" and "discard" in request.POST:
        uploads.remove(token)
        return redirect("front")
    try:
        proposal = propose(path)
    except LogError as error:
        return render(request, "web/unreadable.html", {"name": path.name, "sentence": str(error)}, status=400)
    chosen = _chosen(proposal, request.POST) if request.method == "POST" else proposal.mapping
    name = request.POST.get("name", path.name.split(".")[0]).strip()
    errors = _wrong(chosen, name) if request.method == "POST" else []
    if request.method == "POST" and not errors and "again" not in request.POST:
        uploads.start(token, path, chosen, slug=slug_of(name), name=name, keep_going="keep_going" in request.POST)
        return redirect("progress", token=token)
    context = {
        "token": token,
        "file": path.name,
        "name": name,
        "proposal": proposal,
        "fields": [_field(role, proposal, chosen) for role in ROLES],
        "errors": errors,
        "keep_going": "keep_going" in request.POST,
        "preview": _first_events(path, proposal, chosen),
        "ending": ", ".join(chosen.endings or ()),
        "time_zone": chosen.time_zone,
    }
    return render(request, "web/preview.html", context, status=400 if errors else 200)


def _chosen(proposal: Proposal, values: Any) -> Mapping:
    known = {column.name for column in proposal.columns}
    changes: dict[str, Any] = {
        role: values.get(role) if values.get(role) in known else None for role in ROLES if role in values
    }
    endings = tuple(part.strip() for part in values.get("endings", "").split(",") if part.strip())
    zone = values.get("time_zone", "").strip() or proposal.mapping.time_zone
    return proposal.mapping.but(**changes, endings=endings or None, time_zone=zone)


def _wrong(mapping: Mapping, name: str) -> list[tuple[str, str]]:
    errors = []
    if not name:
        errors.append(("name", gettext("Write what the log is to be called")))
    for role in NEEDED:
        if getattr(mapping, role) is None:
            errors.append((role, gettext("Choose the column for: %(role)s") % {"role": gettext(ROLES[role][0])}))
    if mapping.time_zone != "UTC":
        from zoneinfo import ZoneInfo

        try:
            ZoneInfo(mapping.time_zone)
        except (ValueError, OSError, KeyError):
            errors.append(("time_zone", gettext("Write a time zone such as Europe/Oslo or UTC")))
    return errors


def _field(role: str, proposal: Proposal, chosen: Mapping) -> dict[str, Any]:
    """A choice of column: its label, what it is for, why this one was proposed."""
    label, about = ROLES[role]
    return {
        "role": role,
        "label": gettext(label),
        "about": gettext(about),
        "reason": proposal.reasons.get(role, ""),
        "chosen": getattr(chosen, role),
        "needed": role in NEEDED,
    }


def _first_events(path: Any, proposal: Proposal, chosen: Mapping) -> list[list[str]]:
    """The first events as they would be imported, under the roles that have a column."""
    rows = proposal.preview if chosen == proposal.mapping else _asked_again(path, chosen, proposal)
    return [[_short(row.get(role)) for role in ROLES] for row in rows[:10]]


def _asked_again(path: Any, chosen: Mapping, proposal: Proposal) -> list[dict[str, Any]]:
    try:
        return list(propose(path, mapping=chosen).preview)
    except LogError:
        return []


def _short(value: Any) -> str:
    if value is None:
        return ""
    text = value.isoformat(sep=" ", timespec="minutes") if hasattr(value, "isoformat") else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


@require_safe
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How the import goes: the page asks for itself again until it is done."""
    work = uploads.work(token)
    if work is None:
        raise Http404
    context = {"work": work, "token": token, "file_is_kept": uploads.kept(token) is not None}
    if work.share is not None:
        context |= {"percent": numbers.percent(work.share), "value": f"{work.share:.3f}"}
    response = render(request, "web/progress.html", context)
    if not work.done:
        response.headers["Refresh"] = "2"
    return response
