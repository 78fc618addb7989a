"""The values that a fact may have: written beside the fact, as a type that is called as the fact is."""

from collections.abc import Iterator
from dataclasses import replace

from loft.decisions.feel.ast import Name
from loft.decisions.feel.types import Type
from loft.decisions.feel.writing import text_of
from loft.decisions.model import Cell, DecisionNode, DecisionTable, Input, ItemDefinition, Model
from loft.decisions.text.facts import limited_type


def with_named_limits(model: Model) -> Model:
    """*model* where a fact whose limits have no name has a type of its own, called as the fact; columns of the fact follow it."""
    taken = {each.name for each in model.items}
    made: dict[str, ItemDefinition] = {}
    before: dict[str, Type] = {}
    for fact in model.inputs:
        limits = fact.type.allowed
        if limits is not None and not fact.type.name and fact.type.constraint is None and fact.name not in taken:
            base = replace(fact.type, allowed=None)
            made[fact.name] = limited_type(fact.name, base, Cell(text_of(limits), limits))
            before[fact.name] = fact.type
    if not made:
        return model

    def named(column: Input) -> Input:
        name = column.node.name if isinstance(column.node, Name) else ""
        return replace(column, type=made[name].type) if name in made and column.type == before[name] else column

    def followed(decision: DecisionNode) -> DecisionNode:
        if not isinstance(decision.logic, DecisionTable):
            return decision
        return replace(decision, logic=replace(decision.logic, inputs=tuple(map(named, decision.logic.inputs))))

    return replace(
        model,
        items=(*model.items, *made.values()),
        inputs=tuple(replace(f, type=made[f.name].type) if f.name in made else f for f in model.inputs),
        decisions=tuple(map(followed, model.decisions)),
    )


def nameless_limits(type_: Type) -> bool:
    """Whether something limits the values that no name stands for."""
    if type_.name:
        return False
    inside = (type_.member, *(part for _, part in type_.parts), *type_.parameters)
    return bool(type_.allowed or type_.constraint) or any(nameless_limits(each) for each in inside if each is not None)


def beside_facts(model: Model) -> dict[str, ItemDefinition]:
    """The types that only say what values one fact may have, by its name; they are written beside it."""
    named = {each.name: each for each in model.items if _only_limits(each)}
    used = {part.type_ref for each in model.items for part in (each, *_parts(each))}
    for fact in model.inputs:
        used |= {
            name for name in (fact.type.name, fact.type.member and fact.type.member.name) if name and name != fact.name
        }
    found = {fact.name: named[fact.name] for fact in model.inputs if fact.type.name == fact.name in named}
    return {name: each for name, each in found.items() if name not in used}


def _only_limits(item: ItemDefinition) -> bool:
    more = item.parts or item.constraint or item.id or item.label
    return item.allowed is not None and bool(item.type_ref) and not more


def _parts(item: ItemDefinition) -> Iterator[ItemDefinition]:
    for part in item.parts:
        yield part
        yield from _parts(part)
