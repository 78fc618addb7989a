"""A change and all that belongs to it as plain values, ready for JSON; the same for every reader."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import models

from loft.changes.models import Change

OWN = (
    "slug", "number", "pseudonym", "body", "what", "why", "for_whom", "evidence", "novelty", "origin", "origin_from", "seen_page",
    "seen_log", "seen_unit", "seen_step", "seen_figure", "proposer", "owner", "benefits_owner", "analyst", "stage", "stage_before",
    "draft", "published", "proposed_at", "changed_at",
)  # fmt: skip
"""Fields of a change itself, as they are in files."""

PARTS = {
    "exposures": ("unit", "planned", "started", "ended"),
    "plans": ("version", "text", "hash", "reason", "by", "at"),
    "verdicts": ("on", "word", "text", "by", "at"),
    "looks": ("version", "on", "word", "cells_hash", "failed", "by", "at"),
    "decisions": ("kind", "reason", "by", "at"),
    "gains": (
        "what", "kind", "receiver", "cash", "unit", "low", "mid", "high", "forecast_by", "baseline", "unit_price", "price_year",
        "cost_once", "cost_yearly", "measured_low", "measured_mid", "measured_high", "by", "at",
    ),
    "freed": ("what", "estimated", "confirmed", "confirmed_on", "by", "at"),
    "breaks": ("unit", "on", "why", "by", "at"),
    "learnings": ("text", "by", "at"),
    "comments": ("text", "by", "at"),
    "links": ("url", "title", "by", "at"),
    "attachments": ("name", "sha256", "type", "size", "by", "at"),
    "history": ("field", "before", "after", "by", "at"),
}  # fmt: skip
"""What belongs to a change, in the order in which it can be written: by the name of the relation, with the fields."""

USES = ("use", "to", "hours", "realised", "realised_on", "proof", "by", "at")
NOTES = ("text", "by", "at")


def record(change: Change) -> dict[str, Any]:
    """The change as JSON-ready values. A verdict is told by its day, a version of the plan by its number, another change by its
    pseudonym; ``copied_from`` may be in another register."""
    found: dict[str, Any] = {name: plain(getattr(change, name)) for name in OWN}
    found["copied_from"] = change.copied_from.pseudonym if change.copied_from else change.copied_of
    found["kinds"] = [kind.name for kind in change.kinds.all()]
    for relation, names in PARTS.items():
        found[relation] = [_part(row, names) for row in getattr(change, relation).order_by("pk")]
    return found


def _part(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: plain(getattr(row, name)) for name in names}
    told = {field.name for field in row._meta.get_fields()}
    if "amends" in told:
        found["amends"] = row.amends.version if row.amends else None
    if "plan" in told:
        found["plan"] = row.plan.version
    if "verdict" in told:
        found["verdict"] = row.verdict.on.isoformat() if row.verdict else None
    if "uses" in told:
        found["uses"] = [_part(use, USES) for use in row.uses.all()]
    if "notes" in told:
        found["notes"] = [_part(note, NOTES) for note in row.notes.all()]
    return found


def plain(value: Any) -> Any:
    """A value ready for JSON: moments in UTC, days as year-month-day."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
