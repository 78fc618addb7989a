"""A model written as its Markdown text."""

from collections.abc import Mapping, Sequence

from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.types import Type
from loft.decisions.model import (
    DecisionNode,
    DecisionTable,
    FunctionLogic,
    ItemDefinition,
    KnowledgeModel,
    LiteralExpression,
    Logic,
    Model,
)
from loft.decisions.text.cells import written
from loft.decisions.text.identities import made_ids
from loft.decisions.text.keys import head_lines, line, remark_lines, text_lines
from loft.decisions.text.limits import beside_facts
from loft.decisions.text.plain import plain
from loft.decisions.text.reader import read_text
from loft.decisions.text.types import type_text
from loft.decisions.text.used import texts_in, used_names
from loft.decisions.text.write_table import table_lines, told_type, types_in_scope
from loft.language import mark


def write_text(model: Model) -> str:
    """*model* as Markdown: the same text for the same model, and read again it is the same model (``plain.plain``).

    Kept is what ``loft.decisions.text`` names. Raises ``RuleError`` with the decision for what the form cannot say.
    """
    said = plain(model)
    text = "\n\n".join("\n".join(block) for block in _blocks(said) if block) + "\n"
    if model.extra.get("examples"):
        text += f"\n{model.extra['examples']}\n"
    _check(said, text, model.file)
    return text


def _blocks(model: Model) -> list[list[str]]:
    own = [line(key, value) for key, value in (("namespace", model.namespace), ("id", model.id)) if value]
    blocks = [[f"# {model.name}"], [*head_lines(model.head), *own], remark_lines(model.description)]
    beside = beside_facts(model)
    types = [each for each in model.items if each.name not in beside]
    if types:
        rows = [row for each in types for row in _type_rows(each, "")]
        blocks += [["## Types"], _without_empty(("type", "is", "allowed", "constraint", "label", "id"), rows)]
    if model.inputs:
        blocks += [["## Facts"], *_fact_blocks(model, beside)]
    types_here = types_in_scope(model)
    for decision in model.decisions:
        blocks += _decision_blocks(decision, model, types_here)
    for function in model.knowledge:
        blocks += _function_blocks(function, model, types_here)
    return blocks


