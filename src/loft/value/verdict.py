"""What the rule says of a change on a day: the verdict, its size, how secure it is, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from loft.value.sentence import Sentence


class Word(StrEnum):
    """The verdict in a word."""

    VALUE = "value"
    HARM = "harm"
    UNKNOWABLE = "unknowable"
    NOT_YET = "not yet"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Size:
    """An estimate with its sequence: ``relative`` numbers are shares of the level (−0.12 is 12 % lower), others in the measure's unit."""

    estimate: float
    low: float
    high: float
    relative: bool
    kind: str


@dataclass(frozen=True)
class Check:
    """A check of the rule: ``passed`` is None where it could not be made yet. ``says`` is what was found, with the figure."""

    name: str
    passed: bool | None
    says: Sentence


@dataclass(frozen=True)
class Guarded:
    """A guardrail as measured."""

    measure: str
    size: Size | None
    tolerance: float
    harmed: bool
    says: Sentence


@dataclass(frozen=True)
class Look:
    """One point of the path: what was known on ``day``. ``treated`` and ``expected`` are levels in the measure's unit: what was measured,
    and what it would have been without the change; the sequence's bounds of the latter are ``low`` and ``high``. None where not known."""

    day: date
    treated: float | None
    expected: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Group:
    """The effect in a part of the treated units: ``label`` is a sentence, ``cases`` what it rests on; ``size`` None where withheld."""

    label: Sentence
    cases: int
    size: Size | None


@dataclass(frozen=True)
class Verdict:
    """The verdict of a day. ``security`` is 0–5. ``answer`` is the sentence for a leader; ``reasons`` are why; ``knowable`` what would make
    it knowable; ``next_look`` when something new can be known. ``withstands`` is the largest hidden drift, in multiples of the drift before
    the change, that the finding survives (M̄); None where nothing was found. Hashes tell what it rests on."""

    word: Word
    on: date
    answer: Sentence
    size: Size | None
    security: int
    reasons: tuple[Sentence, ...]
    knowable: tuple[Sentence, ...]
    next_look: date | None
    checks: tuple[Check, ...]
    guardrails: tuple[Guarded, ...]
    path: tuple[Look, ...]
    groups: tuple[Group, ...]
    treated: int
    comparison: int
    withstands: float | None
    plan_hash: str
    cells_hash: str
    policy: str
    code: str

    def as_dict(self) -> dict[str, Any]:
        """The verdict as JSON-ready values."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Verdict":
        """The verdict that ``as_dict`` wrote."""
        raise NotImplementedError
