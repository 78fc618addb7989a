"""Django for the tests of the register; a change at each stage; verdicts as the rule would give them."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loft.web.settings")
django.setup()

from loft.changes import actions  # noqa: E402
from loft.changes.models import Change  # noqa: E402
from loft.changes.rules import Actor  # noqa: E402
from loft.value.sentence import Sentence  # noqa: E402
from loft.value.verdicts import Check, Size, Verdict, Word  # noqa: E402

KARI = Actor.local("Kari Nordmann")
FIELDS: dict[str, Any] = {
    "log": "not-here",
    "measure": "days",
    "better": "lower",
    "relative": True,
    "smallest": 0.1,
    "by": "attribute:center",
    "treated": [("Nes", date(2025, 3, 1)), ("Vik", date(2025, 4, 1))],
    "comparison": ["Dal", "Fjell"],
    "design": "comparison",
    "chosen_by": "Nearest in days and size over two years.",
    "last": date(2026, 3, 1),
}


def at(day: str) -> datetime:
    """Nine in the morning of a day, UTC."""
    return datetime.fromisoformat(day).replace(hour=9, tzinfo=UTC)


def idea(what: str = "Én dør for nyinnflyttede", **more: Any) -> Change:
    """A change that is an idea."""
    return actions.propose(what, "Folk sendes mellom kontorer.", actor=KARI, now=at("2025-01-10"), **more)


def locked(**fields: Any) -> Change:
    """A change with a plan that was locked in time."""
    change = idea()
    actions.plan(change, actor=KARI, now=at("2025-01-15"), **{**FIELDS, **fields})
    actions.lock(change, actor=KARI, now=at("2025-02-01"))
    return change


def started() -> Change:
    """The same, started in one unit."""
    change = locked()
    actions.start(change, "Nes", date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    return change


def verdict(change: Change, day: str, word: Word, *, in_use: bool = True) -> Verdict:
    """A verdict by the plan that the change is judged by."""
    plan = change.judged_by
    assert plan is not None
    return Verdict(
        word=word,
        on=date.fromisoformat(day),
        answer=Sentence("Said by a test."),
        size=Size(-0.12, -0.18, -0.05, True, "days"),
        security=3,
        reasons=(),
        knowable=(),
        next_look=None,
        checks=(Check("in use", in_use, Sentence("In use.")),),
        guardrails=(),
        path=(),
        groups=(),
        treated=2,
        comparison=2,
        withstands=1.5,
        plan_hash=plan.hash,
        cells_hash="0" * 64,
        policy="2026-11",
        code="test",
    )


def judged(word: Word, day: str = "2025-10-01") -> Change:
    """A started change with one verdict."""
    change = started()
    actions.record_verdict(change, verdict(change, day, word), actor=KARI, now=at(day))
    return change


@pytest.fixture
def kari() -> Actor:
    """The person at this machine."""
    return KARI


Make = Callable[..., Change]
