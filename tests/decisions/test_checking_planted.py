"""Faults planted in tables that are whole, found again; and every finding against looking at all combinations of values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest

from loft.decisions.checking import Finding, Kind, check
from loft.decisions.feel import ast
from loft.decisions.feel.evaluate import test as holding
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_tests
from loft.decisions.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, Type
from loft.decisions.model import (
    Cell,
    DecisionNode,
    DecisionTable,
    HitPolicy,
    Input,
    InputData,
    Model,
    Output,
    OutputCell,
    Row,
)
from loft.decisions.tables import Table

WORDS = ("a", "b", "c", "d")
FIRST = date(2026, 1, 1)
NAMES = Names({"?": ANY})


@dataclass(frozen=True)
class Span:
    """Numbers between two ends, in halves: 2 is the point 1, 3 what lies between 1 and 2. None: without end."""

    low: int | None = None
    high: int | None = None

    def cell(self) -> str:
        match self.low, self.high:
            case None, None:
                return "-"
            case None, int(high):
                return f"< {(high + 1) // 2}" if high % 2 else f"<= {high // 2}"
            case int(low), None:
                return f"> {low // 2}" if low % 2 else f">= {low // 2}"
            case int(low), int(high):
                opening, closing = "(" if low % 2 else "[", ")" if high % 2 else "]"
                return f"{opening}{low // 2}..{(high + 1) // 2}{closing}"
        raise AssertionError

    def halves(self, chance: np.random.Generator, top: int) -> "tuple[Span, Span] | None":
        low, high = 0 if self.low is None else self.low, top if self.high is None else self.high
        if high <= low:
            return None
        cut = int(chance.integers(low, high))
        return Span(self.low, cut), Span(cut + 1, self.high)


@dataclass(frozen=True)
class Days(Span):
    """Days from the first to the last, both included."""

    def cell(self) -> str:
        low, high = (end if end is None else f'date("{FIRST + timedelta(end)}")' for end in (self.low, self.high))
        if low is None:
            return "-" if high is None else f"<= {high}"
        return f">= {low}" if high is None else f"[{low}..{high}]"

    def halves(self, chance: np.random.Generator, top: int) -> "tuple[Span, Span] | None":
        halves = super().halves(chance, top)
        return halves and (Days(halves[0].low, halves[0].high), Days(halves[1].low, halves[1].high))


@dataclass(frozen=True)
class Some:
    """Some of several named values."""

    values: tuple[str, ...]
    of: int

    def cell(self) -> str:
        return "-" if len(self.values) == self.of else ", ".join(self.values)

    def halves(self, chance: np.random.Generator, top: int) -> "tuple[Some, Some] | None":
        if len(self.values) < 2:
            return None
        mixed = [self.values[i] for i in chance.permutation(len(self.values))]
        cut = int(chance.integers(1, len(mixed)))
        return Some(tuple(sorted(mixed[:cut])), self.of), Some(tuple(sorted(mixed[cut:])), self.of)


Part = Span | Some
Parts = tuple[Part, ...]
STRINGS, BOOLEANS = Some(tuple(f'"{w}"' for w in WORDS), 4), Some(("false", "true"), 2)
WHOLE: Parts = (Span(), STRINGS, BOOLEANS, Days())
KINDS: dict[type | Part, Type] = {STRINGS: STRING, BOOLEANS: BOOLEAN, Span(): NUMBER, Days(): DATE}


def divided(whole: Parts, rows: int, chance: np.random.Generator, top: int = 9) -> tuple[list[Parts], list[Parts]]:
    """*whole* in so many parts that do not overlap, made by cutting again and again; and the larger parts on the way."""
    leaves, inner = [whole], []
    while len(leaves) < rows:
        leaf = leaves.pop(int(chance.integers(len(leaves))))
        axis = int(chance.integers(len(whole)))
        halves = leaf[axis].halves(chance, top)
        if halves is None:
            leaves.append(leaf)
            continue
        inner.append(leaf)
        leaves += [(*leaf[:axis], half, *leaf[axis + 1 :]) for half in halves]
    return [leaves[i] for i in chance.permutation(len(leaves))], inner


def table(whole: Parts, rows: list[Parts], policy: HitPolicy = HitPolicy.UNIQUE) -> Table:
    """The rule whose rows are these parts of the whole."""
    facts = [f"f{number}" for number in range(len(whole))]
    cells = {part.cell(): None for row in (whole, *rows) for part in row}
    read = {text: Cell(text, parse_tests(text, NAMES)) for text in cells}
    columns = tuple(
        Input(fact, ast.Name(fact), KINDS[part], _allowed(part)) for fact, part in zip(facts, whole, strict=True)
    )
    written = tuple(
        Row(tuple(read[part.cell()] for part in row), (OutputCell(str(n), ast.Literal(Decimal(n))),))
        for n, row in enumerate(rows)
    )
    given = tuple(InputData(fact, KINDS[part], id=fact) for fact, part in zip(facts, whole, strict=True))
    logic = DecisionTable(columns, (Output("o"),), written, policy)
    node = DecisionNode("rule", logic, id="rule", requires=tuple(facts))
    return Table(Model("m", inputs=given, decisions=(node,)), node)


def _allowed(part: Part) -> Cell | None:
    if part is not STRINGS:
        return None
    text = ", ".join(STRINGS.values)
    return Cell(text, parse_tests(text, NAMES))


def values(types: list[Type], top: int = 9) -> list[list[Any]]:
    """For each axis values enough that no two parts differ between them."""
    numbers = [Decimal(half) / 2 for half in range(-1, top + 2)]
    days = [FIRST + timedelta(day) for day in range(-1, top + 2)]
    by_kind = {"string": list(WORDS), "boolean": [True, False], "number": numbers, "date": days}
    return [by_kind[one.kind] for one in types]


def fitting(asked: Table) -> dict[tuple[Any, ...], list[int]]:
    """For every combination of values the rows that fit, by evaluating every cell for every value."""
    logic = logic_of(asked)
    columns = values([column.type for column in logic.inputs])
    held: list[list[set[int]]] = []
    for number, column in enumerate(columns):
        tests = [holding(row.cells[number].tests) for row in logic.rows]
        held.append([{r for r, fits in enumerate(tests) if fits(value, {}) is True} for value in column])
    points = product(*(range(len(column)) for column in columns))
    return {
        tuple(column[i] for column, i in zip(columns, point, strict=True)): sorted(
            set.intersection(*(rows[i] for rows, i in zip(held, point, strict=True)))
        )
        for point in points
    }


def logic_of(asked: Table) -> DecisionTable:
    assert isinstance(asked.node.logic, DecisionTable)
    return asked.node.logic


def rows_at(asked: Table, found: Finding) -> list[int]:
    """The rows, from 1, that fit a finding's example."""
    example = dict(found.example)
    logic = logic_of(asked)
    return [
        number
        for number, row in enumerate(logic.rows, start=1)
        if all(
            holding(cell.tests)(example[column.text], {}) is True
            for cell, column in zip(row.cells, logic.inputs, strict=True)
        )
    ]


