"""Valid files with something put in, taken out or exchanged: each is read or refused with a ``LogError``, quickly and tidily.

``LOFT_MALFORMED=10000`` sets how many are made for each format; the usual run makes few, always the same.
"""

import gzip
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loft.log.errors import BadRows, LogError
from loft.log.mapping import Mapping, propose
from loft.log.readers import stage
from loft.log.staging import Staged
from tests.log.hostile import HEAD, OCEL_XML, cloud, event, good_parquet, good_sqlite, ocel, trace, xes
from tests.log.test_hostile import MEGABYTES, SECONDS, clear, memory

EXAMPLES = int(os.environ.get("LOFT_MALFORMED", "150"))
LIMITED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES <= 1_000,
    suppress_health_check=list(HealthCheck),
)
_LIFECYCLE = '<string key="lifecycle:transition" value="start"/>'
_XES = xes(
    '<global scope="event"><string key="a" value="b"/></global>'
    + trace(event(more=_LIFECYCLE), event("b", more='<int key="n" value="7"><date key="d" value="2026-01-01"/></int>'))
    + '<trace><list key="l"><values><id key="i" value="1"/></values></list>' + event("æ") + "</trace>"
)  # fmt: skip
_OCEL = {
    "case": "ocel:oid",
    "activity": "ocel:activity",
    "at": "ocel:timestamp",
    "id": "ocel:eid",
    "object_type": "case",
}
_OCEL_1 = {
    "ocel:objects": {"A": {"ocel:type": "case", "ocel:ovmap": {"x": 1}}},
    "ocel:events": {
        "1": {
            "ocel:activity": "a",
            "ocel:timestamp": "2026-01-01T08:00:00Z",
            "ocel:omap": ["A"],
            "ocel:vmap": {"y": [1]},
        }
    },
}
_CLOUD = [cloud(data={"unit": "x", "n": 1, "deep": {"a": [1, None]}}), cloud(id="2", type="b")]
_ROWS = "A,a,2026-01-01T08:00:00Z,x\n" + 'A,"b ""c""",2026-01-02 08:00,\n' + 'B,"two\nlines",2026-01-03,æ\n'
_CSV = HEAD.rstrip() + ",note\n" + _ROWS

FORMATS: dict[str, tuple[Mapping, str, list[bytes], list[bytes]]] = {
    "xes": (
        Mapping(
            "xes",
            case="case:concept:name",
            activity="concept:name",
            at="time:timestamp",
            lifecycle="lifecycle:transition",
            unit="n",
        ),
        ".xes",
        [_XES.encode(), gzip.compress(_XES.encode()), _XES.encode("utf-16")],
        [
            b"<trace>",
            b"</trace>",
            b"<event>",
            b"</event>",
            b"<event/>",
            b"<!--",
            b"-->",
            b"<![CDATA[",
            b"]]>",
            b"<!DOCTYPE x>",
            b"&lt;",
            b"&#0;",
            b"&x;",
            b'"',
            b"'",
            b"<",
            b">",
            b"\0",
            b"\xff",
            b"<list>",
            b"<values>",
            b'key="a"',
            b'value="',
            b"date",
            b"int",
            b"float",
            b"999999999999999999999",
            b"-",
            b"NaN",
            b"\n",
        ],
    ),
    "csv": (
        Mapping("csv", case="case", activity="activity", at="at", delimiter=","),
        ".csv",
        [
            _CSV.encode(),
            _CSV.replace("\n", "\r\n").encode(),
            gzip.compress(_CSV.encode()),
            _CSV.encode("utf-16"),
            _CSV.encode("cp1252"),
        ],
        [
            b",",
            b";",
            b"\t",
            b'"',
            b'""',
            b"\n",
            b"\r",
            b"\r\n",
            b"\0",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"case",
            b"2026-02-30",
            b"=1+1",
            b"\\",
            b"'",
            b"epoch",
            b"infinity",
        ],
    ),
    "parquet": (
        Mapping("parquet", case="case", activity="activity", at="at"),
        ".parquet",
        [good_parquet],
        [b"PAR1", b"\0", b"\xff" * 4, b"\x7f\xff\xff\xff"],
    ),
    "ocel-json": (
        Mapping("ocel-json", **_OCEL),
        ".jsonocel",
        [json.dumps(ocel()).encode(), json.dumps(_OCEL_1).encode()],
        [
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b'"',
            b"null",
            b"NaN",
            b"1e999",
            b"-",
            b"\\ud800",
            b"\\u0000",
            b'"id":"A",',
            b"true",
            b"\xff",
            b"\0",
            b"[" * 2_000,
        ],
    ),
    "ocel-xml": (
        Mapping("ocel-xml", **_OCEL),
        ".xml",
        [OCEL_XML.encode()],
        [
            b"<",
            b">",
            b"/",
            b"<object id='A' type='b'/>",
            b"<attribute name='x'>1</attribute>",
            b"<!--",
            b"<!DOCTYPE x>",
            b"&lt;",
            b"&x;",
            b"<events>",
            b"\0",
            b"\xff",
        ],
    ),
    "ocel-sqlite": (
        Mapping("ocel-sqlite", **_OCEL),
        ".sqlite",
        [good_sqlite],
        [b"\0", b"\xff" * 4, b"CREATE VIEW", b"SQLite", b"event", b"\x7f\xff\xff\xff"],
    ),
    "cloudevents": (
        Mapping("cloudevents", case="subject", activity="type", at="time", id="id"),
        ".json",
        [json.dumps(_CLOUD).encode(), json.dumps(_CLOUD[0]).encode(), "\n".join(map(json.dumps, _CLOUD)).encode()],
        [
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b'"',
            b"null",
            b"NaN",
            b"1e999",
            b"\\ud800",
            b"\\u0000",
            b'"id":"1",',
            b"true",
            b"\xff",
            b"\0",
            b"\n",
            b"[" * 2_000,
        ],
    ),
}


