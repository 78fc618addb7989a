"""How a built-in function is written down: its parameters as the standard lists them, and what each of them takes.

A signature reads ``string: string, start position: number, [length: number?]``. Brackets: may be left out. A question mark: null is a
value here; elsewhere null makes the whole call null. Three dots: any number of values.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from loft.decisions.feel import bounds
from loft.decisions.feel.types import Type
from loft.decisions.feel.values import Function, Months, Range, Value
from loft.decisions.feel.wide import Far

MOST = 1_000_000
"""Members of a list, or characters of a text, that a function may make."""


class UnfitError(ValueError):
    """A value is outside what a function is defined for; the call gives null."""


@dataclass(frozen=True)
class Kind:
    """What a parameter takes. ``several``: a list, so that a single value becomes a list of one."""

    type: Type | None
    fits: Callable[[Value], bool]
    several: bool = False


def _is(*types: type) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, types)


def _is_date(value: Value) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_point(value: Value) -> bool:
    """Whether a value has an order and can stand beside a range."""
    return isinstance(value, Decimal | str | date | time | timedelta | Months)


KINDS = {
    "any": Kind(None, lambda value: True),
    "number": Kind(Type("number"), _is(Decimal)),
    "string": Kind(Type("string"), _is(str)),
    "boolean": Kind(Type("boolean"), _is(bool)),
    "date": Kind(Type("date"), _is_date),
    "time": Kind(Type("time"), _is(time)),
    "date and time": Kind(Type("date and time"), _is(datetime)),
    "date or date and time": Kind(None, _is(date)),
    "any date or date and time": Kind(None, _is(date, Far)),
    "days and time duration": Kind(Type("days and time duration"), _is(timedelta)),
    "years and months duration": Kind(Type("years and months duration"), _is(Months)),
    "number or duration": Kind(None, _is(Decimal, timedelta, Months)),
    "list": Kind(Type("list"), _is(list), several=True),
    "context": Kind(Type("context"), _is(dict)),
    "range": Kind(Type("range"), _is(Range)),
    "point": Kind(None, _is_point),
    "function": Kind(Type("function"), _is(Function)),
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a form."""

    name: str
    kind: Kind
    nullable: bool


@dataclass(frozen=True)
class Form:
    """One way to call a function, and what computes it."""

    parameters: tuple[Parameter, ...]
    optional: int
    variadic: bool
    run: Callable[..., Value]

    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    def fitted(self, values: tuple[Value, ...], *, changing: bool) -> list[Value] | None:
        """The values as this form takes them; None where they are too many, too few or of other types.

        With *changing*, a value becomes a list of one and a list of one its member where the parameter asks for it.
        """
        most = len(self.parameters)
        if len(values) < most - self.optional or (len(values) > most and not self.variadic):
            return None
        fitted: list[Value] = []
        for at, value in enumerate(values):
            parameter = self.parameters[min(at, most - 1)]
            if value is None and parameter.nullable:
                fitted.append(None)
            elif value is not None and parameter.kind.fits(value):
                fitted.append(value)
            elif changing and (changed := _changed(value, parameter.kind)) is not None:
                fitted.append(changed)
            else:
                return None
        return fitted


def _changed(value: Value, kind: Kind) -> Value:
    """A value made to fit a kind (DMN 1.5, 10.3.2.9.4: to and from a list of one); None where it cannot be."""
    if value is None:
        return None
    if kind.several:
        return [value]
    if isinstance(value, list) and len(value) == 1 and value[0] is not None and kind.fits(value[0]):
        return value[0]
    return None


def builtin(name: str, *forms: tuple[str, Callable[..., Value]]) -> Function:
    """The function of that name; each form is a signature and what computes it from values that fit.

    A function that computes may raise ``UnfitError`` or an arithmetic error: the call is null then. ``Missing`` passes through.
    """
    read = [_form(signature, run) for signature, run in forms]
    told = tuple(_function(name, form, [f for f in read if f.names() == form.names()]) for form in read)
    first = told[0]
    return Function(first.parameters, _calling(read), name, first.types, None, first.variadic, first.optional, told)


def _form(signature: str, run: Callable[..., Value]) -> Form:
    parts = [part.strip() for part in signature.split(",")] if signature else []
    optional = sum(part.startswith("[") for part in parts)
    variadic = bool(parts) and parts[-1].endswith("...")
    return Form(tuple(_parameter(part.strip("[].")) for part in parts), optional, variadic, run)


def _parameter(part: str) -> Parameter:
    name, kind = part.split(": ")
    return Parameter(name, KINDS[kind.rstrip("?")], kind.endswith("?") or kind == "any")


def _function(name: str, form: Form, alike: list[Form]) -> Function:
    types = tuple(parameter.kind.type for parameter in form.parameters)
    return Function(form.names(), _calling(alike), name, types, None, form.variadic, form.optional)


def _calling(forms: list[Form]) -> Callable[..., Value]:
    """A call that takes the first form whose types fit as they are, else the first that fits with values changed."""

    def call(*values: Value) -> Value:
        for changing in (False, True):
            for form in forms:
                fitted = form.fitted(values, changing=changing)
                if fitted is not None:
                    return _computed(form.run, fitted)
        return None

    return call


def _computed(run: Callable[..., Value], values: list[Value]) -> Value:
    """What *run* gives; None where the values are outside what it is defined for. Long texts use up the evaluation's allowance."""
    for value in values:
        if type(value) is str and len(value) > 1_000:
            bounds.spend(len(value) // 100)
    try:
        value = run(*values)
    except (ArithmeticError, ValueError, TypeError, LookupError, RecursionError):
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    return value


def whole(value: Decimal, most: int = MOST) -> int:
    """A number that must be whole, of at most *most*. Raises ``UnfitError``."""
    if value != value.to_integral_value() or abs(value) > most:
        raise UnfitError
    return int(value)


def bounded(members: list[Value]) -> list[Value]:
    """A list that is not too long. Raises ``UnfitError``."""
    if len(members) > MOST:
        raise UnfitError
    return members
