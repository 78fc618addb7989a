"""The rule: from what was found to a verdict. The first that matches wins: harm, cannot be known, value, not yet.

Source: the verdict's rule as in docs/verdict.md. Thresholds come from the policy.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from loft.language import mark
from loft.value.plan import Plan
from loft.value.policy import Policy
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Check, Guarded, Word

DRAWN = ("lottery", "stepped lottery")
NECESSARY = ("in use", "case mix", "volume", "placebo dates", "placebo units", "near")
"""Checks that must have been made and passed; of the others, none may have failed."""


@dataclass(frozen=True)
class Obstacle:
    """Why something cannot be known with a design, and what would make it knowable."""

    why: Sentence
    instead: Sentence


@dataclass(frozen=True)
class Numbers:
    """What the estimates say on the day: the conditions at the last look, or ``known`` False where there is no estimate yet.
    ``expected``: the day on which the range would first leave 0, if the estimate stays as it is."""

    known: bool
    harm: bool = False
    clear: bool = False
    held: bool = False
    outside: bool = False
    large: bool = False
    inside: bool = False
    drifted: bool = False
    drift_known: bool = True
    expected: date | None = None


@dataclass(frozen=True)
class Found:
    """All that the rule looks at."""

    locked: bool
    today: date
    numbers: Numbers
    obstacles: tuple[Obstacle, ...] = ()
    checks: tuple[Check, ...] = ()
    guardrails: tuple[Guarded, ...] = ()
    unusual: bool | None = None
    """Of one unit alone: whether the effect is unusual among other units and nothing is found at pretended starts."""


@dataclass(frozen=True)
class Ruling:
    """The word, why, what would make it knowable, and when to look again. ``may_know``: the day on which value may be shown as far as the
    numbers tell; None where they do not."""

    word: Word
    reasons: tuple[Sentence, ...]
    knowable: tuple[Sentence, ...] = ()
    next_look: date | None = None
    may_know: date | None = None


def rule(plan: Plan, found: Found, policy: Policy) -> Ruling:
    """The ruling on what was *found*."""
    harmed = tuple(g.says for g in found.guardrails if g.harmed)
    if (found.numbers.known and found.numbers.harm) or harmed:
        own = (
            (say(mark("The measure has become worse, and chance alone does not explain it.")),)
            if found.numbers.harm
            else ()
        )
        return Ruling(Word.HARM, own + harmed)
    if found.today < plan.first_start:
        return _before_the_start(plan, found)
    if found.obstacles:
        return Ruling(Word.UNKNOWABLE, tuple(o.why for o in found.obstacles), tuple(o.instead for o in found.obstacles))
    missing = _missing(plan, found, policy)
    if found.unusual is not None and found.locked:
        return _of_one(plan, found, missing, policy)
    if found.locked and found.numbers.held and not missing:
        return Ruling(
            Word.VALUE,
            (
                say(
                    mark(
                        "The finding holds with both baselines, after allowance for hidden drift, at looks two months apart."
                    )
                ),
            ),
            next_look=found.today + timedelta(days=int(policy["retest_days"])),
        )
    if not found.locked:
        lock = say(mark("The plan was not locked before the change started, so value can never be shown here."))
        again = say(mark("Lock a plan before the change starts in further units; they can show value."))
        return Ruling(Word.UNKNOWABLE, (lock,), (again,))
    may_know = _may_know(plan, found, policy)
    return Ruling(Word.NOT_YET, missing, (), _next(plan, found, policy, may_know), may_know)


def _before_the_start(plan: Plan, found: Found) -> Ruling:
    """Nothing is known of what has not started; what would stand in the way is told while it can still be changed."""
    starts = say(mark("The change starts on %(day)s."), day=Figure(plan.first_start, "day"))
    why, instead = tuple(o.why for o in found.obstacles), tuple(o.instead for o in found.obstacles)
    return Ruling(Word.NOT_YET, (starts, *why), instead, plan.first_start)


def _of_one(plan: Plan, found: Found, missing: tuple[Sentence, ...], policy: Policy) -> Ruling:
    """The ruling on a single unit: it points to value at most."""
    more = say(mark("One unit can only point to value. Start in more units, by lot, to show it."))
    if found.unusual and not missing:
        why = say(mark("The effect is unusual among units without the change, and pretended starts find nothing."))
        return Ruling(Word.POINTS, (why,), (more,), found.today + timedelta(days=int(policy["retest_days"])))
    usual = say(mark("Units without the change moved as much, so it may be chance."))
    return Ruling(Word.NOT_YET, missing or (usual,), (more,), _next(plan, found, policy, None))


def _missing(plan: Plan, found: Found, policy: Policy) -> tuple[Sentence, ...]:
    """What is missing before value is shown; empty when nothing is."""
    numbers, today = found.numbers, found.today
    told: list[Sentence] = []
    if not numbers.known:
        told.append(say(mark("Too early: nothing can be measured yet.")))
    if today < _waits_until(plan, policy):
        earliest = Figure(_earliest(plan, found, policy), "day")
        told.append(say(mark("Too early: value can be shown from %(day)s at the earliest."), day=earliest))
    if numbers.known and not numbers.held:
        told += _numbers(plan, numbers, policy)
    failed = [c.says for c in found.checks if c.passed is False]
    undone = [c.says for c in found.checks if c.passed is None and c.name in NECESSARY]
    told += failed + undone
    if found.unusual is None:  # of one unit alone no guardrail has a range
        told += [g.says for g in found.guardrails if g.size is None]
    if today > plan.last and told:
        told.append(say(mark("The plan ran out on %(day)s."), day=Figure(plan.last, "day")))
    return tuple(told)


def _numbers(plan: Plan, numbers: Numbers, policy: Policy) -> list[Sentence]:
    if numbers.inside:
        return [say(mark("Too small: the effect is below the smallest one worth having."))]
    if not numbers.outside:
        return [say(mark("Too uncertain: no change at all would also explain the figures."))]
    if not numbers.drift_known:
        return [
            say(mark("How some units moved in the years before is not known, so hidden drift cannot be ruled out."))
        ]
    if numbers.drifted:
        return [say(mark("The treated units were already moving another way before the start; that could explain it."))]
    if not numbers.large:
        return [say(mark("The estimate is smaller than the smallest effect worth having."))]
    # Also where the log ends before a finding counts, however late the verdict is asked for.
    again = mark("It must be found again at a look at least %(days)s later.")
    return [say(again, days=Figure(policy["apart_days"], "days"))]


def _waits_until(plan: Plan, policy: Policy) -> date:
    """The first day on which a finding counts: half a year after the first start, and not before the plan's own earliest day."""
    half = plan.first_start + timedelta(days=int(policy["least_days"]))
    return max(half, plan.earliest or half)