@st.composite
def damaged(draw: st.DrawFn, bases: list[bytes], words: list[bytes]) -> bytes:
    """One of the files with up to eight changes."""
    content = bytearray(draw(st.sampled_from(bases)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(content)))
        until = min(len(content), at + draw(st.integers(0, 6) | st.integers(0, 2_000)))
        change = draw(st.sampled_from(["put", "take", "exchange", "flip", "repeat", "cut"]))
        new = draw(st.sampled_from(words) | st.binary(max_size=6))
        if change == "put":
            content[at:at] = new
        elif change == "take":
            del content[at:until]
        elif change == "exchange":
            content[at : at + len(new)] = new
        elif change == "flip" and at < len(content):
            content[at] ^= 1 << draw(st.integers(0, 7))
        elif change == "repeat":
            content[at:at] = content[at:until]
        elif change == "cut" and draw(st.integers(0, 4)) == 0:
            del content[at:]
    return bytes(content)


_leaf = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["A", "case", "a", "1.0"])
)
_json = st.recursive(
    _leaf, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=3), max_leaves=6
)


@st.composite
def other_json(draw: st.DrawFn, base: Any) -> bytes:
    """The value with some of its parts exchanged for others of any kind, or left out."""

    def changed(value: Any, deep: int) -> Any:
        if draw(st.integers(0, 12)) == 0:
            return draw(_json)
        if isinstance(value, dict):
            return {k: changed(v, deep + 1) for k, v in value.items() if draw(st.integers(0, 20))}
        return [changed(v, deep + 1) for v in value] if isinstance(value, list) else value

    return json.dumps(changed(base, 0)).encode()


_types = {
    pa.string(): st.none() | st.text(max_size=5),
    pa.int64(): st.none() | st.integers(-(2**63), 2**63 - 1),
    pa.float64(): st.none() | st.floats(),
    pa.timestamp("us"): st.none() | st.integers(-(2**63), 2**63 - 1),
    pa.timestamp("ns", tz="UTC"): st.none() | st.integers(-(2**62), 2**62),
    pa.date32(): st.none() | st.integers(-(2**31), 2**31 - 1),
    pa.bool_(): st.none() | st.booleans(),
    pa.binary(): st.none() | st.binary(max_size=5),
    pa.list_(pa.int64()): st.none() | st.lists(st.integers(0, 9), max_size=2),
}


@st.composite
def other_parquet(draw: st.DrawFn) -> bytes:
    """A sound Parquet file whose columns hold anything."""
    rows = draw(st.integers(0, 5))
    columns = {}
    for name in draw(
        st.lists(
            st.sampled_from(["case", "activity", "at", "note", "Case", "seq", ""]), min_size=1, max_size=5, unique=True
        )
    ):
        kind = draw(st.sampled_from(list(_types)))
        columns[name] = pa.array([draw(_types[kind]) for _ in range(rows)], kind)
    out = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), out)
    return out.getvalue().to_pybytes()


STRUCTURED: dict[str, st.SearchStrategy[bytes]] = {
    "parquet": other_parquet(),
    "ocel-json": st.sampled_from([ocel(), _OCEL_1]).flatmap(other_json),
    "cloudevents": st.sampled_from([_CLOUD, _CLOUD[0]]).flatmap(other_json),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, bytes, Mapping, bool], None]]:
    """Reads one damaged file and looks whether all went as it must."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    connection = duckdb.connect()

    def check(suffix: str, content: bytes, mapping: Mapping, guess: bool) -> None:
        path = tmp_path / f"log{suffix}"
        path.write_bytes(content)
        before, began = memory(reset=True), time.process_time()
        try:
            chosen = propose(path).mapping if guess else mapping
            staged = stage(path, chosen, connection, bad=BadRows(keep_going=guess))
            _all_read(connection, staged, chosen)
        except LogError as error:
            assert "Internal Error" not in str(error) and "INTERNAL" not in str(error)
        assert time.process_time() - began < SECONDS
        assert memory() - before < MEGABYTES
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, "temporary"])
        assert not any(temporary.iterdir())
        clear(connection)

    yield check
    connection.close()


def _all_read(connection: duckdb.DuckDBPyConnection, staged: Staged, mapping: Mapping) -> None:
    try:
        assert connection.execute(f"SELECT * FROM {staged.events}").fetchall()
    except duckdb.Error as error:
        if mapping.format != "parquet":  # the only view over a file: ``import_files`` tells what shows when it is read
            raise
        raise LogError(str(error).splitlines()[0]) from error


@pytest.mark.parametrize("format", FORMATS)
@LIMITED
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(
    place: Callable[[str, bytes, Mapping, bool], None], format: str, data: st.DataObject
) -> None:
    mapping, suffix, bases, words = FORMATS[format]
    makers = damaged(bases, words) | STRUCTURED[format] if format in STRUCTURED else damaged(bases, words)
    place(suffix, data.draw(makers), mapping, data.draw(st.integers(0, 9)) == 0)
