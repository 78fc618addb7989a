"""Real logs, imported whole: cases, events, activities and the directly-follows graph as PM4Py counts them on the same files.

The figures stand in the README of the shared data, made with PM4Py.
"""

from pathlib import Path

import pytest

from loft import insight
from loft.log import Store, import_files, open_log

EXPECTED = {
    "BPIC15_1.xes.gz": (1_199, 52_217, 398, 4_699, 51_018),
    "BPIC15_2.xes.gz": (832, 44_354, 410, 4_802, 43_522),
    "BPIC15_3.xes.gz": (1_409, 59_681, 383, 4_909, 58_272),
    "bpic2020_PermitLog.xes.gz": (6_426, 81_092, 49, 531, 74_666),
    "receipt.xes.gz": (1_434, 8_577, 27, 99, 7_143),
    "road_traffic_promi.xes.gz": (150_370, 561_470, 11, 70, 411_100),
    "roadtraffic100traces.xes": (100, 390, 10, 18, 290),
    "running-example.xes": (6, 42, 8, 16, 36),
}
"""Cases, events, activities, arcs, and the sum of the arcs' counts."""


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_log_has_the_published_figures(name: str, shared_data: Path, tmp_path: Path) -> None:
    result = import_files([shared_data / "logs" / name], tmp_path / "store")
    log = open_log(tmp_path / "store").with_gate_open()
    arcs = insight.directly_follows(log)
    found = (log.meta.cases, log.meta.events, log.meta.activities, len(arcs), sum(arcs.column("count")))
    assert found == EXPECTED[name]
    assert (result.cases, result.events) == found[:2]
    assert result.rejected == 0
    assert Store(tmp_path / "store").check() == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["receipt.xes.gz", "running-example.xes"])
def test_importing_a_real_log_again_changes_nothing(name: str, shared_data: Path, tmp_path: Path) -> None:
    import_files([shared_data / "logs" / name], tmp_path / "store")
    assert import_files([shared_data / "logs" / name], tmp_path / "store").unchanged


@pytest.mark.parametrize("name", ["ocel20_example.jsonocel", "ocel20_example.sqlite", "recruiting-red.jsonocel"])
def test_an_object_centric_log_is_imported_with_an_object_type_as_its_case(
    name: str, shared_data: Path, tmp_path: Path
) -> None:
    result = import_files([shared_data / "logs" / name], tmp_path / "store")
    assert result.cases > 0
    assert result.events >= result.cases
