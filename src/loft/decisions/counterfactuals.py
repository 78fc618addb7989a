"""The smallest change of facts that would change an outcome.

Smallest is: the fewest facts; among these the shortest way, each step measured against the fact's own size. Where every table looks at
its facts plainly the search is exact. A fact that enters a computation is tried at the values of its classes and at those where the
computation crosses an end; the search is exact among these.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from loft.decisions.atoms import Atom
from loft.decisions.completions import Completions, State, after, computed, settled
from loft.decisions.crossings import crossings, step_of, stepped
from loft.decisions.deciding import settle
from loft.decisions.decision import Change, Counterfactual, Decision, Status
from loft.decisions.errors import Missing, TooLarge
from loft.decisions.feel.evaluate import Scope
from loft.decisions.feel.values import Months, Value
from loft.decisions.feel.writing import text_of_value
from loft.decisions.network import Class, Network, Variable
from loft.decisions.outcomes import Outcome, key_of
from loft.language import mark

if TYPE_CHECKING:
    from loft.decisions.tables import Table

TRIES = 100_000
"""The most combinations looked at."""
STEPS = 500_000
"""The most values of facts looked at, each beside what was chosen for the facts before it."""
DEEPEST = 300
"""The most facts."""
TOO_MANY = mark("the smallest change could not be found among %(most)s combinations.")


@dataclass(frozen=True)
class Choice:
    """Another value for one fact: its class, where it has one, and how far it is."""

    fact: str
    value: Value
    variable: Variable | None
    index: int
    far: float


def counterfactual(table: "Table", decision: Decision) -> Counterfactual | None:
    """The smallest change; None where none would do, or while the outcome is not settled. Raises ``TooLarge``."""
    if decision.status is Status.UNDECIDED:
        return None
    network, scope = table.network, dict(decision.known)
    choices = {given.name: choices_of(network, given.name, scope) for given in network.inputs if given.name in scope}
    here = _key(decision.status, decision.value)
    plain = len(choices) == len(network.inputs) and all(network.plain(name) for name in choices)
    chosen = Search(network, scope, choices, here).best() if plain else _tried(network, scope, choices, here)
    return _told(network, scope, chosen, here) if chosen else None


def _tried(network: Network, scope: Scope, choices: dict[str, list[Choice]], here: Any) -> tuple[Choice, ...]:
    """The best by trying every combination, the smallest ones first; empty where none does."""
    tries = 0
    for many in range(1, len(choices) + 1):
        best: tuple[float, int, tuple[Choice, ...]] | None = None
        for order, chosen in enumerate(_combinations(choices, many)):
            tries += 1
            if tries > TRIES:
                raise TooLarge(TOO_MANY, network.place, most=TRIES)
            far = sum(choice.far for choice in chosen)
            if (best is None or (far, order) < best[:2]) and _differs(network, scope, chosen, here) is not None:
                best = (far, order, chosen)
        if best is not None:
            return best[2]
    return ()


class Search:
    """The best where every table looks at its facts plainly: over what the tables tell apart, each state once."""

    def __init__(self, network: Network, scope: Scope, choices: dict[str, list[Choice]], here: Any) -> None:
        self.completions = Completions(network, {})
        self.here = here
        self.known: dict[tuple[int, State, int], tuple[float, tuple[Choice, ...]] | None] = {}
        self.steps = 0
        self.kept: list[tuple[tuple[int, int], ...]] = []
        self.choices: list[list[Choice]] = []
        for variable in self.completions.variables:
            current = variable.class_of(scope[variable.fact])
            self.kept.append(
                variable.effects_of(scope[variable.fact]) if current is None else variable.classes[current].effects
            )
            self.choices.append(choices[variable.fact])

    def best(self) -> tuple[Choice, ...]:
        """The choices; empty where none does. Raises ``TooLarge``, also for more facts than Python's depth allows."""
        if len(self.kept) > DEEPEST:
            raise TooLarge(TOO_MANY, self.completions.network.place, most=TRIES)
        for many in range(1, len(self.kept) + 1):
            found = self._best(0, self.completions.start, many)
            if found is not None:
                return found[1]
        return ()

    def _best(self, level: int, state: State, many: int) -> tuple[float, tuple[Choice, ...]] | None:
        """The shortest way to another outcome with at most *many* more changes."""
        if level == len(self.kept):
            keys = self.completions.leaf(state)
            return (0.0, ()) if settled(keys) and keys != {self.here} else None
        if (level, state, many) in self.known:
            return self.known[level, state, many]
        if len(self.known) > TRIES or self.steps > STEPS:
            raise TooLarge(TOO_MANY, self.completions.network.place, most=TRIES)
        best = self._best(level + 1, after(state, self.kept[level]), many)
        nearest: dict[State, Choice] = {}
        for choice in self.choices[level] if many else ():
            assert choice.variable is not None
            self.steps += 1
            to = after(state, choice.variable.classes[choice.index].effects)
            if to not in nearest or choice.far < nearest[to].far:
                nearest[to] = choice
        for to, choice in nearest.items():
            rest = self._best(level + 1, to, many - 1)
            if rest is not None and (best is None or choice.far + rest[0] < best[0]):
                best = (choice.far + rest[0], (choice, *rest[1]))
        self.known[level, state, many] = best
        return best


def _combinations(choices: dict[str, list[Choice]], many: int) -> Iterator[tuple[Choice, ...]]:
    """Every way to change *many* facts, in the rule's order."""
    for names in combinations([name for name, some in choices.items() if some], many):
        yield from product(*(choices[name] for name in names))


def _key(status: Status, value: Value) -> Any:
    return (status, key_of(value)) if status is not Status.CONFLICT else (status,)


