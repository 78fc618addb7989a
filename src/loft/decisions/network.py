"""A decision with all that it requires, made ready: units in the order they are found, and the facts they rest on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from loft.decisions.atoms import Atom, Find, cut
from loft.decisions.cells import Piece, meaning
from loft.decisions.checking_parts import names
from loft.decisions.errors import Missing, Place
from loft.decisions.feel.ast import Arithmetic, Literal, Name, Node, Tests
from loft.decisions.feel.evaluate import Expression, Scope, test
from loft.decisions.feel.functions import BUILTINS
from loft.decisions.feel.limits import fitted
from loft.decisions.feel.needs import needs
from loft.decisions.feel.types import ANY
from loft.decisions.graph import parts_of
from loft.decisions.grid import Axis, Grid, grid, limits_of
from loft.decisions.model import DecisionNode, DecisionTable, InputData, Model
from loft.decisions.outcomes import Outcomes
from loft.decisions.standard import evaluator


@dataclass(frozen=True)
class Unit:
    """One decision: a table cut into atoms, or other logic as a closure."""

    node: DecisionNode
    grid: Grid | None
    outcomes: Outcomes | None
    evaluate: Expression = field(compare=False)
    needs: frozenset[str]
    """The names that other logic than a table looks at."""
    steps: tuple[tuple[Expression, Find, tuple[int, ...], Find], ...] = field(compare=False, default=())
    """For each axis: the value, the atom of a value, the rows of an atom, the rows of a value that has none."""

    every: int = 0
    """All rows of the table, as bits."""

    @property
    def name(self) -> str:
        return self.node.name


@dataclass(frozen=True)
class Class:
    """Values of one fact that no table of the network tells apart.

    ``effects`` are the rows that stay alive, for each unit and axis that looks at the fact; ``sample`` is one of the values.
    """

    sample: Any
    effects: tuple[tuple[int, int], ...]
    """Pairs of unit and mask."""
    first: int
    """Its place among the atoms of the fact, and the last one's."""
    last: int


@dataclass(frozen=True)
class Variable:
    """A fact, or an axis that cannot be traced to one fact alone, whose value may not be known.

    ``fact`` is empty for such an axis; then ``needs`` are the facts it rests on. The classes divide the domain between them.
    """

    fact: str
    needs: tuple[str, ...]
    classes: tuple[Class, ...]
    atoms: tuple[Atom, ...]
    ordered: bool
    axes: tuple[tuple[int, Axis], ...]
    find: Find = field(compare=False)
    """The index of the atom of a value."""
    cost: float = 1.0

    def effects_of(self, value: Any) -> tuple[tuple[int, int], ...]:
        """The rows that *value* leaves alive, also where it is outside the domain."""
        return tuple((unit, axis.rows(value)) for unit, axis in self.axes)

    def class_of(self, value: Any) -> int | None:
        """The index of the class that *value* is in; None where it is outside the domain."""
        atom = self.find(value)
        return next((i for i, c in enumerate(self.classes) if c.first <= atom <= c.last), None)


