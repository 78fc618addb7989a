"""Commands about a whole store, the report, the example and the pages."""

import os
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from loft import __version__
from tests.cli.conftest import Run, process, program


def test_help_lists_every_command_and_comes_at_once(tmp_path: Path) -> None:
    done = process("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    assert all(
        f"  {name} " in done.stdout
        for name in ("import", "journeys", "map", "report", "serve", "check", "publish", "export", "example")
    )


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys, loft.cli; print(sorted({'duckdb', 'ibis', 'pandas', 'pyarrow', 'numpy', 'rich', 'django'} & set(sys.modules)))"
    done = subprocess.run([program()[0], "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").stdout == f"loft {__version__}\n"


def test_check_finds_a_store_sound(run: Run, store: Path) -> None:
    assert "is sound: cases, 220 events of 60 cases" in run("check", store).stdout
    assert "is sound" in run("check", "--store", store).stdout


def test_check_finds_what_is_wrong(run: Run, log_file: Path) -> None:
    run("import", log_file, "-q")
    [steps] = Path("loft-store").rglob("steps.parquet")
    steps.write_bytes(steps.read_bytes()[:-200])
    assert "steps.parquet cannot be read" in run("check", code=1).stderr


def test_check_finds_no_store(run: Run) -> None:
    assert "There is no log in loft-store." in run("check", code=1).stderr


@pytest.mark.parametrize("suffix", [".xes", ".xes.gz", ".jsonocel", ".csv", ".parquet"])
def test_an_export_can_be_asked_the_same_questions(run: Run, store: Path, suffix: str) -> None:
    assert f"220 events written to out{suffix}." in run("export", f"out{suffix}", "--store", store).stdout
    assert run("handovers", f"out{suffix}", "--csv").stdout == run("handovers", store, "--csv").stdout


def test_an_export_writes_over_nothing_unless_asked(run: Run, store: Path) -> None:
    Path("out.csv").write_text("mine", encoding="utf-8")
    assert "--force" in run("export", "out.csv", "--store", store, code=2).stderr
    assert Path("out.csv").read_text(encoding="utf-8") == "mine"
    run("export", "out.csv", "--store", store, "--force")
    assert "c000" in Path("out.csv").read_text(encoding="utf-8")


def test_an_export_to_an_unknown_format_is_told(run: Run, store: Path) -> None:
    assert "suffix" in run("export", "out.docx", "--store", store, code=1).stderr


def test_a_report_is_written(run: Run, store: Path) -> None:
    result = run("report", "out.html", "--store", store, "--language", "nb", "--service", "permit", "--top", 3)
    assert "out.html is written" in result.stderr
    text = Path("out.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert '<html lang="nb">' in text


def test_publish_puts_the_log_where_url_finds_it(run: Run, store: Path, postgres_url: str) -> None:
    url = f"{postgres_url}{'&' if '?' in postgres_url else '?'}schema=loft_cli"
    assert "220 events published" in run("publish", store, url).stdout
    assert run("handovers", "--url", url, "--csv").stdout == run("handovers", store, "--csv").stdout


def test_publish_to_nowhere_is_told_without_the_password(run: Run, store: Path) -> None:
    result = run("publish", store, "postgresql://me:secret@127.0.0.1:1/none", code=1)
    assert result.stderr
    assert "secret" not in result.output


def test_the_example_is_made_and_can_be_imported_as_it_says(run: Run) -> None:
    said = run("example", "town", "--events", 3000, "--seed", 7, "--months", 24).stdout
    [command] = re.findall(r"loft (import .*)", said)
    run(*command.split(), "-q")
    [ruled] = re.findall(r"loft (table ask \S+)\)", said)
    assert "?" in run(*ruled.split()).stdout
    assert "simulated" in run("journeys").stdout.lower()


def test_an_example_of_an_impossible_size_is_told(run: Run) -> None:
    assert "1,000" in run("example", "town", "--events", 10, code=1).stderr


def test_the_pages_are_not_shown_to_the_network(run: Run) -> None:
    assert "0.0.0.0 is refused" in run("serve", "--host", "0.0.0.0", "--no-browser", code=1).stderr


def test_serve_says_where_it_answers_and_stops_when_asked(tmp_path: Path) -> None:
    settings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = program("serve", "--home", tmp_path / "home", "--port", 0, "--no-browser")
    with subprocess.Popen(
        command, cwd=tmp_path, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stdout is not None
            line = running.stdout.readline()
            address = re.search(r"http://\S+", line)
            assert address, line + (running.stderr.read() if running.stderr and running.poll() is not None else "")
            with urllib.request.urlopen(address[0], timeout=30) as answer:
                assert answer.status == 200
            running.send_signal(signal.SIGINT)
            assert running.wait(timeout=20) in (0, 130)
        finally:
            running.kill()
