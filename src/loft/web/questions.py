"""The questions that have a page: which tables answer them, in which order they stand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from loft import insight
from loft.insight import Table
from loft.language import mark
from loft.log import EVERYTHING, Log, Selection
from loft.web.filters import Choice
from loft.web.library import answer


@dataclass(frozen=True)
class Ask:
    """A table: the question that gives it, and its options."""

    question: Callable[..., Any]
    options: Mapping[str, Any] = field(default_factory=dict)


ASKS: dict[str, Ask] = {
    "overview": Ask(insight.overview),
    "waits": Ask(insight.waits),
    "waits-by-reason": Ask(insight.waits, {"by": "reason"}),
    "handovers": Ask(insight.handovers),
    "bounces": Ask(insight.bounces),
    "rework": Ask(insight.rework),
    "doors": Ask(insight.doors),
    "doors-by-service": Ask(insight.doors, {"by": "service"}),
    "doors-by-month": Ask(insight.doors, {"by": "month"}),
    "throughput": Ask(insight.throughput),
    "variants": Ask(insight.variants),
    "bottlenecks": Ask(insight.bottlenecks),
    "units": Ask(insight.units),
    "directly-follows": Ask(insight.directly_follows),
}
MAP_TABLES = ("map-steps", "map-arcs")
TABLES = (*ASKS, *MAP_TABLES)
"""Every table that has a ``.csv`` and a ``.json``."""


_OF_UNITS = ("doors", "doors-by-service", "doors-by-month", "handovers", "bounces", "units")


@dataclass(frozen=True)
class Section:
    """A page of a log: its name in the address, its title (English, translated when shown) and its tables, the main one first."""

    slug: str
    title: str
    tables: tuple[str, ...]

    def tables_of(self, log: Log) -> tuple[str, ...]:
        """Its tables that *log* can fill: without units there are no doors and no hand-overs, without services nothing by service."""
        known = [name for name in self.tables if log.meta.units or name not in _OF_UNITS]
        return tuple(name for name in known if log.meta.services or name != "doors-by-service")


SECTIONS = {
    section.slug: section
    for section in (
        Section("", mark("Summary"), ("waits",)),
        Section("map", mark("Map"), MAP_TABLES),
        Section("doors", mark("Doors"), ("doors", "doors-by-service", "doors-by-month")),
        Section("handovers", mark("Hand-overs"), ("handovers",)),
        Section("waits", mark("Waiting"), ("waits", "waits-by-reason")),
        Section("returns", mark("Sent back"), ("bounces", "rework")),
        Section("throughput", mark("Time to answer"), ("throughput",)),
        Section("bottlenecks", mark("Bottlenecks"), ("bottlenecks",)),
        Section("variants", mark("Variants"), ("variants",)),
        Section("units", mark("Units"), ("units",)),
    )
}


def table(slug: str, log: Log, name: str, choice: Choice) -> Table:
    """The table called *name* for a choice: compared when the choice compares (the map is drawn for the first choice only)."""
    if name in MAP_TABLES:
        found = journey_map(slug, log, choice)
        return found.nodes if name == "map-steps" else found.arcs
    return asked(slug, log, name, choice.selection, choice.against)


def asked(slug: str, log: Log, name: str, selection: Selection = EVERYTHING, against: Selection | None = None) -> Table:
    """The table called *name* for a selection; kept for the next time.

    With *against*, both side by side: ``…_a`` is what is held against, ``…_b`` the selection, ``…_change`` from a to b.
    """
    ask = ASKS[name]

    def find() -> Table:
        if against is None:
            return ask.question(log, selection, **ask.options)
        return insight.compare(ask.question, log, against, selection, **ask.options)

    return answer(slug, log, (name, selection, against), find)


def journey_map(slug: str, log: Log, choice: Choice) -> Any:
    """The map of the chosen share of cases."""
    key = ("map", choice.selection, choice.share)
    return answer(slug, log, key, lambda: insight.journey_map(log, choice.selection, share=choice.share))