def _earliest(plan: Plan, found: Found, policy: Policy) -> date:
    """The first day on which value can be shown: where it must be found twice, the second time."""
    twice = 0 if found.unusual is not None else int(policy["apart_days"])
    again = plan.first_start + timedelta(days=int(policy["least_days"]) + twice)
    return max(again, _waits_until(plan, policy))


def _may_know(plan: Plan, found: Found, policy: Policy) -> date | None:
    """When value may be shown if the estimate stays as it is; None where that is not in sight within the plan."""
    numbers, apart = found.numbers, timedelta(days=int(policy["apart_days"]))
    if numbers.held or not (numbers.clear or numbers.expected):
        return None
    day = max((numbers.expected or found.today) + apart, _earliest(plan, found, policy))
    return day if day <= plan.last else None


def _next(plan: Plan, found: Found, policy: Policy, may_know: date | None) -> date | None:
    """When to look again; None after the plan's last day."""
    if found.today < plan.first_start:
        return plan.first_start
    if may_know:
        return may_know
    if found.today < _waits_until(plan, policy):
        return _earliest(plan, found, policy)
    later = found.today + timedelta(days=int(policy["apart_days"]))
    return min(later, plan.last) if found.today < plan.last else None


def security(plan: Plan, found: Found, *, treated: int, comparison: int, withstands: float | None) -> int:
    """How secure the finding is, 0 to 5.

    5 by lot; 4 staggered with 20 units and more on each side and M̄ ≥ 2; 3 difference in differences with every check passed; 2 one unit
    against a synthetic one, or a comparison whose checks have not all passed, also because they cannot be made yet; 1 a series without
    comparison.
    """
    if not comparison:
        return 1
    if plan.design in DRAWN:
        return 5
    passed = bool(found.checks) and not any(
        c.passed is False or (c.passed is None and c.name in NECESSARY) for c in found.checks
    )
    if plan.design == "one unit" or not passed:
        return 2
    wide = treated >= 20 and comparison >= 20 and (withstands or 0) >= 2
    return 4 if plan.design == "staggered" and wide else 3
