"""The questions answered the slow and obvious way: loops over lists of events, one definition at a time.

Nothing here is shared with what it checks: no arrays, no cubes, no ids. Times are whole seconds; percentiles are read from the plain
sorted times, for logs whose times the histogram keeps exactly (whole hours below sixty days).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from loft.log import Selection

DAY = 86_400
Event = dict[str, Any]
"""``case activity at began unit service actor`` and attributes; times are datetimes."""


@dataclass
class Step:
    """An event with its past, as the docs define it."""

    event: Event
    case: str
    previous: str | None
    previous_unit: str | None
    wait: float | None
    work: float | None
    handover: bool
    bounce: bool
    rework: bool
    away: float | None
    again: float | None


def seconds(later: datetime, earlier: datetime) -> int:
    return int((later - earlier).total_seconds())


def steps_of(case: str, events: list[Event]) -> list[Step]:
    """The steps of one case, whose events are in order."""
    steps: list[Step] = []
    for place, event in enumerate(events):
        before = events[:place]
        units = [e["unit"] for e in before if e["unit"]]
        previous_unit = units[-1] if units else None
        ready = event["began"] if event["began"] is not None else event["at"]
        handover = bool(event["unit"] and previous_unit and event["unit"] != previous_unit)
        bounce = handover and event["unit"] in units
        same = [e for e in before if e["activity"] == event["activity"]]
        there = [e for e in before if e["unit"] == event["unit"]]
        steps.append(
            Step(
                event,
                case,
                before[-1]["activity"] if before else None,
                previous_unit,
                max(seconds(ready, before[-1]["at"]), 0) if before else None,
                seconds(event["at"], event["began"]) if event["began"] is not None else None,
                handover,
                bounce,
                bool(same),
                seconds(event["at"], there[-1]["at"]) if bounce else None,
                seconds(event["at"], same[-1]["at"]) if same else None,
            )
        )
    return steps


class ObviousLog:
    """Events in the order of their file, grouped by case; sorted by time, ties as in the file."""

    def __init__(self, events: Iterable[Event], endings: tuple[str, ...]) -> None:
        grouped: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            grouped[event["case"]].append(event)
        self.cases = {case: sorted(found, key=lambda e: e["at"]) for case, found in sorted(grouped.items())}
        self.endings = endings
        self.last = max(found[-1]["at"] for found in self.cases.values())

    def chosen(self, selection: Selection) -> dict[str, list[Event]]:
        return {case: events for case, events in self.cases.items() if self._is_in(events, selection)}

    def _is_in(self, events: list[Event], selection: Selection) -> bool:
        opened = events[0]["at"].date()
        return (
            (selection.opened_from is None or opened >= selection.opened_from)
            and (selection.opened_until is None or opened <= selection.opened_until)
            and (not selection.services or self.service(events) in selection.services)
            and (not selection.units or any(e["unit"] in selection.units for e in events))
            and all(any(e[name] == value for e in events) for name, value in selection.where)
        )

    @staticmethod
    def service(events: list[Event]) -> str | None:
        return next((e["service"] for e in events if e["service"]), None)

    def closed(self, events: list[Event]) -> bool:
        return events[-1]["activity"] in self.endings

    def days(self, events: list[Event]) -> int:
        until = events[-1]["at"] if self.closed(events) else self.last
        return seconds(until, events[0]["at"]) // DAY

    def steps(self, selection: Selection) -> list[Step]:
        return [step for case, events in self.chosen(selection).items() for step in steps_of(case, events)]


def percentile(values: Iterable[float], share: float) -> float | None:
    """The lowest value that at least *share* of the values do not exceed, in days."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered) - 1e-9), 1) - 1] / DAY if ordered else None


def mean_days(values: list[float]) -> float | None:
    return sum(values) / len(values) / DAY if values else None


def kaplan_meier(lasted: list[tuple[int, bool]], share: float) -> float | None:
    """The first day by which *share* have closed, from (days, closed) of each case."""
    still = 1.0
    for day in sorted({d for d, _ in lasted}):
        at_risk = sum(d >= day for d, _ in lasted)
        ended = sum(d == day and closed for d, closed in lasted)
        still *= 1 - ended / at_risk
        if ended and still <= 1 - share + 1e-12:
            return float(day)
    return None


def grouped(steps: Iterable[Step], key: Any) -> dict[Any, list[Step]]:
    found: dict[Any, list[Step]] = defaultdict(list)
    for step in steps:
        found[key(step)].append(step)
    return found


def counts(steps: list[Step]) -> dict[str, Any]:
    return {"count": len(steps), "cases": len({s.case for s in steps})}


def waits(steps: list[Step]) -> dict[str, Any]:
    known = [s.wait for s in steps if s.wait is not None]
    return {
        "wait_mean": mean_days(known),
        "wait_median": percentile(known, 0.5),
        "wait_p90": percentile(known, 0.9),
        "wait_total": sum(known) / DAY,
    }


