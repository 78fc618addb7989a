"""The parts of a rule as DMN names them: facts that go in, decisions with their logic, and what they require.

A model is what was written, read and parsed but not run. All parts are immutable. Texts keep the order they were written in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from loft.decisions.errors import RuleError
from loft.decisions.feel.ast import Node, Tests
from loft.decisions.feel.types import ANY, Type
from loft.language import language, mark

LARGEST = 10_000
"""Rows in one table."""


class HitPolicy(StrEnum):
    """What a table does when several rows fit; the value is the letter in the table's corner."""

    UNIQUE = "U"
    ANY = "A"
    PRIORITY = "P"
    FIRST = "F"
    RULE_ORDER = "R"
    OUTPUT_ORDER = "O"
    COLLECT = "C"

    @property
    def single(self) -> bool:
        """Whether one outcome comes out, not a list."""
        return self in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)


class Aggregation(StrEnum):
    """What a Collect table makes of its list; the value is the sign after the C."""

    SUM = "+"
    MIN = "<"
    MAX = ">"
    COUNT = "#"


@dataclass(frozen=True)
class Texts:
    """A text in several languages: pairs of language code and text."""

    pairs: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def get(self, code: str) -> str:
        """The text in exactly this language; empty where there is none."""
        return dict(self.pairs).get(code, "")

    def said(self, otherwise: str = "") -> str:
        """The text in the language in force, else in bokmål, nynorsk or English, else any; *otherwise* where there is none at all."""
        texts = dict(self.pairs)
        for code in (language(), "nb", "nn", "en"):
            if texts.get(code):
                return texts[code]
        return next((text for text in texts.values() if text), otherwise)


# --- what a case brings in ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InputData:
    """A fact that the rule asks for."""

    name: str
    type: Type = ANY
    id: str = ""
    label: Texts = Texts()
    question: Texts = Texts()
    """How a person is asked for it."""
    why: Texts = Texts()
    """Why it is asked."""
    unit: str = ""
    """What a number counts: ``kr``, ``years``."""
    cost: float = 1.0
    """What it takes to find out, beside other facts: 0 for what a register tells, more for what a person must look up."""
    description: str = ""


# --- decision logic -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Logic:
    """How a value is found: a table or another boxed expression."""


@dataclass(frozen=True)
class LiteralExpression(Logic):
    """One FEEL expression."""

    text: str
    node: Node
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class Cell:
    """An input entry: what is written, and the tests it means."""

    text: str
    tests: Tests
    id: str = ""


@dataclass(frozen=True)
class OutputCell:
    """An output entry: what is written, and the expression it means; ``type`` where it has one beside its column's."""

    text: str
    node: Node
    id: str = ""
    type: Type = ANY


@dataclass(frozen=True)
class Row:
    """A rule of a table: one cell for each input, one output cell for each output."""

    cells: tuple[Cell, ...]
    outputs: tuple[OutputCell, ...]
    annotations: tuple[str, ...] = ()
    because: Texts = Texts()
    """Why this row gives what it gives, in words of the rule's own; the reasons are made from the cells where it is empty."""
    id: str = ""
    description: str = ""


@dataclass(frozen=True)
class Input:
    """An input column: the expression whose value the cells test."""

    text: str
    node: Node
    type: Type = ANY
    allowed: Cell | None = None
    label: str = ""
    id: str = ""


@dataclass(frozen=True)
class Output:
    """An output column. ``allowed`` is in order of priority, the highest first (hit policies P and O)."""

    name: str = ""
    type: Type = ANY
    allowed: Cell | None = None
    default: OutputCell | None = None
    label: str = ""
    texts: Texts = Texts()
    """What the column is called by people."""
    id: str = ""


