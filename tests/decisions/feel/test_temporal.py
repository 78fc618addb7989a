"""Dates, times and durations: their forms, and what is added to and taken from them (figures of the conformance kit's 0100 and 0074)."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.decisions.feel.temporal import (
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_literal,
    parse_time,
    text_of,
)
from loft.decisions.feel.values import Months
from tests.decisions.feel.evaluating import expected, lines, value

ARITHMETIC = """
    @"2021-01-01" + @"P1Y"                              => 2022-01-01
    @"P1M" + @"2021-01-31"                              => 2021-02-28
    @"2020-02-29" - @"P1Y"                              => 2019-02-28
    @"2021-01-01" + @"PT36H"                            => 2021-01-02
    @"2021-01-01" + @"PT48H"                            => 2021-01-03
    @"2021-01-02" - @"PT1H"                             => 2021-01-01
    @"2021-01-02" - @"-PT1H"                            => 2021-01-02
    @"2021-01-02" - @"PT25H"                            => 2020-12-31
    @"2021-01-02" - @"2021-01-01"                       => P1D
    @"2021-12-31T24:00:00" + @"PT1S"                    => 2022-01-01T00:00:01
    @"2021-01-01T10:10:10" + @"-P1M"                    => 2020-12-01T10:10:10
    @"2021-01-12T10:10:10+11:00" + @"P1DT1H"            => 2021-01-13T11:10:10+11:00
    @"2021-01-12T10:10:10@Australia/Melbourne" + @"P1D" => 2021-01-13T10:10:10@Australia/Melbourne
    @"2026-03-28T12:00:00@Europe/Oslo" + @"P1D"         => 2026-03-29T13:00:00@Europe/Oslo
    @"2021-01-02T10:10:10@Europe/Paris" - @"2021-01-01T10:10:10@Asia/Dhaka" => P1DT5H
    @"2021-01-02T10:10:10+01:00" - @"2021-01-01T10:10:10@Europe/Paris"      => P1D
    @"2021-01-02T10:10:10@Europe/Paris" - @"2021-01-01T10:10:10"            => null
    @"2021-01-02T10:10:10" - @"2021-01-01T10:10:10+02:00"                   => null
    @"2021-01-02T00:00:00Z" - @"2021-01-02"                                 => PT0S
    @"2021-01-01T00:00:00" - @"2021-01-02"                                  => null
    @"2021-01-02T10:10:10@Europe/Paris" - @"2021-01-01"                     => P1DT9H10M10S
    @"2021-01-02" - @"2021-01-01T10:10:10+11:00"                            => P1DT49M50S
    @"10:15:00@Australia/Melbourne" + @"-P1D"           => 10:15:00@Australia/Melbourne
    @"10:15:00" + @"PT23H"                              => 09:15:00
    @"10:10:10" - @"11:10:10"                           => -PT1H
    @"10:10:10+11:00" - @"09:10:10+11:00"               => PT1H
    @"10:10:10@Europe/Paris" - @"11:10:10@Europe/Paris" => -PT1H
    @"10:10:10" - @"09:10:10Z"                          => null
    @"P1Y" + @"-P2M"                                    => P10M
    @"-P1D" - @"PT2H"                                   => -P1DT2H
    1.5 * @"P4DT1H"                                     => P6DT1H30M
    -2.5 * @"P1Y11M"                                    => -P4Y9M
    @"P10Y11M" / 2.5                                    => P4Y4M
    @"P10D" / 0                                         => null
    @"P10Y" / @"P5Y"                                    => 2
    @"P10D" / @"PT12H"                                  => 20
    @"P10D" / @"P0Y"                                    => null
    @"P1D" + @"P1M"                                     => null
    @"P1D" * @"P1D"                                     => null
    2 / @"P1D"                                          => null
    @"2021-01-01" + @"2021-01-01"                       => null
    @"2021-01-01" + 1                                   => null
    @"9999-12-31" + @"P1D"                              => null
    @"0001-01-01" - @"P1M"                              => null
    @"PT1H" * 1e300                                     => null
    @"P1M" * 1e3000                                     => null
    -@"P1DT2H"                                          => -P1DT2H
