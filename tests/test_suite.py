"""The suite keeps its own rules: in CI nothing is skipped; and its services work."""

import subprocess
from pathlib import Path

import pytest

from tools import services

pytest_plugins = ["pytester"]

SKIPS = """
import pytest

def test_runs():
    pass

def test_skips_itself():
    pytest.skip("no such service here")

@pytest.fixture
def service():
    pytest.skip("no such service here")

def test_needs_what_is_not_there(service):
    pass
"""


@pytest.mark.parametrize(("ci", "outcome"), [("true", {"failed": 1, "errors": 1}), ("", {"skipped": 2})])
def test_a_skip_is_a_failure_where_ci_is_true(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: dict[str, int]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    pytester.makeconftest(
        "from tests.conftest import pytest_runtest_makereport, pytest_make_collect_report  # noqa: F401"
    )
    pytester.makepyfile(SKIPS)
    pytester.runpytest_subprocess("-p", "no:django").assert_outcomes(passed=1, **outcome)


def test_java_for_spark_passes_on_all_but_the_module_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    java = services.java_home(tmp_path) / "bin" / "java"
    command = [java, "--add-modules=jdk.incubator.vector", "-Dword=a b", "-XshowSettings:properties", "-version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "word = a b" in done.stderr
