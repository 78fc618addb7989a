"""Proposing a change, telling of it, and giving out its roles."""

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from loft.changes import words
from loft.changes.actions.writing import Work, choice, moment, tell, text, writing
from loft.changes.models import Change, Kind
from loft.changes.rules import ROLES, Actor, Stage
from loft.language import mark, short_name
from loft.value.errors import BadInput
from loft.value.sentence import Figure

TEXTS = {"body": 200, "what": 200, "why": 20_000, "for_whom": 20_000, "evidence": 20_000, "origin_from": 200}
"""The texts of a change, with the most characters each may have."""
CHOICES = {"novelty": words.NOVELTY, "origin": words.ORIGINS}


@dataclass(frozen=True)
class Seen:
    """Where a problem was seen: the address of the page, the log, and the unit, step and figure that it stood beside."""

    page: str = ""
    log: str = ""
    unit: str = ""
    step: str = ""
    figure: str = ""


def propose(
    what: str,
    why: str,
    *,
    actor: Actor,
    now: datetime,
    seen: Seen = Seen(),
    body: str = "",
    copied_from: Change | None = None,
) -> Change:
    """A new idea: *what* to do differently, and *why* or where. The person who proposes it is its proposer."""
    given = {
        "what": text(what, "what", most=200),
        "why": text(why, "why"),
        "body": text(body, "body", most=200, needed=False),
    }
    places = {name: text(value, name, most=300, needed=False) for name, value in asdict(seen).items()}
    limits = {"log": 60, "unit": 200, "step": 200}
    places = {name: value[: limits.get(name, 300)] for name, value in places.items()}
    with transaction.atomic():
        change = Change.objects.create(
            slug=short_name(given["what"], "change"),
            pseudonym=f"change-{secrets.token_hex(8)}",
            proposer=actor.name,
            proposed_at=moment(now),
            changed_at=moment(now),
            stage=Stage.IDEA,
            copied_from=copied_from,
            **given,
            **{f"seen_{name}": value for name, value in places.items()},
        )
        work = Work(change, actor, moment(now), {"seen": bool(any(places.values()))}, unit=places["unit"] or None)
        tell(work, "change.proposed")
    return change


def describe(change: Change, *, actor: Actor, now: datetime, kinds: Iterable[str] | None = None, **fields: Any) -> None:
    """Give fields of the change new values: those of ``TEXTS`` and ``CHOICES``, and the ``kinds`` it is of."""
    known = {**TEXTS, **CHOICES}
    if unknown := sorted(set(fields) - set(known)):
        raise BadInput(
            mark("A change has no field %(name)s. It has: %(known)s."),
            name=Figure(unknown[0], "text"),
            known=Figure(", ".join(known), "text"),
        )
    values = {
        name: text(value, name, most=TEXTS[name], needed=name in ("what", "why"))
        for name, value in fields.items()
        if name in TEXTS
    }
    values |= {name: choice(fields[name], CHOICES[name], name, needed=False) for name in CHOICES if name in fields}
    chosen = None if kinds is None else [choice(kind, words.KINDS, "kinds") for kind in dict.fromkeys(kinds)]
    with writing(change, "describe", actor=actor, now=now) as work:
        work.write(**values)
        if chosen is not None:
            _set_kinds(work, chosen)


def _set_kinds(work: Work, chosen: list[str]) -> None:
    before = [kind.name for kind in work.change.kinds.all()]
    work.noted("kinds", before, chosen)
    if before != chosen:
        work.change.kinds.all().delete()
        Kind.objects.bulk_create(Kind(change=work.change, name=name) for name in chosen)


def assign(change: Change, *, actor: Actor, now: datetime, **names: str) -> None:
    """Write a name in each role given: ``proposer``, ``owner``, ``benefits_owner``, ``analyst``. An empty name takes it away."""
    values = {choice(role, ROLES, "role"): text(name, role, most=200, needed=False) for role, name in names.items()}
    with writing(change, "assign", actor=actor, now=now) as work:
        work.write(**values)
