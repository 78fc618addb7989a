"""The portfolio: all changes by stage with their verdicts, promised against proven, freed hours, and what waits for a decision."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes import words
from loft.changes.models import Change
from loft.changes.portfolio import STANDING, Portfolio
from loft.changes.reading import portfolio_of
from loft.changes.rules import STAGES, Stage
from loft.charts import Drawing, bars, numbers
from loft.charts.bars import Part
from loft.insight import Column, Table
from loft.insight.table import Kind
from loft.language import gettext, mark, ngettext
from loft.web.pages.changes.asking import clock
from loft.web.pages.changes.history import table_response
from loft.web.pages.changes.tables import table_of
from loft.web.pages.changes.wording import colour_of, graded, hours, kroner, told, verdict_name
from loft.web.present import show
from loft.web.summary import Measure

ORDER = (
    Stage.HARM, Stage.SPREAD, Stage.VALUE, Stage.LAPSED, Stage.IN_USE, Stage.STARTED, Stage.UNKNOWN, Stage.PAUSED, Stage.LOCKED,
    Stage.PLANNED, Stage.IDEA, Stage.STOPPED,
)  # fmt: skip
"""Stages as they are listed: what asks for a decision first."""


@dataclass(frozen=True)
class Line:
    """A change in the list: its name in addresses, what it is, and its newest verdict in words."""

    id: str
    what: str
    stage: str
    word: str
    colour: str
    size: str
    security: str


@require_safe
def portfolio(request: HttpRequest) -> HttpResponse:
    """The page."""
    found = portfolio_of(clock().date())
    every = lines_of()
    lines = {stage: [line for line in every if line.stage == stage] for stage in ORDER}
    context: dict[str, Any] = {
        "section": "changes",
        "sentence": sentence(found),
        "measures": measures(found),
        "waiting": found.waiting,
        "stages": [(gettext(STAGES[stage]), stage.value.replace(" ", "-"), of) for stage, of in lines.items() if of],
        "sums": show("sums", sums_table(found), None),
        "unpriced": sum(change.unpriced for change in found.changes),
        "chain": _chain_figure(found),
        "hours": show("freed-time", chain_table(found), None),
        "together": _together(found),
        "any": bool(found.changes),
    }
    return render(request, "web/changes/portfolio.html", context)


@require_safe
def table_file(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """A table of the page as CSV or JSON."""
    if table not in TABLES:
        raise Http404
    return table_response(TABLES[table](portfolio_of(clock().date())), form, table)


def lines_of() -> list[Line]:
    """The changes as they are listed."""
    found = []
    for change in Change.objects.prefetch_related("verdicts"):
        row = max(change.verdicts.all(), key=lambda each: (each.on, each.pk), default=None)
        size = told(row.verdict.size) if row and row.verdict.size else ""
        grade = graded(row.verdict) if row else ""
        word = verdict_name(row.word) if row else ""
        colour = colour_of(row.word) if row else "neutral"
        found.append(Line(change.id, change.what, change.stage, word, colour, size, grade))
    return found


def sentence(found: Portfolio) -> str:
    """What has come of the changes, in one sentence."""
    started = sum(change.started for change in found.changes)
    if not started:
        return ngettext(
            "%(count)s change is registered; none has started.",
            "%(count)s changes are registered; none has started.",
            len(found.changes),
        ) % {"count": numbers.count(len(found.changes))}
    shown = sum(change.stage in STANDING for change in found.changes)
    harm = sum(change.stage == Stage.HARM for change in found.changes)
    counts = {"started": numbers.count(started), "shown": numbers.count(shown), "harm": numbers.count(harm)}
    said = ngettext(
        "Value is shown for %(shown)s, and harm for %(harm)s, of %(started)s change that has started.",
        "Value is shown for %(shown)s, and harm for %(harm)s, of %(started)s changes that have started.",
        started,
    )
    said %= counts
    waits = len({wait.id for wait in found.waiting})
    if not waits:
        return said
    asks = ngettext("%(count)s waits for a decision.", "%(count)s wait for a decision.", waits)
    return f"{said} {asks % {'count': numbers.count(waits)}}"


def measures(found: Portfolio) -> list[Measure]:
    """At most four numbers, each with what it is held against."""
    started = [change for change in found.changes if change.started]
    if not started:
        return []
    chain = found.chain
    cards = [
        Measure(
            gettext("Changes that have shown value"),
            numbers.count(sum(change.stage in STANDING for change in started)),
            gettext("of %(count)s that have started") % {"count": numbers.count(len(started))},
            gettext("A change that is only tried or used does not count"),
        ),
        Measure(
            gettext("Freed time a year, realised"),
            hours(chain.realised),
            gettext("%(hours)s were promised") % {"hours": hours(chain.estimated)},
            gettext("%(hours)s are confirmed by verdicts") % {"hours": hours(chain.confirmed)},
        ),
    ]
    budget = [each for each in found.sums if each.cash == "budget"]
    if budget:
        newest = budget[-1]
        cards.append(
            Measure(
                gettext("Effect on our budget a year, proven"),
                kroner(newest.proven[1]),
                gettext("%(amount)s were promised") % {"amount": kroner(newest.promised[1])},
                gettext("Prices of %(year)s, before costs") % {"year": newest.year},
            )
        )
    quality = found.quality
    if quality.share_in_time is not None:
        cards.append(
            Measure(
                gettext("Plans locked before the start"),
                numbers.percent(quality.share_in_time),
                gettext("%(count)s of %(all)s") % {"count": quality.in_time, "all": quality.started},
                gettext("Others can never show value"),
            )
        )
    return cards[:4]


def _together(found: Portfolio) -> str:
    """What all measured effects say together, without the largest being believed for being largest."""
    if found.together is None:
        return ""
    words_ = {
        "count": numbers.count(len(found.together.estimate)),
        "mean": numbers.percent(found.together.mean),
    }
    return (
        gettext(
            "The %(count)s effects that are measured as shares are %(mean)s toward the good side on average. In the sums each is drawn "
            "toward that average, so that the largest are not believed for being largest."
        )
        % words_
    )


def list_table(found: Portfolio) -> Table:
    """The changes with their newest verdicts."""
    columns = (
        Column("id", Kind.TEXT, mark("Name in addresses")),
        Column("what", Kind.TEXT, mark("Change")),
        Column("stage", Kind.TEXT, mark("Stage")),
        Column("verdict", Kind.TEXT, mark("Verdict")),
        Column("size", Kind.TEXT, mark("Size")),
        Column("security", Kind.TEXT, mark("Security")),
    )
    rows = [
        {"id": e.id, "what": e.what, "stage": gettext(STAGES[Stage(e.stage)]), "verdict": e.word, "size": e.size, "security": e.security}
        for e in lines_of()
    ]  # fmt: skip
    return table_of("changes", mark("Changes"), mark("Every change, with its newest verdict."), columns, rows)


def sums_table(found: Portfolio) -> Table:
    """Promised against proven, by what kind of money it is and the year of the prices."""
    ends = (
        ("promised_low", mark("Promised, low")), ("promised", mark("Promised")), ("promised_high", mark("Promised, high")),
        ("proven_low", mark("Proven, low")), ("proven", mark("Proven")), ("proven_high", mark("Proven, high")),
    )  # fmt: skip
    columns = (
        Column("cash", Kind.TEXT, mark("In money, NOK a year")),
        Column("year", Kind.TEXT, mark("Prices of")),
        *(Column(name, Kind.COUNT, label) for name, label in ends),
        Column("drawn", Kind.COUNT, mark("Proven, drawn toward the mean")),
        Column("cost_once", Kind.COUNT, mark("Cost once")),
        Column("cost_yearly", Kind.COUNT, mark("Cost a year")),
    )
    rows = [
        {
            "cash": gettext(words.CASH[each.cash]), "year": str(each.year),
            **dict(zip((name for name, _ in ends), (round(v) for v in (*each.promised, *each.proven)), strict=True)),
            "drawn": None if each.shrunken is None else round(each.shrunken),
            "cost_once": round(each.cost_once), "cost_yearly": round(each.cost_yearly),
        }
        for each in found.sums
    ]  # fmt: skip
    about = mark("What shows in a budget is never added to what does not. Proven counts only while the verdict stands.")
    return table_of("sums", mark("Promised against proven"), about, columns, rows, 2)


_LINKS = (
    ("estimated", mark("Estimated")),
    ("confirmed", mark("Confirmed by a verdict")),
    ("decided", mark("Decided what for")),
    ("realised", mark("Realised, with proof")),
)


def chain_table(found: Portfolio) -> Table:
    """Freed hours a year at each link of the chain."""
    columns = (Column("link", Kind.TEXT, mark("Link")), Column("hours", Kind.COUNT, mark("Hours a year")))
    more = (("undecided", mark("Still to be decided")), ("forfeited", mark("Not decided in a year, so not realised")))
    rows = [{"link": gettext(label), "hours": round(getattr(found.chain, name))} for name, label in (*_LINKS, *more)]
    about = mark("Each hour counts once. Changes that are stopped free none.")
    return table_of("freed-time", mark("Freed hours, from estimate to proof"), about, columns, rows)


def _chain_figure(found: Portfolio) -> Drawing | None:
    if not found.chain.estimated:
        return None
    values = [getattr(found.chain, name) for name, _ in _LINKS]
    labels = [gettext(label) for _, label in _LINKS]
    said = ", ".join(f"{label}: {hours(value)}" for label, value in zip(labels, values, strict=True))
    return bars(labels, [Part(gettext("Hours a year"), values)], describe=said, form=hours)


TABLES: Mapping[str, Callable[[Portfolio], Table]] = {
    "changes": list_table, "sums": sums_table, "freed-time": chain_table,
}  # fmt: skip
"""The tables by their names in addresses."""
