"""Guardrails: measures that must not become worse while the one that is judged by becomes better."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from loft.language import mark
from loft.value.cells import Cells
from loft.value.errors import BadInput
from loft.value.looking import look
from loft.value.path import half_width
from loft.value.picture import size_of
from loft.value.plan import Guardrail, Plan
from loft.value.policy import Policy
from loft.value.saying import amount, worded
from loft.value.sentence import Figure, say
from loft.value.verdicts import Guarded


def guarded(plan: Plan, guardrail: Guardrail, cells: Mapping[str, Cells], today: date, rules: Policy) -> Guarded:
    """A guardrail as it stands: harmed where its sequence, at α shared among the guardrails, lies wholly beyond the tolerance."""
    found = cells_named(cells, guardrail.measure)
    label = Figure(found.measure.says, "said")
    own = replace(
        plan, measure=guardrail.measure, better=guardrail.better, relative=guardrail.relative,
        smallest=max(guardrail.tolerance, 1e-9), se_plan=0.0, mde=0.0,
    )  # fmt: skip
    looked = look(own, found, today, rules)
    if looked is None or not np.isfinite(looked.estimates.estimate[-1]):
        says = say(mark("%(measure)s: nothing can be measured yet."), measure=label)
        return Guarded(guardrail.measure, None, guardrail.tolerance, False, says)
    estimate = float(looked.estimates.estimate[-1])
    alpha = rules["alpha"] / max(len(plan.guardrails), 1)
    e, aim = looked.estimates, looked.aim
    width = float(half_width(e.se[-1:], e.df[-1:], se_plan=aim.se_plan, alpha=alpha)[0])
    size = size_of(own, found, estimate, width)
    if size is None:
        says = say(mark("%(measure)s: how sure the figure is cannot be told."), measure=label)
        return Guarded(guardrail.measure, None, guardrail.tolerance, False, says)
    limit = beyond(guardrail)
    harmed = -aim.sign * estimate - width > limit
    if harmed:
        text = mark("%(measure)s has become worse than tolerated: %(estimate)s (between %(low)s and %(high)s).")
    elif -aim.sign * estimate > limit:
        text = mark(
            "%(measure)s may have become worse than tolerated, or it may be chance: %(estimate)s (between %(low)s and %(high)s)."
        )
    else:
        text = mark("%(measure)s is within what is tolerated: %(estimate)s (between %(low)s and %(high)s).")
    says = say(
        text,
        measure=label,
        estimate=worded(size, size.estimate),
        low=amount(size, size.low),
        high=amount(size, size.high),
    )
    return Guarded(guardrail.measure, size, guardrail.tolerance, bool(harmed), says)


def beyond(guardrail: Guardrail) -> float:
    """How far to the bad side a guardrail tolerates, above 0, on the scale of the levels."""
    if not guardrail.relative:
        return guardrail.tolerance
    worse = guardrail.tolerance if guardrail.better == "lower" else -min(guardrail.tolerance, 0.99)
    return abs(float(np.log1p(worse)))


def cells_named(cells: Mapping[str, Cells], name: str) -> Cells:
    """The cells of this *name*. Raises ``BadInput`` where there are none."""
    if name not in cells:
        raise BadInput(
            mark("There are no cells of the measure %(name)s; there are: %(known)s."),
            name=Figure(name, "text"),
            known=Figure(", ".join(sorted(cells)) or "–", "text"),
        )
    return cells[name]
