"""Boxed expressions, read from their elements (DMN 1.5, chapters 8 and 10.2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from loft.decisions.dmn.items import Types
from loft.decisions.dmn.xml import Element
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.ast import Literal, Node
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import (
    Conditional,
    Context,
    Entry,
    FilterLogic,
    FunctionLogic,
    Invocation,
    IteratorLogic,
    ListLogic,
    LiteralExpression,
    Logic,
    Relation,
)
from loft.language import mark

MOST_ENTRIES: Final = 1_000
"""Entries of one boxed context."""


@dataclass(frozen=True)
class Reading:
    """What the logic of one decision is read with: the model's types, and the language that expressions are in."""

    types: Types
    language: str = ""


def read_logic(element: Element, names: Names, reading: Reading) -> Logic:
    """The boxed expression *element*. Raises ``RuleError`` with row, column and text for what cannot be evaluated."""
    return READERS[element.name](element, names, reading)


def logic_in(element: Element) -> Element | None:
    """The boxed expression inside *element*; None where there is none."""
    return next((child for child in element.children if child.name in READERS and child.space == element.space), None)


def read_inside(element: Element, names: Names, reading: Reading) -> Logic:
    """The boxed expression inside *element*; ``null`` where it is empty."""
    inner = logic_in(element)
    return LiteralExpression("null", Literal(None)) if inner is None else read_logic(inner, names, reading)


def type_of(element: Element, reading: Reading) -> Type:
    """What the element's ``typeRef`` names: an attribute since DMN 1.1, an element in some files."""
    return reading.types.of(element.get("typeRef") or element.text_of("typeRef"))


def check_language(element: Element, reading: Reading) -> None:
    """Refuse an expression that is not FEEL."""
    language = element.get("expressionLanguage") or reading.language
    if language and "feel" not in language.lower():
        raise RuleError(_LANGUAGE, Place(), line=element.line, name=language)


def parsed(element: Element, names: Names, reading: Reading) -> tuple[str, Node]:
    """The text inside *element* and the FEEL it means."""
    check_language(element, reading)
    if element.first("importedValues") is not None:
        raise RuleError(_IMPORTED, Place(), line=element.line)
    text = element.text_of("text")
    return text, parse_expression(text, names)


def _literal(element: Element, names: Names, reading: Reading) -> LiteralExpression:
    text, node = parsed(element, names, reading)
    return LiteralExpression(text, node, type_of(element, reading), element.get("id"))


def _context(element: Element, names: Names, reading: Reading) -> Context:
    entries = []
    if sum(1 for _ in element.all("contextEntry")) > MOST_ENTRIES:
        raise TooLarge(_ENTRIES, Place(), line=element.line, most=f"{MOST_ENTRIES:,}")
    for entry in element.all("contextEntry"):
        variable = entry.first("variable")
        name = variable.get("name") if variable is not None else ""
        inner = logic_in(entry)
        with_column = Place(column=name)
        try:
            logic = read_inside(entry, names, reading)
            type_ = type_of(variable, reading) if variable is not None else ANY
        except RuleError as error:
            raise error.at(with_column) from None
        entries.append(Entry(name, logic, type_, entry.get("id")))
        if name:
            names = names.having({name: _seen(type_, logic, inner)})
    return Context(tuple(entries), type_of(element, reading), element.get("id"))


def _seen(type_: Type, logic: Logic, element: Element | None) -> Type:
    """The type that later entries see a name with: its own, else what its logic says of itself."""
    if type_ != ANY or element is None:
        return type_
    known = getattr(logic, "type", ANY)
    if known != ANY:
        return known
    if isinstance(logic, FunctionLogic):
        return Type("function", parameters=tuple(one for _, one in logic.parameters), member=ANY)
    return ANY


def _invocation(element: Element, names: Names, reading: Reading) -> Invocation:
    bindings = []
    for binding in element.all("binding"):
        parameter = binding.first("parameter")
        name = parameter.get("name") if parameter is not None else ""
        try:
            logic = read_inside(binding, names, reading)
            type_ = type_of(parameter, reading) if parameter is not None else ANY
        except RuleError as error:
            raise error.at(Place(column=name)) from None
        bindings.append(Entry(name, logic, type_, binding.get("id")))
    return Invocation(
        read_inside(element, names, reading), tuple(bindings), type_of(element, reading), element.get("id")
    )


