"""Cells of a log: what each measure is of a case, and the same on every engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlglot

from loft.log import Log, import_files, open_log
from loft.log.engine import Engine
from loft.log.publish import publish
from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.kept import kept_cells, prints_of
from loft.value.making import Question, cells_of, hash_of, shown, tally_of, use_cells
from loft.value.measures import measure
from loft.value.plan import Use
from tests.insight.text import rows_of, store_of, write_events
from tests.value.cases_in_text import ENDINGS, PERMITS, SHOWN, TEN, Shown
from tests.value.town import Place, town

ENGINES = {"duckdb": (), "postgres": (pytest.mark.postgres,), "spark": (pytest.mark.spark,)}
BEGIN = date(2024, 1, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows: list[dict[str, Any]] = rows_of(PERMITS)
    for row in rows:
        row["score"] = None if row["score"] is None else int(row["score"])
    return store_with_numbers(rows, tmp_path_factory.mktemp("permits"))


def store_with_numbers(rows: list[dict[str, Any]], folder: Path) -> Path:
    """A store of such rows; an attribute of whole numbers stays one."""
    folder.mkdir(exist_ok=True)
    mapping = write_events([{**row, "score": None} for row in rows], folder / "events.parquet")
    table = pq.read_table(folder / "events.parquet")
    scores = pa.array([row.get("score") for row in rows], pa.int64())
    pq.write_table(table.set_column(table.schema.get_field_index("score"), "score", scores), folder / "events.parquet")
    import_files([folder / "events.parquet"], folder / "store", mapping=mapping.but(endings=ENDINGS))
    return folder / "store"


@pytest.fixture(scope="module")
def duckdb_log(store: Path) -> Iterator[Log]:
    yield from _opened(str(store))


@pytest.fixture(scope="module")
def postgres_log(store: Path, postgres_url: str) -> Iterator[Log]:
    url = f"{postgres_url}&schema=value"
    publish(store, url)
    yield from _opened(url)


@pytest.fixture(scope="module")
def spark_log(store: Path, spark_session: Any) -> Iterator[Log]:
    yield from _opened(f"spark://{store}")


def _opened(url: str) -> Iterator[Log]:
    log = open_log(url)
    yield log
    log.close()


@pytest.fixture(params=[pytest.param(name, marks=marks) for name, marks in ENGINES.items()])
def log(request: pytest.FixtureRequest) -> Log:
    return request.getfixturevalue(f"{request.param}_log")


def said(cells: Cells, columns: list[str]) -> list[dict[str, str | None]]:
    """The cells as rows of a table of text."""
    names = {
        "unit": [cells.units[i] for i in cells.unit],
        "stratum": [cells.strata[i] or None for i in (cells.unit * 0 if cells.stratum is None else cells.stratum)],
    }
    rows = zip(*(names.get(c, getattr(cells, c)) for c in columns), strict=True)
    return [{c: _said(value) for c, value in zip(columns, row, strict=True)} for row in rows]


def _said(value: Any) -> str | None:
    return f"{value:.7g}" if isinstance(value, float) else None if value is None else str(value)


@pytest.mark.parametrize("example", SHOWN, ids=lambda s: s.says)
def test_the_cells_are_as_shown(example: Shown, log: Log) -> None:
    cells = cells_of(log, example.measure, **example.options)
    columns = [cell.strip() for cell in example.answer.strip().splitlines()[0].split("|")]
    assert said(cells, columns) == rows_of(example.answer)
    assert (cells.first, cells.until) == (BEGIN, BEGIN + timedelta(days=40))


@pytest.mark.parametrize("measure", ["days", "waiting", "log_days", "satisfaction:score"])
def test_the_hash_is_the_same_on_every_engine(measure: str, log: Log, duckdb_log: Log) -> None:
    assert hash_of(cells_of(log, measure, **TEN)) == hash_of(cells_of(duckdb_log, measure, **TEN))


@pytest.mark.parametrize(
    ("use", "shares"),
    [
        (Use("unit", "expert"), {"desk": (3, 2), "expert": (1, 1)}),
        (Use("activity", "withdraw"), {"desk": (3, 0), "expert": (1, 1)}),
        (Use("attribute", "district", "north"), {"desk": (3, 2), "expert": (1, 1)}),
    ],
    ids=lambda v: v.kind if isinstance(v, Use) else "",
)
def test_use_is_told_by_an_attribute_a_unit_or_an_activity(
    use: Use, shares: dict[str, tuple[int, int]], log: Log
) -> None:
    cells = use_cells(log, use, within=10)
    n, used = (np.bincount(cells.unit, values) for values in (cells.n, cells.total))
    assert {u: (n[i], used[i]) for i, u in enumerate(cells.units)} == shares


def test_an_earlier_day_gives_what_was_known_then(log: Log) -> None:
    cells = cells_of(log, "days", within=10, until=BEGIN + timedelta(days=7))
    told = said(cells, ["unit", "day", "age", "closed"])
    assert told == rows_of("""
        unit   | day | age | closed
        desk   | 0   | 0   | True
        desk   | 0   | 8   | False
        desk   | 4   | 4   | False
        expert | 3   | 5   | False
    """)


def test_what_was_final_stays_as_it_was(duckdb_log: Log) -> None:
    early = cells_of(duckdb_log, "handovers", within=10, until=BEGIN + timedelta(days=14))
    late = cells_of(duckdb_log, "handovers", within=10)
    assert early.day.max() == 4
    inside = late.day <= 4
    assert np.array_equal(late.total[inside], early.total)


def test_cases_without_a_unit_or_a_value_are_counted(duckdb_log: Log) -> None:
    doors, working = cells_of(duckdb_log, "doors", **TEN), cells_of(duckdb_log, "working", **TEN)
    assert (doors.left_out, doors.unknown) == (1, 0)
    assert (working.left_out, working.unknown) == (1, 2)


def test_the_usual_time_is_that_of_nine_in_ten_closed_cases(duckdb_log: Log) -> None:
    # Closed after 0, 2, 4, 6 and 21 whole days: nine in ten reach into the last.
    assert cells_of(duckdb_log, "days").within == 22


@pytest.mark.parametrize(
    ("measure", "options", "says"),
    [
        ("doors", {"by": "attribute:distrikt"}, "no attribute distrikt. Did you mean district?"),
        ("doors", {"by": "desk"}, "by unit, by service or by attribute:NAME; not by desk"),
        ("doors", {"by": "attribute:"}, "not by attribute:"),
        ("doors", {"services": ("built",)}, "no service 'built'. Did you mean 'build'?"),
        ("doors", {"where": (("districts", "north"),)}, "no attribute 'districts'"),
        ("attribute:district", {}, "does not hold numbers"),
        ("attribute:rank", {}, r"no attribute rank\. It has: "),
        ("activity:closed", {}, "no activity closed. Did you mean close?"),
        ("withdrawal", {}, "no activity application.withdrawn. Say which one shows it: withdrawal:NAME"),
        ("doors", {"first": date(2025, 1, 1)}, "No case of the log fits"),
        ("doors", {"within": 90}, "No case of the log fits"),
        (
            "working",
            {"where": (("district", "north"),), "services": ("move",)},
            "Days of work is not known of any of the 2",
        ),
        ("on_time:soon", {}, "whole number of days"),
        ("on_time", {}, "must be told what"),
        ("handover", {}, "Did you mean handovers?"),
        ("speed", {}, "Choose one of days, doors"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(measure: str, options: dict[str, Any], says: str, duckdb_log: Log) -> None:
    with pytest.raises(BadInput, match=says):
        cells_of(duckdb_log, measure, **{"within": 10} | options)


def test_use_of_an_unknown_kind_is_refused(duckdb_log: Log) -> None:
    with pytest.raises(BadInput, match="not by smell"):
        use_cells(duckdb_log, Use("smell", "smoke"), within=10)


def test_a_log_without_units_says_so(tmp_path: Path) -> None:
    log = open_log(store_of("case | activity | at\na | open | 0\na | close | 3", tmp_path, endings=("close",)))
    with pytest.raises(BadInput, match="None of the 1 cases chosen has a unit by unit"):
        cells_of(log, "days", within=2)
    log.close()


def test_without_endings_nothing_can_be_opened_again(tmp_path: Path) -> None:
    text = "case | activity | at | unit\na | on | 0 | u\na | off | 3 | u\nb | off | 0 | u\nb | on | 3 | u"
    log = open_log(store_of(text, tmp_path, endings=()))
    with pytest.raises(BadInput, match="which activities end a case"):
        cells_of(log, "reopening", within=1)
    log.close()


def test_kept_cells_are_the_same_on_every_engine(log: Log, duckdb_log: Log, tmp_path: Path) -> None:
    question = Question(measure("handovers"), "attribute:district", within=10)
    mine, theirs = prints_of(log, question), prints_of(duckdb_log, question)
    assert np.array_equal(mine.days, theirs.days) and np.array_equal(mine.sums, theirs.sums)
    days = [BEGIN, BEGIN + timedelta(days=4)]
    some = tally_of(log, question, days=days).summed()
    assert sorted(set(some.day.tolist())) == [0, 4]
    kept = kept_cells(log, "handovers", tmp_path, by="attribute:district", within=10)
    assert hash_of(kept) == hash_of(cells_of(duckdb_log, "handovers", by="attribute:district", within=10))


def test_only_enough_cases_are_shown(tmp_path: Path) -> None:
    log = Place(tmp_path).add(town(13, cases=300))
    for name in ("volume", "doors", "days"):
        cells = cells_of(log, name, within=8)
        everything, enough = shown(cells, 1), shown(cells, 32)
        assert min(enough.column("cases")) >= 32
        assert 0 < enough.dropped == len(everything) - len(enough)
        by_name = {(row["unit"], row["month"]): row for row in everything.rows()}
        assert all(by_name[row["unit"], row["month"]] == row for row in enough.rows())
    [january] = [r for r in shown(cells_of(log, "volume"), 1).rows() if (r["unit"], r["month"].month) == ("desk", 1)]
    assert january["figure"] == january["cases"] / 31
    log.close()


def test_cells_on_few_cases_are_not_shown(duckdb_log: Log) -> None:
    cells = cells_of(duckdb_log, "days", within=3)
    assert [row["figure"] for row in shown(cells, 1).rows()] == [2.0, None, 3.0]
    few = shown(cells, 5)
    assert (len(few), few.dropped) == (0, 3)
    assert len(shown(cells, 1, reason="Too few.")) == 0


@pytest.mark.parametrize("dialect", ["trino", "clickhouse"])
@pytest.mark.parametrize("measure", ["days", "handovers", "working", "reopening", "satisfaction:score", "log_days"])
def test_every_measure_compiles_for_engines_that_no_test_runs(measure: str, dialect: str, duckdb_log: Log) -> None:
    plain = {f.name: getattr(duckdb_log.engine, f.name) for f in fields(Engine)} | {"bitmaps": False}
    recorder = Recorder(**plain)
    options: dict[str, Any] = {"by": "attribute:district", "where": (("district", "north"),), "within": 10}
    cells_of(replace(duckdb_log, engine=recorder, _counts={}), measure, **options)
    for expression in recorder.asked:
        text = str(ibis.to_sql(expression.as_table(), dialect=dialect))
        assert sqlglot.parse_one(text, dialect=dialect).find(sqlglot.exp.Select)


@dataclass(frozen=True)
class Recorder(Engine):
    """An engine that remembers what it was asked."""

    asked: list[Any] = field(default_factory=list)

    def run(self, expression: Any) -> pa.Table:
        self.asked.append(expression)
        return super().run(expression)
