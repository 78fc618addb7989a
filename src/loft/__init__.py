"""Løft: one door in, one log, one gate out, and proof of value.

In a notebook::

    import loft
    log = loft.read("cases.xes")
    loft.doors(log)
    loft.value.did(log, "days", treated=["North", "South"], start=date(2025, 3, 1))

Names are looked up when they are first used, so that ``import loft`` is quick and never loads Django.
"""

from importlib import import_module
from typing import Any

_FROM = {
    "loft.log": ("Log", "LogError", "Mapping", "Selection", "import_files", "open_log", "propose", "read"),
    "loft.insight": (
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
    ),
}
_HOME = {name: room for room, names in _FROM.items() for name in names}

__all__ = sorted(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "value":
        return import_module("loft.value")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'loft' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__, "value"]
