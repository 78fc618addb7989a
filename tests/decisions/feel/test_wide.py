"""Years that Python's dates have none of, and billionths of a second (DMN's conformance kit, 1115 to 1117 and 1121)."""

from datetime import date, datetime, time, timedelta

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.decisions import RuleError, Table
from loft.decisions.atoms import cut
from loft.decisions.cells import Piece
from loft.decisions.feel.compare import less
from loft.decisions.feel.temporal import text_of, wide_date, wide_date_and_time
from loft.decisions.feel.types import Type
from loft.decisions.feel.wide import FarDate, FarMoment, nanos_of, passed
from loft.decisions.feel.writing import text_of_value
from loft.decisions.saying.values import value_in_words
from tests.decisions.dmn.building import decision, read, table
from tests.decisions.dmn.building import given as fact
from tests.decisions.feel.evaluating import expected, lines, value

FAR = """
    string(date("-0044-03-15"))                                        => "-0044-03-15"
    string(date(12345, 1, 31))                                         => "12345-01-31"
    string(date and time("-0044-03-15T12:30:00.5@Europe/Rome"))        => "-0044-03-15T12:30:00.5@Europe/Rome"
    string(date and time(date(10000, 1, 1), time("01:02:03Z")))        => "10000-01-01T01:02:03Z"
    string(date(date and time("10000-01-01T01:02:03Z")))               => "10000-01-01"
    string(time(date and time("10000-01-01T01:02:03Z")))               => "01:02:03Z"
    string(time(date("10000-01-01")))                                  => "00:00:00Z"
    date("10000-02-29")                                                => "10000-02-29"
    date("10001-02-29")                                                => null
    date("010000-01-01")                                               => null
    date("-44-03-15")                                                  => null
    date("-0000-01-01")                                                => null
    date("+10000-01-01")                                               => null
    date("1000000000-01-01")                                           => null
    date(10000, 13, 1)                                                 => null
    date(10000, 1, 0)                                                  => null
    date(1e9, 1, 1)                                                    => null
    date("-0044-03-15") = date(-44, 3, 15)                             => true
    date("-0044-03-15") < date("-0043-01-01")                          => true
    date("-0044-03-15") < date("2026-01-01")                           => true
    date("9999-12-31") < date("10000-01-01")                           => true
    date("10000-01-01") = date("9999-12-31")                           => false
    date("10000-01-01") in [date("2026-01-01")..date("10000-01-01")]   => true
    date and time("10000-01-01T00:30:00+01:00") < date and time("9999-12-31T23:45:00Z") => true
    date and time("10000-01-01T00:30:00") < date and time("9999-12-31T23:45:00Z")       => null
    date("10000-01-01") < date and time("10000-01-01T00:00:01Z")       => true
    date("10000-01-01") < 5                                            => null
    is(date("10000-01-01"), date("10000-01-01"))                       => true
    is(date("10000-01-01"), date("2026-01-01"))                        => false
    is(date and time("10000-01-01T00:00:00"), date and time("2026-01-01T00:00:00")) => false
    date("10000-01-01") instance of date                               => true
    date("-0044-03-15").year                                           => -44
    date and time("10000-01-01T12:30:00Z").day                         => 1
    date and time("10000-01-01T12:30:00Z").hour                        => 12
    date and time("10000-01-01T12:30:00+02:00").time offset            => PT2H
    years and months duration(date("-0001-12-31"), date("0001-01-30"))  => P1Y
    years and months duration(date("10000-05-01"), date("2000-01-01")) => -P8000Y4M
    string(date("10000-02-28") + @"P1D")                               => "10000-02-29"
    string(@"-0044-03-15T08:00:00@Europe/Rome" - @"P1M")               => "-0044-02-15T08:00:00@Europe/Rome"
    string(@"-0100-01-31T23:00:00+01:00" + @"PT1H")                    => "-0100-02-01T00:00:00+01:00"
    string(date("-0100-01-31") + @"P1M")                               => "-0100-02-28"
    date("10000-01-01") - @"P1D"                                       => 9999-12-31
    date("999999999-12-31") + @"P1D"                                   => null
    date("10000-01-01") - date("9999-12-31")                           => P1D
    @"10000-01-01T00:00:00Z" - date("10000-01-01")                     => PT0S
    @"10000-01-01T00:00:00" - date("10000-01-01")                      => null
    day of week(date("10000-01-01"))                                   => null
    count(for d in date("9999-12-31")..date("10000-01-01") return d)   => null
"""

