"""What a plan or a draft names, held against the log where the log is here."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.conf import settings

from loft.changes.models import Change
from loft.language import mark, short_name
from loft.log import Log, LogError, open_log
from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.kept import kept_cells
from loft.value.plan import Plan
from loft.value.sentence import Figure

MOST_NAMED = 12
"""Names that a sentence lists; of more it gives the first."""


def folder_named(log: str) -> Path | None:
    """The folder of the log of this name in this home; None where it is not here."""
    slug = short_name(log, "")
    folder = Path(settings.CONFIGURATION.logs) / slug
    return folder if slug and slug == log and (folder / "current").is_file() else None


def check_named(plan: Plan, cells: Mapping[str, Cells]) -> None:
    """Raises ``BadInput`` where a unit of the *plan* has no case in its log, by the *cells* that it is judged by."""
    units = cells["volume"].units
    named = [*(unit for unit, _ in plan.treated), *plan.comparison]
    if missing := [unit for unit in named if unit not in units]:
        raise BadInput(
            mark("No case of the log has a unit called: %(names)s. The log has: %(known)s."),
            names=Figure(_few(missing), "text"),
            known=Figure(_few(_nearest(missing[0], units)), "text"),
        )


def check_use(plan: Plan) -> None:
    """Raises ``BadInput`` where the log writes the name by which a case shows the new way otherwise than the plan: other capitals, spaces
    or dashes. A name that is like none is taken: the new way may meet the log only once it has started. See ``not_met``."""
    known = _names_for_use(plan)
    if plan.use is None or known is None or plan.use.name in known:
        return
    if near := next((name for name in known if _folded(name) == _folded(plan.use.name)), None):
        raise BadInput(
            mark("The log has no %(name)s, which is to show the new way. Did you mean %(near)s?"),
            name=Figure(plan.use.name, "text"),
            near=Figure(near, "text"),
        )


def not_met(plan: Plan) -> str:
    """The name by which a case is to show the new way, where the plan's log is here and has not met it yet; else empty."""
    known = _names_for_use(plan)
    return plan.use.name if plan.use and known is not None and plan.use.name not in known else ""


def _names_for_use(plan: Plan) -> list[str] | None:
    """The names that the plan's log has of the kind that shows the new way; None where it cannot be told."""
    folder = folder_named(plan.log)
    if folder is None or plan.use is None:
        return None
    try:
        log = open_log(folder)
    except LogError:
        return None
    with closing(log):
        named = {
            "unit": log.units[1:],
            "activity": log.activities[1:],
            "attribute": (*log.meta.case_attributes.values(), *log.meta.attributes.values()),
        }
        return list(named.get(plan.use.kind, ()))


def _folded(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def check_start(change: Change, unit: str, on: date) -> None:
    """Raises ``BadInput`` where the change cannot have started in *unit* on the day *on*: the locked plan does not name the unit, or,
    before there is one, the drafted log does not; or the log begins later."""
    plan = change.plan.plan if change.plan else None
    if plan:
        named = [*(name for name, _ in plan.treated), *plan.comparison]
        if unit not in named:
            raise BadInput(
                mark("%(unit)s is not in the plan. It has: %(known)s. Amend the plan first."),
                unit=Figure(unit, "text"),
                known=Figure(_few(named), "text"),
            )
        _refuse_start_before_lock(plan, unit, on)
    elif any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in unit):
        raise BadInput(
            mark("The unit %(unit)s holds signs that no name has. Write it again."), unit=Figure(ascii(unit), "text")
        )
    folder = folder_named(plan.log if plan else str(change.draft.get("log", "")))
    if folder is None:
        return
    try:
        log = open_log(folder)
    except LogError:
        return  # A log that cannot be opened keeps nobody from telling what happened.
    with closing(log):
        if on < log.meta.days[0]:
            raise BadInput(
                mark("The log begins on %(first)s, so a start on %(day)s cannot be judged. Check the year."),
                first=Figure(log.meta.days[0], "day"),
                day=Figure(on, "day"),
            )
        if plan is None and change.draft.get("by"):
            _refuse_stranger(unit, log, folder, change.draft["by"])


def _refuse_start_before_lock(plan: Plan, unit: str, on: date) -> None:
    """A plan that was locked before anything started shows value; one that was locked after a start must say so in its own starts."""
    locked = date.fromisoformat(plan.locked_at[:10])
    if on < locked <= plan.first_start:
        raise BadInput(
            mark(
                "The plan was locked on %(locked)s as one in which nothing had started. If %(unit)s started on %(day)s, register the "
                "change anew with its true starts."
            ),
            locked=Figure(locked, "day"),
            unit=Figure(unit, "text"),
            day=Figure(on, "day"),
        )


def _refuse_stranger(unit: str, log: Log, folder: Path, by: str) -> None:
    units = kept_cells(log, "volume", Path(settings.CONFIGURATION.cells) / folder.name, by=by).units
    if unit not in units:
        raise BadInput(
            mark("No case of the log has a unit called: %(names)s. The log has: %(known)s."),
            names=Figure(unit, "text"),
            known=Figure(_few(_nearest(unit, units)), "text"),
        )


def breaks_plan(plan: Plan | None, unit: str) -> bool:
    """Whether a start in *unit* breaks the locked *plan*: the unit was to stay without the change."""
    return plan is not None and unit in plan.comparison


def _nearest(name: str, known: Collection[str]) -> Sequence[str]:
    """The names known, those most like *name* first."""
    near = get_close_matches(name, known, 3, 0.6)
    return [*near, *(each for each in known if each not in near)]


def _few(names: Sequence[Any]) -> str:
    return ", ".join(map(str, names[:MOST_NAMED])) + (" …" if len(names) > MOST_NAMED else "")
