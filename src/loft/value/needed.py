"""The cells that a plan is judged by, from its log."""

import contextlib
from pathlib import Path
from typing import Any

from loft.log import Log
from loft.value.cells import Cells
from loft.value.checks import OTHERS
from loft.value.errors import BadInput
from loft.value.kept import kept_cells
from loft.value.plan import Plan


def needed_cells(plan: Plan, log: Log, folder: str | Path) -> dict[str, Cells]:
    """The cells that ``loft.value.look.verdict`` takes, by name: the plan's measure and guardrails, ``volume``, and ``use``.

    Withdrawals, refusals and re-openings are there where the log tells of them; ``use`` where the log has met the new way. Cells are kept
    in *folder* between looks. Raises ``BadInput`` where the log lacks the measure, a guardrail or the services.
    """
    chosen: dict[str, Any] = {
        "by": plan.by,
        "services": plan.services,
        "where": plan.where,
        "strata": plan.strata,
        "within": plan.within or None,
    }
    named = dict.fromkeys((plan.measure, *(g.measure for g in plan.guardrails), "volume"))
    cells = {name: kept_cells(log, name, folder, **chosen) for name in named}
    for name in OTHERS:
        if not any(key.partition(":")[0] == name for key in cells):
            with contextlib.suppress(BadInput):
                cells[name] = kept_cells(log, name, folder, **chosen)
    if plan.use:
        with contextlib.suppress(BadInput):
            cells["use"] = kept_cells(log, "volume", folder, use=plan.use, **chosen)
    return cells
