"""Randomisation inference: what was drawn by lot is judged by every way the lot could have fallen.

R. A. Fisher, The design of experiments (1935); intervals by inversion as in P. Rosenbaum, Observational studies (2002), chapter 2. The
statistic is studentised, so that the test also holds for the average effect in many units: J. Wu, P. Ding, Randomization tests
for weak null hypotheses in randomized experiments, JASA 116 (2021). Baselines are adjusted for as in W. Lin, Annals of Applied Statistics
7 (2013). Stepped wedges: J. Thompson et al., Statistics in Medicine 37 (2018), and X. Ji et al., Annals of Applied Statistics 11 (2017).

Units are what was drawn. Where whole offices were drawn an office is one unit, and how many cases it has does not matter to the test:
that is a cluster-randomised design analysed by its clusters. All units weigh the same.
"""

from dataclasses import dataclass

import numpy as np

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.fallings import redrawn, ways
from loft.value.inversion import not_rejected
from loft.value.regression import Estimate
from loft.value.sentence import Figure

DRAWS = 4999


@dataclass(frozen=True)
class Randomised:
    """An effect by randomisation inference: ``estimate`` with p and interval from the draws, its ``se`` for reading beside it (HC0
    by unit), how many ``ways`` the lot could have fallen, and whether the draws are ``exact``, all of these."""

    estimate: Estimate
    ways: float
    exact: bool
    fallings: "Fallings"


@dataclass(frozen=True)
class Fallings:
    """For each of B ways the lot could fall, and first the way it did, sums by unit (B + 1, U) over periods.

    With r the treatment as it would be, after all else is taken out: ``ry`` Σ r·y, ``rd`` Σ r·d with d the treatment as it was, and
    ``rr`` Σ r².
    Were the effect b, y − b·d would be the same however the lot fell, so any b can be tested with these alone.
    """

    ry: Floats
    rd: Floats
    rr: Floats
    exact: bool

    def t(self, effect: float) -> Floats:
        """How many standard errors the estimate of each falling lies from 0, once *effect* is taken away: (B + 1,).

        A falling that tells nothing, or has no spread, counts as far away, which errs on the side of doubt.
        """
        scores = self.ry - effect * self.rd
        information = np.maximum(self.rr.sum(axis=1), 1e-12)
        estimate = scores.sum(axis=1) / information
        spread = np.sqrt(((scores - estimate[:, None] * self.rr) ** 2).sum(axis=1))
        return np.abs(estimate) * information / np.maximum(spread, 1e-300)

    def p(self, effect: float = 0.0) -> float:
        """The share of fallings at least as far from *effect* as the one that was drawn."""
        t = self.t(effect)
        extreme = int((t[1:] >= t[0] * (1 - 1e-9)).sum())
        return extreme / (len(t) - 1) if self.exact else (extreme + 1) / len(t)


def randomised(
    value: Floats,
    treated: Flags,
    rng: np.random.Generator,
    *,
    baseline: Floats | None = None,
    block: Ints | None = None,
    draws: int = DRAWS,
    level: float = 0.95,
) -> Randomised:
    """The difference in means of *value* (n,) between the *treated* (n,) and the others, drawn by lot inside each *block* (n,).

    *baseline* (n,) or (n, k): figures from before, adjusted for with a slope of each group's own. Exact where the lot could fall in no
    more than *draws* ways. Raises ``BadInput`` for figures that are missing and ``CannotBeKnown`` with fewer than two units on a side.
    """
    y, d = _numbers(value), np.asarray(treated, bool)
    _must_have_two(d)
    block = np.zeros(len(y), np.int64) if block is None else np.asarray(block, np.int64)
    x = np.zeros((len(y), 0)) if baseline is None else _numbers(np.asarray(baseline, np.float64).reshape(len(y), -1))
    places, exact = redrawn(d.astype(np.int64), block, draws, rng)
    assigned = np.vstack([d, d[places]]).astype(np.float64)
    y = y - y.mean()
    parts = _differences(y, assigned) if not x.shape[1] else _adjusted(y, x - x.mean(axis=0), assigned)
    return _result(Fallings(*parts, exact), ways(d.astype(np.int64), block), level)


