"""Changes through the API: the list, one with all that belongs to it, a new idea."""

import json

import pytest

from loft.changes.models import Change
from loft.value.verdicts import Word
from tests.changes.conftest import FIELDS, idea, judged

pytestmark = pytest.mark.django_db
BASE = "/api/v1/changes"


@pytest.fixture(autouse=True)
def _another_log(monkeypatch):
    """The plans are of a log that is not here."""
    monkeypatch.setitem(FIELDS, "log", "elsewhere")


def test_the_list_has_every_change_with_its_newest_verdict(client):
    first, second = idea(), judged(Word.VALUE)
    found = client.get(BASE).json()
    assert [entry["id"] for entry in found] == [first.id, second.id]
    assert found[0]["verdict"] is None and not found[0]["locked"] and found[1]["units"] == ["Nes"]
    assert found[1]["verdict"] == {"on": "2025-10-01", "word": "value", "answer": "Said by a test.", "security": 3}


def test_a_change_has_all_that_belongs_to_it(client):
    change = judged(Word.NOT_YET)
    found = client.get(f"{BASE}/{change.id}").json()
    assert found["id"] == change.id and found["plans"][0]["hash"] == change.plans.get().hash
    response = client.get(f"{BASE}/none-7")
    assert response.status_code == 404 and "none-7" in response.json()["detail"]


def test_an_idea_is_proposed_with_where_the_problem_was_seen(client):
    sent = {"what": "Ring først", "why": "Venting", "by": "Kari", "log": "fjordvik", "page": "/\\example.org"}
    response = client.post(BASE, json.dumps(sent), content_type="application/json")
    change = Change.objects.get()
    assert response.status_code == 201 and response.json()["id"] == change.id
    assert (change.proposer, change.seen_log, change.seen_page) == ("Kari", "fjordvik", "")


def test_a_page_elsewhere_cannot_have_a_browser_propose(client):
    body = json.dumps({"what": "x", "why": "y", "by": "z"})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert client.post(BASE, body, content_type=kind).status_code == 415
    assert not Change.objects.exists()


def test_an_idea_without_text_is_refused_with_a_sentence(client):
    body = json.dumps({"what": " ", "why": "y", "by": "z"})
    response = client.post(BASE, body, content_type="application/json")
    assert response.status_code == 400 and "what" in response.json()["detail"]
