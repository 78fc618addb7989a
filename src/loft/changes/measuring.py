"""A plan and the log it is measured in: the cells that it is judged by, and what the log's history says of it before it is locked."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from django.conf import settings

from loft.changes.standing import check_named, check_use, folder_named
from loft.language import mark
from loft.log import LogError, open_log
from loft.value.cells import Cells
from loft.value.checks import Measured
from loft.value.errors import BadInput
from loft.value.levels import sums_of
from loft.value.looking import planned_of, setup_of
from loft.value.needed import needed_cells
from loft.value.plan import Plan
from loft.value.policy import LATEST, policy
from loft.value.sentence import Figure


def folder_of(plan: Plan) -> Path | None:
    """The folder of the plan's log in this home; None where the log is not here."""
    return folder_named(plan.log)


def cells_of_plan(plan: Plan) -> tuple[dict[str, Cells], date]:
    """The cells that the plan is judged by, and the last day of its log. Raises ``BadInput`` where the log is not there or lacks them."""
    folder = folder_of(plan)
    if folder is None:
        raise BadInput(
            mark("There is no log %(name)s here. Import it under that name, or amend the plan."),
            name=Figure(plan.log, "text"),
        )
    try:
        log = open_log(folder)
    except LogError as error:
        raise BadInput("%(reason)s", reason=Figure(str(error), "text")) from error
    try:
        return needed_cells(plan, log, Path(settings.CONFIGURATION.cells) / folder.name), log.meta.days[1]
    finally:
        log.close()


def foreseen(plan: Plan) -> Plan:
    """The plan with what the years before its start say: the error expected at half horizon, the effect that can be found at the
    horizon, and the days up to which a case counts.

    What the plan says already stands, and where the log is not here, or tells too little, nothing is added.

    Raises ``BadInput`` where the log lacks the measure, a guardrail, the services or a unit, or the new way under another spelling.
    """
    if folder_of(plan) is None or not plan.treated or plan.better not in ("lower", "higher"):
        return plan
    cells, last = cells_of_plan(plan)
    check_named(plan, cells)
    check_use(plan)
    primary = cells[plan.measure]
    plan = replace(plan, within=plan.within or primary.within)
    rules = policy(plan.policy or LATEST)
    setup = setup_of(plan, primary, rules)
    day = (min(plan.first_start, last, primary.until) - primary.first).days
    if setup is None or not len(setup.comparison) or day < 1:
        return plan
    sums, durations = sums_of(primary, logs=plan.relative, today=day)
    # A start that lies ahead is judged by the years before the log's last day.
    setup = replace(setup, starts=np.minimum(setup.starts, max(sums.known, 1)))
    se, mde = planned_of(plan, Measured(sums, durations, setup, day), rules)
    if not np.isfinite(mde):
        return plan
    return replace(plan, se_plan=plan.se_plan or se, mde=plan.mde or _told(plan, mde))


def _told(plan: Plan, size: float) -> float:
    """A size on the scale of the levels as a share, or in the measure's unit: what ``loft.value.looking.scaled`` undoes."""
    if not plan.relative:
        return size
    return float(-np.expm1(-size) if plan.better == "lower" else np.expm1(size))
