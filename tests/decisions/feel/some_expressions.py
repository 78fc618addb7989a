"""Expressions made by chance, of every kind that the parser gives."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from loft.decisions.feel import ast
from loft.decisions.feel.names import Names
from loft.decisions.feel.types import ANY, BOOLEAN, NUMBER, STRING, Type
from loft.decisions.feel.values import Months

KNOWN = ("a", "b", "household income", "Approved/Declined", "don't", "loan in years", "not eligible", "x+1", "?")
INNER = ("i", "each child", "n-th")
KEYS = (*INNER, "", "a,b}", "if", "x + y")
PARTS = ("age", "first name", "year", "time offset")
NAMES = Names(dict.fromkeys((*KNOWN, *INNER), ANY), frozenset(PARTS))
TYPES = (
    NUMBER,
    STRING,
    Type("date and time"),
    Type("days and time duration"),
    Type("list"),
    Type("list", member=Type("list", member=NUMBER)),
    Type("range", member=Type("date")),
    Type("context", parts=(("first name", STRING), ("age", NUMBER))),
    Type("function", member=BOOLEAN, parameters=(NUMBER, STRING)),
)
CONSTANTS = (
    *map(Decimal, "0 1 -1 12.50 -0.001 1E+50 1.5E-60 -2E+6144 9999999999999999999999999999999999".split()),
    *("", "a", '"', "\\", "\\n", "\n\t\r", "\\u0041", "//", "/* */", "🐎", "'", "å"),
    *(True, False, None, date(2026, 1, 31), time(8, 30, tzinfo=UTC), datetime(2026, 1, 31, 8), timedelta(days=-3)),
    Months(14),
)
SIGNS = ("<", "<=", ">", ">=", "=", "!=")


class Maker:
    """Makes expressions; the same generator in the same state makes the same ones."""

    def __init__(self, chance: np.random.Generator) -> None:
        self.chance = chance

    def one(self, among: Sequence[Any]) -> Any:
        return among[int(self.chance.integers(len(among)))]

    def yes(self) -> bool:
        return bool(self.chance.integers(2))

    def node(self, depth: int) -> ast.Node:
        """An expression of at most *depth* parts inside each other."""
        if depth <= 1 or self.chance.random() < 0.15:
            return ast.Name(self.one(KNOWN)) if self.yes() else ast.Literal(self.one(CONSTANTS))
        make: Callable[[Callable[[], ast.Node]], ast.Node] = self.one(
            [self.operator, self.operator, self.condition, self.block, self.taken, self.collected]
        )
        return make(lambda: self.node(depth - 1))

    def operator(self, part: Callable[[], ast.Node]) -> ast.Node:
        kind = self.one("- + + = or and".split())
        if kind == "-":
            of = part()
            number = isinstance(of, ast.Literal) and isinstance(of.value, Decimal)
            return of if number else ast.Negation(of)
        if kind in ("or", "and"):
            return (ast.Or if kind == "or" else ast.And)(part(), part())
        if kind == "=":
            return ast.Comparison(self.one(SIGNS), part(), part())
        return ast.Arithmetic(self.one(["+", "-", "*", "/", "**"]), part(), part())

    def condition(self, part: Callable[[], ast.Node]) -> ast.Node:
        kind = self.one(["between", "in", "instance"])
        if kind == "between":
            return ast.Between(part(), part(), part())
        if kind == "in":
            return ast.In(part(), ast.Tests(self.tests(part)))
        return ast.InstanceOf(part(), self.one(TYPES))

    def tests(self, part: Callable[[], ast.Node]) -> tuple[ast.Node, ...]:
        count = int(self.chance.integers(1, 4))
        return tuple(ast.Compared(self.one(SIGNS), part()) if self.yes() else part() for _ in range(count))

    def block(self, part: Callable[[], ast.Node]) -> ast.Node:
        kind = self.one(["if", "for", "some", "function"])
        if kind == "if":
            return ast.If(part(), part(), part())
        if kind == "function":
            parameters = tuple((name, self.one([None, *TYPES])) for name in self.some_of(INNER))
            return ast.FunctionDefinition(parameters, part(), self.yes())
        turns = tuple(ast.Iteration(n, part(), part() if self.yes() else None) for n in self.some_of(INNER) or INNER)
        return ast.For(turns, part()) if kind == "for" else ast.Quantified(self.yes(), turns, part())

    def taken(self, part: Callable[[], ast.Node]) -> ast.Node:
        kind = self.one(["path", "filter", "call", "named"])
        if kind == "path":
            return ast.Path(part(), self.one(PARTS))
        if kind == "filter":
            return ast.Filter(part(), part())
        if kind == "call":
            return ast.Call(part(), self.several(part))
        names = self.some_of(PARTS)
        return ast.Call(part(), tuple(part() for _ in names), names)

    def collected(self, part: Callable[[], ast.Node]) -> ast.Node:
        kind = self.one(["list", "context", "range", "below", "above"])
        if kind == "list":
            return ast.ListOf(self.several(part))
        if kind == "context":
            return ast.ContextOf(tuple((key, part()) for key in self.some_of(KEYS)))
        if kind == "below":
            return ast.RangeOf(None, part(), False, self.yes())
        if kind == "above":
            return ast.RangeOf(part(), None, self.yes(), False)
        return ast.RangeOf(part(), part(), self.yes(), self.yes())

    def several(self, part: Callable[[], ast.Node]) -> tuple[ast.Node, ...]:
        return tuple(part() for _ in range(int(self.chance.integers(4))))

    def some_of(self, among: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in among if self.yes())
