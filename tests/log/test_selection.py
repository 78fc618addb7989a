"""A selection says which cases; what the log does not have is said, with what was perhaps meant."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loft.log import EVERYTHING, Log, LogError, Mapping, Selection, import_files, open_log
from loft.log.publish import publish
from tests.insight.text import moment

# "kind" is an attribute of the case and of an event, "amount" a decimal, "copies" a whole number, "paid" a truth value.
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <trace><string key="concept:name" value="a"/><string key="kind" value="large"/>
    <event><string key="concept:name" value="apply"/><date key="time:timestamp" value="2024-01-01T00:00:00Z"/>
      <string key="org:group" value="desk"/><float key="amount" value="1.0"/>
      <int key="copies" value="2"/><boolean key="paid" value="true"/></event>
  </trace>
  <trace><string key="concept:name" value="b"/><string key="kind" value="small"/>
    <event><string key="concept:name" value="apply"/><date key="time:timestamp" value="2024-01-02T00:00:00Z"/>
      <string key="kind" value="large"/><string key="org:group" value="expert"/><float key="amount" value="0.1"/>
      <int key="copies" value="3"/><boolean key="paid" value="false"/></event>
  </trace>
  <trace><string key="concept:name" value="c"/><string key="kind" value="small"/>
    <event><string key="concept:name" value="apply"/><date key="time:timestamp" value="2024-01-03T00:00:00Z"/></event>
  </trace>
</log>
"""
MAPPING = Mapping("xes", case="case:concept:name", activity="concept:name", at="time:timestamp", unit="org:group")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("selection")
    (folder / "log.xes").write_text(XES, encoding="utf-8")
    import_files([folder / "log.xes"], folder / "store", mapping=MAPPING)
    return folder / "store"


@pytest.fixture(scope="module")
def duckdb_log(store: Path) -> Iterator[Log]:
    log = open_log(store)
    yield log
    log.close()


@pytest.fixture(scope="module")
def postgres_log(store: Path, postgres_url: str) -> Iterator[Log]:
    publish(store, f"{postgres_url}&schema=selection")
    log = open_log(f"{postgres_url}&schema=selection")
    yield log
    log.close()


@pytest.fixture(scope="module")
def spark_log(store: Path, spark_session: Any) -> Log:
    return open_log(f"spark://{store}")


@pytest.fixture(
    params=[
        "duckdb",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("spark", marks=pytest.mark.spark),
    ]
)
def log(request: pytest.FixtureRequest) -> Log:
    return request.getfixturevalue(f"{request.param}_log")


def cases(log: Log, selection: Selection) -> str:
    return "".join(sorted(log.run(log.cases(selection).select("case")).column("case").to_pylist()))


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (EVERYTHING, "abc"),
        (Selection(where=(("kind", "large"),)), "ab"),
        (Selection(where=(("kind", "small"),)), "bc"),
        (Selection(where=(("kind", "large"), ("kind", "small"))), "b"),
        (Selection(where=(("amount", "1"),)), "a"),
        (Selection(where=(("amount", "1.0"),)), "a"),
        (Selection(where=(("amount", "0.1"),)), "b"),
        (Selection(where=(("amount", "one"),)), ""),
        (Selection(where=(("copies", "3"),)), "b"),
        (Selection(where=(("paid", "true"),)), "a"),
        (Selection(units=("desk", "expert")), "ab"),
        (Selection(opened_from=date(2024, 1, 2)), "bc"),
        (Selection(date(2024, 1, 2), date(2024, 1, 2)), "b"),
    ],
)
def test_a_selection_chooses_these_cases_on_every_engine(log: Log, selection: Selection, chosen: str) -> None:
    assert cases(log, selection) == chosen
    assert log.count(selection) == len(chosen)


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        (Selection(units=("desc",)), "no unit 'desc'. Did you mean 'desk'"),
        (Selection(services=("build",)), "no service 'build'"),
        (Selection(where=(("knd", "large"),)), "no attribute 'knd'. Did you mean 'kind'"),
        (Selection(where=(("zzz", "1"),)), "It has: kind"),
    ],
)
def test_what_the_log_does_not_have_is_said(duckdb_log: Log, selection: Selection, says: str) -> None:
    with pytest.raises(LogError, match=says.replace(".", r"\.")):
        duckdb_log.count(selection)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Selection(date(2024, 1, 2), date(2024, 1, 1))


def test_a_case_is_about_the_first_service_it_names(tmp_path: Path) -> None:
    rows = {
        "case": list("aab"),
        "activity": list("xyz"),
        "at": pa.array(map(moment, range(3)), pa.timestamp("us")),
        "service": [None, "build", "move"],
    }
    pq.write_table(pa.table(rows), tmp_path / "log.parquet")
    mapping = Mapping("parquet", case="case", activity="activity", at="at", service="service")
    import_files([tmp_path / "log.parquet"], tmp_path / "store", mapping=mapping)
    log = open_log(tmp_path / "store")
    assert cases(log, Selection(services=("build",))) == "a"
    assert log.run(log.steps(Selection(services=("build",)))).num_rows == 2
    log.close()


def test_lists_are_as_good_as_tuples_and_a_name_counts_once() -> None:
    written = Selection(services=["build"], units=["desk", "desk"], where=[["channel", "web"], ("channel", "web")])  # type: ignore[arg-type,list-item]
    plain = Selection(services=("build",), units=("desk",), where=(("channel", "web"),))
    assert written == plain
    assert hash(written) == hash(plain)


@pytest.mark.parametrize("wrong", [{"units": "desk"}, {"services": "build"}, {"where": "ab"}, {"where": ("ab",)}])
def test_one_name_in_place_of_several_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="holds"):
        Selection(**wrong)
