"""The design doctor: before a change starts, what each way of rolling it out could find, and when.

Nothing is assumed about how figures vary: the years before are cut up as each way would have cut them, many times over, in units
drawn anew, and the error that the estimate would have had is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from loft.insight.table import Column, Kind, Table
from loft.language import gettext, mark
from loft.value.cells import Cells, Floats, Ints
from loft.value.choices import among_units
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.history import detectable
from loft.value.levels import Setup, Sums, sums_of
from loft.value.looking import off_levels, on_levels
from loft.value.measures import Measure
from loft.value.path import path
from loft.value.policy import Policy
from loft.value.sentence import Figure, Sentence, say

DRAWS = 40
EVERY = 30
HALF_YEAR = 182
LABELS = {
    "all at once": mark("All units on the same day"),
    "half by lot": mark("Half of the units, drawn by lot; the others wait"),
    "stepwise by lot": mark("Stepwise: half of the units in four waves, the order drawn by lot; the others wait"),
    "comparison": mark("The units that want to start; the others are the comparison"),
}


@dataclass(frozen=True)
class Way:
    """A way of rolling out. ``se`` and ``mde`` are the standard error and the effect found with 80 % chance after each of ``days``,
    on the scale of the levels; ``mde_told`` is the latter at the horizon, as a share or in the measure's unit. ``answer`` is the
    day from which an effect of the smallest size worth having can be expected to be found, None where that lies beyond the horizon.
    ``security`` is the most it can reach. ``says`` is the advice."""

    name: str
    treated: int
    comparison: int
    days: tuple[int, ...]
    se: tuple[float, ...]
    mde: tuple[float, ...]
    mde_told: float | None
    se_plan: float | None
    answer: date | None
    knowable: bool
    security: int
    says: Sentence


def ways(
    cells: Cells,
    rules: Policy,
    *,
    smallest: float,
    better: str,
    relative: bool = True,
    start: date,
    horizon: int = 365,
    waves: int = 4,
    apart: int = 60,
    wanting: Sequence[str] = (),
    rng: np.random.Generator,
) -> tuple[Way, ...]:
    """Each way of rolling out a change from *start*, held up to *horizon* days, with what it could find.

    *smallest* is δ*, a share where *relative*, else in the measure's unit. *wanting* are units that want to start first; half of them for
    none. A start that lies within the log is judged by the history before it. Raises ``BadInput`` for a size that is not above 0 and for
    *wanting* units that the log has not, ``CannotBeKnown`` where there is less than half a year of history before the start.
    """
    if not smallest > 0:
        raise BadInput(mark("The smallest effect worth having must be above 0."))
    if better not in ("lower", "higher"):
        raise BadInput(mark("A plan must say whether lower or higher is better."))
    among_units(wanting, cells.units)
    sums, _ = sums_of(cells, logs=relative, today=_last_day(cells, start))
    units = _with_cases(sums, len(cells.units))
    if len(units) < 4:
        raise CannotBeKnown(
            mark("Only %(units)s units have cases all along; at least four are needed."),
            units=Figure(len(units), "count"),
        )
    limit = on_levels(smallest, better=better, relative=relative)
    place = {name: i for i, name in enumerate(cells.units)}
    wants = [place[u] for u in dict.fromkeys(wanting) if place[u] in set(units.tolist())]
    half, few = len(units) // 2, len(wants) if wanting else len(units) // 2
    asked = (("half by lot", half, 1, 5), ("stepwise by lot", half, min(waves, half), 5), ("comparison", few, 1, 3))
    told = [_all_at_once(len(units))]
    for name, count, steps, secure in asked:
        if min(count, len(units) - count) < 2:
            told.append(_too_few(name, count, len(units) - count, secure, rules))
            continue
        days, se = _errors(sums, units, count, steps, apart, horizon, rules, rng)
        told.append(
            _way(
                name,
                count,
                len(units) - count,
                days,
                se,
                limit,
                better,
                relative,
                start,
                rules,
                secure,
                apart * (steps - 1),
            )
        )
    return tuple(told)


def _all_at_once(units: int) -> Way:
    says = say(
        mark(
            "Cannot be known: nobody is left to compare with. Had %(units)s units waited half a year, an effect could be shown."
        ),
        units=Figure(max(units // 4, 2), "count"),
    )
    return Way("all at once", units, 0, (), (), (), None, None, None, False, 1, says)


def _too_few(name: str, treated: int, comparison: int, secure: int, rules: Policy) -> Way:
    says = _advice(0.0, True, None, False, True, rules)
    return Way(name, treated, comparison, (), (), (), None, None, None, False, secure, says)


def _last_day(cells: Cells, start: date) -> int:
    """The last day of history, counted from the first: the day before the start, or the log's last day where that is earlier."""
    last = min((cells.until - cells.first).days, (start - cells.first).days - 1)
    if last < HALF_YEAR:
        raise CannotBeKnown(
            mark(
                "The log has cases from %(first)s, less than half a year before %(day)s. Choose a later start, or import older cases."
            ),
            first=Figure(cells.first, "day"),
            day=Figure(min(start, cells.until), "day"),
        )
    return last


