"""The minimum wage and employment in fast-food stores: Card & Krueger (1994), tables 3 and 4."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from loft.value.means import adjusted_change, change_in_means, difference_in_differences, mean

# The order of the columns, from the data's public codebook.
NAMES = """SHEET CHAIN CO_OWNED STATE SOUTHJ CENTRALJ NORTHJ PA1 PA2 SHORE NCALLS EMPFT EMPPT NMGRS WAGE_ST INCTIME FIRSTINC BONUS PCTAFF
MEALS OPEN HRSOPEN PSODA PFRY PENTREE NREGS NREGS11 TYPE2 STATUS2 DATE2 NCALLS2 EMPFT2 EMPPT2 NMGRS2 WAGE_ST2 INCTIME2 FIRSTIN2 SPECIAL2
MEALS2 OPEN2R HRSOPEN2 PSODA2 PFRY2 PENTREE2 NREGS2 NREGS112""".split()

Stores = dict[str, NDArray[np.float64]]


@pytest.fixture(scope="module")
def stores(shared_data: Path) -> Stores:
    """Each column of the file, with full-time equivalents in both waves: part-timers count half, stores closed for good 0."""
    lines = (shared_data / "golden-value" / "card_krueger_public.dat").read_text().splitlines()
    rows = [[float("nan") if word == "." else float(word) for word in line.split()] for line in lines]
    columns = dict(zip(NAMES, np.array(rows).T, strict=True))
    columns["before"] = columns["EMPFT"] + columns["NMGRS"] + 0.5 * columns["EMPPT"]
    columns["after"] = columns["EMPFT2"] + columns["NMGRS2"] + 0.5 * columns["EMPPT2"]
    return columns


def known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[np.isfinite(values)]


@pytest.mark.parametrize(
    ("state", "wave", "level", "error"),
    [(1, "before", 20.44, 0.51), (1, "after", 21.03, 0.52), (0, "before", 23.33, 1.35), (0, "after", 21.17, 0.94)],
)
def test_means_are_those_published(stores: Stores, state: int, wave: str, level: float, error: float) -> None:
    found = mean(known(stores[wave][stores["STATE"] == state]))
    assert (round(found.mean, 2), round(found.error, 2)) == (level, error)


def test_the_difference_in_differences_of_all_stores_is_the_one_published(stores: Stores) -> None:
    jersey = stores["STATE"] == 1
    found = difference_in_differences(
        (known(stores["before"][jersey]), known(stores["after"][jersey])),
        (known(stores["before"][~jersey]), known(stores["after"][~jersey])),
    )
    assert round(found.estimate, 2) == 2.75


def test_the_difference_in_changes_of_stores_seen_twice_is_the_one_published(stores: Stores) -> None:
    change = stores["after"] - stores["before"]
    jersey = stores["STATE"] == 1
    found = change_in_means(known(change[jersey]), known(change[~jersey]))
    assert (round(found.estimate, 2), round(found.error, 2)) == (2.75, 1.34)


def test_the_regressions_are_those_published(stores: Stores) -> None:
    closed = stores["STATUS2"] == 3
    change = stores["after"] - stores["before"]
    used = np.isfinite(change) & np.isfinite(stores["WAGE_ST"]) & (np.isfinite(stores["WAGE_ST2"]) | closed)
    change, jersey = change[used], stores["STATE"][used] == 1
    plain = adjusted_change(change, jersey, robust=False)
    assert (plain.n, round(plain.estimate, 2), round(plain.error, 2)) == (357, 2.33, 1.19)
    kind = np.column_stack([*(stores["CHAIN"][used] == chain for chain in (1, 2, 3)), stores["CO_OWNED"][used]])
    adjusted = adjusted_change(change, jersey, kind, robust=False)
    assert (adjusted.n, round(adjusted.estimate, 2), round(adjusted.error, 2)) == (357, 2.30, 1.20)
