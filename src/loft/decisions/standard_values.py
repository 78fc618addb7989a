"""Values that come in from Python as FEEL's, and whether they are within the limits of their types."""

import math
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from loft.decisions.errors import FactError, Place
from loft.decisions.facts import NOTHING, Fact
from loft.decisions.feel.conform import coerce, conforms
from loft.decisions.feel.evaluate import test
from loft.decisions.feel.types import ANY, Type
from loft.decisions.feel.values import Function, Months, Range, Value, number
from loft.language import mark

Limit = Callable[[Value], bool]
DEEPEST = 50
"""Lists and contexts inside each other in a fact."""


def feel_value(value: Any, *, name: str = "", depth: int = 0) -> Value:
    """*value* as FEEL's: numbers become decimals, sequences lists, mappings contexts; ``NOTHING`` and NaN are null.

    Raises ``FactError`` for what FEEL has no type for, and past ``DEEPEST`` levels.
    """
    if isinstance(value, Fact):
        value = value.value
    if (
        value is None
        or value is NOTHING
        or isinstance(value, str | bool | date | time | timedelta | Months | Function | Range)
    ):
        return value if value is not NOTHING else None
    if isinstance(value, int | float | Decimal):
        return number(value) if math.isfinite(value) else None
    if depth >= DEEPEST:
        raise FactError(_DEEP, Place(column=name), most=DEEPEST)
    if isinstance(value, Mapping):
        return {str(key): feel_value(part, name=name, depth=depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [feel_value(part, name=name, depth=depth + 1) for part in value]
    if hasattr(value, "item") and not is_dataclass(value):
        return feel_value(value.item(), name=name, depth=depth + 1)
    raise FactError(_KIND, Place(column=name), kind=type(value).__name__)


def fitted(type_: Type) -> Callable[[Value], Value]:
    """A closure that gives a value as one of this type, with DMN's conversions; null for what is not, or is outside its limits."""
    if type_ == ANY:
        return lambda value: value
    within = limit(type_)

    def fit(value: Value) -> Value:
        if value is None:
            return None
        if not conforms(value, type_):
            value = coerce(value, type_)
        return value if value is not None and (within is None or within(value)) else None

    return fit


def limit(type_: Type) -> Limit | None:
    """A closure that tells whether a value of this type is within its allowed values and those of its parts; None: no limits."""
    checks = [check for check in (_own(type_), _parts(type_)) if check is not None]
    if not checks:
        return None
    return checks[0] if len(checks) == 1 else lambda value: all(check(value) for check in checks)


def _own(type_: Type) -> Limit | None:
    allowed = None if type_.allowed is None else test(type_.allowed)
    whole = None if type_.constraint is None else test(type_.constraint)
    if allowed is None and whole is None:
        return None

    def within(value: Value) -> bool:
        members = value if type_.kind == "list" and isinstance(value, list) else [value]
        if allowed is not None and not all(allowed(member, {}) is True for member in members):
            return False
        return whole is None or whole(value, {}) is True

    return within


def _parts(type_: Type) -> Limit | None:
    if type_.kind == "list" and type_.member is not None:
        inner = limit(type_.member)
        return None if inner is None else lambda value: all(one is None or inner(one) for one in value)
    limits = [(name, check) for name, part in type_.parts if (check := limit(part)) is not None]
    if not limits:
        return None
    return lambda value: all(value.get(name) is None or check(value[name]) for name, check in limits)


_DEEP = mark("the fact has more than %(most)s lists inside each other. Give it with fewer levels.")
_KIND = mark("the fact is a %(kind)s, which rules have no type for. Give a number, text, date, list or dictionary.")