def _with_cases(sums: Sums, count: int) -> Ints:
    """Units with cases in every 90 days of the last year."""
    edges = np.arange(max(sums.known - 360, 0), sums.known - 89, 90)
    units = np.arange(count)
    n = sums.n[units[:, None], edges + 90] - sums.n[units[:, None], edges]
    return np.flatnonzero((n > 0).all(1)) if len(edges) else np.zeros(0, np.int64)


def _errors(
    sums: Sums, units: Ints, count: int, waves: int, apart: int, horizon: int, rules: Policy, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """Days after the first start, and the standard error there, over draws of units and of days in the past."""
    there = sums.known
    baseline = min(int(rules["baseline_days"]), there // 2)
    horizon = min(horizon, there - baseline)
    if baseline < rules["least_history_days"] or horizon < 2 * EVERY:
        raise CannotBeKnown(
            mark("The log has %(days)s of cases; a year is the least that a design can be judged by."),
            days=Figure(there, "days"),
        )
    days = np.arange(EVERY, horizon + 1, EVERY)
    squares = []
    for _ in range(DRAWS):
        order = rng.permutation(units)
        first = int(rng.integers(baseline, there - horizon + 1))
        wave = np.arange(count) * waves // count * apart
        setup = Setup(
            treated=order[:count], starts=first + wave, comparison=order[count:], baseline=baseline, other_end=first,
            history=0, enter=int(rules["enter_days"]),
        )  # fmt: skip
        squares.append(path(sums, setup, first + days - 1).se ** 2)
    gathered = np.array(squares)
    known = np.isfinite(gathered)
    mean = np.where(known, gathered, 0).sum(0) / np.maximum(known.sum(0), 1)
    return days, np.sqrt(np.where(known.any(0), mean, np.nan))


def _way(
    name: str, treated: int, comparison: int, days: Ints, se: Floats, limit: float, better: str, relative: bool, start: date,
    rules: Policy, secure: int, spread_out: int,
) -> Way:  # fmt: skip
    known = np.isfinite(se) & (se > 0)
    if not known.any():
        raise CannotBeKnown(mark("The measure is the same for every unit and day, so there is nothing to compare."))
    half = int(np.flatnonzero(known & (days >= min(days[-1] // 2, days[known][-1])))[0])
    se_plan = float(se[half])
    mde = np.array(
        [float(detectable(np.asarray(s), np.asarray(se_plan), treated + comparison - 2, rules["alpha"])) for s in se]
    )
    enough = known & (mde <= limit) & (days >= rules["least_days"])
    answer = start + timedelta(days=int(days[enough.argmax()])) if enough.any() else None
    last = float(mde[known][-1])
    few = min(treated, comparison) < rules["units"] and secure < 5
    knowable = last <= rules["mde_times"] * limit and not few
    told = off_levels(last, better=better, relative=relative)
    return Way(
        name, treated, comparison, tuple(map(int, days)), tuple(map(float, se)), tuple(map(float, mde)), told, se_plan, answer,
        knowable, secure, _advice(told, relative, answer, knowable, few, rules),
    )  # fmt: skip


def _advice(told: float, relative: bool, answer: date | None, knowable: bool, few: bool, rules: Policy) -> Sentence:
    found = Figure(told, "percent" if relative else "decimal")
    if few:
        return say(
            mark("Too few units for this way: %(least)s are needed on each side unless a draw decides."),
            least=Figure(int(rules["units"]), "count"),
        )
    if not knowable:
        return say(mark("Cannot be known: only an effect of %(found)s or more would be found."), found=found)
    if answer:
        return say(
            mark(
                "An effect of %(found)s or more is found with 80%% chance; an answer can be expected around %(month)s."
            ),
            found=found,
            month=Figure(answer, "month"),
        )
    return say(
        mark("An effect of %(found)s or more is found with 80%% chance at the end; a smaller one may not be."),
        found=found,
    )


def steady(cells: Cells) -> tuple[str, ...]:
    """The units with cases in every 90 days of the last year, which ``ways`` counts with, by their place in the cells."""
    sums, _ = sums_of(cells, logs=False, today=(cells.until - cells.first).days)
    return tuple(cells.units[i] for i in _with_cases(sums, len(cells.units)))


def nearest(
    cells: Cells, treated: Sequence[str], *, before: date, count: int, relative: bool = True
) -> tuple[str, ...]:
    """The *count* units most like the *treated* ones in the two years before: nearest on the path of their levels, quarter by
    quarter, and on size (log of cases), both in standard deviations. Ties go by name."""
    day = (before - cells.first).days
    sums, _ = sums_of(cells, logs=relative, today=min(day, (cells.until - cells.first).days))
    edges = np.arange(max(day - 728, 0), min(day, sums.known) - 90, 91)
    units = np.arange(len(cells.units))
    level = sums.level(units[:, None], edges, edges + 91) if len(edges) else np.zeros((len(units), 0))
    size = np.log1p(sums.n[:, min(day, sums.n.shape[1] - 1)])
    features = np.column_stack([level, size])
    spread = np.nanstd(features, axis=0)
    features = features / np.where(spread > 0, spread, 1.0)
    ours = np.isin(np.array(cells.units), list(treated))
    if not ours.any():
        raise BadInput(mark("None of the units that were to start has a case in the log."))
    target = np.nanmean(features[ours], axis=0)
    distance = np.sqrt(np.nanmean((features - target) ** 2, axis=1))
    # A unit that lacks more than a quarter of the path is not known well enough to be called alike.
    known = np.isfinite(level).mean(axis=1) >= 0.75 if level.shape[1] else np.ones(len(units), bool)
    order = sorted(
        np.flatnonzero(~ours & known & np.isfinite(distance)),
        key=lambda i: (round(float(distance[i]), 12), cells.units[i]),
    )
    return tuple(cells.units[i] for i in order[:count])


def ways_table(found: Sequence[Way], measure: Measure, *, relative: bool) -> Table:
    """The ways as a table that can be shown and saved: units, the effect that can be found at the horizon, and when."""
    kind = Kind.SHARE if relative or measure.kind == "share" else Kind.DAYS if measure.kind == "days" else Kind.NUMBER
    columns = (
        Column("way", Kind.TEXT, mark("Way")),
        Column("treated", Kind.COUNT, mark("Units that start")),
        Column("comparison", Kind.COUNT, mark("Units that wait")),
        Column("mde", kind, mark("Smallest effect found")),
        Column("answer", Kind.DATE, mark("Answer expected")),
        Column("security", Kind.COUNT, mark("Security, of 5")),
        Column("says", Kind.TEXT, mark("Advice")),
    )
    types = {Kind.TEXT: pa.string(), Kind.COUNT: pa.int64(), Kind.DATE: pa.date32()}
    rows = [
        {
            "way": gettext(LABELS[way.name]), "treated": way.treated, "comparison": way.comparison, "mde": way.mde_told,
            "answer": way.answer, "security": way.security, "says": str(way.says),
        }
        for way in found
    ]  # fmt: skip
    schema = pa.schema([(c.name, types.get(c.kind, pa.float64())) for c in columns])
    return Table(
        "ways",
        mark("Ways to roll out the change"),
        mark(
            "The smallest effect that is found with 80 % chance at the end, by how the figures varied in the years before."
        ),
        columns,
        pa.Table.from_pylist(rows, schema),
        1,
        ("way",),
    )
