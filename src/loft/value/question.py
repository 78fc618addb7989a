"""What cells are asked for, and within how many days what happens to a case counts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from loft.insight.source import case_figures
from loft.language import mark
from loft.log import Log, Selection
from loft.log.errors import LogError
from loft.value.errors import BadInput
from loft.value.measures import Measure
from loft.value.plan import Use
from loft.value.sentence import Figure

T = TypeVar("T")

MOST_CLOSED = 0.9
"""``within`` is by default so many days that this share of the closed cases took no longer."""

USED = Measure("use", mark("Handled in the new way"), "share", "", "share")


@dataclass(frozen=True)
class Question:
    """What cells are asked for; see ``cells_of``. ``within`` None is the default, which depends on the log. With ``use`` the measure is
    whether a case was handled in the new way."""

    measure: Measure
    by: str = "unit"
    services: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    strata: str = "service"
    within: int | None = None
    use: Use | None = None

    @property
    def selection(self) -> Selection:
        """The cases that are eligible, whenever they were opened."""
        return Selection(services=self.services, where=self.where)

    def settled(self, log: Log) -> "Question":
        """The same with ``within`` fixed: the measure's own, the one given, or the default."""
        if self.measure.base == "on_time":
            return replace(self, within=int(self.measure.told) + 1)
        if self.measure.base == "first_contact":
            return replace(self, within=2)
        if self.measure.form == "count" or self.measure.drops_open:
            return replace(self, within=0)
        return replace(self, within=usual_days(log, self.selection) if not self.within else self.within)


def usual_days(log: Log, selection: Selection) -> int:
    """Whole days in which nine in ten closed cases were closed. Raises ``BadInput`` where none is."""
    rows = as_input(lambda: case_figures(log, selection, "closed", "lasted_days"))
    closed = rows.column("closed").to_numpy(zero_copy_only=False).astype(bool)
    days = rows.column("lasted_days").to_numpy(zero_copy_only=False)[closed]
    cases = rows.column("cases").to_numpy(zero_copy_only=False)[closed]
    if not len(days):
        raise BadInput(
            mark(
                "None of the cases chosen is closed, so the usual time is not known. Say within how many days to count."
            )
        )
    order = np.argsort(days)
    reached = np.cumsum(cases[order]) >= MOST_CLOSED * cases.sum()
    return int(days[order][np.argmax(reached)]) + 1


def as_input(make: Callable[[], T]) -> T:
    """What *make* returns; what the log refuses is told as wrong input."""
    try:
        return make()
    except LogError as error:
        raise BadInput("%(reason)s", reason=Figure(str(error), "text")) from error
