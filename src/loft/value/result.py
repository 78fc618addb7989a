"""An answer to an analyst: the estimate as a sentence, a table and a chart, with what was asked and what it rests on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from typing import Any

import pyarrow as pa

from loft.charts import Drawing, intervals, lines, numbers
from loft.insight.notebook import framed
from loft.insight.table import Column, Kind, Table
from loft.language import gettext, mark
from loft.value.measures import Measure
from loft.value.sentence import Figure, Sentence, say

METHODS = {
    "did": mark("Difference in differences"),
    "event_study": mark("Event study"),
    "staggered": mark("Staggered starts"),
    "synthetic": mark("Synthetic comparison"),
    "synthetic_did": mark("Synthetic difference in differences"),
    "interrupted": mark("Interrupted series"),
    "rmst": mark("Mean days, open cases counted"),
    "randomised": mark("Randomised start"),
}
"""The methods by name, and what each is called."""

_COMPARED = mark(
    "%(measure)s: the estimated difference is %(estimate)s (between %(low)s and %(high)s, at %(level)s) in %(treated)s units, "
    "compared with %(comparison)s others. This is an estimate and not a verdict."
)
_COMPARED_POINTS = mark(
    "%(measure)s: the estimated difference is %(estimate)s percentage points (between %(low)s and %(high)s, at %(level)s) in %(treated)s "
    "units, compared with %(comparison)s others. This is an estimate and not a verdict."
)
_ALONE = mark(
    "%(measure)s: the estimated difference from what went before is %(estimate)s (between %(low)s and %(high)s, at %(level)s) in "
    "%(treated)s units. Nobody is compared with, so it cannot show value."
)
_ALONE_POINTS = mark(
    "%(measure)s: the estimated difference from what went before is %(estimate)s percentage points (between %(low)s and %(high)s, at "
    "%(level)s) in %(treated)s units. Nobody is compared with, so it cannot show value."
)
_TIME = Column("time", Kind.COUNT, mark("Periods since the start"))
_FIGURES = (("estimate", mark("Estimate")), ("low", mark("From")), ("high", mark("To")), ("se", mark("Standard error")))
_P = Column("p", Kind.NUMBER, mark("Chance of this without an effect (p)"))
_ABOUT = mark("Treated units against comparison units. A range that holds 0 does not tell which of the two is better.")


@dataclass(frozen=True)
class Point:
    """The effect at ``time``, in periods since the start; all figures are None where they rest on too few cases. The reference is 0."""

    time: int
    estimate: float | None
    se: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Path:
    """What was measured in the treated units from the day ``begins`` on, and what was expected without the change."""

    begins: date
    treated: float
    expected: float


@dataclass(frozen=True)
class Result:
    """An estimate in the measure's unit (shares: 0.05 is five percentage points), with its range at ``level``.

    ``asked`` is the question as plain values. ``treated`` and ``comparison`` count units, ``cells`` the cells that it rests on, ``data`` is
    their SHA-256 and ``code`` the version of Løft. ``se`` and ``p`` are None where the method has none. ``minimum`` is the fewest cases a
    figure may rest on. ``notes`` are what a reader must know. ``found`` holds the method's own numbers, such as an ``EventStudy``.
    """

    method: str
    asked: Mapping[str, Any]
    measure: Measure
    estimate: float
    se: float | None
    low: float
    high: float
    p: float | None
    level: float
    treated: int
    comparison: int
    cells: int
    data: str
    code: str
    start: date
    minimum: int = 1
    points: tuple[Point, ...] = ()
    path: tuple[Path, ...] = ()
    notes: tuple[Sentence, ...] = ()
    found: Any = field(default=None, repr=False, compare=False)

    @property
    def says(self) -> Sentence:
        """The answer as a sentence."""
        points = self.measure.kind == "share"
        text = (_COMPARED_POINTS if points else _COMPARED) if self.comparison else (_ALONE_POINTS if points else _ALONE)
        form = {"share": "points", "days": "days"}.get(self.measure.kind, "decimal")
        figures = {name: Figure(getattr(self, name), form) for name in ("estimate", "low", "high")}
        counts = {name: Figure(getattr(self, name), "count") for name in ("treated", "comparison")}
        return say(
            text, measure=Figure(self.measure.says, "said"), level=Figure(self.level, "percent"), **figures, **counts
        )

    def __str__(self) -> str:
        return " ".join(str(sentence) for sentence in (self.says, *self.notes))

    def table(self) -> Table:
        """The effect by period, where the method gives that; else the estimate alone. Shares are in percentage points."""
        scale = 100 if self.measure.kind == "share" else 1
        figures = tuple(Column(name, self._kind, label) for name, label in _FIGURES)
        rows: list[dict[str, Any]] = [
            {name: _times(getattr(row, name), scale) for name, _ in _FIGURES} for row in (self.points or (self,))
        ]
        if self.points:
            rows = [{"time": point.time} | row for point, row in zip(self.points, rows, strict=True)]
            columns: tuple[Column, ...] = (_TIME, *figures)
        else:
            rows, columns = [rows[0] | {"p": self.p}], (*figures, _P)
        title = METHODS[self.method] if scale == 1 else _POINTS[self.method]
        withheld = tuple(point.estimate is None for point in self.points)
        keys = ("time",) if self.points else ()
        types = pa.schema([(c.name, pa.int64() if c.kind == Kind.COUNT else pa.float64()) for c in columns])
        data = pa.Table.from_pylist(rows, schema=types)
        return Table(self.method, title, _ABOUT, columns, data, self.minimum, keys, withheld)

    @property
    def _kind(self) -> Kind:
        return Kind.DAYS if self.measure.kind == "days" else Kind.NUMBER

    def chart(self) -> Drawing | None:
        """The effect by period, or what was measured against what was expected; None where there is only one figure."""
        about = f"{gettext(METHODS[self.method])}. {self.says}"
        if len(self.points) > 1:
            share = self.measure.kind == "share"
            times = [float(point.time) for point in self.points]
            return intervals(
                times,
                *([getattr(point, name) for point in self.points] for name in ("estimate", "low", "high")),
                describe=about,
                axis=gettext("Periods since the start"),
                unit=gettext("percentage points") if share else gettext("days") if self._kind == Kind.DAYS else "",
                factor=100 if share else 1,
                mark=(-0.5, gettext("Start")) if times[0] < -0.5 < times[-1] else None,
            )
        if len(self.path) < 2:
            return None
        return lines(
            [step.begins for step in self.path],
            [step.treated for step in self.path],
            describe=about,
            name=gettext("Measured"),
            against=[step.expected for step in self.path],
            against_name=gettext("Expected without the change"),
            form=numbers.days if self._kind == Kind.DAYS else _decimal,
            marks=[(self.start, gettext("Start"))],
        )

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{escape(str(sentence))}</p>" for sentence in (self.says, *self.notes))
        rests = gettext("%(cells)s cells, SHA-256 %(data)s, Løft %(code)s") % {
            "cells": numbers.count(self.cells),
            "data": self.data[:12],
            "code": self.code,
        }
        return framed(self.chart(), self.table(), f"{said}<p>{escape(rests)}</p>")

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON-ready values."""
        plain = (
            "estimate",
            "se",
            "low",
            "high",
            "p",
            "level",
            "treated",
            "comparison",
            "minimum",
            "cells",
            "data",
            "code",
        )
        return {
            "method": self.method,
            "asked": dict(self.asked),
            "measure": self.measure.name,
            "start": self.start.isoformat(),
            **{name: getattr(self, name) for name in plain},
            "points": [vars(point) for point in self.points],
            "path": [vars(step) | {"begins": step.begins.isoformat()} for step in self.path],
            "says": str(self.says),
            "notes": [str(note) for note in self.notes],
        }

    def to_json(self) -> str:
        """The result as JSON: what was asked, the figures, and the hash and version by which they can be had again."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)

    def with_notes(self, *notes: Sentence) -> "Result":
        """The same with more *notes*."""
        return replace(self, notes=(*self.notes, *notes))


_POINTS = {
    "did": mark("Difference in differences, in percentage points"),
    "event_study": mark("Event study, in percentage points"),
    "staggered": mark("Staggered starts, in percentage points"),
    "synthetic": mark("Synthetic comparison, in percentage points"),
    "synthetic_did": mark("Synthetic difference in differences, in percentage points"),
    "interrupted": mark("Interrupted series, in percentage points"),
    "rmst": mark("Mean days, open cases counted"),
    "randomised": mark("Randomised start, in percentage points"),
}


def _times(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _decimal(value: float | None) -> str:
    return numbers.decimal(value, numbers.digits_for([value]))
