from datetime import UTC, date, datetime

import numpy as np
import pytest

from loft.example.calendar import DAY, calendar, easter, holidays, office_day


@pytest.mark.parametrize(
    "sunday",
    [date(2019, 4, 21), date(2022, 4, 17), date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25)],
)
def test_easter_sunday_is_the_published_one(sunday: date) -> None:
    assert easter(sunday.year) == sunday


def test_the_holidays_of_2024_are_the_official_ones() -> None:
    official = "01-01 03-28 03-29 03-31 04-01 05-01 05-09 05-17 05-19 05-20 12-25 12-26".split()
    assert sorted(holidays(2024)) == [date.fromisoformat(f"2024-{day}") for day in official]


def test_offices_are_closed_at_weekends_on_holidays_and_on_the_two_eves() -> None:
    closed = [date(2024, 6, 1), date(2024, 5, 17), date(2024, 12, 24), date(2024, 12, 31)]
    assert [office_day(day) for day in closed] == [False] * 4
    assert office_day(date(2024, 12, 23))


def test_a_winter_morning_is_one_hour_and_a_summer_morning_two_ahead_of_utc() -> None:
    days = calendar(date(2024, 1, 1), 12)
    winter, summer = ((day - days.day_0).days * DAY + 9 * 3600 for day in (date(2024, 1, 15), date(2024, 7, 15)))
    shown = [datetime.fromtimestamp(each / 1e6, UTC) for each in days.utc(np.array([winter, summer], np.int32))]
    assert [(each.day, each.hour) for each in shown] == [(15, 8), (15, 7)]


def test_the_next_office_day_after_maundy_thursday_is_the_tuesday_after_easter() -> None:
    days = calendar(date(2024, 1, 1), 12)
    thursday = (date(2024, 3, 28) - days.day_0).days
    assert days.date(days.next_working[thursday]) == date(2024, 4, 2)


def test_months_are_counted_from_the_first_of_the_log() -> None:
    days = calendar(date(2022, 1, 1), 48)
    assert days.date(days.month_start(0)) == date(2022, 1, 1)
    assert days.date(days.month_start(47)) == date(2025, 12, 1)
    assert days.date(days.log_until) == date(2026, 1, 1)
