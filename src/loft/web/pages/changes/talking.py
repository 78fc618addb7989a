"""What people add to a change: comments, learning, links, files, notes beside a verdict; what is public."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from loft.changes import actions
from loft.changes.models import Change
from loft.changes.public import FIELDS
from loft.changes.rules import Actor
from loft.charts import numbers
from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure
from loft.web.forms import Field, WrongAt
from loft.web.pages.changes.asking import Form, found
from loft.web.pages.changes.propose import options

FILES = mark("A PDF, a picture (PNG or JPEG), an office document or plain text. No names or identity numbers.")


def _said(label: str) -> Any:
    def fields(change: Change, request: HttpRequest) -> list[Field]:
        return [Field("text", label, "area", most=20_000)]

    return fields


def _comment(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.comment(change, values["text"], actor=actor, now=now)


def _learn(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.learn(change, values["text"], actor=actor, now=now)


def _link_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [
        Field("url", mark("Address"), about=mark("Begin with https://"), most=1000),
        Field("title", mark("What is there?"), needed=False),
    ]


def _link(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.link(change, values["url"], actor=actor, now=now, title=values["title"] or "")


def _attach_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [Field("file", mark("File"), "file", FILES)]


def _attach(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    file = values["file"]
    limit = settings.CONFIGURATION.attachment_limit
    if file.size > limit:  # told before the whole of it is read into memory
        raise WrongAt("file", mark("The file is larger than %(limit)s MB."), limit=Figure(limit / 10**6, "decimal"))
    actions.attach(change, file.name, file.read(), actor=actor, now=now)


def _note_fields(change: Change, request: HttpRequest) -> list[Field]:
    rows = change.verdicts.order_by("-on")
    listed = tuple((str(row.pk), numbers.day(row.on)) for row in rows)
    if not listed:
        raise BadInput(mark("There is no verdict yet to write beside."))
    chosen = request.GET.get("verdict") or (listed[0][0] if listed else None)
    return [
        Field("verdict", mark("Beside the verdict of"), "one", options=listed, value=chosen),
        Field("text", mark("What do you want to say?"), "area", most=20_000),
    ]


def _note(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    verdict = change.verdicts.get(pk=int(values["verdict"]))
    actions.note(change, verdict, values["text"], actor=actor, now=now)


def _publish_fields(change: Change, request: HttpRequest) -> list[Field]:
    return [Field("fields", mark("Show"), "many", needed=False, options=options(FIELDS), value=change.published)]


def _publish(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.publish(change, values["fields"], actor=actor, now=now)


FORMS = (
    Form(
        "comment", "comment", ("kommentar", "comment"), mark("Comment"), mark("No names of people that a case is about."),
        mark("Save the comment"), _said(mark("Your comment")), _comment, "comments",
    ),
    Form(
        "learn", "learn", ("laering", "learning"), mark("What was learned"),
        mark("For those who come after: what worked, what did not, what you would do otherwise."), mark("Save"),
        _said(mark("What was learned?")), _learn, "learning",
    ),
    Form("link", "attach", ("lenke", "link"), mark("Add a link"), "", mark("Save the link"), _link_fields, _link, "attachments"),
    Form(
        "attach", "attach", ("vedlegg", "attachment"), mark("Attach a file"), "", mark("Attach"), _attach_fields, _attach, "attachments",
    ),
    Form(
        "note", "note", ("merknad", "note"), mark("Write beside a verdict"),
        mark("The verdict is made by the program and stays as it is. Your note stands beside it, signed."), mark("Save the note"),
        _note_fields, _note, "verdicts",
    ),
    Form(
        "publish", "publish", ("offentlig", "public"), mark("Choose what is public"),
        mark("The public register shows only what you choose. Choose nothing to take the change out of it."), mark("Save"),
        _publish_fields, _publish, holds=True,
    ),
)  # fmt: skip


@require_safe
def attachment(request: HttpRequest, change: str, number: int) -> HttpResponseBase:
    """A file that was attached, to be saved: it is never opened as a page of ours."""
    row = found(change).attachments.filter(pk=number).first()
    path = actions.path_of(row.sha256) if row else None
    if path is None or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=row.name, content_type=row.type)
