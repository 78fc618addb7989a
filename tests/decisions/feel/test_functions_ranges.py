"""How points and ranges lie to each other: the standard's examples (DMN 1.5, table 82), and small ranges beside their numbers."""

from decimal import Decimal
from itertools import product

import pytest

from loft.decisions.feel.values import Range
from tests.decisions.feel.calling import call, call_by_name, feel, span


def _side(text):
    return span(text) if ".." in text else feel(int(text))


@pytest.mark.parametrize(
    ("name", "left", "right", "expected"),
    [
        ("before", "1", "10", True),
        ("before", "10", "1", False),
        ("before", "1", "(1..10]", True),
        ("before", "1", "[1..10]", False),
        ("before", "[1..10)", "10", True),
        ("before", "[1..10]", "10", False),
        ("before", "[1..10]", "[15..20]", True),
        ("before", "[1..10)", "[10..20]", True),
        ("before", "[1..10]", "(10..20]", True),
        ("after", "12", "[2..5]", True),
        ("after", "(11..20]", "11", True),
        ("after", "(5..10]", "[1..5)", True),
        ("meets", "[1..5]", "[5..10]", True),
        ("meets", "[1..5)", "[5..10]", False),
        ("met by", "[5..10]", "[1..5]", True),
        ("met by", "(5..8]", "[1..5)", False),
        ("overlaps", "[5..10]", "[1..6]", True),
        ("overlaps", "[1..3]", "(3..6]", False),
        ("overlaps", "(5..8]", "[1..5)", False),
        ("overlaps before", "[1..5]", "[4..10]", True),
        ("overlaps before", "[1..3]", "(3..5]", False),
        ("overlaps before", "[1..5)", "(1..5]", True),
        ("overlaps before", "[1..5)", "[1..5]", False),
        ("overlaps before", "[1..5]", "[1..5]", False),
        ("overlaps after", "[4..10]", "[1..5)", True),
        ("overlaps after", "[3..5]", "[1..3)", False),
        ("finishes", "5", "[1..5]", True),
        ("finishes", "5", "[1..5)", False),
        ("finishes", "[3..5]", "[1..5]", True),
        ("finishes", "[1..5]", "(1..5]", False),
        ("finished by", "[5..10]", "10", True),
        ("finished by", "[1..5]", "(1..5]", True),
        ("includes", "[5..10]", "6", True),
        ("includes", "(1..5)", "1", False),
        ("includes", "[1..10]", "[1..10)", True),
        ("includes", "[1..10)", "[1..10]", False),
        ("during", "5", "[1..10]", True),
        ("during", "(1..10)", "[1..10]", True),
        ("starts", "5", "[5..10]", True),
        ("starts", "[1..5)", "[1..5]", True),
        ("starts", "(1..5]", "[1..5]", False),
        ("started by", "[1..10]", "[1..5]", True),
        ("coincides", "5", "5", True),
        ("coincides", "(1..5)", "[1..5]", False),
        ("coincides", "[2..6]", "[2..6]", True),
        ("before", "(..5]", "6", True),
        ("before", "6", "(..5]", False),
        ("includes", "[1..)", "[5..9]", True),
        ("overlaps", "(..5]", "[5..)", True),
    ],
)
def test_examples_of_the_standard(name, left, right, expected):
    assert call(name, _side(left), _side(right)) is expected


_ENDS = [(low, high) for low, high in product(range(4), repeat=2) if low < high]
_SMALL = [Range(Decimal(low), Decimal(high), a, b) for low, high in _ENDS for a in (True, False) for b in (True, False)]


def _members(made):
    """What a range has in it, in steps of a quarter: fine enough to tell all small ranges apart."""
    low, high = int(made.low * 4), int(made.high * 4)
    return set(range(low if made.low_closed else low + 1, high + 1 if made.high_closed else high))


@pytest.mark.parametrize("left", _SMALL)
def test_relations_are_what_the_numbers_in_the_ranges_say(left):
    mine = _members(left)
    for right in _SMALL:
        theirs = _members(right)
        assert call("before", left, right) is (max(mine) < min(theirs))
        assert call("after", left, right) is (min(mine) > max(theirs))
        assert call("overlaps", left, right) is bool(mine & theirs)
        assert call("includes", left, right) is (theirs <= mine)
        assert call("during", left, right) is (mine <= theirs)
        assert call("coincides", left, right) is (mine == theirs)
        assert call("starts", left, right) is (mine <= theirs and min(mine) == min(theirs))
        assert call("finishes", left, right) is (mine <= theirs and max(mine) == max(theirs))
        earlier = min(mine) < min(theirs) <= max(mine) <= max(theirs)
        assert call("overlaps before", left, right) is earlier


def test_what_cannot_be_compared_is_null():
    assert call("before", 1, "a") is None
    assert call("overlaps", span("[1..5]"), Range(feel("@P1D"), feel("@P2D"))) is None
    assert call("before", None, 1) is None
    assert call("meets", 1, 2) is None
    assert call("before", True, False) is None


def test_parameters_may_be_named():
    assert call_by_name("before", point1=1, point2=10) is True
    assert call_by_name("before", range1=span("[1..5]"), range2=span("[6..9]")) is True
    assert call_by_name("during", point=5, range=span("[1..10]")) is True
    assert call_by_name("during", range=span("[1..10]"), point=5) is True
    assert call_by_name("during", value=5, range=span("[1..10]")) is None
