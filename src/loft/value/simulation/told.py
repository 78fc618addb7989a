"""The simulation's table: each world, what the rule said, and the figure it must reach."""

from collections.abc import Sequence

import pyarrow as pa

from loft.insight.table import Column, Kind, Table
from loft.language import mark
from loft.value.simulation.runs import Tally

BARS = {
    "no effect, 8+8": (("value_alone", "at most", 0.005), ("either", "at most", 0.05)),
    "no effect, 20+20": (("value_alone", "at most", 0.005), ("either", "at most", 0.05)),
    "no effect, 40+40": (("value_alone", "at most", 0.005), ("either", "at most", 0.05)),
    "no effect, 8+40": (("value_alone", "at most", 0.005), ("either", "at most", 0.05)),
    "no effect, drift −3 % a year": (("value_alone", "at most", 0.02),),
    "no effect, drift −6 % a year": (("value_alone", "at most", 0.02),),
    "no effect, drift −10 % a year": (("value_alone", "at most", 0.02),),
    "no effect, bad spell +15 %": (("value_alone", "at most", 0.02),),
    "no effect, bad spell +30 %": (("value_alone", "at most", 0.02),),
    "no effect, shocks with ρ 0.9": (("either", "at most", 0.05),),
    "effect −10 %": (("value", "at least", 0.5), ("either", "at most", 0.05)),
    "effect −15 %": (("value", "at least", 0.9), ("either", "at most", 0.05)),
    "harm +15 %": (("harm", "at least", 0.95),),
    "staggered, no effect": (("value_alone", "at most", 0.005), ("either", "at most", 0.05)),
    "no effect, fewer slow cases": (("value", "at most", 0.02),),
    "yearly panel, no effect": (("value", "at most", 0.005), ("either", "at most", 0.05)),
    "three guardrails, no harm": (("harm", "at most", 0.05),),
}
"""The figures to reach. False value is held to ``value_alone``, which knows no limit on the design or size: the harder case."""

_COLUMNS = (
    Column("world", Kind.TEXT, mark("World")),
    Column("runs", Kind.COUNT, mark("Runs")),
    Column("value", Kind.SHARE, mark("Value shown")),
    Column("value_alone", Kind.SHARE, mark("Value by the numbers alone")),
    Column("harm", Kind.SHARE, mark("Harm shown")),
    Column("either", Kind.SHARE, mark("Truth outside the range")),
    Column("knowable", Kind.SHARE, mark("Knowable")),
    Column("peeking", Kind.SHARE, mark("Daily test of cases")),
    Column("before_after", Kind.SHARE, mark("Before and after")),
    Column("bar", Kind.TEXT, mark("Must be")),
    Column("met", Kind.TEXT, mark("Met")),
)

_LABELS = {c.name: c.label.lower() for c in _COLUMNS}


def met(tally: Tally) -> bool | None:
    """Whether a world's figures are reached; None where there is none to reach."""
    bars = BARS.get(tally.name)
    if not bars:
        return None
    return all(_reached(getattr(tally, name), how, limit) for name, how, limit in bars)


def _reached(value: float, how: str, limit: float) -> bool:
    return value <= limit if how == "at most" else value >= limit


def table(tallies: Sequence[Tally]) -> Table:
    """The tallies as a table that can be shown and saved; nothing in it is about anyone."""
    rows = [
        {
            **{c.name: getattr(t, c.name, None) for c in _COLUMNS},
            "world": t.name,
            "bar": "; ".join(f"{_LABELS[name]} {how} {limit:.1%}" for name, how, limit in BARS.get(t.name, ())),
            "met": {True: "yes", False: "NO", None: ""}[met(t)],
        }
        for t in tallies
    ]
    types = {Kind.TEXT: pa.string(), Kind.COUNT: pa.int64(), Kind.SHARE: pa.float64()}
    schema = pa.schema([(c.name, types[c.kind]) for c in _COLUMNS])
    return Table(
        "simulation",
        mark("How often the rule is right"),
        mark("Simulated worlds with a known truth, looked at every day from the 30th to the 365th."),
        _COLUMNS,
        pa.Table.from_pylist(rows, schema),
        1,
        ("world",),
    )
