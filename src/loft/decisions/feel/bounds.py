"""How much one evaluation may do, so that time and memory stay bounded whatever the rule says.

Loops, filters, calls and deep comparisons ``spend`` from one allowance; an evaluation that has used it up gives null. The allowance is
kept for each thread, and what starts inside an evaluation uses that one's.
"""

import threading
from collections.abc import Callable

from loft.decisions.feel.values import Value

MOST = 1_000_000
"""Members, loop turns and calls in one evaluation; also the characters of one string that ``+`` makes."""
DEEPEST_CALLS = 60
"""Functions calling functions."""


class Exhausted(Exception):  # noqa: N818 - not an error: the evaluation gives null
    """An evaluation has used up what it may. Never leaves the evaluator."""


class _Allowance(threading.local):
    running = False
    left = 0
    calls = 0


_allowance = _Allowance()


def spend(amount: int = 1) -> None:
    """Use up some of the allowance; raises ``Exhausted`` when there is none left."""
    if _allowance.running:
        _allowance.left -= amount
        if _allowance.left < 0:
            raise Exhausted


def within(function: Callable[..., Value], *values: Value) -> Value:
    """What *function* gives inside an allowance; None when that is used up, or Python's own depth is."""
    if _allowance.running:
        return function(*values)
    _allowance.running, _allowance.left, _allowance.calls = True, MOST, 0
    try:
        return function(*values)
    except (Exhausted, RecursionError):
        return None
    finally:
        _allowance.running = False


def called(function: Callable[..., Value], values: list[Value]) -> Value:
    """What a function gives for values; a call counts, and so does what it is given and gives."""
    if _allowance.calls >= DEEPEST_CALLS:
        raise Exhausted
    cost = 1
    for value in values:
        if type(value) is list:
            cost += len(value)
    spend(cost)
    _allowance.calls += 1
    try:
        result = function(*values)
    finally:
        _allowance.calls -= 1
    if type(result) is list:
        spend(len(result))
    return result
