import shutil
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from loft.log import open_log
from loft.web import uploads
from tests.web.conftest import rows, text_of, write_csv

COLUMNS = {
    "case": "sak",
    "activity": "aktivitet",
    "at": "tidspunkt",
    "began": "startet",
    "unit": "enhet",
    "service": "tjeneste",
    "actor": "",
}


@pytest.fixture
def home(settings):
    """The home folder; uploads and the log made in the test are gone afterwards."""
    yield settings.CONFIGURATION
    for name in ("sendt", "sendt-to"):
        shutil.rmtree(settings.CONFIGURATION.logs / name, ignore_errors=True)
    shutil.rmtree(settings.CONFIGURATION.uploads, ignore_errors=True)


def send(client, path):
    with path.open("rb") as file:
        return client.post("/nb/ny-logg/", {"file": file})


def wait(client, address, seconds=30):
    """The page of an import once it is done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        response = client.get(address)
        if response.context["work"].done:
            return response
        assert response.headers["Refresh"] == "2"
        time.sleep(0.1)
    raise AssertionError("The import was not done in time.")


def test_a_log_is_sent_looked_at_and_imported(client, home, csv_file):
    sent = send(client, csv_file)
    assert sent.status_code == 302
    preview = client.get(sent.headers["Location"])
    chosen = {field["role"]: field["chosen"] for field in preview.context["fields"]}
    assert (chosen["case"], chosen["activity"], chosen["at"]) == ("sak", "aktivitet", "tidspunkt")
    assert all(field["reason"] for field in preview.context["fields"] if field["chosen"])
    assert len(preview.context["preview"]) == 10 and preview.context["preview"][0][1] == "received"
    started = client.post(
        sent.headers["Location"], {**COLUMNS, "name": "Sendt", "time_zone": "Europe/Oslo", "endings": "told, decided"}
    )
    assert started.status_code == 302
    done = wait(client, started.headers["Location"])
    assert not done.context["work"].error and done.context["work"].result.cases == 400
    assert "Refresh" not in done.headers
    meta = open_log(home.logs / "sendt").meta
    assert (meta.name, meta.cases, set(meta.endings)) == ("Sendt", 400, {"told", "decided"})
    assert not list(home.uploads.iterdir())
    assert client.get("/nb/reiser/sendt/").status_code == 200
    assert client.get(sent.headers["Location"]).headers["Location"] == started.headers["Location"]


def test_columns_can_be_chosen_and_shown_again_before_the_import(client, home, csv_file):
    address = send(client, csv_file).headers["Location"]
    response = client.post(address, {**COLUMNS, "unit": "kanal", "name": "Sendt", "again": "1"})
    assert response.status_code == 200
    assert {row[4] for row in response.context["preview"]} <= {"nett", "papir"}
    assert not (home.logs / "sendt").exists()


def test_what_is_missing_is_told_in_an_error_summary_linked_to_the_field(client, home, csv_file):
    address = send(client, csv_file).headers["Location"]
    response = client.post(address, {**COLUMNS, "activity": "", "name": " ", "time_zone": "Mars/Base"})
    assert response.status_code == 400
    assert [name for name, _ in response.context["errors"]] == ["name", "activity", "time_zone"]
    text = text_of(response)
    assert 'href="#activity"' in text and 'id="activity"' in text and 'id="time_zone"' in text


def test_wrong_rows_are_shown_with_file_row_column_value_and_what_was_expected(client, home, tmp_path):
    table = rows(40)
    table[3][2], table[5][2] = "i går", "i morgen"
    address = send(client, write_csv(tmp_path / "feil.csv", table)).headers["Location"]
    choice = {**COLUMNS, "name": "Sendt to"}
    failed = wait(client, client.post(address, choice).headers["Location"])
    work = failed.context["work"]
    assert work.error and work.bad_count == 2 and [bad.value for bad in work.bad] == ["i går", "i morgen"]
    text = text_of(failed)
    assert "i går" in text and "feil.csv" in text and "tidspunkt" in text
    assert not (home.logs / "sendt-to" / "current").exists()
    again = wait(client, client.post(address, {**choice, "keep_going": "on"}).headers["Location"])
    assert again.context["work"].result.rejected == 2 and again.context["work"].bad_count == 2


def test_a_file_that_is_no_log_says_what_is_wrong(client, home, tmp_path):
    path = tmp_path / "bilde.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    response = client.get(send(client, path).headers["Location"])
    assert response.status_code == 400 and "bilde.png" in text_of(response)


def test_a_document_type_is_refused(client, home, tmp_path):
    path = tmp_path / "log.xes"
    path.write_text('<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "b">]><log>&a;</log>')
    assert client.get(send(client, path).headers["Location"]).status_code == 400


@pytest.mark.parametrize("files", [{}, {"file": SimpleUploadedFile("tom.csv", b"")}])
def test_nothing_chosen_is_told_beside_the_field(client, files):
    response = client.post("/nb/ny-logg/", files)
    assert response.status_code == 400 and 'aria-invalid="true"' in text_of(response)


def test_a_file_over_the_limit_is_refused_before_it_is_read(client, home, csv_file, monkeypatch):
    object.__setattr__(home, "upload_limit", 1000)
    try:
        with csv_file.open("rb") as file:
            assert (
                client.post("/nb/ny-logg/", {"file": file}, headers={"content-length": "99999999"}).status_code == 413
            )
        small = write_csv(csv_file.with_name("stor.csv"), rows(40))
        assert 1000 < small.stat().st_size < 50_000
        assert send(client, small).status_code == 400
    finally:
        object.__setattr__(home, "upload_limit", 10**9)


def test_the_file_can_be_taken_away_again(client, home, csv_file):
    address = send(client, csv_file).headers["Location"]
    assert client.post(address, {"discard": "1"}).headers["Location"] == "/nb/"
    assert client.get(address).status_code == 404 and not list(home.uploads.iterdir())


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\boot.ini", ".htaccess", "a" * 400 + ".csv", "\x00.csv", "navn med mellomrom.csv"],
)
def test_a_file_keeps_to_its_folder_whatever_it_is_called(home, name):
    token = uploads.keep(SimpleUploadedFile("x", b"hei"))
    uploads.remove(token)
    upload = SimpleUploadedFile("x", b"hei")
    upload._name = name
    path = uploads.kept(uploads.keep(upload))
    assert path.parent.parent == home.uploads and path.read_bytes() == b"hei" and not path.name.startswith(".")


@pytest.mark.parametrize("token", ["..", "../logs", "a/b", "x" * 24, ""])
def test_a_token_that_was_not_given_out_leads_nowhere(home, token):
    assert uploads.kept(token) is None


def test_files_left_for_more_than_a_day_are_removed(home):
    token = uploads.keep(SimpleUploadedFile("x.csv", b"hei"))
    uploads.sweep(time.time() + 3600)
    assert uploads.kept(token)
    uploads.sweep(time.time() + 25 * 3600)
    assert uploads.kept(token) is None
