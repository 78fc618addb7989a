"""A model as the text form can say it: texts on one line, ids of cells and columns left out, limits of facts beside them."""

from collections.abc import Callable
from dataclasses import replace

from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.ast import Literal
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import (
    Cell,
    DecisionNode,
    DecisionTable,
    FunctionLogic,
    Head,
    Input,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    LiteralExpression,
    Logic,
    Model,
    Output,
    OutputCell,
    Row,
)
from loft.decisions.text.identities import made_ids
from loft.decisions.text.items import resolved
from loft.decisions.text.keys import in_order
from loft.decisions.text.limits import beside_facts, nameless_limits, with_named_limits
from loft.decisions.text.slips import tidy
from loft.decisions.text.types import read_type, type_text
from loft.language import mark

Retype = Callable[[Type], Type]


def plain(model: Model) -> Model:
    """*model* as ``read_text`` gives it back from its text: equal to it where it came from a text.

    Raises ``RuleError`` with the decision for what the form cannot say (``loft.decisions.text``).
    """
    if model.imports or model.services:
        raise RuleError(_IMPORTS if model.imports else _SERVICES, Place(model.file))
    model = with_named_limits(model)
    beside = beside_facts(model)
    items = [_item(each) for each in model.items if each.name not in beside]
    items += [_item(each) for each in beside.values()]
    items = list(resolved(items, lambda _: Place(model.file)))
    known = {each.name: each.type for each in items}

    def retype(type_: Type) -> Type:
        if nameless_limits(type_):
            raise RuleError(_NAMELESS_LIMITS, Place(model.file), type=type_text(type_))
        return read_type(type_text(type_), known, Place(model.file))

    order = _ids_in_order(model)
    return replace(
        model,
        name=_line(model.name),
        head=_head(model.head),
        items=tuple(items),
        inputs=tuple(_fact(fact, order[fact.id or fact.name], retype) for fact in model.inputs),
        decisions=tuple(_decision(each, order, retype) for each in model.decisions),
        knowledge=tuple(_function(each, order, retype) for each in model.knowledge),
        file="",
        description=_lines(model.description),
        version=Model("").version,
    )


def _head(head: Head) -> Head:
    rule, version, source = _line(head.rule), _line(head.version), _line(head.source)
    return replace(head, rule=rule, version=version, source=source, title=in_order(head.title))


def _ids_in_order(model: Model) -> dict[str, str]:
    """For each part its id, made where it has none, by the id or name it has; in the order of the rule."""
    order: dict[str, str] = {}
    for kind, parts in (("fact", model.inputs), ("decision", model.decisions), ("function", model.knowledge)):
        names = {part.name: part.id for part in parts}
        ids = made_ids(kind, tuple(names), {name: own for name, own in names.items() if own})
        order |= {own or name: ids[name] for name, own in names.items()}
    return order


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _item(item: ItemDefinition) -> ItemDefinition:
    """The definition as the table of types has it; what it means is found anew."""
    if item.function:
        raise RuleError(_FUNCTION_TYPE, name=item.name)
    return replace(
        item,
        name=_line(item.name),
        type_ref="" if item.parts else _ref(item),
        allowed=_cell(item.allowed) if item.allowed else None,
        constraint=_cell(item.constraint) if item.constraint else None,
        parts=tuple(map(_item, item.parts)),
        label=_line(item.label),
    )


def _ref(item: ItemDefinition) -> str:
    """The type it is made from, as FEEL calls it, whatever prefix another tool put before it."""
    base = item.type.member if item.collection and item.type.member is not None else item.type
    simple = base.kind not in ("list", "context", "range", "function")
    known = item.type_ref.rpartition(":")[2]
    return known if known and (not simple or base.name == known) else base.kind if simple and not base.name else known


def _fact(fact: InputData, own: str, retype: Retype) -> InputData:
    return replace(
        fact,
        name=_line(fact.name),
        type=retype(fact.type),
        id=own,
        label=in_order(fact.label),
        question=in_order(fact.question),
        why=in_order(fact.why),
        unit=_line(fact.unit),
        description=_lines(fact.description),
    )


