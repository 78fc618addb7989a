"""Did it help? The plan that is fixed before a change starts, the comparison, the estimate, and the verdict.

A log is asked for **cells** only, a few numbers for each unit and day; every estimate is computed from these, exactly. ``verdict`` follows
the rule of docs/verdict.md and says what may be claimed today. Nothing here knows of Django.

In a notebook::

    import loft
    log = loft.open_log("store")
    loft.value.event_study(log, "days", treated=["North", "South"], start=date(2025, 3, 1), by="attribute:center")

Names are looked up when they are first used, so that the room is quick to enter.
"""

from importlib import import_module
from typing import Any

_FROM = {
    "loft.value.ask": (
        "did",
        "event_study",
        "interrupted",
        "randomised",
        "rmst",
        "staggered",
        "synthetic",
        "synthetic_did",
    ),
    "loft.value.cells": ("Cells",),
    "loft.value.errors": ("BadInput", "CannotBeKnown"),
    "loft.value.from_table": ("event_study_of",),
    "loft.value.look": ("verdict",),
    "loft.value.making": ("cells_of", "use_cells"),
    "loft.value.measures": ("MEASURES", "measure"),
    "loft.value.plan": ("Plan",),
    "loft.value.result": ("Result",),
    "loft.value.verdicts": ("Verdict", "Word"),
}
_HOME = {name: room for room, names in _FROM.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'loft.value' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
