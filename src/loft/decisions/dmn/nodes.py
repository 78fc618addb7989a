"""The parts of the requirements graph, read from their elements (DMN 1.5, chapter 6)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from loft.decisions.dmn import extension
from loft.decisions.dmn.logic import Reading, logic_in, read_function, read_logic, type_of
from loft.decisions.dmn.scope import Known, known_in, names_for, passed_on
from loft.decisions.dmn.writing import made_id
from loft.decisions.dmn.xml import Element
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.ast import Literal
from loft.decisions.feel.names import Names
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import (
    DecisionNode,
    DecisionService,
    FunctionLogic,
    Import,
    InputData,
    KnowledgeModel,
    LiteralExpression,
)

GRAPH: Final = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
"""Elements that are parts of the graph."""

_NULL: Final = LiteralExpression("null", Literal(None))


class Nodes:
    """All parts of a model: first their heads, so that each knows the names and types of the others, then their logic."""

    def __init__(
        self,
        root: Element,
        reading: Reading,
        *,
        known: Known,
        names: Names,
        imports: tuple[Import, ...],
        file: str,
        strict: bool,
    ) -> None:
        self.reading, self.names, self.imports, self.file, self.strict = reading, names, imports, file, strict
        self.namespace = root.get("namespace")
        own = {_id(one) for one in root.all(*GRAPH)}
        self._passed_on = {id_: one for id_, one in passed_on(imports).items() if id_ not in own}
        self.inputs = tuple(_input(one, reading) for one in root.all("inputData"))
        self.services = tuple(self._service(one) for one in root.all("decisionService"))
        self._decisions = [(self._decision(one), one) for one in root.all("decision")]
        self._knowledge = [(self._model(one), one) for one in root.all("businessKnowledgeModel")]
        self.known = known | known_in(
            inputs=self.inputs,
            decisions=[head for head, _ in self._decisions],
            knowledge=[head for head, _ in self._knowledge],
            services=self.services,
        )
        for service in self.services:
            self._names((*service.outputs, *service.encapsulated, *_given(service)), service.name)

    def decisions(self) -> tuple[DecisionNode, ...]:
        """The decisions with their logic."""
        return tuple(self._filled(head, element) for head, element in self._decisions)

    def knowledge(self) -> tuple[KnowledgeModel, ...]:
        """The business knowledge models with their logic."""
        return tuple(self._embodied(head, element) for head, element in self._knowledge)

    def _filled(self, head: DecisionNode, element: Element) -> DecisionNode:
        inner = logic_in(element)
        try:
            names = self._names((*head.requires, *head.knowledge), head.name)
            return head if inner is None else replace(head, logic=read_logic(inner, names, self.reading))
        except RuleError as error:
            problem = self._problem(error, head.name)
        return replace(
            head, requires=self._there(head.requires), knowledge=self._there(head.knowledge), problem=problem
        )

    def _embodied(self, head: KnowledgeModel, element: Element) -> KnowledgeModel:
        inner = element.first("encapsulatedLogic")
        try:
            names = self._names(head.knowledge, head.name)
            return head if inner is None else replace(head, logic=read_function(inner, names, self.reading))
        except RuleError as error:
            problem = self._problem(error, head.name)
        return replace(head, knowledge=self._there(head.knowledge), problem=problem)

    def _there(self, references: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the references that lead somewhere."""
        return tuple(one for one in references if one in self.known)

    def _problem(self, error: RuleError, name: str) -> RuleError:
        """The error with its place; raised unless the reader is lenient, and always where bounds are passed."""
        placed = error.at(Place(self.file, name))
        if self.strict or isinstance(error, TooLarge):
            raise placed from None
        return placed

    def _names(self, required: Iterable[str], name: str) -> Names:
        place = Place(self.file, name)
        return names_for(required, known=self.known, imports=self.imports, base=self.names, place=place)

    def _service(self, element: Element) -> DecisionService:
        return DecisionService(
            name=element.get("name"),
            outputs=self._references(element.all("outputDecision")),
            encapsulated=self._references(element.all("encapsulatedDecision")),
            input_decisions=self._references(element.all("inputDecision")),
            input_data=self._references(element.all("inputData")),
            type=_variable(element, self.reading),
            id=_id(element),
        )

    def _decision(self, element: Element) -> DecisionNode:
        return DecisionNode(
            name=element.get("name"),
            logic=None,
            type=_variable(element, self.reading),
            requires=self._required(element, "informationRequirement", "requiredInput", "requiredDecision"),
            knowledge=self._required(element, "knowledgeRequirement", "requiredKnowledge"),
            id=_id(element),
            label=extension.texts(element, "label"),
            question=element.text_of("question"),
            allowed_answers=element.text_of("allowedAnswers"),
            description=element.text_of("description"),
        )

    def _model(self, element: Element) -> KnowledgeModel:
        return KnowledgeModel(
            name=element.get("name"),
            logic=_promised(element.first("encapsulatedLogic"), self.reading),
            knowledge=self._required(element, "knowledgeRequirement", "requiredKnowledge"),
            type=_variable(element, self.reading),
            id=_id(element),
            description=element.text_of("description"),
        )

    def _required(self, element: Element, name: str, *inside: str) -> tuple[str, ...]:
        found = [one for requirement in element.all(name) for one in requirement.all(*inside)]
        return self._references(found)

    def _references(self, elements: Iterable[Element]) -> tuple[str, ...]:
        """What these point to, each once: an id of this model, or ``namespace#id``. Imports without a name add to the model's own ids."""
        found: dict[str, None] = {}
        for element in elements:
            space, _, id_ = element.get("href").rpartition("#")
            own = space in ("", self.namespace)
            found[self._passed_on.get(id_, id_) if own else f"{space}#{id_}"] = None
        return tuple(found)


def _input(element: Element, reading: Reading) -> InputData:
    return InputData(
        name=element.get("name"),
        type=_variable(element, reading),
        id=_id(element),
        label=extension.texts(element, "label"),
        question=extension.texts(element, "question"),
        why=extension.texts(element, "why"),
        unit=extension.text(element, "unit").strip(),
        cost=extension.cost(element),
        description=element.text_of("description"),
    )


def _promised(inner: Element | None, reading: Reading) -> FunctionLogic | None:
    """The parameters of a business knowledge model, before its body is read."""
    if inner is None:
        return None
    return FunctionLogic(tuple((one.get("name"), type_of(one, reading)) for one in inner.all("formalParameter")), _NULL)


def _given(service: DecisionService) -> tuple[str, ...]:
    return (*service.input_decisions, *service.input_data)


def _variable(element: Element, reading: Reading) -> Type:
    """The type of the part's variable."""
    variable = element.first("variable")
    if variable is None:
        return ANY
    try:
        return type_of(variable, reading)
    except RuleError as error:
        raise error.at(Place(decision=element.get("name"))) from None


def _id(element: Element) -> str:
    """The part's id; made from its name where it has none, so that a second reading gives the same."""
    return element.get("id") or made_id(element.name, element.get("name"))
