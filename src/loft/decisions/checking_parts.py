"""What a decision rests on: the decisions and knowledge it requires, the tables inside them, and the names they use."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from loft.decisions.feel.ast import Node
from loft.decisions.feel.needs import needs
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import (
    DecisionNode,
    DecisionService,
    DecisionTable,
    FunctionLogic,
    InputData,
    KnowledgeModel,
    Model,
)


@dataclass(frozen=True)
class Inner:
    """A table, the part it belongs to, the type of its outcome where that is told, and the names that are facts to it."""

    table: DecisionTable
    owner: str
    type: Type
    facts: frozenset[str]


def closure(model: Model, node: DecisionNode) -> tuple[DecisionNode | KnowledgeModel, ...]:
    """*node* and the decisions and knowledge it requires, the required ones first. Parts of other models are left out."""
    found: dict[str, DecisionNode | KnowledgeModel] = {}
    waiting: list[DecisionNode | KnowledgeModel] = [node]
    while waiting:
        part = waiting.pop()
        found.pop(_key(part), None)
        found[_key(part)] = part
        ids = (*part.requires, *part.knowledge) if isinstance(part, DecisionNode) else part.knowledge
        for other in map(model.part, ids):
            if isinstance(other, DecisionService):
                inner = map(model.part, (*other.outputs, *other.encapsulated))
                waiting.extend(d for d in inner if isinstance(d, DecisionNode) and _key(d) not in found)
            elif isinstance(other, DecisionNode | KnowledgeModel) and _key(other) not in found:
                waiting.append(other)
    return tuple(reversed(found.values()))


def _key(part: DecisionNode | KnowledgeModel) -> str:
    return part.id or part.name


def tables(model: Model, part: DecisionNode | KnowledgeModel) -> Iterator[Inner]:
    """The tables in one part, wherever they stand in its logic."""
    facts = frozenset(given.name for given in model.inputs)
    for value, parameters in _parts(part.logic, frozenset()):
        if isinstance(value, DecisionTable):
            whole = value is part.logic or (isinstance(part.logic, FunctionLogic) and value is part.logic.body)
            yield Inner(value, part.name, part.type if whole else ANY, facts | parameters)


def names(part: DecisionNode | KnowledgeModel) -> frozenset[str]:
    """The names that the expressions and cells of a part look up."""
    found: set[str] = set()
    for value, _ in _parts(part.logic, frozenset()):
        if isinstance(value, Node):
            found |= needs(value)
    return frozenset(found)


def unused(model: Model, node: DecisionNode) -> list[InputData]:
    """The facts that the decision requires, itself or through others, or that no decision of the model requires, and that nothing uses."""
    parts = closure(model, node)
    ids = {one for part in parts if isinstance(part, DecisionNode) for one in part.requires}
    elsewhere = {one for decision in model.decisions for one in decision.requires} - ids
    services = {one for service in model.services for one in service.input_data}
    used = frozenset[str]().union(*map(names, parts))
    return [given for given in model.inputs if given.id not in elsewhere | services and given.name not in used]


def _parts(value: object, parameters: frozenset[str]) -> Iterator[tuple[object, frozenset[str]]]:
    """All that logic consists of, with the parameters of the functions around it. Expressions are not taken apart."""
    waiting: list[tuple[object, frozenset[str]]] = [(value, parameters)]
    while waiting:
        value, parameters = waiting.pop()
        if isinstance(value, tuple):
            waiting.extend((part, parameters) for part in reversed(value))
        elif is_dataclass(value) and not isinstance(value, type | Type):
            yield value, parameters
            if isinstance(value, FunctionLogic):
                parameters |= {name for name, _ in value.parameters}
            if not isinstance(value, Node):
                waiting.extend((getattr(value, field.name), parameters) for field in reversed(fields(value)))
