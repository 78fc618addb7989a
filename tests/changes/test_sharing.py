"""Comments, files, links, and what is made public."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from loft.changes import actions
from loft.changes.content import type_of
from loft.changes.models import Change
from loft.changes.public import FIELDS, public, public_csv, public_json
from loft.value.errors import BadInput
from loft.value.verdicts import Word
from tests.changes.conftest import KARI, at, idea, judged

NOW: dict[str, Any] = {"actor": KARI, "now": at("2025-11-01")}


def office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return out.getvalue()


def torn() -> bytes:
    """An archive whose first part cannot be unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return out.getvalue().replace(out.getvalue()[38:50], b"\xff" * 12)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        ("Blåbær;2\n".encode(), "text/plain"),
        (office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, kind: str) -> None:
    assert type_of(content, "rapport.exe") == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"<html><script>alert(1)</script>",
        b"  \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf<!doctype html>",
        "Blåbær".encode("latin-1"),
        office("anything.txt"),
        office("word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04 damaged",
        torn(),
    ],
    ids=range(10),
)
def test_what_could_do_something_when_opened_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="rapport.pdf is of a kind that is not taken"):
        type_of(content, "rapport.pdf")


@pytest.mark.django_db
def test_a_file_is_kept_by_its_hash_and_its_name_leads_nowhere_else() -> None:
    change = idea()
    row = actions.attach(change, "../../etc/rapport.pdf", b"%PDF-1.7 x", **NOW)
    again = actions.attach(change, "kopi.pdf", b"%PDF-1.7 x", **NOW)
    assert (row.name, row.type, row.size) == ("rapport.pdf", "application/pdf", 10)
    assert row.sha256 == again.sha256
    path = actions.path_of(row.sha256)
    assert path.read_bytes() == b"%PDF-1.7 x"
    assert Path(settings.CONFIGURATION.attachments) in path.parents
    with pytest.raises(BadInput, match="no SHA-256"):
        actions.path_of("../" + "a" * 61)


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(settings, "CONFIGURATION", replace(settings.CONFIGURATION, attachment_limit=5))
    with pytest.raises(BadInput, match="larger than"):
        actions.attach(idea(), "rapport.pdf", b"%PDF-1.7", **NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "http://a b.no", "fjordvik.no"]
)
def test_only_addresses_on_the_web_are_links(url: str) -> None:
    with pytest.raises(BadInput, match="no address on the web"):
        actions.link(idea(), url, **NOW)


def published(*fields: str) -> Change:
    change = judged(Word.VALUE)
    actions.assign(change, owner="Ola Eier", analyst="Eva Analytiker", **NOW)
    actions.comment(change, "Bare for oss", **NOW)
    actions.learn(change, "Begynn i det små.", **NOW)
    actions.publish(change, fields, **NOW)
    return change


@pytest.mark.django_db
def test_the_public_register_shows_what_was_chosen_and_nothing_else() -> None:
    change = published("stage", "learning")
    idea("En annen idé")
    assert public(Change.objects.all()) == [
        {"id": change.id, "what": change.what, "stage": "Value shown", "learning": ["Begynn i det små."]}
    ]


@pytest.mark.django_db
def test_no_name_of_a_person_is_public_but_the_owners() -> None:
    change = published(*FIELDS)
    for text in (public_json(Change.objects.all()), public_csv(Change.objects.all())):
        assert KARI.name not in text
        assert "Eva Analytiker" not in text
        assert "Bare for oss" not in text
        assert "Ola Eier" in text
    [shown] = json.loads(public_json([change]))["changes"]
    assert set(shown) == {"id", *FIELDS}
    assert shown["verdicts"][0]["word"] == "value"
    assert shown["plan"]["locked_before_start"] is True
    actions.publish(change, [], **NOW)
    assert public(Change.objects.all()) == []


@pytest.mark.django_db
def test_a_field_that_cannot_be_public_is_refused() -> None:
    with pytest.raises(BadInput, match="field cannot be history"):
        actions.publish(idea(), ["history"], **NOW)
