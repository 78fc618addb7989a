"""The JSON API: the logs, every question with the same filters as on the pages, and the changes."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import HttpError

from loft import insight
from loft.language import gettext
from loft.log import Log, LogError
from loft.value.errors import BadInput
from loft.web import questions
from loft.web.api_changes import router
from loft.web.filters import read
from loft.web.library import find, shelf

api = NinjaAPI(
    title="Løft",
    version="1",
    description="What the logs answer, and the register of changes. Every figure has passed the gate: figures on too few cases are null.",
    docs_url=None,
    urls_namespace="api",
)


class Filters(Schema):
    """Which cases; what is left out is every case. Names may be repeated where they are lists."""

    from_: str | None = Field(None, alias="from", description="First day of opening, 2026-01-31")
    until: str | None = Field(None, description="Last day of opening, included")
    service: list[str] = Field([], description="Cases about any of these services")
    unit: list[str] = Field([], description="Cases that met any of these units")
    where: list[str] = Field([], description="property=value; all must hold")
    against_from: str | None = Field(None, description="Compare with cases opened from this day")
    against_until: str | None = None
    against_service: list[str] = Field([])
    against_unit: list[str] = Field([])
    against_where: list[str] = Field([])
    share: str | None = Field(
        None, description="The map only: the share of cases it shows, above 0 and at most 1 (0.8)"
    )


class ColumnOut(Schema):
    """A column: its name in the rows, its kind (text, count, days, share, number, date, month) and its label."""

    name: str
    kind: str
    label: str


class TableOut(Schema):
    """A released table. A null is a figure that is withheld or not known."""

    name: str
    title: str
    about: str
    columns: list[ColumnOut]
    rows: list[dict[str, Any]]
    minimum_cases: int
    rows_withheld: int
    rows_left_out: int
    figures_withheld: dict[str, int]
    notes: list[str]


class LogOut(Schema):
    """A log: ``slug`` is its name in addresses."""

    slug: str
    name: str
    events: int
    cases: int
    first: str
    last: str
    simulated: bool
    minimum_cases: int
    services: list[str]
    units: list[str]
    attributes: list[str]
    endings: list[str]
    notes: list[str]


class Wrong(Schema):
    """What was wrong, in a sentence."""

    detail: str


api.add_router("/changes", router)


@api.exception_handler(LogError)
@api.exception_handler(BadInput)
def _wrong(request: HttpRequest, error: Exception) -> Any:
    return api.create_response(request, {"detail": str(error)}, status=400)


@api.get("/logs", response=list[LogOut], summary="The logs here", operation_id="logs")
def logs(request: HttpRequest) -> list[dict[str, Any]]:
    """Every log that can be opened."""
    return [_log_out(s.slug, s.log) for s in shelf() if s.log]


@api.get("/logs/{log}", response={200: LogOut, 404: Wrong}, summary="A log", operation_id="log")
def log(request: HttpRequest, log: str) -> dict[str, Any]:
    """What a log holds."""
    return _log_out(log, _find(log))


def _find(slug: str) -> Log:
    found = find(slug)
    if found is None:
        raise HttpError(404, gettext("There is no log called %(name)s.") % {"name": slug})
    return found


def _log_out(slug: str, log: Log) -> dict[str, Any]:
    meta = log.meta
    return {
        "slug": slug,
        "name": meta.name,
        "events": meta.events,
        "cases": meta.cases,
        "first": meta.first,
        "last": meta.last,
        "simulated": meta.simulated,
        "minimum_cases": max(log.minimum, settings.CONFIGURATION.minimum),
        "services": list(log.services[1:]),
        "units": list(log.units[1:]),
        "attributes": sorted({*meta.case_attributes.values(), *meta.attributes.values()}),
        "endings": list(meta.endings),
        "notes": list(meta.notes),
    }


def _asking(name: str) -> Callable[..., Any]:
    def ask(request: HttpRequest, log: str, filters: Query[Filters]) -> Any:
        opened = _find(log)
        choice = read(dict(request.GET.lists()), opened)
        if choice.errors:
            raise HttpError(400, " ".join(f"{field}: {sentence}" for field, sentence in choice.errors))
        return questions.table(log, opened, name, choice).as_dict()

    return ask


def _summary(name: str) -> tuple[str, str]:
    ask = questions.ASKS.get(name)
    doc = (ask.question if ask else insight.journey_map).__doc__ or ""
    first, _, rest = doc.partition("\n\n")
    return name, " ".join(f"{first} {rest}".split())


for _name in questions.TABLES:
    _title, _about = _summary(_name)
    api.get(
        f"/logs/{{log}}/{_name}",
        response={200: TableOut, 400: Wrong, 404: Wrong},
        summary=_title,
        description=_about,
        operation_id=_name.replace("-", "_"),
    )(_asking(_name))
