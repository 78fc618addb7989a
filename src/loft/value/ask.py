"""What an analyst asks of a log in a notebook: each answer shows itself as a sentence, a table and a chart.

    import loft
    log = loft.open_log("store")
    loft.value.did(log, "days", treated=["North", "South"], start=date(2025, 3, 1), by="attribute:center")

Every function takes a log, or cells (of a panel, say), a measure by name (``loft.value.measures``), and the *treated* units: a list with
``start``, or the start of each. The other choices are those of ``loft.value.asked.Choice``. All give a ``Result`` and raise ``BadInput``
for what cannot be used and ``CannotBeKnown`` for a design that cannot answer. An answer here is an estimate and no verdict: it has not
been fixed beforehand, and looking often finds what is not there; ``loft.value.verdict`` guards against both.
"""

from typing import Unpack

import numpy as np
from scipy import stats

from loft.language import mark
from loft.log import Log
from loft.value import aggregate as aggregation
from loft.value import durations, placebos
from loft.value import interruption as series
from loft.value import staggered_starts as starts_apart
from loft.value import synthetic_mix as mixes
from loft.value.asked import Asked, Choice, Treated, ask, shown_points
from loft.value.bootstrap import bootstrapped
from loft.value.cells import Cells, Floats
from loft.value.cut import Cut
from loft.value.errors import BadInput
from loft.value.eventstudy import NEVER
from loft.value.eventstudy import event_study as effects_by_period
from loft.value.fallings import lots_of
from loft.value.means import change_in_means
from loft.value.measures import Measure
from loft.value.plan import Plan
from loft.value.randomisation import randomised as drawn_means
from loft.value.randomisation import randomised_starts
from loft.value.regression import twfe
from loft.value.result import Result
from loft.value.sentence import Figure, Sentence, say
from loft.value.tally import taken
from loft.value.wide import Wide

Source = Log | Cells


def did(
    source: Source,
    measure: Measure | str,
    *,
    treated: Treated,
    rng: np.random.Generator | None = None,
    **choice: Unpack[Choice],
) -> Result:
    """How much more the treated changed than the others: effects of units and periods taken out, errors clustered by unit.

    With *rng* the p and the range are those of the wild cluster bootstrap, which holds better with fewer than about 40 units. Where
    units start at different times, ``staggered`` is the one to use.
    """
    asked = ask("did", source, measure, treated, choice)
    at = asked.at
    fit = twfe(at.on, at.unit, at.period, at.n, at.total, at.squares)
    found = bootstrapped(fit, "treated", rng, level=asked.level) if rng else fit.estimate("treated", level=asked.level)
    notes = (Sentence(_STAGGERED),) if len(np.unique(at.start[asked.treated])) > 1 else ()
    return asked.result(found.estimate, found.low, found.high, se=found.se, p=found.p, notes=notes, found=fit)


def event_study(
    source: Source,
    measure: Measure | str,
    *,
    treated: Treated,
    leads: int | None = None,
    lags: int | None = None,
    **choice: Unpack[Choice],
) -> Result:
    """The difference period by period, from *leads* before the start to *lags* after, against the last period before it.

    The estimate is the mean of the effects from the start on. Days before its start of the period in which a unit starts are left out.
    """
    asked = ask("event_study", source, measure, treated, choice)
    at = asked.at.whole()
    start = at.start[at.unit]
    study = effects_by_period(
        start, at.unit, at.period, at.n, at.total, at.squares, leads=leads, lags=lags, level=asked.level
    )
    columns = (study.estimate, study.se, study.low, study.high)
    points = shown_points(asked, study.time.astype(np.float64), columns, study.reference)
    notes = [_before(study.before[2])] if study.before else []
    if len(np.unique(at.start[asked.treated])) > 1:
        notes.append(Sentence(_STAGGERED))
    mean = study.after
    return asked.result(
        mean.estimate, mean.low, mean.high, se=mean.se, p=mean.p, points=points, notes=tuple(notes), found=study
    )


