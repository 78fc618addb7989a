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
    """The history as a table. Of a draft only what differs is told."""
    rows = [_told(row) for row in change.history.order_by("-id")]
    data = pa.Table.from_pylist(rows, pa.schema([(column.name, pa.string()) for column in _COLUMNS]))
    about = mark("Every field that was changed, by whom, from what to what.")
    return Table("history", mark("History"), about, _COLUMNS, data, 1, ("at", "by", "field"))


def _told(row: Any) -> dict[str, str]:
    before, after = row.before, row.after
    if row.field == "draft":
        before, after = _differing(_draft(before), _draft(after))
    if row.field == "stage":
        before, after = (gettext(STAGES[Stage(text)]) if text else "" for text in (before, after))
    label = gettext(_LABELS[row.field]) if row.field in _LABELS else row.field
    name = row.by or gettext("not given")
    return {"at": f"{row.at:%Y-%m-%d %H:%M}", "by": name, "field": label, "before": before, "after": after}


def _draft(text: str) -> dict[str, Any]:
    try:
        read = ast.literal_eval(text or "{}")
    except (ValueError, SyntaxError):
        return {"": text}
    return read if isinstance(read, dict) else {"": text}


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, str]:
    """The fields of two drafts that differ, each as text."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return _listed(before, names), _listed(after, names)


def _listed(draft: dict[str, Any], names: list[str]) -> str:
    filled = [name for name in names if draft.get(name) not in (None, "", [], {})]
    return "; ".join(f"{name}: {_short(_words(draft[name]))}" for name in filled)


def _words(value: Any) -> str:
    """A value of a draft without brackets."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(" ".join(map(str, each)) if isinstance(each, list) else _words(each) for each in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
