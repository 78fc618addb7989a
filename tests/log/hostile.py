"""Files that are broken, or made to break the program that reads them: name → (suffix, content, what becomes of it).

``"refused"``: a ``LogError``. ``"read"``: events come out. ``"either"``: both would do, nothing else would.
"""

import gzip
import io
import json
import sqlite3
import struct
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FILES: dict[str, tuple[str, bytes, str]] = {}


def _add(suffix: str, outcome: str, **files: bytes | str) -> None:
    for name, content in files.items():
        assert name not in FILES, name
        FILES[name] = (suffix, content.encode() if isinstance(content, str) else content, outcome)


def xes(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f"{head}<log>{body}</log>"


def trace(*events: str, name: str = "A") -> str:
    return f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'


def event(activity: str = "a", at: str = "2026-01-01T08:00:00Z", more: str = "") -> str:
    return (
        f'<event><string key="concept:name" value="{activity}"/><date key="time:timestamp" value="{at}"/>{more}</event>'
    )


GOOD = trace(event(), event("b", "2026-01-02T08:00:00Z"))
LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY lol 'lol'>"
    + "".join(f"<!ENTITY lol{n} '{f'&lol{n - 1 if n > 1 else str()};' * 10}'>" for n in range(1, 10))
    + "]>"
)


