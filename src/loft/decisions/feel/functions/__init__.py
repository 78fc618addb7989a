"""FEEL's built-in functions (DMN 1.5, 10.3.4), by name; each file holds one subject.

Whatever does not fit (wrong type, too few values, a division by zero) gives null, never an error.
"""

from typing import Final

from loft.decisions.feel.functions import (
    contexts,
    conversion,
    dates,
    lists,
    logic,
    numbers,
    ranges,
    statistics,
    strings,
)
from loft.decisions.feel.functions.dates import clock
from loft.decisions.feel.values import Function

_SUBJECTS = (conversion, logic, strings, lists, statistics, numbers, dates, ranges, contexts)

BUILTINS: Final[dict[str, Function]] = {
    function.name: function for subject in _SUBJECTS for function in subject.FUNCTIONS
}

__all__ = ["BUILTINS", "clock"]
