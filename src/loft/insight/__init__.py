"""Questions to a log, each with a small table for an answer.

A question takes a log and a selection of cases and returns a ``Table`` that has passed the gate: figures on too few cases are
withheld. ``compare`` asks a question of two selections. What each figure means stands in the docstring of its question.
"""

from loft.insight.compare import compare
from loft.insight.movement import bottlenecks, bounces, directly_follows, handovers
from loft.insight.paths import JourneyMap, journey_map, variants
from loft.insight.table import Column, Kind, Table
from loft.insight.time import rework, units, waits
from loft.insight.whole import doors, overview, throughput

__all__ = [
    "Column",
    "JourneyMap",
    "Kind",
    "Table",
    "bottlenecks",
    "bounces",
    "compare",
    "directly_follows",
    "doors",
    "handovers",
    "journey_map",
    "overview",
    "rework",
    "throughput",
    "units",
    "variants",
    "waits",
]
