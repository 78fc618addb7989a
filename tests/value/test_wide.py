"""Panels laid out as units by periods."""

import numpy as np
import pytest

from loft.value.errors import BadInput
from loft.value.wide import wide


def test_rows_in_any_order_give_the_same_panel() -> None:
    panel = wide(["b", "a", "a", "b"], [2021, 2020, 2021, 2020], [4.0, 1.0, 2.0, 3.0])
    assert (panel.units, panel.periods.tolist()) == (("a", "b"), [2020, 2021])
    assert panel.y.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("a 1 5, a 1 6, b 1 7", "a is there more than once in period 1. Keep one row."),
        ("a 1 5, a 2 6, b 1 7", "b is missing in period 2. Fill the gap, leave the unit out, or use longer periods."),
        ("a 1 5, b 1 nan", "b has no number in period 1."),
        ("a 1 5, b nan 7", "Row 2 has no period."),
    ],
)
def test_gaps_and_doubles_are_told_with_their_place(rows: str, says: str) -> None:
    unit, period, value = zip(*(row.split() for row in rows.split(", ")), strict=True)
    with pytest.raises(BadInput) as refused:
        wide(unit, [float(p) for p in period], [float(v) for v in value])
    assert str(refused.value) == says


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(BadInput, match="equally many"):
        wide(["a"], [1.0, 2.0], np.array([1.0]))