def packed_bomb(text: bytes, times: int) -> bytes:
    """*text* packed, then *times* repetitions of a packed megabyte of blanks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(text) + b"".join(packer.compress(b" " * 1_000_000) for _ in range(times)) + packer.flush()


_add(
    ".xes",
    "refused",
    billion_laughs=f"<?xml version='1.0'?>{LAUGHS}<log>{trace(event('&lol9;'))}</log>",
    quadratic_blowup=f"<!DOCTYPE l [<!ENTITY a '{'x' * 50_000}'>]><log>{trace(*[event('&a;' * 20)] * 20)}</log>",
    doctype_plain=f"<!DOCTYPE log><log>{GOOD}</log>",
    doctype_after_comment=f"<!-- a --><!DOCTYPE log><log>{GOOD}</log>",
    doctype_external_file=f"<!DOCTYPE log SYSTEM 'file:///etc/passwd'><log>{GOOD}</log>",
    doctype_external_net=f"<!DOCTYPE log PUBLIC 'x' 'http://127.0.0.1:9/x.dtd'><log>{GOOD}</log>",
    doctype_external_entity=f"<!DOCTYPE log [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><log>{trace(event('&x;'))}</log>",
    doctype_parameter_entity="<!DOCTYPE log [<!ENTITY % x SYSTEM 'file:///dev/zero'> %x;]><log/>",
    doctype_default_attribute=f"<!DOCTYPE log [<!ATTLIST string value CDATA 'x'>]><log>{GOOD}</log>",
    doctype_utf16=f"<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE log><log>{GOOD}</log>".encode("utf-16"),
    doctype_in_small_letters=f"<!doctype log><log>{GOOD}</log>",
    doctype_packed=gzip.compress(f"<!DOCTYPE log><log>{GOOD}</log>".encode()),
    entity_unknown=xes(trace(event("&nbsp;"))),
    entity_unclosed=xes(trace(event("&amp"))),
    reference_to_nul=xes(trace(event("&#0;"))),
    reference_too_high=xes(trace(event("&#x110000;"))),
    nesting_deep_attributes=xes(trace(event(more="<string key='a' value='b'>" * 5_000 + "</string>" * 5_000))),
    nesting_deep_elements="<log>" + "<trace>" * 100_000,
    xml_empty_log="<log></log>",
    xml_empty_log_self_closed="<log/>",
    xml_log_without_traces=xes("<string key='a' value='b'/>"),
    xml_traces_without_events=xes("<trace></trace>" * 100),
    xml_other_root="<html><body>no</body></html>",
    xml_two_roots=xes(GOOD) + xes(GOOD),
    xml_no_end=xes(GOOD)[:-6],
    xml_ends_in_tag=xes(GOOD)[:-40],
    xml_wrong_end=xes(GOOD).replace("</event>", "</evnt>", 1),
    xml_crossed_tags="<log><trace><event></trace></event></log>",
    xml_rubbish_after=xes(GOOD) + "rubbish",
    xml_second_declaration=xes('<?xml version="1.0"?>' + GOOD),
    xml_version_2='<?xml version="2.0"?><log/>',
    xml_attribute_twice=xes(trace("<event><string key='a' key='b' value='c'/></event>")),
    xml_attribute_without_quotes=xes(trace("<event><string key=a value=b/></event>")),
    xml_attribute_without_key=xes(trace('<event><string value="a"/></event>')),
    xml_less_than_in_value=xes(trace(event("a<b"))),
    xml_only_declaration='<?xml version="1.0"?>',
    xml_only_comment="<!-- nothing -->",
    xml_comment_open=xes(GOOD + "<!-- " + GOOD),
    xml_cdata_open=xes(GOOD + "<![CDATA[ " + GOOD),
    xml_control_character=xes(trace(event("a\x01b"))),
    xml_nul_in_value=xes(trace(event("a\x00b"))),
    xml_nul_at_end=xes(GOOD) + "\x00" * 10,
    xml_noncharacter=xes(trace(event("\uffff"))),
    xml_bad_utf8=xes(trace(event("æ"))).encode().replace("æ".encode(), b"\xff\xfe"),
    xml_overlong_utf8=xes(trace(event("æ"))).encode().replace("æ".encode(), b"\xc0\xaf"),
    xml_surrogate_utf8=xes(trace(event("æ"))).encode().replace("æ".encode(), b"\xed\xa0\x80"),
    xml_encoding_unknown=xes(GOOD, '<?xml version="1.0" encoding="klingon"?>'),
    xml_encoding_multibyte=xes(GOOD, '<?xml version="1.0" encoding="shift_jis"?>'),
    xml_encoding_not_of_text=xes(GOOD, '<?xml version="1.0" encoding="rot13"?>'),
    xml_encoding_lies_utf16=xes(GOOD, '<?xml version="1.0" encoding="UTF-16"?>'),
    xml_utf16_without_mark=xes(GOOD).encode("utf-32"),
    xes_event_outside_trace=xes(event()),
    xes_trace_in_trace=xes("<trace><trace>" + event() + "</trace></trace>"),
    xes_no_time=xes(trace('<event><string key="concept:name" value="a"/></event>')),
    xes_no_activity=xes(trace('<event><date key="time:timestamp" value="2026-01-01T08:00:00Z"/></event>')),
    xes_time_is_word=xes(trace(event(at="yesterday"))),
    xes_time_is_epoch=xes(trace(event(at="epoch"))),
    xes_time_is_infinity=xes(trace(event(at="infinity"))),
    xes_time_is_empty=xes(trace(event(at=""))),
    xes_time_30_february=xes(trace(event(at="2026-02-30T08:00:00Z"))),
    xes_time_year_1=xes(trace(event(at="0001-01-01T00:00:00Z"))),
    xes_time_year_9999=xes(trace(event(at="9999-12-31T23:59:59Z"))),
    xes_time_year_huge=xes(trace(event(at="999999999-01-01T00:00:00Z"))),
    xes_time_negative=xes(trace(event(at="-2026-01-01T00:00:00Z"))),
    xes_time_zone_huge=xes(trace(event(at="2026-01-01T00:00:00+99:99"))),
    xes_time_is_number=xes(trace(event(at="1767254400"))),
    xes_many_columns=xes(
        trace(event(more="".join(f'<string key="k{n}" value=""/>' for n in range(900))))
        + trace(event(more="".join(f'<string key="m{n}" value=""/>' for n in range(900))))
        + trace(event(more="".join(f'<string key="n{n}" value=""/>' for n in range(900))))
    ),
    xes_many_attributes=xes(trace(event(more="".join(f'<string key="k{n % 7}" value=""/>' for n in range(5_000))))),
    xes_field_huge=xes(trace(event(more=f'<string key="a" value="{"x" * 2_000_000}"/>'))),
    xes_key_huge=xes(trace(event(more=f'<string key="{"k" * 2_000_000}" value="x"/>'))),
)
_add(
    ".xes",
    "read",
    xes_good=xes(GOOD),
    xes_good_with_mark="\ufeff" + xes(GOOD),
    xes_good_utf16=xes(GOOD, '<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"),
    xes_good_latin1=xes(trace(event("søknad")), '<?xml version="1.0" encoding="ISO-8859-1"?>').encode("latin-1"),
    xes_good_windows=xes(trace(event("søknad")), '<?xml version="1.0" encoding="windows-1252"?>').encode("cp1252"),
    xes_comment_like_trace=xes(GOOD + f"<!-- {trace(event('not this'))} -->" + GOOD),
    xes_cdata_like_trace=xes(GOOD + f"<![CDATA[ {trace(event('not this'))} ]]>" + GOOD),
    xes_instruction_like_trace=xes(GOOD + f"<?x {trace(event('not this'))} ?>" + GOOD),
    xes_names_differ_in_case=xes(
        trace(event(more='<string key="Cost" value="1"/><string key="cost" value="2"/><string key="COST" value="3"/>'))
    ),
    xes_names_of_sql=xes(trace(event(more='<string key="x&quot;; DROP TABLE staged_1; --" value="1"/>'))),
    xes_names_like_ours=xes(
        trace(event(more='<string key="case" value="1"/><string key="seq" value="2"/><string key="at" value="3"/>'))
    ),
    xes_key_empty=xes(trace(event(more='<string key="" value="1"/>'))),
    xes_int_that_is_none=xes(trace(event(more='<int key="n" value="many"/>'))),
    xes_int_too_big=xes(trace(event(more=f'<int key="n" value="{"9" * 400}"/>'))),
    xes_trace_unnamed=xes(f"<trace>{event()}</trace>"),
    xes_unknown_elements=xes(f"<foo><event/><trace>{event()}</trace></foo>" + GOOD),
    xes_nine_digits=xes(trace(event(at="2026-01-01T08:00:00.123456789+01:00"))),
)
FILES["xes_text_latin1_called_utf8"] = (".xes", xes(trace(event("søknad"))).encode("latin-1"), "refused")
FILES["xes_token_without_end"] = (".xes", f'<log><trace><string key="{"k" * 25_000_000}'.encode(), "refused")
FILES["xes_comment_without_end"] = (".xes", b"<log><trace><!-- " + b"x" * 25_000_000, "refused")
FILES["xes_root_with_many_attributes"] = (
    ".xes",
    f"<log {' '.join(f'a{n}=_' for n in range(100_000))}>{GOOD}</log>".replace("_", "''").encode(),
    "either",
)

good_gzip = gzip.compress(xes(GOOD).encode())
_add(
    ".xes.gz",
    "refused",
    gzip_truncated=good_gzip[:-12],
    gzip_only_head=good_gzip[:10],
    gzip_two_bytes=b"\x1f\x8b",
    gzip_wrong_checksum=good_gzip[:-8] + b"\0\0\0\0" + good_gzip[-4:],
    gzip_bit_flipped=good_gzip[:30] + bytes([good_gzip[30] ^ 0xFF]) + good_gzip[31:],
    gzip_rubbish_after=good_gzip + b"rubbish",
    gzip_bomb_of_blanks=packed_bomb(b"<log>", 60),
    gzip_bomb_in_value=packed_bomb(b"<log><trace><string key='", 60),
    gzip_bomb_of_csv=packed_bomb(b"case,activity,at\n", 60),
    gzip_in_gzip=gzip.compress(good_gzip),
    gzip_of_nothing=gzip.compress(b""),
)
_add(
    ".xes.gz",
    "read",
    gzip_two_members=gzip.compress(xes(GOOD)[:50].encode()) + gzip.compress(xes(GOOD)[50:].encode()),
    gzip_zeros_after=good_gzip + b"\0" * 100,
    gzip_called_plain=good_gzip,
)

HEAD = "case,activity,at\n"
ROWS = "A,a,2026-01-01T08:00:00Z\nA,b,2026-01-02T08:00:00Z\n"
_add(
    ".csv",
    "refused",
    csv_only_heads=HEAD,
    csv_only_blank_lines="\n\n\n",
    csv_no_heads="A,a,2026-01-01T08:00:00Z\nA,b,2026-01-02T08:00:00Z\n",
    csv_no_time="case,activity\nA,a\nA,b\n",
    csv_no_case_at_all="at\n2026-01-01T08:00:00Z\n",
    csv_too_few_values=HEAD + ROWS + "A,a\n",
    csv_too_many_values=HEAD + ROWS + "A,a,2026-01-01T08:00:00Z,more\n",
    csv_quote_open=HEAD + ROWS + '"A,a,2026-01-01T08:00:00Z\n' * 3,
    csv_quote_inside=HEAD + ROWS + '"A"x,a,2026-01-01T08:00:00Z\n',
    csv_time_is_word=HEAD + ROWS + "A,a,yesterday\n",
    csv_time_30_february=HEAD + ROWS * 10 + "A,a,2026-02-30T08:00:00Z\n",
    csv_time_in_the_year_0=HEAD + ROWS * 10 + "A,a,0000-01-01T08:00:00Z\n",
    csv_time_missing=HEAD + ROWS + "A,a,\n",
    csv_case_missing=HEAD + ROWS + ",a,2026-01-01T08:00:00Z\n",
    csv_case_blank=HEAD + ROWS + "   ,a,2026-01-01T08:00:00Z\n",
    csv_activity_missing=HEAD + ROWS + 'A,"",2026-01-01T08:00:00Z\n',
    csv_field_huge=HEAD + f"A,{'x' * 5_000_000},2026-01-01T08:00:00Z\n",
    csv_head_huge="x" * 5_000_000 + "\n",
    csv_heads_too_many=",".join(f"c{n}" for n in range(3_000)) + "\n" + ROWS,
    csv_binary=bytes(range(256)) * 50,
    csv_zeros=b"\0" * 10_000,
    csv_one_byte=b"x",
    csv_only_mark=b"\xef\xbb\xbf",
    csv_half_utf16=(HEAD + ROWS).encode("utf-16")[:-1],
    csv_image=b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    csv_spreadsheet=b"PK\x03\x04" + b"\0" * 100,
    csv_pdf=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n",
)
_add(
    ".csv",
    "read",
    csv_good=HEAD + ROWS,
    csv_good_with_mark="\ufeff" + HEAD + ROWS,
    csv_good_utf16=(HEAD + ROWS).encode("utf-16"),
    csv_good_windows=(HEAD + ROWS).replace(",a,", ",søknad,").encode("cp1252"),
    csv_good_packed=gzip.compress((HEAD + ROWS).encode()),
    csv_good_crlf=(HEAD + ROWS).replace("\n", "\r\n"),
    csv_good_semicolon=(HEAD + ROWS).replace(",", ";"),
    csv_good_tab=(HEAD + ROWS).replace(",", "\t"),
    csv_no_last_newline=(HEAD + ROWS).rstrip(),
    csv_heads_twice="case,activity,at,note,note,NOTE\nA,a,2026-01-01T08:00:00Z,1,2,3\n",
    csv_heads_blank="case,activity,at,,\nA,a,2026-01-01T08:00:00Z,1,2\n",
    csv_heads_of_sql='case,activity,at,"x""; DROP TABLE y; --"\nA,a,2026-01-01T08:00:00Z,1\n',
    csv_formula="case,activity,at,note\nA,a,2026-01-01T08:00:00Z,\"=cmd|' /C calc'!A0\"\n",
    csv_newline_in_value='case,activity,at,note\nA,a,2026-01-01T08:00:00Z,"one\ntwo"\n',
    csv_blank_lines_between=HEAD + "A,a,2026-01-01T08:00:00Z\n\n\nA,b,2026-01-02T08:00:00Z\n",
)
_add(
    ".csv",
    "either",
    csv_nul_in_value=HEAD + ROWS + "A,a\x00b,2026-01-01T08:00:00Z\n",
    csv_lone_returns=(HEAD + ROWS).replace("\n", "\r"),
)


def cloud(**more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "1",
        "source": "s",
        "type": "a",
        "subject": "A",
        "time": "2026-01-01T08:00:00Z",
        **more,
    }


def cloud_without(name: str) -> str:
    return json.dumps({k: v for k, v in cloud().items() if k != name})


_add(
    ".json",
    "refused",
    json_cut=json.dumps([cloud()])[:-5],
    json_open_brackets="[" * 200_000,
    json_open_braces='{"specversion":' * 100_000,
    json_deep_data='[{"specversion":"1.0","id":"1","source":"s","type":"a","subject":"A","time":"2026-01-01T08:00:00Z","data":'
    + '{"a":' * 500
    + "1"
    + "}" * 500
    + "}]",
    json_deeper_data='[{"specversion":"1.0","data":' + "[" * 100_000 + "]" * 100_000 + "}]",
    json_nan=json.dumps([cloud(data={"x": float("nan")})]),
    json_infinity=json.dumps([cloud(data=float("inf"))]),
    json_key_twice='{"specversion":"1.0","id":"1","id":"2","source":"s","type":"a","subject":"A","time":"2026-01-01T08:00:00Z"}',
    json_number_huge='{"specversion":"1.0","id":"1","source":"s","type":"a","subject":"A","time":"2026-01-01T08:00:00Z","data":'
    + "9" * 10_000
    + "}",
    json_comment="// no\n" + json.dumps(cloud()),
    json_two_values=json.dumps([cloud()]) + json.dumps([cloud()]),
    json_just_a_number='"specversion": 1',
    json_null_list='{"specversion":null}',
    json_empty_list="[]",
    json_empty_object="{}",
    json_list_of_numbers="[1, 2, 3]",
    json_list_of_lists="[[[]]]",
    json_bad_utf8=json.dumps([cloud()]).encode().replace(b'"A"', b'"\xff"'),
    json_lone_surrogate=json.dumps([cloud(subject="x")]).replace('"x"', '"\\ud800"'),
    json_trailing_comma=json.dumps([cloud()])[:-1] + ",]",
    cloud_no_id=cloud_without("id"),
    cloud_no_source=cloud_without("source"),
    cloud_no_type=cloud_without("type"),
    cloud_no_specversion=json.dumps([{"id": "1", "source": "s", "type": "a"}]),
    cloud_no_subject=cloud_without("subject"),
    cloud_no_time=cloud_without("time"),
    cloud_version_03=json.dumps(cloud(specversion="0.3")),
    cloud_id_number=json.dumps(cloud(id=1)),
    cloud_type_list=json.dumps(cloud(type=["a"])),
    cloud_time_number=json.dumps(cloud(time=1767254400)),
    cloud_time_word=json.dumps(cloud(time="now")),
    cloud_subject_object=json.dumps(cloud(subject={"a": 1})),
    cloud_data_wide=json.dumps(cloud(data={f"k{n}": n for n in range(5_000)})),
    cloud_value_huge=json.dumps(cloud(data={"k": "x" * 2_000_000})),
    cloud_line_broken=json.dumps(cloud()) + "\n" + json.dumps(cloud(id="2"))[:-3] + "\n" + json.dumps(cloud(id="3")),
)
_add(
    ".json",
    "read",
    cloud_good=json.dumps(cloud()),
    cloud_good_batch=json.dumps([cloud(), cloud(id="2", type="b")]),
    cloud_good_lines="\n".join(json.dumps(cloud(id=str(n))) for n in range(5)),
    cloud_good_utf16=json.dumps(cloud()).encode("utf-16"),
    cloud_good_with_mark=b"\xef\xbb\xbf" + json.dumps([cloud()]).encode(),
    cloud_data_of_every_kind=json.dumps(
        [cloud(data={"a": [1, {"b": 2}], "c": None, "d": True, "e": 1.5, "f": 10**25}), cloud(id="2", data="text")]
    ),
)


def ocel(**more: Any) -> dict[str, Any]:
    return {
        "objectTypes": [{"name": "case", "attributes": []}],
        "eventTypes": [{"name": "a", "attributes": []}],
        "objects": [{"id": "A", "type": "case"}],
        "events": [
            {
                "id": "1",
                "type": "a",
                "time": "2026-01-01T08:00:00Z",
                "relationships": [{"objectId": "A", "qualifier": ""}],
            }
        ],
        **more,
    }


_EVENT = ocel()["events"][0]
_add(
    ".jsonocel",
    "refused",
    ocel_events_text=json.dumps(ocel(events="none")),
    ocel_events_missing=json.dumps({k: v for k, v in ocel().items() if k != "events"}),
    ocel_events_empty=json.dumps(ocel(events=[])),
    ocel_event_number=json.dumps(ocel(events=[1])),
    ocel_event_time_number=json.dumps(ocel(events=[{**_EVENT, "time": 5}])),
    ocel_event_time_word=json.dumps(ocel(events=[{**_EVENT, "time": "noon"}])),
    ocel_event_type_list=json.dumps(ocel(events=[{**_EVENT, "type": []}])),
    ocel_event_unrelated=json.dumps(ocel(events=[{**_EVENT, "relationships": []}])),
    ocel_event_of_nobody=json.dumps(ocel(events=[{**_EVENT, "relationships": [{"objectId": "B"}]}])),
    ocel_relation_text=json.dumps(ocel(events=[{**_EVENT, "relationships": ["A"]}])),
    ocel_object_twice=json.dumps(ocel(objects=[{"id": "A", "type": "case"}] * 2)),
    ocel_object_without_type=json.dumps(ocel(objects=[{"id": "A"}])),
    ocel_object_id_number=json.dumps(ocel(objects=[{"id": 1, "type": "case"}])),
    ocel_objects_object=json.dumps(ocel(objects={"A": "case"})),
    ocel_types_number=json.dumps(ocel(eventTypes=7)),
    ocel_1_events_list=json.dumps({"ocel:events": [], "ocel:objects": {}}),
    ocel_1_object_text=json.dumps({"ocel:events": {}, "ocel:objects": {"A": "case"}}),
    ocel_value_nested_101_times=json.dumps(
        ocel(events=[{**_EVENT, "attributes": [{"name": "x", "value": "HERE"}]}])
    ).replace('"HERE"', "[" * 101 + "]" * 101),
    ocel_deep_value=json.dumps(ocel(events=[{**_EVENT, "attributes": [{"name": "x", "value": "HERE"}]}])).replace(
        '"HERE"', "[" * 50_000 + "]" * 50_000
    ),
)
_add(
    ".jsonocel",
    "read",
    ocel_good=json.dumps(ocel()),
    ocel_same_case_twice=json.dumps(ocel(events=[{**_EVENT, "relationships": [{"objectId": "A"}, {"objectId": "A"}]}])),
    ocel_value_nested=json.dumps(ocel(events=[{**_EVENT, "attributes": [{"name": "x", "value": {"a": [1]}}]}])),
)
OCEL_XML = (
    "<log><object-types><object-type name='case'/></object-types><event-types/>"
    "<events><event id='1' type='a' time='2026-01-01T08:00:00Z'>"
    "<objects><relationship object-id='A' qualifier=''/></objects></event></events>"
    "<objects><object id='A' type='case'/></objects></log>"
)
_add(
    ".xml",
    "refused",
    ocel_xml_doctype="<!DOCTYPE log>" + OCEL_XML,
    ocel_xml_laughs=LAUGHS + OCEL_XML,
    ocel_xml_cut=OCEL_XML[:-20],
    ocel_xml_no_object_id=OCEL_XML.replace("object-id='A'", ""),
    ocel_xml_object_twice=OCEL_XML.replace("<object id='A' type='case'/>", "<object id='A' type='case'/>" * 2),
    ocel_xml_deep=OCEL_XML.replace("<objects><object ", "<objects>" * 500 + "<object "),
    ocel_xml_no_time=OCEL_XML.replace("time=", "when="),
)
_add(".xml", "read", ocel_xml_good=OCEL_XML)


def _sqlite(*statements: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite"
        database = sqlite3.connect(path)
        for statement in statements:
            database.executescript(statement)
        database.commit()
        database.close()
        return path.read_bytes()


_TABLES = (
    "CREATE TABLE event_map_type (ocel_type, ocel_type_map); INSERT INTO event_map_type VALUES ('a', 'a');"
    "CREATE TABLE object_map_type (ocel_type, ocel_type_map); INSERT INTO object_map_type VALUES ('case', 'case');"
    "CREATE TABLE object (ocel_id, ocel_type); INSERT INTO object VALUES ('A', 'case');"
    "CREATE TABLE event_object (ocel_event_id, ocel_object_id, ocel_qualifier); INSERT INTO event_object VALUES ('1', 'A', '');"
    "CREATE TABLE object_case (ocel_id, ocel_time); INSERT INTO object_case VALUES ('A', '1970-01-01 00:00:00');"
    "CREATE TABLE event_a (ocel_id, ocel_time); INSERT INTO event_a VALUES ('1', '2026-01-01 08:00:00');"
)
_EVENTS = "CREATE TABLE event (ocel_id, ocel_type); INSERT INTO event VALUES ('1', 'a');"
_ENDLESS = (
    "CREATE VIEW event AS WITH RECURSIVE n(ocel_id, ocel_type) AS "
    "(SELECT 1, 'a' UNION ALL SELECT ocel_id + 1, 'a' FROM n) SELECT * FROM n;"
)
good_sqlite = _sqlite(_TABLES, _EVENTS)
_add(
    ".sqlite",
    "refused",
    sqlite_cut=good_sqlite[:6_000],
    sqlite_only_head=good_sqlite[:100],
    sqlite_sixteen_bytes=b"SQLite format 3\0",
    sqlite_no_tables=_sqlite("CREATE TABLE x (y)"),
    sqlite_one_table_missing=_sqlite(_TABLES),
    sqlite_column_missing=_sqlite(_TABLES, "CREATE TABLE event (ocel_id)"),
    sqlite_endless_view=_sqlite(_TABLES, _ENDLESS),
    sqlite_map_to_nowhere=_sqlite(_TABLES.replace("('a', 'a')", "('a', 'b')"), _EVENTS),
    sqlite_map_of_sql=_sqlite(_TABLES.replace("('a', 'a')", "('a', 'a\"; DROP TABLE event; --')"), _EVENTS),
    sqlite_time_word=_sqlite(_TABLES.replace("2026-01-01 08:00:00", "noon"), _EVENTS),
    sqlite_time_blob=_sqlite(_TABLES.replace("'2026-01-01 08:00:00'", "x'00ff'"), _EVENTS),
    sqlite_text_not_utf8=_sqlite(_TABLES, _EVENTS, "UPDATE event SET ocel_type = CAST(x'ff41' AS TEXT)"),
    sqlite_value_huge=_sqlite(
        _TABLES, _EVENTS, "ALTER TABLE event_a ADD COLUMN x; UPDATE event_a SET x = hex(zeroblob(1500000))"
    ),
)
FILES["sqlite_pages_scrambled"] = (
    ".sqlite",
    good_sqlite[:4096] + bytes(b ^ 0x55 for b in good_sqlite[4096:]),
    "refused",
)
_add(".sqlite", "read", sqlite_good=good_sqlite)


def _parquet(table: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


_AT = pa.array([0, 1], pa.timestamp("us"))
_good = pa.table(
    {
        "case": ["A", "A"],
        "activity": ["a", "b"],
        "at": pa.array([1767254400000000, 1767254400000001], pa.timestamp("us")),
    }
)
good_parquet = _parquet(_good)


def _parquet_bomb() -> bytes:
    """Forty million equal rows in some thousand bytes: each row group says a value once, and how often it comes."""
    rows = 1_000_000
    same = pa.table(
        {
            "case": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), ["A"]),
            "activity": pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), ["a"]),
            "at": pa.array(np.zeros(rows, np.int64), pa.timestamp("us")),
        }
    )
    out = io.BytesIO()
    with pq.ParquetWriter(out, same.schema, compression="zstd") as writer:
        for _ in range(40):
            writer.write_table(same, row_group_size=rows)
    return out.getvalue()


_add(
    ".parquet",
    "refused",
    parquet_only_magic=b"PAR1",
    parquet_magic_twice=b"PAR1" * 3,
    parquet_cut=good_parquet[:-20],
    parquet_footer_length_wrong=good_parquet[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
    parquet_footer_scrambled=good_parquet[:-100] + bytes(b ^ 0x55 for b in good_parquet[-100:-8]) + good_parquet[-8:],
    parquet_encrypted_magic=b"PARE" + good_parquet[4:-4] + b"PARE",
    parquet_no_rows=_parquet(_good.slice(0, 0)),
    parquet_no_columns=_parquet(pa.table({})),
    parquet_time_missing=_parquet(_good.drop_columns("at")),
    parquet_time_null=_parquet(_good.set_column(2, "at", pa.array([None, 0], pa.timestamp("us")))),
    parquet_time_all_null=_parquet(_good.set_column(2, "at", pa.array([None, None], pa.timestamp("us")))),
    parquet_time_far=_parquet(_good.set_column(2, "at", pa.array([2**62, 0], pa.timestamp("us")))),
    parquet_time_number=_parquet(_good.set_column(2, "at", pa.array([1, 2]))),
    parquet_time_list=_parquet(_good.set_column(2, "at", pa.array([[1], [2]]))),
    parquet_case_null=_parquet(_good.set_column(0, "case", pa.array([None, "A"]))),
    parquet_case_blank=_parquet(_good.set_column(0, "case", pa.array([" ", "A"]))),
    parquet_columns_many=_parquet(pa.table({f"c{n}": [1] for n in range(2_500)})),
    parquet_bomb_of_equal_rows=_parquet_bomb(),
)
FILES["parquet_pages_scrambled"] = (
    ".parquet",
    good_parquet[:4] + bytes(b ^ 0x55 for b in good_parquet[4:150]) + good_parquet[150:],
    "either",
)
_add(
    ".parquet",
    "read",
    parquet_good=good_parquet,
    parquet_case_number=_parquet(_good.set_column(0, "case", pa.array([1, 2]))),
    parquet_nested_attribute=_parquet(
        _good.append_column("x", pa.array([{"a": [1]}, None])).append_column("y", pa.array([[1], []]))
    ),
    parquet_names_differ_in_case=_parquet(_good.append_column("Note", pa.array([1, 2]))),
    parquet_odd_types=_parquet(
        _good.append_column("x", pa.array([1, 2], pa.time64("us")))
        .append_column("y", pa.array([b"\x00\xff", None]))
        .append_column("z", pa.array([2**63, 1], pa.uint64()))
    ),
)
