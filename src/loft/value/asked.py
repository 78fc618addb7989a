"""What an analyst's question is made of: whose figures, which units, and which days; read from a log or from cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypedDict

import numpy as np

import loft
from loft.insight.choice import refusal
from loft.language import mark
from loft.log import Log, Selection
from loft.value.cells import Cells, Flags, Floats
from loft.value.cut import Cut, cut, only
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.making import cells_of, hash_of
from loft.value.measures import Measure
from loft.value.result import Path, Point, Result
from loft.value.sentence import Figure

Treated = Mapping[str, date] | Sequence[str]


class Choice(TypedDict, total=False):
    """Which cases and units are asked about; all may be left out.

    ``start``: the day all *treated* start, where these are given without days. ``comparison``: units to compare with (all others).
    ``by``: what a unit is, ``unit`` (the first unit a case met) or ``attribute:NAME``. ``services`` and ``where`` choose cases; ``first``
    and ``until`` days. ``within``: days up to which a case counts (nine in ten closed cases took no longer). ``every``: periods of
    a ``month`` or so many days. ``level`` of ranges (0.95). Of cells that are given in place of a log, ``by``, ``services``, ``where``,
    ``first``, ``until`` and ``within`` cannot be chosen any more.
    """

    start: date
    comparison: Sequence[str]
    by: str
    services: Sequence[str]
    where: Sequence[tuple[str, str]]
    first: date
    until: date
    within: int
    every: str | int
    level: float


_OF_LOGS = ("by", "services", "where", "first", "until", "within")


@dataclass(frozen=True)
class Asked:
    """A question and its data: the ``cells`` of the units chosen, the ``starts`` of those treated, and the cells ``at`` periods."""

    method: str
    words: Mapping[str, Any]
    cells: Cells
    starts: Mapping[str, date]
    at: Cut
    level: float
    minimum: int

    @property
    def treated(self) -> Flags:
        """Which units of ``at`` have started: (U,)."""
        return np.array([name in self.starts for name in self.at.units])

    @property
    def first_start(self) -> date:
        """The day the first unit starts."""
        return min(self.starts.values())

    @property
    def one_start(self) -> int:
        """The period in which all treated units start. Raises ``BadInput`` where these start at different times."""
        found = np.unique(self.at.start[self.treated])
        if len(found) > 1 or found[0] >= len(self.at.begins):
            raise BadInput(
                mark(
                    "This method is for units that start in the same period. Use staggered, or ask about some of them."
                )
            )
        return int(found[0])

    def few(self, *parts: Flags) -> bool:
        """Whether any of *parts* of the cells ``at`` periods (m,) has cases, but fewer than the minimum."""
        return any(0 < float(self.at.cases[part].sum()) < self.minimum for part in parts)

    def result(self, estimate: float, low: float, high: float, **more: Any) -> Result:
        """The answer, with what it rests on."""
        treated = int(self.treated.sum())
        return Result(
            method=self.method,
            asked=self.words,
            measure=self.cells.measure,
            estimate=estimate,
            low=low,
            high=high,
            level=self.level,
            treated=treated,
            data=hash_of(self.cells),
            code=loft.__version__,
            cells=len(self.cells.n),
            start=self.first_start,
            minimum=self.minimum,
            **({"se": None, "p": None, "comparison": len(self.at.units) - treated} | more),
        )

    def path(self, treated: Floats, expected: Floats) -> tuple[Path, ...]:
        """The path by period, from both (P,)."""
        return tuple(Path(day, float(a), float(b)) for day, a, b in zip(self.at.begins, treated, expected, strict=True))


def ask(
    method: str, source: Log | Cells, measure: Measure | str, treated: Treated, choice: Choice, *, alone: bool = False
) -> Asked:
    """The question *method* of *source*, with its data. *alone*: nobody is compared with.

    Raises ``BadInput`` for units, names and days that do not exist, ``CannotBeKnown`` where a side has too few cases or none.
    """
    starts = _starts(treated, choice.get("start"))
    cells = _cells(source, measure, choice)
    others = choice.get("comparison")
    if others is None:
        others = [name for name in cells.units if name not in starts]
    if both := sorted(set(others) & set(starts)):
        raise BadInput(mark("%(unit)s is both treated and a comparison. Keep it in one."), unit=Figure(both[0], "text"))
    cells = only(cells, (*starts, *(() if alone else others)))
    minimum = source.minimum if isinstance(source, Log) else 1
    words = _words(method, cells.measure, starts, choice)
    asked = Asked(
        method,
        words,
        cells,
        starts,
        cut(cells, starts, every=choice.get("every", "month")),
        choice.get("level", 0.95),
        minimum,
    )
    _must_have_started(asked)
    _must_be_many(asked)
    return asked


def _cells(source: Log | Cells, measure: Measure | str, choice: Choice) -> Cells:
    chosen: dict[str, Any] = {name: choice[name] for name in _OF_LOGS if name in choice}  # type: ignore[literal-required]
    if isinstance(source, Cells):
        if chosen:
            raise BadInput(
                mark("Cells are already made, so %(name)s cannot be chosen. Ask a log instead."),
                name=Figure(next(iter(chosen)), "text"),
            )
        return source
    why = refusal(source, Selection(services=tuple(choice.get("services", ())), where=tuple(choice.get("where", ()))))
    if why:
        raise BadInput(why)
    return cells_of(source, measure, strata="", **chosen)


def _starts(treated: Treated, start: date | None) -> dict[str, date]:
    if isinstance(treated, str):
        raise BadInput(mark("Treated units are a list of names, or names with the day each starts."))
    if not isinstance(treated, Mapping):
        if start is None:
            raise BadInput(mark("Give the day the treated units start, or a day for each of them."))
        treated = dict.fromkeys(treated, start)
    if not treated:
        raise BadInput(mark("No unit is named that has the change. Name the treated units."))
    return {str(name): day for name, day in treated.items()}


def _words(method: str, measure: Measure, starts: Mapping[str, date], choice: Choice) -> dict[str, Any]:
    """The question as plain values."""
    rest = {key: value for key, value in choice.items() if key != "start"}
    plain = {
        key: value.isoformat()
        if isinstance(value, date)
        else value
        if isinstance(value, str | int | float)
        else _list(value)
        for key, value in rest.items()
    }
    return {"method": method, "measure": measure.name, "treated": {k: d.isoformat() for k, d in starts.items()}} | plain


def _list(values: Any) -> list[Any]:
    return [list(v) if isinstance(v, tuple) else v for v in values]


def _must_have_started(asked: Asked) -> None:
    if not asked.at.on.any():
        raise CannotBeKnown(
            mark("No treated unit has a case since it started whose figure is final. Wait, or count up to fewer days.")
        )


def _must_be_many(asked: Asked) -> None:
    """No side, before or after, may rest on so few cases that they could be known."""
    at, first = asked.at, int(asked.at.start[asked.treated].min())
    own = asked.treated[at.unit]
    after = np.where(own, at.on > 0, at.period >= first)
    if asked.few(own & after, own & ~after, ~own & after, ~own & ~after):
        raise BadInput(
            mark(
                "The treated or the compared have fewer than %(minimum)s cases before or after the start, so no figure is given."
            ),
            minimum=Figure(asked.minimum, "count"),
        )


def shown_points(asked: Asked, times: Floats, columns: Sequence[Floats], reference: int | None) -> tuple[Point, ...]:
    """Effects by time since the start, those on too few cases withheld, and 0 at the *reference* put in its place.

    *columns* are estimate, standard error, low and high, each (e,).
    """
    at = asked.at.whole()
    since = np.where(asked.treated[at.unit], at.period - np.where(asked.treated[at.unit], at.start[at.unit], 0), np.inf)
    ends = times.min(initial=0 if reference is None else reference), times.max(initial=0)
    points = []
    for i, time in enumerate(times.tolist()):
        there = np.clip(since, *ends) == time
        hidden = replace(asked, at=at).few(there & np.isfinite(since))
        figures: list[float | None] = [None if hidden else float(column[i]) for column in columns]
        points.append(Point(int(time), *figures))
    if reference is not None:
        points.append(Point(reference, 0.0, None, 0.0, 0.0))
    return tuple(sorted(points, key=lambda point: point.time))