def inside(asked: Table, point: tuple[Any, ...], found: Finding) -> bool:
    """Whether a combination of values lies in a finding's region, as it is told in FEEL."""
    value = {column.text: v for column, v in zip(logic_of(asked).inputs, point, strict=True)}
    return all(_holds(tests, value[head]) for head, tests in found.region)


@cache
def _holds(text: str, value: Any) -> bool:
    return holding(parse_tests(text, NAMES))(value, {}) is True


def chances(count: int, base: int) -> Iterator[np.random.Generator]:
    return (np.random.default_rng((base, number)) for number in range(count))


def test_a_whole_table_has_neither_gap_nor_overlap() -> None:
    for chance in chances(100, 1):
        rows, _ = divided(WHOLE, int(chance.integers(1, 30)), chance)
        report = check(table(WHOLE, rows))
        assert report.ok and report.exact and not report.of(Kind.GAP), str(report)


def test_a_row_taken_out_is_the_one_gap() -> None:
    for chance in chances(100, 2):
        rows, _ = divided(WHOLE, int(chance.integers(2, 30)), chance)
        missing, *left = rows
        asked = table(WHOLE, left)
        report = check(asked)
        (gap,) = report.of(Kind.GAP)
        assert rows_at(asked, gap) == [] and not report.ok
        told = {part.cell() for part in missing} - {"-"}
        whole = table(WHOLE, [missing])
        assert rows_at(whole, gap) == [1] and len(gap.region) == len(told)


