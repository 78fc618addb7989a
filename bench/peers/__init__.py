"""Those that are measured. Each module answers the same questions its own way, as its makers would.

``prepare(log)`` reads a file into what the questions are asked of. ``ASK`` has a function for each question it can answer: prepared data
and a choice in, the peer's own kind of answer out; this is what is timed. ``figures`` turns that into a dictionary which can be compared: a
name to numbers. ``CHOICES`` is False where a peer is asked about all cases only.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

QUESTIONS = ("follows", "follows with medians", "hand-overs", "variants", "throughput")
"""What is asked. With medians: each pair's mean and median wait too. Throughput: how long cases take."""

NEEDS = {
    "Løft": ("of_loft", "loft"),
    "PM4Py": ("of_pm4py", "pm4py"),
    "PM4Py on Polars": ("of_pm4py_polars", "pm4py"),
    "r4pm": ("of_r4pm", "r4pm"),
    "Polars": ("of_polars", "polars"),
    "plain pass": ("of_plain", "numpy"),
}


FILES, EVENT_STUDY, LOOKS, DECISIONS = "files", "event study", "looks", "decisions"
"""Not of them: processes for reading files and simulating, an event study, looks at a change, and decision tables."""
APART = {FILES: "of_files", EVENT_STUDY: "of_event_study", LOOKS: "of_looks", DECISIONS: "of_decisions"}


def available() -> list[str]:
    """The peers whose packages are installed."""
    return [name for name, (_, package) in NEEDS.items() if find_spec(package)]


def peer(name: str) -> ModuleType:
    return import_module(f"bench.peers.{APART[name] if name in APART else NEEDS[name][0]}")
