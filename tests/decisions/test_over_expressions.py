"""Expressions in inputs, cells and outputs, and required decisions, over a log and case by case."""

from datetime import date
from itertools import product
from typing import Any

import ibis
import pyarrow as pa
import pytest

from loft.decisions import RuleError, Table
from loft.decisions.over import over
from loft.decisions.text.reader import read_text

RULE = """# Support

- rule: support

## Facts

| fact      | type   |
|-----------|--------|
| income    | number |
| deduction | number |
| born      | date   |
| place     | string |

## Decision: base

| F | income - deduction | place                | → base                           |
|---|--------------------|----------------------|----------------------------------|
| 1 | < 100              | -                    | income * 0.5                     |
| 2 | -                  | starts with(?, "Os") | 10                               |
| 3 | -                  | -                    | if income > 500 then 1 else 2    |

## Decision: support

| F | base | years and months duration(born, date("2026-01-01")).years | → support |
|---|------|------------------------------------------------------------|-----------|
| 1 | > 5  | >= 18                                                      | base + 1  |
| 2 | -    | < 18                                                       | 0         |
| 3 | -    | -                                                          | 7         |
"""
VALUES: dict[str, list[Any]] = {
    "income": [50, 300, 900, None],
    "deduction": [0, 250, None],
    "born": [date(2000, 1, 1), date(2008, 1, 2), None],
    "place": ["Oslo", "Bergen", None],
}


def test_expressions_and_required_decisions_give_what_single_decisions_give() -> None:
    model = read_text(RULE)
    table = Table(model, model.decision("support"))
    cases = [dict(zip(VALUES, chosen, strict=True)) for chosen in product(*VALUES.values())]
    log = ibis.duckdb.connect().create_table("log", pa.Table.from_pylist([{**c, "n": n} for n, c in enumerate(cases)]))
    found = over(table, log).order_by("n").to_pyarrow().to_pylist()
    for case, row in zip(cases, found, strict=True):
        decision = table.decide(case)
        assert (row["status"], row["support"]) == (decision.status.value, decision.value), case


def test_what_cannot_be_run_over_a_log_is_named_with_its_place() -> None:
    model = read_text(RULE.replace('starts with(?, "Os")', 'matches(?, "Os.*")'))
    table = Table(model, model.decision("support"))
    log = ibis.table({"income": "int64", "place": "string"}, name="log")
    with pytest.raises(RuleError, match=r"decision “base”, row 2, column “place”.*matches\(\)"):
        over(table, log)