Rows = list[dict[str, Any]]


def overview(log: ObviousLog, selection: Selection) -> Rows:
    cases, steps = log.chosen(selection), log.steps(selection)
    lasted = [(log.days(e), log.closed(e)) for e in cases.values()]
    doors = [len({e["unit"] for e in events} - {None}) for events in cases.values()]
    waited, worked = sum(s.wait or 0 for s in steps), sum(s.work or 0 for s in steps)
    each = sum(d > 0 for d in doors)
    return [
        {
            "cases": len(cases),
            "open_cases": sum(not closed for _, closed in lasted),
            "events": len(steps),
            "first_day": min((e[0]["at"].date() for e in cases.values()), default=None),
            "last_day": max((e[0]["at"].date() for e in cases.values()), default=None),
            "doors_mean": sum(doors) / each if each else None,
            "one_door_share": sum(d == 1 for d in doors) / each if each else None,
            "handovers_mean": sum(s.handover for s in steps) / each if each else None,
            "bounced_share": len({s.case for s in steps if s.bounce}) / each if each else None,
            "days_median": kaplan_meier(lasted, 0.5),
            "days_p90": kaplan_meier(lasted, 0.9),
            "wait_share": waited / (waited + worked) if waited + worked else None,
            "work_known": sum(s.work is not None for s in steps) / len(steps) if steps else None,
        }
    ]


def _by_case(log: ObviousLog, selection: Selection, key: Any) -> dict[Any, list[list[Event]]]:
    found: dict[Any, list[list[Event]]] = defaultdict(list)
    for events in log.chosen(selection).values():
        found[key(events)].append(events)
    return found


def _doors(events: list[Event]) -> int:
    return len({e["unit"] for e in events} - {None})


def _month(events: list[Event]) -> Any:
    return events[0]["at"].date().replace(day=1)


def _days_median(log: ObviousLog, cases: list[list[Event]]) -> float | None:
    return kaplan_meier([(log.days(e), log.closed(e)) for e in cases], 0.5)


def doors(log: ObviousLog, selection: Selection) -> Rows:
    found = _by_case(log, selection, _doors)
    found.pop(0, None)
    total = sum(map(len, found.values()))
    return [
        {"doors": d, "cases": len(c), "share": len(c) / total, "days_median": _days_median(log, c)}
        for d, c in found.items()
    ]


def _doors_figures(cases: list[list[Event]]) -> dict[str, Any]:
    met = [number for events in cases if (number := _doors(events))]
    figures = {"doors_mean": sum(met) / len(met), "one_door_share": sum(d == 1 for d in met) / len(met)} if met else {}
    return {"cases": len(cases), **(figures or {"doors_mean": None, "one_door_share": None})}


def doors_by_service(log: ObviousLog, selection: Selection) -> Rows:
    found = _by_case(log, selection, log.service)
    return [{"service": s, **_doors_figures(c), "days_median": _days_median(log, c)} for s, c in found.items()]


def doors_by_month(log: ObviousLog, selection: Selection) -> Rows:
    return [{"month": month, **_doors_figures(c)} for month, c in _by_case(log, selection, _month).items()]


def throughput(log: ObviousLog, selection: Selection) -> Rows:
    rows = []
    for month, cases in _by_case(log, selection, _month).items():
        lasted = [(log.days(e), log.closed(e)) for e in cases]
        closed = sum(c for _, c in lasted)
        shares = {
            name: kaplan_meier(lasted, share)
            for name, share in (("p25", 0.25), ("median", 0.5), ("p75", 0.75), ("p90", 0.9))
        }
        rows.append({"month": month, "cases": len(lasted), "closed": closed, "open": len(lasted) - closed, **shares})
    return rows


def handovers(log: ObviousLog, selection: Selection) -> Rows:
    found = grouped([s for s in log.steps(selection) if s.handover], lambda s: (s.previous_unit, s.event["unit"]))
    return [{"from_unit": a, "to_unit": b, **counts(steps), **waits(steps)} for (a, b), steps in found.items()]


def waits_by_step(log: ObviousLog, selection: Selection) -> Rows:
    everything = log.steps(selection)
    total = sum(s.wait or 0 for s in everything)
    rows = []
    for (activity, unit), steps in grouped(everything, lambda s: (s.event["activity"], s.event["unit"])).items():
        figures = waits(steps)
        work = mean_days([s.work for s in steps if s.work is not None])
        share = figures["wait_total"] * DAY / total if total else None
        rows.append({"activity": activity, "unit": unit, **counts(steps), "work_mean": work, **figures, "share": share})
    return rows


def waits_by_reason(log: ObviousLog, selection: Selection) -> Rows:
    waiting = [s for s in log.steps(selection) if s.wait is not None]
    total = sum(s.wait or 0 for s in waiting)

    def reason(step: Step) -> str:
        if step.event["actor"] == "resident":
            return "resident"
        return "other unit" if step.handover else "same unit"

    rows = []
    for name, steps in grouped(waiting, reason).items():
        figures = waits(steps)
        del figures["wait_p90"]
        share = figures["wait_total"] * DAY / total if total else None
        rows.append({"waits_for": name, **counts(steps), **figures, "share": share})
    return rows


