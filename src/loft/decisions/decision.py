"""What a table answers: decided or not, by which rows, from which facts, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

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
    outputs: Mapping[str, Any]
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
    facts: tuple[UsedFact, ...]
    """The facts that were known and looked at."""
    missing: tuple[str, ...]
    """The facts that could still change the outcome; empty unless undecided."""
    table: "Table" = field(repr=False)
    at: date | None = None
    required: tuple["Decision", ...] = ()
    """The decisions this one rests on."""
