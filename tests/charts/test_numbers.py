from datetime import date

import pytest

from loft.charts import numbers
from loft.language import speaking


@pytest.mark.parametrize(
    ("value", "norwegian", "english"),
    [
        (1284, "1\u202f284", "1,284"),
        (0, "0", "0"),
        (None, "–", "–"),
        (-3, "−3", "−3"),
        (-0.2, "0", "0"),
        (1234567.6, "1\u202f234\u202f568", "1,234,568"),
    ],
)
def test_a_count_has_the_language_s_thousands(value, norwegian, english):
    with speaking("nb"):
        assert numbers.count(value) == norwegian
    with speaking("en"):
        assert numbers.count(value) == english


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3.2, "3.2\u00a0days"),
        (1.0, "1\u00a0day"),
        (1.04, "1\u00a0day"),
        (0.97, "1\u00a0day"),
        (5.0, "5\u00a0days"),
        (41.4, "41\u00a0days"),
        (1234.5, "1,234\u00a0days"),
        (4 / 24, "4\u00a0hours"),
        (1 / 24, "1\u00a0hour"),
        (10 / 1440, "10\u00a0minutes"),
        (1 / 1440, "1\u00a0minute"),
        (0, "0 days"),
        (-2.5, "−2.5\u00a0days"),
        (None, "–"),
    ],
)
def test_a_length_of_time_is_told_in_the_unit_that_fits(value, words):
    with speaking("en"):
        assert numbers.days(value) == words


def test_days_have_a_decimal_comma_in_norwegian():
    with speaking("nb"):
        assert numbers.days(3.2).startswith("3,2")
        assert numbers.decimal(1234.56, 2) == "1\u202f234,56"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.234, "23\u00a0%"),
        (0.004, "0,4\u00a0%"),
        (0.9961, "99,6\u00a0%"),
        (1, "100\u00a0%"),
        (0, "0\u00a0%"),
        (None, "–"),
    ],
)
def test_a_share_never_rounds_to_none_or_all(share, words):
    with speaking("nb"):
        assert numbers.percent(share) == words


def test_dates_are_written_as_people_write_them():
    with speaking("nb"):
        assert numbers.day(date(2026, 12, 3)) == "3.\u00a0desember 2026"
        assert numbers.day(date(2026, 12, 3), year=False) == "3.\u00a0desember"
        assert numbers.month(date(2026, 2, 1)) == "februar 2026"
    with speaking("en"):
        assert numbers.day(date(2026, 12, 3)) == "3\u00a0December 2026"


@pytest.mark.parametrize(
    ("values", "digits"), [([1500.0, 2], 0), ([40.2], 1), ([0.4, None], 2), ([0.03], 3), ([], 1), ([None], 1)]
)
def test_a_column_has_as_many_decimals_as_its_largest_number_needs(values, digits):
    assert numbers.digits_for(values) == digits


def test_a_cell_is_written_by_its_kind():
    with speaking("nb"):
        assert numbers.cell(0.125, "share") == "12,5\u00a0%"
        assert numbers.cell(3.14159, "days", 2) == "3,14"
        assert numbers.cell(date(2026, 1, 1), "month") == "januar 2026"
        assert numbers.cell(date(2026, 1, 2), "date") == "2.\u00a0januar 2026"
        assert numbers.cell(None, "count") == "–"
        assert numbers.cell("Byggesak", "text") == "Byggesak"
