"""What each unit's figure was: before the change, after it at every look, and block by block in the years before.

A level is a unit's figure over a window of days: a mean, a share, cases a day, or a restricted mean duration; its logarithm where
effects are told as shares of the level. Arrays may have leading axes (runs of a simulation); the last ones are given here.
"""

from dataclasses import dataclass

import numpy as np

from loft.value.cells import Cells, Flags, Floats, Ints
from loft.value.durations import share_left

BLOCK = 30
"""Days in a block of the years before a change."""


@dataclass(frozen=True)
class Sums:
    """Running sums by unit and day: ``n`` and ``total`` have shape (units, days + 1), entry d holds what came before day d. ``rate``: the
    level is ``n`` by days, not ``total`` by ``n``; ``logs``: levels are logarithms. Days from ``known`` on have no final figures yet."""

    n: Floats
    total: Floats
    rate: bool
    logs: bool
    known: int

    def level(self, unit: Ints, begins: Ints | np.int64, ends: Ints | np.int64) -> Floats:
        """The level of units over the days from ``begins`` up to but not including ``ends``; arrays that broadcast. NaN where no
        case is."""
        last = self.n.shape[-1] - 1
        begins, ends = np.clip(begins, 0, last), np.clip(ends, 0, min(last, self.known))
        n = self.n[..., unit, ends] - self.n[..., unit, begins]
        total = self.total[..., unit, ends] - self.total[..., unit, begins]
        below = np.maximum(ends - begins, 0) * np.ones_like(n) if self.rate else n
        above = n if self.rate else total
        value = np.divide(above, below, out=np.full(np.shape(n), np.nan), where=below > 0)
        return in_logs(value) if self.logs else value


def in_logs(value: Floats) -> Floats:
    """Logarithms; NaN where there is none."""
    return np.log(value, out=np.full(np.shape(value), np.nan), where=value > 0)


@dataclass(frozen=True)
class Setup:
    """Who is compared with whom, and when, as places in arrays of units and days.

    ``treated`` and ``starts`` (N1,), ``comparison`` (N0,). ``baseline`` is the number of days before the start that make the baseline;
    ``other_end`` the day where the second baseline ends; ``history`` the first day that may be used. ``enter``: days after its start from
    which a unit counts. ``lag``: days before a look whose cases are not final. ``begin_gap``: days after a start until there can be a level
    at all (τ of durations). ``step``: days in a period, more than 1 of a panel.
    """

    treated: Ints
    starts: Ints
    comparison: Ints
    baseline: int
    other_end: int
    history: int
    enter: int
    lag: int = 0
    begin_gap: int = 0
    step: int = 1

    @property
    def groups(self) -> tuple[Ints, Ints]:
        """The different starts (G,), and for each treated unit which of them is its own (N1,)."""
        days, place = np.unique(self.starts, return_inverse=True)
        return days, place


@dataclass(frozen=True)
class Levels:
    """Levels of the treated (N1, …) and of the comparison for each group of starts (G, N0, …).

    ``post_*`` end with the looks (L,). ``base_*`` and ``other_*`` are the two baselines. ``slope_*`` are changes a year before the start;
    NaN where there is too little history. ``entered`` (N1, L) says which treated units count at a look. ``centre`` and ``other_centre``:
    the day in the middle of each baseline, by treated unit; ``post_centre`` (N1, L).
    """

    post_t: Floats
    post_c: Floats
    base_t: Floats
    base_c: Floats
    other_t: Floats
    other_c: Floats
    slope_t: Floats
    slope_c: Floats
    entered: Flags
    centre: Floats
    other_centre: float
    post_centre: Floats


