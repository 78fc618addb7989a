"""Difference in differences of two groups and two periods when units were followed, with covariates (Sant'Anna & Zhao 2020).

Each unit is told by its change from one period to the other. The effect in the treated is estimated by a regression of the change in
the comparison units, by weighting these to look like the treated, or by both at once ("doubly robust": right where either is).
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve

from loft.language import mark
from loft.value.cells import Flags, Floats
from loft.value.choices import one_of
from loft.value.errors import CannotBeKnown

METHODS = ("doubly robust", "regression", "weighting")

_MOST_ALIKE = (
    0.999  # a chance of being treated above this among the treated: nobody to compare them with (as R's `did`)
)
_TRIMMED = 0.995  # comparison units likelier to be treated than this are left out (as R's `DRDID`)


@dataclass(frozen=True)
class TwoGroups:
    """The average effect in the treated, ``effect``, and ``influence`` (n,): what each unit adds. The estimate's error is the mean of the
    latter, so that the standard error is √(Σ influence²) / n."""

    effect: float
    influence: Floats


def two_groups(
    change: Floats,
    treated: Flags,
    *,
    covariates: Floats | None = None,
    weights: Floats | None = None,
    method: str = METHODS[0],
) -> TwoGroups:
    """The average effect in the treated, from *change* (n,): each unit's value after less its value before.

    *treated* (n,) tells the two groups, *covariates* (n, k) what the comparison units are made alike in (an intercept is added), *weights*
    (n,) how many each unit stands for. Without covariates all methods give the difference of the means. Raises ``BadInput`` for an
    unknown method and ``CannotBeKnown`` where the covariates leave no comparison.

    Source: Sant'Anna & Zhao (2020), eqs 2.2, 2.4 and 2.6 with weights that sum to 1; influence functions as their appendix A.
    """
    one_of(method, METHODS)
    n = len(change)
    x = np.ones((n, 1)) if covariates is None else np.column_stack([np.ones(n), covariates])
    w = np.ones(n) if weights is None else weights / weights.mean()
    d = treated.astype(np.float64)
    if method == "regression" or x.shape[1] == 1:
        return _by_regression(change, d, x, w)
    return _by_weighting(change, d, x, w, robust=method == "doubly robust")


def _by_regression(y: Floats, d: Floats, x: Floats, w: Floats) -> TwoGroups:
    expected, of_line = _line(y, d, x, w)
    own, share = w * d, float((w * d).mean())
    seen, told = float((own * y).mean()) / share, float((own * expected).mean()) / share
    treated = own * (y - seen)
    comparison = own * (expected - told) + of_line @ (own[:, None] * x).mean(axis=0)
    return TwoGroups(seen - told, (treated - comparison) / share)


def _by_weighting(y: Floats, d: Floats, x: Floats, w: Floats, *, robust: bool) -> TwoGroups:
    chance, of_chance = _chance(d, x, w)
    kept = (d == 1) | (chance < _TRIMMED)
    left, of_line = y, np.zeros_like(x)
    if robust:
        expected, of_line = _line(y, d, x, w)
        left = y - expected
    own = w * d
    alike = kept * w * (1 - d) * chance / (1 - chance)
    share, share_alike = float(own.mean()), float(alike.mean())
    if share_alike <= 0:
        raise _no_overlap()
    seen, told = float((own * left).mean()) / share, float((alike * left).mean()) / share_alike
    treated = own * (left - seen) - of_line @ (own[:, None] * x).mean(axis=0)
    by_chance = of_chance @ ((alike * (left - told))[:, None] * x).mean(axis=0)
    by_line = of_line @ (alike[:, None] * x).mean(axis=0)
    comparison = alike * (left - told) + by_chance - by_line
    return TwoGroups(seen - told, treated / share - comparison / share_alike)


def _line(y: Floats, d: Floats, x: Floats, w: Floats) -> tuple[Floats, Floats]:
    """What the comparison units' regression expects of each unit (n,), and each unit's share in the coefficients' error (n, k)."""
    c = w * (1 - d)
    moment = (c[:, None] * x).T @ x / len(y)
    if not _well_posed(moment):
        raise CannotBeKnown(
            mark(
                "The comparison units are too few, or too alike in the covariates, to tell what these do to the measure."
                " Use fewer covariates, or more comparison units."
            )
        )
    expected = x @ solve(moment, x.T @ (c * y) / len(y), assume_a="pos")
    return expected, solve(moment, ((c * (y - expected))[:, None] * x).T, assume_a="pos").T


def _chance(d: Floats, x: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Each unit's chance of being treated by a logit (n,), and its share in the coefficients' error (n, k)."""
    scale = np.maximum(np.abs(x).max(axis=0), 1e-300)
    z = x / scale
    beta = np.zeros(x.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
        moment = ((w * chance * (1 - chance))[:, None] * z).T @ z
        if not _well_posed(moment):
            raise _no_overlap()
        step = solve(moment, z.T @ (w * (d - chance)), assume_a="pos")
        beta = beta + step
        if np.abs(step).max() < 1e-10 * max(1.0, np.abs(beta).max()):
            break
    else:
        raise _no_overlap()
    chance = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
    if chance.max() >= _MOST_ALIKE:
        raise _no_overlap()
    moment = ((w * chance * (1 - chance))[:, None] * z).T @ z / len(d)
    share = solve(moment, ((w * (d - chance))[:, None] * z).T, assume_a="pos").T
    return chance, share / scale


def _well_posed(moment: Floats) -> bool:
    size = np.sqrt(np.diag(moment))
    if not np.all(size > 0):
        return False
    return bool(np.linalg.eigvalsh(moment / np.outer(size, size))[0] > 1e-10)


def _no_overlap() -> CannotBeKnown:
    return CannotBeKnown(
        mark(
            "By the covariates, the treated units can be told from all others, so there is nobody to compare them with."
            " Leave out the covariate that only they have, or find comparison units more like them."
        )
    )
