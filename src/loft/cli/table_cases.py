"""Cases to try a rule on: a CSV or Parquet file, or the cases of a log; and the counts of what came out, through the gate."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import fail
from loft.language import mark

if TYPE_CHECKING:
    import pyarrow as pa

    from loft.decisions import Table
    from loft.insight import Table as Figures

CASES = click.Path(exists=True, path_type=Path)
MOST_GROUPS = 1_000
"""Different outcomes that are counted; a rule whose output is another for every case is no table of outcomes."""
_COLUMNS = 20
"""Columns that are named in a message, at most."""
HEADS = {
    "outcomes": {"outcome": mark("Outcome"), "row": mark("Row")},
    "changed_outcomes": {"before": mark("Outcome before"), "after": mark("Outcome after")},
}
_TITLES = {
    "outcomes": (mark("Outcomes"), mark("How many cases have each outcome, and the row of the rule that gives it.")),
    "changed_outcomes": (
        mark("Cases whose outcome changes"),
        mark("How many cases go from one outcome to another. Cases whose outcome stays are not in the table."),
    ),
}
_UNKNOWN = mark(
    "No column holds these facts, so they are known of no case: %(facts)s. --facts FACT=COLUMN names one; there are: %(columns)s."
)
_CASES = mark("Cases")
_SHARES = {"outcomes": mark("Share of cases"), "changed_outcomes": mark("Share of those that change")}


def cases_of(path: Path) -> Any:
    """The cases as an Ibis table. Of a store: its cases with their service, moments, steps, doors and attributes."""
    import ibis

    if path.is_dir():
        from loft.insight.cases import case_rows
        from loft.log import open_log

        log = open_log(path)
        click.get_current_context().call_on_close(log.close)
        return case_rows(log)
    engine = ibis.duckdb.connect()
    click.get_current_context().call_on_close(engine.disconnect)
    ends = path.name.lower()
    if not ends.endswith((".csv", ".csv.gz", ".tsv", ".parquet")):
        fail(f"{path} is neither .csv nor .parquet, and no store. A log in another form is imported first: loft import")
    return _read(engine, path, parquet=ends.endswith(".parquet"))


def _read(engine: Any, path: Path, *, parquet: bool) -> Any:
    """The rows of a file. Of a CSV all are looked at before a column gets its type: what is odd may stand far down."""
    import duckdb

    try:
        return engine.read_parquet(str(path)) if parquet else engine.read_csv(str(path), sample_size=-1)
    except (duckdb.Error, UnicodeError) as error:
        what = str(error).split("\n", 1)[0].split("Error: ", 1)[-1]
        fail(f"{path.name} cannot be read as {'Parquet' if parquet else 'CSV'}: {what}")


def tell_unknown(tables: Iterable["Table"], cases: Any, facts: dict[str, str]) -> None:
    """Says on standard error which facts of *tables* no column of the cases holds: they are known of no case."""
    from loft.decisions.over.columns import chosen
    from loft.language import gettext

    missing: dict[str, None] = {}
    for table in tables:
        names = [fact.name for fact in table.inputs]
        held = chosen(table.inputs, cases, {name: column for name, column in facts.items() if name in names})
        missing.update(dict.fromkeys(name for name in names if name not in held))
    if missing:
        told = {"facts": ", ".join(missing), "columns": ", ".join(cases.columns[:_COLUMNS])}
        click.echo(gettext(_UNKNOWN) % told, err=True)


def columns_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """``fact=column`` words as a dictionary. Usage error for another form."""
    found = {}
    for pair in pairs:
        fact, equals, column = pair.partition("=")
        if not (equals and fact.strip() and column.strip()):
            raise click.UsageError(f"--facts takes FACT=COLUMN, such as 'household income=income', not {pair!r}.")
        found[fact.strip()] = column.strip()
    return found


def write_cases(expression: Any, file: Path, force: bool) -> None:
    """The rows of an Ibis expression as CSV or Parquet, whole. Usage error for another ending or a file that is there."""
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already; name another file, or say --force to write over it.")
    if file.suffix.lower() == ".parquet":
        expression.to_parquet(file)
    elif file.suffix.lower() == ".csv":
        expression.to_csv(file)
    else:
        raise click.UsageError(f"--output takes a .csv or a .parquet file, not {file.name}.")


def counted(expression: Any, keys: list[str]) -> "pa.Table":
    """How many cases have each combination of *keys*: these and ``cases``, as Arrow. Ends the program past ``MOST_GROUPS``."""
    found = expression.group_by(keys).aggregate(cases=lambda t: t.count())
    rows = found.limit(MOST_GROUPS + 1).to_pyarrow()
    if rows.num_rows > MOST_GROUPS:
        fail(f"There are more than {MOST_GROUPS} different outcomes, so no table. --output FILE writes each case.")
    return rows


def gated(name: str, words: dict[str, list[str]], cases: list[int], minimum: int | None) -> "Figures":
    """Counts of cases by the columns of *words*, the most first, as a table that may be shown: rows on too few cases are left out."""
    import pyarrow as pa

    from loft.insight.gate import Form, let_out
    from loft.insight.table import Column, Kind
    from loft.log import MINIMUM

    if minimum is not None and minimum < MINIMUM:
        raise click.UsageError(f"--minimum is {MINIMUM} or more, not {minimum}.")
    heads = tuple(Column(key, Kind.TEXT, label) for key, label in HEADS[name].items() if key in words)
    figures = (Column("cases", Kind.COUNT, _CASES), Column("share", Kind.SHARE, _SHARES[name]))
    title, about = _TITLES[name]
    form = Form(name, title, about, (*heads, *figures), tuple(words), open_keys=False, disjoint=True)
    tally: Counter[tuple[str, ...]] = Counter()
    for names, number in zip(zip(*words.values(), strict=True), cases, strict=True):
        tally[names] += number
    rows = sorted(tally, key=lambda names: (-tally[names], names))
    total = max(sum(cases), 1)
    data = pa.table(
        {
            **{key: pa.array([row[place] for row in rows], pa.string()) for place, key in enumerate(words)},
            "cases": pa.array([tally[row] for row in rows], pa.int64()),
            "share": pa.array([tally[row] / total for row in rows], pa.float64()),
        }
    )
    return let_out(form, data, MINIMUM if minimum is None else minimum)
