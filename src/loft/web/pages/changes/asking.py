"""How a page asks for something about a change and has it written: the fields, the name of the person, what is wrong, the way on."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from loft.changes.models import Change
from loft.changes.rules import Actor, why_not
from loft.language import gettext, mark
from loft.value.errors import BadInput
from loft.web.acting import MOST, actor_of, remember
from loft.web.forms import Errors, Field, WrongAt, answers, asked

NAME = Field(
    "your_name", mark("Your name"), about=mark("It stands beside what you write. You are asked once."), most=MOST
)


def found(name: str) -> Change:
    """The change with this name in addresses. Raises ``Http404`` where there is none."""
    change = Change.named(name)
    if change is None:
        raise Http404
    return change


def clock() -> datetime:
    """The moment of the request."""
    return datetime.now(UTC)  # noqa: TID251 - the pages are where the clock is asked


@dataclass(frozen=True)
class Form:
    """Something that can be done with a change: the ``rule`` it goes by, what is asked, and ``act``, which writes.

    ``fields`` raises ``BadInput`` where there is nothing to choose from; the page then says so.
    ``verb`` is its name for links (``change-VERB``), ``spoken`` its word in addresses in bokmål and English. ``part`` is the part of
    the change's page that one comes back to. With ``holds`` the fields hold what stands now, and what is sent is only written over that.
    Texts are English and translated when shown.
    """

    verb: str
    rule: str
    spoken: tuple[str, str]
    title: str
    about: str
    button: str
    fields: Callable[[Change, HttpRequest], Sequence[Field]]
    act: Callable[[Change, dict[str, Any], Actor, datetime], Any]
    part: str = ""
    danger: bool = False
    holds: bool = False


def page_of(form: Form) -> Callable[..., HttpResponse]:
    """The page of a *form*: it shows, or writes and goes back to the change's page. Where it cannot be done now, it says why."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, change: str) -> HttpResponse:
        held = found(change)
        refusal = why_not(form.rule, actor_of(request), held.facts)
        fields: Sequence[Field] = ()
        try:
            fields = () if refusal else form.fields(held, request)
        except BadInput as nothing:
            refusal = nothing.sentence
        context = {
            "form": form,
            "title": gettext(form.title),
            "about": gettext(form.about),
            "button": gettext(form.button),
        }
        stamp = _stamp(fields) if form.holds and not refusal else ""
        context |= {"change": held, "refusal": refusal, "section": "changes", "stamp": stamp}
        if refusal or request.method != "POST":
            return shown(
                request, "web/changes/form.html", fields, context, status=409 if refusal and request.POST else 200
            )
        if stamp and request.POST.get("stamp", stamp) != stamp:
            errors = [(fields[0].name, gettext(_CHANGED))]
            return shown(request, "web/changes/form.html", fields, context, errors, status=409)

        def write(values: dict[str, Any], actor: Actor) -> HttpResponse:
            form.act(held, values, actor, clock())
            return redirect(reverse("change", args=[held.id]) + (f"#{form.part}" if form.part else ""))

        return sent(request, "web/changes/form.html", fields, context, write)

    return page


_CHANGED = mark(
    "Somebody has changed this while you wrote, and nothing is saved. Below is what you wrote; saving again writes over theirs."
)


def _stamp(fields: Sequence[Field]) -> str:
    """What tells whether the fields still hold what they held when the page was shown."""
    held = [(field.name, str(field.value)) for field in fields]
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()


def shown(
    request: HttpRequest,
    template: str,
    fields: Sequence[Field],
    context: dict[str, Any],
    errors: Errors = (),  # type: ignore[assignment]
    status: int = 200,
) -> HttpResponse:
    """The page with its *fields*, and the one for the name where that is not known."""
    every = with_name(fields, request)
    context = {**context, "fields": asked(every, request, errors), "errors": errors, "files": _takes_file(every)}
    context["acting"] = actor_of(request).name
    return render(request, template, context, status=status)


def sent(
    request: HttpRequest,
    template: str,
    fields: Sequence[Field],
    context: dict[str, Any],
    write: Callable[[dict[str, Any], Actor], HttpResponse],
) -> HttpResponse:
    """What *write* answers to what was sent; the page again, with what is wrong, where it cannot be used."""
    every = with_name(fields, request)
    values, errors = answers(every, request)
    name = values.pop(NAME.name, None)
    actor = Actor.local(name) if name else actor_of(request)
    if not errors:
        try:
            response = write(values, actor)
        except BadInput as wrong:
            errors = [(_place_of(wrong, every), str(wrong))]
        else:
            if name:
                remember(response, name)
            return response
    return shown(request, template, fields, context, errors, status=400)


def _place_of(wrong: BadInput, fields: Sequence[Field]) -> str:
    """The field that what is wrong is told at: its own, where the page has that."""
    names = [field.name for field in fields]
    own = wrong.field if isinstance(wrong, WrongAt) else ""
    return own if own in names else names[0] if names else "main"


def with_name(fields: Sequence[Field], request: HttpRequest) -> list[Field]:
    """The *fields*, and the one for the person's name where that is not known."""
    return [*fields] if actor_of(request).name else [*fields, NAME]


def _takes_file(fields: Sequence[Field]) -> bool:
    return any(field.kind == "file" for field in fields)
