"""A decision on the facts there are: three-valued, so that what is not known never counts as a no."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from loft.decisions.completions import Completions, TooMany, Vertex, computed, settled
from loft.decisions.decision import Decision, Status
from loft.decisions.errors import Missing
from loft.decisions.feel.evaluate import Scope
from loft.decisions.network import Network
from loft.decisions.outcomes import Outcome

if TYPE_CHECKING:
    from loft.decisions.tables import Table


def decide(table: "Table", scope: Scope, sources: dict[str, str], at: date | None) -> Decision:
    """The decision of *table* in a *scope* of facts."""
    network = table.network
    try:
        found = network.run({**network.functions, **scope})[-1]
        outcome = found if isinstance(found, Outcome) else computed(found)
        return Decision(outcome.status, outcome.value, outcome.rows, (), table, scope, sources, at)
    except Missing:
        answer = settle(network, scope)
        return Decision(answer.status, answer.value, answer.rows, answer.missing, table, scope, sources, at)


@dataclass(frozen=True)
class Answer:
    """What can be said while facts are missing."""

    status: Status
    value: Any
    rows: tuple[int, ...]
    missing: tuple[str, ...]


def settle(network: Network, scope: Scope) -> Answer:
    """The outcome that all completions share, else the facts that could still change it."""
    completions = Completions(network, scope)
    try:
        root = completions.graph()
        keys = _leaves(root)
        mattering = _mattering(root, completions)
    except TooMany:
        keys = frozenset(key for _, found in completions.samples() for key in found)
        if settled(keys) and completions.only(next(iter(keys))):
            mattering = frozenset()
        else:
            keys, mattering = frozenset(), frozenset(range(len(completions.variables)))
    if settled(keys):
        key = next(iter(keys))
        outcome, rows = completions.outcomes[key], completions.rows[key]
        same = len(rows) == 1 and outcome.status is not Status.CONFLICT
        return Answer(outcome.status, outcome.value, next(iter(rows)) if same else (), ())
    return Answer(Status.UNDECIDED, None, (), _missing(completions, mattering))


def _leaves(root: Vertex) -> frozenset[Hashable]:
    seen, left = {root}, [root]
    keys: set[Hashable] = set()
    while left:
        vertex = left.pop()
        keys |= vertex.leaf
        for to, _ in vertex.ways:
            if to not in seen:
                seen.add(to)
                left.append(to)
    return frozenset(keys)


def _mattering(root: Vertex, completions: Completions) -> frozenset[int]:
    """The variables whose classes lead to different outcomes for some completion of the others."""
    seen, left = {root}, [root]
    levels: set[int] = set()
    while left:
        vertex = left.pop()
        if len({to.same for to, _ in vertex.ways}) > 1:
            levels.add(vertex.level)
        for to, _ in vertex.ways:
            if to not in seen:
                seen.add(to)
                left.append(to)
    return frozenset(levels)


def _missing(completions: Completions, mattering: frozenset[int]) -> tuple[str, ...]:
    """The facts behind the variables that matter, in the rule's order."""
    names: set[str] = set(completions.open)
    for level in mattering:
        variable = completions.variables[level]
        names |= {variable.fact} if variable.fact else set(variable.needs)
    unknown = [given.name for given in completions.network.inputs if given.name not in completions.known]
    return tuple(name for name in unknown if name in names) or tuple(unknown)
