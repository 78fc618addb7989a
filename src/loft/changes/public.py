"""The public register: of each change only the fields that the body chose to publish."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from loft.changes import words
from loft.changes.rules import STAGES
from loft.language import gettext, mark
from loft.value.obstacles import OTHERS
from loft.value.sentence import Figure, Sentence

FIELDS: Mapping[str, str] = {
    "what": mark("What is done differently"),
    "why": mark("Why, and where"),
    "body": mark("Public body"),
    "for_whom": mark("For whom"),
    "evidence": mark("How we know of the problem"),
    "kinds": mark("Kinds"),
    "novelty": mark("How new it is"),
    "origin": mark("Where it comes from"),
    "stage": mark("Stage"),
    "owner": mark("Owner in the line"),
    "units": mark("Units"),
    "plan": mark("Locked plan"),
    "verdicts": mark("Verdicts"),
    "gains": mark("Gains"),
    "freed_time": mark("Freed time"),
    "learning": mark("What was learned"),
    "links": mark("Links"),
}
"""What can be made public, with its English name. ``what`` is always shown of a change with any field published."""


def public(changes: Iterable[Any]) -> list[dict[str, Any]]:
    """What the body publishes of each change, in the language in force: those with any field published, and of these ``id``, ``what`` and
    the fields chosen. Names of persons stand only in ``owner``; the history, comments and files never."""
    return [_shown(change) for change in changes if change.published]


def _shown(change: Any) -> dict[str, Any]:
    chosen = ["what", *(name for name in FIELDS if name in change.published and name != "what")]
    return {
        "id": change.id,
        **{name: _SHOW[name](change) if name in _SHOW else getattr(change, name) for name in chosen},
    }


def _label(names: Mapping[Any, str], value: str) -> str:
    return gettext(names[value]) if value else ""


def _plan(change: Any) -> dict[str, Any] | None:
    version = change.judged_by
    if version is None:
        return None
    told = {name: value for name, value in version.plan.as_dict().items() if name != "locked_by"}
    return {**told, "hash": version.hash, "locked_before_start": version.in_time}


def _verdict(row: Any) -> dict[str, Any]:
    made = row.verdict
    told = {"on": row.on.isoformat(), "word": row.word, "answer": str(_unnamed(made.answer))}
    return {**told, "security": made.security}


_ANOTHER = mark("Another change went on in the same units at the same time.")


def _unnamed(said: Sentence) -> Sentence:
    """What is said without the names of other changes, which may not be public."""
    if said.text == OTHERS:
        return Sentence(_ANOTHER)
    figures = [(name, Figure(_unnamed(f.value), f.form) if f.form == "said" else f) for name, f in said.figures]
    return Sentence(said.text, tuple(figures))


_AMOUNTS = (
    "low",
    "mid",
    "high",
    "unit",
    "unit_price",
    "price_year",
    "cost_once",
    "cost_yearly",
    "measured_low",
    "measured_mid",
    "measured_high",
)


def _gain(row: Any) -> dict[str, Any]:
    named = {"what": row.what, "kind": _label(words.GAINS, row.kind), "receiver": _label(words.RECEIVERS, row.receiver)}
    return {**named, "cash": _label(words.CASH, row.cash), **{name: getattr(row, name) for name in _AMOUNTS}}


def _freed(row: Any) -> dict[str, Any]:
    uses = [{"use": _label(words.USES, u.use), "hours": u.hours, "realised": u.realised} for u in row.uses.all()]
    return {"what": row.what, "estimated": row.estimated, "confirmed": row.confirmed, "uses": uses}


def _unit(row: Any) -> dict[str, Any]:
    days = {name: getattr(row, name) for name in ("planned", "started", "ended")}
    return {"unit": row.unit, **{name: day.isoformat() if day else None for name, day in days.items()}}


_SHOW: Mapping[str, Callable[[Any], Any]] = {
    "kinds": lambda change: [_label(words.KINDS, kind.name) for kind in change.kinds.all()],
    "novelty": lambda change: _label(words.NOVELTY, change.novelty),
    "origin": lambda change: _label(words.ORIGINS, change.origin),
    "stage": lambda change: _label(STAGES, change.stage),
    "units": lambda change: [_unit(row) for row in change.exposures.all()],
    "plan": _plan,
    "verdicts": lambda change: [_verdict(row) for row in change.verdicts.all()],
    "gains": lambda change: [_gain(row) for row in change.gains.all()],
    "freed_time": lambda change: [_freed(row) for row in change.freed.all()],
    "learning": lambda change: [row.text for row in change.learnings.all()],
    "links": lambda change: [{"url": row.url, "title": row.title} for row in change.links.all()],
}


def public_json(changes: Iterable[Any]) -> str:
    """The public register as JSON."""
    return json.dumps({"changes": public(changes)}, ensure_ascii=False, indent=1) + "\n"


def public_csv(changes: Iterable[Any]) -> str:
    """The public register as CSV: a column for each field, empty where it is not published; what is many stands as JSON in its cell."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["id", *FIELDS])
    for row in public(changes):
        write.writerow([_in_cell(row.get(name)) for name in ("id", *FIELDS)])
    return out.getvalue()


def _in_cell(value: Any) -> str:
    if value is None or value == []:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else text
