"""CSV and other delimited text into the log: read as text first, so that every wrong row can be told with its line and value."""

import csv
import io
import re
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from loft.log.errors import BadRow, BadRows, LogError
from loft.log.limits import Limits
from loft.log.mapping import Mapping
from loft.log.progress import Progress
from loft.log.readers import rejects, sql
from loft.log.readers.encoding import Utf8, as_utf8
from loft.log.readers.raw import Column, Raw, own_source
from loft.log.readers.source import head

DELIMITERS = (",", ";", "\t", "|")
_ROWS, _WRONG, _SHIFT = "csv_rows", "csv_wrong", "csv_shift"
_DATA = re.compile(rf"{sql.ISO_ZONED}|\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d+)?)?")
_WRONG_ROW = {
    "MISSING COLUMNS": "a row with {n} values",
    "TOO MANY COLUMNS": "a row with {n} values",
    "UNQUOTED VALUE": "a value whose quotes are closed",
    "LINE SIZE OVER MAXIMUM": "a row of at most {field:,} characters",
}


class Head(NamedTuple):
    """The delimiter of a file and the names of its columns."""

    delimiter: str
    names: list[str]
    notes: list[str]


def read(
    path: Path,
    mapping: Mapping,
    connection: duckdb.DuckDBPyConnection,
    *,
    limits: Limits,
    bad: BadRows,
    progress: Progress,
    sample: bool = False,
) -> Raw:
    """The rows as a table of texts. Rows with too many or too few values are wrong rows; the rest is judged when it is shaped."""
    with as_utf8(path, mapping.encoding, limits, progress, sample, _folder(connection)) as text:
        first = opened(text.path, path.name, mapping.delimiter, limits)
        try:
            connection.execute(
                f"CREATE TABLE {_ROWS} AS SELECT row_number() OVER () AS seq, * FROM {_scan(text.path, first, limits)}"
            )
            wrong = _ragged(connection, path.name, len(first.names), limits, bad)
            row, line = _places(connection, wrong, text)
        except duckdb.Error as error:
            connection.execute(f"DROP TABLE IF EXISTS {_ROWS}")
            reason = str(error).split("\n")[0].rstrip(".")
            raise LogError(
                f"{path.name}: cannot be read as CSV with the delimiter {first.delimiter!r}: {reason}."
            ) from error
        finally:
            for table in (_WRONG, f"{_WRONG}_scans"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
    columns = {name: Column(f"c{n}") for n, name in enumerate(first.names)}
    own = own_source(columns)
    return Raw(
        _ROWS,
        columns,
        row=row,
        line=line,
        source=own,
        not_attributes=frozenset({own} if own else ()),
        notes=(*text.notes, *first.notes),
        tables=(_ROWS, _SHIFT),
    )


def _folder(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Where the connection's work spills to, if it is there: what a killed import leaves there is removed by the next."""
    folder = str(sql.row(connection, "SELECT current_setting('temp_directory')")[0])
    return folder if Path(folder).is_absolute() and Path(folder).is_dir() else None


def opened(path: Path, file: str, delimiter: str | None, limits: Limits) -> Head:
    """The delimiter, guessed unless given, and the names in the first line. Raises ``LogError`` where that line holds no names."""
    start = head(path, 1_000_000).decode("utf-8", "replace").removeprefix("\ufeff")
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise LogError(f'{file}: the delimiter must be one character, such as ";", and is {delimiter!r}.')
    delimiter = delimiter or _delimiter(start)
    try:
        names = next(csv.reader(io.StringIO(start), delimiter=delimiter), [])
    except csv.Error as error:
        raise LogError(f"{file}, line 1: the names of the columns cannot be read: {error}.") from error
    if not any(name.strip() for name in names):
        raise LogError(f"{file}, line 1: is empty; the first line must hold the names of the columns.")
    if len(names) > limits.columns:
        raise LogError(f"{file}: has {len(names):,} columns; the most that is read is {limits.columns:,}.")
    if max(map(len, names)) > limits.name:
        raise LogError(
            f"{file}, line 1: the name of a column has more than {limits.name:,} characters; the first line must hold the names."
        )
    if shown := next((n for n in names if _DATA.fullmatch(n.strip())), None):
        raise LogError(f"{file}, line 1: holds the value {shown!r}; the first line must hold the names of the columns.")
    return Head(delimiter, *_distinct(names))


def _delimiter(start: str) -> str:
    """The delimiter that cuts the first lines into the most columns, the same number in every line."""
    lines = start.splitlines()[:20]
    lines = lines[:-1] if len(lines) > 1 and len(start) >= 1_000_000 else lines

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return (0.0, 0)
        same = sum(w == widths[0] for w in widths) / len(widths) if widths else 0.0
        return (same if widths and widths[0] > 1 else 0.0, widths[0] if widths else 0)

    return max(DELIMITERS, key=fit)


def _distinct(names: list[str]) -> tuple[list[str], list[str]]:
    found: list[str] = []
    notes = []
    for place, name in enumerate(names, 1):
        plain = name.strip() or f"column {place}"
        new, number = plain, 2
        while new in found:
            new, number = f"{plain}_{number}", number + 1
        if new != plain:
            notes.append(f"Two columns are called {plain!r}; the later one is called {new!r} here.")
        found.append(new)
    return found, notes


def _scan(path: Path, first: Head, limits: Limits) -> str:
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(first.names)))
    return (
        f"read_csv({sql.text(sql.file(path))}, hive_partitioning = false, columns = {{{columns}}}, "
        f"delim = {sql.text(first.delimiter)}, quote = '\"', escape = '\"', "
        f"header = true, auto_detect = false, strict_mode = true, max_line_size = {2 * limits.field}, compression = 'none', "
        f"ignore_errors = true, store_rejects = true, rejects_limit = 0, rejects_table = '{_WRONG}', rejects_scan = '{_WRONG}_scans')"
    )


def _ragged(connection: duckdb.DuckDBPyConnection, file: str, width: int, limits: Limits, bad: BadRows) -> list[int]:
    """Add the rows that are no rows of this table to *bad*; gives their numbers."""
    found = connection.execute(
        f"SELECT CAST(line AS BIGINT) - 1, CAST(any_value(error_type) AS VARCHAR), left(any_value(csv_line), 200) "
        f"FROM {_WRONG} GROUP BY line ORDER BY line"
    )
    numbers = []
    while batch := found.fetchmany(10_000):
        told = []
        for number, kind, shown in batch:
            expected = _WRONG_ROW.get(kind, "a row of text").format(n=width, field=2 * limits.field)
            told.append(BadRow(file, number, "(whole row)", (shown or "").rstrip("\r\n"), expected))
            numbers.append(number)
        rejects.tell(bad, told)
    return numbers


def _places(connection: duckdb.DuckDBPyConnection, wrong: list[int], text: Utf8) -> tuple[str, str | None]:
    """SQL for the row in the file, wrong rows counted, and for its line; no line where values run over several."""
    shifts = pa.table({"at_row": pa.array([number - before for before, number in enumerate(wrong)], pa.int64())})
    connection.register("shifts_of_rows", shifts)
    connection.execute(f"CREATE TABLE {_SHIFT} AS FROM shifts_of_rows")
    connection.unregister("shifts_of_rows")
    row = f"(seq + (SELECT count(*) FROM {_SHIFT} WHERE at_row <= seq))" if wrong else "seq"
    rows = sql.row(connection, f"SELECT count(*) FROM {_ROWS}")
    plain = rows is not None and text.lines == rows[0] + len(wrong) + 1
    return row, f"{row} + 1" if plain else None
