"""Built-in functions called from Python, with numbers written as Python's."""

from typing import Any

from loft.decisions.feel.functions import BUILTINS
from loft.decisions.feel.temporal import parse_literal
from loft.decisions.feel.values import Range, number


def feel(value: Any) -> Any:
    """A Python value as FEEL's: whole numbers and floats as decimals, ``@…`` as date, time or duration."""
    if isinstance(value, str) and value.startswith("@"):
        return parse_literal(value[1:])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    if isinstance(value, list):
        return [feel(member) for member in value]
    if isinstance(value, dict):
        return {key: feel(part) for key, part in value.items()}
    return value


def call(name: str, *values: Any) -> Any:
    return BUILTINS[name].call(*map(feel, values))


def call_by_name(name: str, **values: Any) -> Any:
    """Underscores stand for spaces in the names."""
    return BUILTINS[name].by_name({key.replace("_", " "): feel(value) for key, value in values.items()})


def span(text: str) -> Range:
    """A range of whole numbers such as ``[1..5)``."""
    low, high = text[1:-1].split("..")
    return Range(feel(int(low)) if low else None, feel(int(high)) if high else None, text[0] == "[", text[-1] == "]")
