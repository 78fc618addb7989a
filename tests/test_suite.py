"""The suite keeps its own rules: in CI nothing is skipped."""

from pathlib import Path

import pytest

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
