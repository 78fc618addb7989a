"""The tables of one change, as its page shows them and its files hold them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from loft.changes import words
from loft.changes.models import Change, VerdictRow
from loft.insight import Column, Table
from loft.insight.table import Kind
from loft.language import gettext, mark
from loft.log import MINIMUM
from loft.value.measures import measure
from loft.value.verdicts import Verdict
from loft.web.pages.changes.wording import measured, told, verdict_name

_KINDS = {
    Kind.TEXT: pa.string(),
    Kind.COUNT: pa.int64(),
    Kind.DATE: pa.date32(),
    Kind.MONTH: pa.date32(),
}


def table_of(
    name: str, title: str, about: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], keys: int = 1
) -> Table:
    """A table of *rows* whose first *keys* columns name them. *title* and *about* are English texts."""
    schema = pa.schema([(c.name, _KINDS.get(c.kind, pa.float64())) for c in columns])
    data = pa.Table.from_pylist([{c.name: row.get(c.name) for c in columns} for row in rows], schema)
    return Table(name, title, about, tuple(columns), data, 1, tuple(c.name for c in columns[:keys]))


_ESTIMATE = (
    Column("estimate", Kind.NUMBER, mark("Estimate")),
    Column("low", Kind.NUMBER, mark("Lowest")),
    Column("high", Kind.NUMBER, mark("Highest")),
    Column("relative", Kind.TEXT, mark("Share of the level")),
)


def _sized(size: Any) -> dict[str, Any]:
    if size is None:
        return {}
    return {"estimate": size.estimate, "low": size.low, "high": size.high, "relative": "yes" if size.relative else "no"}


def path(change: Change) -> Table:
    """By month, what was measured where the change started, what was expected without it, and the sequence's bounds."""
    made, row = _newest(change)
    kind = (
        {"days": Kind.DAYS, "share": Kind.SHARE}.get(measure(row.plan.plan.measure).kind, Kind.NUMBER)
        if row
        else Kind.NUMBER
    )
    columns = (
        Column("month", Kind.MONTH, mark("Month")),
        Column("treated", kind, mark("Measured")),
        Column("expected", kind, mark("Expected without the change")),
        Column("low", kind, mark("Expected, lowest")),
        Column("high", kind, mark("Expected, highest")),
    )
    looks = made.path if made else ()
    rows = [
        {"month": at.day, "treated": at.treated, "expected": at.expected, "low": at.low, "high": at.high}
        for at in looks
    ]
    about = mark("The expected figure is the level before the start, moved as the units without the change moved.")
    return table_of("path", mark("Measured against expected, by month"), about, columns, rows)


def guardrails(change: Change) -> Table:
    """What must not get worse, and whether it did."""
    made, _ = _newest(change)
    columns = (
        Column("measure", Kind.TEXT, mark("Guardrail")),
        Column("state", Kind.TEXT, mark("State")),
        Column("says", Kind.TEXT, mark("What was found")),
        *_ESTIMATE,
    )
    rows = [
        {"measure": measured(g.measure), "state": gettext(_guarded(g)), "says": str(g.says), **_sized(g.size)}
        for g in (made.guardrails if made else ())
    ]
    about = mark("What must not get worse by more than was agreed before the start.")
    return table_of("guardrails", mark("Guardrails"), about, columns, rows)


def _guarded(guarded: Any) -> str:
    if guarded.size is None:
        return mark("Not measured yet")
    return mark("Worse than tolerated") if guarded.harmed else mark("Within what is tolerated")


def groups(change: Change) -> Table:
    """The effect in groups, the worst served first."""
    made, _ = _newest(change)
    columns = (
        Column("group", Kind.TEXT, mark("Group")),
        Column("cases", Kind.COUNT, mark("Cases after the start")),
        Column("effect", Kind.TEXT, mark("Effect")),
        *_ESTIMATE,
    )
    rows = [
        {
            "group": str(g.label),
            "cases": g.cases if g.cases >= MINIMUM else None,
            "effect": told(g.size),
            **_sized(g.size),
        }
        for g in (made.groups if made else ())
    ]
    about = mark("Whether those who waited longest before are helped too.")
    return table_of("groups", mark("Who it helps"), about, columns, rows)


_PASSED: Mapping[bool | None, str] = {True: mark("Passed"), False: mark("Failed"), None: mark("Not made")}


def checks(change: Change) -> Table:
    """The checks of the rule, those that failed first."""
    made, _ = _newest(change)
    order = {False: 0, None: 2, True: 1}
    found = sorted(made.checks, key=lambda c: order[c.passed]) if made else []
    columns = (Column("says", Kind.TEXT, mark("Check")), Column("passed", Kind.TEXT, mark("Result")))
    rows = [{"says": str(c.says), "passed": gettext(_PASSED[c.passed])} for c in found]
    return table_of("checks", mark("Checks"), mark("What must hold before value can be shown."), columns, rows)


