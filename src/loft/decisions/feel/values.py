"""The values of FEEL as Python values.

| FEEL | Python |
|---|---|
| number | ``Decimal`` (34 digits, half even); whole numbers and floats that come in become decimals |
| string, boolean | ``str``, ``bool`` |
| date | ``datetime.date``; ``wide.FarDate`` for years outside 1 to 9999 |
| time | ``datetime.time``, with an offset or a named zone where one was given |
| date and time | ``datetime.datetime``, likewise; ``wide.FarMoment`` |
| days and time duration | ``datetime.timedelta`` |
| years and months duration | ``Months`` |
| list | ``list`` |
| context | ``dict`` with string keys |
| range | ``Range`` |
| function | ``Function`` |
| null | ``None`` |
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

ARITHMETIC = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""decimal128's arithmetic (IEEE 754-2008): what FEEL's numbers are defined by."""

Value = Any
"""Any value of the table above."""


@dataclass(frozen=True, order=True)
class Months:
    """A years and months duration, as whole months; negative ones go back."""

    months: int

    @property
    def years(self) -> int:
        """Whole years, towards zero."""
        return int(self.months / 12)


@dataclass(frozen=True)
class Range:
    """Values between two ends; an end that is None is open without bound. ``< 5`` is ``Range(None, 5, False, False)``."""

    low: Value
    high: Value
    low_closed: bool = True
    high_closed: bool = True


@dataclass(frozen=True)
class Function:
    """A function: built in, defined in an expression, or a business knowledge model.

    ``parameters`` are the names; ``types`` goes with them (None: any). ``call`` takes the values in that order. The last ``optional``
    parameters may be left out; the last one of a ``variadic`` function takes any number of values.

    A built-in function may take its values in several ``forms`` (``date(from)``, ``date(year, month, day)``). Its own ``call`` takes the
    values by position and tries all forms; it changes values to a parameter's type where DMN says so (10.3.2.9.4), gives None for
    whatever does not fit, and never raises. ``by_name`` is a call with names.
    """

    parameters: tuple[str, ...]
    call: Callable[..., Value]
    name: str = ""
    types: tuple[Any, ...] = ()
    result: Any = None
    variadic: bool = False
    optional: int = 0
    forms: tuple["Function", ...] = ()

    def by_name(self, given: Mapping[str, Value]) -> Value:
        """The value of a call with values by name; None where no form has just these names and all that it needs."""
        for form in self.forms or (self,):
            needed = len(form.parameters) - form.optional
            names = [name for at, name in enumerate(form.parameters) if at < needed or name in given]
            if set(names) == set(given):
                last = max((form.parameters.index(name) for name in names), default=-1)
                return form.call(*(given.get(name) for name in form.parameters[: last + 1]))
        return None


def number(value: int | float | Decimal) -> Decimal:
    """*value* as FEEL's number; a float is taken as it is written (0.1 is 0.1)."""
    if isinstance(value, Decimal):
        return ARITHMETIC.plus(value)
    return ARITHMETIC.create_decimal(repr(float(value)) if isinstance(value, float) else value)
