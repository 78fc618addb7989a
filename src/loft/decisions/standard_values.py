"""Values that come in from Python as FEEL's."""

import math
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from loft.decisions.errors import FactError, Place
from loft.decisions.facts import NOTHING, Fact
from loft.decisions.feel.values import Function, Months, Range, Value, number
from loft.language import mark

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


_DEEP = mark("the fact has more than %(most)s lists inside each other. Give it with fewer levels.")
_KIND = mark("the fact is a %(kind)s, which rules have no type for. Give a number, text, date, list or dictionary.")
