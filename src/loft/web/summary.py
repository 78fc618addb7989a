"""The top of a log's page: one sentence that answers, and at most four numbers, each with its comparison and how sure it is."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from loft.charts import numbers
from loft.insight import Table
from loft.language import gettext, ngettext
from loft.log import Log, Selection
from loft.web.filters import Choice, before, days_of, describe, next_month
from loft.web.questions import asked

Row = dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """A number for leaders: what it is, its value, what it is held against, and how sure we are."""

    name: str
    value: str
    compared: str
    sure: str


@dataclass(frozen=True)
class Summary:
    """The answering sentence, the numbers, and the notes that go with them."""

    sentence: str
    measures: list[Measure]
    cases: str
    remarks: tuple[str, ...]


def summary(slug: str, log: Log, choice: Choice) -> Summary:
    """The summary of the chosen cases."""
    overview = asked(slug, log, "overview", choice.selection)
    row = _row(overview)
    notes = tuple(gettext(note) for note in overview.notes)
    if row is not None and row["cases"] == 0:
        return Summary(gettext("No case fits this choice."), [], "", notes)
    if row is None or row["cases"] is None:
        return Summary(gettext("No figures can be shown for this choice."), [], "", notes)
    name, other = _baseline(slug, log, choice)
    held = _Held(row, other, name)
    doors = asked(slug, log, "doors", choice.selection)
    measures = [_days(held)]
    if row["doors_mean"] is not None:
        measures = [_doors(held, doors), *measures]
    measures.append(_waiting(held) if row["work_known"] else _handovers(held))
    if row["bounced_share"] is not None:
        measures.append(_bounced(held))
    return Summary(_sentence(row), measures, _cases(row), notes)


def _row(table: Table) -> Row | None:
    rows = table.rows()
    return rows[0] if rows else None


def _baseline(slug: str, log: Log, choice: Choice) -> tuple[str, Row | None]:
    """What the numbers are held against: what the reader chose; else the period before; else, for the whole log, its
    first year (or half)."""
    if choice.against is not None:
        return describe(choice.against), _row(asked(slug, log, "overview", choice.against))
    earlier = before(choice.selection, log)
    if earlier is not None:
        return describe(Selection(earlier.opened_from, earlier.opened_until)), _row(
            asked(slug, log, "overview", earlier)
        )
    if choice.selection.opened_from or choice.selection.opened_until:
        return "", None
    first, last = days_of(log)
    if (last - first).days >= 500:
        start = first if first.day == 1 else next_month(first)
        # With a first day, a few cases before the first whole month could be told apart, and nothing would be shown.
        part = choice.selection.but(opened_until=start.replace(year=start.year + 1) - timedelta(days=1))
        return gettext("the first year"), _row(asked(slug, log, "overview", part))
    middle = first + (last - first) / 2
    part = choice.selection.but(opened_until=middle)
    return gettext("the first half"), _row(asked(slug, log, "overview", part))


@dataclass(frozen=True)
class _Held:
    """A row held against another, which has a name."""

    row: Row
    other: Row | None
    name: str

    def against(self, column: str, form: Any) -> str:
        value = self.other.get(column) if self.other else None
        if value is None:
            return gettext("Nothing to hold it against")
        return gettext("%(value)s in %(name)s") % {"value": form(value), "name": self.name}


def _doors(held: _Held, doors: Table) -> Measure:
    return Measure(
        gettext("Doors per case"),
        numbers.decimal(held.row["doors_mean"], 1),
        held.against("doors_mean", lambda v: numbers.decimal(v, 1)),
        _interval(held.row, doors),
    )


def _interval(row: Row, doors: Table) -> str:
    """A 95 % interval for the mean, from how the cases are spread: what other cases like these would give."""
    known = [(r["doors"], r["cases"]) for r in doors.rows() if r["cases"] is not None and r["doors"] is not None]
    count = sum(n for _, n in known)
    if count < 30:
        return gettext("Few cases: chance may have much to say")
    mean = row["doors_mean"]
    variance = sum(n * (d - mean) ** 2 for d, n in known) / (count - 1)
    margin = 1.96 * math.sqrt(variance / count)
    digits = 1 if margin >= 0.05 else 2
    low, high = numbers.decimal(mean - margin, digits), numbers.decimal(mean + margin, digits)
    return gettext("Likely between %(low)s and %(high)s") % {"low": low, "high": high}


def _days(held: _Held) -> Measure:
    row = held.row
    value = numbers.whole_days(row["days_median"]) if row["days_median"] is not None else gettext("Not reached yet")
    open_cases = row["open_cases"] or 0
    sure = (
        ngettext("%(count)s open case is reckoned with", "%(count)s open cases are reckoned with", open_cases)
        % {"count": numbers.count(open_cases)}
        if open_cases
        else gettext("Every case is closed and counted")
    )
    return Measure(
        gettext("Half get their answer within"), value, held.against("days_median", numbers.whole_days), sure
    )


def _waiting(held: _Held) -> Measure:
    row = held.row
    known = row["work_known"] or 0
    sure = (
        gettext("The start of the work is known for %(share)s of the steps") % {"share": numbers.percent(known)}
        if known
        else gettext("Includes work: the log does not say when work began")
    )
    return Measure(
        gettext("Waiting, share of the time"),
        numbers.percent(row["wait_share"]),
        held.against("wait_share", numbers.percent),
        sure,
    )


def _handovers(held: _Held) -> Measure:
    """In the place of waiting, where the log does not say when work began and everything would count as waiting."""
    row = held.row
    if row["handovers_mean"] is None:
        return _waiting(held)
    value = numbers.decimal(row["handovers_mean"], 1)
    form = lambda v: numbers.decimal(v, 1)  # noqa: E731
    return Measure(
        gettext("Hand-overs per case"),
        value,
        held.against("handovers_mean", form),
        gettext("Counted from one known unit to the next"),
    )


def _bounced(held: _Held) -> Measure:
    row = held.row
    share, count = row["bounced_share"], row["cases"]
    low, high = wilson(share, count)
    digits = int(numbers.percent(low) == numbers.percent(high))
    words = {"low": numbers.percent(low, digits), "high": numbers.percent(high, digits)}
    return Measure(
        gettext("Sent back at least once"),
        numbers.percent(share),
        held.against("bounced_share", numbers.percent),
        gettext("Likely between %(low)s and %(high)s") % words,
    )


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of E. B. Wilson (1927) for a share of *count* cases."""
    z = 1.959964
    centre = share + z * z / (2 * count)
    margin = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    return max((centre - margin) / whole, 0.0), min((centre + margin) / whole, 1.0)


