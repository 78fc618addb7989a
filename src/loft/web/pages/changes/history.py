"""Who changed what in a change, from what to what, and when."""

import ast
from typing import Any

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes.models import Change
from loft.changes.public import FIELDS
from loft.changes.rules import ROLES, STAGES, Stage
from loft.insight import Column, Table
from loft.insight.table import Kind
from loft.language import gettext, mark
from loft.web.pages.changes.asking import found
from loft.web.present import show

_LABELS = {
    **FIELDS,
    **ROLES,
    "origin_from": mark("From whom?"),
    "published": mark("What is public"),
    "draft": mark("Draft of the plan"),
}
_COLUMNS = (
    Column("at", Kind.TEXT, mark("When (UTC)")),
    Column("by", Kind.TEXT, mark("Who")),
    Column("field", Kind.TEXT, mark("What")),
    Column("before", Kind.TEXT, mark("Before")),
    Column("after", Kind.TEXT, mark("After")),
)


@require_safe
def history(request: HttpRequest, change: str) -> HttpResponse:
    """The page, newest first."""
    held = found(change)
    context = {"change": held, "table": show("history", history_of(held), None), "section": "changes"}
    return render(request, "web/changes/history.html", context)


@require_safe
def history_file(request: HttpRequest, change: str, form: str) -> HttpResponse:
    """The same as CSV or JSON."""
    held = found(change)
    return table_response(history_of(held), form, f"{held.id}-history")


def table_response(table: Table, form: str, name: str) -> HttpResponse:
    """A table as a file of the *form* csv or json. Raises ``Http404`` for others."""
    if form not in ("csv", "json"):
        raise Http404
    body, kind = (table.to_csv(), "text/csv") if form == "csv" else (table.to_json(), "application/json")
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    placed = "attachment" if form == "csv" else "inline"
    response.headers["Content-Disposition"] = f'{placed}; filename="{name}.{form}"'
    return response


def history_of(change: Change) -> Table:
    """The history as a table. Of a draft each field that differs has a row."""
    rows = [told for row in change.history.order_by("-id") for told in _told(row)]
    data = pa.Table.from_pylist(rows, pa.schema([(column.name, pa.string()) for column in _COLUMNS]))
    about = mark("Every field that was changed, by whom, from what to what.")
    return Table("history", mark("History"), about, _COLUMNS, data, 1, ("at", "by", "field"))


def _told(row: Any) -> list[dict[str, str]]:
    label = gettext(_LABELS[row.field]) if row.field in _LABELS else row.field
    changed = [(label, row.before, row.after)]
    if row.field == "draft":
        changed = [(f"{label}: {name}", *values) for name, *values in _differing(_draft(row.before), _draft(row.after))]
    if row.field == "stage":
        changed = [(label, *(gettext(STAGES[Stage(text)]) if text else "" for text in (row.before, row.after)))]
    always = {"at": f"{row.at:%Y-%m-%d %H:%M}", "by": row.by or gettext("not given")}
    return [{**always, "field": field, "before": before, "after": after} for field, before, after in changed]


def _draft(text: str) -> dict[str, Any]:
    try:
        read = ast.literal_eval(text or "{}")
    except (ValueError, SyntaxError):
        return {"": text}
    return read if isinstance(read, dict) else {"": text}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The fields of two drafts that differ, each with what it held before and after, as text."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    told = [(name, _short(_words(before.get(name))), _short(_words(after.get(name)))) for name in names]
    return [(name, was, now) for name, was, now in told if was != now]


def _words(value: Any) -> str:
    """A value of a draft without brackets; nothing for one that is empty."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, each)) if isinstance(each, list) else _words(each) for each in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
