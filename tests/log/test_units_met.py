"""Cases are chosen by unit from a bit for each of the most frequent units; the others are looked for among the steps."""

import csv

import pytest

from loft.log import Log, Mapping, Selection, import_files, open_log
from loft.log.steps import MASKED

UNITS = MASKED + 8


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """Case *n* meets the units 1, 2, … *n* in order, so unit 1 is the most frequent and each has its own number of cases."""
    folder = tmp_path_factory.mktemp("units")
    with (folder / "log.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["case", "activity", "at", "unit"])
        for case in range(1, UNITS + 1):
            rows.writerows(
                [f"c{case:03}", "asked", f"2024-01-01T00:{unit % 60:02}:00Z", f"u{unit:03}"]
                for unit in range(1, case + 1)
            )
    import_files(
        [folder / "log.csv"],
        folder / "store",
        mapping=Mapping("csv", case="case", activity="activity", at="at", unit="unit"),
    )
    return open_log(folder / "store")


@pytest.mark.parametrize("unit", [1, 2, MASKED, MASKED + 1, UNITS])
def test_the_cases_that_met_a_unit(log: Log, unit: int) -> None:
    chosen = Selection(units=(f"u{unit:03}",))
    assert log.count(chosen) == UNITS - unit + 1
    assert log.run(log.steps(chosen).case_id.nunique().name("n").as_table()).to_pydict() == {"n": [UNITS - unit + 1]}


def test_any_of_several_units_will_do(log: Log) -> None:
    assert log.count(Selection(units=("u010", f"u{UNITS:03}"))) == UNITS - 9
    assert log.count(Selection(units=("u010", "u002"))) == UNITS - 1