def _decision(decision: DecisionNode, order: dict[str, str], retype: Retype) -> DecisionNode:
    place = Place(decision=decision.name)
    if decision.problem is not None:
        raise decision.problem.at(place)
    return replace(
        decision,
        name=_line(decision.name),
        logic=_logic(decision.logic, retype, place),
        type=retype(_first_type(decision.type, getattr(decision.logic, "type", ANY))),
        requires=_required(decision.requires, order),
        knowledge=_required(decision.knowledge, order),
        id=order[decision.id or decision.name],
        label=in_order(decision.label),
        question=_line(decision.question),
        allowed_answers=_line(decision.allowed_answers),
        description=_lines(decision.description),
    )


def _first_type(*types: Type) -> Type:
    """The first that says something: the logic's own type stands for the decision's."""
    return next((each for each in types if each != ANY), ANY)


def _required(ids: tuple[str, ...], order: dict[str, str]) -> tuple[str, ...]:
    return tuple(own for key, own in order.items() if key in ids)


def _function(function: KnowledgeModel, order: dict[str, str], retype: Retype) -> KnowledgeModel:
    place, logic = Place(decision=function.name), function.logic
    if function.problem is not None:
        raise function.problem.at(place)
    if logic is None or logic.kind != "FEEL":
        raise RuleError(_NOT_SAID, place, kind=logic.kind if logic else "–")
    parameters = tuple((_line(name), retype(kind)) for name, kind in logic.parameters)
    return replace(
        function,
        name=_line(function.name),
        logic=FunctionLogic(parameters, _logic(logic.body, retype, place)),
        knowledge=_required(function.knowledge, order),
        type=retype(_first_type(function.type, logic.type, getattr(logic.body, "type", ANY))),
        id=order[function.id or function.name],
        description=_lines(function.description),
    )


def _logic(logic: Logic | None, retype: Retype, place: Place) -> Logic:
    if isinstance(logic, LiteralExpression):
        text = logic.text.replace("\r\n", "\n").strip("\n").rstrip()
        return LiteralExpression(text, logic.node)
    if isinstance(logic, DecisionTable):
        return replace(
            logic,
            inputs=tuple(_input(each, retype) for each in logic.inputs),
            outputs=tuple(_output(each, retype) for each in logic.outputs),
            rows=tuple(map(_row, logic.rows)),
            annotations=tuple(map(_line, logic.annotations)),
            type=ANY,
            label="",
            orientation="",
            id="",
        )
    raise RuleError(_NOT_SAID, place, kind=type(logic).__name__ if logic is not None else "–")


def _cell(cell: Cell) -> Cell:
    return Cell("-" if cell.tests.always else tidy(cell.text), cell.tests)


def _output_cell(cell: OutputCell) -> OutputCell:
    return OutputCell("null" if cell.node == Literal(None) else tidy(cell.text), cell.node)


def _input(column: Input, retype: Retype) -> Input:
    return Input(
        tidy(column.text),
        column.node,
        retype(column.type),
        _cell(column.allowed) if column.allowed and not column.allowed.tests.always else None,
        _line(column.label),
    )


def _output(column: Output, retype: Retype) -> Output:
    return Output(
        _line(column.name),
        retype(column.type),
        _cell(column.allowed) if column.allowed and not column.allowed.tests.always else None,
        _output_cell(column.default) if column.default else None,
        _line(column.label),
        in_order(column.texts),
    )


def _row(row: Row) -> Row:
    return Row(
        tuple(map(_cell, row.cells)),
        tuple(map(_output_cell, row.outputs)),
        tuple(map(_line, row.annotations)),
        in_order(row.because),
        _line(row.id),
        _line(row.description),
    )


_IMPORTS = mark("the rule imports others, which a text cannot say. Keep it as DMN.")
_SERVICES = mark("the rule has decision services, which a text cannot say. Keep it as DMN.")
_FUNCTION_TYPE = mark("the type “%(name)s” is a function, which a text cannot say. Keep the rule as DMN.")
_NAMELESS_LIMITS = mark(
    "a text can limit a type that has a name, not this “%(type)s”. Define a type, or keep the rule as DMN."
)
_NOT_SAID = mark("a text can say tables and FEEL expressions, not “%(kind)s”. Keep the rule as DMN.")
