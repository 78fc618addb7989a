"""Which columns a screen has room for."""

import pytest

from loft.cli.grid import GAP, Shown, fitted, widths

COLUMNS = [
    Shown("activity", "Step", False, ["a step with quite a long name", "b"]),
    Shown("count", "Times", True, ["1,204", "3"]),
    Shown("cases", "Cases", True, ["1,100", "3"]),
    Shown("wait_p90", "Nine of ten wait at most (days)", True, ["12.5", "1"]),
    Shown("wait_total", "Waiting in all (days)", True, ["10,204", "9"]),
]


@pytest.mark.parametrize("width", range(30, 140, 5))
def test_what_is_kept_fits_and_nothing_is_lost_unsaid(width: int) -> None:
    kept, gone = fitted(COLUMNS, width)
    assert [c.head for c in COLUMNS if c not in kept] == [c.head for c in COLUMNS if c.head in gone]
    if width >= 60:
        assert sum(widths(kept, width)) + GAP * (len(kept) - 1) <= width


def test_a_wide_screen_keeps_every_column_and_folds_nothing() -> None:
    kept, gone = fitted(COLUMNS, 200)
    assert (kept, gone) == (COLUMNS, [])
    assert widths(kept, 200) == [column.most() for column in COLUMNS]


def test_a_narrow_screen_keeps_what_tells_the_most() -> None:
    kept, gone = fitted(COLUMNS, 50)
    assert [column.name for column in kept] == ["activity", "cases", "wait_total"]
    assert gone == ["Nine of ten wait at most (days)", "Times"]


def test_a_figure_is_never_broken() -> None:
    for column, signs in zip(COLUMNS, widths(COLUMNS, 10), strict=True):
        assert not column.figure or signs >= max(len(cell) for cell in column.cells)
