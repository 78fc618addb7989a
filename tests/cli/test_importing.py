"""``loft import``: what it says, what it keeps, and how it ends."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from loft.log import Mapping, Store
from tests.cli.conftest import Run, log_text, process, program


def test_an_import_says_what_was_guessed_what_it_did_and_what_to_do_next(run: Run, log_file: Path) -> None:
    result = run("import", log_file, "--store", "mine")
    assert (
        "cases.csv is read as csv: case = case, activity = activity, at = at, unit = unit, service = service."
        in result.stderr
    )
    assert "--unit … COLUMN" in result.stderr
    assert "220 events imported. mine holds 220 events of 60 cases." in result.stdout
    assert "loft journeys --store mine" in result.stdout


def test_quiet_says_nothing(run: Run, log_file: Path) -> None:
    assert run("import", log_file, "--quiet").output == ""
    assert Store("loft-store").meta().events == 220


def test_importing_again_changes_nothing_and_says_so(run: Run, log_file: Path) -> None:
    run("import", log_file)
    assert "Nothing new: loft-store already holds these events" in run("import", log_file).stdout


def test_the_default_store_can_be_set(run: Run, log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOFT_STORE", "ours")
    run("import", log_file, "-q")
    assert Store("ours").meta().cases == 60
    assert "60" in run("journeys").stdout


def test_a_preview_shows_columns_reasons_and_first_events_and_imports_nothing(run: Run, log_file: Path) -> None:
    text = run("import", log_file, "--preview").stdout
    assert "Columns of the file" in text
    assert "channel" in text
    assert "c000" in text
    assert "Nothing was imported" in text
    assert not Path("loft-store").exists()


def test_a_preview_follows_the_options(run: Run, log_file: Path) -> None:
    text = run("import", log_file, "--preview", "--unit", "channel").stdout
    [line] = [line for line in text.splitlines() if line.startswith("--unit")]
    assert "channel" in line


def test_options_say_which_column_plays_what(run: Run, log_file: Path) -> None:
    run(
        "import",
        log_file,
        "--unit",
        "channel",
        "--ending",
        "closed",
        "--name",
        "Our log",
        "--source",
        "archive",
        "--simulated",
        "-q",
    )
    meta = Store("loft-store").meta()
    assert (meta.units, meta.name, meta.endings, meta.endings_guessed, meta.simulated) == (
        2,
        "Our log",
        ("closed",),
        False,
        True,
    )


def test_text_files_are_read_as_the_options_say(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "rart.txt"
    path.write_text("sak|hva|når\n1|åpnet|31.12.2025 08:00\n1|lukket|02.01.2026 09:00\n", encoding="cp1252")
    run(
        "import", path, "--case", "sak", "--activity", "hva", "--at", "når", "--delimiter", "|", "--encoding", "cp1252",
        "--timestamp-format", "%d.%m.%Y %H:%M", "--time-zone", "Europe/Oslo", "-q",
    )  # fmt: skip
    meta = Store("loft-store").meta()
    assert (meta.events, meta.first[:16].replace("T", " ")) == (2, "2025-12-31 07:00")


def test_a_mapping_is_saved_and_used_again(run: Run, log_file: Path) -> None:
    run("import", log_file, "--unit", "channel", "--save-mapping", "ours.toml", "-q")
    assert Mapping.load("ours.toml").unit == "channel"
    run("import", log_file, "--mapping", "ours.toml", "--store", "again", "-q")
    assert Store("again").meta().units == 2


def test_several_files_each_have_their_own_mapping(run: Run, log_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "old.csv"
    other.write_text(
        "saksnr;hendelse;tidspunkt\nx1;mottatt;2024-05-01T08:00:00Z\nx1;lukket;2024-05-02T08:00:00Z\n", encoding="utf-8"
    )
    assert "mine holds 222 events of 61 cases" in run("import", log_file, other, "--store", "mine").stdout


def test_wrong_rows_stop_the_import_and_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(log_text() + "c900,received,yesterday,Desk,permit,net\n", encoding="utf-8")
    result = run("import", path, "--at", "at", code=1)
    assert "row 221" in result.stderr
    assert "'yesterday'" in result.stderr
    assert "--skip-bad" in result.stderr
    assert not Path("loft-store").exists()


def test_wrong_rows_are_left_out_and_written_to_a_file_when_asked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(log_text() + "c900,received,yesterday,Desk,permit,net\n", encoding="utf-8")
    result = run("import", path, "--at", "at", "--skip-bad", "--rejects", "wrong.csv")
    assert "1 wrong rows were left out and written to wrong.csv" in result.stderr
    assert "yesterday" in Path("wrong.csv").read_text(encoding="utf-8")
    assert Store("loft-store").meta().events == 220


def test_rejects_without_skip_bad_is_a_usage_error(run: Run, log_file: Path) -> None:
    assert "--skip-bad" in run("import", log_file, "--rejects", "wrong.csv", code=2).stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "mine.dat"),
        (b"\x00\x01\x02 nothing known", "mine.dat"),
        (b'<!DOCTYPE log [<!ENTITY a "b">]><log>&a;</log>', "DOCTYPE"),
    ],
    ids=["empty", "unknown", "doctype"],
)
def test_a_file_that_is_no_log_is_told_in_a_sentence(run: Run, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "mine.dat"
    path.write_bytes(content)
    assert said in run("import", path, code=1).stderr


def test_a_file_that_is_not_there_is_a_usage_error(run: Run) -> None:
    assert "does not exist" in run("import", "nowhere.xes", code=2).stderr


def test_a_column_that_is_not_there_is_told_with_those_that_are(run: Run, log_file: Path) -> None:
    result = run("import", log_file, "--unit", "chanel", code=1)
    assert "Did you mean 'channel'" in result.stderr


def test_ctrl_c_stops_an_import_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(log_text(60_000), encoding="utf-8")
    with subprocess.Popen(
        program("import", path, "--quiet"), cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as running:
        while not (tmp_path / "loft-store" / "lock").exists() and running.poll() is None:
            time.sleep(0.01)
        time.sleep(0.05)
        os.kill(running.pid, signal.SIGINT)
        assert running.stderr is not None
        said = running.stderr.read()
    assert (running.returncode, said) == (130, "Stopped; nothing was imported.\n")
    assert not (tmp_path / "loft-store" / "current").exists()


def test_no_colour_and_no_bar_go_into_a_pipe(log_file: Path, tmp_path: Path) -> None:
    done = process("import", log_file, cwd=tmp_path)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout + done.stderr
