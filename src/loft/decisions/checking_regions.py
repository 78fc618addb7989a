"""Regions of a table in FEEL: a box of atoms as unary tests, a case inside it, and whether such a case can occur."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from math import gcd, prod

from loft.decisions.checking_relations import text_of_relation
from loft.decisions.checking_space import Box, Space
from loft.decisions.errors import Missing, RuleError
from loft.decisions.feel.ast import Name, Node, Path
from loft.decisions.feel.children import every
from loft.decisions.feel.evaluate import Scope
from loft.decisions.feel.kinds import kind
from loft.decisions.feel.values import Value
from loft.decisions.feel.writing import text_of_value
from loft.decisions.grid import Atom, Axis, Grid, bits

_TRIES = 400
"""Cases tried, where inputs depend on each other, before it is left open whether such a case can occur."""
_LOOKS = 40_000
"""Axes looked at in these tries, at most."""


@dataclass(frozen=True)
class Ground:
    """What a table's regions stand on: its grid (cells that go ``together`` made one), its space, and the names that are facts.

    Other names are outcomes of decisions.
    """

    grid: Grid
    space: Space
    facts: frozenset[str]

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """For each axis the name of the fact and its parts; empty where it is anything else."""
        found = (() if axis.cell else _path(axis.node) for axis in self.grid.axes)
        return tuple(path if path and path[0] in self.facts else () for path in found)

    @property
    def cells(self) -> tuple[int, ...]:
        """The axes made from cells that look at other facts."""
        return tuple(number for number, axis in enumerate(self.grid.axes) if axis.cell)

    def head(self, number: int) -> str:
        """What an axis is called: its column's expression."""
        return self.grid.table.inputs[self.grid.axes[number].column].text

    def region(self, box: Box) -> tuple[tuple[str, str], ...]:
        """Head and unary tests of each axis that *box* limits."""
        limited = (n for n, atoms in enumerate(box) if atoms != self.space.domain[n])
        return tuple((self.head(n), self._tests(n, box[n])) for n in limited)

    def _tests(self, number: int, atoms: int) -> str:
        axis = self.grid.axes[number]
        return text_of_relation(axis, atoms) if axis.cell else tests_of(axis, atoms, self.space.domain[number])

    def example(self, box: Box) -> tuple[tuple[tuple[str, Value], ...], bool]:
        """A case in *box*: expression and value for each axis, and whether such a case is sure to be possible."""
        chosen = [_first(axis, atoms).sample for axis, atoms in zip(self.grid.axes, box, strict=True)]
        sure = self._independent([n for n, atoms in enumerate(box) if atoms != self.space.domain[n]])
        tried = None if sure and self._independent(range(len(box))) else self._tried(box)
        chosen = tried or chosen
        told = tuple((self.head(n), value) for n, value in enumerate(chosen) if n not in self.cells)
        return told, sure or tried is not None

    def _independent(self, axes: "list[int] | range") -> bool:
        """Whether these axes are facts, or parts of facts, that may go together in any way."""
        paths = [self.paths[n] for n in axes]
        pairs = ((one, other) for k, one in enumerate(paths) for other in paths[:k])
        return all(paths) and not any(one[: len(other)] == other[: len(one)] for one, other in pairs)

    def _tried(self, box: Box) -> list[Value] | None:
        """The values of a case whose axes, evaluated from its facts, all fall in *box*; None where none was met."""
        pool = self._pool(box)
        plain = {path: n for n, path in enumerate(self.paths) if path}
        paths = [*plain, *self._others]
        choices = [self._choices(plain[p], box[plain[p]], pool) if p in plain else pool for p in paths]
        for values in _spread(choices, min(_TRIES, 1 + _LOOKS // len(box))):
            scope: Scope = {}
            for path, value in zip(paths, values, strict=True):
                _put(scope, path, value)
            found = self._found(scope, box)
            if found is not None:
                return found
        return None

    @cached_property
    def _others(self) -> tuple[tuple[str, ...], ...]:
        """Facts, and parts of facts, that cells and expressions look at and that are no axis of their own."""
        inside = {path for axis in self.grid.axes for node in every(axis.node) if (path := _path(node))}
        longest = {p for p in inside if not any(q != p and q[: len(p)] == p for q in inside)}
        return tuple(sorted(p for p in longest if p[0] in self.facts and p not in self.paths))[:8]

    def _pool(self, box: Box) -> list[Value]:
        """Samples of all axes, some of each: values for facts that are compared with others."""
        pool: list[Value] = []
        for axis, atoms in zip(self.grid.axes, box, strict=True):
            if axis.cell is None:
                pool += [axis.atoms[a].sample for a in islice(bits(atoms), 6)]
        return pool[:40]

    def _choices(self, number: int, atoms: int, pool: list[Value]) -> list[Value]:
        """Values of one axis in *atoms*: a sample of each atom, and samples of other axes that fall there."""
        axis = self.grid.axes[number]
        own = [axis.atoms[a].sample for a in islice(bits(atoms), 8)]
        kinds = {kind(value) for value in own}
        more = [value for value in pool if kind(value) in kinds and value not in own and atoms >> axis.find(value) & 1]
        return own + more[:8]

    def _found(self, scope: Scope, box: Box) -> list[Value] | None:
        try:
            atoms = [axis.find_in(scope) for axis in self.grid.axes]
            if not all(bits_ >> atom & 1 for bits_, atom in zip(box, atoms, strict=True)):
                return None
            return [axis.evaluate(scope) for axis in self.grid.axes]
        except (Missing, RuleError):
            return None


def _spread(choices: list[list[Value]], tries: int) -> Iterator[list[Value]]:
    """At most *tries* combinations of choices, far apart where there are more: steps of the golden section through all of them."""
    total = prod(len(choice) for choice in choices)
    step = 1 if total <= tries else next(s for s in count(int(total * 0.618) or 1) if gcd(s, total) == 1)
    for turn in range(min(total, tries)):
        at = turn * step % total
        values = []
        for choice in choices:
            at, place = divmod(at, len(choice))
            values.append(choice[place])
        yield values


def _path(node: Node) -> tuple[str, ...]:
    """``applicant.age`` as its names; empty for any other expression."""
    match node:
        case Name(name):
            return (name,)
        case Path(source, name):
            before = _path(source)
            return (*before, name) if before else ()
    return ()


def _put(scope: Scope, path: tuple[str, ...], value: Value) -> None:
    for name in path[:-1]:
        scope = scope.setdefault(name, {})
    scope[path[-1]] = value


def _first(axis: Axis, atoms: int) -> Atom:
    """The atom to take an example from: one value that a cell names before a stretch between two, and nothing at all last."""
    order = {"between": 1, "other": 2, "null": 3}
    return min((axis.atoms[a] for a in bits(atoms)), key=lambda atom: order.get(atom.kind, 0))


def tests_of(axis: Axis, atoms: int, domain: int) -> str:
    """*atoms* of *axis* as FEEL unary tests: ``[400000..500000), > 900000``; ``-`` where they are all of *domain*."""
    if atoms == domain:
        return "-"
    chosen = [axis.atoms[a] for a in bits(atoms)]
    if any(atom.kind == "other" for atom in chosen):
        left_out = [axis.atoms[a] for a in bits(domain & ~atoms)]
        named = [text_of_value(None if atom.kind == "null" else atom.low) for atom in left_out]
        return f"not({', '.join(named)})"
    told = list(_runs(axis, atoms, domain)) if axis.ordered else []
    told += [text_of_value(atom.low) for atom in chosen if atom.kind == "point" and not axis.ordered]
    told += ["null" for atom in chosen if atom.kind == "null"]
    return ", ".join(told)


def _runs(axis: Axis, atoms: int, domain: int) -> Iterator[str]:
    """Neighbouring atoms made one range each; atoms that cannot occur do not part them."""
    run: list[Atom] = []
    for a, atom in enumerate(axis.atoms):
        if atom.kind not in ("point", "between"):
            continue
        if atoms >> a & 1:
            run.append(atom)
        elif run and domain >> a & 1:
            yield _range(run[0], run[-1])
            run = []
    if run:
        yield _range(run[0], run[-1])


def _range(first: Atom, last: Atom) -> str:
    low_closed, high_closed = first.kind == "point", last.kind == "point"
    low, high = first.low, last.low if high_closed else last.high
    if low is None and high is None:
        return "not(null)"
    if low is None:
        return f"{'<=' if high_closed else '<'} {text_of_value(high)}"
    if high is None:
        return f"{'>=' if low_closed else '>'} {text_of_value(low)}"
    if first is last and low_closed:
        return text_of_value(low)
    return f"{'[' if low_closed else '('}{text_of_value(low)}..{text_of_value(high)}{']' if high_closed else ')'}"
