import time
import tracemalloc

import pytest

from loft.decisions.dmn import xml
from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.errors import RuleError, TooLarge
from tests.decisions.dmn.building import SPACE, decision, dmn, given, literal, table

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l9;</d>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, '<!DOCTYPE d SYSTEM "http://example.org/d.dtd"><d/>'])
def test_a_doctype_is_refused_whatever_it_says(text: str) -> None:
    with pytest.raises(RuleError, match="bomb.dmn: line 1 has a DOCTYPE"):
        xml.parse(text, file="bomb.dmn")


def test_elements_that_are_too_deep_are_refused_wherever_they_stand() -> None:
    for inside in ("a", "DMNDI"):
        deep = f"<{inside}>" + "<b>" * 10_000 + "</b>" * 10_000 + f"</{inside}>"
        with pytest.raises(TooLarge, match="200 elements inside each other"):
            xml.parse(f"<d>{deep}</d>")


def test_a_name_of_a_megabyte_is_refused_at_once() -> None:
    name = "n" * 1_000_000
    started = time.perf_counter()
    for text in (f'<d name="{name}"/>', f"<{name}/>", f'<d {name}="1"/>', f'<d id="{name}"/>', f'<d href="{name}"/>'):
        with pytest.raises(TooLarge, match="longer than 1,000"):
            xml.parse(text)
    assert time.perf_counter() - started < 2


def test_a_text_past_twenty_megabytes_is_refused_unread() -> None:
    with pytest.raises(TooLarge, match="20 MB"):
        xml.parse(b"<d>" + b" " * 20_000_000 + b"</d>")


def test_more_elements_than_the_bound_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MOST_ELEMENTS", 1_000)
    with pytest.raises(TooLarge, match="more than 1,000 elements"):
        xml.parse("<d>" + "<a/>" * 1_001 + "</d>")


@pytest.mark.parametrize(
    "text", ["", "<d>", "<d></e>", "no", "<d>\x01</d>", "<d>&what;</d>", b"\xff\xfe\x00", "<d/><d/>"]
)
def test_what_is_not_xml_is_told_with_its_line(text: str | bytes) -> None:
    with pytest.raises(RuleError, match="line 1 is not well-formed XML"):
        xml.parse(text)


def test_lines_texts_and_namespaces_are_kept() -> None:
    root = xml.parse(f'<d xmlns="{SPACE}" xmlns:o="urn:o">\n<a o:x="1" y=" 2 "> t <o:b/></a></d>').root
    first = root.first("a")
    assert first is not None
    assert (first.line, first.get("y"), first.attributes["{urn:o}x"], first.text) == (2, "2", "1", " t ")
    assert list(first.all("b")) == [], "an element of another namespace is not ours"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_other_encodings_are_read_as_they_say(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><d name="Løft"/>'
    assert xml.parse(text.encode(encoding)).root.get("name") == "Løft"


def test_a_hundred_thousand_rows_are_refused_with_a_bound_on_time_and_memory() -> None:
    rows = "\n".join(f"{n} | {n}" for n in range(100_000))
    text = dmn(given("a") + decision("d", table("a", "x", rows), requires="a"))
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(TooLarge, match=r"decision “d”: the table has more than 10,000 rows"):
        read_dmn_text(text, file="rule.dmn")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.perf_counter() - started < 10
    assert peak < 200_000_000


def test_ten_thousand_brackets_are_an_error_with_their_place() -> None:
    text = dmn(decision("d", literal("(" * 10_000 + "1" + ")" * 10_000)))
    with pytest.raises(RuleError, match="rule.dmn, decision “d”"):
        read_dmn_text(text, file="rule.dmn")