def _differs(network: Network, scope: Scope, chosen: tuple[Choice, ...], here: Any) -> Outcome | None:
    """The outcome with the facts of *chosen*, where it is settled and another."""
    changed = {**scope, **{choice.fact: choice.value for choice in chosen}}
    try:
        found = network.run({**network.functions, **changed})[-1]
        outcome = found if isinstance(found, Outcome) else computed(found)
    except Missing:
        answer = settle(network, changed)
        if answer.status is Status.UNDECIDED:
            return None
        outcome = Outcome(answer.status, answer.value, answer.rows, _key(answer.status, answer.value))
    return None if _key(outcome.status, outcome.value) == here else outcome


# --- other values of a fact -----------------------------------------------------------------------------------------


def choices_of(network: Network, fact: str, scope: Scope) -> list[Choice]:
    """Other values for a known fact: the nearest in each class, and where computations cross."""
    own, variable = scope[fact], network.variable(fact)
    found: list[Choice] = []
    if variable is not None:
        current = variable.class_of(own)
        for index, one in enumerate(variable.classes):
            if index != current:
                value = nearest(variable, one, own)
                found.append(Choice(fact, value, variable, index, distance(own, value)))
    if not network.plain(fact):
        seen = {key_of(own), *(key_of(choice.value) for choice in found)}
        for value in crossings(network, fact, scope):
            if key_of(value) not in seen and network.allows(fact, value):
                seen.add(key_of(value))
                found.append(Choice(fact, value, variable, -1, distance(own, value)))
    return found


def nearest(variable: Variable, one: Class, own: Value) -> Value:
    """The value of a class that is nearest to *own*."""
    low, high = variable.atoms[one.first], variable.atoms[one.last]
    if not variable.ordered or own is None or low.kind == "null":
        return one.sample
    above = variable.find(own) < one.first
    edge = low if above else high
    if edge.kind == "point":
        return edge.low
    end = edge.low if above else edge.high
    steps = [step for step in (step_of(end), step_of(own)) if step is not None]
    beside = stepped(end, 1 if above else -1, min(steps)) if steps and step_of(end) is not None else None
    if beside is not None and variable.find(beside) == (one.first if above else one.last):
        return beside
    if isinstance(end, Months):
        return Months(end.months + (1 if above else -1))
    return edge.sample


def distance(own: Value, other: Value) -> float:
    """How far it is from one value to another, beside the size of the first; 1 between values that have no order."""
    if isinstance(own, Decimal) and isinstance(other, Decimal):
        return float(abs(other - own) / max(abs(own), Decimal(1)))
    if type(own) is type(other) and isinstance(own, (date, datetime)):
        return abs(other - own) / timedelta(days=365)
    if isinstance(own, timedelta) and isinstance(other, timedelta):
        return abs(other - own) / max(abs(own), timedelta(days=1))
    if isinstance(own, Months) and isinstance(other, Months):
        return abs(other.months - own.months) / max(abs(own.months), 1)
    return 1.0


# --- told -----------------------------------------------------------------------------------------------------------


def _told(network: Network, scope: Scope, chosen: tuple[Choice, ...], here: Any) -> Counterfactual:
    outcome = _differs(network, scope, chosen, here)
    assert outcome is not None
    changes = tuple(
        Change(choice.fact, scope[choice.fact], choice.value, _around(network, scope, chosen, choice, outcome, here))
        for choice in chosen
    )
    return Counterfactual(changes, outcome.value, outcome.status)


def _around(
    network: Network, scope: Scope, chosen: tuple[Choice, ...], choice: Choice, outcome: Outcome, here: Any
) -> str:
    """The values around a choice that all do, as unary tests: the classes beside its own with the same outcome."""
    variable = choice.variable
    if variable is None or choice.index < 0 or not network.plain(choice.fact):
        return text_of_value(choice.value)

    def does(index: int) -> bool:
        if not 0 <= index < len(variable.classes) or variable.atoms[variable.classes[index].first].kind == "null":
            return False
        other = Choice(choice.fact, variable.classes[index].sample, variable, index, 0)
        found = _differs(network, scope, tuple(other if c is choice else c for c in chosen), here)
        return found is not None and found.key == outcome.key

    first = last = choice.index
    while variable.ordered and does(first - 1):
        first -= 1
    while variable.ordered and does(last + 1):
        last += 1
    low, high = variable.atoms[variable.classes[first].first], variable.atoms[variable.classes[last].last]
    ordinary = [i for i, one in enumerate(variable.classes) if variable.atoms[one.first].kind != "null"]
    if variable.ordered and low is not high and (first == ordinary[0]) != (last == ordinary[-1]):
        # What the allowed values exclude anyway need not be said: below 400 000, not from 0 to 400 000.
        low = Atom("between", None, low.high) if first == ordinary[0] else low
        high = Atom("between", high.low, None) if last == ordinary[-1] else high
    return text_between(low, high, variable)


def text_between(low: Atom, high: Atom, variable: Variable) -> str:
    """The values from one atom to another as unary tests."""
    if low.kind == "other":
        return f"not({', '.join(text_of_value(atom.low) for atom in variable.atoms if atom.kind == 'point')})"
    if low.kind not in ("point", "between") or (low.kind == "point" and low is high):
        return text_of_value(low.low)
    if low.low is None and high.high is None:
        return "-"
    if low.low is None:
        return f"{'<=' if high.kind == 'point' else '<'} {text_of_value(high.high)}"
    if high.high is None:
        return f"{'>=' if low.kind == 'point' else '>'} {text_of_value(low.low)}"
    opening, closing = "[" if low.kind == "point" else "(", "]" if high.kind == "point" else ")"
    return f"{opening}{text_of_value(low.low)}..{text_of_value(high.high)}{closing}"
