"""The names that the logic of a decision may use: what it requires, and nothing else (DMN 1.5, 6.3.7 and 10.4)."""

from collections.abc import Iterable, Iterator
from typing import Final

from loft.decisions.dmn.xml import Element
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.names import Names
from loft.decisions.feel.types import Type
from loft.decisions.graph import parts_of, results_of
from loft.decisions.model import DecisionNode, DecisionService, Import, InputData, KnowledgeModel
from loft.language import mark

MOST_NAMES: Final = 10_000
"""Different names of parts in one model."""

Known = dict[str, tuple[str, Type]]
"""The parts of a model by reference: the name each has in scope and its type."""


def known_in(
    *,
    inputs: Iterable[InputData],
    decisions: Iterable[DecisionNode],
    knowledge: Iterable[KnowledgeModel],
    services: Iterable[DecisionService],
) -> Known:
    """The names and types of these parts by id."""
    known: Known = {one.id: (one.name, one.type) for one in inputs}
    known.update((one.id, (one.name, one.type)) for one in decisions)
    known.update((one.id, (one.name, _function(one))) for one in knowledge)
    known.update((one.id, (one.name, _function(one))) for one in services)
    return known


def through(imports: Iterable[Import]) -> Iterator[Import]:
    """These imports, each followed by those that it passes on: one without a name, what its model imports without a name. Once each."""
    left = list(imports)[::-1]
    seen: set[str] = set()
    while left:
        one = left.pop()
        if one.name:
            yield one
        elif one.namespace not in seen:
            seen.add(one.namespace)
            yield one
            left.extend(inner for inner in reversed(one.model.imports) if not inner.name)


def passed_on(imports: Iterable[Import]) -> dict[str, str]:
    """The references ``namespace#id``, by id, of parts that imports without a name make the model's own; the first is meant."""
    found: dict[str, str] = {}
    for one in through(imports):
        for part in () if one.name else parts_of(one.model):
            found.setdefault(part.id, f"{one.model.namespace}#{part.id}")
    return found


def known_through(one: Import) -> Known:
    """The names and types of an imported model's parts, by ``namespace#id``."""
    model = one.model
    known = known_in(inputs=model.inputs, decisions=model.decisions, knowledge=model.knowledge, services=model.services)
    return {f"{model.namespace}#{id_}": found for id_, found in known.items()}


def names_for(required: Iterable[str], *, known: Known, imports: Iterable[Import], base: Names, place: Place) -> Names:
    """The names in scope of what requires these. Raises ``RuleError`` for what is required and is not there."""
    types: dict[str, Type] = {}
    under: dict[str, dict[str, Type]] = {}
    prefixes: dict[str, list[str]] = {}
    for one in imports:
        prefixes.setdefault(one.namespace, []).append(one.name)
    for reference in required:
        if reference not in known:
            raise RuleError(_MISSING, place, name=reference)
        name, type_ = known[reference]
        space, sign, _ = reference.rpartition("#")
        for prefix in prefixes.get(space, [""]) if sign else [""]:
            (under.setdefault(prefix, {}) if prefix else types)[name] = type_
    packed = {prefix: Type("context", parts=tuple(parts.items())) for prefix, parts in under.items()}
    return base.having({**types, **packed})


def _function(part: KnowledgeModel | DecisionService) -> Type:
    if isinstance(part, DecisionService):
        return Type("function", member=results_of(part))
    parameters = part.logic.parameters if part.logic else ()
    return Type("function", member=results_of(part), parameters=tuple(type_ for _, type_ in parameters))


def parts_in(root: Element, imports: Iterable[Import]) -> frozenset[str]:
    """The names of parts that occur anywhere in a model or what it imports: components, entries, outputs, columns."""
    found: set[str] = set()
    left = [root]
    while left:
        element = left.pop()
        left.extend(element.children)
        if element.name in ("itemComponent", "output", "column"):
            found.add(element.get("name"))
        elif element.name == "contextEntry":
            found.update(one.get("name") for one in element.all("variable"))
        elif element.name in ("decision", "inputData", "businessKnowledgeModel", "decisionService"):
            found.add(element.get("name"))
    for one in imports:
        found.update(one.model.extra.get("parts", ()))
        found.update(part.name for part in parts_of(one.model))
    if len(found) > MOST_NAMES:
        raise TooLarge(_MANY, most=f"{MOST_NAMES:,}")
    return frozenset(found - {""})


_MANY = mark("the model has more than %(most)s different names of parts. Split it into several models.")
_MISSING = mark("it requires “%(name)s”, which is not there. Add that part, or remove the requirement.")
