"""Functions on numbers (DMN 1.5, 10.3.4.5): rounding, remainder, roots and powers, all in decimal128's arithmetic."""

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from loft.decisions.feel.functions.signatures import UnfitError, builtin, whole
from loft.decisions.feel.values import ARITHMETIC, Function, Months, Value

_SCALES = (-6111, 6176)
"""The places that decimal128 can round to."""


def rounded(value: Decimal, scale: Decimal, way: str) -> Decimal:
    """*value* rounded to *scale* decimals (a part of *scale* is dropped). Raises ``UnfitError`` past decimal128's scales."""
    places = int(scale) if abs(scale) < 10_000 else None
    if places is None or not _SCALES[0] <= places <= _SCALES[1]:
        raise UnfitError
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    return value.quantize(Decimal((0, (1,), -places)), way, ARITHMETIC)


def _rounding(name: str, way: str, *, scale: bool = True) -> Function:
    signature = "n: number, scale: number" if scale else "n: number, [scale: number]"
    return builtin(name, (signature, lambda value, places=Decimal(0): rounded(value, places, way)))


def _rounding_to_whole(name: str, way: str) -> Function:
    """As ``_rounding``; a scale that is no whole number gives null, as the conformance kit (1143, 1144) has it."""
    return builtin(
        name, ("n: number, scale: number", lambda value, places: rounded(value, Decimal(whole(places)), way))
    )


def _abs(value: Value) -> Value:
    if isinstance(value, Months):
        return Months(abs(value.months))
    if isinstance(value, timedelta):
        return abs(value)
    return value.copy_abs()


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """What is left of *dividend*, with the sign of *divisor*: ``dividend - divisor * floor(dividend / divisor)``."""
    rest = ARITHMETIC.remainder(dividend, divisor)
    if rest and rest.is_signed() != divisor.is_signed():
        rest = ARITHMETIC.add(rest, divisor)
    return rest if rest else Decimal(0)


def _sqrt(value: Decimal) -> Decimal:
    return ARITHMETIC.sqrt(value)


def _log(value: Decimal) -> Decimal:
    if value <= 0:
        raise UnfitError
    return ARITHMETIC.ln(value)


def _is_even(value: Decimal) -> bool:
    return modulo(value, Decimal(2)) == 0


def _is_odd(value: Decimal) -> bool:
    return modulo(value, Decimal(2)) == 1


FUNCTIONS = (
    _rounding("decimal", ROUND_HALF_EVEN),
    _rounding("floor", ROUND_FLOOR, scale=False),
    _rounding("ceiling", ROUND_CEILING, scale=False),
    _rounding_to_whole("round up", ROUND_UP),
    _rounding_to_whole("round down", ROUND_DOWN),
    _rounding_to_whole("round half up", ROUND_HALF_UP),
    _rounding_to_whole("round half down", ROUND_HALF_DOWN),
    builtin("abs", ("number: number or duration", _abs)),
    builtin("modulo", ("dividend: number, divisor: number", modulo)),
    builtin("sqrt", ("number: number", _sqrt)),
    builtin("log", ("number: number", _log)),
    builtin("exp", ("number: number", lambda value: ARITHMETIC.exp(value))),
    builtin("even", ("number: number", _is_even)),
    builtin("odd", ("number: number", _is_odd)),
)
