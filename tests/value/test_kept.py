"""Kept cells: topped up they are what asking everything anew gives."""

from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from loft.log import Log
from loft.log.engine import Engine
from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.kept import Prints, _read, _write, kept_cells, load
from loft.value.making import cells_of, hash_of, use_cells
from loft.value.measures import MEASURES
from loft.value.plan import Use
from loft.value.tally import Tally, columns
from tests.value.town import Place, town

MEASURED = tuple(
    "days doors bounces waiting working on_time:5 first_contact volume activity:ask reopening log_days".split()
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def same(a: Cells, b: Cells) -> bool:
    plain = ("units", "strata", "first", "until", "within", "left_out", "unknown", "measure")
    arrays = zip(columns(a).items(), columns(b).items(), strict=True)
    return all(getattr(a, n) == getattr(b, n) for n in plain) and all(
        x[0] == y[0] and np.array_equal(x[1], y[1]) for x, y in arrays
    )


def asked_of(log: Log, folder: Path, **options: Any) -> tuple[Cells, int]:
    """The kept cells, and how many questions the engine was asked for them."""
    recorder = Recorder(**{f.name: getattr(log.engine, f.name) for f in fields(Engine)})
    cells = kept_cells(replace(log, engine=recorder), folder=folder, **options)
    return cells, len(recorder.asked)


@dataclass(frozen=True)
class Recorder(Engine):
    """An engine that remembers what it was asked."""

    asked: list[Any] = field(default_factory=list)

    def run(self, expression: Any) -> pa.Table:
        self.asked.append(expression)
        return super().run(expression)


@pytest.mark.parametrize(("by", "measures"), [("unit", MEASURED), ("attribute:centre", ("days", "handovers"))])
def test_topping_up_gives_what_asking_anew_gives(by: str, measures: tuple[str, ...], place: Place) -> None:
    rows = town(1)
    folder = place.folder / "kept"
    for until in (50, 51, 200):
        log = place.add([row for row in rows if row["at"] <= until])
        for name in measures:
            anew = cells_of(log, name, by=by, within=8)
            assert same(kept_cells(log, name, folder, by=by, within=8), anew), (until, name)
        used = use_cells(log, Use("activity", "ask"), by=by, within=8)
        assert same(kept_cells(log, "days", folder, use=Use("activity", "ask"), by=by, within=8), used)
        log.close()


def test_an_event_of_long_ago_changes_its_day(place: Place) -> None:
    rows = [row for row in town(2) if row["at"] <= 60]
    old = next(row for row in rows if row["at"] < 30)
    late = {**old, "activity": "ask", "unit": "cellar", "at": old["at"] + 0.5, "began": None, "id": "late"}
    log = place.add(rows)
    before = kept_cells(log, "doors", place.folder / "kept", within=8)
    log = place.add([late])
    after = kept_cells(log, "doors", place.folder / "kept", within=8)
    assert same(after, cells_of(log, "doors", within=8))
    assert hash_of(after) != hash_of(before)
    log.close()


def test_days_that_have_not_changed_are_not_asked_again(place: Place) -> None:
    rows = town(12)
    folder = place.folder / "kept"
    log = place.add([row for row in rows if row["at"] <= 80])
    kept_cells(log, "volume", folder)
    [path] = folder.iterdir()
    kept = _read(path)
    told = kept.tally.cells
    # No day has so many cases: where they are still there, their day was not asked.
    marked = replace(kept.tally, cells=replace(told, n=told.n + 1000))
    _write(path, marked, kept.prints, kept.about)
    after = kept_cells(place.add(rows), "volume", folder)
    assert (after.n > 1000).sum() >= 5
    assert (after.n[after.day > 80] < 1000).all()
    log.close()


def test_an_attribute_that_becomes_known_changes_its_day(place: Place) -> None:
    rows = [row for row in town(3) if row["at"] <= 60]
    options: Any = {"by": "attribute:centre", "within": 8}
    log = place.add([{**row, "centre": row["centre"] if row["case"] > "c3" else None} for row in rows])
    before = kept_cells(log, "doors", place.folder / "kept", **options)
    log = place.add(rows)
    after = kept_cells(log, "doors", place.folder / "kept", **options)
    assert after.left_out < before.left_out
    assert same(after, cells_of(log, "doors", **options))
    log.close()


def test_another_log_in_the_same_place_is_asked_anew(place: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    log = place.add(town(4))
    kept_cells(log, "doors", place.folder / "kept", within=8)
    other = Place(tmp_path_factory.mktemp("other")).add(town(5))
    assert same(kept_cells(other, "doors", place.folder / "kept", within=8), cells_of(other, "doors", within=8))


def test_a_log_that_has_not_changed_is_asked_nothing(place: Place) -> None:
    log = place.add(town(6))
    first, questions = asked_of(log, place.folder / "kept", measure="days")
    again, none = asked_of(log, place.folder / "kept", measure="days")
    assert same(first, again)
    assert (questions > 0, none) == (True, 0)


def test_the_usual_time_is_kept(place: Place) -> None:
    rows = town(7)
    log = place.add([row for row in rows if row["at"] <= 40])
    before = kept_cells(log, "doors", place.folder / "kept")
    log = place.add(rows)
    assert cells_of(log, "doors").within != before.within
    assert same(kept_cells(log, "doors", place.folder / "kept"), cells_of(log, "doors", within=before.within))


def test_a_damaged_file_is_made_again(place: Place) -> None:
    log = place.add(town(8))
    folder = place.folder / "kept"
    cells = kept_cells(log, "doors", folder, within=8)
    [path] = folder.iterdir()
    whole = path.read_bytes()
    for damaged in (b"", whole[:100], whole[: len(whole) // 2], b"x" * len(whole)):
        path.write_bytes(damaged)
        with pytest.raises(BadInput, match="damaged. Remove the file"):
            load(path)
        assert same(kept_cells(log, "doors", folder, within=8), cells)
    assert same(load(path), cells)
    assert list(folder.iterdir()) == [path]


def test_two_questions_do_not_share_a_file(place: Place) -> None:
    log = place.add(town(9))
    options: list[dict[str, Any]] = [
        {},
        {"within": 3},
        {"services": ("build",)},
        {"strata": ""},
        {"by": "attribute:centre"},
    ]
    for option in options:
        kept_cells(log, "doors", place.folder, **option)
    kept_cells(log, "doors", place.folder, first=date(2024, 2, 1))
    assert len(list(place.folder.glob("*.cells"))) == len(options) + 1


def test_a_kept_file_is_read_in_a_few_milliseconds(tmp_path: Path, rng: np.random.Generator) -> None:
    # Forty units in four years with three cases a day, each of an age of its own.
    size = 40 * 1461 * 3
    unit, day = (a.ravel() for a in np.divmod(np.arange(size) // 3, 1461))
    age = rng.integers(0, 200, size)
    n = np.ones(size)
    cells = Cells(
        MEASURES["days"], tuple(f"u{i:02}" for i in range(40)), date(2020, 1, 1), date(2023, 12, 31),
        unit, day, n, n * age, n * age * age, ("a",), np.zeros(size, np.int64), age, rng.random(size) < 0.9, 30,
    )  # fmt: skip
    path, days = tmp_path / "much.cells", np.arange(1461)
    _write(path, Tally(cells, days, days * 0, days * 0), Prints(days, np.zeros((1461, 12), np.int64)), {})
    assert same(load(path), cells)
    took = []
    for _ in range(20):
        begin = perf_counter()
        load(path)
        took.append(perf_counter() - begin)
    assert np.median(took) < 0.02, "five milliseconds on a machine with nothing else to do"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


@pytest.mark.parametrize("order", range(3))
def test_the_hash_does_not_depend_on_the_order_of_rows_units_and_strata(order: int, place: Place) -> None:
    log = place.add(town(10))
    cells = cells_of(log, "days", within=8)
    mixed = np.random.default_rng(order)
    units, strata = mixed.permutation(len(cells.units)), mixed.permutation(len(cells.strata))
    rows = mixed.permutation(len(cells.n))
    shuffled = replace(
        cells,
        units=tuple(cells.units[i] for i in units),
        strata=tuple(cells.strata[i] for i in strata),
        **{name: value[rows] for name, value in columns(cells).items()},
    )
    shuffled = replace(shuffled, unit=np.argsort(units)[shuffled.unit], stratum=np.argsort(strata)[shuffled.stratum])
    assert hash_of(shuffled) == hash_of(cells)
    more = replace(cells, n=cells.n + np.eye(1, len(cells.n))[0])
    assert hash_of(more) != hash_of(cells)


def test_the_hash_looks_past_the_last_digits_of_decimals(place: Place) -> None:
    cells = cells_of(place.add(town(11)), "waiting", within=8)
    assert hash_of(replace(cells, total=cells.total * (1 + 1e-15))) == hash_of(cells)
    assert hash_of(replace(cells, total=cells.total * (1 + 1e-7))) != hash_of(cells)