class Network:
    """The units that a decision rests on, itself last. ``inputs`` are the facts, in the order of the model."""

    def __init__(self, model: Model, node: DecisionNode) -> None:
        self.model, self.node = model, node
        order, given = _gathered(model, node)
        apart = any("#" in id_ for part in order for id_ in part.requires)
        self.inputs = model.inputs if apart else tuple(part for part in model.inputs if part.id in given)
        self.units = (_apart(model, node),) if apart else tuple(_unit(model, part) for part in order)
        self.functions: Scope = {}
        for part in order:
            self.functions |= evaluator(model).functions(part)
        # A name that is no fact of the case (a part that no member of a list has) is null, not unknown.
        looked_up = frozenset[str]().union(*(names(part) for part in order))
        known = {"?", *BUILTINS, *(given.name for given in self.inputs), *(part.name for part in order)}
        self.functions |= dict.fromkeys(looked_up - known - self.functions.keys())
        self.decisions = frozenset(unit.name for unit in self.units)
        self.place = Place(file=model.file, decision=node.name)
        self._variables: dict[str, Variable | None] = {}
        self._plain: dict[str, bool] = {}

    @property
    def top(self) -> Unit:
        return self.units[-1]

    def run(self, scope: Scope) -> list[Any]:
        """The outcome of each unit when every fact is known that they look at; raises ``Missing`` otherwise. *scope* gets the values."""
        found: list[Any] = []
        for unit in self.units:
            if unit.outcomes is None:
                value = unit.evaluate(scope)
                found.append(value)
                scope[unit.name] = value
                continue
            mask = unit.every
            for value_of, find, masks, odd in unit.steps:
                value = value_of(scope)
                at = find(value)
                mask &= masks[at] if at >= 0 else odd(value)
            outcome = unit.outcomes.of(mask, scope)
            found.append(outcome)
            scope[unit.name] = outcome.value
        return found

    def variable(self, fact: str) -> Variable | None:
        """The fact's classes over all tables that look at it plainly; None where none does or their values cannot be cut together."""
        if fact not in self._variables:
            self._variables[fact] = self._made(fact)
        return self._variables[fact]

    def _made(self, fact: str) -> Variable | None:
        axes = [
            (index, axis)
            for index, unit in enumerate(self.units)
            if unit.grid is not None
            for axis in unit.grid.axes
            if axis.node == Name(fact)
        ]
        if not axes:
            return None
        cost = next((given.cost for given in self.inputs if given.name == fact), 1.0)
        return _variable(fact, (), axes, cost)

    def plain(self, fact: str) -> bool:
        """Whether every table looks at *fact* in its cells only, and nothing is computed from it."""
        if fact not in self._plain:
            self._plain[fact] = self.variable(fact) is not None and not any(
                fact in needed for unit in self.units for needed in _elsewhere(unit)
            )
        return self._plain[fact]

    @cached_property
    def limits(self) -> Mapping[str, tuple[Tests, ...]]:
        """The allowed values that columns which look at a fact plainly have for it, beside those of its own type."""
        found: dict[str, dict[Tests, None]] = {}
        for unit in self.units:
            inputs = unit.grid.table.inputs if unit.grid is not None else ()
            for at, column in enumerate(inputs):
                if isinstance(column.node, Name):
                    known = {tests: None for tests in limits_of(inputs, [at]) if meaning(tests) is not None}
                    found.setdefault(column.node.name, {}).update(known)
        return {given.name: tuple(found[given.name]) for given in self.inputs if found.get(given.name)}

    def allows(self, fact: str, value: Any) -> bool:
        """Whether the fact's type, and the columns that look at it plainly, have *value* among the allowed ones."""
        own = next((given.type.allowed for given in self.inputs if given.name == fact), None)
        allowed = (*([own] if own is not None else []), *self.limits.get(fact, ()))
        return all(test(tests)(value, {}) is True for tests in allowed)

    def free(self, unit: int, axis: Axis, needed: frozenset[str]) -> Variable:
        """A variable for an axis of one unit that rests on several facts, or on one in other ways than plainly."""
        made = _variable("", tuple(sorted(needed)), [(unit, replace(axis, domain=self.reach(axis)))], 1.0)
        assert made is not None
        return made

    def reach(self, axis: Axis) -> int:
        """The atoms that a computed value may fall into: also outside the allowed values, and null unless that shows to be impossible."""
        found = sum(1 << at for at, atom in enumerate(axis.atoms) if atom.possible or atom.kind == "holds")
        null = 0 if self._never_null(axis.node) else 1 << len(axis.atoms) - 1
        return found | null | axis.domain

    def opened(self, grid: Grid) -> Grid:
        """*grid* with what may come of missing facts as the domain of its axes."""
        return replace(
            grid,
            axes=tuple(
                axis if self._looks_plainly(axis) else replace(axis, domain=self.reach(axis)) for axis in grid.axes
            ),
        )

    def _looks_plainly(self, axis: Axis) -> bool:
        """Whether an axis is a fact itself."""
        node = axis.node
        return isinstance(node, Name) and node.name not in self.decisions and self.variable(node.name) is not None

    def _never_null(self, node: Node) -> bool:
        """Whether a cell is tested, or the value is a sum, difference or product of numbers that no table takes to be null."""
        if isinstance(node, Tests):
            return True
        types = {given.name: given.type for given in self.inputs}
        waiting = [node]
        while waiting:
            match waiting.pop():
                case Arithmetic("+" | "-" | "*", left, right):
                    waiting += [left, right]
                case Literal(Decimal()):
                    pass
                case Name(name) if name in types and types[name].kind == "number":
                    variable = self.variable(name)
                    if variable is not None and variable.class_of(None) is not None:
                        return False
                case _:
                    return False
        return True


