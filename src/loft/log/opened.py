"""A log that can be asked."""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loft.log.engine import Engine, connect
from loft.log.errors import LogError
from loft.log.imports import import_files
from loft.log.mapping import Mapping, did_you_mean
from loft.log.selection import EVERYTHING, Selection
from loft.log.steps import MASKED
from loft.log.store import Meta

MINIMUM = 5
"""The fewest cases a figure may rest on, unless a body sets more."""

FEW = 0.2
"""Where fewer than this share of the cases are chosen, a join skips most of the steps unread, and is quicker than bits."""


@dataclass(frozen=True)
class Log:
    """A log, ready to be asked.

    ``minimum`` is the fewest cases a figure may rest on; questions withhold the others. Get one from ``open_log`` or ``read``.
    """

    engine: Engine
    minimum: int = MINIMUM
    _counts: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    _kept: Any = field(default=None, repr=False, compare=False)

    @property
    def meta(self) -> Meta:
        """What the log holds: its name, counts, first and last moment, endings, attributes."""
        return self.engine.meta

    def with_gate_open(self) -> "Log":
        """The same log with no figure withheld: for an analyst's own file, never for what others will see."""
        return replace(self, minimum=1)

    def with_minimum(self, cases: int) -> "Log":
        """The same log with a higher minimum. Raises ``ValueError`` below ``MINIMUM``."""
        if cases < MINIMUM:
            raise ValueError(f"The fewest cases a figure may rest on is {MINIMUM}; {cases} is lower.")
        return replace(self, minimum=cases)

    def close(self) -> None:
        """Let go of the engine; the log cannot be asked after it."""
        self.engine.close()

    def table(self, name: str) -> Any:
        """An Ibis table of the log: ``steps``, ``cases``, ``variants``, ``activities``, ``units``, ``services``, or a cube."""
        return self.engine.tables[name]

    def run(self, expression: Any) -> pa.Table:
        """The rows of an Ibis expression, as Arrow."""
        return self.engine.run(expression)

    @cached_property
    def activities(self) -> tuple[str, ...]:
        """The activities by id; entry 0 is empty."""
        return self._names("activities", "activity")

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units by id; entry 0 is empty."""
        return self._names("units", "unit")

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The services by id; entry 0 is empty."""
        return self._names("services", "service")

    def _names(self, table: str, column: str) -> tuple[str, ...]:
        rows = self.run(self.table(table)).to_pydict()
        named = dict(zip(rows[f"{column}_id"], rows[column], strict=True))
        return ("", *(named[i] for i in sorted(named)))

    def cases(self, selection: Selection = EVERYTHING) -> Any:
        """The cases of a selection, an Ibis table."""
        return self._chosen(self.table("cases"), selection)

    def steps(self, selection: Selection = EVERYTHING) -> Any:
        """The steps of the cases of a selection, an Ibis table."""
        few = self.engine.bitmaps and selection.where and self.count(selection) < FEW * self.meta.cases
        return self._chosen(self.table("steps"), selection, few=bool(few))

    def cube(self, name: str, selection: Selection) -> Any | None:
        """A cube cut to a selection; None where the cube is not kept, or the selection asks for more than period and service."""
        if name not in self.meta.cubes or selection.units or selection.where:
            return None
        if name.endswith("_bins") and not _whole_months(selection):
            return None
        return self._by_period_and_service(self.table(name), selection)

    def count(self, selection: Selection = EVERYTHING) -> int:
        """How many cases a selection holds."""
        if self.cube("cube_cases", selection) is not None:
            return self._count_by_day(selection)
        return int(self.once(selection, lambda: self.size(self.cases(selection))))

    def size(self, table: Any) -> int:
        """How many rows an Ibis table has."""
        return int(self.run(table.count().name("n").as_table()).column("n")[0].as_py() or 0)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What *make* returns, made once and kept under *key* for as long as the log is open, whatever its minimum."""
        if key not in self._counts:
            self._counts[key] = make()
        return self._counts[key]

    @cached_property
    def _by_day(self) -> tuple[Any, Any, Any]:
        """Day of opening, service (0: not known) and cases: a few thousand rows, from which the gate's many counts are summed."""
        cube = self.table("cube_cases")
        rows = self.run(cube.group_by(["opened_day", "service_id"]).agg(cases=cube.cases.sum().cast("int64")))
        service = pc.fill_null(rows.column("service_id"), 0)
        return tuple(
            column.to_numpy(zero_copy_only=False)
            for column in (rows.column("opened_day"), service, rows.column("cases"))
        )

    def _count_by_day(self, selection: Selection) -> int:
        day, service, cases = self._by_day
        inside = np.ones(len(cases), dtype=bool)
        if selection.opened_from:
            inside &= day >= np.datetime64(selection.opened_from)
        if selection.opened_until:
            inside &= day <= np.datetime64(selection.opened_until)
        if selection.services:
            inside &= np.isin(service, [self._id("service", self.services, s) for s in selection.services])
        return int(cases[inside].sum())

    def _chosen(self, table: Any, selection: Selection, *, few: bool = False) -> Any:
        table = self._by_period_and_service(table, selection)
        steps = self.table("steps")
        if selection.units:
            ids = [self._id("unit", self.units, unit) for unit in selection.units]
            if max(ids) <= MASKED and "units_met" in table.columns:
                table = table.filter((table.units_met & sum(1 << unit for unit in set(ids))) != 0)
            else:
                table = self.engine.among(
                    table, steps.filter(steps.new_door & steps.unit_id.isin(ids)).select("case_id"), few=few
                )
        for name, value in selection.where:
            table = self.engine.among(table, self._with_attribute(name, value), few=few)
        return table

    def _by_period_and_service(self, table: Any, selection: Selection) -> Any:
        if selection.opened_from:
            table = table.filter(table.opened_day >= selection.opened_from)
        if selection.opened_until:
            table = table.filter(table.opened_day <= selection.opened_until)
        if selection.services:
            table = table.filter(
                table.service_id.isin([self._id("service", self.services, s) for s in selection.services])
            )
        return table

    def _with_attribute(self, name: str, value: str) -> Any:
        """The ids of the cases with this value, of their own or of any of their events."""
        places = ((self.meta.case_attributes, self.table("cases")), (self.meta.attributes, self.table("steps")))
        found = [
            table.filter(_is(table[column], value)).select("case_id")
            for names, table in places
            for column, attribute in names.items()
            if attribute == name
        ]
        if not found:
            known = [*self.meta.case_attributes.values(), *self.meta.attributes.values()]
            raise LogError(f"The log has no attribute {name!r}{_meant(name, known)}")
        return ibis.union(*found) if len(found) > 1 else found[0]

    def _id(self, kind: str, names: tuple[str, ...], name: str) -> int:
        try:
            return names.index(name)
        except ValueError:
            raise LogError(f"The log has no {kind} {name!r}{_meant(name, names[1:])}") from None

    def __repr__(self) -> str:
        meta = self.meta
        return (
            f"<Log {meta.name}: {meta.events:,} events of {meta.cases:,} cases, {meta.first[:10]} to {meta.last[:10]}>"
        )


