"""Why an effect cannot be known with a design, each with what would make it knowable."""

from collections.abc import Sequence

from loft.language import mark
from loft.value.plan import Plan
from loft.value.policy import Policy
from loft.value.rule import DRAWN, Obstacle
from loft.value.sentence import Figure, say

HELD_BACK = mark("Let some units wait: had %(units)s units started half a year later, an effect could be shown.")
OTHERS = mark("Another change went on in the same units at the same time: %(names)s.")
UNNAMED = "…"


def obstacles(
    plan: Plan,
    rules: Policy,
    *,
    smallest: float,
    mde: float | None,
    missing: float | None,
    exposed: float | None,
    others: Sequence[str],
    breaks: Sequence[str],
    history: int,
    treated: int,
    comparison: int,
    constant: bool,
) -> tuple[Obstacle, ...]:
    """All that stands in the way.

    *smallest* (δ*) and *mde* are on the scale of the levels; *missing* and *exposed* are shares, None where they are not known yet;
    *history* is the number of days of cases before the first start; *treated* and *comparison* count units with cases.
    """
    return (
        *_comparison(plan, rules, treated, comparison),
        *_figures(rules, history=history if treated else None, constant=constant, breaks=breaks, missing=missing),
        *_detectable(mde if comparison else None, smallest, rules),
        *_company(rules, exposed=exposed, others=others),
    )


def _detectable(mde: float | None, smallest: float, rules: Policy) -> list[Obstacle]:
    """Whether the design can find an effect of the size that is worth having."""
    if mde is None or not mde > rules["mde_times"] * smallest:  # also where history is too short to tell
        return []
    why = say(
        mark("The design can only find an effect %(times)s times the smallest one worth having."),
        times=Figure(mde / smallest, "decimal"),
    )
    return [
        Obstacle(why, say(mark("More units, a longer period, or a measure that varies less would make it knowable.")))
    ]


def _figures(
    rules: Policy,
    *,
    history: int | None,
    constant: bool,
    breaks: Sequence[str],
    missing: float | None,
) -> list[Obstacle]:
    """Whether there are figures that can be compared: that vary, reach back far enough, mean the same all along, and are there."""
    found = []
    if constant:
        why = say(mark("The measure is the same for every unit and day, so there is nothing to compare."))
        found.append(Obstacle(why, say(mark("Choose a measure that varies."))))
    if history is not None and history < rules["least_history_days"]:
        why = say(
            mark("There are only %(days)s of cases before the start; at least %(least)s are needed."),
            days=Figure(max(history, 0), "days"),
            least=Figure(rules["least_history_days"], "days"),
        )
        found.append(Obstacle(why, say(mark("Bring in the cases of the years before, or start later."))))
    if breaks:
        why = say(mark("The definition changed or units were merged: %(units)s."), units=Figure(_named(breaks), "text"))
        instead = say(mark("Measure these units anew after the break, or leave them out in a new plan."))
        found.append(Obstacle(why, instead))
    if missing is not None and missing > rules["missing"]:
        why = say(mark("%(share)s of the figures are missing."), share=Figure(missing, "percent"))
        instead = say(mark("Bring in the missing cases, or leave out the units that lack them in a new plan."))
        found.append(Obstacle(why, instead))
    return found


def _company(rules: Policy, *, exposed: float | None, others: Sequence[str]) -> list[Obstacle]:
    """Whether the comparison was left without the change, and the treated units without another one."""
    found = []
    if exposed is not None and exposed > rules["exposed"]:
        why = say(
            mark("%(share)s of the comparison's cases met the change, so it is no longer a comparison."),
            share=Figure(exposed, "percent"),
        )
        instead = say(mark("Name other units that have not started, or let some wait, in a new plan."))
        found.append(Obstacle(why, instead))
    if others:
        why = say(OTHERS, names=Figure(_named(others), "text"))
        found.append(Obstacle(why, say(mark("Start the two changes in different units, or one after the other."))))
    return found


def _comparison(plan: Plan, rules: Policy, treated: int, comparison: int) -> list[Obstacle]:
    """Whether there is anybody to compare with, and enough of them."""
    least = int(rules["units"])
    if not treated:
        why = say(mark("None of the units that were to start has a case in the log."))
        return [Obstacle(why, say(mark("Check how the plan names the units.")))]
    if not comparison or plan.design == "none":
        if comparison == 0 and len({start for _, start in plan.treated}) == 1 and treated > 1:
            why = say(
                mark("All %(units)s units started on the same day, so there is nobody to compare with."),
                units=Figure(treated, "count"),
            )
        else:
            why = say(mark("There are no units without the change to compare with."))
        return [Obstacle(why, say(HELD_BACK, units=Figure(max(least, treated // 4), "count")))]
    if plan.design in DRAWN:
        if min(treated, comparison) < 2:
            why = say(mark("With one unit on a side nobody can tell the change from what is special about that unit."))
            return [Obstacle(why, say(mark("Draw at least two units for each side.")))]
        return []
    if plan.design == "one unit":
        if comparison < rules["donors"]:
            why = say(
                mark(
                    "One unit held against %(units)s others is too little; %(least)s are needed to put together its like."
                ),
                units=Figure(comparison, "count"),
                least=Figure(int(rules["donors"]), "count"),
            )
            return [Obstacle(why, say(mark("Find more units to compare with, or start in more units.")))]
        return []
    if min(treated, comparison) < least:
        why = say(
            mark(
                "%(treated)s units with the change and %(comparison)s without are too few; %(least)s on each side are needed "
                "unless a draw decided."
            ),
            treated=Figure(treated, "count"),
            comparison=Figure(comparison, "count"),
            least=Figure(least, "count"),
        )
        return [Obstacle(why, say(mark("Draw lots for which units start first, or take in more units.")))]
    return []


def _named(names: Sequence[str], most: int = 5) -> str:
    """The first names, and that there are more."""
    return ", ".join(names[:most]) + (", " + UNNAMED if len(names) > most else "")
