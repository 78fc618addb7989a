import json

from loft.web.questions import TABLES

BASE = "/api/v1/logs"


def get(client, address):
    response = client.get(address)
    return response.status_code, json.loads(response.content)


def test_the_logs_are_listed(client, log):
    status, found = get(client, BASE)
    mine = next(entry for entry in found if entry["slug"] == log)
    assert status == 200 and mine["name"] == "Fjordvik" and mine["cases"] == 400 and mine["simulated"] is True
    assert get(client, f"{BASE}/{log}") == (200, mine)
    assert "Byggesak" in mine["services"] and "kanal" in mine["attributes"] and mine["minimum_cases"] == 5


def test_every_question_answers_as_its_page_does(client, log):
    for table in TABLES:
        status, found = get(client, f"{BASE}/{log}/{table}?service=Byggesak")
        assert status == 200
        assert found == json.loads(client.get(f"/nb/reiser/{log}/{table}.json?service=Byggesak").content), table


def test_two_groups_can_be_compared(client, log):
    _, found = get(client, f"{BASE}/{log}/units?service=Byggesak&against_service=Sosialhjelp")
    assert {"cases_a", "cases_b", "cases_change"} <= {c["name"] for c in found["columns"]}


def test_what_cannot_be_used_is_told_in_a_sentence(client, log):
    status, found = get(client, f"{BASE}/{log}/units?unit=Nowhere")
    assert status == 400 and "Nowhere" in found["detail"]
    status, found = get(client, f"{BASE}/none/units")
    assert status == 404 and "none" in found["detail"]


def test_the_description_names_every_question_and_filter(client):
    status, found = get(client, "/api/v1/openapi.json")
    assert status == 200 and found["openapi"].startswith("3.")
    for table in TABLES:
        operation = found["paths"][f"/api/v1/logs/{{log}}/{table}"]["get"]
        assert operation["description"]
        names = {p["name"] for p in operation["parameters"]}
        assert {"log", "from", "until", "service", "unit", "where", "against_from", "share"} <= names


def test_nothing_can_be_written(client, log):
    for method in (client.post, client.put, client.delete):
        assert method(f"{BASE}/{log}").status_code == 405


def test_there_is_no_page_that_loads_scripts_from_elsewhere(client):
    assert client.get("/api/v1/docs").status_code == 404
