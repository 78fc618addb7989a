"""The finding of each table in a sentence: the answer first, in plain words. None where the table holds no finding."""

from collections.abc import Callable
from typing import Any

from loft.charts import numbers
from loft.insight import Table
from loft.language import gettext
from loft.vocabulary import activity_name

Rows = list[dict[str, Any]]


def headline(name: str, table: Table) -> str | None:
    """The finding of the table called *name*; None when it has none, or compares (then the numbers speak)."""
    find = _FOUND.get(name)
    rows = table.rows()
    return find(rows) if find and rows and not table.name.endswith("_compared") else None


def _unit(name: str | None) -> str:
    return name or gettext("a unit that is not given")


def _waits(rows: Rows) -> str | None:
    top = next((r for r in rows if r["share"]), None)
    if top is None:
        return None
    words = {"share": numbers.percent(top["share"]), "step": activity_name(top["activity"]), "unit": top["unit"]}
    if top["unit"]:
        return gettext("%(share)s of all waiting is before “%(step)s” at %(unit)s") % words
    return gettext("%(share)s of all waiting is before “%(step)s”") % words


def _reasons(rows: Rows) -> str | None:
    top = max((r for r in rows if r["share"]), key=lambda r: r["share"], default=None)
    words = {
        "resident": gettext("%(share)s of the waiting is for the person to answer"),
        "other unit": gettext("%(share)s of the waiting is for another unit to take over"),
        "same unit": gettext("%(share)s of the waiting is for the same unit to go on"),
    }
    if top is None or top["waits_for"] not in words:
        return None
    return words[top["waits_for"]] % {"share": numbers.percent(top["share"])}


def _handovers(rows: Rows) -> str | None:
    top = next((r for r in rows if r["wait_total"]), None)
    if top is None:
        return None
    return gettext("The costliest hand-over is from %(sender)s to %(receiver)s: each waits %(days)s") % {
        "sender": _unit(top["from_unit"]),
        "receiver": _unit(top["to_unit"]),
        "days": numbers.days(top["wait_mean"]),
    }


def _bounces(rows: Rows) -> str | None:
    top = next((r for r in rows if r["count"]), None)
    if top is None:
        return None
    return gettext("%(sender)s sends cases back to %(receiver)s %(count)s times; each is away %(days)s") % {
        "sender": _unit(top["from_unit"]),
        "receiver": _unit(top["unit"]),
        "count": numbers.count(top["count"]),
        "days": numbers.days(top["away_mean"]),
    }


def _rework(rows: Rows) -> str | None:
    top = next((r for r in rows if r["count"]), None)
    if top is None:
        return None
    return gettext("“%(step)s” is done again %(count)s times, %(days)s after the last time") % {
        "step": activity_name(top["activity"]),
        "count": numbers.count(top["count"]),
        "days": numbers.days(top["again_mean"]),
    }


def _doors(rows: Rows) -> str | None:
    known = [r for r in rows if r["share"] is not None and isinstance(r["doors"], int)]
    one = next((r for r in known if r["doors"] == 1), None)
    many = sum(r["share"] for r in known if r["doors"] >= 3)
    if many >= 0.25:
        return gettext("%(share)s of the cases meet three doors or more") % {"share": numbers.percent(many)}
    if one:
        return gettext("%(share)s of the cases meet one door only") % {"share": numbers.percent(one["share"])}
    return None


def _doors_by_service(rows: Rows) -> str | None:
    known = [r for r in rows if r["doors_mean"] is not None and r["service"]]
    if len(known) < 2:
        return None
    top = max(known, key=lambda r: r["doors_mean"])
    return gettext("%(service)s sends people through the most doors: %(doors)s per case") % {
        "service": top["service"],
        "doors": numbers.decimal(top["doors_mean"], 1),
    }


def _doors_by_month(rows: Rows) -> str | None:
    first, last = _ends([(r["doors_mean"], r["cases"]) for r in rows])
    if first is None or last is None:
        return None
    words = {"before": numbers.decimal(first, 1), "now": numbers.decimal(last, 1)}
    if words["before"] == words["now"]:
        return gettext("Cases meet %(now)s doors, as at the beginning") % words
    return gettext("Cases met %(before)s doors at the beginning and %(now)s at the end") % words


def _throughput(rows: Rows) -> str | None:
    first, last = _ends([(r["median"], r["cases"]) for r in rows])
    if first is None or last is None:
        return None
    words = {
        "before": numbers.days(first) if first else numbers.whole_days(0),
        "now": numbers.days(last) if last else numbers.whole_days(0),
    }
    if words["before"] == words["now"]:
        return gettext("A typical case takes %(now)s, as at the beginning") % words
    return gettext("A typical case took %(before)s at the beginning and %(now)s at the end") % words


def _ends(values: list[tuple[float | None, int | None]]) -> tuple[float | None, float | None]:
    """The mean of the first and of the last twelve months, weighted by cases; halves when there are fewer than 24."""
    known = [(v, n or 0) for v, n in values if v is not None]
    size = min(12, len(known) // 2)
    if size < 2:
        return None, None

    def mean(part: list[tuple[float, int]]) -> float | None:
        total = sum(n for _, n in part)
        return sum(v * n for v, n in part) / total if total else None

    return mean(known[:size]), mean(known[-size:])


def _variants(rows: Rows) -> str | None:
    known = [r for r in rows if r["coverage"] is not None]
    half = next((i for i, r in enumerate(known, 1) if r["coverage"] >= 0.5), None)
    if half == 1:
        return gettext("%(share)s of the cases go the same way") % {"share": numbers.percent(known[0]["share"])}
    if half:
        return gettext("Half of the cases go one of %(count)s ways") % {"count": numbers.count(half)}
    if known:
        words = {"share": numbers.percent(known[0]["share"])}
        return gettext("No way is common: the most used has %(share)s of the cases") % words
    return None


def _bottlenecks(rows: Rows) -> str | None:
    top = next((r for r in rows if r["wait_total"]), None)
    if top is None:
        return None
    return gettext("Most waiting in all is between “%(previous)s” and “%(next)s”: %(share)s") % {
        "previous": activity_name(top["previous"]),
        "next": activity_name(top["activity"]),
        "share": numbers.percent(top["share"]),
    }


def _units(rows: Rows) -> str | None:
    top = max((r for r in rows if r["wait_total"] and r["unit"]), key=lambda r: r["wait_total"], default=None)
    if top is None:
        return None
    return gettext("Most waiting in all is before %(unit)s: %(days)s each time") % {
        "unit": top["unit"],
        "days": numbers.days(top["wait_mean"]),
    }


_FOUND: dict[str, Callable[[Rows], str | None]] = {
    "waits": _waits,
    "waits-by-reason": _reasons,
    "handovers": _handovers,
    "bounces": _bounces,
    "rework": _rework,
    "doors": _doors,
    "doors-by-service": _doors_by_service,
    "doors-by-month": _doors_by_month,
    "throughput": _throughput,
    "variants": _variants,
    "bottlenecks": _bottlenecks,
    "units": _units,
}
