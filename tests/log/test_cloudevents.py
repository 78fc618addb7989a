import json
from datetime import datetime
from pathlib import Path

import pytest

from loft.log.errors import BadRows, LogError
from tests.log.hostile import cloud
from tests.log.reading import read, write


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([cloud(), cloud(id="2")]),
        json.dumps([cloud(), cloud(id="2")], indent=2),
        f"{json.dumps(cloud())}\n\n{json.dumps(cloud(id='2'))}\n",
    ],
    ids=["batch", "batch on many lines", "one on each line"],
)
def test_events_in_a_batch_or_on_lines(tmp_path: Path, text: str) -> None:
    found = read(write(tmp_path, "events.json", text))
    assert [(e["case"], e["activity"], e["at"], e["source"], e["id"]) for e in found.events] == [
        ("A", "a", datetime(2026, 1, 1, 8), "s", name) for name in ("1", "2")
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_single_event(tmp_path: Path, indent: int | None) -> None:
    assert len(read(write(tmp_path, "event.json", json.dumps(cloud(), indent=indent))).events) == 1


def test_data_and_extensions_become_attributes(tmp_path: Path) -> None:
    data = {
        "unit": "Torg",
        "sum": 5,
        "place": {"street": "Storgata"},
        "papers": ["one", "two"],
        "ok": True,
        "none": None,
    }
    found = read(
        write(
            tmp_path,
            "events.json",
            json.dumps([cloud(data=data, traceparent="00-x", datacontenttype="application/json")]),
        )
    )
    named = {k.removeprefix("event:"): v for k, v in found.events[0].items() if k.startswith("event:")}
    assert named == {
        "data.sum": 5,
        "data.place.street": "Storgata",
        "data.papers": '["one", "two"]',
        "data.ok": True,
        "traceparent": "00-x",
    }
    assert found.column("unit") == ["Torg"]


@pytest.mark.parametrize("name", ["id", "source", "type", "specversion"])
def test_an_event_without_a_required_attribute_is_a_wrong_row(tmp_path: Path, name: str) -> None:
    path = write(
        tmp_path, "events.json", json.dumps([cloud(), {k: v for k, v in cloud().items() if k != name}, cloud(id="3")])
    )
    bad = BadRows()
    with pytest.raises(LogError, match="every CloudEvent has specversion, id, source, type"):
        read(path, bad=bad)
    assert [(r.row, r.column) for r in bad.first] == [(2, name)]
    assert read(path, bad=BadRows(keep_going=True)).column("id") == ["1", "3"]


def test_another_version_is_a_wrong_row(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="'0.3' is not 1.0, the version that is read"):
        read(write(tmp_path, "events.json", json.dumps([cloud(specversion="0.3")])))


def test_time_and_subject_are_needed_although_the_standard_leaves_them_open(tmp_path: Path) -> None:
    for name in ("time", "subject"):
        bad = BadRows()
        with pytest.raises(LogError):
            read(
                write(
                    tmp_path,
                    "events.json",
                    json.dumps([cloud(), {k: v for k, v in cloud(id="2").items() if k != name}]),
                ),
                bad=bad,
            )
        assert [(r.row, r.column) for r in bad.first] == [(2, name)]


def test_a_wrong_line_is_told_with_its_number(tmp_path: Path) -> None:
    lines = [json.dumps(cloud()), json.dumps(cloud(id=7)), json.dumps(cloud(id="3"))]
    bad = BadRows()
    with pytest.raises(LogError):
        read(write(tmp_path, "events.json", "\n".join(lines)), bad=bad)
    assert (bad.first[0].line, bad.first[0].column, bad.first[0].value) == (2, "id", "7")
