"""The certificate of a verdict, as a page and as JSON that ``loft verify`` works out again; and the cells it rests on."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes.looking import breaks_of, cells_of_plan, others_of
from loft.changes.models import Change, VerdictRow
from loft.insight.table import plain_cell
from loft.language import gettext, short_name
from loft.value.cells import Cells
from loft.value.certificate import certificate
from loft.value.errors import BadInput
from loft.value.look import hash_of_all
from loft.web.pages.changes.asking import found
from loft.web.pages.changes.inwords import lines
from loft.web.pages.changes.wording import SECURITY, verdict_name

_COLUMNS = ("measure", "unit", "day", "stratum", "age", "closed", "n", "total", "squares")


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
def cells_file(request: HttpRequest, change: str, day: str) -> StreamingHttpResponse:
    """The cells that the plan is judged by, as they are now, as CSV: a row for each measure, unit, day and kind of case."""
    held, row = _row(change, day)
    try:
        cells, _ = cells_of_plan(row.plan.plan)
    except BadInput as error:
        raise Http404(str(error)) from error
    response = StreamingHttpResponse(_rows(cells), content_type="text/csv; charset=utf-8")
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


def _rows(cells: dict[str, Cells]) -> Iterator[str]:
    yield _line(_COLUMNS)
    for name, part in sorted(cells.items()):
        strata = part.stratum.tolist() if part.stratum is not None else [0] * len(part.n)
        ages = part.age.tolist() if part.age is not None else [""] * len(part.n)
        shut = part.closed.tolist() if part.closed is not None else [""] * len(part.n)
        first = part.first.toordinal()
        columns = zip(
            part.unit.tolist(), part.day.tolist(), strata, ages, shut, part.n.tolist(), part.total.tolist(),
            part.squares.tolist(), strict=True,
        )  # fmt: skip
        for unit, day, stratum, age, closed, *sums in columns:
            on = date.fromordinal(first + day).isoformat()
            yield _line((name, part.units[unit], on, part.strata[stratum], age, closed, *sums))


def _line(values: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(map(plain_cell, values))
    return out.getvalue()
