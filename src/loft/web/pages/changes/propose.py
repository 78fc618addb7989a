"""Proposing a change: two fields, by anyone; and telling more of it when more is known."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from loft.changes import actions, words
from loft.changes.actions import Seen
from loft.changes.models import Change
from loft.changes.rules import ROLES, Actor
from loft.language import gettext, mark
from loft.vocabulary import activity_name
from loft.web.addresses import is_ours
from loft.web.forms import Field
from loft.web.pages.changes.asking import Form, clock, sent, shown

WHAT = Field("what", mark("What do you want to do differently?"), about=mark("One sentence is enough."))
WHY = Field(
    "why",
    mark("Why, and where?"),
    "area",
    mark("What is the problem today, for whom, and in which unit or task? No names of people."),
    most=20_000,
)
SEEN = ("page", "log", "unit", "step", "figure")
_LONGEST = {"page": 300, "log": 60, "unit": 200, "step": 200, "figure": 300}


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """An idea. The address may carry where the problem was seen: ``page``, ``log``, ``unit``, ``step`` and ``figure``."""
    seen = seen_at(request)
    context: dict[str, Any] = {
        "title": gettext("Propose a change"),
        "about": gettext("Anyone can. Two fields are enough; the rest comes later, with help."),
        "button": gettext("Propose"),
        "seen": seen,
        "seen_step": activity_name(seen.step) if seen.step else "",
        "section": "changes",
    }
    if request.method != "POST":
        return shown(request, "web/changes/propose.html", [WHAT, WHY], context)

    def write(values: dict[str, Any], actor: Actor) -> HttpResponse:
        change = actions.propose(values["what"], values["why"], actor=actor, now=clock(), seen=seen)
        return redirect("change", change.id)

    return sent(request, "web/changes/propose.html", [WHAT, WHY], context, write)


def seen_at(request: HttpRequest) -> Seen:
    """Where the problem was seen, as the address says. A page is only ever one of ours."""
    given = {name: " ".join(request.GET.get(name, "").split())[: _LONGEST[name]] for name in SEEN}
    if not is_ours(given["page"]):
        given["page"] = ""
    return Seen(**given)


def options(choices: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Choices of the register, in the language in force."""
    return tuple((name, gettext(label)) for name, label in choices.items())


def _described(change: Change, request: HttpRequest) -> list[Field]:
    return [
        WHAT.holding(change.what),
        WHY.holding(change.why),
        _text("for_whom", mark("For whom?"), change.for_whom, "area"),
        _text("evidence", mark("How do you know that it is a problem?"), change.evidence, "area"),
        Field("kinds", mark("What is new?"), "many", needed=False, options=options(words.KINDS), value=_kinds(change)),
        Field(
            "novelty",
            mark("How new is it?"),
            "one",
            needed=False,
            options=options(words.NOVELTY),
            value=change.novelty,
        ),
        Field(
            "origin",
            mark("Where does the idea come from?"),
            "one",
            needed=False,
            options=options(words.ORIGINS),
            value=change.origin,
        ),
        _text("origin_from", mark("From whom?"), change.origin_from),
        _text("body", mark("Which public body?"), change.body),
    ]


def _text(name: str, label: str, value: str, kind: str = "text") -> Field:
    return Field(name, label, kind, needed=False, value=value, most=20_000 if kind == "area" else 200)


def _kinds(change: Change) -> list[str]:
    return [kind.name for kind in change.kinds.all()]


def _describe(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    kinds = values.pop("kinds")
    actions.describe(change, actor=actor, now=now, kinds=kinds, **{name: value or "" for name, value in values.items()})


def _roles(change: Change, request: HttpRequest) -> list[Field]:
    return [Field(role, label, needed=False, value=change.names[role]) for role, label in ROLES.items()]


def _assign(change: Change, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    actions.assign(change, actor=actor, now=now, **{role: name or "" for role, name in values.items()})


FORMS = (
    Form(
        "describe", "describe", ("beskriv", "describe"), mark("Tell more about the change"),
        mark("Fill in what you know. What is missing can come later."), mark("Save"), _described, _describe, holds=True,
    ),
    Form(
        "assign", "assign", ("roller", "roles"), mark("Who does what?"),
        mark("The owner in the line decides on starting and stopping. The benefits owner answers for what is gained. "
             "The analyst plans how the change is judged."),
        mark("Save"), _roles, _assign, holds=True,
    ),
)  # fmt: skip
