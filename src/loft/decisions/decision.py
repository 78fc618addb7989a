"""What a table answers: decided or not, by which rows, from which facts, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from loft.decisions.facts import NOTHING

if TYPE_CHECKING:
    from loft.decisions.tables import Table


class Status(StrEnum):
    """How far a table came."""

    DECIDED = "decided"
    """There is an outcome, whatever the facts that are not known turn out to be."""
    UNDECIDED = "undecided"
    """Facts that are not known could still change the outcome. This is never a no."""
    UNMATCHED = "unmatched"
    """No row fits and the table has no default: the rule says nothing about such a case."""
    CONFLICT = "conflict"
    """Several rows fit where the hit policy allows one."""


@dataclass(frozen=True)
class UsedFact:
    """A fact that the outcome rests on."""

    name: str
    value: Any
    source: str = ""


@dataclass(frozen=True)
class Question:
    """A fact to ask for next, and how many it would settle: the expected bits of doubt before and after."""

    fact: str
    before: float
    after: float
    cost: float


@dataclass(frozen=True)
class Change:
    """One fact of a counterfactual: what it is, what it would be, and the range of such values as FEEL unary tests (``< 400000``)."""

    fact: str
    value: Any
    instead: Any
    tests: str


@dataclass(frozen=True)
class Counterfactual:
    """The smallest change of facts that would change the outcome, and the outcome then."""

    changes: tuple[Change, ...]
    value: Any
    """As ``Decision.value``."""
    status: Status


@dataclass(frozen=True, eq=False)
class Decision:
    """The answer of a table for one case."""

    status: Status
    value: Any
    """As DMN gives it: one output's value, a context of several outputs, or a list where the hit policy gives lists; None unless
    decided."""
    rows: tuple[int, ...]
    """The rows that fired, from 1; empty where facts that are not known decide which of several it would be."""
    missing: tuple[str, ...]
    """The facts that could still change the outcome; empty unless undecided."""
    table: "Table" = field(repr=False)
    known: Mapping[str, Any] = field(repr=False)
    """The facts that were known, as FEEL's values."""
    sources: Mapping[str, str] = field(repr=False, default_factory=dict)
    at: date | None = None

    @property
    def facts(self) -> tuple[UsedFact, ...]:
        """The facts that were known, with where each came from, in the rule's order."""
        return tuple(
            UsedFact(given.name, self.known[given.name], self.sources.get(given.name, ""))
            for given in self.table.inputs
            if given.name in self.known
        )

    @property
    def outputs(self) -> dict[str, Any]:
        """The outcome by output name; the decision's own name where its one output has none. Empty unless decided."""
        if self.status is not Status.DECIDED:
            return {}
        if isinstance(self.value, dict):
            return dict(self.value)
        return {self.table.output_names[0]: self.value}

    @property
    def version(self) -> str:
        """The version of the rule that decided."""
        return self.table.model.head.version

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, as sentences in the language in force (``loft.language.speaking``)."""
        from loft.decisions.saying import reasons

        return reasons(self)

    @cached_property
    def required(self) -> tuple["Decision", ...]:
        """The decisions this one rests on directly."""
        return tuple(table.decided(dict(self.known), dict(self.sources), self.at) for table in self.table.required)

    def next_question(self) -> Question | None:
        """The fact that would settle most; None once the outcome is settled."""
        return self.table.next_question(self._facts())

    def counterfactual(self) -> Counterfactual | None:
        """The smallest change of facts that would change the outcome; None where none would, or while it is undecided."""
        return self.table.counterfactual(self._facts())

    def _facts(self) -> dict[str, Any]:
        """The known facts as ``Table.decide`` takes them: what is known to be empty is not None there."""
        return {name: NOTHING if value is None else value for name, value in self.known.items()}
