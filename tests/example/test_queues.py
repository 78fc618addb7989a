from datetime import date

import numpy as np
import pytest

from loft.example.calendar import CLOSES, DAY, OPENS, Calendar, calendar
from loft.example.paths import Paths
from loft.example.queues import NEVER, OVERTIME, Times, serve
from loft.example.steps import Kind
from loft.example.ways import STEPS

RECEIVED = next(place for place, step in enumerate(STEPS) if step.kind == Kind.RESIDENT)
AT_DESK = next(place for place, step in enumerate(STEPS) if step.kind == Kind.DESK)
MONDAY = date(2024, 6, 3)


@pytest.fixture(scope="module")
def days() -> Calendar:
    return calendar(date(2024, 1, 1), 24)


def applications(opened: list[int], minutes: float) -> Paths:
    """Cases that apply and then wait for one desk."""
    n = len(opened)
    return Paths(
        np.arange(0, 2 * n + 1, 2, dtype=np.int64),
        np.tile(np.array([RECEIVED, AT_DESK], np.uint8), n),
        np.tile(np.array([0, minutes], np.float32), n),
        np.full(2 * n, 0.5, np.float32),
        np.array(opened, np.int32),
    )


def served(paths: Paths, days: Calendar, minutes_a_day: float) -> Times:
    staff = np.where(days.working, minutes_a_day, 0.0).astype(np.float32)[None, :]
    return serve(paths, np.zeros(len(paths.step), np.int16), staff, days)


def day_done(times: Times) -> list[int]:
    return (times.at[1::2] // DAY).tolist()


def test_four_applications_of_an_hour_at_a_desk_with_two_hours_a_day_take_two_days_in_order(days: Calendar) -> None:
    monday = (MONDAY - days.day_0).days
    paths = applications([monday * DAY + OPENS + minute * 60 for minute in (30, 10, 20, 0)], 60)
    assert day_done(served(paths, days, 120)) == [monday + 2, monday + 1, monday + 2, monday + 1]


def test_what_comes_in_on_friday_is_taken_up_on_monday_in_office_hours(days: Calendar) -> None:
    friday = (MONDAY - days.day_0).days - 3
    times = served(applications([friday * DAY + 22 * 3600], 30), days, 400)
    assert times.began[1] // DAY == friday + 3
    assert times.began[1] % DAY >= OPENS and times.at[1] % DAY <= CLOSES


def test_a_long_job_is_owed_on_the_days_after(days: Calendar) -> None:
    monday = (MONDAY - days.day_0).days
    paths = applications([monday * DAY + OPENS, monday * DAY + OPENS + 60], 240)
    assert day_done(served(paths, days, 100)) == [monday + 1, monday + 3]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_more_applications_at_the_same_desk_wait_longer(days: Calendar, seed: int) -> None:
    def mean_wait(a_day: float) -> float:
        count = np.random.default_rng(seed).poisson(a_day, days.days)
        opened = np.repeat(np.arange(days.days) * DAY + OPENS, count)[: int(a_day * days.days * 0.8)]
        times = served(applications(opened.tolist(), 30), days, 480)
        done = times.at[1::2] != NEVER
        return float((times.began[1::2][done] - times.at[::2][done]).mean() / DAY)

    light, usual, heavy = mean_wait(4), mean_wait(10), mean_wait(13)
    assert light < usual < heavy
    assert heavy > 3 * light


def test_no_desk_does_more_in_a_day_than_its_minutes_with_overtime_and_one_last_job(days: Calendar) -> None:
    opened = np.repeat(np.arange(100, 200) * DAY + OPENS, 20)
    times = served(applications(opened.tolist(), 30), days, 200)
    done = np.bincount(times.at[1::2][times.at[1::2] != NEVER] // DAY) * 30
    assert done.max() <= 200 * (1 + OVERTIME) + 30
    assert done.sum() == 2000 * 30