def _sentence(row: Row) -> str:
    """The answer: doors, days, waiting, as far as the log knows them."""
    words = {
        "doors": numbers.decimal(row["doors_mean"], 1),
        "days": numbers.whole_days(row["days_median"]),
        "share": numbers.percent(row["wait_share"]),
    }
    if row["doors_mean"] is None:
        if row["days_median"] is None:
            return gettext("More than half of the cases are still open, and the log does not say which units they met.")
        return gettext("Half of the cases are done within %(days)s. The log does not say which units they met.") % words
    if row["days_median"] is None:
        return gettext("A case goes through %(doors)s doors, and more than half of the cases are still open.") % words
    if not row["wait_share"] or not row["work_known"]:
        return gettext("A case goes through %(doors)s doors, and half of the cases are done within %(days)s.") % words
    return (
        gettext(
            "A case goes through %(doors)s doors, half of the cases are done within %(days)s, and for %(share)s of the time they wait."
        )
        % words
    )


def _cases(row: Row) -> str:
    words = {
        "cases": numbers.count(row["cases"]),
        "first": numbers.day(row["first_day"]),
        "last": numbers.day(row["last_day"]),
    }
    return (
        ngettext(
            "%(cases)s case, opened from %(first)s to %(last)s",
            "%(cases)s cases, opened from %(first)s to %(last)s",
            row["cases"],
        )
        % words
    )