@dataclass(frozen=True)
class DecisionTable(Logic):
    """Rows that are tried against the inputs."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None
    annotations: tuple[str, ...] = ()
    """Heads of the annotation columns."""
    type: Type = ANY
    label: str = ""
    orientation: str = ""
    id: str = ""


@dataclass(frozen=True)
class Entry:
    """A named part of a boxed context; the result of the context has no name."""

    name: str
    logic: Logic
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class Context(Logic):
    """Named parts, later ones seeing earlier ones; the value is the last where that has no name, else a context of all."""

    entries: tuple[Entry, ...]
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class Invocation(Logic):
    """A business knowledge model, or any function, called with bound parameters."""

    called: Logic
    bindings: tuple[Entry, ...]
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class ListLogic(Logic):
    """A boxed list."""

    members: tuple[Logic, ...]
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class Relation(Logic):
    """A boxed relation: a list of contexts, written as a table."""

    columns: tuple[tuple[str, Type], ...]
    rows: tuple[tuple[Logic, ...], ...]
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class FunctionLogic(Logic):
    """A boxed function. ``kind`` is FEEL; Java and PMML are read and never run."""

    parameters: tuple[tuple[str, Type], ...]
    body: Logic
    kind: str = "FEEL"
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class Conditional(Logic):
    """A boxed if."""

    condition: Logic
    then: Logic
    otherwise: Logic
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class FilterLogic(Logic):
    """A boxed filter."""

    source: Logic
    match: Logic
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class IteratorLogic(Logic):
    """A boxed ``for``, ``some`` or ``every`` (``kind``) over the members of ``source``."""

    kind: str
    variable: str
    source: Logic
    result: Logic
    type: Type = ANY
    id: str = ""


# --- the graph ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DecisionNode:
    """A decision: its logic, and what it requires by id (another model's parts as ``namespace#id``)."""

    name: str
    logic: Logic | None
    type: Type = ANY
    requires: tuple[str, ...] = ()
    """Ids of input data and decisions."""
    knowledge: tuple[str, ...] = ()
    """Ids of business knowledge models and decision services."""
    id: str = ""
    label: Texts = Texts()
    question: str = ""
    allowed_answers: str = ""
    description: str = ""
    problem: RuleError | None = None
    """Why this decision cannot be evaluated; a strict reader raises it instead."""


@dataclass(frozen=True)
class KnowledgeModel:
    """A business knowledge model: logic with parameters that decisions call by name."""

    name: str
    logic: FunctionLogic | None
    knowledge: tuple[str, ...] = ()
    type: Type = ANY
    id: str = ""
    description: str = ""
    problem: RuleError | None = None


@dataclass(frozen=True)
class DecisionService:
    """Some decisions of the model behind one name, called as a function."""

    name: str
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()
    type: Type = ANY
    id: str = ""


@dataclass(frozen=True)
class ItemDefinition:
    """A named type as it was written; ``type`` is what it means."""

    name: str
    type: Type
    type_ref: str = ""
    collection: bool = False
    allowed: Cell | None = None
    parts: tuple["ItemDefinition", ...] = ()
    id: str = ""
    label: str = ""
    constraint: Cell | None = None
    """A limit on the value itself: on the whole list, where this is a collection."""
    function: bool = False
    """Whether this is a function: ``parts`` are then its parameters and ``type_ref`` is what it gives."""


@dataclass(frozen=True)
class Import:
    """Another model whose parts are used under ``name``."""

    name: str
    namespace: str
    model: "Model"


@dataclass(frozen=True)
class Head:
    """What a rule says of itself: which rule, which version, when it is in force, and the law it comes from."""

    rule: str = ""
    """The rule's id, the same in all its versions."""
    version: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day it is in force."""
    source: str = ""
    """The law or regulation, with its address."""
    title: Texts = Texts()

    def in_force(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Model:
    """A whole rule as it was read from one file."""

    name: str
    namespace: str = ""
    id: str = ""
    head: Head = Head()
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[DecisionNode, ...] = ()
    knowledge: tuple[KnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()
    imports: tuple[Import, ...] = ()
    file: str = ""
    description: str = ""
    version: str = "1.5"
    """The version of DMN it was read from."""
    extra: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    def decision(self, name: str = "") -> DecisionNode:
        """The decision of that name or id; without a name the one that no other requires. Raises ``RuleError``."""
        if name:
            for decision in self.decisions:
                if name in (decision.name, decision.id):
                    return decision
            raise RuleError(_NO_DECISION, names=", ".join(d.name for d in self.decisions) or "–", name=name)
        tops = [d for d in self.decisions if d.id not in set(self._required())]
        if len(tops) == 1:
            return tops[0]
        raise RuleError(_WHICH, names=", ".join(d.name for d in tops or self.decisions) or "–")

    def _required(self) -> Iterator[str]:
        for decision in self.decisions:
            yield from decision.requires

    def part(self, id: str) -> InputData | DecisionNode | KnowledgeModel | DecisionService | None:
        """The part with that id; None where there is none."""
        parts: tuple[InputData | DecisionNode | KnowledgeModel | DecisionService, ...]
        parts = (*self.inputs, *self.decisions, *self.knowledge, *self.services)
        return next((part for part in parts if part.id == id), None)

    @property
    def problems(self) -> tuple[RuleError, ...]:
        """What cannot be evaluated, of a model read with ``strict=False``."""
        parts: tuple[DecisionNode | KnowledgeModel, ...] = (*self.decisions, *self.knowledge)
        return tuple(part.problem for part in parts if part.problem is not None)

    def with_file(self, file: str) -> "Model":
        return replace(self, file=file)


_NO_DECISION = mark("there is no decision “%(name)s”; there are: %(names)s.")
_WHICH = mark("several decisions are required by no other; name one of these: %(names)s.")
