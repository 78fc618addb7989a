"""What every action does around its own work: hold the change, ask the rules, note the history, append the event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from loft.changes.models import Change, History
from loft.changes.rules import ACTIONS, Actor, Stage, after, check
from loft.language import mark
from loft.log.models import append
from loft.value.errors import BadInput
from loft.value.sentence import Figure


@dataclass
class Work:
    """An action under way: the ``change`` held for writing, who acts and when, and what the event is told beside the stage.

    Only ``told`` reaches the log, so it must hold no name and no text that a person wrote.
    """

    change: Change
    actor: Actor
    now: datetime
    told: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    unit: str | None = None
    service: str | None = None

    @property
    def signed(self) -> dict[str, Any]:
        """Who and when, for a new row."""
        return {"by": self.actor.name, "at": self.now}

    def write(self, **values: Any) -> None:
        """Give fields of the change new values; what differs goes into its history."""
        for name, value in values.items():
            self.noted(name, getattr(self.change, name), value)
            setattr(self.change, name, value)

    def noted(self, name: str, before: Any, value: Any) -> None:
        """A line of history, where *value* is not what was there *before*."""
        if before != value:
            History.objects.create(
                change=self.change, field=name, before=_plain(before), after=_plain(value), **self.signed
            )

    def move(self, stage: Stage) -> None:
        """Set the stage."""
        self.write(stage=str(stage))


@contextmanager
def writing(change: Change, action: str, *, actor: Actor, now: datetime) -> Iterator[Work]:
    """The work of *action*, in one transaction with its event. Raises ``NotNow`` or ``NotYours`` before anything is written.

    *change* is fresh from the database afterwards.
    """
    with transaction.atomic():
        held = Change.objects.select_for_update().get(pk=change.pk)
        check(action, actor, held.facts)
        work = Work(held, actor, moment(now))
        yield work
        held.changed_at = now
        held.save()
        tell(work, ACTIONS[action].event)
    change.refresh_from_db()


def lead(work: Work, action: str) -> None:
    """Set the stage that *action* leads to."""
    work.move(after(action, Stage(work.change.stage)))


def tell(work: Work, activity: str) -> None:
    """Append the event of the work."""
    append(
        activity, case=work.change.pseudonym, at=work.now, actor=work.actor.kind, unit=work.unit,
        service=work.service, attributes={"stage": work.change.stage, **work.told},
    )  # fmt: skip


def moment(now: datetime) -> datetime:
    """*now*, which must have a zone."""
    if now.tzinfo is None:
        raise ValueError(f"The moment {now} has no zone; give it one, such as UTC.")
    return now.astimezone(UTC)


def day_of(now: datetime) -> date:
    """The day that it is at the moment *now* where the body is: after midnight there it is a new day, though not yet in UTC."""
    return localtime(moment(now)).date()


def text(value: Any, name: str, *, most: int = 20_000, needed: bool = True) -> str:
    """A text that a person wrote, without space around it. Raises ``BadInput`` where it is missing or too long."""
    said = str(value or "").replace("\x00", "").replace("\r\n", "\n").strip()
    if needed and not said:
        raise BadInput(mark("%(field)s is missing. Write something."), field=Figure(name, "text"))
    if len(said) > most:
        raise BadInput(
            mark("%(field)s has %(count)s characters; the most is %(most)s."),
            field=Figure(name, "text"),
            count=Figure(len(said), "count"),
            most=Figure(most, "count"),
        )
    return said


def choice(value: Any, known: Mapping[str, str], name: str, *, needed: bool = True) -> str:
    """One of the names *known*. Raises ``BadInput`` with the nearest where it is none."""
    said = str(value or "")
    if said in known or (not said and not needed):
        return said
    near = get_close_matches(said, known, 1)
    raise BadInput(
        mark("%(field)s cannot be %(value)s. Choose one of: %(known)s."),
        field=Figure(name, "text"),
        value=Figure(said or "–", "text"),
        known=Figure(", ".join(near or known), "text"),
    )


def amount(value: Any, name: str, *, least: float | None = None) -> float | None:
    """A number, or None for nothing. Raises ``BadInput`` for what is none, or is below *least*."""
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if number - number != 0 or isinstance(value, bool) or (least is not None and number < least):
        raise BadInput(
            mark("%(field)s must be a number of the right size, not %(value)s."),
            field=Figure(name, "text"),
            value=Figure(str(value), "text"),
        )
    return number


def refuse_future(on: date, now: datetime) -> None:
    """Raises ``BadInput`` where the day *on* has not come."""
    if on > day_of(now):
        raise BadInput(mark("%(day)s has not come yet. Say what has happened once it has."), day=Figure(on, "day"))


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)
