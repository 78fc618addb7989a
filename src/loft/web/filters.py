"""What the reader chose, read from the address and written back to it: the cases, what to hold them against, how much to show.

``from`` and ``until`` (days, both included), ``service``, ``unit`` and ``where`` (``attribute=value``) choose cases; each of
the last three may be repeated. ``against_from`` … ``against_where`` choose what to compare with: what they leave out is as in the
first choice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from loft.charts import numbers
from loft.language import gettext
from loft.log import EVERYTHING, Log, Selection

CASES = ("from", "until", "service", "unit", "where")
AGAINST = tuple(f"against_{name}" for name in CASES)
SHARES = (0.5, 0.8, 0.95, 1.0)
ROWS = 25

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choice:
    """A reader's choice. ``pairs`` are the address's own names and values, cleaned; ``errors`` are (name, sentence)."""

    pairs: Pairs = ()
    selection: Selection = EVERYTHING
    against: Selection | None = None
    share: float = 0.8
    all_rows: bool = False
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def query(self) -> str:
        """The choice as it stands in an address, with its question mark; empty when nothing is chosen."""
        return _query(self.pairs)

    def without(self, *names: str, pair: tuple[str, str] | None = None) -> str:
        """The address without *names*, or without one pair."""
        return _query(tuple(p for p in self.pairs if p[0] not in names and p != pair))

    def adding(self, **changes: str | None) -> str:
        """The address with each name set to a value (None: taken out). ``from_`` is ``from``."""
        new = {name.rstrip("_"): value for name, value in changes.items()}
        kept = [p for p in self.pairs if p[0] not in new]
        return _query((*kept, *((name, value) for name, value in new.items() if value)))


@dataclass(frozen=True)
class Active:
    """A filter in force: what it says, and the address without it."""

    text: str
    remove: str


@dataclass(frozen=True)
class Option:
    """A link in a row of choices."""

    text: str
    href: str
    current: bool = False


def _query(pairs: Pairs) -> str:
    order = {name: i for i, name in enumerate((*CASES, *AGAINST, "share", "rows"))}
    pairs = tuple(sorted(dict.fromkeys(pairs), key=lambda p: order.get(p[0], 99)))
    return f"?{urlencode(pairs)}" if pairs else ""


def read(values: Mapping[str, Sequence[str]], log: Log) -> Choice:
    """The choice in an address's *values* (name to list). What cannot be used is told in ``errors``, never ignored."""
    reader = _Reader(log)
    pairs = tuple(
        (name, value.strip())
        for name in (*CASES, *AGAINST, "share", "rows")
        for value in values.get(name, ())
        if value.strip()
    )
    selection = reader.selection(pairs, "", EVERYTHING)
    against = None
    if any(name in AGAINST for name, _ in pairs):
        against = reader.selection(pairs, "against_", selection)
    share = reader.share(dict(pairs).get("share", "0.8"))
    return Choice(pairs, selection, against, share, dict(pairs).get("rows") == "all", tuple(reader.errors))


@dataclass
class _Reader:
    log: Log
    errors: list[tuple[str, str]] = field(default_factory=list)

    def selection(self, pairs: Pairs, prefix: str, base: Selection) -> Selection:
        given = {name: [v for n, v in pairs if n == prefix + name] for name in CASES}
        changes: dict[str, object] = {}
        if given["from"] or given["until"]:
            changes["opened_from"] = self.day(prefix + "from", given["from"])
            changes["opened_until"] = self.day(prefix + "until", given["until"])
        if given["service"]:
            changes["services"] = self.names(prefix + "service", given["service"], self.log.services)
        if given["unit"]:
            changes["units"] = self.names(prefix + "unit", given["unit"], self.log.units)
        if given["where"]:
            changes["where"] = self.where(prefix + "where", given["where"])
        try:
            return base.but(**changes)
        except ValueError:
            self.errors.append((prefix + "from", gettext("The first day must not be after the last day.")))
            return base

    def day(self, name: str, values: list[str]) -> date | None:
        if not values:
            return None
        try:
            return date.fromisoformat(values[-1])
        except ValueError:
            sentence = gettext("%(value)s is not a day. Write year-month-day, such as 2026-01-31.")
            self.errors.append((name, sentence % {"value": values[-1]}))
            return None

    def names(self, name: str, values: list[str], known: Sequence[str]) -> tuple[str, ...]:
        for value in values:
            if value not in known[1:]:
                self.errors.append(
                    (name, gettext("The log has no %(value)s here. Choose one from the list.") % {"value": value})
                )
        return tuple(sorted(set(values) & set(known[1:])))

    def where(self, name: str, values: list[str]) -> tuple[tuple[str, str], ...]:
        known = attributes(self.log)
        pairs = []
        for value in values:
            attribute, equals, wanted = value.partition("=")
            if not equals or attribute not in known:
                sentence = gettext(
                    "%(value)s is not a property and its value. Write it as property=value; the properties are %(known)s."
                )
                self.errors.append((name, sentence % {"value": value, "known": ", ".join(known) or numbers.MISSING}))
            else:
                pairs.append((attribute, wanted))
        return tuple(sorted(set(pairs)))

    def share(self, value: str) -> float:
        try:
            share = float(value)
        except ValueError:
            share = -1.0
        if 0 < share <= 1:
            return share
        self.errors.append(
            ("share", gettext("%(value)s is not a share. Write a number above 0, and at most 1.") % {"value": value})
        )
        return 0.8


