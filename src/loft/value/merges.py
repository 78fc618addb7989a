"""Units that were merged, re-coded or split: the panel as if the new units had always been, and where it cannot be."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from loft.language import mark
from loft.value.cells import Cells, Flags
from loft.value.errors import BadInput
from loft.value.panel import next_period
from loft.value.sentence import Figure, Sentence, say
from loft.value.tally import ordered


@dataclass(frozen=True)
class Merge:
    """From the day ``on``, the unit ``old`` is part of the unit ``new``; or ``share`` of it, where it was split."""

    old: str
    new: str
    on: date
    share: float = 1.0


@dataclass(frozen=True)
class Break:
    """The figures of ``unit`` before and after the day ``on`` are not about the same, and ``why``."""

    unit: str
    on: date
    why: Sentence


@dataclass(frozen=True)
class Merged:
    """A panel of today's units, and the ``breaks`` that are left in it."""

    cells: Cells
    breaks: tuple[Break, ...]


def read_merges(text: str) -> tuple[Merge, ...]:
    """The table in *text*, a CSV with a head and the columns ``old``, ``new``, ``from`` (a day) and, if it likes, ``share``.

    Raises ``BadInput`` naming the row.
    """
    top = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=max(";\t,", key=top.count))
    missing = [name for name in ("old", "new", "from") if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(
            mark("The table of merged units has no column %(name)s. It needs old, new and from."),
            name=Figure(missing[0], "text"),
        )
    return tuple(_merge(number, row) for number, row in enumerate(reader, 2))


def _merge(number: int, row: dict[str, str | None]) -> Merge:
    old, new, on, share = ((row.get(name) or "").strip() for name in ("old", "new", "from", "share"))
    try:
        part = float(share.replace(",", ".")) if share else 1.0
        merge = Merge(old, new, date.fromisoformat(on), part)
    except ValueError as error:
        raise BadInput(
            mark(
                "Row %(row)s of the merged units: from must be a day such as 2020-01-01, and share a number from 0 to 1."
            ),
            row=Figure(number, "count"),
        ) from error
    if not old or not new or old == new or not 0 < part <= 1:
        raise BadInput(
            mark(
                "Row %(row)s of the merged units: old and new must be two different units, and share above 0 and at most 1."
            ),
            row=Figure(number, "count"),
        )
    return merge


def merged(panel: Cells, merges: Sequence[Merge]) -> Merged:
    """*panel* with the figures of old units summed back in time into the new ones, where that is sound.

    A unit that got another name or code keeps its figures under the new one. Of units that became one, numbers of cases are added, and
    means and shares are weighted by their known number of cases. Where that number is not known, where a unit was split, or where one of
    the old units lacks a period that another has, the old units keep their names and the new one has a break. ``panel.n`` that is 1
    everywhere is taken for not known.

    A period in which the merger falls is summed too. Raises ``BadInput`` for a unit merged twice, or both old and new on the same day,
    and for an old unit with figures after it was merged.
    """
    panel = _without_strata(panel)
    breaks: list[Break] = []
    _refuse_unsound(panel, merges)
    for on, new in sorted({(m.on, m.new) for m in merges}):
        panel, found = _applied(panel, new, on, merges)
        breaks += found
    return Merged(ordered(panel), tuple(breaks))


def _without_strata(panel: Cells) -> Cells:
    if panel.age is not None or (panel.stratum is not None and len(panel.strata) > 1):
        raise BadInput(mark("Only panels with one figure for each unit and period can have units merged."))
    return replace(panel, strata=("",), stratum=None)


def _refuse_unsound(panel: Cells, merges: Sequence[Merge]) -> None:
    """Raise ``BadInput`` for merges that contradict each other or the panel."""
    for merge in merges:
        unit, told = merge.old, Figure(merge.old, "text")
        same = [m for m in merges if m.old == unit]
        if len({m.on for m in same}) > 1 or len({m.new for m in same}) < len(same):
            raise BadInput(mark("%(unit)s is merged twice. Keep one of the rows."), unit=told)
        if any(m.new == unit and m.on == merge.on for m in merges):
            raise BadInput(
                mark(
                    "%(unit)s is both old and new on %(day)s. Say of each old unit what it is part of when the day is over."
                ),
                unit=told,
                day=Figure(merge.on, "day"),
            )
        again = min((m.on for m in merges if m.new == unit and m.on > merge.on), default=date.max)
        gone = (panel.day >= (merge.on - panel.first).days) & (panel.day < (again - panel.first).days)
        if (_rows_of(panel, unit) & gone).any():
            raise BadInput(
                mark(
                    "%(unit)s has figures after it became part of %(new)s on %(day)s. Mend the day, or give them to %(new)s."
                ),
                unit=told,
                new=Figure(merge.new, "text"),
                day=Figure(merge.on, "day"),
            )


def _rows_of(panel: Cells, unit: str) -> Flags:
    if unit not in panel.units:
        return np.zeros(len(panel.n), dtype=np.bool_)
    return panel.unit == panel.units.index(unit)


def _applied(panel: Cells, new: str, on: date, merges: Sequence[Merge]) -> tuple[Cells, list[Break]]:
    """The panel with the units that became *new* on that day summed into it, or as it was with a break."""
    olds = [m for m in merges if (m.on, m.new) == (on, new)]
    before = panel.day < (on - panel.first).days
    rows = {name: _rows_of(panel, name) & before for name in (*(m.old for m in olds), new)}
    chosen = np.logical_or.reduce(list(rows.values()))
    if not chosen.any():
        return panel, []
    why = _split(olds, merges) or _lacking(panel, rows, new, on) or _no_mean(panel, chosen)
    return (panel, [Break(new, on, why)]) if why else (_joined(panel, new, chosen), [])


def _split(olds: list[Merge], merges: Sequence[Merge]) -> Sentence | None:
    split = [m for m in olds if m.share < 1 or sum(o.old == m.old for o in merges) > 1]
    if not split:
        return None
    return say(
        mark("%(old)s was split, and nobody knows how its earlier figures divide."), old=Figure(split[0].old, "text")
    )


def _lacking(panel: Cells, rows: dict[str, Flags], new: str, on: date) -> Sentence | None:
    """Why a sum would not hold all: of the periods that were over before *on*, an old unit lacks one. The new one may be without any."""
    starts = {int(day): panel.first + timedelta(days=int(day)) for day in np.unique(panel.day)}
    over = np.isin(panel.day, [day for day, start in starts.items() if next_period(start, panel.step) <= on])
    have = {name: set(panel.day[mine & over].tolist()) for name, mine in rows.items()}
    wanted = set().union(*have.values())
    for name, days in have.items():
        if (days or name != new) and (missing := wanted - days):
            return say(
                mark("%(unit)s, one of those that became one, has no figure for the period that begins on %(day)s."),
                unit=Figure(name, "text"),
                day=Figure(starts[min(missing)], "day"),
            )
    return None


def _no_mean(panel: Cells, chosen: Flags) -> Sentence | None:
    """Why the means of units that became one are not known."""
    together = np.unique(panel.day[chosen], return_counts=True)[1].max()
    if together == 1 or panel.measure.form == "count" or not (panel.n == 1).all():
        return None
    return say(
        mark("%(count)s units became one, and without their numbers of cases the mean of all is not known."),
        count=Figure(int(together), "count"),
    )


def _joined(panel: Cells, new: str, rows: Flags) -> Cells:
    """The panel with *rows* summed by day as those of *new*."""
    units = panel.units if new in panel.units else (*panel.units, new)
    days, place = np.unique(panel.day[rows], return_inverse=True)
    sums = {name: np.bincount(place, getattr(panel, name)[rows]) for name in ("n", "total", "squares")}
    stay = {name: getattr(panel, name)[~rows] for name in ("unit", "day", *sums)}
    added = {"unit": np.full(len(days), units.index(new)), "day": days, **sums}
    arrays: dict[str, Any] = {name: np.concatenate([stay[name], added[name]]) for name in stay}
    return replace(panel, units=units, **arrays)
