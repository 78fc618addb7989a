"""The logs of the specifications, on each engine; each is built once for all tests."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from loft.log import Log, open_log
from loft.log.publish import publish
from tests.insight.specifications import ENDINGS, LOGS
from tests.insight.text import store_of

Logs = Callable[[str], Log]
ENGINES = {"duckdb": (), "postgres": (pytest.mark.postgres,), "spark": (pytest.mark.spark,)}


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The store of a log of ``LOGS``."""
    return cache(lambda name: store_of(LOGS[name], tmp_path_factory.mktemp(name), endings=ENDINGS))


@pytest.fixture(scope="session")
def duckdb_logs(stores: Callable[[str], Path]) -> Iterator[Logs]:
    yield from _opened(lambda name: str(stores(name)))


@pytest.fixture(scope="session")
def postgres_logs(stores: Callable[[str], Path], postgres_url: str) -> Iterator[Logs]:
    def url(name: str) -> str:
        url = f"{postgres_url}&schema={name}"
        publish(stores(name), url)
        return url

    yield from _opened(url)


@pytest.fixture(scope="session")
def spark_logs(stores: Callable[[str], Path], spark_session: Any) -> Iterator[Logs]:
    yield from _opened(lambda name: f"spark://{stores(name)}")


def _opened(url: Callable[[str], str]) -> Iterator[Logs]:
    """Opens a log at the first call for its name; closes those that hold a connection."""
    opened = cache(lambda name: open_log(url(name)))
    yield opened
    for name in LOGS:
        opened(name).close()
