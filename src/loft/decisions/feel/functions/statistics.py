"""What a list of numbers comes to: sum, mean, median and so on (DMN 1.5, 10.3.4.4). Each also takes its numbers one by one.

A member that is no number makes the whole null: a missing amount is not an amount of nothing. Of no numbers at all there is a count and
a mode, and nothing else.
"""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from loft.decisions.feel import bounds
from loft.decisions.feel.compare import less
from loft.decisions.feel.functions.signatures import UnfitError, builtin
from loft.decisions.feel.values import ARITHMETIC, Function, Value

Numbers = list[Decimal]


def _numbers(members: list[Value], *, at_least: int = 1) -> Numbers:
    if len(members) < at_least or not all(isinstance(member, Decimal) for member in members):
        raise UnfitError
    bounds.spend(len(members))
    return members


def total(members: list[Value]) -> Decimal:
    """The sum."""
    result = Decimal(0)
    for number in _numbers(members):
        result = ARITHMETIC.add(result, number)
    return result


def product(members: list[Value]) -> Decimal:
    """All multiplied."""
    result = Decimal(1)
    for number in _numbers(members):
        result = ARITHMETIC.multiply(result, number)
    return result


def mean(members: list[Value]) -> Decimal:
    """The sum divided by how many there are."""
    return ARITHMETIC.divide(total(members), Decimal(len(members)))


def median(members: list[Value]) -> Decimal:
    """The middle one in order, or the mean of the two in the middle."""
    numbers = sorted(_numbers(members))
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else mean([*numbers[middle - 1 : middle + 1]])


def stddev(members: list[Value]) -> Decimal:
    """The standard deviation of a sample: of at least two numbers."""
    numbers = _numbers(members, at_least=2)
    middle = mean(members)
    squares = [ARITHMETIC.power(ARITHMETIC.subtract(number, middle), 2) for number in numbers]
    return ARITHMETIC.sqrt(ARITHMETIC.divide(total([*squares]), Decimal(len(numbers) - 1)))


def mode(members: list[Value]) -> list[Value]:
    """The numbers that come most often, in order."""
    times = Counter(_numbers(members, at_least=0))
    most = max(times.values(), default=0)
    return sorted(number for number, count in times.items() if count == most)


def least(members: list[Value]) -> Value:
    """The first in order, of any values that have one."""
    return _outermost(members, less)


def greatest(members: list[Value]) -> Value:
    """The last in order, of any values that have one."""
    return _outermost(members, lambda value, best: less(best, value))


def _outermost(members: list[Value], better: Callable[[Value, Value], bool | None]) -> Value:
    if not members:
        raise UnfitError
    bounds.spend(len(members))
    best = members[0]
    for member in members:
        answer = better(member, best)
        if answer is None:
            raise UnfitError
        best = member if answer else best
    return best


def _function(name: str, run: Callable[[list[Value]], Value], parameter: str = "n") -> Function:
    return builtin(name, ("list: list", run), (f"{parameter}: any...", lambda *values: run([*values])))


FUNCTIONS = (
    builtin("count", ("list: list", lambda members: Decimal(len(members)))),
    _function("min", least, "c"),
    _function("max", greatest, "c"),
    _function("sum", total),
    _function("mean", mean),
    _function("median", median),
    _function("stddev", stddev),
    _function("mode", mode),
    _function("product", product),
)
