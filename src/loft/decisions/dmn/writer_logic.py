"""Boxed expressions as XML elements."""

from collections.abc import Callable
from typing import Any, Final

from loft.decisions.dmn.tables import AGGREGATIONS, POLICIES
from loft.decisions.dmn.writing import Tag, texts, type_ref
from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.ast import Literal
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import (
    Cell,
    Conditional,
    Context,
    DecisionTable,
    Entry,
    FilterLogic,
    FunctionLogic,
    HitPolicy,
    Input,
    Invocation,
    IteratorLogic,
    ListLogic,
    LiteralExpression,
    Logic,
    Output,
    OutputCell,
    Relation,
    Row,
)
from loft.language import mark

_POLICIES: Final = {policy: name for name, policy in POLICIES.items()}
_AGGREGATIONS: Final = {aggregation: name for name, aggregation in AGGREGATIONS.items()}
_SINCE_1_4: Final = (Conditional, FilterLogic, IteratorLogic)


def logic_element(logic: Logic, *, place: Place, version: str = "1.5", name: str = "") -> Tag:
    """*logic* as its element, called *name* where that is given. Raises ``RuleError`` for what that version of DMN cannot say."""
    if version == "1.3" and isinstance(logic, _SINCE_1_4):
        raise RuleError(_NEWER, place)
    return _WRITERS[type(logic)](logic, _Inside(place, version, name))


class _Inside:
    """How the parts inside an expression are written."""

    def __init__(self, place: Place, version: str, name: str) -> None:
        self.place, self.version, self.name = place, version, name

    def one(self, logic: Logic) -> Tag:
        return logic_element(logic, place=self.place, version=self.version)

    def within(self, name: str, logic: Logic) -> Tag:
        """The part *name*; left empty for the null that an empty part is read as."""
        return Tag(name).add([] if _is_empty(logic) else [self.one(logic)])


def _is_empty(logic: Logic) -> bool:
    return logic == LiteralExpression("null", Literal(None))


def _head(name: str, logic: Any) -> Tag:
    return Tag(name).set("id", logic.id).set("typeRef", type_ref(logic.type))


def _literal(logic: LiteralExpression, _: _Inside) -> Tag:
    return _head("literalExpression", logic).text("text", logic.text, always=True)


def _context(logic: Context, inside: _Inside) -> Tag:
    return _head("context", logic).add(_entry("contextEntry", "variable", one, inside) for one in logic.entries)


def _entry(name: str, head: str, entry: Entry, inside: _Inside) -> Tag:
    tag = Tag(name).set("id", entry.id)
    if entry.name or entry.type != ANY:
        tag.add([Tag(head).set("name", entry.name).set("typeRef", type_ref(entry.type))])
    return tag.add([] if _is_empty(entry.logic) else [inside.one(entry.logic)])


def _invocation(logic: Invocation, inside: _Inside) -> Tag:
    tag = _head("invocation", logic).add([inside.one(logic.called)])
    return tag.add(_entry("binding", "parameter", one, inside) for one in logic.bindings)


def _list(logic: ListLogic, inside: _Inside) -> Tag:
    return _head("list", logic).add(map(inside.one, logic.members))


def _relation(logic: Relation, inside: _Inside) -> Tag:
    tag = _head("relation", logic).add(_typed("column", name, type_) for name, type_ in logic.columns)
    return tag.add(Tag("row").add(map(inside.one, row)) for row in logic.rows)


def _typed(tag: str, name: str, type_: Type) -> Tag:
    return Tag(tag).set("name", name).set("typeRef", type_ref(type_))


def _function(logic: FunctionLogic, inside: _Inside) -> Tag:
    tag = _head(inside.name or "functionDefinition", logic)
    tag.set("kind", logic.kind if logic.kind != "FEEL" else "")
    tag.add(_typed("formalParameter", name, type_) for name, type_ in logic.parameters)
    return tag.add([] if _is_empty(logic.body) else [inside.one(logic.body)])


def _conditional(logic: Conditional, inside: _Inside) -> Tag:
    parts = (("if", logic.condition), ("then", logic.then), ("else", logic.otherwise))
    return _head("conditional", logic).add(inside.within(name, part) for name, part in parts)


def _filter(logic: FilterLogic, inside: _Inside) -> Tag:
    return _head("filter", logic).add([inside.within("in", logic.source), inside.within("match", logic.match)])


def _iterator(logic: IteratorLogic, inside: _Inside) -> Tag:
    tag = _head(logic.kind, logic).set("iteratorVariable", logic.variable)
    result = "return" if logic.kind == "for" else "satisfies"
    return tag.add([inside.within("in", logic.source), inside.within(result, logic.result)])


# --- tables ---------------------------------------------------------------------------------------------------------


def _table(table: DecisionTable, _: _Inside) -> Tag:
    tag = _head("decisionTable", table).set("outputLabel", table.label)
    tag.set("hitPolicy", _POLICIES[table.hit_policy] if table.hit_policy is not HitPolicy.UNIQUE else "")
    if table.aggregation is not None:
        tag.set("aggregation", _AGGREGATIONS[table.aggregation])
    tag.set("preferredOrientation", table.orientation)
    tag.add(map(_input, table.inputs)).add(map(_output, table.outputs))
    tag.add(Tag("annotation").set("name", name) for name in table.annotations)
    return tag.add(map(_row, table.rows))


def _input(one: Input) -> Tag:
    expression = Tag("inputExpression").set("typeRef", type_ref(one.type)).text("text", one.text)
    return Tag("input").set("id", one.id).set("label", one.label).add([expression, *_cell("inputValues", one.allowed)])


def _output(one: Output) -> Tag:
    tag = Tag("output").set("id", one.id).set("name", one.name).set("label", one.label)
    tag.set("typeRef", type_ref(one.type)).extension(list(texts("loft:text", one.texts)))
    return tag.add([*_cell("outputValues", one.allowed), *_cell("defaultOutputEntry", one.default)])


def _row(row: Row) -> Tag:
    tag = Tag("rule").set("id", row.id).text("description", row.description)
    tag.extension(list(texts("loft:because", row.because)))
    for cell in row.cells:
        tag.add(_cell("inputEntry", cell))
    for output in row.outputs:
        tag.add(_cell("outputEntry", output))
    return tag.add(Tag("annotationEntry").text("text", told, always=True) for told in row.annotations)


def _cell(name: str, cell: Cell | OutputCell | None) -> list[Tag]:
    if cell is None:
        return []
    tag = Tag(name).set("id", cell.id).set("typeRef", type_ref(getattr(cell, "type", ANY)))
    return [tag.text("text", cell.text, always=True)]


_WRITERS: Final[dict[type[Logic], Callable[[Any, _Inside], Tag]]] = {
    LiteralExpression: _literal,
    DecisionTable: _table,
    Context: _context,
    Invocation: _invocation,
    ListLogic: _list,
    Relation: _relation,
    FunctionLogic: _function,
    Conditional: _conditional,
    FilterLogic: _filter,
    IteratorLogic: _iterator,
}

_NEWER = mark("boxed conditions, filters and iterators came with DMN 1.4. Write the file as 1.4 or 1.5.")
