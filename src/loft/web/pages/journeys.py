"""A log's pages: the summary, and one page for each question, all for the cases that the address chooses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from loft.charts import Drawing, draw, journey_map, most_used, numbers
from loft.insight import Table
from loft.language import gettext
from loft.log import Log
from loft.web import questions
from loft.web.filters import (
    ROWS,
    SHARES,
    Choice,
    Option,
    active,
    attributes,
    before_link,
    describe,
    next_month,
    periods,
    read,
)
from loft.web.headlines import headline
from loft.web.library import find
from loft.web.present import Shown, in_order_of, show
from loft.web.questions import SECTIONS, TABLES
from loft.web.started import TIMED, Started, marks, proposal, started, with_proposals
from loft.web.summary import summary

_SHORT = 8
"""Rows of the table on the summary."""


@dataclass(frozen=True)
class Part:
    """A table on a page with its finding and figure, and the changes whose start is marked on it."""

    shown: Shown
    headline: str | None
    figure: Drawing | None
    started: Sequence[Started] = ()


_ONE_VALUE = ("from", "until", "against_from", "against_until", "rows")
"""Fields of the filter form that show their value; the others add to what is there."""


@require_safe
def journeys(request: HttpRequest, log: str, section: str = "") -> HttpResponse:
    """The page of a question; the summary when no question is named."""
    opened = _log(log)
    chapter = SECTIONS.get(section)
    if chapter is None:
        raise Http404
    choice = read(dict(request.GET.lists()), opened)
    context = _frame(log, opened, chapter, choice)
    if choice.errors:
        return render(request, "web/journeys.html", context, status=400)
    if not section:
        context["summary"] = summary(log, opened, choice)
        context["propose"] = proposal(log=log, page=request.path, figure=context["summary"].sentence)
    parts = _map(log, opened, choice) if section == "map" else _parts(log, opened, chapter, choice)
    context["no_units"] = not parts
    context |= {"parts": parts, "shares": _shares(choice) if section == "map" else []}
    return render(request, "web/journeys.html", context)


@require_safe
def table_file(request: HttpRequest, log: str, table: str, form: str) -> HttpResponse:
    """A table as CSV or JSON, for the same choice as on its page."""
    opened = _log(log)
    if table not in TABLES:
        raise Http404
    choice = read(dict(request.GET.lists()), opened)
    if choice.errors:
        text = "\n".join(f"{name}: {sentence}" for name, sentence in choice.errors)
        return HttpResponse(text + "\n", status=400, content_type="text/plain; charset=utf-8")
    found = questions.table(log, opened, table, choice)
    body, kind = (found.to_csv(), "text/csv") if form == "csv" else (found.to_json(), "application/json")
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'{"attachment" if form == "csv" else "inline"}; filename="{log}-{table}.{form}"'
    )
    return response


def _log(slug: str) -> Log:
    found = find(slug)
    if found is None:
        raise Http404
    return found


def _frame(slug: str, log: Log, chapter: questions.Section, choice: Choice) -> dict[str, Any]:
    """What stands around the answer: tabs, filters, notes on the log."""
    tabs = [
        Option(
            gettext(s.title),
            reverse("section" if s.slug else "journeys", args=[slug, s.slug] if s.slug else [slug]) + _kept(choice),
            s is chapter,
        )
        for s in SECTIONS.values()
        if s is chapter or s.tables_of(log)
    ]
    return {
        "slug": slug,
        "log": log,
        "chapter": chapter,
        "title": gettext(chapter.title),
        "choice": choice,
        "tabs": tabs,
        "active": active(choice),
        "chosen": describe(choice.selection) if choice.selection else "",
        "against": describe(choice.against) if choice.against is not None else "",
        "periods": periods(choice, log),
        "before": before_link(choice, log),
        "services": log.services[1:],
        "units": log.units[1:],
        "attributes": attributes(log),
        "kept": [p for p in choice.pairs if p[0] not in _ONE_VALUE],
        "kept_query": _kept(choice),
        "wrong": [name for name, _ in choice.errors],
        "all_rows": choice.adding(rows="all"),
        "section": "journeys",
        "notes": [gettext(note) for note in log.meta.notes],
        "period": choice.selection,
        "against_period": choice.against if choice.against != choice.selection else None,
    }


def _kept(choice: Choice) -> str:
    """The filters go along from tab to tab; how many rows to show and the map's share do not."""
    return choice.without("rows", "share")


