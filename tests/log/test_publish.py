"""A log on PostgreSQL is the log of the store, and is replaced whole or not at all."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loft import insight
from loft.log import LogError, Mapping, Selection, Store, import_files, open_log
from loft.log.engine import names_of, parquet_of, postgres_place
from loft.log.publish import publish, short
from tests.insight.text import moment

LONG = "an attribute with a name that is much longer than PostgreSQL allows, number "
ODD = 'wörds "quoted", 100 %; select'


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return _store(tmp_path, ["a", "b", "c", "c"])


def _store(folder: Path, cases: list[str]) -> Path:
    values = ["", "x|y", 'a "quote"\nand a line', None]
    columns: dict[str, Any] = {
        "case": cases,
        "activity": [f"step {n % 3}" for n in range(len(cases))],
        "at": pa.array([moment(n + 0.123456) for n in range(len(cases))], pa.timestamp("us")),
        "unit": ["north", None, "south", "north"][: len(cases)],
        ODD: (values * 2)[: len(cases)],
        LONG + "1": [f"{n}" for n in range(len(cases))],
        LONG + "2": [f"{-n}" for n in range(len(cases))],
        "amount": pa.array([0.1 * n for n in range(len(cases))]),
        "small": pa.array([n if n else None for n in range(len(cases))], pa.int16()),
        "paid": pa.array([n % 2 == 0 for n in range(len(cases))]),
    }
    pq.write_table(pa.table(columns), folder / "events.parquet")
    mapping = Mapping("parquet", case="case", activity="activity", at="at", unit="unit", source="test")
    import_files([folder / "events.parquet"], folder / "store", mapping=mapping)
    return folder / "store"


@pytest.fixture
def url(postgres_url: str, request: pytest.FixtureRequest) -> str:
    """A schema of the test's own, with a name that must be quoted."""
    return f"{postgres_url}&schema=Log-{hashlib.sha256(request.node.name.encode()).hexdigest()[:8]}"


@pytest.fixture
def ask(url: str) -> Callable[[str], list[Any]]:
    """Runs SQL on the test's database; ``LOG`` stands for the schema."""
    place, schema = postgres_place(url)

    def asked(query: str) -> list[Any]:
        with psycopg.connect(**place, autocommit=True) as connection:
            cursor = connection.execute(query.replace("LOG", f'"{schema}"'))
            return cursor.fetchall() if cursor.description else []

    return asked


def test_every_table_comes_back_as_it_was(store: Path, url: str) -> None:
    assert publish(store, url) == 4
    log = open_log(url)
    snapshot = Store(store).current()
    assert snapshot is not None
    for name in names_of(Store(store).meta()):
        written = pq.read_table(parquet_of(snapshot, name))
        found = log.run(log.table(name)).rename_columns(written.column_names)
        rows = sorted(map(str, found.to_pylist()))
        assert rows == sorted(map(str, written.to_pylist())), name
    log.close()


def test_what_the_log_is_stays_the_same(store: Path, url: str) -> None:
    publish(store, url)
    log, meta = open_log(url), Store(store).meta()
    assert (log.meta.events, log.meta.cases, log.meta.files, log.meta.endings) == (4, 3, meta.files, meta.endings)
    assert sorted(log.meta.attributes.values()) == sorted(meta.attributes.values())
    log.close()


def test_attributes_with_long_and_odd_names_can_be_chosen_by(store: Path, url: str) -> None:
    publish(store, url)
    log = open_log(url)
    for name, value in ((ODD, "x|y"), (ODD, 'a "quote"\nand a line'), (LONG + "1", "1"), (LONG + "2", "-1")):
        assert log.count(Selection(where=((name, value),))) == 1, name
    log.close()


def test_a_long_name_is_cut_between_letters_and_kept_apart_from_others() -> None:
    names = [short("event:" + "å" * 40 + end) for end in ("1", "2")]
    assert len(set(names)) == 2
    assert all(len(name.encode()) <= 63 and name.startswith("event:åå") for name in names)


def test_publishing_again_replaces_the_log(
    store: Path, url: str, tmp_path: Path, ask: Callable[[str], list[Any]]
) -> None:
    publish(store, url)
    (tmp_path / "other").mkdir()
    publish(_store(tmp_path / "other", ["x"]), url)
    assert ask("SELECT count(*) FROM LOG.steps") == [(1,)]
    log = open_log(url).with_gate_open()
    assert insight.overview(log).column("cases") == [1]
    log.close()