def test_a_cell_taken_out_gives_the_overlaps_that_looking_everywhere_gives() -> None:
    planted = 0
    for chance in chances(60, 3):
        rows, _ = divided(WHOLE, int(chance.integers(2, 9)), chance)
        row, axis = int(chance.integers(len(rows))), int(chance.integers(len(WHOLE)))
        rows[row] = (*rows[row][:axis], WHOLE[axis], *rows[row][axis + 1 :])
        asked = table(WHOLE, rows)
        found = check(asked).of(Kind.OVERLAP)
        pairs = {(a + 1, b + 1) for rows_ in fitting(asked).values() for a in rows_ for b in rows_ if a < b}
        assert {one.rows for one in found} == pairs
        assert all(set(one.rows) <= set(rows_at(asked, one)) for one in found)
        planted += bool(pairs)
    assert planted > 20


def test_a_row_behind_its_own_parts_never_fires() -> None:
    planted = 0
    for chance in chances(60, 4):
        rows, inner = divided(WHOLE, int(chance.integers(3, 12)), chance)
        extra = inner[int(chance.integers(len(inner)))]
        rows.insert(int(chance.integers(len(rows) + 1)), extra)
        asked = table(WHOLE, rows, HitPolicy.FIRST)
        found = check(asked).of(Kind.NEVER)
        firing = {rows_[0] for rows_ in fitting(asked).values() if rows_}
        assert {one.rows[0] - 1 for one in found} == set(range(len(rows))) - firing
        for one in found:
            behind = replace(
                logic_of(asked), rows=tuple(logic_of(asked).rows[r - 1] for r in (*sorted(one.rows[1:]), one.rows[0]))
            )
            alone = Table(asked.model, replace(asked.node, logic=behind))
            assert len(behind.rows) - 1 not in {rows_[0] for rows_ in fitting(alone).values() if rows_}
        planted += any(one.rows[0] - 1 == rows.index(extra) for one in found)
    assert planted > 5


def test_the_regions_of_any_table_are_just_the_cases_that_no_row_fits() -> None:
    compared = 0
    for chance in chances(40, 5):
        kept = [_any(chance) for _ in range(int(chance.integers(1, 12)))]
        asked = table(WHOLE, kept)
        gaps = check(asked).of(Kind.GAP)
        told = [gap for gap in gaps if gap.example]
        for point, rows in fitting(asked).items():
            if rows:
                assert not any(inside(asked, point, gap) for gap in told)
            elif len(gaps) == len(told):
                assert any(inside(asked, point, gap) for gap in told)
        compared += len(gaps) == len(told)
    assert compared > 15


def _any(chance: np.random.Generator) -> Parts:
    """Any box: each axis cut a few times, or left whole."""
    parts = []
    for part in WHOLE:
        for _ in range(int(chance.integers(0, 3))):
            halves = part.halves(chance, 9)
            part = halves[int(chance.integers(2))] if halves else part
        parts.append(part)
    return tuple(parts)


LARGE: Parts = (Span(), Span(), Span(), STRINGS, BOOLEANS, Days(), Days(), Span())


@pytest.mark.parametrize("taken", [0, 1])
def test_eight_inputs_and_two_hundred_rows_are_proved(taken: int) -> None:
    rows, _ = divided(LARGE, 200, np.random.default_rng(6), top=200)
    report = check(table(LARGE, rows[taken:]))
    assert report.exact and len(report.of(Kind.GAP)) == taken and not report.of(Kind.OVERLAP)


def test_beyond_the_steps_cases_are_sampled_and_the_report_says_so() -> None:
    rows, _ = divided(LARGE, 40, np.random.default_rng(7), top=20)
    missing = max(range(len(rows)), key=lambda r: sum(part.cell() == "-" for part in rows[r]))
    asked = table(LARGE, rows[:missing] + rows[missing + 1 :])
    report = check(asked, steps=10, cases=5000)
    assert not report.exact and report.sampled == 5000
    assert "too large to prove; 5000 cases sampled." in str(report)
    (gap,) = report.of(Kind.GAP)
    assert rows_at(asked, gap) == []
    assert report.findings == check(asked, generator=np.random.default_rng(0), steps=10, cases=5000).findings


def test_a_sampled_overlap_is_a_true_one() -> None:
    rows, _ = divided(LARGE, 40, np.random.default_rng(8), top=20)
    asked = table(LARGE, [LARGE, *rows])
    found = check(asked, steps=10, cases=500).of(Kind.OVERLAP)
    assert found and all(set(one.rows) <= set(rows_at(asked, one)) for one in found)