def _without_empty(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table without the columns that are empty; the first is kept."""
    kept = [0, *(at for at in range(1, len(heads)) if any(row[at] for row in rows))]
    return written([heads[at] for at in kept], [[row[at] for at in kept] for row in rows])


def _type_rows(item: ItemDefinition, dots: str) -> list[tuple[str, ...]]:
    limits = tuple(cell.text if cell else "" for cell in (item.allowed, item.constraint))
    kind = item.type_ref
    if item.collection:
        kind = f"list of {kind}" if kind else "list"
    own = (f"{dots}{item.name}", kind, *limits, item.label, item.id)
    return [own, *(row for part in item.parts for row in _type_rows(part, f"{dots}."))]


# --- facts ----------------------------------------------------------------------------------------------------------


def _fact_blocks(model: Model, beside: dict[str, ItemDefinition]) -> list[list[str]]:
    languages = sorted({code for fact in model.inputs for code, _ in fact.label.pairs}, key=_rank)
    made = made_ids("fact", tuple(fact.name for fact in model.inputs), {})
    rows = []
    for fact in model.inputs:
        item = beside.get(fact.name)
        kind = _base(item) if item is not None else type_text(fact.type)
        allowed = item.allowed.text if item is not None and item.allowed is not None else ""
        cost = "" if fact.cost == 1 else repr(fact.cost).removesuffix(".0")
        own = "" if fact.id == made[fact.name] else fact.id
        labels = [fact.label.get(code) for code in languages]
        rows.append([fact.name, "" if kind == "Any" else kind, allowed, fact.unit, cost, *labels, own])
    heads = ["fact", "type", "allowed", "unit", "cost", *(f"label {code}" for code in languages), "id"]
    blocks = [_without_empty(heads, rows)]
    for fact in model.inputs:
        texts = [*text_lines("question", fact.question), *text_lines("why", fact.why)]
        if texts or fact.description:
            blocks += [[f"### {fact.name}"], remark_lines(fact.description), texts]
    return blocks


def _base(item: ItemDefinition) -> str:
    return f"list of {item.type_ref}" if item.collection else item.type_ref


def _rank(code: str) -> tuple[int, str]:
    return {"nb": 0, "nn": 1, "en": 2}.get(code, 3), code


# --- decisions and functions ----------------------------------------------------------------------------------------


def _decision_blocks(decision: DecisionNode, model: Model, types: Mapping[str, Type]) -> list[list[str]]:
    names = [each.name for each in model.decisions]
    lines = [*_id_line("decision", decision.name, decision.id, names), *text_lines("label", decision.label)]
    pairs = (("question", decision.question), ("allowed answers", decision.allowed_answers))
    lines += [line(key, value) for key, value in pairs if value]
    if decision.type != told_type(decision.logic):
        lines.append(line("type", type_text(decision.type)))
    lines += _requires_line(decision.logic, (*decision.requires, *decision.knowledge), model, own=frozenset())
    return [[f"## Decision: {decision.name}"], lines, remark_lines(decision.description), _logic(decision.logic, types)]


def _function_blocks(function: KnowledgeModel, model: Model, types: Mapping[str, Type]) -> list[list[str]]:
    logic = function.logic
    assert isinstance(logic, FunctionLogic)
    parameters = ", ".join(
        name if kind.kind == "Any" else f"{name}: {type_text(kind)}" for name, kind in logic.parameters
    )
    lines = _id_line("function", function.name, function.id, [each.name for each in model.knowledge])
    if type_text(function.type) != "Any":
        lines.append(line("type", type_text(function.type)))
    own = frozenset(name for name, _ in logic.parameters)
    lines += _requires_line(logic.body, function.knowledge, model, own=own)
    heading = f"## Function: {function.name}({parameters})"
    functions = {each.name: types[each.name] for each in model.knowledge}
    return [
        [heading],
        lines,
        remark_lines(function.description),
        _logic(logic.body, functions | dict(logic.parameters)),
    ]


def _id_line(kind: str, name: str, own: str, names: list[str]) -> list[str]:
    return [] if made_ids(kind, tuple(names), {})[name] == own else [line("id", own)]


def _requires_line(logic: Logic | None, required: Sequence[str], model: Model, *, own: frozenset[str]) -> list[str]:
    """The names required, where the names used would not tell them, or where another name could be read into the text (``a-b``)."""
    names = {part.id: part.name for part in model.inputs}
    names |= {part.id: part.name for part in model.decisions}
    names |= {part.id: part.name for part in model.knowledge}
    found = (used_names(logic) - own) & set(names.values())
    said = [names.get(each, each) for each in required]
    misread = (name for name in set(names.values()).difference(said) if not name.isidentifier())
    text = "\n".join(texts_in(logic))
    if found == set(said) and not any(name in text for name in misread):
        return []
    return [line("requires", ", ".join(said))]


def _logic(logic: Logic | None, types: Mapping[str, Type]) -> list[str]:
    if isinstance(logic, DecisionTable):
        return table_lines(logic, types)
    assert isinstance(logic, LiteralExpression)
    return ["```feel", *logic.text.split("\n"), "```"]


def _check(said: Model, text: str, file: str) -> None:
    """Raises ``RuleError`` where the text would not be read as what it was written from."""
    again = read_text(text)
    if again == said:
        return
    for kind in ("decisions", "knowledge"):
        for one, other in zip(getattr(said, kind), getattr(again, kind), strict=False):
            if one != other:
                raise RuleError(_NOT_SAID, Place(file, one.name))
    raise RuleError(_NOT_SAID, Place(file))


_NOT_SAID = mark("this has something that a text cannot say. Keep the rule as DMN.")
