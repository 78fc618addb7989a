import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from loft.example import ExamplePaths, write_example
from loft.log import Log, import_files, open_log
from loft.log.mapping import Mapping
from loft.value.cells import Cells
from loft.value.making import cells_of, use_cells
from loft.value.plan import Plan

EVENTS = """
    SELECT * RENAME ("at" AS done), timezone('Europe/Oslo', timezone('UTC', "at")) AS done_here,
           timezone('Europe/Oslo', timezone('UTC', coalesce(began, "at"))) AS began_here
"""
CASES = """
    SELECT "case", any_value(service) AS service, any_value(center) AS center, min(done) AS opened,
           date_diff('second', min(done), max(done)) / 86400.0 AS days, count(DISTINCT unit) AS doors,
           max_by(activity, (done, row_number)) AS last, bool_or(unit = 'Felles dør for nyankomne') AS by_door
    FROM (SELECT *, row_number() OVER () AS row_number FROM events) GROUP BY "case"
"""


@dataclass(frozen=True)
class Fjordvik:
    """The example on disk, its truth, and a connection with the tables ``events`` (``at`` is ``done`` there; ``…_here`` is
    Oslo's clock) and ``cases``."""

    paths: ExamplePaths
    truth: dict[str, Any]
    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def one(self, query: str) -> Any:
        return self.rows(query)[0][0]


@pytest.fixture(scope="session")
def fjordvik(tmp_path_factory: pytest.TempPathFactory) -> Fjordvik:
    paths = write_example(tmp_path_factory.mktemp("fjordvik"), events=200_000, seed=2026)
    return opened(paths)


def opened(paths: ExamplePaths) -> Fjordvik:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    in_utc = """SELECT * REPLACE (timezone('UTC', "at") AS "at", timezone('UTC', began) AS began)"""
    connection.execute(f"CREATE TABLE events AS {EVENTS} FROM ({in_utc} FROM read_parquet('{paths.log}'))")
    connection.execute(f"CREATE TABLE cases AS {CASES}")
    return Fjordvik(paths, json.loads(Path(paths.truth).read_text(encoding="utf-8")), connection)


@pytest.fixture(scope="session")
def log(fjordvik: Fjordvik, tmp_path_factory: pytest.TempPathFactory) -> Log:
    """The log of the example, imported."""
    store = tmp_path_factory.mktemp("store") / "fjordvik"
    import_files([fjordvik.paths.log], store, mapping=Mapping.load(fjordvik.paths.mapping))
    return open_log(store)


def asked(log: Log, plan: Plan) -> dict[str, Cells]:
    """The cells of *plan*, asked of the log."""
    about: dict[str, Any] = {"by": plan.by, "services": plan.services, "within": plan.within}
    names = dict.fromkeys((plan.measure, *(g.measure for g in plan.guardrails), "volume", "withdrawal"))
    assert plan.use is not None
    return {**{name: cells_of(log, name, **about) for name in names}, "use": use_cells(log, plan.use, **about)}
