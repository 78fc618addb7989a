"""Every question with its options, for tests that hold for all of them."""

from collections.abc import Callable
from datetime import date

from loft import insight
from loft.insight import Table
from loft.log import EVERYTHING, Log, Selection

Question = Callable[[Log, Selection], Table]

QUESTIONS: dict[str, Question] = {
    "overview": insight.overview,
    "doors": insight.doors,
    "doors by service": lambda log, s: insight.doors(log, s, by="service"),
    "doors by month": lambda log, s: insight.doors(log, s, by="month"),
    "handovers": insight.handovers,
    "waits": insight.waits,
    "waits by reason": lambda log, s: insight.waits(log, s, by="reason"),
    "bounces": insight.bounces,
    "rework": insight.rework,
    "throughput": insight.throughput,
    "variants": insight.variants,
    "directly_follows": insight.directly_follows,
    "directly_follows without medians": lambda log, s: insight.directly_follows(log, s, medians=False),
    "bottlenecks": insight.bottlenecks,
    "units": insight.units,
    "nodes of the whole map": lambda log, s: insight.journey_map(log, s, share=1.0).nodes,
    "arcs of the whole map": lambda log, s: insight.journey_map(log, s, share=1.0).arcs,
    "nodes of the map": lambda log, s: insight.journey_map(log, s, share=0.5).nodes,
    "arcs of the map": lambda log, s: insight.journey_map(log, s, share=0.5).arcs,
}

SELECTIONS: dict[str, Selection] = {
    "everything": EVERYTHING,
    "whole months": Selection(opened_from=date(2024, 1, 1), opened_until=date(2024, 1, 31)),
    "some days": Selection(opened_from=date(2024, 1, 2), opened_until=date(2024, 2, 11)),
    "a service": Selection(services=("build",)),
    "a unit": Selection(units=("expert",)),
    "an attribute": Selection(where=(("channel", "web"),)),
    "several conditions": Selection(
        opened_from=date(2024, 2, 1), services=("move",), units=("desk",), where=(("channel", "web"),)
    ),
}
