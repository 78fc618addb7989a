"""What requires what in a model and the models it imports.

A reference is an id; another model's part is ``namespace#id``.
"""

from collections.abc import Iterable, Iterator, Mapping

from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import DecisionNode, DecisionService, InputData, KnowledgeModel, Model
from loft.language import mark

Part = InputData | DecisionNode | KnowledgeModel | DecisionService

DEEPEST_CALLS = 50
"""Business knowledge models and decision services that call each other."""


def parts_of(model: Model) -> tuple[Part, ...]:
    """All parts of a model itself."""
    return (*model.inputs, *model.decisions, *model.knowledge, *model.services)


def models_in(model: Model) -> Iterator[Model]:
    """The model, and each one it imports, once."""
    seen: set[str] = set()
    left = [model]
    while left:
        one = left.pop(0)
        key = one.namespace or one.name
        if key not in seen:
            seen.add(key)
            yield one
            left.extend(imported.model for imported in one.imports)


def full(reference: str, model: Model) -> str:
    """A reference as it is the same in all models: ``namespace#id``."""
    return reference if "#" in reference else f"{model.namespace}#{reference}"


def required_by(part: Part) -> tuple[str, ...]:
    """The references of what a part needs to be evaluated."""
    if isinstance(part, DecisionNode):
        return (*part.requires, *part.knowledge)
    if isinstance(part, KnowledgeModel):
        return part.knowledge
    if isinstance(part, DecisionService):
        return (*part.outputs, *part.encapsulated)
    return ()


def results_of(part: KnowledgeModel | DecisionService) -> Type:
    """What a call gives: the variable's type, or what that gives where it is a function's."""
    if part.type.kind == "function":
        return part.type.member or ANY
    return part.type


def check(model: Model) -> None:
    """Raises ``RuleError`` for requirements in a ring, ``TooLarge`` for calls deeper than ``DEEPEST_CALLS``.

    What a model imports was checked when that was read, and imports have no rings.
    """
    parts = {part.id: part for part in parts_of(model)}
    needs = {id_: [one for one in required_by(part) if one in parts] for id_, part in parts.items()}
    for part in model.services:
        # What is given to a service is not evaluated, so a service may be called by a decision that is given to it.
        given = {*part.input_decisions, *part.input_data}
        needs[part.id] = [one for one in needs[part.id] if one not in given]
    order = in_order(needs, place=Place(model.file), names={id_: part.name for id_, part in parts.items()})
    calls: dict[str, int] = {}
    for id_ in order:
        inner = max((calls[one] for one in needs[id_]), default=0)
        calls[id_] = inner + isinstance(parts[id_], KnowledgeModel | DecisionService)
        if calls[id_] > DEEPEST_CALLS:
            raise TooLarge(_DEEP, Place(model.file, parts[id_].name), most=DEEPEST_CALLS)


def in_order(needs: Mapping[str, Iterable[str]], *, place: Place, names: Mapping[str, str]) -> list[str]:
    """The keys of *needs*, each after what it needs. Raises ``RuleError`` that names a ring where there is one."""
    done: dict[str, None] = {}
    for start in needs:
        path: list[str] = []
        on_path: set[str] = set()
        left: list[tuple[str, bool]] = [(start, False)]
        while left:
            one, leaving = left.pop()
            if leaving:
                path.pop()
                on_path.discard(one)
                done[one] = None
            elif one in on_path:
                ring = [*path[path.index(one) :], one]
                told = " → ".join(names.get(each, each) for each in ring[:10])
                raise RuleError(_RING, Place(place.file, names.get(one, one)), names=told)
            elif one not in done:
                path.append(one)
                on_path.add(one)
                left.append((one, True))
                left.extend((each, False) for each in needs.get(one, ()))
    return list(done)


_RING = mark("decisions require each other in a ring: %(names)s. Break the ring.")
_DEEP = mark("more than %(most)s functions call each other. Write it with fewer levels.")
