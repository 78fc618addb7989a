"""An object-centric log as it was read, whatever file it came from."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ObjectEvent:
    """One event and the names of the objects it is related to, in the file's order."""

    id: str | None
    activity: str | None
    time: str | None
    values: dict[str, Any]
    objects: list[str]


@dataclass
class ObjectLog:
    """``objects``: name → type. ``changes``: name → [(attribute, time, value)]. ``times``: attributes that hold timestamps."""

    objects: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[tuple[str, str, Any]]] = field(default_factory=dict)
    events: list[ObjectEvent] = field(default_factory=list)
    times: set[str] = field(default_factory=set)
    notes: tuple[str, ...] = ()

    def types(self) -> set[str]:
        """The object types that have objects."""
        return set(self.objects.values())

    def first_values(self, name: str) -> dict[str, Any]:
        """For each attribute of an object the value with the earliest time; as texts of one form, times sort like letters."""
        first: dict[str, tuple[str, Any]] = {}
        for attribute, time, value in self.changes.get(name, ()):
            if attribute not in first or time < first[attribute][0]:
                first[attribute] = (time, value)
        return {attribute: value for attribute, (_, value) in first.items()}
