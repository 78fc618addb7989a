"""Expressions evaluated in a test, and tables of expression and expected value."""

import json
from typing import Any

from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.evaluate import test as unary
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.feel.temporal import parse_literal
from loft.decisions.feel.types import ANY
from tests.decisions.feel.calling import feel


def value(text: str, known: str = "", **scope: Any) -> Any:
    """The value of an expression. ``known`` are names, with commas, that have no value: facts that are not known."""
    names = Names().having(dict.fromkeys([*scope, *filter(None, known.split(", "))], ANY))
    return expression(parse_expression(text, names))({name: feel(given) for name, given in scope.items()})


def passes(tests: str, about: Any, known: str = "", **scope: Any) -> Any:
    """Whether a value passes the tests of a cell."""
    names = Names().having(dict.fromkeys([*scope, *filter(None, known.split(", "))], ANY))
    return unary(parse_tests(tests, names))(feel(about), {name: feel(given) for name, given in scope.items()})


def expected(text: str) -> Any:
    """A value from a table: JSON, or a date, time or duration as it is written."""
    try:
        return feel(json.loads(text))
    except ValueError:
        moment = parse_literal(text)
        assert moment is not None, text
        return moment


def lines(table: str) -> list[tuple[str, str]]:
    """The pairs of a table with ``=>`` between expression and value, a pair on a line."""
    pairs = (line.split("=>") for line in table.splitlines() if line.strip())
    return [(left.strip(), right.strip()) for left, right in pairs]