def levels(sums: Sums, setup: Setup, looks: Ints, durations: "Durations | None" = None) -> Levels:
    """The levels at *looks* (L,), days counted as in *sums*; after the start from *durations* where cases may still be open."""
    days, _ = setup.groups
    comparison = setup.comparison[None, :]
    ends = looks + 1 - setup.lag
    t, starts = setup.treated, setup.starts
    first = np.maximum(starts - setup.baseline, setup.history)
    other_first = max(setup.other_end - setup.baseline, setup.history)
    if durations is None:
        post_t = sums.level(t[:, None], starts[:, None], np.maximum(ends[None, :], starts[:, None]))
        post_c = sums.level(
            comparison[..., None], days[:, None, None], np.maximum(ends[None, None, :], days[:, None, None])
        )
    else:
        post_t, post_c = _survived(durations, setup, looks, sums.logs)
    old = max(setup.other_end - other_first, 0) * np.ones(len(days), np.int64)
    return Levels(
        post_t=post_t,
        post_c=post_c,
        base_t=sums.level(t, first, starts),
        base_c=sums.level(comparison, np.maximum(days - setup.baseline, setup.history)[:, None], days[:, None]),
        other_t=sums.level(t, np.int64(other_first), np.int64(setup.other_end) + 0 * t),
        other_c=sums.level(comparison, setup.other_end - old[:, None], np.int64(setup.other_end) + 0 * days[:, None]),
        slope_t=slopes(sums, t, starts, setup.history, setup.step),
        slope_c=np.stack(
            [slopes(sums, setup.comparison, np.int64(day), setup.history, setup.step) for day in days], axis=-2
        ),
        entered=looks[None, :] - starts[:, None] + 1 >= max(setup.enter, setup.begin_gap),
        centre=(first + starts) / 2,
        other_centre=(other_first + setup.other_end) / 2,
        post_centre=(starts[:, None] + ends[None, :]) / 2,
    )


def slopes(sums: Sums, unit: Ints, start: Ints | np.int64, history: int, step: int = 1) -> Floats:
    """Change of the level a year, before *start*: the slope of a line through blocks of ``BLOCK`` days, weighted by their cases (units,).

    Of a panel (*step* above 1) the earliest block may be shorter, lest the first period, which stands on its first day, be lost.
    NaN where fewer than three blocks have cases."""
    there = int(np.max(start) - history)
    blocks = there // BLOCK if step == 1 else -(-there // BLOCK)
    if blocks < 3:
        return np.full((*sums.n.shape[:-2], *np.shape(unit)), np.nan)
    back = np.arange(blocks)
    ends = np.asarray(start)[..., None] - BLOCK * back
    begins = ends - BLOCK if step == 1 else np.maximum(ends - BLOCK, history)
    level = sums.level(np.asarray(unit)[:, None], begins, ends)
    last = sums.n.shape[-1] - 1
    weight = sums.n[..., np.asarray(unit)[:, None], np.clip(ends, 0, last)]
    weight = weight - sums.n[..., np.asarray(unit)[:, None], np.clip(begins, 0, last)]
    weight = np.where(np.isfinite(level) & (begins >= history), weight, 0.0)
    level = np.where(weight > 0, level, 0.0)
    x = -(back + 0.5) * BLOCK / 365.25
    whole = weight.sum(-1)
    enough = (weight > 0).sum(-1) >= 3
    whole = np.where(enough, whole, 1.0)
    mean_x = (weight * x).sum(-1) / whole
    mean_y = (weight * level).sum(-1) / whole
    away = x - mean_x[..., None]
    below = (weight * away**2).sum(-1)
    above = (weight * away * (level - mean_y[..., None])).sum(-1)
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=enough & (below > 0))


