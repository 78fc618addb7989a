"""How unusual is it? Effects of changes that never were: in other units, at other times, and with one comparison unit fewer."""

from dataclasses import dataclass

import numpy as np

from loft.language import mark
from loft.value.cells import Flags, Floats, Ints
from loft.value.errors import BadInput, CannotBeKnown
from loft.value.sentence import Figure
from loft.value.synthetic_mix import Synthetic, checked, fitted, synthetic


@dataclass(frozen=True)
class InSpace:
    """The change pretended in units that do not have it.

    ``effects`` (R,) and ``ratios`` (R,; gap after over gap before) are those of the R placebos; ``error`` is the standard error that their
    spread gives, ``p`` the share, the true change counted in, whose ratio is at least as large. With 19 placebos or fewer ``p`` cannot
    be below 0.05.
    """

    effects: Floats
    ratios: Floats
    error: float
    p: float


@dataclass(frozen=True)
class InTime:
    """The change pretended earlier, with the periods before the true start only: ``firsts`` (M,) are the columns of the pretended
    starts, ``effects`` (M,) what was found, ``p`` (M,) how unusual that is among the comparison units at the same date."""

    firsts: tuple[int, ...]
    effects: Floats
    p: Floats

    def quiet(self, level: float = 0.05) -> Flags:
        """Which pretended starts (M,) show nothing at *level*."""
        return self.p > level


@dataclass(frozen=True)
class LeaveOneOut:
    """The effect without one comparison unit at a time: ``left_out`` (M,) counts among the comparison units, ``effects`` (M,) goes with it.
    Only units with weight are left out; without the others nothing changes."""

    left_out: tuple[int, ...]
    effects: Floats


def in_space(found: Synthetic, y: Floats, treated: Flags, *, rng: np.random.Generator, draws: int = 200) -> InSpace:
    """How large an effect *found* in *y* (N, T) would be in units without the change.

    With one treated unit, each comparison unit is its placebo once and nothing is drawn; with more, as many are drawn together, *draws*
    times. The truly treated are left out of the comparison, since the change is in them. Raises ``CannotBeKnown`` where there are not
    at least three comparison units, and more of them than treated ones.

    The error holds where the treated unit's chance is like that of the others; it counts on nothing else. Source: Arkhangelsky et al.
    (2021), algorithm 4 (ridge and noise kept, weights found again); p: Abadie, Diamond & Hainmueller (2010), section 3.4.
    """
    y, treated = checked(y, treated, found.first)
    donors, size = y[~treated], int(treated.sum())
    j = len(donors)
    if j < size + 2:
        raise CannotBeKnown(
            mark(
                "%(count)s comparison units are too few for placebos of %(treated)s treated ones. 20 or more are wanted."
            ),
            count=Figure(j, "count"),
            treated=Figure(size, "count"),
        )
    chosen: list[Ints] = [np.array([i]) for i in range(j)]
    if size > 1:
        chosen = [np.asarray(rng.permutation(j)[:size]) for _ in range(_enough(draws))]
    placebos = [_placebo(found, donors, picked) for picked in chosen]
    effects, ratios = np.array([p.effect for p in placebos]), np.array([p.ratio for p in placebos])
    error = float(effects.std())
    if error <= 1e-12 * np.abs(donors).max():
        raise CannotBeKnown(
            mark("The comparison units all move alike, so chance cannot be measured. Choose units that vary.")
        )
    alike = ratios >= found.ratio * (1 - 1e-9)
    return InSpace(effects, ratios, error, float((1 + alike.sum()) / (1 + len(ratios))))


def in_time(
    y: Floats,
    treated: Flags,
    first: int,
    *,
    method: str,
    rng: np.random.Generator,
    firsts: tuple[int, ...] = (),
    draws: int = 200,
) -> InTime:
    """What would have been found had the change been thought to start earlier, at the columns *firsts* (up to four in the later half of the
    periods before, if not given). Only periods before the true start *first* are used, so anything found is chance or a bad fit.

    Raises ``CannotBeKnown`` where there are fewer than 6 periods before the start. Source: Abadie, Diamond & Hainmueller (2015), section 4.
    """
    y, treated = checked(y, treated, first)
    if first < 6:
        raise CannotBeKnown(
            mark(
                "%(count)s periods before the start are too few to pretend an earlier one; 6 are needed. Add earlier periods."
            ),
            count=Figure(first, "count"),
        )
    firsts = firsts or tuple(int(f) for f in np.unique(np.linspace(max(3, first // 2), first - 2, 4).astype(int)))
    before = y[:, :first]
    effects, ps = [], []
    for earlier in firsts:
        if not 2 <= earlier < first:
            raise BadInput(mark("A pretended start must have 2 periods before it and come before the true one."))
        pretended = synthetic(before, treated, earlier, method=method)
        effects.append(pretended.effect)
        ps.append(in_space(pretended, before, treated, rng=rng, draws=draws).p)
    return InTime(firsts, np.array(effects), np.array(ps))


def leave_one_out(found: Synthetic, y: Floats, treated: Flags) -> LeaveOneOut:
    """How much an effect *found* in *y* (N, T) hangs on a single comparison unit.

    Ridge and noise are kept, weights found again. Raises ``CannotBeKnown`` where fewer than two comparison units would be left.
    Source: Abadie, Diamond & Hainmueller (2015), section 4.
    """
    y, treated = checked(y, treated, found.first)
    donors, own = y[~treated], y[treated].mean(axis=0)
    if len(donors) < 3:
        raise CannotBeKnown(
            mark("Leaving one comparison unit out needs at least three of them. Add units without the change.")
        )
    left_out = tuple(int(i) for i in np.flatnonzero(found.unit_weights > 0))
    effects = [_again(found, np.delete(donors, i, axis=0), own, None).effect for i in left_out]
    return LeaveOneOut(left_out, np.array(effects))


def _placebo(found: Synthetic, donors: Floats, picked: Ints) -> Synthetic:
    others = np.delete(donors, picked, axis=0)
    weights = np.delete(found.unit_weights, picked)
    # As R's synthdid: start from the weights that were found, or from equal ones where none is left.
    start = weights / weights.sum() if weights.sum() > 0 else None
    return _again(found, others, donors[picked].mean(axis=0), start)


def _again(found: Synthetic, donors: Floats, own: Floats, start: Floats | None) -> Synthetic:
    return fitted(donors, own, found.first, method=found.method, zeta=found.zeta, noise=found.noise, start=start)


def _enough(draws: int) -> int:
    if draws < 20:
        raise BadInput(mark("Placebos need at least 20 draws."))
    return draws
