"""Cells cut to units and periods, before and after each unit's start: what regressions and panels are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from loft.language import mark
from loft.value.cells import Cells, Floats, Ints
from loft.value.errors import BadInput
from loft.value.eventstudy import NEVER
from loft.value.panel import next_period
from loft.value.sentence import Figure
from loft.value.tally import taken
from loft.value.wide import Wide, wide


@dataclass(frozen=True)
class Cut:
    """Cells by unit and period, and split where a unit starts inside a period; m cells, U units, P periods.

    ``unit`` (m,) counts from 0 in ``units``, ``period`` (m,) in ``begins``, the first day of each. ``on`` (m,) is 1 from the unit's start
    on. ``start`` (U,) is the period in which each unit starts, ``NEVER`` for those that do not. ``n``, ``total``, ``squares`` (m,) as in
    ``Cells``, with ``cases`` (m,) the number of cases they rest on: the same as n, except of cases a day, where n counts days, or
    periods of a panel.
    """

    units: tuple[str, ...]
    begins: tuple[date, ...]
    unit: Ints
    period: Ints
    on: Floats
    start: Ints
    n: Floats
    total: Floats
    squares: Floats
    cases: Floats

    def whole(self) -> "Cut":
        """Without the days before its start of the period in which a unit starts: that period is then all after."""
        mixed = (self.period == self.start[self.unit]) & (self.on == 0)
        names = ("unit", "period", "on", "n", "total", "squares", "cases")
        return replace(self, **{name: getattr(self, name)[~mixed] for name in names})

    def panel(self) -> Wide:
        """The mean of each unit in each period. Raises ``BadInput`` where a unit has no case in a period."""
        at = self.whole()
        names = [self.units[i] for i in at.unit.tolist()]
        return wide(names, at.period.astype(np.float64), at.total / at.n)


def cut(cells: Cells, starts: Mapping[str, date], *, every: str | int = "month") -> Cut:
    """*cells* by period of *every* ``month``, or so many days counted from the first start; a panel keeps its own periods.

    Durations count as days up to ``within`` of cases that have been followed so long, open or closed, so that no open case is lost.
    *starts* are the units that start; a start after the last day of the cells is none yet.
    Raises ``BadInput`` for a start before the first day, and for a unit that the cells have not.
    """
    cells, cases = _as_means(cells)
    if not len(cells.n):
        raise BadInput(mark("No case is old enough for its figure to be final. Wait, or count up to fewer days."))
    last = int(cells.day.max())
    first_day = _start_days(cells, starts)
    edges = _edges(cells, every, int(first_day.min()), last)
    period = np.searchsorted(edges, cells.day, side="right") - 1
    on = cells.day >= first_day[cells.unit]
    begun = first_day <= last
    start = np.where(begun, np.searchsorted(edges, np.where(begun, first_day, 0), side="right") - 1, NEVER)
    keys, place = np.unique((cells.unit * len(edges) + period) * 2 + on, return_inverse=True)
    sums = [
        np.bincount(place, weights, len(keys)).astype(np.float64)
        for weights in (cells.n, cells.total, cells.squares, cases)
    ]
    begins = tuple(cells.first + timedelta(days=int(e)) for e in edges)
    unit, period = np.divmod(keys // 2, len(edges))
    return Cut(cells.units, begins, unit, period, (keys % 2).astype(np.float64), start, *sums)


def only(cells: Cells, units: tuple[str, ...]) -> Cells:
    """The cells of these *units*, numbered in this order. Raises ``BadInput`` for a unit without cells."""
    known = {name: i for i, name in enumerate(cells.units)}
    for name in units:
        if name not in known:
            raise BadInput(
                mark("There is no unit %(name)s with cases in this time. The units are %(names)s."),
                name=Figure(name, "text"),
                names=Figure(", ".join(cells.units[:12]) + (" …" if len(cells.units) > 12 else ""), "text"),
            )
    new = np.full(len(cells.units), -1, np.int64)
    new[[known[name] for name in units]] = np.arange(len(units))
    kept = taken(cells, new[cells.unit] >= 0)
    return replace(kept, units=units, unit=new[kept.unit])


def _as_means(cells: Cells) -> tuple[Cells, Floats]:
    """The same cells with a mean for measure: durations restricted, cases a day as one figure for each day, or each period of a panel; and
    cases for each."""
    if cells.measure.form == "duration":
        assert cells.age is not None
        kept = taken(cells, cells.day + cells.within <= (cells.until - cells.first).days)
        days = np.minimum(np.asarray(kept.age), kept.within)
        return replace(kept, total=kept.n * days, squares=kept.n * days**2), kept.n
    if cells.measure.form == "count" and cells.step > 1:
        begins, place = np.unique(cells.day, return_inverse=True)
        days = [cells.first + timedelta(days=int(begin)) for begin in begins]
        length = np.array([(next_period(day, cells.step) - day).days for day in days])[place]
        return replace(cells, n=np.ones(len(length)), total=cells.n / length, squares=(cells.n / length) ** 2), cells.n
    if cells.measure.form == "count":
        span = (cells.until - cells.first).days + 1
        counts = np.bincount(cells.unit * span + cells.day, cells.n, len(cells.units) * span).astype(np.float64)
        unit, day = np.divmod(np.arange(len(counts)), span)
        ones = np.ones(len(counts))
        return replace(
            cells, unit=unit, day=day, n=ones, total=counts, squares=counts**2, stratum=None, strata=("",)
        ), counts
    return cells, cells.n


def _start_days(cells: Cells, starts: Mapping[str, date]) -> Ints:
    for unit, start in starts.items():
        if start <= cells.first:
            raise BadInput(
                mark(
                    "%(unit)s starts on %(start)s, before there are any figures to compare with. Use earlier figures."
                ),
                unit=Figure(unit, "text"),
                start=Figure(start, "day"),
            )
    days = [(starts[name] - cells.first).days if name in starts else NEVER for name in cells.units]
    return np.array(days, np.int64)


def _edges(cells: Cells, every: str | int, first_start: int, last: int) -> Ints:
    """The first day of each period, counted from ``cells.first``."""
    if cells.step != 1:
        return np.unique(cells.day)
    if every == "month":
        begin = np.datetime64(cells.first, "D")
        months = np.arange(begin.astype("datetime64[M]"), (begin + last).astype("datetime64[M]") + 1)
        return np.maximum((months.astype("datetime64[D]") - begin).astype(np.int64), 0)
    if not isinstance(every, int) or every < 1:
        raise BadInput(
            mark("Periods are a month, or a whole number of days; not %(every)s."), every=Figure(str(every), "text")
        )
    begins = first_start % every if first_start != NEVER else 0
    edges = np.arange(begins, last + 1, every)
    return edges if begins == 0 else np.concatenate([[0], edges])