@dataclass(frozen=True)
class Durations:
    """Cells of durations by rising ``day`` of opening: for each its ``unit``, ``age`` in whole days, whether it was ``closed``, and its
    ``n`` cases. ``within`` is τ."""

    unit: Ints
    day: Ints
    age: Ints
    closed: Flags
    n: Floats
    units: int
    within: int

    def level(self, begin: int, looks: Ints) -> Floats:
        """Restricted mean days up to τ of the cases opened from *begin* to each of *looks* (L,), rising, as known then (units, L): Kaplan
        and Meier's curve, cases still open then censored. NaN where no case was opened τ days before the look.

        ``durations.restricted_mean`` of whole days, without its variance, and without an error where some units have too few cases.
        """
        found = np.full((self.units, len(looks)), np.nan)
        settled = np.zeros((2, self.units, self.within + 1))
        done = int(np.searchsorted(self.day, begin))
        for place, look in enumerate(looks.tolist()):
            # What is known of cases opened τ days ago stays as it is; at the next look only newer ones are counted anew.
            old, last = np.searchsorted(self.day, (look - self.within + 1, look + 1)).tolist()
            settled += self._counted(slice(done, old), look)
            done = max(done, old)
            ended, left = settled + self._counted(slice(done, last), look)
            # A case of age a was there on days 0 … a; whole days, so a case closed on its first day has age 0 and lasted none of it.
            at_risk = left[:, ::-1].cumsum(axis=1)[:, ::-1]
            share = share_left(ended, at_risk)
            # Followed for τ days, though the last case that was at risk may have been seen for less: the curve is then flat (Gill 1980).
            known = settled[1].any(axis=1) | (share[:, self.within - 1] <= 0)
            found[known, place] = share[known, : self.within].sum(axis=1)
        return found

    def _counted(self, cells: slice, look: int) -> Floats:
        """By age up to τ, how many of *cells* were answered by *look*, and how many were last seen: (2, units, τ + 1)."""
        age, seen, n = self.age[cells], look - self.day[cells], self.n[cells]
        event = self.closed[cells] & (age <= seen) & (age < self.within)
        place = self.unit[cells] * (self.within + 1) + np.minimum(np.minimum(age, seen), self.within)
        size = self.units * (self.within + 1)
        return np.stack([np.bincount(place, w, size).reshape(self.units, -1) for w in (n * event, n)])


def _survived(durations: Durations, setup: Setup, looks: Ints, logs: bool) -> tuple[Floats, Floats]:
    days, own = setup.groups
    post_t = np.full((len(setup.treated), len(looks)), np.nan)
    post_c = np.full((len(days), len(setup.comparison), len(looks)), np.nan)
    for group, day in enumerate(days.tolist()):
        late = looks >= day + durations.within
        level, mine = np.full((durations.units, len(looks)), np.nan), own == group
        level[:, late] = durations.level(day, looks[late])
        post_t[mine], post_c[group] = level[setup.treated[mine]], level[setup.comparison]
    return (in_logs(post_t), in_logs(post_c)) if logs else (post_t, post_c)


def sums_of(cells: Cells, *, logs: bool, today: int, since: int = 0) -> tuple[Sums, Durations | None]:
    """The running sums of *cells* as known on day *today* (counted from ``cells.first``), and the durations, where they have any, of cases
    opened from day *since* on.

    Durations count in the sums as days up to τ, of cases that have been followed so long."""
    days, within = max(today + 1, 0), int(cells.within)
    inside = cells.day < days
    chosen = slice(None) if inside.all() else inside
    unit, day, n = cells.unit[chosen], cells.day[chosen], cells.n[chosen]
    durations = None
    if cells.age is None or cells.closed is None:
        total = cells.total[chosen]
    else:
        age, closed = cells.age[chosen], cells.closed[chosen]
        total = n * np.minimum(age, within)
        late = np.flatnonzero(day >= since)
        late = late[np.argsort(day[late], kind="stable")]
        durations = Durations(unit[late], day[late], age[late], closed[late], n[late], len(cells.units), within)
    place, shape = unit * days + day, (len(cells.units), days)

    def running(values: Floats) -> Floats:
        sums = np.zeros((shape[0], days + 1))
        np.cumsum(np.bincount(place, values, shape[0] * days).reshape(shape), axis=1, out=sums[:, 1:])
        return sums

    rate, known = cells.measure.form == "count", max(today + 1 - within, 0)
    by_n = running(n)
    return Sums(by_n, by_n if rate else running(total), rate, logs, known), durations