def attributes(log: Log) -> list[str]:
    """The properties that cases and events carry in *log*."""
    return sorted({*log.meta.case_attributes.values(), *log.meta.attributes.values()})


def days_of(log: Log) -> tuple[date, date]:
    """The first and the last day in the log."""
    return log.meta.days


def active(choice: Choice) -> list[Active]:
    """The filters in force, each with the address without it."""
    found = []
    for prefix, lead in (("", ""), ("against_", gettext("Compared with") + ": ")):
        period = {n: v for n, v in choice.pairs if n in (prefix + "from", prefix + "until")}
        if period:
            first, last = _day(period.get(prefix + "from")), _day(period.get(prefix + "until"))
            text = lead + (period_text(first, last) if first or last else " – ".join(period.values()))
            found.append(Active(text, choice.without(prefix + "from", prefix + "until")))
        for name, value in choice.pairs:
            if name in (prefix + "service", prefix + "unit", prefix + "where"):
                found.append(Active(lead + value.replace("=", " = "), choice.without(pair=(name, value))))
    return found


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def period_text(first: date | None, last: date | None) -> str:
    """A period in words; a whole year is its number."""
    if first and last:
        if (first.month, first.day, last.month, last.day, last.year) == (1, 1, 12, 31, first.year):
            return str(first.year)
        if first.day == 1 and next_month(last) == last + timedelta(days=1):
            return _months_text(first, last)
        return f"{numbers.day(first, year=first.year != last.year)} – {numbers.day(last)}"
    if first:
        return gettext("from %(day)s") % {"day": numbers.day(first)}
    return gettext("until %(day)s") % {"day": numbers.day(last)}


def _months_text(first: date, last: date) -> str:
    """Whole months: ``januar–juni 2011``."""
    if (first.year, first.month) == (last.year, last.month):
        return numbers.month(first)
    if first.year == last.year:
        return f"{numbers.month(first).rsplit(' ', 1)[0]}–{numbers.month(last)}"
    return f"{numbers.month(first)} – {numbers.month(last)}"


def describe(selection: Selection) -> str:
    """A selection in words: ``2025, Byggesak``; every case when it is empty."""
    parts = (
        [period_text(selection.opened_from, selection.opened_until)]
        if selection.opened_from or selection.opened_until
        else []
    )
    parts += [*selection.services, *selection.units, *(f"{name} = {value}" for name, value in selection.where)]
    return ", ".join(parts) or gettext("all cases")


def periods(choice: Choice, log: Log) -> list[Option]:
    """Links to the whole log, its last twelve months and each of its last years."""
    first, last = days_of(log)
    now = (choice.selection.opened_from, choice.selection.opened_until)
    options = [Option(gettext("The whole period"), choice.adding(from_=None, until=None), now == (None, None))]
    year_ago = last.replace(day=1).replace(year=last.year - 1)
    if (last - first).days > 500:
        start = next_month(year_ago)
        if (start.month, last.month, last.day) != (1, 12, 31):
            options.append(_period(choice, gettext("Last 12 months"), start, last, now))
    for year in range(max(first.year, last.year - 4), last.year + 1):
        options.append(_period(choice, str(year), date(year, 1, 1), date(year, 12, 31), now))
    return options


def _period(choice: Choice, text: str, start: date, end: date, now: tuple[date | None, date | None]) -> Option:
    return Option(text, choice.adding(from_=start.isoformat(), until=end.isoformat()), now == (start, end))


def next_month(day: date) -> date:
    """The first day of the month after *day*."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def before(selection: Selection, log: Log) -> Selection | None:
    """The same cases in the period just before, equally long; a whole year's is the year before. None when the log has no such past."""
    start = selection.opened_from
    first, last = days_of(log)
    if start is None or not first < start <= last:
        return None
    end = min(selection.opened_until or last, last)
    if start.day == 1:
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        back = start.year * 12 + start.month - 1 - months
        earlier = date(back // 12, back % 12 + 1, 1)
    else:
        earlier = start - (end - start) - timedelta(days=1)
    return selection.but(opened_from=earlier, opened_until=start - timedelta(days=1))


def before_link(choice: Choice, log: Log) -> str | None:
    """The address that compares the chosen period with the one before; None when there is none."""
    earlier = before(choice.selection, log)
    if earlier is None or choice.against is not None:
        return None
    first, last = earlier.opened_from, earlier.opened_until
    return choice.adding(
        against_from=first.isoformat() if first else None, against_until=last.isoformat() if last else None
    )
