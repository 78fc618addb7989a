"""The changes that a draft is warned of: those that run, or will, in its units while it is measured."""

from datetime import date

import pytest

from loft.changes import actions
from loft.changes.beside import others_beside
from loft.changes.models import Change
from tests.changes.conftest import FIELDS, KARI, at, idea, locked, started

pytestmark = pytest.mark.django_db


def draft(**fields: object) -> Change:
    change = idea("Nytt skjema")
    actions.plan(change, actor=KARI, now=at("2025-01-20"), **{**FIELDS, **fields})
    return change


def test_a_change_that_runs_or_will_run_in_the_same_units_is_told_of() -> None:
    other = locked()
    assert others_beside(draft()) == (other.what,)
    actions.start(other, "Nes", date(2025, 3, 1), actor=KARI, now=at("2025-03-02"))
    assert others_beside(draft()) == (other.what,)


def test_other_units_another_log_or_another_time_is_no_warning() -> None:
    started()
    assert others_beside(draft(treated=[("Ask", date(2025, 3, 1))], comparison=["Ås"])) == ()
    assert others_beside(draft(log="another")) == ()
    assert others_beside(draft(treated=[("Nes", date(2024, 3, 1))], last=date(2025, 2, 1))) == ()


def test_a_stopped_change_that_never_started_and_a_draft_without_units_give_no_warning() -> None:
    other = locked()
    actions.stop(other, "Ingen vil.", actor=KARI, now=at("2025-02-10"))
    assert others_beside(draft()) == ()
    assert others_beside(idea()) == ()
