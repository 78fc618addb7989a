"""Løft's own events: rows appended in the transaction that changes the state, and never changed afterwards."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from django.db import models

from loft.log.columns import ACTORS, NAMES

SOURCE = "loft"
"""What ``source`` says of Løft's own events."""

Scalar = str | int | float | bool | None


class AppendOnly(models.QuerySet):
    """Rows that can be added and read only."""

    def update(self, **values: Any) -> NoReturn:
        raise TypeError("Events are never changed. Append another that says what is true now.")

    def delete(self) -> NoReturn:
        raise TypeError("Events are never removed.")

    bulk_update = update


class Event(models.Model):
    """One event, with the log's columns (see ``loft.log.columns``); further attributes stand in ``attributes``, one value each.

    Events of one moment keep the order they were appended in, ``seq``."""

    seq = models.BigAutoField(primary_key=True)
    id = models.CharField(unique=True, max_length=36)
    case = models.CharField(max_length=100, db_index=True)
    activity = models.CharField(max_length=100)
    at = models.DateTimeField(db_index=True)
    began = models.DateTimeField(null=True)
    unit = models.CharField(max_length=200, null=True)
    service = models.CharField(max_length=200, null=True)
    actor = models.CharField(max_length=10, null=True)
    source = models.CharField(max_length=100, default=SOURCE)
    attributes = models.JSONField(default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        app_label = "log"
        ordering = ("at", "seq")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.activity} {self.case} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Events are never changed. Append another that says what is true now.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Events are never removed.")


def append(
    activity: str,
    *,
    case: str,
    at: datetime,
    actor: str | None,
    unit: str | None = None,
    service: str | None = None,
    began: datetime | None = None,
    attributes: Mapping[str, Scalar] | None = None,
) -> Event:
    """The event, appended in the transaction under way.

    *case* is a pseudonym and *actor* a kind of hand, never a name; *attributes* must hold nothing that a person has written. *at* has a
    zone. Raises ``ValueError`` for an actor that is none of the log's, a moment without a zone, or an attribute that is no single value.
    """
    if actor is not None and actor not in ACTORS:
        raise ValueError(f"The actor of an event is one of {', '.join(ACTORS)}, or nobody; not {actor!r}.")
    if at.tzinfo is None:
        raise ValueError(f"The moment {at} of {activity} has no zone; give it one, such as UTC.")
    given = dict(attributes or {})
    for name, value in given.items():
        if name in NAMES or not isinstance(value, str | int | float | bool | None):
            raise ValueError(f"The attribute {name!r} of {activity} is a column of the log, or is no single value.")
    return Event.objects.create(
        id=str(uuid.uuid4()), case=case, activity=activity, at=at, began=began, unit=unit or None,
        service=service or None, actor=actor, attributes=given,
    )  # fmt: skip


def rows(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The events as rows with the log's columns, moments in UTC without a zone, and a column for each attribute."""
    found = []
    for event in events:
        row = {name: getattr(event, name) for name in NAMES}
        row |= {name: _utc(row[name]) for name in ("at", "began")}
        found.append(row | event.attributes)
    return found


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
