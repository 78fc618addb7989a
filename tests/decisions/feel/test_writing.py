"""Expressions written as text and read again are the same; values written as text say what they are."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest

from loft.decisions.feel import ast
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.values import Months, Range
from loft.decisions.feel.writing import text_of, text_of_value
from tests.decisions.feel.some_expressions import NAMES, Maker


@pytest.mark.parametrize("seed", range(20))
def test_an_expression_reads_as_it_was_written(seed: int) -> None:
    maker = Maker(np.random.default_rng(seed))
    for _ in range(250):
        node = maker.node(5)
        assert parse_expression(text_of(node), NAMES) == node


@pytest.mark.parametrize("seed", range(20))
def test_a_cell_reads_as_it_was_written(seed: int) -> None:
    maker = Maker(np.random.default_rng(seed))
    for _ in range(100):
        tests = ast.Tests(maker.tests(lambda: maker.node(4)), negated=maker.yes())
        assert parse_tests(text_of(tests), NAMES) == tests


@pytest.mark.parametrize(
    "text",
    [
        "a + b * 2",
        "(a + b) * 2",
        "a - (b - 1)",
        "a - b - 1",
        "-a ** 2",
        "a or b and not(a)",
        "(a or b) and a",
        "if a > 1 then b else -b",
        "a in [1..5)",
        "a in (< 5, > 10)",
        "household income between 1 and 2",
        "b[item > 1].first name",
        "{i: 1, each child: i + 1}",
        'for i in 1..3, each child in b return date("2026-01-31") + i',
        'a = @"P1D"',
        "a instance of list<number>",
    ],
)
def test_a_text_with_no_more_brackets_than_needed_stays_as_it_is(text: str) -> None:
    assert text_of(parse_expression(text, NAMES)) == text


@pytest.mark.parametrize("text", ["-", "< 5", "[1..5], > 10", "not(< 5)", '"a", "b"', "? > a + 1", "(not(a))"])
def test_a_cell_stays_as_it_is(text: str) -> None:
    assert text_of(parse_tests(text, NAMES)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(312000), "312000"),
        (Decimal("0.50"), "0.50"),
        (Decimal("1E+3"), "1000"),
        ('say "a"\\n', '"say \\"a\\"\\\\n"'),
        (True, "true"),
        (None, "null"),
        (date(2026, 1, 31), 'date("2026-01-31")'),
        (datetime(2026, 1, 31, 8, tzinfo=UTC), 'date and time("2026-01-31T08:00:00Z")'),
        (time(8, 30), 'time("08:30:00")'),
        (timedelta(days=1, hours=2), 'duration("P1DT2H")'),
        (Months(14), 'duration("P1Y2M")'),
        ([Decimal(1), "a"], '[1, "a"]'),
        ({"first name": "Kari", "a+b": []}, '{first name: "Kari", "a+b": []}'),
        (Range(Decimal(1), Decimal(2), True, False), "[1..2)"),
        (Range(None, Decimal(5), False, False), "(< 5)"),
        (Range(Decimal(5), None, True, False), "(>= 5)"),
    ],
)
def test_a_value_is_written_as_feel(value: object, text: str) -> None:
    assert text_of_value(value) == text


def test_a_function_has_no_text() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        text_of_value(len)
