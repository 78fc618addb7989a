"""How points and ranges lie to each other (DMN 1.5, 10.3.4.9, table 82).

A range's end that is left out lies beyond every point. What cannot be compared gives null.
"""

from collections.abc import Callable
from dataclasses import dataclass

from loft.decisions.feel.compare import equal, less
from loft.decisions.feel.functions.signatures import UnfitError, builtin
from loft.decisions.feel.values import Function, Range, Value

_BELOW, _ABOVE = object(), object()


@dataclass(frozen=True)
class _Span:
    """A range, or a point as the range of just itself."""

    start: Value
    end: Value
    start_in: bool
    end_in: bool


def _span(value: Value) -> _Span:
    if not isinstance(value, Range):
        return _Span(value, value, True, True)
    start = _BELOW if value.low is None else value.low
    end = _ABOVE if value.high is None else value.high
    return _Span(start, end, value.low_closed, value.high_closed)


def _same(left: Value, right: Value) -> bool:
    if left in (_BELOW, _ABOVE) or right in (_BELOW, _ABOVE):
        return left is right
    return _known(equal(left, right))


def _less(left: Value, right: Value) -> bool:
    if left is _BELOW or right is _ABOVE:
        return left is not right
    if left is _ABOVE or right is _BELOW:
        return False
    return _known(less(left, right))


def _known(answer: bool | None) -> bool:
    if answer is None:
        raise UnfitError
    return answer


def before(left: _Span, right: _Span) -> bool:
    """All of *left* lies before all of *right*."""
    touching = _same(left.end, right.start) and not (left.end_in and right.start_in)
    return touching or _less(left.end, right.start)


def meets(left: _Span, right: _Span) -> bool:
    """*left* ends with the value that *right* starts with."""
    return left.end_in and right.start_in and _same(left.end, right.start)


def _reaches(left: _Span, right: _Span) -> bool:
    """*left* ends in or after the start of *right*."""
    return not before(left, right)


def overlaps(left: _Span, right: _Span) -> bool:
    """There are values in both."""
    return _reaches(left, right) and _reaches(right, left)


def _starts_earlier(left: _Span, right: _Span) -> bool:
    same = _same(left.start, right.start)
    return (same and left.start_in and not right.start_in) or _less(left.start, right.start)


def _starts_no_later(left: _Span, right: _Span) -> bool:
    same = _same(left.start, right.start)
    return (same and (left.start_in or not right.start_in)) or _less(left.start, right.start)


def _ends_no_later(left: _Span, right: _Span) -> bool:
    same = _same(left.end, right.end)
    return (same and (right.end_in or not left.end_in)) or _less(left.end, right.end)


def overlaps_before(left: _Span, right: _Span) -> bool:
    """*left* starts earlier, and ends in *right*."""
    return _starts_earlier(left, right) and _reaches(left, right) and _ends_no_later(left, right)


def finishes(left: _Span, right: _Span) -> bool:
    """*left* is the end of *right*: both end alike, and *left* starts no earlier."""
    alike = left.end_in == right.end_in and _same(left.end, right.end)
    return alike and _starts_no_later(right, left)


def starts(left: _Span, right: _Span) -> bool:
    """*left* is the start of *right*: both start alike, and *left* ends no later."""
    alike = left.start_in == right.start_in and _same(left.start, right.start)
    return alike and _ends_no_later(left, right)


def includes(left: _Span, right: _Span) -> bool:
    """All of *right* is in *left*."""
    return _starts_no_later(left, right) and _ends_no_later(right, left)


def coincides(left: _Span, right: _Span) -> bool:
    """Both are the same."""
    ends = left.start_in == right.start_in and left.end_in == right.end_in
    return ends and _same(left.start, right.start) and _same(left.end, right.end)


Relation = Callable[[_Span, _Span], bool]

_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"


def _turned(relation: Relation) -> Relation:
    return lambda left, right: relation(right, left)


def _function(name: str, relation: Relation, *signatures: str) -> Function:
    def related(left: Value, right: Value) -> bool:
        return relation(_span(left), _span(right))

    return builtin(name, *((signature, related) for signature in signatures))


FUNCTIONS = (
    _function("before", before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES),
    _function("after", _turned(before), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES),
    _function("meets", meets, _RANGES),
    _function("met by", _turned(meets), _RANGES),
    _function("overlaps", overlaps, _RANGES),
    _function("overlaps before", overlaps_before, _RANGES),
    _function("overlaps after", _turned(overlaps_before), _RANGES),
    _function("finishes", finishes, _POINT_RANGE, _RANGES),
    _function("finished by", _turned(finishes), _RANGE_POINT, _RANGES),
    _function("includes", includes, _RANGE_POINT, _RANGES),
    _function("during", _turned(includes), _POINT_RANGE, _RANGES),
    _function("starts", starts, _POINT_RANGE, _RANGES),
    _function("started by", _turned(starts), _RANGE_POINT, _RANGES),
    _function("coincides", coincides, _POINTS, _RANGES),
)
