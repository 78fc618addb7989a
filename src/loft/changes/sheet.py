"""The fields that people fill in, as CSV: one change a row, for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from loft.changes import actions
from loft.changes.interchange import Imported, Wrong
from loft.changes.models import Change
from loft.changes.rules import ROLES, Actor, Stage
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure

TEXTS = ("body", "what", "why", "for_whom", "evidence", "novelty", "origin", "origin_from")
SEEN = ("page", "log", "unit", "step", "figure")
COLUMNS = ("id", "stage", "proposed_at", *TEXTS, "kinds", *(f"seen_{name}" for name in SEEN), *ROLES)
"""The columns. ``id``, ``stage`` and ``proposed_at`` are told, not taken: a stage is earned."""
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def to_csv(changes: Iterable[Change]) -> str:
    """The changes as CSV with a head. A cell that a spreadsheet would take for a formula has an apostrophe before it."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(COLUMNS)
    for change in changes:
        write.writerow([_safe(_cell(change, name)) for name in COLUMNS])
    return out.getvalue()


def _cell(change: Change, name: str) -> str:
    if name == "kinds":
        return "; ".join(kind.name for kind in change.kinds.all())
    value = getattr(change, name)
    return str(value.date().isoformat() if isinstance(value, datetime) else value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text


def from_csv(text: str | bytes, *, actor: Actor, now: datetime) -> Imported:
    """Take in changes from a CSV with a head, all of it or, where any row is wrong, nothing.

    A row without ``id`` is a new idea, and needs ``what`` and ``why``; one with the ``id`` of a change here gives its fields new values.
    Columns may be left out. Raises ``BadInput`` where the file is no such table.
    """
    head, lines = _table(text)
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    wrong = []
    with transaction.atomic():
        for number, line in enumerate(lines, 2):
            try:
                with transaction.atomic():
                    counts[_taken(_row(head, line), actor, now)] += 1
            except BadInput as error:
                wrong.append(Wrong(number, error.sentence))
        if wrong:
            transaction.set_rollback(True)
            return Imported(0, 0, 0, tuple(wrong))
    return Imported(counts["new"], counts["changed"], counts["unchanged"])


def _table(text: str | bytes) -> tuple[list[str], list[list[str]]]:
    """The head and the rows."""
    try:
        said = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        top = said.split("\n", 1)[0]
        reader = csv.reader(io.StringIO(said, newline=""), delimiter=max(",;\t", key=top.count), strict=True)
        lines = [line for line in reader if any(line)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(mark("The table cannot be read: %(error)s."), error=Figure(str(error), "text")) from error
    head = [name.strip() for name in lines[0]] if lines else []
    _check_head(head)
    return head, lines[1:]


def _check_head(head: Sequence[str]) -> None:
    odd = [name for name in head if name not in COLUMNS] or [name for name in head if head.count(name) > 1]
    if odd:
        raise BadInput(
            mark("The table has the column %(name)s, which is not known or stands twice. Known are: %(known)s."),
            name=Figure(odd[0] or "–", "text"),
            known=Figure(", ".join(COLUMNS), "text"),
        )
    if not {"what", "why"} <= set(head) and "id" not in head:
        raise BadInput(mark("The table needs the columns what and why."))


def _row(head: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    if len(line) != len(head):
        raise BadInput(
            mark("The row has %(cells)s cells; the head has %(columns)s."),
            cells=Figure(len(line), "count"),
            columns=Figure(len(head), "count"),
        )
    return {name: cell[1:] if cell.startswith("'") else cell for name, cell in zip(head, line, strict=True)}


def _taken(raw: Mapping[str, str], actor: Actor, now: datetime) -> str:
    if not raw.get("id"):
        return _proposed(raw, actor, now)
    change = Change.named(raw["id"])
    if change is None:
        raise BadInput(
            mark("There is no change %(id)s here. Leave id empty for a new idea."), id=Figure(raw["id"], "text")
        )
    return "changed" if _filled_in(change, raw, actor, now) else "unchanged"


def _proposed(raw: Mapping[str, str], actor: Actor, now: datetime) -> str:
    if raw.get("stage") not in (None, "", Stage.IDEA):
        raise BadInput(
            mark("A new change is an idea; the stage %(stage)s must be earned. Move a whole register as JSON."),
            stage=Figure(raw["stage"], "text"),
        )
    seen = actions.Seen(**{name: raw.get(f"seen_{name}", "") for name in SEEN})
    change = actions.propose(raw.get("what", ""), raw.get("why", ""), actor=actor, now=now, seen=seen)
    _filled_in(change, raw, actor, now)
    return "new"


def _filled_in(change: Change, raw: Mapping[str, str], actor: Actor, now: datetime) -> bool:
    """Give the change the values of the row that differ; whether any did."""
    for name in ("stage", "proposed_at", *(f"seen_{each}" for each in SEEN)):
        if raw.get(name) and raw[name] != _cell(change, name) and raw.get("id"):
            raise BadInput(mark("%(field)s cannot be changed by a table."), field=Figure(name, "text"))
    texts: dict[str, Any] = {
        name: raw[name] for name in TEXTS if name in raw and raw[name].strip() != _cell(change, name)
    }
    if "kinds" in raw and raw["kinds"] != _cell(change, "kinds"):
        texts["kinds"] = [kind.strip() for kind in raw["kinds"].split(";") if kind.strip()]
    names = {role: raw[role] for role in ROLES if role in raw and raw[role].strip() != getattr(change, role)}
    if not raw.get("id"):
        names = {role: name for role, name in names.items() if name.strip()}
    if texts:
        actions.describe(change, actor=actor, now=now, **texts)
    if names:
        actions.assign(change, actor=actor, now=now, **names)
    return bool(texts or names)