def staggered(
    source: Source,
    measure: Measure | str,
    *,
    treated: Treated,
    against: str = "never",
    method: str = "regression",
    **choice: Unpack[Choice],
) -> Result:
    """The effect by time since the start where units start at different times (Callaway & Sant'Anna 2021).

    *against*: units that ``never`` start, or those that have ``not yet`` started. The estimate is the mean over the times since the start.
    All units weigh the same, and each must have cases in every period.
    """
    asked = ask("staggered", source, measure, treated, choice)
    panel, start = _panel(asked.at)
    starts = np.where(start == NEVER, np.inf, start.astype(np.float64))
    found = starts_apart.group_time(panel.y, starts, panel.periods, comparison=against, method=method)
    dynamic = aggregation.aggregate(found, "dynamic")
    z = float(stats.norm.ppf((1 + asked.level) / 2))
    sides = (dynamic.effects - z * dynamic.errors, dynamic.effects + z * dynamic.errors)
    points = shown_points(asked, dynamic.at, (dynamic.effects, dynamic.errors, *sides), None)
    test = starts_apart.pre_test(found)
    notes = (_before(test.p),) if test else ()
    return _by_normal(asked, dynamic.effect, dynamic.error, points=points, notes=notes, found=dynamic)


def synthetic(
    source: Source,
    measure: Measure | str,
    *,
    treated: Treated,
    rng: np.random.Generator | None = None,
    **choice: Unpack[Choice],
) -> Result:
    """The treated, or a single unit, against the mix of other units that went as it did before (Abadie et al. 2010).

    The standard error and p are from pretending the change in the others (placebos), drawn by *rng* where several are treated.
    """
    return _against_mix("synthetic", source, measure, treated, rng, choice)


def synthetic_did(
    source: Source,
    measure: Measure | str,
    *,
    treated: Treated,
    rng: np.random.Generator | None = None,
    **choice: Unpack[Choice],
) -> Result:
    """As ``synthetic``, with periods weighted too and a constant distance allowed for (Arkhangelsky et al. 2021)."""
    return _against_mix("synthetic_did", source, measure, treated, rng, choice)


def interrupted(
    source: Source, measure: Measure | str, *, treated: Treated, harmonics: int = 0, **choice: Unpack[Choice]
) -> Result:
    """The treated alone, after the start against the line and the *harmonics* of seasons from before. It can never show value.

    The estimate is the mean difference over all periods after the start.
    """
    asked = ask("interrupted", source, measure, treated, choice, alone=True)
    at = asked.at.whole()
    n, total = (np.bincount(at.period, values, len(at.begins)) for values in (at.n, at.total))
    if (n == 0).any():
        raise BadInput(mark("There is a period without cases. Use longer periods, or start later."))
    start = asked.one_start
    found = series.interrupted(total / n, start=start, harmonics=harmonics, confidence=asked.level)
    average = found.average
    p = float(2 * stats.t.sf(abs(average.estimate) / average.se, found.df))
    path = asked.path(total / n, np.where(np.arange(len(n)) < start, found.fitted, found.continued))
    return asked.result(average.estimate, average.low, average.high, se=average.se, p=p, path=path, found=found)


def rmst(
    source: Source,
    measure: Measure | str = "days",
    *,
    treated: Treated,
    baseline_days: int = 365,
    **choice: Unpack[Choice],
) -> Result:
    """How much more the mean days up to ``within`` changed in treated units than in the others, open cases counted (Kaplan & Meier).

    Each unit's change is from the *baseline_days* before the start to all after it; the range is Welch's, from how units differ. Units
    must start on one day. Cases that were opened lately count too, for as long as they have been seen.
    """
    asked = ask("rmst", source, measure, treated, choice)
    if asked.cells.measure.form != "duration":
        raise BadInput(mark("%(name)s is no duration. Ask for days."), name=Figure(asked.cells.measure.name, "text"))
    if len(set(asked.starts.values())) > 1:
        raise BadInput(
            mark("This method is for units that start in the same period. Use staggered, or ask about some of them.")
        )
    day = (asked.first_start - asked.cells.first).days
    change = _restricted(asked.cells, day, None) - _restricted(asked.cells, max(day - baseline_days, 0), day)
    found = change_in_means(change[asked.treated], change[~asked.treated])
    low, high = found.interval(asked.level)
    return asked.result(found.estimate, low, high, se=found.error, p=found.p, found=change)


