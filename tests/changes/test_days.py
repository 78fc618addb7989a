"""Days are those of the place where the body is, not of Greenwich."""

from datetime import UTC, date, datetime

import pytest

from loft.changes import actions
from loft.changes.models import VerdictRow
from loft.changes.rules import Stage
from loft.value.errors import BadInput
from loft.value.verdicts import Word
from loft.web.templatetags.loft import day
from tests.changes.conftest import KARI, at, judged, locked, verdict

pytestmark = pytest.mark.django_db
AFTER_MIDNIGHT = datetime(2025, 6, 1, 22, 30, tzinfo=UTC)
"""Half past midnight on 2 June in Norway."""


def test_after_midnight_it_is_a_new_day_and_no_other() -> None:
    change = locked()
    with pytest.raises(BadInput, match="has not come yet"):
        actions.start(change, "Nes", date(2025, 6, 3), actor=KARI, now=AFTER_MIDNIGHT)
    actions.start(change, "Nes", date(2025, 6, 2), actor=KARI, now=AFTER_MIDNIGHT)
    assert day(AFTER_MIDNIGHT) == day(date(2025, 6, 2))


def test_a_verdict_and_what_it_means_for_the_original_are_written_together_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from loft.changes.actions import verdicts

    change = judged(Word.NOT_YET)

    def broken(*given: object) -> None:
        raise RuntimeError("The database went away.")

    monkeypatch.setattr(verdicts, "_spread", broken)
    with pytest.raises(RuntimeError):
        actions.record_verdict(change, verdict(change, "2025-12-01", Word.VALUE), actor=KARI, now=at("2025-12-01"))
    change.refresh_from_db()
    assert (change.stage, VerdictRow.objects.count()) == (Stage.IN_USE, 1)


def test_a_start_told_late_cannot_have_come_before_a_plan_in_which_nothing_had_started() -> None:
    change = locked()
    with pytest.raises(BadInput, match="register the change anew"):
        actions.start(change, "Nes", date(2025, 1, 3), actor=KARI, now=at("2025-03-02"))
    assert not change.exposures.exclude(started=None).exists()
