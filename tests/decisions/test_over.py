"""A rule over a log gives what it gives case by case: on tables made by chance, on DuckDB and PostgreSQL, facts missing or not."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.decisions import NOTHING, Table
from loft.decisions.decision import Status
from loft.decisions.model import DecisionTable
from loft.decisions.over import over
from tests.decisions.random_tables import MANY, TABLES, Chance, chances, values_of

ARROW = {
    "number": pa.float64(),
    "string": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
CASES = 40
"""Cases for each table."""
FEWER = MANY if TABLES > 1_000 else type(MANY)(parent=MANY, max_examples=TABLES // 5)


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Any]:
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[Any]:
    connection = ibis.connect(postgres_url.split("&schema")[0])
    yield connection
    connection.disconnect()


def cases_of(table: Table, seed: int, cases: int = CASES) -> list[dict[str, Any]]:
    """Facts by chance, about a third of them not known."""
    chance = np.random.default_rng(seed)
    values = {given.name: [v for v in values_of(table, given.name) if v is not NOTHING] for given in table.inputs}
    return [
        {name: None if chance.random() < 0.3 else some[chance.integers(len(some))] for name, some in values.items()}
        for _ in range(cases)
    ]


def log_of(table: Table, cases: list[dict[str, Any]]) -> pa.Table:
    """A column for each fact, and a number for each case."""
    columns: dict[str, Any] = {"n": pa.array(range(len(cases)))}
    for fact in table.inputs:
        values = [case[fact.name] for case in cases]
        plain = [float(value) if isinstance(value, Decimal) else value for value in values]
        columns[fact.name.replace(" ", "_")] = pa.array(plain, ARROW[fact.type.kind])
    return pa.table(columns)


def answers(connection: Any, table: Table, cases: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Status, outputs and row of every case, from the engine."""
    stored = connection.create_table("cases_by_chance", log_of(table, cases), overwrite=True)
    rows = over(table, stored, names="the ").order_by("n").to_pyarrow().to_pylist()
    return [
        (row["the status"], tuple(plainly(row[f"the {name}"]) for name in table.output_names), row["the row"])
        for row in rows
    ]


def plainly(value: Any) -> Any:
    """Numbers as floats, so that engines can be compared."""
    if isinstance(value, list):
        return [plainly(member) for member in value]
    return float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


def wanted(table: Table, case: dict[str, Any]) -> tuple[Any, ...]:
    """The same from a single decision."""
    decision = table.decide(case)
    value = decision.value
    names = table.output_names
    if len(names) == 1:
        outputs = (plainly(value),)
    elif isinstance(value, list):
        outputs = tuple([plainly(row[name]) for row in value] for name in names)
    else:
        outputs = tuple(None if value is None else plainly(value[name]) for name in names)
    logic = table.node.logic
    assert isinstance(logic, DecisionTable)
    single = logic.hit_policy.single and decision.status is Status.DECIDED and len(decision.rows) == 1
    return decision.status.value, outputs, decision.rows[0] if single else None


@FEWER
@given(chance=chances(), seed=st.integers(0, 2**32))
def test_duckdb_gives_what_single_decisions_give(duckdb: Any, chance: Chance, seed: int) -> None:
    cases = cases_of(chance.table, seed)
    assert answers(duckdb, chance.table, cases) == [wanted(chance.table, case) for case in cases]


@FEWER
@given(chance=chances(), seed=st.integers(0, 2**32))
def test_postgres_gives_what_single_decisions_give(postgres: Any, chance: Chance, seed: int) -> None:
    cases = cases_of(chance.table, seed)
    assert answers(postgres, chance.table, cases) == [wanted(chance.table, case) for case in cases]
