"""Django for the tests of the pages, set up before their modules are read; a small log; a server; a client on this machine."""

import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "loft.web.settings")
# Playwright keeps an event loop in the thread of the tests, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from loft.language import speaking  # noqa: E402
from loft.log import Mapping, import_files  # noqa: E402
from loft.web.library import forget  # noqa: E402

SLUG = "fjordvik"
WAYS = [
    ("Byggesak", ["received:Torget", "assessed:Byggesak", "decided:Byggesak", "told:Torget"], 0.4),
    (
        "Byggesak",
        [
            "received:Torget",
            "assessed:Byggesak",
            "asked:Byggesak",
            "assessed:Byggesak",
            "decided:Byggesak",
            "told:Torget",
        ],
        0.2,
    ),
    ("Sosialhjelp", ["received:Torget", "assessed:NAV", "checked:Helse", "assessed:NAV", "decided:NAV"], 0.3),
    ("Sosialhjelp", ["received:NAV", "decided:NAV"], 0.1),
]


def rows(cases: int = 400) -> list[list[str]]:
    """A small log as rows: two services, four units, two years, some with the start of the work; three cases at a rare unit."""
    draw = np.random.default_rng(7)
    found = [["sak", "aktivitet", "tidspunkt", "startet", "enhet", "tjeneste", "kanal"]]
    for case in range(cases):
        service, steps, _ = WAYS[draw.choice(len(WAYS), p=[w[2] for w in WAYS])]
        if case < 3:
            steps = [*steps, "checked:Statsforvalteren"]
        at = datetime(2024, 1, 1, 8) + timedelta(days=case * 730 / cases, hours=float(draw.random() * 8))
        channel = "nett" if draw.random() < 0.6 else "papir"
        for step in steps:
            activity, unit = step.split(":")
            began = at - timedelta(hours=2) if activity == "assessed" else None
            found.append(
                [f"s{case}", activity, at.isoformat(), began.isoformat() if began else "", unit, service, channel]
            )
            at += timedelta(hours=float(draw.exponential(90)) + 3)
    return found


def write_csv(path: Path, table: list[list[str]]) -> Path:
    """The rows as a CSV file."""
    path.write_text("\n".join(",".join(row) for row in table) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def csv_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small log as a file."""
    return write_csv(tmp_path_factory.mktemp("log") / "saker.csv", rows())


@pytest.fixture(scope="session")
def log(csv_file: Path) -> str:
    """The small log in the home folder; its name in addresses."""
    mapping = Mapping(
        "csv",
        case="sak",
        activity="aktivitet",
        at="tidspunkt",
        began="startet",
        unit="enhet",
        service="tjeneste",
        delimiter=",",
        encoding="utf-8",
        endings=("told", "decided"),
    )
    store = settings.CONFIGURATION.logs / SLUG
    store.parent.mkdir(parents=True, exist_ok=True)
    import_files([csv_file], store, mapping=mapping, name="Fjordvik", simulated=True)
    return SLUG


@pytest.fixture
def client() -> Client:
    """A browser on this machine."""
    return Client(headers={"host": "localhost"})


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    forget()
    with speaking("nb"):
        yield


@pytest.fixture(scope="session")
def server(log: str) -> Iterator[str]:
    """The pages on a port of this machine; the address, without a slash at its end."""
    from waitress.server import create_server

    from loft.web.server import application

    running = create_server(application(), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield f"http://localhost:{running.effective_port}"
    running.task_dispatcher.shutdown()
    running.close()
    thread.join(timeout=5)


def addresses(log: str) -> list[str]:
    """Every page, without its language."""
    from loft.web.questions import SECTIONS

    return ["", "ny-logg/", *(f"reiser/{log}/{slug}/" if slug else f"reiser/{log}/" for slug in SECTIONS)]


def text_of(response: Any) -> str:
    """What a response says."""
    return str(response.content.decode())
