"""Real logs, imported whole: cases, events, activities and the directly-follows graph as PM4Py counts them on the same files.

What PM4Py found stands in ``expected_dfg.json``, which ``python -m bench agree`` writes; its ``sha256`` is of the sorted lines
previous, activity and count, with tabs between.
"""

import hashlib
import json
from pathlib import Path

import pytest

from loft import insight
from loft.log import Store, import_files, open_log

EXPECTED = json.loads((Path(__file__).parent / "expected_dfg.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_log_has_the_published_figures(name: str, shared_data: Path, tmp_path: Path) -> None:
    result = import_files([shared_data / "logs" / name], tmp_path / "store")
    log = open_log(tmp_path / "store").with_gate_open()
    arcs = insight.directly_follows(log).rows()
    log.close()
    lines = sorted(f"{arc['previous']}\t{arc['activity']}\t{arc['count']}\n" for arc in arcs)
    expected = EXPECTED[name]
    assert (log.meta.cases, log.meta.events, log.meta.activities) == tuple(
        expected[key] for key in ("cases", "events", "activities")
    )
    assert (len(arcs), sum(arc["count"] for arc in arcs)) == (expected["arcs"], expected["follows"])
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == expected["sha256"]
    assert (result.cases, result.events) == (expected["cases"], expected["events"])
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
