"""A rule read from its Markdown text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.names import Names
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import (
    DecisionNode,
    FunctionLogic,
    ItemDefinition,
    KnowledgeModel,
    LiteralExpression,
    Logic,
    Model,
)
from loft.decisions.text.facts import Facts
from loft.decisions.text.identities import made_ids
from loft.decisions.text.keys import HEAD, fields, head_of, texts_of, value
from loft.decisions.text.lines import Section, lines_of, place, sections
from loft.decisions.text.parts import Body, Sections, body_of, facts_and_types, sorted_out
from loft.decisions.text.scope import Scope
from loft.decisions.text.table import Setting, output_types, read_table
from loft.decisions.text.used import used_names
from loft.language import mark

MOST_FUNCTIONS = 500
"""Functions in one rule."""


def read_text(text: str, *, file: str = "") -> Model:
    """The model that *text* says; the form is told in ``loft.decisions.text``.

    ``Model.extra["examples"]`` keeps the text under “Examples” (``loft.decisions.examples`` reads it). Raises ``RuleError`` with file,
    line, decision, row and column; ``TooLarge`` past 20 million characters or ``model.LARGEST`` rows.
    """
    lines = lines_of(text, file=file)
    found = sorted_out(sections(lines, file=file), file=file)
    facts, types = facts_and_types(found, file=file)
    known = frozenset((*(fact.name for fact in facts.inputs), *(name for name, _ in found.decisions)))
    decisions = tuple(body_of(n, s, types, known, function=False, file=file) for n, s in found.decisions)
    if len(found.functions) > MOST_FUNCTIONS:
        raise TooLarge(_FUNCTIONS, Place(file), here=len(found.functions), most=MOST_FUNCTIONS)
    functions = tuple(body_of(n, s, types, known, function=True, file=file) for n, s in found.functions)
    return _model(found, facts, types, decisions, functions, lines, file)


def _model(
    found: Sections,
    facts: Facts,
    types: Mapping[str, Type],
    decisions: tuple[Body, ...],
    functions: tuple[Body, ...],
    lines: tuple[str, ...],
    file: str,
) -> Model:
    said = fields(found.head, HEAD, ("title",), file=file)
    ids = {fact.name: fact.id for fact in facts.inputs}
    for kind, bodies in (("decision", decisions), ("function", functions)):
        _no_name_twice(bodies, ids, file)
        kept = {body.name: value(body.said, "id") for body in bodies}
        ids |= made_ids(kind, tuple(body.name for body in bodies), {name: own for name, own in kept.items() if own})
    _no_id_twice(ids, file)
    names = Names(_names(facts, types, decisions, functions, file), _part_names(facts.items, decisions), types)
    order = {name: at for at, name in enumerate(ids)}
    named = Named(ids, order, {body.name: names.type_of(body.name) for body in functions})
    everything = Scope(names)
    knowledge = tuple(_function(body, names, types, named, file) for body in functions)
    nodes = tuple(_decision(body, everything, types, named, file) for body in decisions)
    model = Model(
        name=found.head.heading,
        namespace=value(said, "namespace"),
        id=value(said, "id"),
        head=head_of(said),
        items=facts.items,
        inputs=facts.inputs,
        decisions=nodes,
        knowledge=knowledge,
        file=file,
        description=found.head.description,
        extra={"examples": _examples(found.examples, lines)} if found.examples else {},
    )
    _no_circles(model, file)
    return model


def _names(
    facts: Facts, types: Mapping[str, Type], decisions: tuple[Body, ...], functions: tuple[Body, ...], file: str
) -> dict[str, Type]:
    """The names in scope everywhere, with their types."""
    names = {fact.name: fact.type for fact in facts.inputs}
    for body in decisions:
        names[body.name] = body.type
        table = body.table
        if (
            body.type == ANY
            and table is not None
            and len(table.columns.outputs) > 1
            and table.columns.hit_policy.single
        ):
            setting = Setting(file, body.name, types, Scope())
            columns = zip(table.columns.outputs, output_types(table, setting), strict=True)
            names[body.name] = Type("context", parts=tuple((name, kind) for (_, name), kind in columns))
    for body in functions:
        names[body.name] = Type("function", body.type, parameters=tuple(kind for _, kind in body.parameters))
    return names


def _part_names(items: Iterable[ItemDefinition], decisions: Iterable[Body]) -> frozenset[str]:
    """Names of parts of values anywhere in the rule."""
    names = {name for body in decisions if body.table is not None for _, name in body.table.columns.outputs}
    waiting = list(items)
    while waiting:
        parts = waiting.pop().parts
        names |= {part.name for part in parts}
        waiting += parts
    return frozenset(names - {""})


@dataclass(frozen=True)
class Named:
    """The id and the place in order of each name, and the types of the functions among them."""

    ids: Mapping[str, str]
    order: Mapping[str, int]
    functions: Mapping[str, Type]


def _decision(body: Body, everything: Scope, types: Mapping[str, Type], named: Named, file: str) -> DecisionNode:
    scope = everything if body.requires is None else Scope(_only(everything.names, body, file))
    logic = _logic(body, scope, types, file)
    requires, knowledge = _requirements(body, logic, named)
    return DecisionNode(
        name=body.name,
        logic=logic,
        type=body.type,
        requires=requires,
        knowledge=knowledge,
        id=named.ids[body.name],
        label=texts_of(body.said, "label"),
        question=value(body.said, "question"),
        allowed_answers=value(body.said, "allowed answers"),
        description=body.section.description,
    )


def _function(body: Body, names: Names, types: Mapping[str, Type], named: Named, file: str) -> KnowledgeModel:
    inside = _only(names, body, file) if body.requires is not None else names
    functions = {name: kind for name, kind in named.functions.items() if inside.known(name)}
    logic = _logic(body, Scope(replace(names, types={**functions, **dict(body.parameters)})), types, file)
    _, knowledge = _requirements(body, logic, named, own=frozenset(name for name, _ in body.parameters))
    return KnowledgeModel(
        name=body.name,
        logic=FunctionLogic(body.parameters, logic),
        knowledge=knowledge,
        type=body.type,
        id=named.ids[body.name],
        description=body.section.description,
    )


def _logic(body: Body, scope: Scope, types: Mapping[str, Type], file: str) -> Logic:
    if body.table is not None:
        return read_table(body.table, Setting(file, body.name, types, scope))
    fence = body.section.fences[0]
    where = place(file, fence.line, decision=body.name)
    if fence.language not in ("feel", ""):
        raise RuleError(_NOT_FEEL, where, language=fence.language)
    return LiteralExpression(fence.text, scope.expression(fence.text, replace(where, text=fence.text)))


def _only(names: Names, body: Body, file: str) -> Names:
    """*names* that the line “requires” names."""
    wanted = body.requires or ()
    for name in wanted:
        if not names.known(name):
            where = body.said["requires"].place
            raise RuleError(_NOT_THERE, where, name=name, names=", ".join(names.types))
    return replace(names, types={name: names.type_of(name) for name in wanted})


def _requirements(
    body: Body, logic: Logic, named: Named, own: frozenset[str] = frozenset()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of facts and decisions, and of functions, that the decision requires, in the order of the rule."""
    used = frozenset(body.requires) if body.requires is not None else used_names(logic) - own
    found = sorted(used & named.ids.keys(), key=named.order.__getitem__)
    functions = tuple(named.ids[name] for name in found if name in named.functions)
    return tuple(named.ids[name] for name in found if name not in named.functions), functions


