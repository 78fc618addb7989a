"""Gains and freed time: what is forecast, what is measured, and that each hour counts once."""

from datetime import date
from typing import Any

import pytest

from loft.changes import actions
from loft.changes.models import Change
from loft.log.models import Event
from loft.value.errors import BadInput
from loft.value.verdicts import Word
from tests.changes.conftest import KARI, at, judged, started

pytestmark = pytest.mark.django_db
NOW: dict[str, Any] = {"actor": KARI, "now": at("2025-11-01")}
TIME: dict[str, Any] = {"kind": "saved time", "receiver": "employee", "cash": "own use", **NOW}


def newest(change: Change) -> Any:
    row = change.verdict
    assert row is not None
    return row


def test_a_gain_is_forecast_and_then_measured_by_a_verdict() -> None:
    change = judged(Word.VALUE)
    gain = actions.tell_gain(
        change, "Timer i kassen", unit="timer", low=100, mid=200, high=400, unit_price=700, price_year=2025, **TIME
    )
    assert gain.forecast_by == KARI.name
    actions.measure_gain(change, gain, newest(change), low=50, mid=120, high=180, **NOW)
    gain.refresh_from_db()
    assert (gain.measured_low, gain.measured_mid, gain.measured_high, gain.verdict) == (50, 120, 180, newest(change))
    with pytest.raises(BadInput, match="is measured"):
        actions.tell_gain(change, "Timer i kassen", gain=gain, mid=10, **TIME)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"low": 5, "mid": 3}, "Low must not be above"),
        ({"unit_price": 700}, "which year"),
        ({"mid": "mange"}, "must be a number"),
        ({"kind": "tid"}, "kind cannot be tid"),
        ({"median": 3}, "no amount median"),
        ({"mid": 9e9, "unit_price": 9e9, "price_year": 2025}, "more than any body has"),
        ({"cost_yearly": 1e14, "price_year": 2025}, "more than any body has"),
        ({"cost_once": 5, "price_year": 25}, "price_year must be a number"),
    ],
)
def test_a_gain_that_makes_no_sense_is_refused(given: dict[str, Any], says: str) -> None:
    change = started()
    with pytest.raises(BadInput, match=says):
        actions.tell_gain(change, "Timer", **{**TIME, **given})
    assert not change.gains.exists()


def test_only_a_verdict_of_value_of_the_same_change_can_measure_a_gain() -> None:
    change, other = judged(Word.NOT_YET), judged(Word.VALUE)
    gain = actions.tell_gain(change, "Timer", mid=10, **TIME)
    for verdict in (newest(change), newest(other)):
        with pytest.raises(BadInput, match="Only a verdict of this change"):
            actions.measure_gain(change, gain, verdict, low=1, mid=2, high=3, **NOW)


def test_the_chain_of_freed_time_counts_each_hour_once() -> None:
    change = judged(Word.VALUE)
    freed = actions.free_time(change, "Svare på telefon", 500, **NOW)
    with pytest.raises(BadInput, match="counts once"):
        actions.free_time(change, "svare på TELEFON", 100, **NOW)
    with pytest.raises(BadInput, match="not confirmed"):
        actions.use_time(change, freed, "absorbed", 100, **NOW)
    actions.confirm_time(change, freed, 300, newest(change), **NOW)
    moved = actions.use_time(change, freed, "moved", 200, to="Veiledning", **NOW)
    with pytest.raises(BadInput, match="more than the 300"):
        actions.use_time(change, freed, "less overtime", 101, **NOW)
    actions.use_time(change, freed, "less overtime", 100, **NOW)
    with pytest.raises(BadInput, match="counts once"):
        actions.confirm_time(change, freed, 250, newest(change), **NOW)
    with pytest.raises(BadInput, match="more than the 200"):
        actions.realise_time(change, moved, 201, "Timelister", date(2025, 10, 30), **NOW)
    actions.realise_time(change, moved, 150, "Timelister", date(2025, 10, 30), **NOW)
    moved.refresh_from_db()
    assert (moved.realised, moved.proof) == (150, "Timelister")
    told = Event.objects.filter(case=change.pseudonym, activity__startswith="change.time").values_list(
        "activity", flat=True
    )
    assert list(told) == [
        "change.time_estimated",
        "change.time_confirmed",
        *["change.time_decided"] * 2,
        "change.time_realised",
    ]


def test_time_moved_to_another_task_names_the_task() -> None:
    change = judged(Word.VALUE)
    freed = actions.free_time(change, "Svare på telefon", 500, **NOW)
    actions.confirm_time(change, freed, 300, newest(change), **NOW)
    with pytest.raises(BadInput, match="to is missing"):
        actions.use_time(change, freed, "moved", 200, **NOW)


def test_parts_of_another_change_are_refused() -> None:
    change, other = judged(Word.VALUE), judged(Word.VALUE)
    freed = actions.free_time(other, "Svare på telefon", 500, **NOW)
    with pytest.raises(BadInput, match="another change"):
        actions.confirm_time(change, freed, 300, newest(change), **NOW)
