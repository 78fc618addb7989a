"""Changes on a log's pages: what has started is marked on an axis of time, and what shows a problem leads to proposing a change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Min
from django.urls import reverse

from loft.changes.models import Change
from loft.charts import numbers
from loft.insight import Table
from loft.insight.movement import WAIT_MEAN
from loft.insight.wording import head
from loft.web.present import Shown

PROBLEMS = ("waits", "handovers", "bounces", "rework", "bottlenecks", "units")
"""Tables whose rows show where something could be better."""
TIMED = ("throughput", "doors-by-month")
"""Tables whose chart has an axis of time."""


@dataclass(frozen=True)
class Started:
    """A change that has started in a log: its ``number`` on the chart, its name in addresses, what it is, and its first start."""

    number: str
    id: str
    what: str
    on: date


def started(slug: str, *, first: date, last: date) -> tuple[Started, ...]:
    """The changes whose first start lies in the period and whose plan, or idea, is about the log *slug*, oldest first."""
    rows = Change.objects.annotate(first_start=Min("exposures__started")).filter(
        first_start__isnull=False, first_start__gte=first, first_start__lte=last
    )
    rows = rows.prefetch_related("plans").order_by("first_start", "number")
    ours = [change for change in rows if _log_of(change) == slug]
    return tuple(Started(str(number), c.id, c.what, c.first_start) for number, c in enumerate(ours, 1))  # type: ignore[attr-defined]


def _log_of(change: Change) -> str:
    plans = sorted(change.plans.all(), key=lambda plan: plan.version)
    return plans[-1].plan.log if plans else change.seen_log


def marks(changes: Sequence[Started]) -> list[tuple[date, str]]:
    """A mark for each month in which any of *changes* started, with their numbers."""
    found: dict[date, list[Started]] = {}
    for change in changes:
        found.setdefault(change.on.replace(day=1), []).append(change)
    return [(of[0].on, ", ".join(change.number for change in of)) for of in found.values()]


def with_proposals(shown: Shown, table: Table, *, slug: str, page: str) -> Shown:
    """The table with a way from each row to proposing a change, which takes along the log, the unit, the step and the figure."""
    if shown.slug not in PROBLEMS:
        return shown
    rows = [
        replace(row, propose=proposal(log=slug, page=page, figure=_figure(shown, row), **_place(raw)))
        for row, raw in zip(shown.rows, table.rows(), strict=False)
    ]
    return replace(shown, rows=rows)


def proposal(**seen: str) -> str:
    """The address of the form for an idea, with what was *seen*."""
    return f"{reverse('propose')}?{urlencode({name: value for name, value in seen.items() if value})}"


def _place(raw: dict[str, Any]) -> dict[str, str]:
    unit = raw.get("unit") or raw.get("to_unit") or ""
    return {"unit": str(unit), "step": str(raw.get("activity") or "")}


def _figure(shown: Shown, row: Any) -> str:
    """The row's head and its first known figure, in words; of waits how long they are."""
    cells = zip(shown.heads[1:], row.cells, strict=False)
    known = {h.text: c.text for h, c in cells if c.number and not c.held and c.text != numbers.MISSING}
    longest = head(WAIT_MEAN)
    first = longest if shown.slug == "waits" and longest in known else next(iter(known), "")
    said = f"{first}: {known[first]}" if first else ""
    return f"{shown.title}, {row.head}" + (f" ({said})" if said else "")
