"""What is written is read back the same, and appears whole or not at all."""

import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loft.log.columns import EVENT
from loft.log.errors import LogError
from loft.log.writers import write
from tests.log.reading import read

NAMES = ["log.xes", "log.xes.gz", "log.jsonocel", "log.csv", "log.parquet"]
T = datetime
EVENTS = pa.Table.from_pylist(
    [
        dict(zip(EVENT.names, row, strict=True))
        for row in [
            ("A", "motta & <se>", T(2026, 1, 1, 8, 0, 0, 123_456), None, "Torg", "bygg", "resident", "sak", "1"),
            ("A", "vurdere", T(2026, 1, 2, 8), T(2026, 1, 1, 12), "Bygg", None, "employee", "sak", "2"),
            ("B", "motta & <se>", T(2026, 1, 1, 8), None, None, "bygg", None, "arkiv", "3"),
            ("A", "vurdere", T(2026, 1, 2, 9), T(2026, 1, 1, 11), "Bygg", None, "robot", "sak", "4"),
            ("A", 'si "nei"\nnå\t', T(2026, 1, 3, 9), None, "Bygg", None, "system", "sak", "5"),
        ]
    ],
    EVENT,
)
ATTRIBUTES = pa.table(
    {
        "event:sum": [1, None, 3, 4, 5],
        "event:note": ["a,b;c", None, "æøå", "\t", '"q"'],
        "event:ok": [True, None, False, True, True],
        "event:share": [1.5, None, 2.0, 1e300, -0.1],
        "event:due": pa.array([T(2026, 1, 1), None, None, None, T(2020, 2, 29, 1, 2, 3)], pa.timestamp("us")),
    }
)
FULL = pa.table([*EVENTS.columns, *ATTRIBUTES.columns], names=[*EVENTS.column_names, *ATTRIBUTES.column_names])
CASES = pa.table({"case": ["A", "B"], "case:channel": ["nett", "post"], "case:age": [1, 2]})


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["case"], row["at"], row["id"]


@pytest.mark.parametrize("name", NAMES)
def test_events_come_back_as_they_were_written(tmp_path: Path, name: str) -> None:
    found = read(write(FULL, tmp_path / name, cases=CASES))
    expected = sorted(FULL.to_pylist(), key=_key)
    if name == "log.csv":  # which has no types: attributes come back as text
        expected = [{k: v if k in EVENT.names else _text(v) for k, v in row.items()} for row in expected]
    assert [{k: row[k] for k in FULL.column_names} for row in sorted(found.events, key=_key)] == expected
    if name not in ("log.csv", "log.parquet"):
        assert found.cases == CASES.to_pylist()


def _text(value: Any) -> str | None:
    if isinstance(value, bool | None):
        return None if value is None else str(value).lower()
    return f"{value.isoformat()}.000000Z" if isinstance(value, datetime) else str(value).removesuffix(".0")


@pytest.mark.parametrize("name", NAMES)
def test_a_stream_of_batches_gives_the_same_file_as_a_table(tmp_path: Path, name: str) -> None:
    reader = pa.RecordBatchReader.from_batches(FULL.schema, FULL.to_batches(max_chunksize=2))
    (tmp_path / "one").mkdir(), (tmp_path / "two").mkdir()
    one, two = write(FULL, tmp_path / "one" / name), write(reader, tmp_path / "two" / name)
    assert read(one).events == read(two).events


_words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=12
).filter(str.strip)
_moments = st.datetimes(T(1950, 1, 1), T(2100, 1, 1))


@st.composite
def _logs(draw: st.DrawFn) -> pa.Table:
    rows = []
    for number in range(draw(st.integers(1, 12))):
        at = draw(_moments)
        began = draw(st.none() | st.just(at) | st.datetimes(T(1950, 1, 1), at))
        unit, service = (draw(st.none() | _words) for _ in range(2))
        actor = draw(st.sampled_from([None, "resident", "employee", "robot", "system"]))
        case, activity = draw(st.sampled_from(["A", "B ", "C"])), draw(st.sampled_from(["a", "b"]) | _words)
        rows.append(
            dict(
                zip(
                    EVENT.names,
                    (case, activity, at, began, unit, service, actor, draw(_words), str(number)),
                    strict=True,
                )
            )
        )
    return pa.Table.from_pylist(rows, EVENT)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_logs())
