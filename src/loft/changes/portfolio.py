"""All changes together: what was promised and what is proven, what becomes of freed hours, what waits, and how well the register is kept.

Sums of values that are handed in; ``loft.changes.reading`` has them from the register. Amounts are a year's, in kroner of one price year
and of one cash class, so that what shows in a budget is never added to what does not. Disadvantages count below 0. Where ranges are
added, so are their ends: the sum's range is then wider than if the changes were unrelated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from loft.changes.rules import Stage
from loft.changes.shrinking import NORMAL, Shrunken, shrunken
from loft.language import mark
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Word

UNDECIDED_AFTER = 365
"""Days after which confirmed hours that nobody has decided on count as not realised."""
STANDING = frozenset({Stage.VALUE, Stage.SPREAD})
"""Stages at which shown value stands."""


@dataclass(frozen=True)
class Worth:
    """A gain with a price: ``promised`` and ``proven`` are low, middle and high in kroner a year, None where not forecast or not measured.
    A disadvantage is ``lost``, and its amounts are below 0. Costs are in kroner of the same ``year``."""

    cash: str
    year: int
    lost: bool = False
    promised: tuple[float, float, float] | None = None
    proven: tuple[float, float, float] | None = None
    cost_once: float = 0.0
    cost_yearly: float = 0.0


@dataclass(frozen=True)
class Hours:
    """A chain of freed time, in hours a year: ``decided`` and ``realised`` are sums over its decisions."""

    estimated: float
    confirmed: float | None = None
    confirmed_on: date | None = None
    decided: float = 0.0
    realised: float = 0.0


@dataclass(frozen=True)
class Held:
    """A change as the sums need it.

    ``effect`` is the newest estimate toward the good side with half its sequence's width, both as a share of the level; None where
    there is no relative one. ``in_time``: whether the plan was locked no later than the first start; None without a plan. ``last`` is the
    plan's last day. ``judged`` are the days on which there were verdicts; ``overdue``: value stands, but was not shown anew in time.
    ``looks`` counts all looks, recorded or not. ``unpriced`` counts gains without a price, which are in no sum. ``decisions`` are kinds
    with their days.
    """

    id: str
    what: str
    stage: Stage
    started: bool = False
    in_time: bool | None = None
    last: date | None = None
    word: Word | None = None
    effect: tuple[float, float] | None = None
    gains: Sequence[Worth] = ()
    unpriced: int = 0
    hours: Sequence[Hours] = ()
    judged: Sequence[date] = ()
    overdue: bool = False
    looks: int = 0
    decisions: Sequence[tuple[str, date]] = ()


@dataclass(frozen=True)
class Sum:
    """Kroner a year of one cash class and price year: low, middle, high.

    ``shrunken`` is the proven middle with each effect drawn toward the mean of all; None where too few effects are measured for that.
    ``cost_once`` is of changes that have started, ``cost_yearly`` of those that run."""

    cash: str
    year: int
    promised: tuple[float, float, float]
    proven: tuple[float, float, float]
    shrunken: float | None
    cost_once: float
    cost_yearly: float


@dataclass(frozen=True)
class Chain:
    """Freed hours a year at each link.

    ``undecided`` are confirmed and may still be decided on; ``forfeited`` were not decided on in a year, and count as not realised.
    ``realised`` is never more than ``decided``, nor that than ``confirmed``."""

    estimated: float
    confirmed: float
    decided: float
    realised: float
    undecided: float
    forfeited: float


@dataclass(frozen=True)
class Waiting:
    """A change that waits for somebody, and what for."""

    id: str
    what: str
    says: Sentence


@dataclass(frozen=True)
class Quality:
    """How well the register is kept: of ``started`` changes those locked ``in_time``; ``looks`` that were logged and ``verdicts`` recorded;
    ``lapsed`` changes, and ``overdue``, whose value was not shown anew in time."""

    started: int
    in_time: int
    looks: int
    verdicts: int
    lapsed: int
    overdue: int

    @property
    def share_in_time(self) -> float | None:
        """The share locked in time; None where nothing has started."""
        return self.in_time / self.started if self.started else None


@dataclass(frozen=True)
class Portfolio:
    """The sums over ``changes``. ``kept`` says which share of its estimate a change's effect keeps when drawn toward the mean, by id, and
    ``together`` what all effects say; empty and None where too few are measured."""

    changes: tuple[Held, ...]
    sums: tuple[Sum, ...]
    chain: Chain
    waiting: tuple[Waiting, ...]
    quality: Quality
    kept: Mapping[str, float]
    together: Shrunken | None


def portfolio(changes: Iterable[Held], today: date) -> Portfolio:
    """All sums over *changes* on the day *today*."""
    held = tuple(changes)
    kept, together = drawn(held)
    return Portfolio(held, sums(held), chain(held, today), waiting(held, today), quality(held), kept, together)


def drawn(changes: Iterable[Held]) -> tuple[dict[str, float], Shrunken | None]:
    """By id, the share of its estimate that each change's effect keeps when drawn toward the mean, and the effects together.

    All that are measured are drawn, not only those that show value: only then is nothing owed to having been picked.
    """
    known = [(c.id, *c.effect) for c in changes if c.effect and c.effect[1] > 0]
    estimate = np.array([e for _, e, _ in known])
    found = shrunken(estimate, np.array([half for _, _, half in known]) / NORMAL)
    if found is None:
        return {}, None
    kept = {name: float(d / e) for (name, e, _), d in zip(known, found.estimate, strict=True) if e}
    return kept, found


def sums(changes: Sequence[Held]) -> tuple[Sum, ...]:
    """Promised and proven by cash class and price year. Proven counts only while the value, or harm, that was shown stands."""
    kept, _ = drawn(changes)
    pairs = [(change, gain) for change in changes for gain in change.gains]
    found = []
    for cash, year in sorted({(gain.cash, gain.year) for _, gain in pairs}):
        ours = [(change, gain) for change, gain in pairs if (gain.cash, gain.year) == (cash, year)]
        proven = [(change, gain.proven) for change, gain in ours if gain.proven and _stands(change, gain)]
        every = all(change.id in kept for change, _ in proven)
        found.append(
            Sum(
                cash=cash,
                year=year,
                promised=_added([gain.promised for _, gain in ours if gain.promised]),
                proven=_added([ends for _, ends in proven]),
                shrunken=sum(ends[1] * kept[change.id] for change, ends in proven) if proven and every else None,
                cost_once=sum(gain.cost_once for change, gain in ours if change.started),
                cost_yearly=sum(gain.cost_yearly for change, gain in ours if _runs(change)),
            )
        )
    return tuple(found)


def _stands(change: Held, gain: Worth) -> bool:
    return change.stage == Stage.HARM if gain.lost else change.stage in STANDING and not change.overdue


def _runs(change: Held) -> bool:
    return change.started and change.stage not in (Stage.STOPPED, Stage.PAUSED)


def _added(ranges: Iterable[tuple[float, float, float]]) -> tuple[float, float, float]:
    ends = np.array(list(ranges), np.float64).reshape(-1, 3).sum(0)
    return float(ends[0]), float(ends[1]), float(ends[2])


def chain(changes: Iterable[Held], today: date) -> Chain:
    """Freed hours at each link on the day *today*; each hour counts once at each. Changes that are stopped free none."""
    hours = [h for change in changes if change.stage != Stage.STOPPED for h in change.hours]
    left = [(h, max((h.confirmed or 0.0) - h.decided, 0.0)) for h in hours]
    late = [rest for h, rest in left if _late(h, today)]
    return Chain(
        estimated=sum(h.estimated for h in hours),
        confirmed=sum(h.confirmed or 0.0 for h in hours),
        decided=sum(h.decided for h in hours),
        realised=sum(h.realised for h in hours),
        undecided=sum(rest for _, rest in left) - sum(late),
        forfeited=sum(late),
    )


def _late(hours: Hours, today: date) -> bool:
    return hours.confirmed_on is not None and (today - hours.confirmed_on).days > UNDECIDED_AFTER


_RAN_OUT = mark("The plan ran out without value being shown. Stop it, or plan anew.")
_LAST_LOOK = mark("The plan has run out since the last verdict. Bring the log up to date and make the last one.")


def waiting(changes: Iterable[Held], today: date) -> tuple[Waiting, ...]:
    """Changes that wait for a decision, those that do harm first."""
    found = [
        (place, Waiting(change.id, change.what, says)) for change in changes for place, says in _wants(change, today)
    ]
    return tuple(wait for _, wait in sorted(found, key=lambda pair: pair[0]))


def _wants(change: Held, today: date) -> list[tuple[int, Sentence]]:
    if change.stage == Stage.STOPPED:
        return []
    since = max(change.judged, default=None)
    decided = since is not None and any(day >= since for _, day in change.decisions)
    wants: list[tuple[int, Sentence]] = []
    if change.stage == Stage.HARM and not decided:
        wants.append((0, say(mark("Harm is shown. Stop it or adjust it."))))
    if change.stage == Stage.UNKNOWN and not decided:
        wants.append((1, say(mark("It cannot be known whether it helps. Decide whether to go on without knowing."))))
    if change.stage in STANDING and not any(kind == "spread" for kind, _ in change.decisions):
        wants.append((2, say(mark("Value is shown. Decide who is to have it next."))))
    if change.stage == Stage.LAPSED or change.overdue:
        wants.append((3, say(mark("Value was shown, but not anew within a year. Look again."))))
    if (
        change.last is not None
        and today > change.last
        and change.stage in (Stage.STARTED, Stage.IN_USE)
        and not decided
    ):
        judged = since is not None and since >= change.last
        wants.append((4, say(_RAN_OUT if judged else _LAST_LOOK)))
    rest = sum(max((h.confirmed or 0.0) - h.decided, 0.0) for h in change.hours if not _late(h, today))
    if rest > 0:
        wants.append((5, say(mark("%(hours)s freed hours a year wait for a use."), hours=Figure(round(rest), "count"))))
    return wants


def quality(changes: Sequence[Held]) -> Quality:
    """How well the register is kept."""
    return Quality(
        started=sum(c.started for c in changes),
        in_time=sum(c.started and c.in_time is True for c in changes),
        looks=sum(c.looks for c in changes),
        verdicts=sum(len(c.judged) for c in changes),
        lapsed=sum(c.stage == Stage.LAPSED for c in changes),
        overdue=sum(c.overdue for c in changes),
    )
