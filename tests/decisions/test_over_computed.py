"""Computed columns and columns with allowed values over a log, held against single decisions."""

from itertools import product
from typing import Any

import ibis
import pyarrow as pa
import pytest

from loft.decisions.model import HitPolicy
from tests.decisions.mixed_tables import mixed


@pytest.mark.parametrize(
    ("text", "limits", "cells"),
    [
        ("x / y", "", ["< 5", ">= 5"]),
        ("x - y", "", ["< 5", ">= 5"]),
        ("if y > 1 then x else null", "", ["< 5", "not(< 5)"]),
        ("x + y", "[0..3]", ["<= 3", "null", "-"]),
        ("x + 0", "[0..y]", ["<= 3", "null", "-"]),
        ("x + 0", "[0..3]", ["< y", "? > y", "-"]),
    ],
)
def test_computed_columns_over_a_log_give_what_single_decisions_give(text: str, limits: str, cells: list[str]) -> None:
    rows = [[cell, str(number)] for number, cell in enumerate(cells)]
    table = mixed([(text, "number", limits)], rows, HitPolicy.FIRST, typed=True)
    values = (None, -1.0, 0.0, 2.0, 4.0, 9.0)
    cases: list[dict[str, Any]] = [{"x": x, "y": y} for x, y in product(values, values)]
    log = pa.Table.from_pylist(cases, schema=pa.schema({"x": pa.float64(), "y": pa.float64()}))
    found = ibis.duckdb.connect().to_pyarrow(table.over(ibis.memtable(log))).to_pylist()
    for case, given in zip(cases, found, strict=True):
        if given["status"] == "undecided":
            assert None in case.values()
            continue
        for x, y in product(*([own] if own is not None else values[1:] for own in case.values())):
            decision = table.decide({"x": x, "y": y})
            assert (given["status"], given["outcome"]) == (decision.status, decision.value), (case, x, y)
