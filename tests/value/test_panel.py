"""Panels from files, and units that were merged."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.measures import MEASURES, Measure
from loft.value.merges import Merge, merged, read_merges
from loft.value.panel import read_panel
from loft.value.tally import hash_of, ordered

MEAN = Measure("attribute:sales", "Packs sold", "number", "lower", "mean")
SHARE, COUNT = replace(MEAN, form="share", kind="share"), replace(MEAN, form="count", kind="count")


def written(cells: Cells) -> dict[tuple[str, str], tuple[float, float]]:
    """Unit and first day of the period to n and Σy."""
    days = np.datetime64(cells.first, "D") + cells.day
    keys = [(cells.units[u], str(day)) for u, day in zip(cells.unit, days, strict=True)]
    return dict(zip(keys, zip(cells.n.tolist(), cells.total.tolist(), strict=True), strict=True))


@pytest.mark.parametrize(
    ("periods", "step", "starts", "until"),
    [
        (("2019", "2020"), 365, ("2019-01-01", "2020-01-01"), date(2020, 12, 31)),
        (("2019Q4", "2020Q1"), 91, ("2019-10-01", "2020-01-01"), date(2020, 3, 31)),
        (("2019K4", "2020K1"), 91, ("2019-10-01", "2020-01-01"), date(2020, 3, 31)),
        (("2019-12", "2020-01"), 30, ("2019-12-01", "2020-01-01"), date(2020, 1, 31)),
        (("2019M12", "2020M01"), 30, ("2019-12-01", "2020-01-01"), date(2020, 1, 31)),
        (("2019-12-31", "2020-01-01"), 1, ("2019-12-31", "2020-01-01"), date(2020, 1, 1)),
    ],
)
def test_periods_are_years_quarters_months_or_days(
    periods: tuple[str, str], step: int, starts: tuple[str, str], until: date
) -> None:
    cells = read_panel(f"unit,period,value\nb,{periods[1]},2\nb,{periods[0]},1", MEAN)
    assert written(cells) == {("b", starts[0]): (1, 1), ("b", starts[1]): (1, 2)}
    assert (cells.step, cells.until, str(cells.first)) == (step, until, starts[0])


def test_decimals_may_have_a_comma_and_columns_other_names() -> None:
    text = "\ufeffEnhet;År;Andel;Antall;Merknad\r\nOslo;2020;0,25;1 200;\r\nBergen;2020;0,5;800;x\r\n"
    names = {"unit": "Enhet", "period": "år", "value": "Andel", "n": "Antall"}
    cells = read_panel(text.encode(), SHARE, names=names)
    assert written(cells) == {("Oslo", "2020-01-01"): (1200, 300), ("Bergen", "2020-01-01"): (800, 400)}
    assert cells.units == ("Bergen", "Oslo")


def test_a_number_of_cases_is_counted_as_cases() -> None:
    cells = read_panel("unit,period,value\na,2020,7\na,2021,0", COUNT)
    assert (cells.n.tolist(), cells.total.tolist(), cells.squares.tolist()) == ([7, 0], [7, 0], [7, 0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no rows"),
        ("unit,period,value", "has no rows"),
        ("unit,perod,value\na,2020,1", "no column period. Did you mean perod"),
        ("unit,period,amount\na,2020,1", "no column value; it has unit, period, amount"),
        ("unit,unit,period,value\na,a,2020,1", "column unit twice"),
        ("unit,period,value\na,2020,1\nb,2020", "Row 3 has 2 cells and the head has 3"),
        ("unit,period,value\na,2020,1\nb,2020,many", "Row 3, column value, “many”: it is not a number"),
        ("unit,period,value\na,2020,", "Row 2, column value, “”: it is empty"),
        ("unit,period,value\na,2020,NaN", "“NaN”: it is not a number"),
        ("unit,period,value\na,2020,inf", "“inf”: it is not a number"),
        ("unit,period,value\na,2020,1e300", "too large"),
        ('unit,period,value\na,2020,"1,5"', "it has a comma, as the cells"),
        ("unit;period;value\na;2020;1.234,5", "not a number"),
        ("unit,period,value\n,2020,1", "Row 2, column unit, “”: it is empty"),
        ("unit,period,value\na,Spring,1", "Row 2, column period, “Spring”: write 2024"),
        ("unit,period,value\na,2020,1\na,2021Q1,1", "Row 3, column period, “2021Q1”: all periods must"),
        ("unit,period,value\na,2020-13,1", "there is no such day"),
        ("unit,period,value\na,0001,1", "from 1800 to 2200"),
        ("unit,period,value\na,2020Q1,1\na,2020K1,2", "Rows 2 and 3 are both about a in 2020K1"),
        (
            "unit,period,value\na,2020,1\na,2022,1\nb,2021,1",
            "a has no figure for the period that begins on .*; in all 3",
        ),
        ("unit,period,value,n\na,2020,1,0", "Row 2, column n, “0”: a number of cases is above 0"),
        (b"unit,period,value\n\xe5,2020,1", "not UTF-8"),
        ('unit,period,value\n"a,2020,1', "not sound CSV"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(text: str | bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_panel(text, MEAN)


def test_shares_and_numbers_of_cases_have_bounds() -> None:
    with pytest.raises(BadInput, match="“25”: a share is between 0 and 1; write 0.25"):
        read_panel("unit,period,value\na,2020,25", SHARE)
    with pytest.raises(BadInput, match="“-1”: a number of cases is not below 0"):
        read_panel("unit,period,value\na,2020,-1", COUNT)
    with pytest.raises(BadInput, match="cannot hold Days to the answer with open cases"):
        read_panel("unit,period,value\na,2020,1", MEASURES["days"])


def test_gaps_may_be_known() -> None:
    cells = read_panel("unit,period,value\na,2020,1\na,2022,3", MEAN, gaps=True)
    assert cells.day.tolist() == [0, 731]


def test_smoking_in_california_is_read_as_published(shared_data: Path) -> None:
    # Arkhangelsky et al. 2021: 39 states, 1970 to 2000, packs a head.
    names = {"unit": "State", "period": "Year", "value": "PacksPerCapita"}
    cells = read_panel((shared_data / "golden-value" / "california_prop99.csv").read_bytes(), MEAN, names=names)
    assert (len(cells.units), len(cells.n), cells.first, cells.until) == (
        39,
        1209,
        date(1970, 1, 1),
        date(2000, 12, 31),
    )
    assert written(cells)["California", "1970-01-01"] == (1, 123)


FIGURES = st.floats(-1e6, 1e6).map(lambda v: round(v, 6))
UNITS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@given(
    st.lists(UNITS, min_size=1, max_size=4, unique=True),
    st.integers(1, 5),
    st.data(),
)
def test_what_is_written_is_read_in_whatever_order(units: list[str], years: int, data: st.DataObject) -> None:
    rows = [(unit, 2000 + y, data.draw(FIGURES), data.draw(st.integers(1, 99))) for unit in units for y in range(years)]
    expected = {(u, f"{y}-01-01"): (n, n * value) for u, y, value, n in rows}
    shuffled = data.draw(st.permutations(rows))
    out = io.StringIO()
    csv.writer(out).writerows([("unit", "period", "value", "n"), *shuffled])
    cells = read_panel(out.getvalue(), MEAN)
    assert written(cells) == expected
    assert list(cells.units) == sorted(units)


@given(st.text(alphabet='unitperodvalue,;\t\n"0123456789-Q.', max_size=120) | st.binary(max_size=60))
def test_any_file_is_read_or_refused_in_a_sentence(text: str | bytes) -> None:
    head = "unit,period,value\n"
    for whole in (text, head + text if isinstance(text, str) else head.encode() + text):
        try:
            cells = read_panel(whole, MEAN)
        except BadInput as error:
            assert str(error)
        else:
            assert np.isfinite(cells.total).all()


# Units that were merged.

TOGETHER = "old,new,from\na,c,2020-01-01\nb,c,2020-01-01\n"
BEFORE = "unit,period,value\na,2018,1\nb,2018,2\na,2019,3\nb,2019,4\n"
AFTER = "c,2020,10\nc,2021,20\nother,2018,1\nother,2019,1\nother,2020,1\nother,2021,1\n"


def panel(text: str, measure: Measure = COUNT) -> Cells:
    return read_panel(text, measure, gaps=True)


def test_numbers_of_cases_are_summed_back_in_time() -> None:
    found = merged(panel(BEFORE + AFTER), read_merges(TOGETHER))
    told = written(found.cells)
    assert [told["c", f"{year}-01-01"][1] for year in range(2018, 2022)] == [3, 7, 10, 20]
    assert (found.breaks, found.cells.units) == ((), ("c", "other"))


def test_means_are_weighted_by_their_cases() -> None:
    text = "unit,period,value,n\na,2019,1,30\nb,2019,5,10\nc,2020,9,4"
    found = merged(panel(text, MEAN), read_merges(TOGETHER))
    assert written(found.cells)["c", "2019-01-01"] == (40, 80)
    assert found.cells.squares.tolist() == [30 + 250, 324]
    assert not found.breaks


def test_means_without_a_number_of_cases_are_a_break() -> None:
    before = panel(BEFORE + AFTER, MEAN)
    found = merged(before, read_merges(TOGETHER))
    [told] = found.breaks
    assert (told.unit, told.on) == ("c", date(2020, 1, 1))
    assert str(told.why) == "2 units became one, and without their numbers of cases the mean of all is not known."
    assert written(found.cells) == written(before)


def test_a_unit_with_another_name_keeps_its_figures() -> None:
    found = merged(panel("unit,period,value\na,2019,3\nc,2020,4", MEAN), (Merge("a", "c", date(2020, 1, 1)),))
    assert written(found.cells) == {("c", "2019-01-01"): (1, 3), ("c", "2020-01-01"): (1, 4)}
    assert not found.breaks


def test_names_change_more_than_once() -> None:
    text = "unit,period,value\na,2018,1\nb,2018,2\nc,2019,3\nd,2020,4"
    merges = (Merge("c", "d", date(2020, 1, 1)), Merge("a", "c", date(2019, 1, 1)), Merge("b", "c", date(2019, 1, 1)))
    found = merged(panel(text), merges)
    assert [total for _, total in written(found.cells).values()] == [3, 3, 4]
    assert found.cells.units == ("d",)
    merges = (Merge("a", "b", date(2019, 1, 1)), Merge("b", "a", date(2020, 1, 1)))
    back = merged(panel("unit,period,value\na,2018,1\nb,2019,3\na,2020,4"), merges)
    assert (back.cells.units, len(back.cells.n)) == (("a",), 3)


def test_a_split_is_a_break() -> None:
    text = "unit,period,value\na,2019,3\nb,2020,1\nc,2020,2"
    for merges in ("old,new,from\na,b,2020-01-01\na,c,2020-01-01", "old;new;from;share\na;b;2020-01-01;0,5"):
        found = merged(panel(text), read_merges(merges))
        assert "a was split" in str(found.breaks[0].why)
        assert written(found.cells) == written(panel(text))


def test_a_missing_part_is_a_break() -> None:
    for text in (
        "unit,period,value\na,2018,1\na,2019,3\nb,2019,4\nc,2020,5",
        "unit,period,value\na,2018,1\nc,2020,5",
        "unit,period,value\na,2018,1\nb,2018,1\nc,2019,1\nc,2020,5",
    ):
        found = merged(panel(text), read_merges(TOGETHER))
        assert "has no figure for the period that begins on" in str(found.breaks[0].why)
        assert written(found.cells) == written(panel(text))


def test_a_unit_that_takes_in_others_is_summed_with_them() -> None:
    text = "unit,period,value\na,2019,3\nc,2019,4\nc,2020,5"
    found = merged(panel(text), (Merge("a", "c", date(2020, 1, 1)),))
    assert written(found.cells) == {("c", "2019-01-01"): (7, 7), ("c", "2020-01-01"): (5, 5)}


def test_the_year_of_the_merger_is_the_sum_of_what_was_told() -> None:
    text = "unit,period,value\na,2018,1\nb,2018,2\na,2019,3\nb,2019,4\nc,2019,5\nc,2020,6"
    merges = (Merge("a", "c", date(2019, 7, 1)), Merge("b", "c", date(2019, 7, 1)))
    assert [total for _, total in written(merged(panel(text), merges).cells).values()] == [3, 12, 6]


@pytest.mark.parametrize(
    ("merges", "says"),
    [
        ("old,new\na,b", "no column from"),
        ("old,new,from\na,b,spring", "Row 2 of the merged units: from must be a day"),
        ("old,new,from\na,a,2020-01-01", "two different units"),
        ("old,new,from,share\na,b,2020-01-01,2", "share above 0 and at most 1"),
        ("old,new,from\na,b,2020-01-01\na,b,2021-01-01", "a is merged twice"),
        ("old,new,from\na,b,2020-01-01\nb,c,2020-01-01", "b is both old and new on"),
        ("old,new,from\na,c,2019-01-01", "a has figures after it became part of c"),
    ],
)
def test_wrong_merges_are_told_in_a_sentence(merges: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        merged(panel(BEFORE + AFTER), read_merges(merges))


@given(st.lists(st.integers(0, 100), min_size=8, max_size=8), st.permutations(range(2)))
def test_a_merger_loses_no_case_and_the_order_of_rows_does_not_matter(counts: list[int], order: list[int]) -> None:
    rows = [
        f"{unit},{year},{counts[4 * u + y]}" for u, unit in enumerate("ab") for y, year in enumerate(range(2016, 2020))
    ]
    whole = panel("unit,period,value\n" + "\n".join(rows) + "\nc,2020,1")
    merges = read_merges(TOGETHER)
    found = merged(whole, [merges[i] for i in order])
    assert (found.cells.total.sum(), found.cells.units) == (sum(counts) + 1, ("c",))
    assert hash_of(found.cells) == hash_of(ordered(merged(whole, merges).cells))
