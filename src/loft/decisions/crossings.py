"""Values of a fact at which a computation that it enters changes its answer."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from loft.decisions.errors import Missing
from loft.decisions.feel.evaluate import Scope
from loft.decisions.feel.values import ARITHMETIC, Value
from loft.decisions.grid import Axis
from loft.decisions.network import Network


def crossings(network: Network, fact: str, scope: Scope) -> Iterator[Value]:
    """Values of *fact* just at, below and above what cells tell apart, on axes that look at it in other ways than plainly.

    Found for numbers that enter linearly, and for facts that are compared with each other.
    """
    own = scope[fact]
    scope = {**network.functions, **scope}
    for unit in network.units:
        for axis in unit.grid.axes if unit.grid else ():
            if fact not in axis.needs:
                continue
            if axis.ordered and isinstance(own, Decimal):
                for value in _linear(axis, fact, scope):
                    yield from near(value)
            elif axis.cell is not None:
                for other in axis.needs - {fact}:
                    if other in scope and scope[other].__class__ is own.__class__:
                        yield from near(scope[other])


def near(value: Value) -> Iterator[Value]:
    """A value, and the ones just beside it: a whole number's are whole, a day's are days."""
    yield value
    for beside in (stepped(value, -1), stepped(value, 1)):
        if beside is not None:
            yield beside


def stepped(value: Value, turns: int, step: Any = None) -> Value:
    """The value so many steps further, by the value's own step where none is told; None where there is no such value."""
    step = step_of(value) if step is None else step
    if step is None:
        return None
    if isinstance(value, Decimal):
        return ARITHMETIC.add(value, ARITHMETIC.multiply(step, Decimal(turns)))
    try:
        return value + turns * step
    except OverflowError:  # the first day there is, and the last
        return None


def step_of(value: Value) -> Any:
    """The step to the next value as people count: 1, 0.1, 0.01 … by the decimals written; a day, an hour."""
    if isinstance(value, Decimal):
        exponent = value.normalize(ARITHMETIC).as_tuple().exponent
        return Decimal(1).scaleb(min(0, int(exponent)))
    if isinstance(value, timedelta):
        return timedelta(days=1) if value % timedelta(days=1) == timedelta() else timedelta(seconds=1)
    if isinstance(value, date):
        return timedelta(days=1)
    return None


def _linear(axis: Axis, fact: str, scope: Scope) -> Iterator[Decimal]:
    """Where an axis reaches each of its points, if it goes straight in *fact*."""
    own = scope[fact]
    try:
        first, second, third = (axis.evaluate({**scope, fact: ARITHMETIC.add(own, Decimal(step))}) for step in range(3))
    except Missing:
        return
    if not all(isinstance(value, Decimal) for value in (first, second, third)) or third - second != second - first:
        return
    slope = second - first
    for point in axis.points if slope else ():
        if isinstance(point, Decimal):
            yield ARITHMETIC.add(own, ARITHMETIC.divide(ARITHMETIC.subtract(point, first), slope))
