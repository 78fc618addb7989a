"""Other changes that a draft would share units and time with, to be warned of before the plan is locked."""

from loft.changes.actions.planning import BLANK
from loft.changes.looking import others_of
from loft.changes.models import Change
from loft.changes.rules import Stage
from loft.value.plan import Plan


def others_beside(change: Change) -> tuple[str, ...]:
    """Other registered changes that run, or are planned to start, in the units of the *change*'s draft while it would be measured: by name,
    sorted. Empty where the draft has no units or no last day yet."""
    draft = change.draft
    if not draft.get("treated") or not draft.get("last"):
        return ()
    plan = Plan.from_dict({**BLANK, **draft})
    return tuple(sorted({*others_of(change, plan), *_planned(change, plan)}))


def _planned(change: Change, plan: Plan) -> set[str]:
    """Changes that are not stopped and have a locked plan to start in these units, but have not started there yet."""
    units = {*(unit for unit, _ in plan.treated), *plan.comparison}
    ahead = Change.objects.exclude(pk=change.pk).exclude(stage=Stage.STOPPED)
    ahead = ahead.filter(exposures__unit__in=units, exposures__started=None, exposures__planned__lte=plan.last)
    return {other.what for other in ahead.distinct() if other.plan and _same(other.plan.plan, plan)}


def _same(own: Plan, plan: Plan) -> bool:
    """Whether two plans are about the same kind of units of one log, and may be about the same services."""
    if (own.log, own.by) != (plan.log, plan.by):
        return False
    return not plan.services or not own.services or bool(set(own.services) & set(plan.services))
