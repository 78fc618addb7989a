"""XES as the standard (IEEE 1849) has it, and the figures that PM4Py gives for real logs."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from loft.log.errors import BadRows, LogError
from loft.log.mapping import Mapping, propose
from loft.log.readers import stage
from tests.log.hostile import event, trace, xes
from tests.log.reading import read, write

XES = Mapping("xes", case="case:concept:name", activity="concept:name", at="time:timestamp")
FIGURES = {
    "running-example.xes": (6, 42, 8, 16, 36),
    "roadtraffic100traces.xes": (100, 390, 10, 18, 290),
    "receipt.xes.gz": (1_434, 8_577, 27, 99, 7_143),
    "BPIC15_1.xes.gz": (1_199, 52_217, 398, 4_699, 51_018),
    "BPIC15_2.xes.gz": (832, 44_354, 410, 4_802, 43_522),
    "BPIC15_3.xes.gz": (1_409, 59_681, 383, 4_909, 58_272),
    "bpic2020_PermitLog.xes.gz": (6_426, 81_092, 49, 531, 74_666),
    "road_traffic_promi.xes.gz": (150_370, 561_470, 11, 70, 411_100),
}
"""Cases, events, activities, and arcs of the directly-follows graph with the sum of their counts, by PM4Py."""


@pytest.mark.parametrize("name", FIGURES)
def test_real_logs_have_the_figures_that_pm4py_gives(name: str, shared_data: Path) -> None:
    path = shared_data / "logs" / name
    with duckdb.connect() as connection:
        staged = stage(path, propose(path).mapping, connection)
        counted = connection.execute(
            f'SELECT count(DISTINCT "case"), count(*), count(DISTINCT activity) FROM {staged.events}'
        ).fetchall()[0]
        arcs = connection.execute(
            "SELECT count(*), sum(n) FROM (SELECT a, b, count(*) AS n FROM (SELECT activity AS b, lag(activity) OVER "
            f'(PARTITION BY "case" ORDER BY "at", seq) AS a FROM {staged.events}) WHERE a IS NOT NULL GROUP BY ALL)'
        ).fetchall()[0]
    assert (*counted, *arcs) == FIGURES[name]


def test_units_and_attributes_of_a_real_log(shared_data: Path) -> None:
    found = read(shared_data / "logs" / "receipt.xes.gz")
    first = found.events[0]
    assert (first["case"], first["unit"], first["at"]) == (
        "case-10011",
        "Group 1",
        datetime(2011, 10, 11, 11, 45, 40, 276_000),
    )
    assert first["event:org:resource"] == "Resource21"
    assert found.cases[0]["case:startdate"] == datetime(2011, 10, 11, 11, 42, 22, 688_000)
    assert found.cases[0]["case:channel"] == "Internet"


def _times(tmp_path: Path, *times: str) -> list[datetime]:
    return read(write(tmp_path, "log.xes", xes(trace(*[event(at=t) for t in times])))).column("at")


def test_times_with_every_kind_of_zone_and_fraction_become_utc(tmp_path: Path) -> None:
    texts = ["2026-01-01T08:00:00Z", "2026-01-01T08:00:00+01:00", "2026-01-01T08:00:00-03:30", "2026-01-01T08:00:00"]
    assert _times(tmp_path, *texts) == [datetime(2026, 1, 1, h, m) for h, m in ((8, 0), (7, 0), (11, 30), (8, 0))]
    fractions = [f"2026-01-01T08:00:00{'.' if n else ''}{'123456789'[:n]}Z" for n in range(10)]
    micros = [int("123456789"[:n][:6].ljust(6, "0")) for n in range(10)]
    assert [t.microsecond for t in _times(tmp_path, *fractions)] == micros


def test_a_missing_zone_is_assumed_and_told(tmp_path: Path) -> None:
    path = write(tmp_path, "log.xes", xes(trace(event(at="2026-07-01T08:00:00"))))
    found = read(path, XES.but(time_zone="Europe/Oslo"))
    assert found.column("at") == [datetime(2026, 7, 1, 6)]
    assert any("Europe/Oslo" in note for note in found.notes)


def test_attributes_have_the_type_of_their_element(tmp_path: Path) -> None:
    more = (
        '<int key="n" value="7"/><float key="x" value="1.5"/><boolean key="ok" value="true"/><id key="i" value="u-1"/>'
        '<date key="due" value="2026-02-01T00:00:00+01:00"/><string key="s" value="007"/>'
    )
    row = read(write(tmp_path, "log.xes", xes(trace(event(more=more))))).events[0]
    assert [row[f"event:{k}"] for k in ("n", "x", "ok", "i", "due", "s")] == [
        7,
        1.5,
        True,
        "u-1",
        datetime(2026, 1, 31, 23),
        "007",
    ]


def test_a_value_that_is_not_of_its_type_keeps_all_as_text_and_a_note_says_so(tmp_path: Path) -> None:
    found = read(
        write(
            tmp_path,
            "log.xes",
            xes(trace(event(more='<int key="n" value="7"/>'), event(more='<int key="n" value="many"/>'))),
        )
    )
    assert found.column("event:n") == ["7", "many"]
    assert any("'event:n': 1 values are not BIGINT" in note for note in found.notes)


def test_nested_attributes_are_named_outer_and_inner_and_lists_are_joined(tmp_path: Path) -> None:
    more = (
        '<string key="cost" value="10"><string key="currency" value="NOK"><string key="as of" value="2026"/></string></string>'
        '<list key="papers"><values><string key="paper" value="one"/><string key="paper" value="two"/></values></list>'
        '<container key="place"><string key="street" value="Storgata"/></container>'
    )
    found = read(write(tmp_path, "log.xes", xes(trace(event(more=more), event("b")))))
    named = {k.removeprefix("event:"): v for k, v in found.events[0].items() if k.startswith("event:")}
    assert named == {
        "cost": "10",
        "cost/currency": "NOK",
        "cost/currency/as of": "2026",
        "papers/paper": "one; two",
        "place/street": "Storgata",
    }
    assert found.events[1]["event:cost"] is None
    assert any("stand inside other attributes" in note for note in found.notes)


def test_globals_are_examples_and_are_never_filled_in(tmp_path: Path) -> None:
    head = '<global scope="event"><string key="org:group" value="UNKNOWN"/><string key="color" value="blue"/></global>'
    found = read(
        write(tmp_path, "log.xes", xes(head + trace(event(), event(more='<string key="org:group" value="Torg"/>'))))
    )
    assert found.column("unit") == [None, "Torg"]
    assert "event:color" not in found.columns


def test_a_log_without_extensions_classifiers_or_names_of_traces_is_read(tmp_path: Path) -> None:
    found = read(
        write(
            tmp_path,
            "log.xes",
            xes(f"<trace>{event()}</trace>" + trace(event(), name="B") + f"<trace>{event()}</trace>"),
        )
    )
    assert found.column("case") == ["trace 1", "B", "trace 3"]
    assert any(note.startswith("2 traces have no concept:name") for note in found.notes)


def test_attributes_of_traces_become_attributes_of_cases(tmp_path: Path) -> None:
    body = (
        '<trace><string key="concept:name" value="A"/><int key="sum" value="5"/>'
        + event()
        + '<string key="late" value="x"/></trace>'
    )
    found = read(write(tmp_path, "log.xes", xes(body + trace(event(), name="B"))))
    assert found.cases == [
        {"case": "A", "case:sum": 5, "case:late": "x"},
        {"case": "B", "case:sum": None, "case:late": None},
    ]


def test_an_attribute_of_the_trace_can_play_the_unit_or_the_service(tmp_path: Path) -> None:
    body = (
        '<trace><string key="concept:name" value="A"/><string key="department" value="Bygg"/>'
        + event()
        + event("b")
        + "</trace>"
    )
    found = read(write(tmp_path, "log.xes", xes(body + trace(event(), name="B"))), XES.but(unit="case:department"))
    assert found.column("unit") == ["Bygg", "Bygg", None]


def _lifecycle(activity: str, day: int, transition: str, more: str = "") -> str:
    return event(
        activity, f"2026-01-{day:02}T08:00:00Z", f'<string key="lifecycle:transition" value="{transition}"/>{more}'
    )


def _days(path: Path) -> list[tuple[str, int | None, int]]:
    return [(e["activity"], e["began"] and e["began"].day, e["at"].day) for e in read(path).events]


def test_starts_and_completes_are_paired_first_in_first_out(tmp_path: Path) -> None:
    events = [
        ("a", 1, "start"),
        ("a", 2, "START"),
        ("b", 3, "start"),
        ("a", 4, "complete"),
        ("a", 5, "complete"),
        ("b", 6, "complete"),
    ]
    path = write(tmp_path, "log.xes", xes(trace(*[_lifecycle(*e) for e in events])))
    assert _days(path) == [("a", 1, 4), ("a", 2, 5), ("b", 3, 6)]


def test_a_complete_never_takes_a_later_start_and_an_open_start_stays(tmp_path: Path) -> None:
    events = [("a", 1, "complete"), ("a", 2, "start"), ("b", 3, "complete"), ("b", 4, "start"), ("b", 5, "complete")]
    path = write(tmp_path, "log.xes", xes(trace(*[_lifecycle(*e) for e in events])))
    assert _days(path) == [("a", None, 1), ("a", None, 2), ("b", None, 3), ("b", 4, 5)]


def test_starts_are_not_paired_across_cases_or_instances(tmp_path: Path) -> None:
    one, two = '<string key="concept:instance" value="1"/>', '<string key="concept:instance" value="2"/>'
    body = trace(
        _lifecycle("a", 1, "start", one), _lifecycle("a", 2, "start", two), _lifecycle("a", 3, "complete", two)
    ) + trace(_lifecycle("a", 4, "complete", one), name="B")
    assert _days(write(tmp_path, "log.xes", xes(body))) == [("a", None, 1), ("a", 2, 3), ("a", None, 4)]


def test_other_transitions_stay_events_of_their_own_and_are_told(tmp_path: Path) -> None:
    events = [("a", 1, "schedule"), ("a", 2, "start"), ("a", 3, "suspend"), ("a", 4, "resume"), ("a", 5, "complete")]
    path = write(tmp_path, "log.xes", xes(trace(*[_lifecycle(*e) for e in events])))
    assert _days(path) == [("a", None, 1), ("a", None, 3), ("a", None, 4), ("a", 2, 5)]
    assert any("3 events have another lifecycle transition" in note for note in read(path).notes)


def test_an_event_without_a_time_is_a_wrong_row_with_its_place(tmp_path: Path) -> None:
    path = write(
        tmp_path, "log.xes", xes(trace(event(), '<event><string key="concept:name" value="b"/></event>', event("c")))
    )
    bad = BadRows()
    with pytest.raises(LogError):
        read(path, XES, bad)
    assert [(r.row, r.column, r.value) for r in bad.first] == [(2, "time:timestamp", "")]
    assert read(path, XES, BadRows(keep_going=True)).column("activity") == ["a", "c"]


def test_malformed_xml_is_told_with_its_line_also_after_plain_pieces(tmp_path: Path) -> None:
    many = "".join(f"{trace(event(), name=str(n))}\n" for n in range(60_000))
    path = write(tmp_path, "log.xes", xes("\n" + many + "<trace>\n<oops\n</trace>"))
    with pytest.raises(LogError, match="line 60,004: is not well-formed XML"):
        read(path, XES)


def test_a_doctype_is_refused_before_anything_else(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"line 1: holds a DOCTYPE, which is refused"):
        read(write(tmp_path, "log.xes", "<!DOCTYPE log>" + xes(trace(event()))), XES)


def test_a_classifier_and_a_prefix_do_not_disturb(tmp_path: Path) -> None:
    body = xes('<classifier name="x" keys="concept:name"/>' + trace(event())).replace(
        "<log>", '<x:log xmlns:x="http://www.xes-standard.org/">'
    )
    for tag in ("trace", "event", "string", "date", "classifier"):
        body = body.replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}", f"</x:{tag}")
    assert len(read(write(tmp_path, "log.xes", body.replace("</log>", "</x:log>")), XES).events) == 1


def test_traces_of_one_name_are_one_case_and_a_note_says_so(tmp_path: Path) -> None:
    found = read(write(tmp_path, "log.xes", xes(trace(event()) + trace(event("b")) + trace(event(), name="B"))))
    assert found.column("case") == ["A", "A", "B"]
    assert [row["case"] for row in found.cases] == ["A", "B"]
    assert any(note.startswith("1 traces have the name of an earlier one") for note in found.notes)


def test_a_unit_of_the_whole_trace_is_not_proposed(tmp_path: Path) -> None:
    body = '<trace><string key="concept:name" value="A"/><string key="department" value="Bygg"/>' + event() + "</trace>"
    proposal = propose(write(tmp_path, "log.xes", xes(body)))
    assert proposal.mapping.unit is None
    assert "case:department" in [column.name for column in proposal.columns]


def test_without_the_standards_names_the_usual_ones_are_proposed(tmp_path: Path) -> None:
    body = trace(
        '<event><string key="Activity" value="a"/><date key="time:timestamp" value="2026-01-01T08:00:00Z"/></event>'
    )
    assert propose(write(tmp_path, "log.xes", xes(body))).mapping.activity == "Activity"
