"""Values of Python, NumPy and pandas as facts."""

import enum
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from loft.decisions import NOTHING
from loft.decisions.errors import FactError
from loft.decisions.facts import Fact
from loft.decisions.feel.types import Type
from loft.decisions.feel.wide import FarDate, nanos_of
from loft.decisions.model import HitPolicy
from loft.decisions.standard_values import ABSENT, feel_value, known_value
from tests.decisions.random_tables import made


class Letter(enum.StrEnum):
    A = "a"


class Day(date):
    """A date of a class of its own."""


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (NOTHING, None),
        (Fact(3, "register"), Decimal(3)),
        (True, True),
        (0.1, Decimal("0.1")),
        (10**40, Decimal("1E+40")),
        (np.float64(0.1), Decimal("0.1")),
        (np.int64(3), Decimal(3)),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.array(5), Decimal(5)),
        (np.array([1, 2]), [Decimal(1), Decimal(2)]),
        (np.datetime64("2026-01-31"), date(2026, 1, 31)),
        (np.datetime64("2026-01-31T10:00:00", "ns"), datetime(2026, 1, 31, 10)),
        (np.timedelta64(10**9, "ns"), timedelta(seconds=1)),
        (pd.Timestamp("2026-01-31T10:00Z"), datetime(2026, 1, 31, 10, tzinfo=UTC)),
        (pd.Timedelta("1 day"), timedelta(days=1)),
        (pd.Series([1, None]), [Decimal(1), None]),
        (Letter.A, "a"),
        (Day(2026, 1, 31), date(2026, 1, 31)),
        ({1: float("nan")}, {"1": None}),
        (time(10), time(10)),
    ],
)
def test_a_value_is_feels_and_of_its_plain_class(value: Any, found: Any) -> None:
    assert feel_value(value) == found
    assert type(feel_value(value)) is type(found)


@pytest.mark.parametrize(
    "value",
    [
        *(float("nan"), float("-inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")),
        *(np.float64("nan"), np.datetime64("NaT"), pd.NaT, pd.NA),
    ],
    ids=repr,
)
def test_what_tables_write_for_a_missing_value_is_not_known(value: Any) -> None:
    assert known_value(value) is ABSENT
    assert feel_value(value) is None
    assert made({"x": Type("number")}, [("< 2", "1")]).decide({"x": value}).missing == ("x",)


def _inside_itself() -> list[Any]:
    members: list[Any] = []
    members.append(members)
    return members


@pytest.mark.parametrize("kind", ["Any", "number", "string", "list", "date"])
@pytest.mark.parametrize(
    "value",
    [10**7000, Decimal("1E+6200"), 1j, b"a", object(), _inside_itself(), len, pd.DataFrame()],
    ids=lambda value: type(value).__name__,
)
def test_what_feel_has_no_value_for_is_told_as_a_wrong_fact(kind: str, value: Any) -> None:
    table = made({"x": Type(kind)}, [("-", "1")])
    with pytest.raises(FactError) as caught:
        table.decide({"x": value})
    assert str(caught.value)
    with pytest.raises(FactError):
        table.evaluate({"x": value})


def test_a_number_of_more_digits_than_python_writes_is_no_text() -> None:
    with pytest.raises(FactError, match="is to be a string"):
        made({"x": Type("string")}, [("-", "1")]).decide({"x": 10**5000})


def test_billionths_of_a_second_are_kept() -> None:
    assert nanos_of(feel_value(pd.Timestamp(1))) == 1


def test_a_day_before_year_1_is_a_date() -> None:
    table = made({"x": Type("date")}, [('< date("2026-02-01")', "1"), ("-", "2")], policy=HitPolicy.FIRST)
    assert table.decide({"x": FarDate(-44, 3, 15)}).rows == (1,)
