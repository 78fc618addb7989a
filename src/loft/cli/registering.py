"""``loft example --register``: the register of a home, filled with Fjordvik's changes and their verdicts."""

import json
import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from loft.cli.group import fail

TRUTH = "fjordvik-truth.json"


def register(folder: Path, home: Path) -> list[str]:
    """What was registered in *home* of the changes that the truth in *folder* tells of; nothing that is there already.

    Where the log stands in the home, each change that has started gets a verdict on the log's last day.
    """
    path = folder / TRUTH
    if not path.is_file():
        fail(f"{path} is not there. Make the example first: loft example {folder}")
    _django(home)
    from django.db import transaction

    from loft.changes import actions
    from loft.changes.models import Change
    from loft.example.changes import LOG
    from loft.example.register import fill

    known = set(Change.objects.values_list("what", flat=True))
    store = home / "logs" / LOG
    judge = _Judge(store) if store.is_dir() else None
    with transaction.atomic():
        return fill(actions, json.loads(path.read_text(encoding="utf-8")), known=known, judge=judge)


def _django(home: Path) -> None:
    try:
        import django  # noqa: F401
    except ImportError:
        fail("The register needs more than the terminal does: pip install 'innovasjonsloft[web]'")
    os.environ["LOFT_HOME"] = str(home)
    from loft.web.server import application, prepare

    application()
    prepare()


class _Judge:
    """Makes and records verdicts from the log in a store."""

    def __init__(self, store: Path) -> None:
        from loft.log import open_log

        self.log = open_log(store)

    def __call__(self, change: Any, on: date) -> Any:
        from loft.changes import actions
        from loft.changes.rules import Actor
        from loft.value.look import verdict

        plan = change.judged_by.plan
        found = verdict(plan, self._cells(plan), on)
        system, now = Actor.system(), datetime.combine(on, time(12), UTC)
        actions.log_look(change, on, verdict=found, actor=system, now=now)
        return actions.record_verdict(change, found, actor=system, now=now)

    def _cells(self, plan: Any) -> dict[str, Any]:
        from loft.value import cells_of, use_cells

        about = {
            "by": plan.by,
            "services": plan.services,
            "where": plan.where,
            "strata": plan.strata,
            "within": plan.within,
        }
        names = dict.fromkeys((plan.measure, *(rail.measure for rail in plan.guardrails), "volume", "withdrawal"))
        cells = {name: cells_of(self.log, name, **about) for name in names}
        return {**cells, "use": use_cells(self.log, plan.use, **about)} if plan.use else cells
