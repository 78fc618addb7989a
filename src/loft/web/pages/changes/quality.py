"""How well the register is kept: plans locked before the start, looks logged, verdicts that lapsed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loft.changes.portfolio import Held, Portfolio
from loft.changes.reading import portfolio_of
from loft.changes.rules import STAGES, Stage
from loft.charts import numbers
from loft.insight import Column, Table
from loft.insight.table import Kind
from loft.language import gettext, mark, ngettext
from loft.web.pages.changes.asking import clock
from loft.web.pages.changes.history import table_response
from loft.web.pages.changes.tables import table_of
from loft.web.present import show
from loft.web.summary import Measure


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """The page."""
    found = portfolio_of(clock().date())
    context = {
        "section": "changes",
        "sentence": _sentence(found),
        "measures": _measures(found),
        "table": show("register", table(found), None),
    }
    return render(request, "web/changes/quality.html", context)


@require_safe
def table_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same as CSV or JSON."""
    return table_response(table(portfolio_of(clock().date())), form, "register-quality")


def _sentence(found: Portfolio) -> str:
    share = found.quality.share_in_time
    if share is None:
        return gettext("No change has started yet, so there is nothing to judge the register by.")
    words = {"count": found.quality.in_time, "all": found.quality.started}
    return (
        ngettext(
            "%(count)s of %(all)s change had a locked plan before it started.",
            "%(count)s of %(all)s changes had a locked plan before they started.",
            found.quality.started,
        )
        % words
    )


def _measures(found: Portfolio) -> list[Measure]:
    kept = found.quality
    if kept.share_in_time is None:
        return []
    return [
        Measure(
            gettext("Locked before the start"),
            numbers.percent(kept.share_in_time),
            gettext("%(count)s of %(all)s") % {"count": kept.in_time, "all": kept.started},
            gettext("Only these can show value"),
        ),
        Measure(
            gettext("Looks logged"),
            numbers.count(kept.looks),
            gettext("%(count)s became verdicts") % {"count": numbers.count(kept.verdicts)},
            gettext("Looking often does no harm: the ranges allow for it"),
        ),
        Measure(
            gettext("Verdicts lapsed"),
            numbers.count(kept.lapsed + kept.overdue),
            gettext("%(count)s of these wait for a new look") % {"count": numbers.count(kept.overdue)},
            gettext("Value must be shown anew every year"),
        ),
    ]


def table(found: Portfolio) -> Table:
    """Each change that has started, with how its register is kept."""
    columns = (
        Column("what", Kind.TEXT, mark("Change")),
        Column("stage", Kind.TEXT, mark("Stage")),
        Column("in_time", Kind.TEXT, mark("Plan")),
        Column("looks", Kind.COUNT, mark("Looks")),
        Column("verdicts", Kind.COUNT, mark("Verdicts")),
        Column("newest", Kind.DATE, mark("Newest verdict")),
        Column("state", Kind.TEXT, mark("The verdict")),
    )
    rows = [
        {
            "what": change.what, "stage": gettext(STAGES[change.stage]), "in_time": gettext(_PLAN[change.in_time]),
            "looks": change.looks, "verdicts": len(change.judged), "newest": max(change.judged, default=None),
            "state": gettext(_state(change)),
        }
        for change in found.changes
        if change.started
    ]  # fmt: skip
    about = mark(
        "Of each change that has started: when its plan was locked, how often somebody looked, and what came of it."
    )
    return table_of("register", mark("How each is kept"), about, columns, rows)


def _state(change: Held) -> str:
    if not change.judged:
        return mark("No verdict yet")
    return mark("Lapsed") if change.overdue or change.stage == Stage.LAPSED else mark("Stands")


_PLAN = {
    True: mark("Locked before the start"),
    False: mark("Locked after the start"),
    None: mark("No locked plan"),
}
