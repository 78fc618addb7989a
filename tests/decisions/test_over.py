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

from loft.decisions import NOTHING, RuleError, Table
from loft.decisions.decision import Status
from loft.decisions.feel.types import NUMBER, STRING
from loft.decisions.model import Aggregation, DecisionTable, HitPolicy
from loft.decisions.over import over, running
from tests.decisions.random_tables import MANY, TABLES, Chance, chances, made, values_of

ARROW = {
    "number": pa.float64(),
    "string": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
SINGLE = tuple(policy for policy in HitPolicy if policy.single)
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


@pytest.fixture
def no_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is taken to be too large for a tree."""
    monkeypatch.setattr(running, "tree", lambda *_: None)


def right_or_undecided(connection: Any, table: Table, cases: list[dict[str, Any]]) -> None:
    """Cases with all facts are as single decisions have them; others too, or left undecided, or without the row that fired."""
    for ours, case in zip(answers(connection, table, cases), cases, strict=True):
        theirs = wanted(table, case)
        less = None in case.values() and (ours[0] == Status.UNDECIDED or ours == (*theirs[:2], None))
        assert ours == theirs or less, case


@FEWER
@given(chance=chances(policies=SINGLE), seed=st.integers(0, 2**32))
def test_a_table_too_large_for_a_tree_is_right_or_undecided(
    no_tree: None, duckdb: Any, chance: Chance, seed: int
) -> None:
    right_or_undecided(duckdb, chance.table, cases_of(chance.table, seed))


@pytest.mark.parametrize("policy", SINGLE)
def test_rows_beyond_one_word_are_right_on_both_engines(
    no_tree: None, duckdb: Any, postgres: Any, policy: HitPolicy
) -> None:
    rows = [(f"[{n / 50}..{n / 50 + 0.3})", ["-", '"a"', 'not("b")'][n % 3], str(n % 3 + 1)) for n in range(150)]
    table = made({"fact 0": NUMBER, "fact 1": STRING}, rows, policy=policy, default="3")
    for connection in (duckdb, postgres):
        right_or_undecided(connection, table, cases_of(table, 5, 100))


@pytest.mark.parametrize("aggregation", Aggregation)
def test_points_are_added_up_though_rows_overlap_in_every_way(duckdb: Any, aggregation: Aggregation) -> None:
    facts = {f"fact {n}": NUMBER for n in range(12)}
    rows = [(*("> 1" if n == at else "-" for n in range(12)), str(at + 1)) for at in range(12)]
    table = made(facts, rows, policy=HitPolicy.COLLECT, aggregation=aggregation)
    cases = cases_of(table, 3, 300)
    right_or_undecided(duckdb, table, [{n: 2 if v is None else v for n, v in case.items()} for case in cases])


def test_a_fact_without_a_column_is_not_known(duckdb: Any) -> None:
    table = made({"fact 0": NUMBER, "fact 1": STRING}, [("< 2", "-", "1"), (">= 2", '"a"', "2")], default="3")
    log = duckdb.create_table("one_fact", pa.table({"fact_0": [1.0, 2.0, float("nan"), None]}), overwrite=True)
    assert over(table, log).to_pyarrow().column("status").to_pylist() == ["decided", *["undecided"] * 3]


def test_a_column_that_is_there_is_not_written_over(duckdb: Any) -> None:
    table = made({"fact 0": NUMBER}, [("-", "1")])
    log = duckdb.create_table("taken", pa.table({"fact_0": [1.0], "row": [1]}), overwrite=True)
    with pytest.raises(RuleError, match="“row” already"):
        over(table, log)
    assert over(table, log, names="rule ").columns == ("fact_0", "row", "rule outcome", "rule row", "rule status")


def test_a_column_of_another_type_is_told(duckdb: Any) -> None:
    table = made({"fact 0": NUMBER}, [("-", "1")])
    log = duckdb.create_table("typed", pa.table({"fact_0": ["1"]}), overwrite=True)
    with pytest.raises(RuleError, match="“fact_0” holds string"):
        over(table, log)
    with pytest.raises(RuleError, match="no fact “fact 9”"):
        over(table, log, facts={"fact 9": "fact_0"})


@pytest.mark.parametrize("dialect", ["trino", "clickhouse"])
def test_a_table_compiles_for_engines_that_no_test_runs(dialect: str) -> None:
    table = made({"fact 0": NUMBER, "fact 1": STRING}, [("< 2", '"a"', "1"), ("-", "-", "2")], policy=HitPolicy.FIRST)
    log = ibis.table({"fact_0": "float64", "fact_1": "string"}, name="log")
    assert "SELECT" in str(ibis.to_sql(over(table, log), dialect=dialect))
