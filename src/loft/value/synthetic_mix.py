"""A synthetic comparison: a mix of units without the change that moved as the changed ones did before it.

For one or a few units that start together. Four ways, which differ in what is free: a mix of units (``synthetic``), with an intercept
too (``difference in fit``), with a mix of periods as well (``synthetic did``), or nothing (``did``).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loft.language import mark
from loft.value.cells import Flags, Floats
from loft.value.choices import one_of
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure
from loft.value.simplex import simplex_weights
from loft.value.wide import checked_outcome

METHODS = ("synthetic did", "synthetic", "did", "difference in fit")

_FIRST_STEPS = 100  # before small weights are set to 0
_TINY = 1e-6  # the ridge of the weights that are to fit freely, in units of the noise


@dataclass(frozen=True)
class Synthetic:
    """The mean effect in the treated units over the periods from ``first`` on.

    ``unit_weights`` (J,) and ``time_weights`` (first,) are those of the J comparison units and of the periods before; the latter are 0 for
    ``synthetic``. ``treated`` (T,) and ``expected`` (T,) are paths: the treated units' mean, and the mix of the others, moved by the
    weighted distance before the start where the method allows for one. ``fit`` is the root mean square of their gap before the start,
    ``ratio`` that of the gap after over ``fit``. ``zeta``, the ridge, and ``noise``, the usual change from period to period, are used
    again for placebos.
    """

    method: str
    effect: float
    first: int
    unit_weights: Floats
    time_weights: Floats
    treated: Floats
    expected: Floats
    fit: float
    ratio: float
    zeta: float
    noise: float

    @property
    def gap(self) -> Floats:
        """Treated less expected in each period (T,)."""
        return self.treated - self.expected


def synthetic(y: Floats, treated: Flags, first: int, *, method: str = METHODS[0]) -> Synthetic:
    """The effect in the *treated* units (N,) of *y* (N, T) from column *first* on, held against a mix of the other units.

    Units must start together; for others see ``staggered_starts``. Covariates are not supported, nor Abadie's choice of predictors: weights
    are found from the outcome before the start alone. Raises ``BadInput`` for what cannot be used, ``CannotBeKnown`` where nobody is
    without the change or the others never vary.

    Source: Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), algorithm 1, with ζ = (N₁·T₁)^¼·σ̂ as its eq. 5; small weights are
    set to 0 and the rest fitted again, as in R's ``synthdid``. ``synthetic``: Abadie, Diamond & Hainmueller (2010). ``difference in
    fit``: Doudchenko & Imbens (2016), Ferman & Pinto (2021).
    """
    y, treated = checked(y, treated, first)
    one_of(method, METHODS)
    donors, own = y[~treated], y[treated].mean(axis=0)
    noise = noise_level(donors[:, :first])
    strength = (int(treated.sum()) * (y.shape[1] - first)) ** 0.25 if method == "synthetic did" else _TINY
    return fitted(donors, own, first, method=method, zeta=strength * noise, noise=noise)


def fitted(
    donors: Floats, own: Floats, first: int, *, method: str, zeta: float, noise: float, start: Floats | None = None
) -> Synthetic:
    """The effect in a path *own* (T,) held against *donors* (J, T), with given ridge and noise. Nothing is checked."""
    j = len(donors)
    least = 1e-5 * noise
    before, after = donors[:, :first], donors[:, first:].mean(axis=1)
    if method == "synthetic did":
        time = _sparse(
            lambda w, most: simplex_weights(before, after, zeta=_TINY * noise, start=w, least=least, most=most), None
        )
    else:
        time = np.zeros(first) if method == "synthetic" else np.full(first, 1 / first)
    if method == "did":
        mix = np.full(j, 1 / j)
    else:
        free = method != "synthetic"
        mix = _sparse(
            lambda w, most: simplex_weights(
                before.T, own[:first], zeta=zeta, intercept=free, start=w, least=least, most=most
            ),
            start,
        )
    path = mix @ donors
    expected = path + time @ (own - path)[:first]
    gap = own - expected
    fit, later = float(np.sqrt(np.mean(gap[:first] ** 2))), float(np.sqrt(np.mean(gap[first:] ** 2)))
    floor = 1e-9 * max(float(np.abs(donors).max()), float(np.abs(own).max()), 1e-300)
    return Synthetic(
        method, float(gap[first:].mean()), first, mix, time, own, expected, fit, later / max(fit, floor), zeta, noise
    )


def checked(y: Floats, treated: Flags, first: int) -> tuple[Floats, Flags]:
    """*y* (N, T) and *treated* (N,), found fit for a start at column *first*. Raises ``BadInput`` and ``CannotBeKnown``."""
    y = np.asarray(y, dtype=np.float64)
    y, _ = checked_outcome(y, np.arange(y.shape[1] if y.ndim == 2 else 0, dtype=np.float64))
    treated = np.asarray(treated, dtype=bool)
    if treated.shape != (len(y),):
        raise BadInput(
            mark("Say of each of the %(count)s units whether it has the change."), count=Figure(len(y), "count")
        )
    if not treated.any():
        raise BadInput(mark("No unit has the change. Name the treated units."))
    if (~treated).sum() < 2:
        raise CannotBeKnown(
            mark(
                "Every unit but %(count)s has the change, so there is nothing to mix a comparison from."
                " Add units without the change; 20 are wanted."
            ),
            count=Figure(int((~treated).sum()), "count"),
        )
    if not 2 <= first < y.shape[1]:
        raise BadInput(
            mark(
                "The start leaves %(before)s periods before it and %(after)s from it on; at least 2 and 1 are needed."
                " Add earlier periods, or wait."
            ),
            before=Figure(int(max(first, 0)), "count"),
            after=Figure(int(max(y.shape[1] - first, 0)), "count"),
        )
    return y, treated


def noise_level(before: Floats) -> float:
    """The standard deviation of the changes from period to period of the comparison units' outcome *before* (J, first) the start.

    Raises ``CannotBeKnown`` where these are all alike. Source: Arkhangelsky et al. (2021), eq. 5.
    """
    changes = np.diff(before, axis=1)
    noise = float(changes.std(ddof=1)) if changes.size > 1 else 0.0
    if noise <= 1e-12 * np.abs(before).max():
        raise CannotBeKnown(
            mark(
                "The comparison units do not vary before the start, so chance cannot be measured. Add periods, or choose units that vary."
            )
        )
    return noise


def _sparse(solved: Callable[[Floats | None, int], Floats], start: Floats | None) -> Floats:
    """Weights after a few steps, the small ones set to 0 (those up to a quarter of the largest), and fitted on from there."""
    w = solved(start, _FIRST_STEPS)
    w = np.where(w <= w.max() / 4, 0.0, w)
    return solved(w / w.sum(), 10_000)
