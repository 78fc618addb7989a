"""The public register: what the body chose to publish of its changes, and nothing else."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes.models import Change
from loft.changes.public import FIELDS, public_csv, public_json
from loft.changes.public import public as published
from loft.charts import numbers
from loft.language import gettext, mark, ngettext
from loft.value.plan import Plan
from loft.web.pages.changes.inwords import Line, lines
from loft.web.pages.changes.wording import hours

_RELATED = (
    "kinds",
    "plans",
    "looks",
    "exposures",
    "verdicts__plan",
    "gains",
    "freed__uses",
    "learnings",
    "links",
)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The page."""
    rows = published(Change.objects.prefetch_related(*_RELATED))
    count = ngettext("%(count)s change is public.", "%(count)s changes are public.", len(rows))
    context = {
        "section": "changes",
        "sentence": count % {"count": numbers.count(len(rows))} if rows else gettext("No change is public yet."),
        "changes": [_entry(row) for row in rows],
    }
    return render(request, "web/changes/public.html", context)


@require_safe
def public_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same as CSV or JSON."""
    changes = Change.objects.prefetch_related(*_RELATED)
    body, kind = (public_csv(changes), "text/csv") if form == "csv" else (public_json(changes), "application/json")
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    placed = "attachment" if form == "csv" else "inline"
    response.headers["Content-Disposition"] = f'{placed}; filename="changes.{form}"'
    return response


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    """A published change as its template shows it: the newest answer on top, then the other fields in words."""
    verdicts = row.get("verdicts") or []
    facts = [Line(gettext(FIELDS[name]), _texts(name, row[name])) for name in FIELDS if name in row and name != "what"]
    plan = row.get("plan")
    return {
        "id": row["id"],
        "what": row["what"],
        "answer": max(verdicts, key=lambda each: each["on"])["answer"] if verdicts else "",
        "facts": [line for line in facts if line.texts],
        "plan": lines(_plan(plan)) if plan else [],
        "hash": plan["hash"] if plan else "",
        "links": row.get("links") or [],
    }


def _plan(told: dict[str, Any]) -> Plan:
    """The plan as it is published: without who locked it."""
    return Plan.from_dict({k: v for k, v in told.items() if k not in ("hash", "locked_before_start")})


def _texts(name: str, value: Any) -> tuple[str, ...]:
    """A field in words; what has a place of its own gives none."""
    if name in ("plan", "links") or not value:
        return ()
    if name in _SAID:
        return tuple(_SAID[name](each) for each in value)
    return tuple(value) if isinstance(value, list) else (str(value),)


def _verdict(told: dict[str, Any]) -> str:
    words = {"day": told["on"], "answer": told["answer"], "security": told["security"]}
    return gettext("%(day)s: %(answer)s Security %(security)s of 5.") % words


def _unit(told: dict[str, Any]) -> str:
    if told["started"]:
        return gettext("%(unit)s, started %(day)s") % {"unit": told["unit"], "day": told["started"]}
    return gettext("%(unit)s, to start %(day)s") % {"unit": told["unit"], "day": told["planned"] or numbers.MISSING}


def _gain(told: dict[str, Any]) -> str:
    parts = [f"{told['what']} ({told['kind']}, {told['receiver']})"]
    for name, label in (("mid", mark("promised")), ("measured_mid", mark("proven"))):
        if told[name] is not None:
            amount = numbers.decimal(told[name], numbers.digits_for([told[name]]))
            parts.append(f"{gettext(label)}: {amount} {told['unit']}")
    return "; ".join(parts)


def _freed(told: dict[str, Any]) -> str:
    words = {"task": told["what"], "estimated": hours(told["estimated"]), "confirmed": hours(told["confirmed"])}
    return gettext("%(task)s: %(estimated)s estimated, %(confirmed)s confirmed") % words


_SAID = {"verdicts": _verdict, "units": _unit, "gains": _gain, "freed_time": _freed}