def _parts(slug: str, log: Log, chapter: questions.Section, choice: Choice) -> list[Part]:
    most = _SHORT if not chapter.slug else None if choice.all_rows else ROWS
    parts = []
    for name in chapter.tables_of(log):
        alone = questions.asked(slug, log, name, choice.selection)
        shown = _shown(slug, log, name, choice, alone, most)
        seen = _started(slug, name, choice, alone)
        parts.append(Part(shown, headline(name, alone), _figure(slug, log, name, choice, alone, seen), seen))
    return parts


_FEW = ("activity", "unit", "work_mean", "wait_mean", "share")
"""What the summary shows of the table on waiting."""


def _shown(slug: str, log: Log, name: str, choice: Choice, alone: Table, most: int | None) -> Shown:
    """The table, compared where that is asked; months of two periods have no rows in common, so they are compared in the figure only."""
    only = _FEW if most == _SHORT else ()
    if choice.against is None or "month" in alone.keys:
        shown = with_proposals(show(name, alone, most, only=only), alone, slug=slug, page=_page(slug, name))
        if name == "doors-by-month":
            shown.remarks.append(gettext("Cases opened in the last months may not have met all their doors yet."))
        return shown
    compared = in_order_of(questions.table(slug, log, name, choice), alone)
    shown = show(name, compared, most, only=only, against=describe(choice.against))
    return with_proposals(shown, compared, slug=slug, page=_page(slug, name))


def _page(slug: str, name: str) -> str:
    """The page on which a table stands in full."""
    section = next(s.slug for s in SECTIONS.values() if s.slug and name in s.tables)
    return reverse("section", args=[slug, section])


def _started(slug: str, name: str, choice: Choice, alone: Table) -> Sequence[Started]:
    """The changes that started within the months of the figure; of two periods drawn over each other there is no one time."""
    if name not in TIMED or choice.against is not None or not len(alone):
        return ()
    months = [month for month in alone.column("month") if month is not None]
    return started(slug, first=months[0], last=next_month(months[-1])) if months else ()


def _figure(slug: str, log: Log, name: str, choice: Choice, alone: Table, seen: Sequence[Started]) -> Drawing | None:
    if choice.against is None:
        return draw(alone, marks=marks(seen))
    other = questions.asked(slug, log, name, choice.against)
    names = (describe(choice.selection), describe(choice.against))
    return draw(alone, against=other, names=names)


def _map(slug: str, log: Log, choice: Choice) -> list[Part]:
    found = questions.journey_map(slug, log, choice)
    drawn, _ = most_used(found.nodes, found.arcs)
    steps = show("map-steps", found.nodes, None if choice.all_rows else max(ROWS, len(drawn)), ids="step-")
    arcs = show("map-arcs", found.arcs, None if choice.all_rows else ROWS)
    if not len(found.nodes):
        return [Part(steps, None, None), Part(arcs, None, None)]
    words = {"steps": numbers.count(len(found.nodes)), "share": numbers.percent(found.coverage)}
    finding = gettext("%(share)s of the cases go along these %(steps)s steps") % words if found.coverage else None
    about = _about_map(found.nodes, found.arcs)
    if choice.against is not None:
        about += " " + gettext("It shows %(chosen)s only.") % {"chosen": describe(choice.selection)}
    number = {row["activity"]: i for i, row in enumerate(found.nodes.rows(), 1)}
    said = f"{finding}. {about}" if finding else about
    figure = journey_map(found.nodes, found.arcs, describe=said, link=lambda activity: f"#step-{number[activity]}")
    return [Part(replace(steps, about=about), finding, figure), Part(arcs, None, None)]


def _about_map(nodes: Table, arcs: Table) -> str:
    """How to read the map, and what of it is drawn."""
    steps, links = most_used(nodes, arcs)
    words = {"steps": numbers.count(len(steps)), "all": numbers.count(len(nodes))}
    words |= {"arcs": numbers.count(len(links)), "all_arcs": numbers.count(len(arcs))}
    about = gettext(
        "The wider the line, the more often cases go that way; dashed lines go back. The time on a line is the mean wait."
    )
    if len(steps) < len(nodes):
        about += " " + gettext("The %(steps)s most used of %(all)s steps are drawn.") % words
    if len(links) < len(arcs):
        about += (
            " " + gettext("The %(arcs)s most used of %(all_arcs)s ways are drawn; the tables have them all.") % words
        )
    return about


def _shares(choice: Choice) -> list[Option]:
    return [
        Option(numbers.percent(share), choice.adding(share=f"{share:g}"), share == choice.share) for share in SHARES
    ]