def _is(column: Any, value: str) -> Any:
    """Whether a column has a value that was given as text. Engines write decimals in different ways, so these are compared as numbers."""
    if not column.type().is_floating():
        return column.cast("string") == value
    try:
        return column == float(value)
    except ValueError:
        return ibis.literal(False)


def _meant(name: str, names: Sequence[str]) -> str:
    meant = did_you_mean(name, names)
    return meant if meant != "." else f". It has: {', '.join(names[:15]) or 'none'}."


def _whole_months(selection: Selection) -> bool:
    first, last = selection.opened_from, selection.opened_until
    return (first is None or first.day == 1) and (last is None or (last + timedelta(days=1)).day == 1)


def open_log(url: str | Path, *, minimum: int = MINIMUM) -> Log:
    """The log in a store folder or on another engine; see ``engine.connect`` for the URLs."""
    return Log(connect(url)).with_minimum(minimum)


def read(path: str | Path, mapping: Mapping | None = None) -> Log:
    """The log in a file, for a notebook: imported into a store that goes when the log goes.

    *mapping* says which column plays what; None proposes one. Raises ``LogError``.
    """
    kept = _Folder()
    import_files([path], kept.path / "log", mapping=mapping)
    return replace(open_log(kept.path / "log"), _kept=kept)


class _Folder:
    """A folder that goes with the last who keeps it, or when Python ends; unlike ``TemporaryDirectory`` it does so without a warning."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="loft-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
