"""A model as DMN XML: 1.5, or 1.4 and 1.3 on request. The same model always gives the same text.

Diagrams are not written: the tool that opens the file lays it out anew. What DMN has no place for is kept in extension elements.
"""

from collections.abc import Iterable
from typing import Final

from loft.decisions.dmn.extension import SPACE
from loft.decisions.dmn.reader import VERSIONS
from loft.decisions.dmn.writer_logic import logic_element
from loft.decisions.dmn.writing import Tag, made_id, rendered, texts, type_ref
from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.types import Type
from loft.decisions.model import (
    Cell,
    DecisionNode,
    DecisionService,
    Head,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Model,
)
from loft.language import mark

_SPACES: Final = {version: space for space, version in VERSIONS.items()}
_WRITTEN: Final = ("1.5", "1.4", "1.3")


def write_dmn(model: Model, *, version: str = "1.5") -> str:
    """*model* as DMN XML of that version; reading it gives the same model, except its ``version`` and ``file``.

    Parts without an id get one made from their name. A model that uses boxed conditionals, filters or iterators cannot be said in 1.3:
    ``RuleError``. Imported models are named, not written.
    """
    if version not in _WRITTEN:
        raise RuleError(_VERSION, Place(model.file, text=version), names=", ".join(_WRITTEN))
    root = Tag("definitions")
    root.set("xmlns", _SPACES[version]).set("xmlns:loft", SPACE)
    root.set("id", model.id).set("name", model.name, always=True).set("namespace", model.namespace, always=True)
    root.text("description", model.description)
    root.extension(_head(model.head))
    root.add(_import(one, version) for one in model.imports)
    root.add(_item("itemDefinition", one) for one in model.items)
    root.add(_input(one) for one in model.inputs)
    given = _given(model)
    root.add(_decision(one, _place(model, one), version, given) for one in model.decisions)
    root.add(_knowledge(one, _place(model, one), version) for one in model.knowledge)
    root.add(_service(one) for one in model.services)
    return rendered(root)


def _head(head: Head) -> list[Tag]:
    own = Tag("loft:head").set("rule", head.rule).set("version", head.version)
    own.set("validFrom", head.valid_from.isoformat() if head.valid_from else "")
    own.set("validTo", head.valid_to.isoformat() if head.valid_to else "").set("source", head.source)
    return [*([own] if own.attributes else []), *texts("loft:title", head.title)]


def _import(one: Import, version: str) -> Tag:
    tag = Tag("import").set("name", one.name, always=True).set("namespace", one.namespace, always=True)
    return tag.set("importType", _SPACES[version])


def _item(name: str, item: ItemDefinition) -> Tag:
    tag = Tag(name).set("id", item.id).set("name", item.name, always=True).set("label", item.label)
    if item.collection:
        tag.set("isCollection", "true")
    if item.function:
        inner = Tag("functionItem").set("outputTypeRef", item.type_ref)
        parameters = (
            Tag("parameters").set("id", one.id).set("name", one.name).set("typeRef", one.type_ref) for one in item.parts
        )
        return tag.add([inner.add(parameters)])
    if not item.parts:
        tag.text("typeRef", item.type_ref)
    tag.add(_values("allowedValues", item.allowed))
    tag.add(_values("typeConstraint", item.constraint))
    return tag.add(_item("itemComponent", one) for one in item.parts)


def _values(name: str, cell: Cell | None) -> list[Tag]:
    return [] if cell is None else [Tag(name).set("id", cell.id).text("text", cell.text)]


def _input(part: InputData) -> Tag:
    own = [*texts("loft:label", part.label), *texts("loft:question", part.question), *texts("loft:why", part.why)]
    if part.unit:
        own.append(Tag("loft:unit", part.unit))
    if part.cost != 1.0:
        own.append(Tag("loft:cost", repr(part.cost)))
    return _named("inputData", part, own).add([_variable(part.name, part.type)])


def _decision(part: DecisionNode, place: Place, version: str, given: frozenset[str]) -> Tag:
    tag = _named("decision", part, list(texts("loft:label", part.label)))
    tag.text("question", part.question).text("allowedAnswers", part.allowed_answers)
    tag.add([_variable(part.name, part.type)])
    for reference in part.requires:
        name = "requiredInput" if reference in given else "requiredDecision"
        tag.add([Tag("informationRequirement").add([_reference(name, reference)])])
    tag.add(_requirements(part.knowledge))
    return tag.add([] if part.logic is None else [logic_element(part.logic, place=place, version=version)])


def _knowledge(part: KnowledgeModel, place: Place, version: str) -> Tag:
    tag = _named("businessKnowledgeModel", part, []).add([_variable(part.name, part.type)])
    if part.logic is not None:
        tag.add([logic_element(part.logic, place=place, version=version, name="encapsulatedLogic")])
    return tag.add(_requirements(part.knowledge))


def _place(model: Model, part: DecisionNode | KnowledgeModel) -> Place:
    """Where a part is; one that could not be read cannot be written."""
    place = Place(model.file, part.name)
    if part.problem is not None:
        raise part.problem
    return place


def _service(part: DecisionService) -> Tag:
    tag = Tag("decisionService").set("id", part.id or made_id("decisionService", part.name)).set("name", part.name)
    tag.add([_variable(part.name, part.type)])
    for name, references in (
        ("outputDecision", part.outputs),
        ("encapsulatedDecision", part.encapsulated),
        ("inputDecision", part.input_decisions),
        ("inputData", part.input_data),
    ):
        tag.add(_reference(name, one) for one in references)
    return tag


def _named(name: str, part: InputData | DecisionNode | KnowledgeModel, own: Iterable[Tag]) -> Tag:
    tag = Tag(name).set("id", part.id or made_id(name, part.name)).set("name", part.name, always=True)
    return tag.text("description", part.description).extension(list(own))


def _variable(name: str, type_: Type) -> Tag:
    return Tag("variable").set("name", name).set("typeRef", type_ref(type_))


def _requirements(references: Iterable[str]) -> list[Tag]:
    return [Tag("knowledgeRequirement").add([_reference("requiredKnowledge", one)]) for one in references]


def _reference(name: str, reference: str) -> Tag:
    return Tag(name).set("href", reference if "#" in reference else f"#{reference}")


def _given(model: Model) -> frozenset[str]:
    """The references of all input data, the imported ones too."""
    imported = (f"{one.namespace}#{part.id}" for one in model.imports for part in one.model.inputs)
    return frozenset([*(part.id for part in model.inputs), *imported])


_VERSION = mark("that version of DMN cannot be written. Choose one of %(names)s.")