FINE = """
    string(time("10:30:00.123456789"))                                 => "10:30:00.123456789"
    string(time("10:30:00.1234567891"))                                => "10:30:00.123456789"
    string(time("10:30:00.120000000"))                                 => "10:30:00.12"
    string(time(10, 30, 0.000000001))                                  => "10:30:00.000000001"
    string(date and time("2026-01-31T10:30:00.000000001@Europe/Oslo")) => "2026-01-31T10:30:00.000000001@Europe/Oslo"
    string(time(date and time("2026-01-31T10:30:00.123456789Z")))      => "10:30:00.123456789Z"
    string(date and time(@"2026-01-31", time("10:30:00.123456789")))   => "2026-01-31T10:30:00.123456789"
    time("10:30:00.123456789").second                                  => 0.123456789
    time("10:30:00.123456789") = @"10:30:00.5"                         => true
    time("10:30:00.123456789") < @"10:30:00.5"                         => true
    string(time("10:30:00.123456789") + @"PT1H")                       => "11:30:00.123456"
    string(date and time("2026-01-31T10:30:00.123456789") + @"P1D")    => "2026-02-01T10:30:00.123456"
    duration("PT0.9999999S")                                           => PT1S
"""


@pytest.mark.parametrize(("text", "wanted"), lines(FAR) + lines(FINE))
def test_the_calendar_goes_on_before_and_after_pythons(text: str, wanted: str) -> None:
    found = value(text)
    if isinstance(found, FarDate | FarMoment):
        found = text_of(found)
    assert found == expected(wanted)


@given(st.dates(), st.dates(), st.integers(-20, 20), st.integers(-20, 20))
def test_four_hundred_years_on_the_calendar_and_its_order_are_the_same(
    one: date, other: date, cycles: int, others: int
) -> None:
    first, second = (
        wide_date(text_of(FarDate(day.year + 400 * n, day.month, day.day)))
        for day, n in ((one, cycles), (other, others))
    )
    days = (other - one).days + (others - cycles) * 146_097
    assert (passed(second)[1] - passed(first)[1]) // 86_400_000_000 == days
    assert less(first, second) is (days > 0)


def test_a_far_moment_is_written_as_feel_and_told_to_people() -> None:
    moment = wide_date_and_time("10000-01-31T10:30:00Z")
    assert text_of_value(moment) == 'date and time("10000-01-31T10:30:00Z")'
    assert value_in_words(moment) == "10000-01-31T10:30:00Z"
    assert str(moment) == "10000-01-31T10:30:00+00:00"
    assert nanos_of(wide_date_and_time("2026-01-31T10:30:00.000000007")) == 7


def test_a_table_puts_far_years_before_and_after_all_others() -> None:
    rows = '< date("1900-01-01") | "old"\n>= date("1900-01-01") | "new"'
    model = read(fact("text", "string") + decision("d", table("date(text)", "x", rows), requires="text"))
    found = Table(model, model.decision("d"))
    years = {"-0044-03-15": "old", "1899-12-31": "old", "9999-12-31": "new", "10000-01-01": "new"}
    assert {text: found.decide({"text": text}).value for text in years} == years


def test_a_fine_or_far_moment_has_no_atom_so_that_its_cells_are_asked_one_by_one() -> None:
    end = datetime(2026, 1, 31, 10)
    find = cut([Piece(high=end)], Type("date and time"))[3]
    assert find is not None
    assert (find(end - timedelta(hours=1)), find(end + timedelta(hours=1)), find(None)) == (0, 2, 3)
    for text in ("2026-01-31T09:00:00.000000001", "10000-01-31T09:00:00", "10000-01-31T09:00:00Z"):
        assert find(wide_date_and_time(text)) == -1
    clocks = cut([Piece(high=time(10))], Type("time"))[3]
    assert clocks is not None
    assert (clocks(time(9)), clocks(value('time("09:00:00.000000001")'))) == (0, -1)


def test_a_far_moment_does_not_run_over_a_log() -> None:
    model = read(fact("a") + decision("d", table("a", "x", '- | date("10000-01-31")'), requires="a"))
    with pytest.raises(RuleError, match="cannot be run over a log"):
        Table(model, model.decision("d")).over(ibis.memtable({"a": [1]}))
