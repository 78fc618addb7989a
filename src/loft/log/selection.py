"""Which cases a question is about.

A selection always chooses whole **cases**, never loose steps: a case is in when it was opened in the period, was about
the service, met the unit and has the attribute values; then all its steps count. So every table for the same
selection is about the same cases, and the figures can be held against each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Selection:
    """Cases to ask about; the empty selection is every case.

    ``opened_from`` and ``opened_until`` are days, both included. ``services`` and ``units`` hold names, any of which will do.
    ``where`` holds (attribute, value) pairs that must all hold; the attribute is a case's own or any of its events'. Lists will do as
    well, and what is named twice counts once. Raises ``ValueError`` for a period that ends before it begins, ``TypeError`` for a single
    name in place of several.
    """

    opened_from: date | None = None
    opened_until: date | None = None
    services: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name in ("services", "units", "where"):
            object.__setattr__(self, name, _several(name, getattr(self, name)))
        if self.opened_from and self.opened_until and self.opened_from > self.opened_until:
            raise ValueError(f"The period ends ({self.opened_until}) before it begins ({self.opened_from}).")

    def __bool__(self) -> bool:
        return self != Selection()

    def but(self, **changes: Any) -> "Selection":
        """The same selection with some fields changed."""
        return replace(self, **changes)


def _several(name: str, values: Iterable[Any]) -> tuple[Any, ...]:
    """*values* as a tuple, each once."""
    if isinstance(values, str):
        raise TypeError(f"{name} holds several names: write ({values!r},), not {values!r}.")
    if name == "where":
        values = [pair if isinstance(pair, str) else tuple(pair) for pair in values]
        if wrong := next((pair for pair in values if isinstance(pair, str) or len(pair) != 2), None):
            raise TypeError(f"where holds pairs of an attribute and a value: (('channel', 'web'),). It got {wrong!r}.")
    return tuple(dict.fromkeys(values))


EVERYTHING = Selection()
