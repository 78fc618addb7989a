"""The certificate of a verdict, as a page and as JSON that ``loft verify`` works out again; and the cells it rests on."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes.looking import breaks_of, cells_of_plan, others_of
from loft.changes.models import Change, VerdictRow
from loft.insight.choice import refusal
from loft.insight.table import plain_cell
from loft.language import gettext, short_name
from loft.log import Selection
from loft.value.cells import Cells
from loft.value.certificate import certificate
from loft.value.errors import BadInput
from loft.value.look import hash_of_all
from loft.value.showing import shown
from loft.web.library import find
from loft.web.pages.changes.asking import found
from loft.web.pages.changes.inwords import lines
from loft.web.pages.changes.wording import SECURITY, verdict_name

_COLUMNS = ("measure", "unit", "month", "cases", "figure")


@require_safe
def certificate_page(request: HttpRequest, change: str, day: str) -> HttpResponse:
    """The certificate to print, with its hashes."""
    held, row = _row(change, day)
    told, same = _certificate(held, row)
    made = row.verdict
    context = {
        "section": "changes",
        "change": held,
        "row": row,
        "verdict": made,
        "word": verdict_name(row.word),
        "grade": gettext(SECURITY[made.security]),
        "plan": row.plan,
        "plan_rows": lines(row.plan.plan),
        "hash": told["hash"],
        "same": same,
    }
    return render(request, "web/changes/certificate.html", context)


@require_safe
def certificate_file(request: HttpRequest, change: str, day: str) -> HttpResponse:
    """The certificate as JSON. It has the cells while the log still gives those that the verdict was made from."""
    held, row = _row(change, day)
    told, _ = _certificate(held, row)
    response = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{held.id}-{row.on.isoformat()}.json"'
    return response


@require_safe
def cells_file(request: HttpRequest, change: str, day: str) -> HttpResponse:
    """What the plan is judged by, as it is now, as CSV: a row for each measure, unit and month, through the gate.

    The whole cells, by day, are in the certificate alone.
    """
    held, row = _row(change, day)
    plan = row.plan.plan
    log = find(short_name(plan.log, "log"))
    try:
        cells, _ = cells_of_plan(plan)
    except BadInput as error:
        raise Http404(str(error)) from error
    if log is None:
        raise Http404
    reason = refusal(log, Selection(services=plan.services, where=plan.where))
    lines_ = [_line(_COLUMNS)]
    for name, part in sorted(cells.items()):
        table = shown(part, log.minimum, reason=reason)
        lines_ += [_line((name, *row.values())) for row in table.rows()]
    response = HttpResponse("".join(lines_), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{held.id}-cells.csv"'
    return response


def log_is_here(name: str) -> bool:
    """Whether the log of a plan is in the home folder."""
    return (Path(settings.CONFIGURATION.logs) / short_name(name, "log") / "current").is_file()


def _row(change: str, day: str) -> tuple[Change, VerdictRow]:
    held = found(change)
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    row = held.verdicts.filter(on=on).order_by("-id").first()
    if row is None:
        raise Http404
    return held, row


def _certificate(change: Change, row: VerdictRow) -> tuple[dict[str, Any], bool]:
    """The certificate, and whether it has the cells: only those that the verdict was made from belong in it."""
    plan = row.plan.plan
    cells: dict[str, Cells] | None
    try:
        cells, _ = cells_of_plan(plan)
    except BadInput:
        cells = None
    if cells is not None and hash_of_all(cells) != row.verdict.cells_hash:
        cells = None
    others, breaks = others_of(change, plan, known=row.at), breaks_of(change, plan, known=row.at)
    told = certificate(plan, row.verdict, cells, others=others, breaks=breaks)
    return told, cells is not None


def _line(values: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(map(plain_cell, values))
    return out.getvalue()
