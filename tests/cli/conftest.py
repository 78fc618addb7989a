"""A small log in a file and in a store, and the program run as from a terminal."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loft.cli import main

WAYS = (
    (
        "permit",
        (
            ("received", "Desk", 0),
            ("assessed", "Planning", 5),
            ("asked", "Desk", 8),
            ("assessed", "Planning", 12),
            ("asked", "Desk", 13),
            ("closed", "Planning", 15),
        ),
    ),
    ("permit", (("received", "Desk", 0), ("assessed", "Planning", 3), ("closed", "Planning", 6))),
    ("grant", (("received", "Desk", 0), ("closed", "Desk", 1))),
)
"""Three ways of cases: service, then (activity, unit, days since the start)."""


def log_text(cases: int = 60) -> str:
    """*cases* cases from January 2025 on, five a month more or less, each the next of ``WAYS``."""
    lines = ["case,activity,at,unit,service,channel"]
    for number in range(cases):
        service, steps = WAYS[number % len(WAYS)]
        opened = datetime(2025, 1, 1, 9) + timedelta(days=6 * (number % 400))
        channel = "phone" if number % 2 else "net"
        lines += [
            f"c{number:03d},{a},{opened + timedelta(days=d):%Y-%m-%dT%H:%M:%S}Z,{u},{service},{channel}"
            for a, u, d in steps
        ]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 cases with 220 events, as CSV."""
    path = tmp_path_factory.mktemp("log") / "cases.csv"
    path.write_text(log_text(), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def store(log_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same log in a store."""
    from loft.log import import_files, propose

    folder = tmp_path_factory.mktemp("store") / "log"
    import_files([log_file], folder, mapping=propose(log_file).mapping.but(endings=("closed",)))
    return folder


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, code: int = 0) -> Result:
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="loft")
        assert result.exit_code == code, result.output + repr(result.exception)
        assert "Traceback" not in result.output
        return result

    return call


def program(*arguments: object, **settings: str) -> list[str]:
    """The command line of the program as a process of its own."""
    return [
        sys.executable,
        "-c",
        "import sys; from loft.cli import main; main(prog_name='loft')",
        *(str(a) for a in arguments),
    ]


def process(*arguments: object, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program run as a process of its own, to its end."""
    return subprocess.run(
        program(*arguments),
        cwd=cwd,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