def _list(element: Element, names: Names, reading: Reading) -> ListLogic:
    members = tuple(
        read_logic(child, names, reading)
        for child in element.children
        if child.name in READERS and child.space == element.space
    )
    return ListLogic(members, type_of(element, reading), element.get("id"))


def _relation(element: Element, names: Names, reading: Reading) -> Relation:
    columns = tuple((column.get("name"), type_of(column, reading)) for column in element.all("column"))
    rows = []
    for number, row in enumerate(element.all("row"), 1):
        try:
            cells = _list(row, names, reading).members
        except RuleError as error:
            raise error.at(Place(row=number)) from None
        if len(cells) != len(columns):
            raise RuleError(_CELLS, Place(row=number), has=len(cells), wants=len(columns))
        rows.append(cells)
    return Relation(columns, tuple(rows), type_of(element, reading), element.get("id"))


def read_function(element: Element, names: Names, reading: Reading) -> FunctionLogic:
    """The function in a ``functionDefinition`` or ``encapsulatedLogic``."""
    parameters = tuple((one.get("name"), type_of(one, reading)) for one in element.all("formalParameter"))
    kind = {"J": "Java", "P": "PMML"}.get(element.get("kind", "FEEL").upper()[:1], "FEEL")
    body = read_inside(element, names.having(dict(parameters)), reading)
    return FunctionLogic(parameters, body, kind, type_of(element, reading), element.get("id"))


def _conditional(element: Element, names: Names, reading: Reading) -> Conditional:
    parts = [_child(element, name, names, reading) for name in ("if", "then", "else")]
    return Conditional(parts[0], parts[1], parts[2], type_of(element, reading), element.get("id"))


def _filter(element: Element, names: Names, reading: Reading) -> FilterLogic:
    source = _child(element, "in", names, reading)
    inside = _within(element, source, names, "item")
    # The parts of a member go by name, and which it has is known only when it is there.
    told = "\n".join(_texts(element))
    inside = inside.having([part for part in sorted(names.parts) if part in told and not inside.known(part)])
    match = _child(element, "match", inside, reading)
    return FilterLogic(source, match, type_of(element, reading), element.get("id"))


def _texts(element: Element) -> Iterator[str]:
    """All texts inside *element*, with their white space as names have it."""
    left = [element]
    while left:
        one = left.pop()
        left.extend(one.children)
        yield " ".join(one.text.split())


def _iterator(element: Element, names: Names, reading: Reading) -> IteratorLogic:
    source = _child(element, "in", names, reading)
    variable = element.get("iteratorVariable")
    inside = _within(element, source, names, variable)
    result = "return" if element.name == "for" else "satisfies"
    if element.name == "for":
        inside = inside.having(["partial"])
    logic = _child(element, result, inside, reading)
    return IteratorLogic(element.name, variable, source, logic, type_of(element, reading), element.get("id"))


def _within(element: Element, source: Logic, names: Names, variable: str) -> Names:
    """The names that stand for one member of *source*."""
    listed = _seen(ANY, source, element)
    member = listed.member if listed.kind == "list" and listed.member is not None else ANY
    return names.having({variable: member, **(dict(member.parts) if variable == "item" else {})})


def _child(element: Element, name: str, names: Names, reading: Reading) -> Logic:
    child = element.first(name)
    if child is None:
        raise RuleError(_PART, Place(), line=element.line, name=name)
    try:
        return read_inside(child, names, reading)
    except RuleError as error:
        raise error.at(Place(column=name)) from None


def _table(element: Element, names: Names, reading: Reading) -> Logic:
    from loft.decisions.dmn.tables import read_table

    return read_table(element, names, reading)


READERS: Final[dict[str, Callable[[Element, Names, Reading], Logic]]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
"""How each boxed expression is read."""


_LANGUAGE = mark("line %(line)s: the expression is in “%(name)s”; only FEEL is read. Write it in FEEL.")
_IMPORTED = mark("line %(line)s: values from another file are not read. Write the expression here.")
_CELLS = mark("the row has %(has)s cells where there are %(wants)s columns. Add or remove cells.")
_ENTRIES = mark("line %(line)s: the context has more than %(most)s entries. Split it into several.")
_PART = mark("line %(line)s: the part “%(name)s” is missing. Add it.")
