import ibis
import numpy as np
import pandas
import pytest

from loft.value.errors import BadInput
from loft.value.eventstudy import NEVER, event_study
from loft.value.from_table import event_study_of, summed
from tests.value.rows import made


def _table():
    unit, period, y, _ = made(1)
    starts = np.array([5, 5, 4, 4, 6, 6, *[NEVER] * 6])[unit]
    frame = pandas.DataFrame({"office": [f"o{u}" for u in unit], "month": period, "days": y})
    frame["start"] = pandas.Series([None if s == NEVER else int(s) for s in starts], dtype="Int64")
    return ibis.memtable(frame), (starts, unit, period, y)


def test_one_group_by_gives_what_every_row_gives():
    table, (starts, unit, period, y) = _table()
    study = event_study_of(table, unit="office", period="month", start="start", value="days", leads=3, lags=2)
    rows = event_study(starts, unit, period, np.ones(len(y)), y, y**2, leads=3, lags=2)
    assert study.time.tolist() == rows.time.tolist()
    assert study.estimate == pytest.approx(rows.estimate, rel=1e-9)
    assert study.se == pytest.approx(rows.se, rel=1e-9)


def test_rows_without_a_value_are_left_out_and_columns_that_are_not_there_are_told():
    table = ibis.memtable({"a": [1, 1, 2], "y": [1.0, None, 3.0]})
    found = summed(table, "y", "a")
    assert sorted(zip(found.key["a"].to_pylist(), found.n, found.total, strict=True)) == [(1, 1, 1), (2, 1, 3)]
    with pytest.raises(BadInput, match="no column b. It has a, y."):
        summed(table, "y", "b")
