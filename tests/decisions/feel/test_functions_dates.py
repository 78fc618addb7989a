"""Dates, times and durations; the figures are those of the DMN conformance kit (0095 to 0098, 1115 to 1121) and of the standard."""

from datetime import UTC, date, datetime, timedelta

import pytest

from loft.decisions.feel.functions import BUILTINS, clock
from loft.decisions.feel.temporal import text_of
from tests.decisions.feel.calling import call, call_by_name, feel


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("date", ("2017-12-31",), "2017-12-31"),
        ("date", ("2017-13-31",), None),
        ("date", ("2012-12-25T",), None),
        ("date", (2017, 12, 31), "2017-12-31"),
        ("date", (2017, 2, 29), None),
        ("date", (2017.5, 2, 1), None),
        ("date", (2017, None, 1), None),
        ("date", (None,), None),
        ("date", ("@2017-08-14T14:25:00",), "2017-08-14"),
        ("date", ("@2017-08-14",), "2017-08-14"),
        ("time", ("11:22:33.5Z",), "11:22:33.5Z"),
        ("time", ("@2017-08-10T10:20:00@Europe/Paris",), "10:20:00@Europe/Paris"),
        ("time", ("@2017-08-10",), "00:00:00Z"),
        ("time", ("@10:20:00+01:00",), "10:20:00+01:00"),
        ("time", (12, 0, 0), "12:00:00"),
        ("time", (12, 0, 0, None), "12:00:00"),
        ("time", (12, 59, 1.3, "@-PT1H"), "12:59:01.3-01:00"),
        ("time", (12, 59, 59, "@P0D"), "12:59:59Z"),
        ("time", (24, 0, 0, "@P0D"), None),
        ("time", (12, 60, 0), None),
        ("time", (12, 0, 60), None),
        ("time", (12, 0, -1), None),
        ("time", (12, 0, 0, "@PT19H"), None),
        ("time", (12, None, 45, "@P0D"), None),
        ("date and time", ("2017-12-31T11:22:33+01:00",), "2017-12-31T11:22:33+01:00"),
        ("date and time", ("2012-12-24",), "2012-12-24T00:00:00"),
        ("date and time", ("@2017-01-01", "@23:59:01.9876+02:00"), "2017-01-01T23:59:01.9876+02:00"),
        ("date and time", ("@2017-08-10T10:20:00", "@23:59:01"), "2017-08-10T23:59:01"),
        ("date and time", ("@2017-08-10", None), None),
        ("duration", ("P1DT2H",), "P1DT2H"),
        ("duration", ("P1Y2M",), "P1Y2M"),
        ("duration", ("P1Y2D",), None),
        ("years and months duration", ("@2011-12-22", "@2013-08-24"), "P1Y8M"),
        ("years and months duration", ("@2013-08-24", "@2011-12-22"), "-P1Y8M"),
        ("years and months duration", ("@2015-01-21", "@2016-01-21"), "P1Y"),
        ("years and months duration", ("@2016-01-01", "@2016-01-01"), "P0M"),
        ("years and months duration", ("@2017-12-31T13:00:00", "@2017-12-31T12:00:00"), "P0M"),
        ("years and months duration", ("@2016-09-30T23:25:00", "@2017-12-28T12:12:12"), "P1Y2M"),
        ("years and months duration", ("@2014-12-31T23:59:59", "@2019-10-01T12:32:59"), "P4Y9M"),
        ("years and months duration", ("@2011-08-25T15:59:59@Europe/Paris", "@2015-08-25T15:20:59+02:00"), "P4Y"),
        ("years and months duration", ("@2017-09-05T10:20:00@Etc/UTC", "@2018-10-01T23:59:59"), "P1Y"),
        ("years and months duration", ("@2013-08-24", "@2017-12-15T00:59:59"), "P4Y3M"),
        ("years and months duration", ("@2017-02-28T23:59:59", "@2019-07-23"), "P2Y4M"),
        ("years and months duration", ("@2016-01-30", None), None),
    ],
)
def test_values_in_time(name, values, expected):
    result = call(name, *values)
    assert (None if result is None else text_of(result)) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("day of year", "@2019-09-17", 260),
        ("day of week", "@2019-09-17", "Tuesday"),
        ("month of year", "@2019-09-17T10:10:10", "September"),
        ("week of year", "@2019-09-17", 38),
        ("week of year", "@2003-12-29", 1),
        ("week of year", "@2010-01-01", 53),
        ("week of year", "@2005-01-01", 53),
        ("week of year", "@2005-01-09", 1),
        ("week of year", "@1970-01-01T10:10:10", 1),
        ("week of year", "foo", None),
        ("week of year", None, None),
    ],
)
def test_where_in_the_year_a_day_is(name, value, expected):
    assert call(name, value) == feel(expected)
    assert call_by_name(name, date=value) == feel(expected)


def test_parameters_may_be_named():
    assert call_by_name("date", year=2017, month=8, day=30) == date(2017, 8, 30)
    assert call_by_name("date", **{"from": "@2012-12-24T23:59:00"}) == date(2012, 12, 24)
    assert call_by_name("time", hour=11, minute=59, second=0) == feel("@11:59:00")
    assert call_by_name("date and time", date="@2017-08-10", time="@10:20:00") == datetime(2017, 8, 10, 10, 20)
    assert call_by_name("week of year", value="@1970-01-01") is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("@2012-12-25", "@23:00:50", False),
        ("@2012-12-25", "@2012-12-25", True),
        ("@23:00:50Z", "@23:00:50", False),
        ("@23:00:50Z", "@23:00:50+00:00", True),
        ("@23:00:50Z", "@22:00:50-01:00", False),
        ("@2012-12-25T10:00:00@Europe/Oslo", "@2012-12-25T10:00:00+01:00", True),
        ("@2012-07-25T10:00:00@Europe/Oslo", "@2012-07-25T10:00:00+02:00", True),
        ("@2002-04-02T12:00:00-01:00", "@2002-04-02T17:00:00+04:00", False),
        ("@23:00:50@Australia/Melbourne", "@23:00:50+10:00", True),
        ("@23:00:50@Australia/Melbourne", "@23:00:50@Australia/Sydney", True),
        ("@23:00:50@Etc/GMT", "@23:00:50Z", True),
        ("@P1D", "@PT24H", True),
        ("@P0Y", "@P0D", False),
        (1, 1.0, True),
        (None, None, True),
        (None, 1, False),
        ([1, "a"], [1, "a"], True),
    ],
)
def test_the_same_value_is_more_than_an_equal_one(left, right, expected):
    assert call("is", left, right) is expected


def test_the_clock_is_given_or_there_is_none():
    assert call("now") is None and call("today") is None
    functions = clock(datetime(2026, 1, 31, 12, tzinfo=UTC))
    assert functions["now"].call() == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert functions["today"].call() == date(2026, 1, 31)
    assert functions["today"].call(1) is None


def test_every_day_of_four_years_counts_whole_months_as_a_person_would():
    """A month is whole when the day has come again; counted here by walking."""
    first = date(2023, 1, 31)
    months = 0
    for days in range(1, 1_461):
        last = first + timedelta(days=days)
        walked = (last.year - 2023) * 12 + last.month - 1
        months = walked if last.day >= first.day else walked - 1
        assert BUILTINS["years and months duration"].call(first, last).months == months