def verdicts(change: Change) -> Table:
    """The dated series of verdicts, newest first."""
    columns = (
        Column("on", Kind.DATE, mark("Day")),
        Column("word", Kind.TEXT, mark("Verdict")),
        Column("effect", Kind.TEXT, mark("Estimate")),
        Column("security", Kind.COUNT, mark("Security, of 5")),
        Column("plan", Kind.COUNT, mark("Version of the plan")),
        Column("notes", Kind.TEXT, mark("Notes beside it")),
        Column("plan_hash", Kind.TEXT, mark("Plan, SHA-256")),
        Column("cells_hash", Kind.TEXT, mark("Cells, SHA-256")),
        *_ESTIMATE,
    )
    rows = []
    for row in change.verdicts.select_related("plan").prefetch_related("notes").order_by("-on", "-id"):
        made = row.verdict
        rows.append(
            {
                "on": row.on, "word": verdict_name(row.word), "effect": told(made.size) if made.size else "–",
                "security": made.security if made.size else None, "plan": row.plan.version, "plan_hash": made.plan_hash,
                "cells_hash": made.cells_hash, **_sized(made.size),
                "notes": " · ".join(f"{note.text} ({note.by})" for note in row.notes.all()),
            }
        )  # fmt: skip
    about = mark("Verdicts are made by the program and never written over. A person may write a note beside one.")
    return table_of("verdicts", mark("Verdicts so far"), about, columns, rows)


def gains(change: Change) -> Table:
    """What is gained and lost, promised and proven."""
    numbers_ = (
        "low",
        "mid",
        "high",
        "measured_low",
        "measured_mid",
        "measured_high",
        "unit_price",
        "cost_once",
        "cost_yearly",
    )
    labels = (
        mark("Promised, low"), mark("Promised"), mark("Promised, high"), mark("Proven, low"), mark("Proven"),
        mark("Proven, high"), mark("Price of one, NOK"), mark("Cost once, NOK"), mark("Cost a year, NOK"),
    )  # fmt: skip
    columns = (
        Column("what", Kind.TEXT, mark("Gain")),
        Column("kind", Kind.TEXT, mark("Kind")),
        Column("receiver", Kind.TEXT, mark("For whom")),
        Column("cash", Kind.TEXT, mark("In money")),
        Column("unit", Kind.TEXT, mark("Counted in")),
        *(Column(name, Kind.NUMBER, label) for name, label in zip(numbers_, labels, strict=True)),
        Column("price_year", Kind.TEXT, mark("Prices of")),
        Column("forecast_by", Kind.TEXT, mark("Forecast by")),
    )
    rows = [
        {
            "what": g.what, "kind": gettext(words.GAINS[g.kind]), "receiver": gettext(words.RECEIVERS[g.receiver]),
            "cash": gettext(words.CASH[g.cash]), "unit": g.unit, **{name: getattr(g, name) for name in numbers_},
            "price_year": str(g.price_year or ""), "forecast_by": g.forecast_by,
        }
        for g in change.gains.all()
    ]  # fmt: skip
    return table_of("gains", mark("Gains"), mark("What was promised, and what verdicts have proven."), columns, rows)


def freed(change: Change) -> Table:
    """Freed hours a year at each link of the chain, a row for each task."""
    columns = (
        Column("what", Kind.TEXT, mark("Task")),
        Column("estimated", Kind.NUMBER, mark("Estimated")),
        Column("confirmed", Kind.NUMBER, mark("Confirmed")),
        Column("decided", Kind.NUMBER, mark("Decided")),
        Column("realised", Kind.NUMBER, mark("Realised")),
        Column("uses", Kind.TEXT, mark("Used for")),
    )
    rows = []
    for time in change.freed.prefetch_related("uses"):
        uses = list(time.uses.all())
        rows.append(
            {
                "what": time.what, "estimated": time.estimated, "confirmed": time.confirmed,
                "decided": sum(use.hours for use in uses), "realised": sum(use.realised or 0 for use in uses),
                "uses": "; ".join(_use(use) for use in uses),
            }
        )  # fmt: skip
    about = mark(
        "Hours a year. An hour counts as realised only when somebody has decided what it is used for and shown it."
    )
    return table_of("freed-time", mark("Freed time"), about, columns, rows)


def _use(use: Any) -> str:
    name = gettext(words.USES[use.use])
    return f"{name}: {use.to}" if use.to else name


def units(change: Change) -> Table:
    """Units that have the change or are to have it."""
    columns = (
        Column("unit", Kind.TEXT, mark("Unit")),
        Column("planned", Kind.DATE, mark("Planned start")),
        Column("started", Kind.DATE, mark("Started")),
        Column("ended", Kind.DATE, mark("Ended")),
    )
    rows = [{c.name: getattr(e, c.name) for c in columns} for e in change.exposures.all()]
    return table_of("units", mark("Units"), mark("Where the change is, and since when."), columns, rows)


TABLES: Mapping[str, Callable[[Change], Table]] = {
    "path": path, "guardrails": guardrails, "groups": groups, "checks": checks, "verdicts": verdicts, "gains": gains,
    "freed-time": freed, "units": units,
}  # fmt: skip
"""The tables by their names in addresses."""

SHOWN: Mapping[str, tuple[str, ...]] = {
    "guardrails": ("measure", "state", "says"),
    "groups": ("group", "cases", "effect"),
    "verdicts": ("on", "word", "effect", "security", "plan", "notes"),
    "gains": ("what", "kind", "receiver", "cash", "unit", "mid", "measured_mid"),
}
"""The columns that the page shows; the files have them all."""


def _newest(change: Change) -> tuple[Verdict | None, VerdictRow | None]:
    row = change.verdict
    return (row.verdict, row) if row else (None, None)