def randomised(
    source: Source,
    measure: Measure | str,
    rng: np.random.Generator,
    *,
    treated: Treated = (),
    plan: Plan | None = None,
    adjusted: bool = True,
    **choice: Unpack[Choice],
) -> Result:
    """What lots decided, judged by every way they could have fallen. With *plan*, units, starts and blocks are those of its record.

    Units that start in the same period: the means after the start, *adjusted* for those before it. Different periods: a stepped wedge.
    """
    lots = lots_of(plan) if plan else None
    if plan and lots:
        treated = dict(plan.treated)
        choice = _planned(plan, source) | choice
    asked = ask("randomised", source, measure, treated, choice)
    blocks = dict(zip(lots.units, lots.blocks, strict=True)) if lots else {}
    _, block = np.unique([blocks.get(name, "") for name in asked.at.units], return_inverse=True)
    if len(np.unique(asked.at.start[asked.treated])) == 1:
        before, after = _sides(asked.at, asked.one_start)
        baseline = before if adjusted else None
        found = drawn_means(after, asked.treated, rng, baseline=baseline, block=block, level=asked.level)
    else:
        panel, start = _panel(asked.at)
        order = np.argsort(np.array(asked.at.units))
        found = randomised_starts(panel.y, start, rng, block=block[order], level=asked.level)
    one = found.estimate
    return asked.result(one.estimate, one.low, one.high, se=one.se, p=one.p, found=found)


_STAGGERED = mark(
    "Units start in different periods, so this number mixes early and late effects; ask for staggered to keep them apart."
)
_BEFORE = mark("That the two went alike before the start is not contradicted (p %(p)s).")
_NOT_BEFORE = mark("The two did not go alike before the start (p %(p)s), so the difference may have other causes.")


def _planned(plan: Plan, source: Source) -> Choice:
    """What the plan has settled; cells were made by it already."""
    chosen: Choice = {"comparison": plan.comparison}
    if isinstance(source, Log):
        chosen |= {"by": plan.by, "services": plan.services, "where": plan.where}
        if plan.within:
            chosen["within"] = plan.within
    return chosen


def _before(p: float) -> Sentence:
    return say(_NOT_BEFORE if p < 0.05 else _BEFORE, p=Figure(round(p, 3), "decimal"))


def _by_normal(asked: Asked, estimate: float, se: float, **more: object) -> Result:
    half = float(stats.norm.ppf((1 + asked.level) / 2)) * se
    p = float(2 * stats.norm.sf(abs(estimate) / se))
    return asked.result(estimate, estimate - half, estimate + half, **({"se": se, "p": p} | more))


def _panel(at: Cut) -> tuple[Wide, np.ndarray]:
    """The units' means by period, and the start of each in the panel's order."""
    start = dict(zip(at.units, at.start.tolist(), strict=True))
    panel = at.panel()
    return panel, np.array([start[name] for name in panel.units], np.int64)


def _against_mix(
    method: str,
    source: Source,
    measure: Measure | str,
    treated: Treated,
    rng: np.random.Generator | None,
    choice: Choice,
) -> Result:
    asked = ask(method, source, measure, treated, choice)
    first = asked.one_start
    panel, start = _panel(asked.at)
    own = start != NEVER
    if own.sum() > 1 and rng is None:
        raise BadInput(
            mark("With several treated units the placebos are drawn. Pass rng, such as numpy.random.default_rng(1).")
        )
    found = mixes.synthetic(panel.y, own, first, method=method.replace("_", " "))
    others = placebos.in_space(found, panel.y, own, rng=rng or np.random.default_rng(0))
    path = asked.path(found.treated, found.expected)
    return _by_normal(asked, found.effect, others.error, p=others.p, path=path, found=found)


def _restricted(cells: Cells, first: int, end: int | None) -> Floats:
    """Each unit's mean days up to ``within`` of cases opened from day *first* to before *end*: (U,)."""
    inside = taken(cells, (cells.day >= first) & (cells.day < end) if end is not None else cells.day >= first)
    assert inside.age is not None and inside.closed is not None
    counts = durations.tabulate(inside.unit, inside.age, inside.closed, inside.n, units=len(cells.units))
    return durations.restricted_mean(counts.ages, counts.events, counts.censored, tau=float(cells.within)).mean


def _sides(at: Cut, start: int) -> tuple[Floats, Floats]:
    """Each unit's mean before and from the period *start* on: (U,) each."""
    at = at.whole()
    means = []
    for side in (at.period < start, at.period >= start):
        n, total = (np.bincount(at.unit[side], values[side], len(at.units)) for values in (at.n, at.total))
        means.append(np.divide(total, n, out=np.full(len(n), np.nan), where=n > 0))
    return means[0], means[1]
