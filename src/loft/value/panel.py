"""A panel: a figure for each unit and period, from a file that someone has made."""

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

import numpy as np

from loft.language import mark
from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.measures import Measure
from loft.value.sentence import Figure

STEPS = {"year": 365, "quarter": 91, "month": 30, "day": 1}
COLUMNS = ("unit", "period", "value", "n")
MOST_ROWS = 2_000_000
EARLIEST, LATEST = 1800, 2200

_PERIODS = {
    "year": re.compile(r"(\d{4})"),
    "quarter": re.compile(r"(\d{4})[ -]?[QqKk]([1-4])"),
    "month": re.compile(r"(\d{4})(?:-|[Mm])(\d{2})"),
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})"),
}
_NUMBER = re.compile(r"[-+−]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Row:
    """A row as it stands in the file: ``number`` is its line, the head being 1."""

    number: int
    unit: str
    period: str
    value: float
    n: float


def read_panel(
    text: str | bytes, measure: Measure, *, names: Mapping[str, str] | None = None, gaps: bool = False
) -> Cells:
    """The panel in *text*, a CSV with a head and the columns ``unit``, ``period``, ``value`` and, if it likes, ``n``, as cells.

    *names* says which column of the file plays which of these, where the names differ. Cells are separated by comma, semicolon or tab; a
    decimal may have a comma where that does not separate. A period is a year (2024), a quarter (2024Q1, 2024K1), a month (2024-03, 2024M03)
    or a day (2024-03-05), the same kind in all rows. ``n`` is the number of cases behind a value, 1 where there is no such column.

    A value is a unit's mean or share, or, where ``measure.form`` is ``count``, its number in the period. The cells have Σy² as if all of
    a unit's cases in a period were equal: the spread within is not in the file. Durations must come as means. Raises ``BadInput`` for
    wrong rows, naming row and column; for a unit and period that is there twice; and, unless *gaps*, for one that is missing.
    """
    if measure.form == "duration":
        raise BadInput(
            mark(
                "A panel cannot hold %(measure)s with open cases. Make the panel of means, and choose a measure that is a mean."
            ),
            measure=Figure(measure.label, "told"),
        )
    lines, places, separator = _lines(text, dict(names or {}))
    rows = _rows(lines, places, separator)
    kind, periods = _periods(rows)
    if measure.form == "share":
        _refuse_first(
            rows, lambda r: not 0 <= r.value <= 1, mark("a share is between 0 and 1; write 0.25 for 25 per cent")
        )
    if measure.form == "count":
        _refuse_first(rows, lambda r: r.value < 0, mark("a number of cases is not below 0"))
    _refuse_twice(rows, periods)
    if not gaps:
        _refuse_gaps(rows, kind, periods)
    return _cells(rows, measure, kind, periods)


def _lines(text: str | bytes, names: dict[str, str]) -> tuple[list[tuple[int, list[str]]], dict[str, int], str]:
    """The lines with their numbers, without the head and without empty ones, the place of each column, and what separates cells."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput(mark("The file is not UTF-8. Save it as CSV UTF-8 and try again.")) from error
    text = text.removeprefix("\ufeff")
    top = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";\t,", key=top.count)
    try:
        lines = list(enumerate(csv.reader(io.StringIO(text), delimiter=separator, strict=True), 1))
    except csv.Error as error:
        raise BadInput(
            mark("The file is not sound CSV: %(error)s. Save it again."), error=Figure(str(error), "text")
        ) from error
    lines = [(number, [cell.strip() for cell in cells]) for number, cells in lines if any(map(str.strip, cells))]
    if len(lines) < 2:
        raise BadInput(
            mark("The file has no rows. It needs a head with unit, period and value, and a row for each of them.")
        )
    if len(lines) > MOST_ROWS:
        raise BadInput(
            mark("The file has more than %(count)s rows, the most that is read."), count=Figure(MOST_ROWS, "count")
        )
    head = lines[0][1]
    places = {
        column: place for column in COLUMNS if (place := _column(head, names.get(column, column), column)) is not None
    }
    _refuse_ragged(lines, len(head))
    return lines[1:], places, separator


def _column(head: Sequence[str], name: str, role: str) -> int | None:
    lower = [cell.lower() for cell in head]
    if lower.count(name.lower()) > 1:
        raise BadInput(mark("The head has the column %(name)s twice. Remove one."), name=Figure(name, "text"))
    if name.lower() in lower:
        return lower.index(name.lower())
    if role == "n" and name == "n":
        return None
    near = get_close_matches(name.lower(), lower, 1, 0.6)
    told = {"name": Figure(name, "text"), "columns": Figure(", ".join(head), "text")}
    if near:
        raise BadInput(
            mark("The head has no column %(name)s. Did you mean %(near)s?"),
            name=told["name"],
            near=Figure(near[0], "text"),
        )
    raise BadInput(
        mark("The head has no column %(name)s; it has %(columns)s. Name it so, or say which one it is."), **told
    )


def _refuse_ragged(lines: list[tuple[int, list[str]]], width: int) -> None:
    for number, cells in lines:
        if len(cells) != width:
            raise BadInput(
                mark(
                    "Row %(row)s has %(cells)s cells and the head has %(columns)s. Is a separator missing, or quotation marks?"
                ),
                row=Figure(number, "count"),
                cells=Figure(len(cells), "count"),
                columns=Figure(width, "count"),
            )


def _rows(lines: list[tuple[int, list[str]]], places: dict[str, int], separator: str) -> list[Row]:
    found = []
    for number, cells in lines:
        texts = {column: cells[place] for column, place in places.items()}
        for column in ("unit", "period"):
            if not texts[column]:
                raise _wrong(number, column, "", mark("it is empty; write it, or remove the row"))
        value = _number(number, "value", texts["value"], separator)
        n = _number(number, "n", texts["n"], separator) if "n" in texts else 1.0
        if n <= 0:
            raise _wrong(number, "n", texts["n"], mark("a number of cases is above 0; remove rows without cases"))
        found.append(Row(number, texts["unit"], texts["period"], value, n))
    return found


def _number(row: int, column: str, text: str, separator: str) -> float:
    if not text:
        raise _wrong(row, column, text, mark("it is empty; write it, or remove the row"))
    if separator == "," in text:
        raise _wrong(row, column, text, mark("it has a comma, as the cells between them have; write 1234.5"))
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise _wrong(row, column, text, mark("it is not a number; write it with digits, such as 12.5"))
    number = float(plain.replace("−", "-").replace(",", "."))
    if not math.isfinite(number) or abs(number) > 1e100:
        raise _wrong(row, column, text, mark("it is too large"))
    return number


def _wrong(row: int, column: str, value: str, why: str) -> BadInput:
    return BadInput(
        mark("Row %(row)s, column %(column)s, “%(value)s”: %(why)s."),
        row=Figure(row, "count"),
        column=Figure(column, "text"),
        value=Figure(value, "text"),
        why=Figure(why, "told"),
    )


def _refuse_first(rows: list[Row], wrong: Callable[[Row], bool], why: str) -> None:
    if row := next((row for row in rows if wrong(row)), None):
        raise _wrong(row.number, "value", f"{row.value:g}", why)


def _periods(rows: list[Row]) -> tuple[str, list[date]]:
    """The kind of period, and the first day of each row's."""
    kind = next((kind for kind, form in _PERIODS.items() if form.fullmatch(rows[0].period)), None)
    if kind is None:
        raise _wrong(rows[0].number, "period", rows[0].period, mark("write 2024, 2024Q1, 2024-03 or 2024-03-05"))
    found = []
    for row in rows:
        match = _PERIODS[kind].fullmatch(row.period)
        if match is None:
            raise _wrong(
                row.number, "period", row.period, mark("all periods must be of the same kind as in the first row")
            )
        numbers = [int(part) for part in match.groups()]
        if kind == "quarter":
            numbers[1] = 3 * numbers[1] - 2
        try:
            day = date(*[*numbers, 1, 1][:3])
        except ValueError as error:
            raise _wrong(row.number, "period", row.period, mark("there is no such day")) from error
        if not EARLIEST <= day.year <= LATEST:
            raise _wrong(row.number, "period", row.period, mark("the year must be from 1800 to 2200"))
        found.append(day)
    return kind, found


def next_period(day: date, step: int) -> date:
    """The first day of the period after the one that begins on *day*; *step* is that of the cells."""
    if step == STEPS["day"]:
        return day + timedelta(days=1)
    months = {STEPS["year"]: 12, STEPS["quarter"]: 3, STEPS["month"]: 1}[step]
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


def _refuse_twice(rows: list[Row], periods: list[date]) -> None:
    seen: dict[tuple[str, date], int] = {}
    for row, period in zip(rows, periods, strict=True):
        earlier = seen.setdefault((row.unit, period), row.number)
        if earlier != row.number:
            raise BadInput(
                mark("Rows %(first)s and %(second)s are both about %(unit)s in %(period)s. Remove one of them."),
                first=Figure(earlier, "count"),
                second=Figure(row.number, "count"),
                unit=Figure(row.unit, "text"),
                period=Figure(row.period, "text"),
            )


def _refuse_gaps(rows: list[Row], kind: str, periods: list[date]) -> None:
    """A unit must have every period that the panel covers."""
    have: dict[str, set[date]] = {}
    for row, period in zip(rows, periods, strict=True):
        have.setdefault(row.unit, set()).add(period)
    wanted, last = [min(periods)], max(periods)
    while wanted[-1] < last:
        wanted.append(next_period(wanted[-1], STEPS[kind]))
    missing = len(wanted) * len(have) - len(rows)
    if missing:
        unit = next(unit for unit, known in have.items() if len(known) < len(wanted))
        raise BadInput(
            mark(
                "%(unit)s has no figure for the period that begins on %(day)s; in all %(count)s are missing. Fill them in, "
                "leave out the unit, or say that gaps are known."
            ),
            unit=Figure(unit, "text"),
            day=Figure(next(day for day in wanted if day not in have[unit]), "day"),
            count=Figure(missing, "count"),
        )


def _cells(rows: list[Row], measure: Measure, kind: str, periods: list[date]) -> Cells:
    units = sorted({row.unit for row in rows})
    place = {unit: i for i, unit in enumerate(units)}
    first, last = min(periods), max(periods)
    unit = np.array([place[row.unit] for row in rows], dtype=np.int64)
    day = np.array([(period - first).days for period in periods], dtype=np.int64)
    value, n = (np.array([getattr(row, name) for row in rows], dtype=np.float64) for name in ("value", "n"))
    count = measure.form == "count"
    order = np.lexsort((day, unit))
    return Cells(
        measure=measure,
        units=tuple(units),
        first=first,
        until=next_period(last, STEPS[kind]) - timedelta(days=1),
        unit=unit[order],
        day=day[order],
        n=(value if count else n)[order],
        total=(value if count else n * value)[order],
        squares=(value if count else n * value**2)[order],
        step=STEPS[kind],
    )
