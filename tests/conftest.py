"""Services and rules for every test.

The services are made once and only when a test asks for them. With ``CI=true`` nothing may be skipped: a test that cannot
run there is a failure, so that what is not tested is never taken for what works.
"""

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tools import services

# A shell that runs the suite in the background has it ignore Ctrl-C, and what the tests start would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
IN_CI = os.environ.get("CI", "").lower() == "true"

# The machine's own settings and language have no say in the tests. This stands here, not in a fixture, since Django reads
# settings as soon as it is set up (tests/web/conftest.py; the rooms for analysts are tested without Django).
HOME = tempfile.mkdtemp(prefix="loft-home-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith(("LOFT_", "LC_", "LANG"))]:
    if _name not in (
        "LOFT_DATABASE_URL",
        "LOFT_SHARED_DATA",
        "LOFT_CHROMIUM",
        "LOFT_MALFORMED",
        "LOFT_KILLS",
        "LOFT_TABLES",
    ):
        del os.environ[_name]
os.environ.update(LOFT_HOME=HOME, LANG="C.UTF-8")

NEEDS = {"browser": {"browser", "browser_context", "page"}, "spark": {"spark_session"}, "postgres": {"postgres_url"}}
DATABASE = {"db", "transactional_db", "django_db_setup", "live_server", "admin_client"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, so that parts of the suite can be chosen or left out."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        for marker, names in NEEDS.items():
            if fixtures & names:
                item.add_marker(marker)
        if item.get_closest_marker("django_db") or fixtures & DATABASE:
            item.add_marker("database")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    return _no_skip_in_ci(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    report = yield
    return _no_skip_in_ci(report)


def _no_skip_in_ci(report: Any) -> Any:
    if IN_CI and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Nothing is skipped where CI=true. {reason}"
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real logs and published figures: ``LOFT_SHARED_DATA``, else ``../shared/data`` beside the project."""
    folder = Path(os.environ.get("LOFT_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"The real data is not at {folder}; LOFT_SHARED_DATA may name another folder.")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of this test run's own."""
    with services.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """The URL of a database of this test run's own, with a locale that sorts texts by their bytes as DuckDB and Spark do."""
    import psycopg

    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE loft TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    return postgres_server.replace("/postgres?", "/loft?")


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """PySpark in this process: two threads, UTC, no pages of its own, and none of the preparations that pay on large data."""
    folder = tmp_path_factory.mktemp("spark")
    os.environ["JAVA_HOME"] = str(services.java_home(folder / "java"))
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.default.parallelism": "1",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    builder = SparkSession.builder.master("local[2]").appName("loft-tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium through Playwright, without a window and without calls of its own to the network."""
    executable = services.chromium()
    if executable is None:
        pytest.skip("No Chromium on the path; LOFT_CHROMIUM may name one (on Debian: apt-get install chromium).")
    from playwright.sync_api import sync_playwright

    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, headless=True, args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield chromium
        chromium.close()
