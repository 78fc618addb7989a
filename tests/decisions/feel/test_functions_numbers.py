"""Functions on numbers; the figures are those of the DMN conformance kit (0050 to 0056, 1100 ff., 1141 ff.) and of the standard."""

from decimal import Decimal

import pytest

from tests.decisions.feel.calling import call, call_by_name, feel


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("decimal", ("1.5", 0), None),
        ("decimal", (2.5, 0), 2),
        ("decimal", (1.5, 0), 2),
        ("decimal", (1234, -2), 1200),
        ("floor", (1.56,), 1),
        ("floor", (-1.5,), -2),
        ("floor", (-1.56, 1), -1.6),
        ("ceiling", (1.5,), 2),
        ("ceiling", (-1.56, 1), -1.5),
        ("round up", (5.5, 0), 6),
        ("round up", (-5.5, 0), -6),
        ("round up", (1.121, 2), 1.13),
        ("round up", (-1.126, 2), -1.13),
        ("round up", (5.5, 6176), 5.5),
        ("round up", (5.5, 6177), None),
        ("round up", (5.5, -6112), None),
        ("round up", (5.5,), None),
        ("round up", (5.5, None), None),
        ("round up", (5.5, 0, 1), None),
        ("round down", (5.5, 0), 5),
        ("round down", (-1.126, 2), -1.12),
        ("round half up", (5.5, 0), 6),
        ("round half up", (-5.5, 0), -6),
        ("round half up", (1.125, 2), 1.13),
        ("round half down", (5.5, 0), 5),
        ("round half down", (-5.5, 0), -5),
        ("round half down", (1.126, 2), 1.13),
        ("round half up", (1.25, 1.0), 1.3),
        ("round half up", (1.25, 1.5), None),
        ("abs", (-10,), 10),
        ("abs", ([-10],), 10),
        ("abs", ([],), None),
        ("abs", ("@-PT5H",), "@PT5H"),
        ("abs", ("@-P1Y",), "@P1Y"),
        ("abs", (True,), None),
        ("modulo", (12, 5), 2),
        ("modulo", (-12, 5), 3),
        ("modulo", (12, -5), -3),
        ("modulo", (-12, -5), -2),
        ("modulo", (10.1, 4.5), 1.1),
        ("modulo", (-10.1, 4.5), 3.4),
        ("modulo", (10.1, -4.5), -3.4),
        ("modulo", (-10.1, -4.5), -1.1),
        ("modulo", (10, 0), None),
        ("sqrt", (16,), 4),
        ("sqrt", (-3,), None),
        ("log", (1,), 0),
        ("log", (0,), None),
        ("log", (-1,), None),
        ("exp", (0,), 1),
        ("even", (2,), True),
        ("even", (-1,), False),
        ("even", (0,), True),
        ("even", (2.5,), False),
        ("odd", (5,), True),
        ("odd", (-5,), True),
        ("odd", (0.5,), False),
        ("odd", ("5",), None),
    ],
)
def test_numbers(name, values, expected):
    assert call(name, *values) == feel(expected)


def test_results_have_34_digits():
    assert call("decimal", Decimal(1) / 3, 2) == Decimal("0.33")
    assert call("log", 10) == Decimal("2.302585092994045684017991454684364")
    assert call("exp", 5) == Decimal("148.4131591025766034211155800405523")
    assert call("sqrt", 2) == Decimal("1.414213562373095048801688724209698")


def test_a_number_that_decimal128_cannot_hold_is_null():
    assert call("exp", 100_000) is None
    assert call("product", Decimal("1e4000"), Decimal("1e4000")) is None


def test_parameters_have_the_kits_names():
    assert call_by_name("round up", n=5.5, scale=0) == 6
    assert call_by_name("round up", scale=0) is None
    assert call_by_name("modulo", dividend=10, divisor=4) == 2
    assert call_by_name("abs", number=-1) == 1
    assert call_by_name("even", n=4) is None