def test_any_log_comes_back_as_it_was_written(tmp_path: Path, name: str, log: pa.Table) -> None:
    found = read(write(log, tmp_path / name))
    assert [{k: r[k] for k in EVENT.names} for r in sorted(found.events, key=_key)] == sorted(log.to_pylist(), key=_key)


def test_xes_has_its_elements_in_the_order_of_the_standard(tmp_path: Path) -> None:
    text = write(FULL, tmp_path / "log.xes", cases=CASES).read_text()
    places = [
        text.index(f"<{element}") for element in ("extension", "global", "classifier", 'string key="creator"', "trace")
    ]
    assert places == sorted(places)
    first = text[text.index("<trace>") :]
    assert first.index('key="channel"') < first.index("<event>")


def test_work_whose_start_is_known_is_written_as_start_and_complete(tmp_path: Path) -> None:
    text = write(FULL, tmp_path / "log.xes").read_text()
    assert text.count('value="start"') == 2
    assert text.count('<string key="lifecycle:transition" value="complete"/>') == 1 + 5  # the global and five events


def test_the_same_events_packed_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "later").mkdir()
    one, two = write(FULL, tmp_path / "log.xes.gz"), write(FULL, tmp_path / "later" / "log.xes.gz")
    assert one.read_bytes() == two.read_bytes()
    assert gzip.decompress(one.read_bytes()) == write(FULL, tmp_path / "log.xes").read_bytes()


def test_a_character_that_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    table = EVENTS.set_column(1, EVENT.field("activity"), pa.array(["a\x00b"] * 5))
    assert read(write(table, tmp_path / "log.xes")).column("activity") == ["a\ufffdb"] * 5


def test_ocel_declares_every_attribute_with_its_type_and_every_id_once(tmp_path: Path) -> None:
    table = FULL.set_column(8, EVENT.field("id"), pa.array([None, "x", "x", None, "e1"]))
    content = json.loads(write(table, tmp_path / "log.jsonocel", cases=CASES).read_text())
    ids = [event["id"] for event in content["events"]]
    assert len(set(ids)) == 5
    declared = {kind["name"]: {a["name"]: a["type"] for a in kind["attributes"]} for kind in content["eventTypes"]}
    assert all(a["name"] in declared[event["type"]] for event in content["events"] for a in event["attributes"])
    assert declared["vurdere"]["began"] == "time"
    assert content["objectTypes"] == [
        {"name": "case", "attributes": [{"name": "channel", "type": "string"}, {"name": "age", "type": "integer"}]}
    ]


def test_attributes_called_like_our_columns_stay_apart(tmp_path: Path) -> None:
    table = EVENTS.append_column("event:unit", pa.array(["x"] * 5)).append_column("event:id", pa.array(["y"] * 5))
    for name in NAMES:
        found = read(write(table, tmp_path / name))
        assert set(found.column("unit")) == {"Torg", "Bygg", None}
        assert "event:unit_2" in found.columns or "event:unit" in found.columns


def test_no_events_make_a_file_with_heads_only(tmp_path: Path) -> None:
    assert write(FULL.slice(0, 0), tmp_path / "log.csv").read_text().startswith('"case","activity","at"')


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("old")

    def failing() -> Any:
        yield from FULL.to_batches(max_chunksize=2)
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        write(pa.RecordBatchReader.from_batches(FULL.schema, failing()), tmp_path / name)
    assert (tmp_path / name).read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="'xess' is not a format that is written. Did you mean 'xes'"):
        write(FULL, tmp_path / "log", "xess")
    with pytest.raises(LogError, match="its suffix names no format"):
        write(FULL, tmp_path / "log.docx")
    with pytest.raises(LogError, match="The events have no column 'unit'"):
        write(FULL.drop_columns("unit"), tmp_path / "log.csv")
    with pytest.raises(LogError, match="cannot be written"):
        write(FULL, tmp_path / "nowhere" / "log.csv")
