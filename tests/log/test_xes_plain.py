"""What is read column by column must be what expat reads; what is not plainly written must be left to expat."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loft.log.errors import LogError
from loft.log.limits import LIMITS
from loft.log.progress import silent
from loft.log.readers.xes_batch import TAGS, Batch
from loft.log.readers.xes_expat import Document
from loft.log.readers.xes_parse import batches
from loft.log.readers.xes_plain import plain
from tests.log.hostile import event, trace, xes


def _by_expat(piece: bytes) -> Batch | None:
    document = Document(Path("x.xes"), LIMITS)
    document.feed(b"<log>")
    document.feed(piece)
    document.feed(b"</log>", last=True)
    return document.take(all_of_it=True)


def _content(batch: Batch | None) -> Any:
    if batch is None:
        return None
    parts = []
    for values in (batch.event_values, batch.trace_values):
        rows = zip(
            values.row.tolist(), values.code.tolist(), values.tag.tolist(), values.value.to_pylist(), strict=True
        )
        parts.append([(row, values.names[code], TAGS[tag], value) for row, code, tag, value in rows])
    return batch.traces, batch.trace_of.tolist(), parts


PLAIN = {
    "one": trace(event()),
    "several": trace(event(), event("b")) + "\n\t" + trace(event(), name="B"),
    "trace without events": trace() + trace(event(), name="B"),
    "attribute of the trace after events": f'<trace>{event()}<string key="late" value="x"/></trace>',
    "white space everywhere": '\n <trace>\t<string  key="a" value="b" />\r\n</trace>\n'.replace("  key", " key"),
    "references": trace(event("&amp;lt; &lt;&gt;&quot;&apos;&amp;")),
    "greater than": trace(event("a>b ]]> 'c'")),
    "letters": trace(event("søknad ☃ 𝒳")),
    "empty value": trace(event("")),
    "key twice": trace(event(more='<string key="a" value="1"/><string key="a" value="2"/>')),
}
NOT_PLAIN = {
    "event without attributes": trace("<event></event>", event()),
    "empty trace": "<trace></trace>" + trace(event()),
    "comment": trace(event()) + "<!-- x -->" + trace(event()),
    "instruction": trace(event()) + "<?x y?>" + trace(event()),
    "nested": trace(event(more='<string key="a" value="b"><string key="c" value="d"/></string>')),
    "list": trace(event(more='<list key="a"><values></values></list>')),
    "single quotes": trace(event()).replace('"', "'"),
    "other order": trace('<event><string value="a" key="concept:name"/></event>'),
    "more attributes": trace('<event><string key="a" value="b" x="c"/></event>'),
    "closed apart": trace('<event><string key="a" value="b"></string></event>'),
    "reference by number": trace(event("&#65;")),
    "newline in value": trace(event("a\nb")),
    "tab in key": trace(event(more='<string key="a\tb" value="c"/>')),
    "self-closed event": trace("<event/>"),
    "text between": trace(event()) + "text" + trace(event()),
    "space around equals": trace(event()).replace(" value=", " value ="),
    "event outside": event() + trace(event()),
    "attribute outside": '<string key="a" value="b"/>' + trace(event()),
    "global": '<global scope="event"><string key="a" value="b"/></global>' + trace(event()),
    "two events in one": trace("<event><event>", "</event></event>"),
}
BROKEN = {
    "unclosed": trace(event())[:-8],
    "less than in value": trace(event("a<b")),
    "unknown entity": trace(event("&x;")),
    "control": trace(event("a\x01")),
    "end too early": "</trace>" + trace(event()),
    "wrong order of ends": '<trace><event><string key="a" value="b"/></trace></event>',
    "value left open": trace(event()).replace('value="a"', 'value="a'),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_pieces_are_read_as_expat_reads_them(name: str) -> None:
    found = plain(PLAIN[name].encode())
    assert found is not None
    assert _content(found) == _content(_by_expat(PLAIN[name].encode()))


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_anything_else_is_left_to_expat(name: str) -> None:
    assert plain(NOT_PLAIN[name].encode()) is None


@pytest.mark.parametrize("name", BROKEN)
def test_broken_pieces_are_never_accepted(name: str) -> None:
    assert plain(BROKEN[name].encode()) is None


@pytest.mark.parametrize("content", [b"\xff", "\ufffe".encode(), "\uffff".encode(), b"\xed\xa0\x80", b"\x00"])
def test_bytes_that_xml_forbids_are_never_accepted(content: bytes) -> None:
    assert plain(trace(event("HERE")).encode().replace(b"HERE", content)) is None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_accepted_is_what_expat_reads(data: st.DataObject) -> None:
    """Plain pieces with random bytes put in, taken out or exchanged."""
    piece = bytearray(data.draw(st.sampled_from([*PLAIN.values(), *NOT_PLAIN.values()])).encode())
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(piece) - 1))
        new = data.draw(
            st.sampled_from(
                [
                    b"",
                    b'"',
                    b"<",
                    b">",
                    b"/",
                    b"&",
                    b" ",
                    b"\n",
                    b"x",
                    b"=",
                    b"<event>",
                    b"</event>",
                    b"</trace>",
                    b"<trace>",
                ]
            )
        )
        piece[at : at + data.draw(st.integers(0, 2))] = new
    found = plain(bytes(piece))
    if found is not None:
        assert _content(found) == _content(_by_expat(bytes(piece)))


def test_most_of_a_real_log_is_read_plainly_and_equals_expat(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shared_data / "logs" / "receipt.xes.gz"
    counted = []
    monkeypatch.setattr("loft.log.readers.xes_parse.plain", lambda piece: counted.append(plain(piece)) or counted[-1])
    fast = [_content(b) for b in batches(path, Document(path, LIMITS), LIMITS, silent)]
    assert None not in counted
    monkeypatch.setattr("loft.log.readers.xes_parse.plain", lambda piece: None)
    slow = [_content(b) for b in batches(path, Document(path, LIMITS), LIMITS, silent)]
    assert fast == slow


def test_a_comment_that_looks_like_traces_is_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loft.log.readers.xes_parse._PIECE", 1)
    monkeypatch.setattr("loft.log.readers.source._UNPACKED", 64)
    hidden = trace(event("hidden"), name="hidden")
    (tmp_path / "log.xes").write_text(
        xes(trace(event()) + f"<!-- {hidden * 5} -->" + trace(event(), name="B") + f"<![CDATA[{hidden}]]>")
    )
    document = Document(tmp_path / "log.xes", LIMITS)
    found = [_content(b) for b in batches(tmp_path / "log.xes", document, LIMITS, silent)]
    assert sum(part[0] for part in found) == 2
    assert "hidden" not in str(found)


HEADS = {
    "inside the log": ("<log>", "</log>"),
    "after attributes": ('<?xml version="1.0"?><!-- <trace> --><log xmlns="x"><string key="a" value="b>"/>', "</log>"),
    "inside an attribute of the log": ('<log a="', '"></log>'),
    "inside a value": ('<log><string key="', '" value="x"/></log>'),
    "inside a value after a mark that ends tags": ('<log><string key="a>', '" value="x"/></log>'),
    "inside another element": ("<log><foo>", "</foo></log>"),
    "inside a global": ('<log><global scope="event">', "</global></log>"),
    "before the log": ("", "<log></log>"),
    "inside a comment": ("<log><!--", "--></log>"),
    "inside an instruction": ("<log><?x ", "?></log>"),
    "inside characters": ("<log><![CDATA[", "]]></log>"),
    "inside another root": ("<foo>", "</foo>"),
    "after the log": ("<log></log>", ""),
}


@pytest.mark.parametrize("name", HEADS)
def test_wherever_traces_stand_they_are_what_expat_reads(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.xes"
    path.write_text(trace(event()).join(HEADS[name]))

    def read() -> Any:
        try:
            return [_content(b) for b in batches(path, Document(path, LIMITS), LIMITS, silent)]
        except LogError as error:
            return str(error)

    fast = read()
    monkeypatch.setattr("loft.log.readers.xes_parse.plain", lambda piece: None)
    assert fast == read()