def _examples(found: tuple[Section, ...], lines: tuple[str, ...]) -> str:
    """The text of the sections with examples, headings included."""
    starts = [section.line for section in found]
    kept = []
    for start in starts:
        end = next((n for n in range(start, len(lines)) if lines[n].startswith("#")), len(lines))
        kept.append("\n".join(lines[start - 1 : end]).strip())
    return "\n\n".join(kept)


def _no_name_twice(bodies: tuple[Body, ...], taken: Mapping[str, str], file: str) -> None:
    seen = set(taken)
    for body in bodies:
        if body.name in seen:
            raise RuleError(_TWICE, place(file, body.section.line, decision=body.name), name=body.name)
        seen.add(body.name)


def _no_id_twice(ids: Mapping[str, str], file: str) -> None:
    seen: dict[str, str] = {}
    for name, own in ids.items():
        if own in seen:
            raise RuleError(_SAME_ID, Place(file), id=own, first=seen[own], second=name)
        seen[own] = name


def _no_circles(model: Model, file: str) -> None:
    """Raises ``RuleError`` where decisions, or functions, require each other in a circle."""
    names = {decision.id: decision.name for decision in model.decisions}
    names |= {function.id: function.name for function in model.knowledge}
    graph = {decision.id: tuple(part for part in decision.requires if part in names) for decision in model.decisions}
    graph |= {function.id: function.knowledge for function in model.knowledge}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        told = " → ".join(names[part] for part in reversed(circle.args[1]))
        raise RuleError(_CIRCLE, Place(file, names[circle.args[1][0]]), names=told) from None


_FUNCTIONS = mark("the rule has %(here)s functions; the most is %(most)s. Split it.")
_NOT_FEEL = mark("the block is in “%(language)s”. Rules are written in FEEL: ```feel.")
_NOT_THERE = mark("“%(name)s” is required but is not in this rule; there are: %(names)s.")
_TWICE = mark("the name “%(name)s” stands for two things. Give facts, decisions and functions different names.")
_SAME_ID = mark("“%(first)s” and “%(second)s” have the same id “%(id)s”. Change one of them.")
_CIRCLE = mark("decisions require each other in a circle: %(names)s. Take one of these requirements away.")
