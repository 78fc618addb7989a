"""A look at how a change is doing: its log is opened, the cells are had, the verdict is asked, and the look is logged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from loft.changes import actions
from loft.changes.actions.writing import day_of
from loft.changes.measuring import cells_of_plan
from loft.changes.models import Change, PlanVersion, VerdictRow
from loft.changes.rules import Actor, check
from loft.language import mark
from loft.value.cells import Cells
from loft.value.certificate import certificate
from loft.value.errors import BadInput
from loft.value.look import verdict
from loft.value.plan import Plan
from loft.value.verdicts import Verdict


@dataclass(frozen=True)
class Looked:
    """What a look gave: the verdict, and all that it rests on. ``row`` is the verdict as recorded; None where it was only looked at."""

    plan: PlanVersion
    verdict: Verdict
    cells: Mapping[str, Cells]
    others: tuple[str, ...]
    breaks: tuple[str, ...]
    row: VerdictRow | None = None

    def certificate(self, *, cells: bool = True) -> dict[str, Any]:
        """The certificate; see ``loft.value.certificate``. Without *cells* it holds no figures but the verdict's own."""
        given = self.cells if cells else None
        return certificate(self.plan.plan, self.verdict, given, others=self.others, breaks=self.breaks)


def look(change: Change, *, actor: Actor, now: datetime, today: date | None = None, record: bool = False) -> Looked:
    """The verdict of *today*, or of the log's last day where that is earlier; *record* adds it to the change's series.

    Every look is logged, also one that came to nothing. Raises ``BadInput`` where no plan is locked or the log cannot tell, and what
    ``actions.record_verdict`` raises.
    """
    if record:
        check("record_verdict", actor, change.facts)
    wanted = today or day_of(now)
    try:
        found = _look(change, wanted)
    except BadInput as error:
        actions.log_look(change, wanted, actor=actor, now=now, failed=str(error))
        raise
    actions.log_look(change, found.verdict.on, actor=actor, now=now, verdict=found.verdict)
    if not record:
        return found
    row = actions.record_verdict(change, found.verdict, actor=actor, now=now)
    return Looked(found.plan, found.verdict, found.cells, found.others, found.breaks, row)


def _look(change: Change, today: date) -> Looked:
    version = change.judged_by
    if version is None:
        raise BadInput(mark("There is no locked plan to judge by. Lock the plan first."))
    plan = version.plan
    cells, last = cells_of_plan(plan)
    others, breaks = others_of(change, plan), breaks_of(change, plan)
    made = verdict(plan, cells, min(today, last), others=others, breaks=breaks)
    return Looked(version, made, cells, others, breaks)


def others_of(change: Change, plan: Plan, *, known: datetime | None = None) -> tuple[str, ...]:
    """Other registered changes that ran in the plan's units, for the same services, while it is measured: by name, sorted.

    A change without a plan may be about any service. With the moment *known*, only what the register was told by then.
    """
    units = {*(unit for unit, _ in plan.treated), *plan.comparison}
    found = set()
    others = Change.objects.exclude(pk=change.pk).filter(exposures__unit__in=units, exposures__started__lte=plan.last)
    for other in others.distinct():
        version = other.plans.filter(at__lte=known).order_by("-version").first() if known else other.plan
        own = version.plan if version else None
        if own and (own.log, own.by) != (plan.log, plan.by):
            continue
        if own and plan.services and own.services and not set(own.services) & set(plan.services):
            continue
        begins = date.fromordinal(plan.first_start.toordinal() - plan.baseline_days)
        there = other.exposures.filter(unit__in=units, started__lte=plan.last)
        later = set(other.history.filter(at__gt=known).values_list("field", flat=True)) if known else set()
        began = [exposure for exposure in there if f"started: {exposure.unit}" not in later]
        if any(e.ended is None or e.ended >= begins or f"ended: {e.unit}" in later for e in began):
            found.add(other.what)
    return tuple(sorted(found))


def breaks_of(change: Change, plan: Plan, *, known: datetime | None = None) -> tuple[str, ...]:
    """The plan's units whose figures are told to have a break, sorted. With the moment *known*, only what was told by then."""
    units: Sequence[str] = [*(unit for unit, _ in plan.treated), *plan.comparison]
    told = change.breaks.filter(unit__in=units, on__lte=plan.last)
    if known:
        told = told.filter(at__lte=known)
    return tuple(sorted(set(told.values_list("unit", flat=True))))