def bounces(log: ObviousLog, selection: Selection) -> Rows:
    found = grouped([s for s in log.steps(selection) if s.bounce], lambda s: (s.previous_unit, s.event["unit"]))
    return [
        {"from_unit": a, "unit": b, **counts(steps), "away_mean": mean_days([s.away or 0 for s in steps]),
         "away_total": sum(s.away or 0 for s in steps) / DAY}
        for (a, b), steps in found.items()
    ]  # fmt: skip


def rework(log: ObviousLog, selection: Selection) -> Rows:
    found = grouped([s for s in log.steps(selection) if s.rework], lambda s: s.event["activity"])
    return [
        {"activity": activity, **counts(steps), "again_mean": mean_days([s.again or 0 for s in steps]),
         "again_total": sum(s.again or 0 for s in steps) / DAY}
        for activity, steps in found.items()
    ]  # fmt: skip


def units(log: ObviousLog, selection: Selection) -> Rows:
    steps = log.steps(selection)
    rows = []
    for unit, own in grouped([s for s in steps if s.event["unit"]], lambda s: s.event["unit"]).items():
        known = [s.wait for s in own if s.wait is not None]
        rows.append(
            {
                "unit": unit,
                **counts(own),
                "work_mean": mean_days([s.work for s in own if s.work is not None]),
                "wait_mean": mean_days(known),
                "wait_total": sum(known) / DAY,
                "received": sum(s.handover for s in own),
                "passed_on": sum(s.handover and s.previous_unit == unit for s in steps),
                "bounces": sum(s.bounce for s in own),
            }
        )
    return rows


def directly_follows(log: ObviousLog, selection: Selection) -> Rows:
    rows = []
    found = grouped([s for s in log.steps(selection) if s.previous], lambda s: (s.previous, s.event["activity"]))
    for (previous, activity), steps in found.items():
        figures = waits(steps)
        row = {"previous": previous, "activity": activity, **counts(steps)}
        rows.append({**row, "wait_mean": figures["wait_mean"], "wait_median": figures["wait_median"]})
    return rows


def bottlenecks(log: ObviousLog, selection: Selection) -> Rows:
    everything = log.steps(selection)
    total = sum(s.wait or 0 for s in everything)

    def move(step: Step) -> tuple[Any, ...]:
        return step.previous, step.event["activity"], step.previous_unit, step.event["unit"]

    rows = []
    for (previous, activity, from_unit, to_unit), steps in grouped([s for s in everything if s.previous], move).items():
        figures = waits(steps)
        share = figures["wait_total"] * DAY / total if total else None
        names = {"previous": previous, "activity": activity, "from_unit": from_unit, "to_unit": to_unit}
        told = {name: figures[name] for name in ("wait_total", "wait_median")}
        rows.append({**names, **counts(steps), **told, "share": share})
    return rows


def variants(log: ObviousLog, selection: Selection) -> Rows:
    """Without rank and coverage, which depend on the order of equally frequent variants."""
    ways: dict[tuple[str, ...], list[list[Event]]] = defaultdict(list)
    for events in log.chosen(selection).values():
        ways[tuple(e["activity"] for e in events)].append(events)
    total = sum(map(len, ways.values()))
    return [
        {"variant": " → ".join(way), "steps": len(way), "cases": len(cases), "share": len(cases) / total,
         "days_median": _days_median(log, cases)}
        for way, cases in ways.items()
    ]  # fmt: skip


def nodes(log: ObviousLog, selection: Selection) -> Rows:
    """Of the whole map, without the units."""
    found = grouped(log.steps(selection), lambda s: s.event["activity"])
    return [{"activity": a, **counts(steps), "wait_mean": waits(steps)["wait_mean"]} for a, steps in found.items()]


ANSWERS = {
    "overview": overview,
    "doors": doors,
    "doors by service": doors_by_service,
    "doors by month": doors_by_month,
    "handovers": handovers,
    "waits": waits_by_step,
    "waits by reason": waits_by_reason,
    "bounces": bounces,
    "rework": rework,
    "throughput": throughput,
    "variants": variants,
    "directly_follows": directly_follows,
    "bottlenecks": bottlenecks,
    "units": units,
    "nodes of the whole map": nodes,
    "arcs of the whole map": directly_follows,
}


def as_rows(rows: Rows, columns: Iterable[str]) -> Counter[tuple[Any, ...]]:
    """Rows in no order, decimals to six places, so that two answers can be held against each other."""
    chosen = list(columns)
    return Counter(tuple(round(v, 6) + 0.0 if isinstance(v := row[c], float) else v for c in chosen) for row in rows)
