"""The design doctor on the pages: what each way of rolling out could find, and what the choice of one becomes in the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.conf import settings

from loft.charts import numbers
from loft.insight import Table
from loft.language import gettext, mark
from loft.value.cells import Cells
from loft.value.design import LABELS, Way, nearest, steady, ways, ways_table
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.kept import kept_cells
from loft.value.lottery import draw_lots
from loft.value.policy import policy
from loft.value.sentence import Figure
from loft.web.forms import Field, WrongAt
from loft.web.library import answer
from loft.web.pages.changes.steps import Draft, log_of

SEED = 20260101
"""The doctor cuts up the past by chance; the same seed gives every reader the same table."""
WAVES, APART = 4, 60
LEAST, MOST = 60, 1095
"""Days that a change may be followed."""


@dataclass(frozen=True)
class Asking:
    """What the doctor is asked: the day of the first start, the last day, and the units that want to start."""

    start: date
    last: date
    wanting: tuple[str, ...]

    @property
    def horizon(self) -> int:
        return (self.last - self.start).days


def cells_for(draft: Draft) -> Cells:
    """The cells of the draft's measure. Raises ``BadInput`` where the log lacks it."""
    log = log_of(draft)
    chosen: dict[str, Any] = {
        "by": draft["by"],
        "services": tuple(draft.get("services", ())),
        "where": tuple((a, b) for a, b in draft.get("where", ())),
        "strata": draft.get("strata", "service"),
        "within": draft.get("within") or None,
    }
    return kept_cells(log, draft["measure"], settings.CONFIGURATION.cells / draft["log"], **chosen)


def checked(asking: Asking) -> None:
    """Raises ``BadInput`` where the days cannot be planned with."""
    if not LEAST <= asking.horizon <= MOST:
        raise WrongAt(
            "last",
            mark("The last day must come %(least)s to %(most)s days after the start."),
            least=Figure(LEAST, "count"),
            most=Figure(MOST, "count"),
        )


def found_ways(draft: Draft, asking: Asking) -> tuple[Way, ...]:
    """What each way could find, kept until the log or the draft changes. Raises what ``checked`` and ``loft.value.design.ways`` do."""
    checked(asking)
    log = log_of(draft)
    sizes = (draft["measure"], draft["better"], draft.get("relative", True), draft["smallest"], draft.get("within"))
    key = ("ways", *sizes, draft["by"], tuple(draft.get("services", ())), asking)
    return tuple(answer(draft["log"], log, key, lambda: _ask(draft, asking)))


def _ask(draft: Draft, asking: Asking) -> tuple[Way, ...]:
    return ways(
        cells_for(draft), policy(), smallest=draft["smallest"], better=draft["better"], relative=draft.get("relative", True),
        start=asking.start, horizon=asking.horizon, waves=WAVES, apart=APART, wanting=asking.wanting,
        rng=np.random.default_rng(SEED),
    )  # fmt: skip


def table_of(draft: Draft, found: Sequence[Way]) -> Table:
    """The ways as a table."""
    return ways_table(found, cells_for(draft).measure, relative=draft.get("relative", True))


def fields(units: int, wanting: int, chosen: str | None) -> list[Field]:
    """What is asked beside the doctor's table."""
    return [
        Field("way", mark("How do you roll out the change?"), "one", options=_choices(), value=chosen),
        Field(
            "seed", mark("Seed of the draw"),
            about=mark("Needed where lots are drawn. Choose something nobody could pick on purpose, such as a lottery number of a day to "
                       "come that you have told everyone about. With it anyone can repeat the draw."),
            needed=False,
        ),
        Field("units", mark("How many units start?"), "number", mark("Where lots are drawn; empty is half."), False),
        Field(
            "compared", mark("How many units to compare with?"), "number",
            mark("Where no lots are drawn; empty is all that do not start. The most alike are chosen."), False,
        ),
    ]  # fmt: skip


def _choices() -> tuple[tuple[str, str], ...]:
    return tuple((name, gettext(label)) for name, label in LABELS.items())


def planned(draft: Draft, asking: Asking, values: dict[str, Any], found: Sequence[Way]) -> dict[str, Any]:
    """The fields of the plan that the choice of a way gives. Raises ``BadInput`` where it cannot be done."""
    checked(asking)
    cells = cells_for(draft)
    way = next((each for each in found if each.name == values["way"]), None)
    known = {
        "within": cells.within,
        "last": asking.last,
        "se_plan": (way.se_plan if way else None) or 0.0,
        "mde": (way.mde_told if way else None) or 0.0,
    }
    if values["way"] in ("half by lot", "stepwise by lot"):
        return known | _drawn(cells, asking, values, stepwise=values["way"] == "stepwise by lot")
    if values["way"] == "all at once":
        starts = tuple((unit, asking.start) for unit in cells.units)
        return known | {"design": "none", "treated": starts, "comparison": (), "chosen_by": "", "draw": {}}
    return known | _compared(draft, cells, asking, values)


def _drawn(cells: Cells, asking: Asking, values: dict[str, Any], *, stepwise: bool) -> dict[str, Any]:
    if not values["seed"]:
        raise WrongAt("seed", mark("Lots cannot be drawn without a seed. Write one."))
    draw = draw_lots(
        steady(cells), seed=values["seed"], start=asking.start, count=_whole(values, "units"), waves=WAVES if stepwise else 1,
        apart=APART,
    )  # fmt: skip
    if draw.treated[-1][1] + timedelta(days=LEAST) > asking.last:
        raise BadInput(mark("The last wave would start too near the last day. Choose a later last day."))
    left_out = sorted(set(cells.units) - set(draw.order))
    told = gettext("Not in the draw, since they had no cases in some quarter of the last year: %(units)s.")
    return {
        "design": "stepped lottery" if stepwise else "lottery",
        "treated": draw.treated,
        "comparison": draw.waiting,
        "chosen_by": told % {"units": ", ".join(left_out)} if left_out else "",
        "draw": draw.as_dict(),
    }


def _compared(draft: Draft, cells: Cells, asking: Asking, values: dict[str, Any]) -> dict[str, Any]:
    if not asking.wanting:
        raise BadInput(mark("Say which units want to start, on the page before."))
    count = _whole(values, "compared") or len(cells.units)
    with np.errstate(all="ignore"):
        others = nearest(
            cells, asking.wanting, before=asking.start, count=count, relative=draft.get("relative", True)
        )  # fmt: skip
    if not others:
        raise CannotBeKnown(mark("Nobody would be left to compare with. Let some units wait."))
    chosen_by = gettext(
        "The %(count)s units nearest in the figure, quarter by quarter, and in size over the two years before."
    )
    return {
        "design": "one unit" if len(asking.wanting) == 1 else "comparison",
        "treated": tuple((unit, asking.start) for unit in asking.wanting),
        "comparison": others,
        "chosen_by": chosen_by % {"count": numbers.count(len(others))},
        "draw": {},
    }


def _whole(values: dict[str, Any], name: str) -> int | None:
    value = values[name]
    if value is None:
        return None
    if value != int(value) or value < 1:
        raise WrongAt(name, mark("Write a whole number of units, 1 or more."))
    return int(value)
