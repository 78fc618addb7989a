"""What the rule says of a change on a day: the verdict, its size, how secure it is, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure, Sentence


class Word(StrEnum):
    """The verdict in a word."""

    VALUE = "value"
    HARM = "harm"
    UNKNOWABLE = "unknowable"
    NOT_YET = "not yet"
    POINTS = "points to value"
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

    def __str__(self) -> str:
        return str(self.answer)

    def as_dict(self) -> dict[str, Any]:
        """The verdict as JSON-ready values; ``from_dict`` makes it again."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Verdict":
        """The verdict that ``as_dict`` wrote. Raises ``BadInput`` for what is no verdict."""
        try:
            return cls(
                word=Word(raw["word"]),
                on=date.fromisoformat(raw["on"]),
                answer=Sentence.from_dict(raw["answer"]),
                size=_size(raw["size"]),
                security=int(raw["security"]),
                reasons=tuple(Sentence.from_dict(s) for s in raw["reasons"]),
                knowable=tuple(Sentence.from_dict(s) for s in raw["knowable"]),
                next_look=date.fromisoformat(raw["next_look"]) if raw["next_look"] else None,
                checks=tuple(Check(c["name"], c["passed"], Sentence.from_dict(c["says"])) for c in raw["checks"]),
                guardrails=tuple(
                    Guarded(g["measure"], _size(g["size"]), g["tolerance"], g["harmed"], Sentence.from_dict(g["says"]))
                    for g in raw["guardrails"]
                ),
                path=tuple(Look(**{**p, "day": date.fromisoformat(p["day"])}) for p in raw["path"]),
                groups=tuple(
                    Group(Sentence.from_dict(g["label"]), g["cases"], _size(g["size"])) for g in raw["groups"]
                ),
                treated=int(raw["treated"]),
                comparison=int(raw["comparison"]),
                withstands=raw["withstands"],
                plan_hash=raw["plan_hash"],
                cells_hash=raw["cells_hash"],
                policy=raw["policy"],
                code=raw["code"],
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput(mark("The verdict cannot be read: %(error)s."), error=Figure(str(error), "text")) from error


def _size(raw: Mapping[str, Any] | None) -> Size | None:
    return Size(**raw) if raw else None


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return value.as_dict()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value.value if isinstance(value, Word) else value