def _elsewhere(unit: Unit) -> Iterator[frozenset[str]]:
    """The names that a unit looks at in other ways than as a column of its own."""
    if unit.grid is None:
        yield unit.needs
        return
    yield from (axis.needs for axis in unit.grid.axes if not isinstance(axis.node, Name))
    yield from (needs(cell.node) for row in unit.grid.table.rows for cell in row.outputs)
    yield from (needs(output.default.node) for output in unit.grid.table.outputs if output.default is not None)


def _gathered(model: Model, node: DecisionNode) -> tuple[list[DecisionNode], frozenset[str]]:
    """The decisions that *node* requires, each once, required ones first, itself last; and the ids of the facts."""
    parts = {part.id: part for part in parts_of(model)}
    decisions: dict[str, DecisionNode] = {}
    left: list[tuple[DecisionNode, bool]] = [(node, False)]
    begun: set[str] = set()
    given: set[str] = set()
    while left:
        one, ready = left.pop()
        if ready:
            decisions[one.id] = one
        elif one.id not in begun:
            begun.add(one.id)
            left.append((one, True))
            required = [parts[id_] for id_ in one.requires if id_ in parts]
            given |= {part.id for part in required if isinstance(part, InputData)}
            left += ((part, False) for part in reversed(required) if isinstance(part, DecisionNode))
    return list(decisions.values()), frozenset(given)


def _unit(model: Model, node: DecisionNode) -> Unit:
    evaluate = evaluator(model).expression(node)
    if not isinstance(node.logic, DecisionTable) or node.problem is not None:
        needed = names(node)
        return Unit(node, None, None, evaluate, needed)
    cut_up = grid(node.logic, place=Place(file=model.file, decision=node.name))
    steps = tuple((axis.evaluate, axis.find, axis.masks, axis.odd) for axis in cut_up.axes)
    own, whole = fitted(node.logic.type), fitted(node.type)
    return Unit(
        node, cut_up, Outcomes(cut_up, lambda value: whole(own(value))), evaluate, frozenset(), steps, cut_up.every
    )


def _apart(model: Model, node: DecisionNode) -> Unit:
    """A decision that rests on other models' parts, as one piece: its own facts must all be known, theirs are null unless given."""
    names = [given.name for given in model.inputs]

    def evaluate(scope: Scope) -> Any:
        missing = [name for name in names if name not in scope]
        if missing:
            raise Missing(*missing)
        return evaluator(model).decision(node.id, scope)

    return Unit(node, None, None, evaluate, frozenset(names))


def _variable(fact: str, needed: tuple[str, ...], axes: list[tuple[int, Axis]], cost: float) -> Variable | None:
    """The classes of what *axes* have in common; None where they are of different kinds."""
    if len(axes) == 1:
        atoms, ordered, find = axes[0][1].atoms, axes[0][1].ordered, axes[0][1].find
        places: list[tuple[int, ...]] = [(a,) for a in range(len(atoms))]
    else:
        ordered = any(axis.ordered for _, axis in axes)
        points = {point for _, axis in axes for point in axis.points}
        pieces = [Piece(p, p, True, True) for p in points] + ([Piece(low=p) for p in points] if ordered else [])
        atoms, _, ordered, together = cut(pieces, next((a.type for _, a in axes if a.type.kind != "Any"), ANY))
        if together is None:
            return None
        find = together
        places = [tuple(axis.find(atom.sample) for _, axis in axes) for atom in atoms]
    classes: list[Class] = []
    for at, (atom, where) in enumerate(zip(atoms, places, strict=True)):
        null = atom.kind == "null"
        inside = all(w < 0 or axis.domain >> w & 1 for (_, axis), w in zip(axes, where, strict=True))
        if not inside or (not null and not atom.possible and atom.kind != "holds"):
            continue
        effects = tuple(
            (unit, axis.masks[w] if w >= 0 else axis.odd(atom.sample))
            for (unit, axis), w in zip(axes, where, strict=True)
        )
        before = classes[-1] if classes else None
        joined = before and before.last == at - 1 and before.effects == effects and ordered and not null
        if before and joined:
            classes[-1] = Class(before.sample, effects, before.first, at)
        else:
            classes.append(Class(atom.sample, effects, at, at))
    return Variable(fact, needed, tuple(classes), atoms, ordered, tuple(axes), find, cost)