def randomised_starts(
    panel: Floats,
    start: Ints,
    rng: np.random.Generator,
    *,
    block: Ints | None = None,
    draws: int = DRAWS,
    level: float = 0.95,
) -> Randomised:
    """The effect of having started in *panel* (U, P), where lots decided each unit's *start* (U,): a period from 0, P or later for never.

    Unit and period effects are taken out, so this is a stepped wedge's comparison both between units and over time; a start at period 0
    for some and never for others compares units alone. The effect is taken to be the same in every unit and period.
    Raises as ``randomised``, and ``CannotBeKnown`` where all start at once.
    """
    y, start = _numbers(panel), np.asarray(start, np.int64)
    if y.ndim != 2 or start.shape != y.shape[:1]:
        raise BadInput(mark("A panel has a row for each unit and a column for each period, and each unit has a start."))
    d = (np.arange(y.shape[1]) >= start[:, None]).astype(np.float64)
    label = np.clip(start, 0, y.shape[1])
    if len(np.unique(label)) < 2:
        raise CannotBeKnown(
            mark("All units start at once, so there is nothing to compare with. Draw the order of starts by lot.")
        )
    if (d == d[:, :1]).all():
        return randomised(y.mean(axis=1), d[:, 0] > 0, rng, block=block, draws=draws, level=level)
    block = np.zeros(len(y), np.int64) if block is None else np.asarray(block, np.int64)
    places, exact = redrawn(label, block, draws, rng)
    places = np.vstack([np.arange(len(y)), places])
    r, inside = _both_ways(d), _both_ways(y)
    # Taking out unit and period means commutes with swapping whole rows, so every falling is a choice from these products.
    own = np.arange(len(y))
    parts = (r @ inside.T)[places, own], (r @ r.T)[places, own], (r * r).sum(axis=1)[places]
    return _result(Fallings(*parts, exact), ways(label, block), level)


def _both_ways(table: Floats) -> Floats:
    return np.asarray(table - table.mean(axis=0) - table.mean(axis=1, keepdims=True) + table.mean())


def _differences(y: Floats, assigned: Floats) -> tuple[Floats, Floats, Floats]:
    r = assigned - assigned.mean(axis=1, keepdims=True)
    return r * y, r * (assigned[0] - assigned[0].mean()), r * r


def _adjusted(y: Floats, x: Floats, assigned: Floats) -> tuple[Floats, Floats, Floats]:
    """As ``_differences`` with covariates *x* (n, k; mean 0) and their products with the treatment taken out, anew for each falling."""
    n, k = x.shape
    if n < 2 * k + 4:
        raise CannotBeKnown(
            mark("%(n)s units cannot carry an adjustment for %(k)s figures from before. Use fewer, or none."),
            n=Figure(n, "count"),
            k=Figure(k, "count"),
        )
    parts = np.empty((3, *assigned.shape))
    for i, d in enumerate(assigned):
        q, _ = np.linalg.qr(np.column_stack([np.ones(n), x, d[:, None] * x]))
        r, left, seen = ((a - q @ (q.T @ a)) for a in (d, y, assigned[0]))
        parts[:, i] = r * left, r * seen, r * r
    return parts[0], parts[1], parts[2]


def _result(fallings: Fallings, count: float, level: float) -> Randomised:
    information = float(fallings.rr[0].sum())
    if information <= 1e-12:
        raise CannotBeKnown(
            mark("The figures from before tell who was drawn, so nothing is left to compare. Leave them out.")
        )
    estimate = float(fallings.ry[0].sum()) / information
    se = float(np.sqrt(((fallings.ry[0] - estimate * fallings.rr[0]) ** 2).sum())) / information
    if not se > 1e-13 * float(np.abs(fallings.ry[0]).max(initial=0)) / information or se == 0:
        raise CannotBeKnown(
            mark("The units do not vary within their group, so chance cannot be measured. Check the measure.")
        )
    low, high = not_rejected(fallings.p, estimate, se, level)
    return Randomised(
        Estimate(estimate, se, low, high, fallings.p(), float("inf"), level), count, fallings.exact, fallings
    )


def _must_have_two(treated: Flags) -> None:
    if min(int(treated.sum()), int((~treated).sum())) < 2:
        raise CannotBeKnown(
            mark("A draw needs at least two units that start and two that do not. Draw among more units.")
        )


def _numbers(values: Floats) -> Floats:
    y = np.asarray(values, np.float64)
    if not y.size or not np.isfinite(y).all():
        raise BadInput(
            mark("Every unit needs a figure, and every period of a panel. Leave out no unit that was drawn.")
        )
    return y
