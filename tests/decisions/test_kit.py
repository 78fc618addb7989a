"""Every case of the suites of DMN's conformance kit that are at hand, and the tally."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.dmn.writer import write_dmn
from loft.decisions.model import Model
from tests.decisions.kit import Suite, failures, suites

LEVEL_2 = """0001-input-data-string 0002-input-data-number 0004-simpletable-U 0005-simpletable-A 0007-simpletable-P2 0008-LX-arithmetic
0009-invocation-arithmetic 0010-multi-output-U 0100-feel-constants 0101-feel-constants 0102-feel-constants 0105-feel-math
0106-feel-ternary-logic 0108-first-hitpolicy 0111-first-hitpolicy-singleoutputcol 0113-outputOrder-hitpolicy-singleinoutcol
0114-min-collect-hitpolicy 0117-multi-any-hitpolicy 0118-multi-priority-hitpolicy 0119-multi-collect-hitpolicy"""
LEVEL_3 = """0020-vacation-days 0035-test-structure-output 0036-dt-variable-input 0038-dt-on-bkm-explicit-params
0040-singlenestedcontext 0041-multiple-nestedcontext 0086-import"""
NAMES = [f"compliance-level-2/{name}" for name in LEVEL_2.split()] + [
    f"compliance-level-3/{name}" for name in LEVEL_3.split()
]


@pytest.fixture(scope="session")
def kit(shared_data: Path) -> Path:
    return shared_data / "dmn-tck" / "TestCases"


@pytest.mark.parametrize("name", NAMES)
def test_every_case_of_a_suite_comes_out_as_the_kit_says(name: str, kit: Path) -> None:
    found = suites(kit / name)
    assert found
    assert [told for suite in found for told in failures(suite)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_model_that_was_written_and_read_again_decides_the_same(name: str, kit: Path) -> None:
    for suite in suites(kit / name):
        assert failures(suite, change=_again(suite)) == []


def test_all_suites_at_hand_are_run_and_tallied(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = suites(kit)
    assert {str(suite.path.parent.relative_to(kit)) for suite in found} == set(NAMES)
    lines = [_tally(found, level) for level in ("compliance-level-2", "compliance-level-3")]
    with capsys.disabled():
        print("\nDMN conformance kit\n" + "\n".join(lines))
    assert all(" 0 differ" in line for line in lines)


def _tally(found: list[Suite], level: str) -> str:
    here = [suite for suite in found if level in suite.path.parts]
    wrong = sum(len(failures(suite)) for suite in here)
    results = sum(len(case.results) for suite in here for case in suite.cases)
    cases = sum(len(suite.cases) for suite in here)
    return f"{level}: {len(here)} suites, {cases} cases, {results} results, {wrong} differ"


def _again(suite: Suite) -> Callable[[Model], Model]:
    def change(model: Model) -> Model:
        again = read_dmn_text(write_dmn(model), file=model.file, folder=suite.model.parent, strict=False)
        assert again == model
        return again

    return change
