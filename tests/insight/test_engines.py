"""What the questions ask can be asked of engines that no test runs: every expression compiles for them."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

import ibis
import pyarrow as pa
import pytest
import sqlglot

from loft.log import Log
from loft.log.engine import Engine
from tests.insight.conftest import Logs
from tests.insight.questions import QUESTIONS, SELECTIONS

KINDS = ("everything", "some days", "several conditions")
"""Answered from cubes; from cubes, but for the histograms; from steps."""


@dataclass(frozen=True)
class Recorder(Engine):
    """An engine that remembers what it was asked."""

    asked: list[Any] = field(default_factory=list)

    def run(self, expression: Any) -> pa.Table:
        self.asked.append(expression)
        return super().run(expression)


@pytest.fixture(scope="module")
def expressions(duckdb_logs: Logs) -> list[Any]:
    """Each expression that all questions to all kinds of selections run."""
    log = duckdb_logs("permits")
    plain = {f.name: getattr(log.engine, f.name) for f in fields(Engine)} | {"bitmaps": False}
    recorder = Recorder(**plain)
    recorded: Log = replace(log, engine=recorder).with_gate_open()
    for question in QUESTIONS.values():
        for selection in KINDS:
            question(recorded, SELECTIONS[selection])
    # The gate counts cases too; with the gate open it does not ask.
    replace(recorded, minimum=5, _counts={}).count(SELECTIONS["several conditions"])
    return list({str(ibis.to_sql(e.as_table())): e.as_table() for e in recorder.asked}.values())


def test_all_questions_were_recorded(expressions: list[Any]) -> None:
    assert len(expressions) > len(QUESTIONS) * len(KINDS)


@pytest.mark.parametrize("dialect", ["trino", "clickhouse"])
def test_every_expression_compiles(expressions: list[Any], dialect: str) -> None:
    for expression in expressions:
        assert sqlglot.parse_one(str(ibis.to_sql(expression, dialect=dialect)), dialect=dialect).find(
            sqlglot.exp.Select
        )
