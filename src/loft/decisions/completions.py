"""Every way in which facts that are not known could turn out, as one graph without repetition.

Only what the tables tell apart counts: a fact's values are its classes (``network.Variable``), and two completions that leave the same
rows alive are one. A path through the graph takes one variable after the other; a leaf has the outcome.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from math import sqrt
from typing import Any

from loft.decisions.errors import Missing
from loft.decisions.feel.ast import Name
from loft.decisions.feel.evaluate import Scope
from loft.decisions.grid import Axis, sure
from loft.decisions.model import HitPolicy
from loft.decisions.network import Network, Unit, Variable
from loft.decisions.outcomes import Outcome

NODES = 5_000
"""The most nodes of a graph; beyond, outcomes are looked for by samples, and a proof that there is only one may take ``PROOF`` steps."""
PROOF = 50_000
SAMPLES = 1_000

State = tuple[int, ...]


@dataclass(eq=False, slots=True)
class Vertex:
    """A point in the graph: the variables before ``level`` are chosen. ``ways`` leads to the next vertices, with the classes that do.

    ``same`` is shared by vertices that give the same outcome for the same completions of what is left.
    """

    level: int
    same: int
    ways: list[tuple["Vertex", list[int]]] = field(default_factory=list)
    leaf: frozenset[Hashable] = frozenset()


class TooMany(Exception):  # noqa: N818 - tells the caller to go another way
    """The graph would be larger than its bound."""


class Completions:
    """The completions of what *scope* knows. ``variables`` are those that are not known, in the order of the graph's levels."""

    def __init__(self, network: Network, scope: Scope) -> None:
        self.network, self.known = network, scope
        self.scope: Scope = {**network.functions, **scope}
        self.variables: list[Variable] = []
        self.pending: list[list[Axis]] = []
        """For each unit the axes that look at required decisions."""
        self.start = self._start()
        self.open: set[str] = set()
        """Facts that some outcome itself rests on."""
        self.outcomes: dict[Hashable, Outcome] = {}
        self.rows: dict[Hashable, set[tuple[int, ...]]] = {}
        self._surely = self._sure_after()
        self._vertices: dict[tuple[int, State], Vertex] = {}
        self._numbers: dict[Hashable, int] = {}
        self._leaves: dict[State, frozenset[Hashable]] = {}

    def _start(self) -> State:
        masks: list[int] = []
        unknown: dict[str, None] = {}
        free: list[tuple[int, Axis]] = []
        for index, unit in enumerate(self.network.units):
            mask, waiting = -1, []
            for axis in unit.grid.axes if unit.grid else ():
                if axis.needs & self.network.decisions:
                    waiting.append(axis)
                    continue
                try:
                    mask &= axis.rows(axis.evaluate(self.scope))
                except Missing:
                    if isinstance(axis.node, Name) and self.network.variable(axis.node.name) is not None:
                        unknown[axis.node.name] = None
                    else:
                        free.append((index, axis))
            masks.append(mask & (unit.grid.every if unit.grid else 0))
            self.pending.append(waiting)
        for given in self.network.inputs:
            if given.name in unknown and (variable := self.network.variable(given.name)) is not None:
                self.variables.append(variable)
        self.variables += (self.network.free(unit, axis, self._unknown(axis.needs)) for unit, axis in free)
        return tuple(masks)

    def _unknown(self, names: frozenset[str]) -> frozenset[str]:
        return frozenset(given.name for given in self.network.inputs if given.name in names - self.scope.keys())

    def _sure_after(self) -> list[State]:
        """For each level the rows of each unit that hold whatever the variables from that level on turn out to be."""
        now = []
        for unit, waiting in zip(self.network.units, self.pending, strict=True):
            mask = unit.grid.every if unit.grid else 0
            for axis in waiting:
                mask &= sure(axis, self.network.reach(axis))
            now.append(mask)
        levels = [tuple(now)]
        for variable in reversed(self.variables):
            for one in variable.classes:
                for unit_index, mask in one.effects:
                    now[unit_index] &= mask
            levels.append(tuple(now))
        return levels[::-1]

    # --- the graph --------------------------------------------------------------------------------------------------

    def graph(self, *, most: int = NODES) -> Vertex:
        """The root. Raises ``TooMany`` past *most* vertices."""
        if len(self.variables) > 200:
            raise TooMany
        return self._vertex(0, self._short(0, self.start), most)

    def _vertex(self, level: int, state: State, most: int) -> Vertex:
        found = self._vertices.get((level, state))
        if found is not None:
            return found
        if len(self._vertices) >= most:
            raise TooMany
        if level == len(self.variables):
            keys = self.leaf(state)
            single = len(keys) == 1 and not any(_is_open(key) for key in keys)
            made = Vertex(level, self._number(("leaf", next(iter(keys)) if single else state)), leaf=keys)
        else:
            ways = [(self._vertex(level + 1, to, most), by) for to, by in self.ways(level, state).items()]
            made = Vertex(level, self._same(level, ways), ways)
        self._vertices[level, state] = made
        return made

    def ways(self, level: int, state: State) -> dict[State, list[int]]:
        """The states that one more variable leads to, with the classes that lead there."""
        found: dict[State, list[int]] = {}
        for index, one in enumerate(self.variables[level].classes):
            found.setdefault(self._short(level + 1, after(state, one.effects)), []).append(index)
        return found

    def _short(self, level: int, state: State) -> State:
        """*state* without rows that make no difference beside those which hold in any case."""
        masks = list(state)
        for index, unit in enumerate(self.network.units):
            if unit.outcomes is None:
                continue
            certain = masks[index] & self._surely[level][index]
            if unit.outcomes.policy is HitPolicy.FIRST and certain:
                masks[index] &= ((certain & -certain) << 1) - 1
            elif unit.outcomes.policy is HitPolicy.UNIQUE and certain & (certain - 1):
                masks[index] = certain  # a conflict, whatever else fits
        return tuple(masks)

    def _same(self, level: int, ways: list[tuple[Vertex, list[int]]]) -> int:
        if len({to.same for to, _ in ways}) == 1:
            return ways[0][0].same
        where = [0] * len(self.variables[level].classes)
        for to, by in ways:
            for index in by:
                where[index] = to.same
        return self._number((level, tuple(where)))

    def _number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    # --- leaves -----------------------------------------------------------------------------------------------------

    def leaf(self, state: State) -> frozenset[Hashable]:
        """The keys of the outcomes that are possible once all variables are chosen: mostly one."""
        found = self._leaves.get(state)
        if found is None:
            found = self._leaves[state] = self._leaf(state)
        return found

    def _leaf(self, state: State) -> frozenset[Hashable]:
        scope = dict(self.scope)
        keys: frozenset[Hashable] = frozenset()
        for index, unit in enumerate(self.network.units):
            if unit.outcomes is None:
                keys = self._computed(unit, scope)
            else:
                keys = self._looked_up(unit, index, state[index], scope)
            if len(keys) == 1 and not any(_is_open(key) for key in keys):
                scope[unit.name] = self.outcomes[next(iter(keys))].value
        return keys

    def _computed(self, unit: Unit, scope: Scope) -> frozenset[Hashable]:
        try:
            return self._seen(computed(unit.evaluate(scope)))
        except Missing as missing:
            return self._opened(missing)

    def _looked_up(self, unit: Unit, index: int, mask: int, scope: Scope) -> frozenset[Hashable]:
        assert unit.outcomes is not None
        masks = {mask}
        for axis in self.pending[index]:
            try:
                rows = axis.rows(axis.evaluate(scope))
                masks = {m & rows for m in masks}
            except Missing as missing:
                self.open |= missing.names
                reach = self.network.reach(axis)
                masks = {m & r for m in masks for a, r in enumerate(axis.masks) if reach >> a & 1}
        keys: frozenset[Hashable] = frozenset()
        for one in masks:
            try:
                keys |= self._seen(unit.outcomes.of(one, scope))
            except Missing as missing:
                keys |= self._opened(missing)
        return keys

    def _seen(self, outcome: Outcome) -> frozenset[Hashable]:
        self.outcomes.setdefault(outcome.key, outcome)
        self.rows.setdefault(outcome.key, set()).add(outcome.rows)
        return frozenset([outcome.key])

    def _opened(self, missing: Missing) -> frozenset[Hashable]:
        self.open |= missing.names
        return frozenset([_Open(missing.names)])

    # --- without the graph ------------------------------------------------------------------------------------------

    def samples(self) -> list[tuple[tuple[int, ...], frozenset[Hashable]]]:
        """Completions spread evenly over all, the same each time: the class of each variable, and the outcomes."""
        steps = [sqrt(prime) % 1 for prime in _primes(len(self.variables))]
        found = []
        for turn in range(1, SAMPLES + 1):
            chosen = tuple(
                int(turn * step % 1 * len(variable.classes))
                for step, variable in zip(steps, self.variables, strict=True)
            )
            state = self.start
            for variable, index in zip(self.variables, chosen, strict=True):
                state = after(state, variable.classes[index].effects)
            found.append((chosen, self.leaf(self._short(len(self.variables), state))))
        return found

    def only(self, key: Hashable) -> bool:
        """Whether every completion has the outcome *key*; also False where that takes more than ``PROOF`` steps to prove."""
        seen: set[tuple[int, State]] = set()
        left = [(0, self._short(0, self.start))]
        while left:
            level, state = left.pop()
            if (level, state) in seen:
                continue
            seen.add((level, state))
            if len(seen) > PROOF:
                return False
            if level == len(self.variables):
                if self.leaf(state) != {key}:
                    return False
                continue
            left += ((level + 1, to) for to in self.ways(level, state))
        return True


@dataclass(frozen=True, slots=True)
class _Open:
    """The key of an outcome that itself rests on facts that are not known."""

    names: frozenset[str]


def _is_open(key: Hashable) -> bool:
    return isinstance(key, _Open)


def settled(keys: frozenset[Hashable]) -> bool:
    """Whether there is just one outcome, and it rests on nothing that is not known."""
    return len(keys) == 1 and not any(_is_open(key) for key in keys)


def after(state: State, effects: tuple[tuple[int, int], ...]) -> State:
    """*state* once a class is chosen."""
    masks = list(state)
    for unit, mask in effects:
        masks[unit] &= mask
    return tuple(masks)


def computed(value: Any) -> Outcome:
    """The outcome of logic that is not a table."""
    from loft.decisions.decision import Status
    from loft.decisions.outcomes import key_of

    return Outcome(Status.DECIDED, value, (), (Status.DECIDED, key_of(value)))


def _primes(many: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < many:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found
