"""Rules that people can read: decision tables that are checked, that decide and explain themselves, and that run over a whole log.

A rule is written as DMN (``.dmn``) or as a Markdown table (``.md``), read into a ``Model``, and asked as a ``Table``. Nothing here
knows of Django.

In a notebook::

    from loft import decisions
    table = decisions.table("kindergarten-fee.md")
    table.decide({"household income": 312_000, "children": 2}).reasons

Names are looked up when they are first used, so that the room is quick to enter.
"""

from importlib import import_module
from typing import Any

_FROM = {
    "loft.decisions.errors": ("FactError", "RuleError", "TooLarge"),
    "loft.decisions.decision": ("Decision", "Status"),
    "loft.decisions.facts": ("NOTHING", "Fact"),
    "loft.decisions.model": ("Model",),
    "loft.decisions.reading": ("read", "table"),
    "loft.decisions.tables": ("Table",),
}
_HOME = {name: room for room, names in _FROM.items() for name in names}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'loft.decisions' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
