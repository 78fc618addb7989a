"""The JSON API of changes: the list, one with all that belongs to it, and a new idea."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from loft.changes import actions
from loft.changes.actions import Seen
from loft.changes.models import Change
from loft.changes.records import record
from loft.changes.rules import Actor
from loft.language import gettext
from loft.web.addresses import is_ours

router = Router(tags=["changes"])


class VerdictOut(Schema):
    """The newest verdict: its word, the sentence that answers, and how secure it is (0 to 5)."""

    on: date
    word: str
    answer: str
    security: int


class ChangeOut(Schema):
    """A change: ``id`` is its name in addresses."""

    id: str
    what: str
    why: str
    body: str
    stage: str
    kinds: list[str]
    units: list[str] = Field(description="Units that have started")
    proposed_at: datetime
    changed_at: datetime
    locked: bool
    verdict: VerdictOut | None


class Idea(Schema):
    """An idea: what to do differently, why or where, and by whom; and where the problem was seen."""

    what: str = Field(max_length=200)
    why: str = Field(max_length=20_000)
    by: str = Field(max_length=100, description="The name of the person who proposes it")
    page: str = Field("", max_length=300)
    log: str = Field("", max_length=60)
    unit: str = Field("", max_length=200)
    step: str = Field("", max_length=200)
    figure: str = Field("", max_length=300)


class Refused(Schema):
    """What was wrong, in a sentence."""

    detail: str


@router.get("", response=list[ChangeOut], summary="The changes", operation_id="changes")
def changes(request: HttpRequest) -> list[dict[str, Any]]:
    """Every change in the register, with its stage and its newest verdict."""
    rows = Change.objects.prefetch_related("kinds", "exposures", "plans", "verdicts")
    return [_out(change) for change in rows]


@router.get("/{change}", response={200: dict[str, Any], 404: Refused}, summary="A change", operation_id="change")
def change(request: HttpRequest, change: str) -> dict[str, Any]:
    """A change with all that belongs to it, as an export holds it."""
    found = Change.named(change)
    if found is None:
        raise HttpError(404, gettext("There is no change called %(name)s.") % {"name": change})
    return {"id": found.id, **record(found)}


@router.post(
    "",
    response={201: ChangeOut, 400: Refused, 415: Refused},
    summary="Propose a change",
    operation_id="propose_change",
)
def propose(request: HttpRequest, idea: Idea) -> Status:
    """A new idea. Send JSON, and say so (``Content-Type: application/json``)."""
    # A page elsewhere may have a browser send text to this machine, but not something that it calls JSON.
    if request.content_type != "application/json":
        raise HttpError(415, gettext("Send JSON, and say so with Content-Type: application/json."))
    page = idea.page if is_ours(idea.page) else ""
    made = actions.propose(
        idea.what,
        idea.why,
        actor=Actor.local(idea.by.strip()),
        now=datetime.now(UTC),  # noqa: TID251 - the API is where the clock is asked
        seen=Seen(page, idea.log, idea.unit, idea.step, idea.figure),
    )
    return Status(201, _out(made))


def _out(change: Change) -> dict[str, Any]:
    newest = max(change.verdicts.all(), key=lambda row: (row.on, row.pk), default=None)
    return {
        "id": change.id,
        "what": change.what,
        "why": change.why,
        "body": change.body,
        "stage": change.stage,
        "kinds": [kind.name for kind in change.kinds.all()],
        "units": [exposure.unit for exposure in change.exposures.all() if exposure.started],
        "proposed_at": change.proposed_at,
        "changed_at": change.changed_at,
        "locked": bool(change.plans.all()),
        "verdict": _verdict(newest) if newest else None,
    }


def _verdict(row: Any) -> dict[str, Any]:
    made = row.verdict
    return {"on": row.on, "word": row.word, "answer": str(made.answer), "security": made.security}
