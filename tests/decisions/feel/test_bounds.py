"""Expressions that would take for ever, or deeper than a stack: null, or run as a loop."""

from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest

from loft.decisions.feel import ast, bounds
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.evaluate import test as unary
from tests.decisions.feel.evaluating import value


@pytest.fixture
def small_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST", 20_000)


@pytest.mark.usefixtures("small_allowance")
@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1e9 return i",
        "count(for i in 1..1e9 return i)",
        "some i in 1..1e30 satisfies i < 0",
        "for i in 1..2000, j in 1..2000 return 1",
        "for i in 1..2000 return for j in 1..2000 return 1",
        "for i in 1..2000 return count([1, 2][item = i]) + sum(for j in 1..2000 return j)",
        "(function(f) f(f))(function(f) f(f))",
        "(function(f, n) [f(f, n), f(f, n)])(function(f, n) [f(f, n), f(f, n)], 1)",
    ],
)
def test_what_would_take_for_ever_is_null_soon(text: str) -> None:
    start = perf_counter()
    assert value(text) is None
    assert perf_counter() - start < 2


def test_a_million_members_are_as_many_as_one_evaluation_makes() -> None:
    assert value("for i in 1..1e30 return i") is None
    assert value("some i in 1..1e30 satisfies true") is None
    assert value("count(for i in 1..300000 return i)") == 300_000


def test_a_string_does_not_grow_without_end() -> None:
    doubled = '{a0: "' + "x" * 100 + '", ' + ", ".join(f"a{n + 1}: a{n} + a{n}" for n in range(40)) + "}"
    grown = value(doubled)
    assert max(len(part) for part in grown.values() if part is not None) <= 1_000_000
    assert grown["a40"] is None


@pytest.mark.usefixtures("small_allowance")
def test_one_evaluation_after_another_has_its_own_allowance() -> None:
    run = "count(for i in 1..9000 return i)"
    assert [value(run) for _ in range(4)] == [9000] * 4


def chain(length: int, link: Any, first: ast.Node) -> ast.Node:
    for _ in range(length):
        first = link(first)
    return first


ONE, TRUE = ast.Literal(Decimal(1)), ast.Literal(True)


@pytest.mark.parametrize(
    ("link", "first", "wanted"),
    [
        (lambda left: ast.Arithmetic("+", left, ast.Name("one")), ONE, Decimal(20_001)),
        (lambda left: ast.And(left, ast.Name("yes")), TRUE, True),
        (lambda left: ast.Or(left, ast.Literal(False)), ast.Literal(False), False),
        (lambda left: ast.Path(left, "a"), ast.ContextOf(()), None),
        (lambda left: ast.Filter(left, ONE), ast.Name("one"), Decimal(1)),
        (lambda left: ast.Comparison("=", left, ast.Name("yes")), ast.Name("yes"), True),
        (lambda left: ast.Call(left, ()), ast.Name("one"), None),
        (lambda left: ast.In(left, ast.Tests((ast.Name("yes"),))), ast.Name("yes"), True),
    ],
)
def test_a_chain_of_twenty_thousand_links_runs(link: Any, first: ast.Node, wanted: Any) -> None:
    assert expression(chain(20_000, link, first))({"one": Decimal(1), "yes": True}) == wanted


def test_the_empty_cell_of_a_table_needs_no_scope() -> None:
    assert unary(ast.Tests())(None, {}) is True
