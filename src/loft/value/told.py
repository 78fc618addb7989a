"""A plan in words, row by row, as it is printed when it is locked."""

from collections.abc import Mapping
from datetime import date

from loft.language import mark
from loft.value.measures import measure
from loft.value.plan import Guardrail, Plan, Use
from loft.value.sentence import Figure, Sentence, say

DESIGN: Mapping[str, str] = {
    "lottery": mark("A draw decides which units start"),
    "stepped lottery": mark("A draw decides in which order the units start"),
    "staggered": mark("The body decides; units start on different dates"),
    "comparison": mark("The body decides; the units start on one date"),
    "one unit": mark("One unit, held against a mix of others"),
    "none": mark("Nobody is without the change"),
}
BETTER: Mapping[str, str] = {"lower": mark("Lower is better"), "higher": mark("Higher is better")}

Row = tuple[Sentence, tuple[Sentence, ...]]


def rows(plan: Plan) -> tuple[Row, ...]:
    """What the plan says: a heading and its lines for each row, in the order in which they are read. Nothing of the plan is left out
    but what is empty or said already."""
    told: list[tuple[str, list[Sentence]]] = [
        (mark("Measure"), [measure(plan.measure).says, Sentence(BETTER.get(plan.better, plan.better))]),
        (mark("Smallest effect worth having"), [_amount(plan.smallest, plan.relative, plan.measure)]),
        (mark("Guardrails"), [_guardrail(guardrail) for guardrail in plan.guardrails]),
        (mark("Who starts when"), [Sentence(DESIGN.get(plan.design, plan.design)), *(_start(u, d) for u, d in plan.treated)]),
        (mark("Compared with"), [_text(unit) for unit in plan.comparison]),
        (mark("How these were chosen"), [_text(plan.chosen_by)] if plan.chosen_by else []),
        (mark("Near neighbours"), [_text(unit) for unit in plan.near]),
        (mark("The draw"), [_pair(name, value) for name, value in plan.draw.items() if name != "treated"]),
        (mark("Cases that count"), [_text(name) for name in plan.services] + [_pair(a, b) for a, b in plan.where]),
        (mark("How the log shows the new way"), [_use(plan.use)] if plan.use else []),
        (mark("What a unit is"), [_by(plan.by)]),
        (mark("Mix of cases by"), [_text(plan.strata)] if plan.strata else []),
        (mark("Baseline"), [say(mark("%(days)s before the start"), days=Figure(plan.baseline_days, "days"))]),
        (mark("Days that count of a case"), [_days(plan.within)] if plan.within else []),
        (mark("Earliest day of a verdict"), [_day(plan.earliest)] if plan.earliest else []),
        (mark("Last day"), [_day(plan.last)]),
        (mark("Error expected at half horizon"), [_figure(plan.se_plan)] if plan.se_plan else []),
        (mark("Smallest effect that can be found"), [_amount(plan.mde, plan.relative, plan.measure)] if plan.mde else []),
        (mark("Log"), [_text(plan.log)]),
        (mark("Policy"), [_text(plan.policy)] if plan.policy else []),
        (mark("Version"), [say(mark("%(version)s"), version=Figure(plan.version, "count"))]),
        (mark("Amends"), [_text(plan.amends)] if plan.amends else []),
        (mark("Locked"), [_text(f"{plan.locked_at} {plan.locked_by}".strip())] if plan.locked_at else []),
        (mark("SHA-256"), [_text(plan.hash)]),
    ]  # fmt: skip
    return tuple((Sentence(heading), tuple(lines)) for heading, lines in told if lines)


def _text(value: object) -> Sentence:
    return Sentence("%(text)s", (("text", Figure(str(value), "text")),))


def _figure(value: float) -> Sentence:
    return Sentence("%(number)s", (("number", Figure(value, "decimal")),))


def _day(value: date) -> Sentence:
    return Sentence("%(day)s", (("day", Figure(value, "day")),))


def _days(value: int) -> Sentence:
    return Sentence("%(days)s", (("days", Figure(value, "days")),))


def _amount(value: float, relative: bool, name: str) -> Sentence:
    form = "percent" if relative else {"days": "days", "share": "points"}.get(measure(name).kind, "decimal")
    if form == "points":
        return say(mark("%(amount)s percentage points"), amount=Figure(value, form))
    return Sentence("%(amount)s", (("amount", Figure(value, form)),))


def _guardrail(guardrail: Guardrail) -> Sentence:
    return say(
        mark("%(measure)s must not get worse by more than %(tolerance)s"),
        measure=Figure(measure(guardrail.measure).says, "said"),
        tolerance=Figure(_amount(guardrail.tolerance, guardrail.relative, guardrail.measure), "said"),
    )


def _by(by: str) -> Sentence:
    return Sentence(mark("The first unit that a case met")) if by == "unit" else _text(by.removeprefix("attribute:"))


def _start(unit: str, day: date) -> Sentence:
    return say(mark("%(unit)s starts on %(day)s"), unit=Figure(unit, "text"), day=Figure(day, "day"))


def _pair(name: str, value: object) -> Sentence:
    said = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return say(mark("%(name)s: %(value)s"), name=Figure(name, "text"), value=Figure(said, "text"))


def _use(use: Use) -> Sentence:
    if use.kind == "unit":
        return say(mark("The case met the unit %(name)s"), name=Figure(use.name, "text"))
    if use.kind == "activity":
        return say(mark("The step %(name)s was done"), name=Figure(use.name, "text"))
    return say(mark("%(name)s is %(value)s"), name=Figure(use.name, "text"), value=Figure(use.value, "text"))
