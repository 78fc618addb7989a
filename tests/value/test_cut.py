from datetime import date

import numpy as np
import pytest

from loft.value.cells import Cells
from loft.value.cut import cut, only
from loft.value.errors import BadInput
from loft.value.eventstudy import NEVER
from loft.value.measures import measure
from loft.value.panel import read_panel


def _cells(rows, name="doors", units=("a", "b"), until=date(2024, 4, 30), **more):
    """Cells of one case each: unit, day after 1 January 2024, figure, and of durations whether it is closed."""
    unit, day, y = (np.array([row[i] for row in rows]) for i in range(3))
    if name == "days":
        more |= {"age": y, "closed": np.array([row[3] for row in rows])}
    y, n = y.astype(float), np.ones(len(rows))
    return Cells(measure(name), units, date(2024, 1, 1), until, unit, day, n, y, y**2, **more)


def test_months_are_those_of_the_calendar_and_a_unit_that_starts_inside_one_is_split():
    found = cut(_cells([(0, 0, 1), (0, 30, 2), (0, 31, 4), (0, 45, 8), (1, 45, 16)]), {"a": date(2024, 2, 10)})
    assert found.begins == (date(2024, 1, 1), date(2024, 2, 1))
    assert found.start.tolist() == [1, NEVER]
    assert found.unit.tolist() == [0, 0, 0, 1] and found.period.tolist() == [0, 1, 1, 1]
    assert found.on.tolist() == [0, 0, 1, 0] and found.total.tolist() == [3, 4, 8, 16]
    assert found.n.tolist() == [2, 1, 1, 1] and found.squares.tolist() == [5, 16, 64, 256]
    assert found.whole().total.tolist() == [3, 8, 16]


def test_periods_of_days_are_counted_from_the_first_start():
    rows = [(0, d, 1) for d in range(40)]
    found = cut(_cells(rows), {"b": date(2024, 2, 1), "a": date(2024, 1, 25)}, every=10)
    assert [(b - date(2024, 1, 1)).days for b in found.begins] == [0, 4, 14, 24, 34]
    assert found.start.tolist() == [3, 3] and found.n.tolist() == [4, 10, 10, 10, 6]


def test_open_cases_count_up_to_the_limit_and_those_not_followed_so_long_do_not_count():
    rows = [(0, 0, 3, True), (0, 1, 40, True), (0, 2, 100, False), (0, 100, 1, True), (0, 105, 2, True)]
    found = cut(_cells(rows, "days", within=20, until=date(2024, 4, 30)), {})
    assert found.n.tolist() == [3, 1] and found.total.tolist() == [3 + 20 + 20, 1]


def test_days_without_cases_are_days_with_none():
    found = cut(_cells([(0, 0, 1), (0, 0, 1), (0, 5, 1), (1, 2, 1)], "volume", until=date(2024, 1, 10)), {})
    assert found.n.tolist() == [10, 10] and found.total.tolist() == [3, 1]
    assert found.squares.tolist() == [5, 1] and found.cases.tolist() == [3, 1]


def test_a_panel_keeps_its_periods():
    found = cut(_cells([(0, 0, 1), (0, 365, 2), (1, 0, 3), (1, 365, 4)], step=365), {"a": date(2024, 12, 31)})
    assert found.period.tolist() == [0, 1, 0, 1] and found.on.tolist() == [0, 1, 0, 0]
    assert found.panel().y.tolist() == [[1, 2], [3, 4]]


def test_a_panel_of_counts_is_cases_a_day_of_each_period():
    panel = read_panel("unit,period,value\na,2024-01,62\na,2024-02,29\nb,2024-01,31\nb,2024-02,0", measure("volume"))
    found = cut(panel, {})
    assert found.panel().y.tolist() == [[2, 1], [1, 0]]
    assert found.cases.tolist() == [62, 29, 31, 0]


def test_a_start_after_the_last_case_is_none_yet():
    found = cut(_cells([(0, 0, 1), (1, 40, 2)]), {"a": date(2024, 4, 1)})
    assert found.start.tolist() == [NEVER, NEVER] and not found.on.any()


def test_units_are_chosen_and_numbered_as_named():
    found = only(_cells([(0, 0, 1), (1, 1, 2), (0, 2, 3)]), ("b", "a"))
    assert found.units == ("b", "a") and found.unit.tolist() == [1, 0, 1]
    with pytest.raises(BadInput, match="no unit c with cases in this time. The units are b, a."):
        only(found, ("a", "c"))


def test_what_cannot_be_cut_is_told():
    cells = _cells([(0, 0, 1), (1, 40, 2)])
    with pytest.raises(BadInput, match="before there are any figures"):
        cut(cells, {"a": date(2024, 1, 1)})
    with pytest.raises(BadInput, match="not week"):
        cut(cells, {}, every="week")
    with pytest.raises(BadInput, match="missing in period"):
        cut(cells, {}).panel()
    with pytest.raises(BadInput, match="old enough"):
        cut(_cells([(0, 110, 3, True)], "days", within=20), {})
