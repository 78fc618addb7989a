"""OCEL 2.0 in its three forms, and OCEL 1.0, with the standard's own example."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from loft.log.errors import LogError
from loft.log.mapping import propose
from tests.log.hostile import ocel
from tests.log.reading import read, write


def _mapped(path: Path, object_type: str) -> Any:
    return read(path, propose(path).mapping.but(object_type=object_type))


def test_the_example_of_the_standard(shared_data: Path) -> None:
    found = _mapped(shared_data / "logs" / "ocel20_example.jsonocel", "Purchase Order")
    assert [(e["case"], e["activity"], e["id"]) for e in found.events] == [
        ("PO1", "Create Purchase Order", "e3"),
        ("PO1", "Change PO Quantity", "e4"),
        ("PO1", "Insert Invoice", "e5"),
        ("PO1", "Insert Invoice", "e6"),
        ("PO2", "Create Purchase Order", "e10"),
    ]
    assert found.events[0]["at"] == datetime(2022, 1, 10, 8, 15)
    assert found.events[0]["event:po_creator"] == "Mike"
    assert found.events[2]["event:ocel:type:Invoice"] == "R1"
    assert found.cases == [
        {"case": "PO1", "case:po_product": "Cows", "case:po_quantity": "500"},
        {"case": "PO2", "case:po_product": "Notebooks", "case:po_quantity": "1"},
    ]
    assert "8 events are related to no 'Purchase Order' and are left out." in found.notes


def test_an_object_type_is_proposed_with_its_reason(shared_data: Path) -> None:
    proposal = propose(shared_data / "logs" / "ocel20_example.jsonocel")
    assert proposal.mapping.object_type == "Invoice"
    assert proposal.reasons["object_type"].startswith("9 of 13 events are related to exactly one object")


def test_json_sqlite_and_xml_give_the_same_events(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "logs" / "ocel20_example.jsonocel"
    xml = write(tmp_path, "example.xml", _as_xml(json.loads(path.read_text())))
    for kind in ("Invoice", "Purchase Order", "Payment", "Purchase Requisition"):
        one = _mapped(path, kind)
        two = _mapped(xml, kind)
        three = _mapped(shared_data / "logs" / "ocel20_example.sqlite", kind)
        keys = sorted(set(one.columns) - {"seq", "source", "at"})
        for other in (two, three):
            assert [{k: e[k] for k in keys} for e in _sorted(other)] == [{k: e[k] for k in keys} for e in _sorted(one)]
            assert other.cases == one.cases
        assert [e["at"] for e in _sorted(two)] == [e["at"] for e in _sorted(one)]


def test_times_of_sqlite_have_no_zone_and_one_can_be_said(shared_data: Path) -> None:
    path = shared_data / "logs" / "ocel20_example.sqlite"
    mapping = propose(path).mapping
    first = min(
        e["at"] for e in read(path, mapping.but(time_zone="Europe/Rome", object_type="Purchase Requisition")).events
    )
    assert first == datetime(2022, 1, 9, 14)


def test_the_file_is_not_touched_when_sqlite_is_read(shared_data: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "x.sqlite", (shared_data / "logs" / "ocel20_example.sqlite").read_bytes())
    path.chmod(0o444)
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["x.sqlite"]


def test_ocel_1_is_read_too(shared_data: Path) -> None:
    found = read(shared_data / "logs" / "recruiting-red.jsonocel")
    assert len(found.events) == 6_607
    assert len({e["case"] for e in found.events}) == len(found.cases) == 916
    assert any("OCEL 1.0" in note for note in found.notes)


def test_an_event_of_several_cases_appears_once_for_each(tmp_path: Path) -> None:
    content = ocel(
        objects=[{"id": n, "type": "case"} for n in "AB"],
        events=[
            {
                "id": "1",
                "type": "a",
                "time": "2026-01-01T08:00:00Z",
                "relationships": [{"objectId": "A"}, {"objectId": "B"}],
            }
        ],
    )
    found = read(write(tmp_path, "x.jsonocel", json.dumps(content)))
    assert [(e["case"], e["id"]) for e in found.events] == [("A", "1@A"), ("B", "1@B")]


def test_case_attributes_have_the_first_value(tmp_path: Path) -> None:
    changes = [("2026-02-01T00:00:00Z", 2), ("2026-01-01T00:00:00Z", 1), ("2026-03-01T00:00:00Z", 3)]
    attributes = [{"name": "sum", "time": time, "value": value} for time, value in changes]
    found = read(
        write(tmp_path, "x.jsonocel", json.dumps(ocel(objects=[{"id": "A", "type": "case", "attributes": attributes}])))
    )
    assert found.cases == [{"case": "A", "case:sum": 1}]


def test_an_object_type_that_does_not_exist_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "x.jsonocel", json.dumps(ocel()))
    with pytest.raises(LogError, match=r"no object type 'Case'. Did you mean 'case'\? The types are case."):
        _mapped(path, "Case")


def _sorted(found: Any) -> list[dict[str, Any]]:
    return sorted(found.events, key=lambda e: (e["case"], int(e["id"].split("@")[0].lstrip("e"))))


def _as_xml(content: dict[str, Any]) -> str:
    """The JSON of OCEL 2.0 as its XML, for the comparison."""

    def attributes(found: list[dict[str, Any]]) -> str:
        timed = [(f" time={quoteattr(a['time'])}" if "time" in a else "", a) for a in found]
        return "".join(f"<attribute name={quoteattr(a['name'])}{time}>{a['value']}</attribute>" for time, a in timed)

    def related(found: list[dict[str, Any]]) -> str:
        return "".join(
            f"<relationship object-id={quoteattr(r['objectId'])} qualifier={quoteattr(r['qualifier'])}/>" for r in found
        )

    objects = "".join(
        f"<object id={quoteattr(o['id'])} type={quoteattr(o['type'])}><attributes>{attributes(o.get('attributes', []))}</attributes>"
        f"<objects>{related(o.get('relationships', []))}</objects></object>"
        for o in content["objects"]
    )
    events = "".join(
        f"<event id={quoteattr(e['id'])} type={quoteattr(e['type'])} time={quoteattr(e['time'])}>"
        f"<attributes>{attributes(e.get('attributes', []))}</attributes><objects>{related(e.get('relationships', []))}</objects></event>"
        for e in content["events"]
    )
    types = "".join(
        f"<object-type name={quoteattr(t['name'])}><attributes/></object-type>" for t in content["objectTypes"]
    )
    head = f"<?xml version='1.0'?><log><object-types>{types}</object-types><event-types/>"
    return f"{head}<objects>{objects}</objects><events>{events}</events></log>"
