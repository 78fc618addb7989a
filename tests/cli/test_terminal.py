"""The program on a real terminal: colours, a bar, and a width."""

import os
import pty
import re
import select
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import log_text, program


def on_terminal(*arguments: object, cwd: Path, **settings: str) -> tuple[int, str]:
    """The exit code, and all that a terminal showed."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "70", "LINES": "30", **settings}
    with subprocess.Popen(
        program(*arguments), cwd=cwd, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], 120)[0]:
            try:
                block = os.read(ours, 65536)
            except OSError:  # Linux says so when nobody writes any more
                break
            if not block:
                break
            shown += block
    os.close(ours)
    return running.returncode, shown.decode()


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.csv"
    path.write_text(log_text(20_000), encoding="utf-8")
    return path


def test_an_import_shows_how_far_it_has_come(long_file: Path, tmp_path: Path) -> None:
    code, text = on_terminal("import", long_file, cwd=tmp_path)
    assert code == 0
    assert "Making steps" in text
    assert "%" in text
    assert "events imported. loft-store holds" in plain(text)


def test_a_quiet_import_shows_nothing(long_file: Path, tmp_path: Path) -> None:
    assert on_terminal("import", long_file, "--quiet", cwd=tmp_path) == (0, "")


def test_no_line_is_wider_than_the_terminal(store: Path, tmp_path: Path) -> None:
    code, text = on_terminal("waits", store, cwd=tmp_path)
    assert code == 0
    assert "\x1b[1m" in text
    assert max(len(line) for line in plain(text).splitlines()) <= 70
    assert "The screen is too narrow for:" in text


def test_errors_are_red_unless_colours_are_off(tmp_path: Path) -> None:
    assert "\x1b[31mThere is no log in nowhere" in on_terminal("journeys", "nowhere", cwd=tmp_path)[1]
    assert "\x1b" not in on_terminal("journeys", "nowhere", cwd=tmp_path, NO_COLOR="1")[1]
