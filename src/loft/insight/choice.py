"""Which choices of cases get no figures: those that would give a few cases by themselves or by subtraction from another choice."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pyarrow.compute as pc

from loft.insight.hiding import Ints, hidden
from loft.insight.source import case_figures
from loft.language import mark
from loft.log import Log, Selection

TOO_NEAR = mark("This choice leaves out so few cases that they could be told apart. Choose a wider or a narrower one.")
TOO_FEW = mark("This choice holds too few cases to show figures for.")
TELLS_ANOTHER = mark(
    "This choice would give away a service or a unit with too few cases to be shown. Choose more services or units, or other ones."
)
TOO_ALIKE = mark(
    "The two choices differ by so few cases that they could be told apart. Choose two that differ by more."
)

MOST_IDLE = 5
"""Conditions that leave nobody out: of so many, every set is tried; of more, none is needed by someone who asks in earnest."""


def refusal(log: Log, selection: Selection) -> str | None:
    """Why a selection gets no figures at all; None when it may have them.

    The cases by which it differs from a near selection must be none, or enough: from everything, from itself with any of its conditions
    taken away, and from itself with one of several services or units left out. Nor may it single out a service or a unit that is
    withheld where all of them stand side by side.
    """
    if log.minimum <= 1 or not selection:
        return None
    count = log.count(selection)
    if 0 < count < log.minimum:
        return TOO_FEW

    def few(other: Selection) -> bool:
        return 0 < abs(log.count(other) - count) < log.minimum

    near = [Selection(), *(_without(selection, [c]) for c in _conditions(selection)), *_with_one_less(selection)]
    if any(few(other) for other in dict.fromkeys(near)) or _idle_together(log, selection, count):
        return TOO_NEAR
    return TELLS_ANOTHER if _tells_another(log, selection) else None


def too_alike(log: Log, a: Selection, b: Selection) -> str | None:
    """Why two selections may not stand side by side: one holds a few cases that the other has not; None when they may."""
    if log.minimum <= 1:
        return None
    both = _in_both(log, a, b)
    apart = (log.count(a) - both, log.count(b) - both)
    return TOO_ALIKE if any(0 < number < log.minimum for number in apart) else None


def _in_both(log: Log, a: Selection, b: Selection) -> int:
    """How many cases two selections share: told by one selection of both, but for units, where a case may meet one of each."""
    if a.units and b.units and a.units != b.units:
        return log.size(log.cases(a).semi_join(log.cases(b).select("case_id"), "case_id"))
    services = (
        tuple(s for s in a.services if s in b.services) if a.services and b.services else a.services or b.services
    )
    first = max((d for d in (a.opened_from, b.opened_from) if d), default=None)
    last = min((d for d in (a.opened_until, b.opened_until) if d), default=None)
    if (a.services and b.services and not services) or (first and last and first > last):
        return 0
    return log.count(Selection(first, last, services, a.units or b.units, a.where + b.where))


Condition = tuple[str, tuple[str, str] | None]
"""A field of a selection; of ``where`` one of its pairs."""


def _conditions(selection: Selection) -> list[Condition]:
    fields = ("opened_from", "opened_until", "services", "units")
    return [
        *((name, None) for name in fields if getattr(selection, name)),
        *(("where", pair) for pair in selection.where),
    ]


def _without(selection: Selection, conditions: Iterable[Condition]) -> Selection:
    for name, pair in conditions:
        empty = None if name.startswith("opened") else tuple(p for p in selection.where if p != pair) if pair else ()
        selection = selection.but(**{name: empty})
    return selection


def _with_one_less(selection: Selection) -> list[Selection]:
    return [
        selection.but(**{name: tuple(v for v in values if v != value)})
        for name in ("services", "units")
        if len(values := getattr(selection, name)) > 1
        for value in values
    ]


def _idle_together(log: Log, selection: Selection, count: int) -> bool:
    """Whether some conditions, each of which leaves nobody out, together leave out a few.

    Taking more away brings more cases: a condition that leaves out enough by itself does so with others too, and where all idle ones
    together leave nobody out, no set of them does.
    """
    idle = [c for c in _conditions(selection) if log.count(_without(selection, [c])) == count]
    if len(idle) < 2 or log.count(_without(selection, idle)) == count:
        return False
    if len(idle) > MOST_IDLE:
        return True
    several = (chosen for size in range(2, len(idle) + 1) for chosen in combinations(idle, size))
    return any(0 < log.count(_without(selection, chosen)) - count < log.minimum for chosen in several)


def _tells_another(log: Log, selection: Selection) -> bool:
    """Whether a choice holds some, but not all, of the services or units that are withheld beside the others."""
    for kind in ("service", "unit"):
        chosen = set(getattr(selection, f"{kind}s"))
        if chosen:
            held = withheld_names(log, selection.but(**{f"{kind}s": ()}), kind)
            if chosen & held and not held <= chosen:
                return True
    return False


def withheld_names(log: Log, selection: Selection, kind: str) -> set[str]:
    """The services or units (*kind* ``service`` or ``unit``) withheld in the table of all of them; "" for cases without a service."""
    ids, cases = log.once((kind, selection), lambda: _counted(log, selection, kind))
    shut = hidden(cases, [np.zeros(len(cases), np.int64)], log.minimum, overlapping=kind == "unit")
    names = log.services if kind == "service" else log.units
    return {names[i] for i in ids[shut]}


def _counted(log: Log, selection: Selection, kind: str) -> tuple[Ints, Ints]:
    """The ids of services or units and their cases, in the order of their table, which decides among equals."""
    if kind == "service":
        rows = case_figures(log, selection, "service_id")
    else:
        met = log.steps(selection).filter(lambda t: t.new_door)
        rows = log.run(met.group_by("unit_id").agg(cases=lambda t: t.count()))
    ids = pc.fill_null(rows.column(f"{kind}_id"), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    cases = rows.column("cases").to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.lexsort((ids, -cases))
    return ids[order], cases[order]
