"""What the log looks like: its columns, its hours, its queues and its loose ends."""

from datetime import date, timedelta

import pyarrow.parquet as pq

from loft.example.services import ENDINGS, SERVICES
from loft.example.units import UNITS
from loft.log.columns import ACTORS, EVENT
from tests.example.conftest import Fjordvik


def test_the_columns_are_those_of_the_log_in_their_order(fjordvik: Fjordvik) -> None:
    schema = pq.read_schema(fjordvik.paths.log)
    expected = [field for field in EVENT if field.name != "id"]
    assert [(f.name, f.nullable) for f in schema][: len(expected)] == [(f.name, f.nullable) for f in expected]
    assert {str(schema.field(name).type) for name in ("at", "began")} == {"timestamp[us, tz=UTC]"}
    assert schema.names[len(expected) :] == ["center", "channel", "case_type"]
    log = pq.read_table(fjordvik.paths.log)
    assert {name for name in log.column_names if log[name].null_count} == {"began"}
    assert {actor for (actor,) in fjordvik.rows("SELECT DISTINCT actor FROM events")} == set(ACTORS)


def test_the_log_has_about_as_many_events_as_asked_for_within_48_months(fjordvik: Fjordvik) -> None:
    assert abs(fjordvik.one("SELECT count(*) FROM events") - 200_000) < 0.03 * 200_000
    first, last = fjordvik.rows("SELECT min(done_here)::DATE, max(done_here)::DATE FROM events")[0]
    assert first == date(2022, 1, 1)
    assert date(2025, 12, 30) <= last <= date(2025, 12, 31)


def test_every_service_and_every_unit_is_in_the_log(fjordvik: Fjordvik) -> None:
    assert {name for (name,) in fjordvik.rows("SELECT DISTINCT service FROM events")} == {
        each.name for each in SERVICES
    }
    assert {name for (name,) in fjordvik.rows("SELECT DISTINCT unit FROM events")} == {each.name for each in UNITS}


def test_events_are_in_order_of_time_and_work_ends_after_it_began(fjordvik: Fjordvik) -> None:
    assert (
        fjordvik.one("SELECT count(*) FROM (SELECT done, lag(done) OVER () AS before FROM events) WHERE done < before")
        == 0
    )
    assert fjordvik.one("SELECT count(*) FROM events WHERE began >= done") == 0
    assert 0.2 < fjordvik.one("SELECT count(began) / count(*) FROM events") < 0.6


def test_every_case_begins_with_the_application(fjordvik: Fjordvik) -> None:
    first = (
        'SELECT DISTINCT ON ("case") activity FROM (SELECT *, row_number() OVER () AS n FROM events) ORDER BY "case", n'
    )
    assert {name for (name,) in fjordvik.rows(first)} == {"application.received"}


def test_no_employee_works_outside_office_hours(fjordvik: Fjordvik) -> None:
    outside = """
        SELECT count(*) FROM events WHERE actor = 'employee' AND (
            done_here::TIME NOT BETWEEN TIME '08:00' AND TIME '15:30'
            OR began_here::TIME NOT BETWEEN TIME '08:00' AND TIME '15:30'
            OR began_here::DATE <> done_here::DATE)
    """
    assert fjordvik.one(outside) == 0
    assert fjordvik.one("SELECT count(*) FROM events WHERE actor = 'resident' AND hour(done_here) >= 18") > 1000


def test_no_employee_works_at_weekends_or_on_holidays_and_residents_do(fjordvik: Fjordvik) -> None:
    days = "SELECT DISTINCT done_here::DATE FROM events WHERE actor = '{}'"
    worked = {day for (day,) in fjordvik.rows(days.format("employee"))}
    closed = {date.fromisoformat(day) for day in fjordvik.truth["office"]["closed"]}
    assert len(closed) == 4 * 12
    assert not worked & closed
    assert not {day for day in worked if day.weekday() >= 5}
    assert len(worked) > 4 * 245
    written = {day for (day,) in fjordvik.rows(days.format("resident"))}
    assert date(2023, 5, 17) in written and date(2023, 5, 17) + timedelta(3) in written


def test_cases_without_an_ending_are_open_and_most_of_them_young(fjordvik: Fjordvik) -> None:
    endings = ", ".join(f"'{ending}'" for ending in ENDINGS)
    total, still_open, recent = fjordvik.rows(
        f"SELECT count(*), count(*) FILTER (last NOT IN ({endings})), "
        f"count(*) FILTER (last NOT IN ({endings}) AND opened >= '2025-09-01') FROM cases"
    )[0]
    assert 0.01 < still_open / total < 0.06
    assert recent > 0.8 * still_open
    assert (
        fjordvik.one(
            f'SELECT max(n) FROM (SELECT count(*) AS n FROM events WHERE activity IN ({endings}) GROUP BY "case")'
        )
        == 1
    )
    assert fjordvik.one("SELECT count(*) FROM cases WHERE last = 'application.withdrawn'") > 100


def test_cases_are_sent_back_and_wait_for_the_resident(fjordvik: Fjordvik) -> None:
    assert fjordvik.one("SELECT count(*) FROM events WHERE activity = 'case.returned'") > 500
    asked, answered = (
        fjordvik.one(f"SELECT count(*) FROM events WHERE activity = 'information.{what}'")
        for what in ("requested", "received")
    )
    assert 0.85 < answered / asked < 1
    assert fjordvik.rows("SELECT DISTINCT actor FROM events WHERE activity = 'information.received'") == [("resident",)]


def test_cases_are_named_by_pseudonyms_that_say_nothing(fjordvik: Fjordvik) -> None:
    assert (
        fjordvik.one("""SELECT count(*) FROM events WHERE NOT regexp_full_match("case", 'F-[0-9A-HJKMNP-TV-Z]{7}')""")
        == 0
    )
    assert fjordvik.one("SELECT count(*) FROM cases") == fjordvik.truth["cases"]


def mean_wait(fjordvik: Fjordvik, activity: str, unit: str, where: str) -> float:
    """Days from the step before until *activity* was done, for the steps *where* says."""
    return float(
        fjordvik.one(f"""
            SELECT avg(date_diff('minute', before, done) / 1440) FROM (
                SELECT *, lag(done) OVER (PARTITION BY "case" ORDER BY done) AS before FROM events
            ) WHERE activity = '{activity}' AND unit = '{unit}' AND {where}
        """)
    )


def test_waiting_follows_the_load_through_the_surge_and_back(fjordvik: Fjordvik) -> None:
    summers = [
        mean_wait(fjordvik, "needs.assessed", "NAV Fjordvik", f"before BETWEEN '{year}-04-01' AND '{year}-09-01'")
        for year in (2023, 2024, 2025)
    ]
    assert summers[1] > 1.8 * summers[0]
    assert summers[1] > 1.8 * summers[2]


def test_waiting_follows_the_load_through_the_seasons(fjordvik: Fjordvik) -> None:
    """Most parents apply for a place in kindergarten in February."""
    spring, autumn = (
        mean_wait(fjordvik, "application.assessed", "Barnehagekontoret", f"month(before) IN ({months})")
        for months in ("2, 3, 4", "9, 10, 11")
    )
    assert spring > 3 * autumn