def test_a_schema_that_holds_something_else_is_left_alone(
    store: Path, url: str, ask: Callable[[str], list[Any]]
) -> None:
    ask("CREATE SCHEMA LOG; CREATE TABLE LOG.invoices (n int)")
    with pytest.raises(LogError, match="holds tables or views that are not a log"):
        publish(store, url)
    assert ask("SELECT count(*) FROM LOG.invoices") == [(0,)]


@pytest.mark.parametrize(
    "more",
    ["CREATE VIEW LOG.mine AS SELECT 1", "CREATE SEQUENCE LOG.mine", "CREATE MATERIALIZED VIEW LOG.mine AS SELECT 1"],
)
def test_a_log_with_something_else_beside_it_is_left_alone(
    store: Path, url: str, ask: Callable[[str], list[Any]], more: str
) -> None:
    publish(store, url)
    ask(more)
    with pytest.raises(LogError, match="mine"):
        publish(store, url)
    assert ask("SELECT count(*) FROM LOG.steps") == [(4,)]


def test_a_function_in_the_schema_and_a_view_on_the_log_elsewhere_are_left_alone(
    store: Path, url: str, ask: Callable[[str], list[Any]]
) -> None:
    publish(store, url)
    ask("CREATE FUNCTION LOG.one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    with pytest.raises(LogError, match="depend"):
        publish(store, url)
    assert ask("SELECT LOG.one()") == [(1,)]
    ask("DROP FUNCTION LOG.one; CREATE VIEW public.on_the_log AS SELECT count(*) FROM LOG.steps")
    try:
        with pytest.raises(LogError, match="on_the_log"):
            publish(store, url)
        assert ask("SELECT * FROM public.on_the_log") == [(4,)]
    finally:
        ask("DROP VIEW public.on_the_log")


def test_somebody_elses_schema_with_the_name_to_build_in_is_left_alone(
    store: Path, url: str, ask: Callable[[str], list[Any]]
) -> None:
    building = f'"{postgres_place(url)[1]}_building"'
    ask(f"CREATE SCHEMA {building}; CREATE TABLE {building}.invoices (n int)")
    with pytest.raises(LogError, match="invoices"):
        publish(store, url)
    assert ask(f"SELECT count(*) FROM {building}.invoices") == [(0,)]


def test_what_else_a_url_says_is_passed_on_to_the_client_library(url: str) -> None:
    place, schema = postgres_place("postgresql://me@db/our?schema=log&sslmode=require&application_name=loft")
    assert schema == "log"
    assert place == {
        "host": "db", "port": 5432, "user": "me", "password": None, "dbname": "our", "sslmode": "require", "application_name": "loft",
    }  # fmt: skip
    with pytest.raises(LogError, match="target_session_attrs"):
        open_log(f"{url}&target_session_attrs=nonsense")


@pytest.mark.parametrize("port", ["abc", "99999", "-1"])
def test_a_port_that_is_no_number_is_told(store: Path, port: str) -> None:
    for work in (open_log, lambda url: publish(store, url)):
        with pytest.raises(LogError, match="port"):
            work(f"postgresql://me@db:{port}/our")
    with pytest.raises(LogError, match="port"):
        open_log("postgresql://me@/our?port=x")


def test_a_publication_that_fails_leaves_the_log_that_was_there(
    store: Path, url: str, ask: Callable[[str], list[Any]]
) -> None:
    publish(store, url)
    snapshot = Store(store).current()
    assert snapshot is not None
    (snapshot / "cases.parquet").write_bytes(b"not Parquet")
    with pytest.raises(LogError):
        publish(store, url)
    assert ask("SELECT count(*) FROM LOG.steps") == [(4,)]


def test_the_columns_that_questions_join_and_filter_by_have_indexes(
    store: Path, url: str, ask: Callable[[str], list[Any]]
) -> None:
    publish(store, url)
    schema = postgres_place(url)[1]
    found = ask(f"SELECT indexdef FROM pg_indexes WHERE schemaname = '{schema}'")
    columns = {
        (row[0].split("ON ")[1].split(" USING")[0].split(".")[1], row[0].split("(")[1].rstrip(")")) for row in found
    }
    assert columns == {
        ("steps", "case_id"),
        ("steps", "arc_id"),
        ("steps", "opened_day"),
        ("cases", "case_id"),
        ("cases", "opened_day"),
    }


def test_a_server_that_does_not_answer_is_named(store: Path, tmp_path: Path) -> None:
    with pytest.raises(LogError, match="could not be written"):
        publish(store, f"postgresql://nobody@/loft?host={tmp_path}")


def test_a_schema_without_a_log_says_how_to_put_one_there(url: str) -> None:
    with pytest.raises(LogError, match="loft publish"):
        open_log(url)