"""

PROPERTIES = """
    @"2018-12-10".weekday                        => 1
    @"2018-12-10T10:30:01".year                  => 2018
    date and time("2018-12-10").hour             => 0
    @"10:30:01.5".second                         => 1.5
    @"2018-12-10T10:30:00+05:00".time offset     => PT5H
    @"2018-12-10T10:30:00".time offset           => null
    @"2018-07-10T10:30:00@Europe/Oslo".time offset => PT2H
    @"2018-12-10T10:30:00@Etc/UTC".timezone      => "Etc/UTC"
    @"2018-12-10T10:30:00Z".timezone             => null
    @"P1Y2M".years                               => 1
    @"P1Y2M".months                              => 2
    @"-P1Y2M".months                             => -2
    @"P1Y".days                                  => null
    @"P1DT2H".years                              => null
    @"P1DT26H3M4.5S".days                        => 2
    @"P1DT26H3M4.5S".hours                       => 2
    @"P1DT26H3M4.5S".minutes                     => 3
    @"P1DT26H3M4.5S".seconds                     => 4.5
    @"-PT26H".days                               => -1
    @"-PT26H".hours                              => -2
    @"2018-12-10".hour                           => null
    [1..10].start included                       => true
    (1..10].start included                       => false
    [1..10).end                                  => 10
    (<= 10).start included                       => false
    (= 10).start                                 => 10
    (!= 10).start                                => 10
    (!= 10).end included                         => false
"""


@pytest.mark.parametrize(("text", "wanted"), lines(ARITHMETIC))
def test_arithmetic_with_moments_and_durations_is_the_standards(text: str, wanted: str) -> None:
    assert value(text) == expected(wanted)


@pytest.mark.parametrize(("text", "wanted"), lines(PROPERTIES))
def test_a_part_is_read_by_its_name(text: str, wanted: str) -> None:
    assert value(text) == expected(wanted)


def test_a_moment_moved_in_a_named_zone_keeps_the_zone() -> None:
    moved = value('@"2021-01-12T10:10:10@Australia/Melbourne" + @"P1DT1H"')
    assert text_of(moved) == "2021-01-13T11:10:10@Australia/Melbourne"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021-13-01",
        "2021-02-29",
        "0000-01-01",
        "21-01-01",
        "2021-01-01Z",
        "-2021-01-01",
        "12021-01-01",
        "10:30",
        "24:00:00",
        "10:60:00",
        "10:30:00.",
        "10:30:00+1",
        "10:30:00+19:00",
        "10:30:00+01:60",
        "10:30:00@",
        "10:30:00@Nowhere/Land",
        "10:30:00@../../etc/passwd",
        "10:30:00+01:00@Europe/Paris",
        "2021-01-01T",
        "2021-01-01 10:30:00",
        "P",
        "PT",
        "P1",
        "P1DT",
        "P1Y1D",
        "P1M1Y",
        "P-1D",
        "P99999999999999D",
        "P" + "9" * 5000 + "Y",
        "١٠:٣٠:٠٠",
    ],
)
def test_what_is_no_date_time_or_duration_is_null(text: str) -> None:
    assert parse_literal(text) is None


def test_each_form_is_read() -> None:
    assert parse_date("2026-01-31") == date(2026, 1, 31)
    assert parse_time("10:30:00.123456789") == time(10, 30, 0, 123456)
    assert parse_time("10:30:00-01:30") == time(10, 30, tzinfo=timezone(-timedelta(hours=1, minutes=30)))
    assert parse_date_and_time("2026-01-31T10:30:00Z") == datetime(2026, 1, 31, 10, 30, tzinfo=UTC)
    assert parse_date_and_time("2026-01-31") == datetime(2026, 1, 31)
    assert parse_duration("-P1DT2H3M4.5S") == -timedelta(days=1, hours=2, minutes=3, seconds=4.5)
    assert parse_duration("P1Y2M") == Months(14)
    assert parse_duration("P1M") == Months(1)
    assert parse_duration("PT1M") == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        ("2018-12-08T00:00:00.120+00:00", "2018-12-08T00:00:00.12Z"),
        ("10:30:00-01:30", "10:30:00-01:30"),
        ("10:30:00+01:02:03", "10:30:00+01:02:03"),
        ("10:30:00@Europe/Oslo", "10:30:00@Europe/Oslo"),
        ("P14M", "P1Y2M"),
        ("-P0M", "P0M"),
        ("-P0D", "PT0S"),
        ("PT36H", "P1DT12H"),
        ("-PT0.5S", "-PT0.5S"),
        ("PT2.S", "PT2S"),
        ("0001-01-01", "0001-01-01"),
    ],
)
def test_a_value_is_written_in_one_way(given_text: str, text: str) -> None:
    assert text_of(parse_literal(given_text)) == text


offsets = st.integers(-18 * 60, 18 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    st.dates()
    | st.times(timezones=st.none() | offsets)
    | st.datetimes(timezones=st.none() | offsets)
    | st.timedeltas()
    | st.builds(Months, st.integers(-(10**12), 10**12))
)
def test_what_is_written_reads_back_as_the_same_value(moment: object) -> None:
    assert parse_literal(text_of(moment)) == moment


@given(st.dates(), st.timedeltas(timedelta(-400_000), timedelta(400_000)))
def test_adding_what_lies_between_two_dates_leads_from_one_to_the_other(start: date, length: timedelta) -> None:
    end = value("start + length", start=start, length=length)
    assert end is None or value("end - start", start=start, end=end) == length // timedelta(days=1) * timedelta(days=1)
