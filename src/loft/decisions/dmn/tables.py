"""Decision tables, read from their element (DMN 1.5, chapter 8)."""

from collections.abc import Callable
from typing import Final, TypeVar

from loft.decisions.dmn import extension
from loft.decisions.dmn.logic import Reading, check_language, parsed, type_of
from loft.decisions.dmn.xml import Element
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.ast import Literal, Tests
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_expression, parse_tests
from loft.decisions.model import (
    LARGEST,
    Aggregation,
    Cell,
    DecisionTable,
    HitPolicy,
    Input,
    Output,
    OutputCell,
    Row,
)
from loft.language import mark

Kind = TypeVar("Kind")

POLICIES: Final = {
    "UNIQUE": HitPolicy.UNIQUE,
    "ANY": HitPolicy.ANY,
    "PRIORITY": HitPolicy.PRIORITY,
    "FIRST": HitPolicy.FIRST,
    "RULE ORDER": HitPolicy.RULE_ORDER,
    "OUTPUT ORDER": HitPolicy.OUTPUT_ORDER,
    "COLLECT": HitPolicy.COLLECT,
}
"""Hit policies as DMN spells them."""
AGGREGATIONS: Final = {
    "SUM": Aggregation.SUM,
    "MIN": Aggregation.MIN,
    "MAX": Aggregation.MAX,
    "COUNT": Aggregation.COUNT,
}
"""Aggregations as DMN spells them."""


def read_table(element: Element, names: Names, reading: Reading) -> DecisionTable:
    """The decision table in *element*. Raises ``RuleError`` with row and column, ``TooLarge`` past ``model.LARGEST`` rows."""
    check_language(element, reading)
    rules = list(element.all("rule"))
    if len(rules) > LARGEST:
        raise TooLarge(_ROWS, Place(), has=f"{len(rules):,}", most=f"{LARGEST:,}")
    inputs = tuple(_input(one, names, reading, at) for at, one in enumerate(element.all("input"), 1))
    outputs = tuple(_output(one, names, reading, at) for at, one in enumerate(element.all("output"), 1))
    if not outputs:
        raise RuleError(_NO_OUTPUT, Place(), line=element.line)
    if len(outputs) > 1:
        _check_names(outputs)
    cells = _Cells(names, reading)
    return DecisionTable(
        inputs=inputs,
        outputs=outputs,
        rows=tuple(_row(rule, at, inputs, outputs, cells) for at, rule in enumerate(rules, 1)),
        hit_policy=_policy(element),
        aggregation=_aggregation(element),
        annotations=tuple(one.get("name") for one in element.all("annotation")),
        type=type_of(element, reading),
        label=element.get("outputLabel"),
        orientation=element.get("preferredOrientation"),
        id=element.get("id"),
    )


def _policy(element: Element) -> HitPolicy:
    told = element.get("hitPolicy", "UNIQUE") or "UNIQUE"
    policy = POLICIES.get(told.upper().replace("_", " "))
    if policy is None:
        raise RuleError(_POLICY, Place(text=told), names=", ".join(POLICIES))
    return policy


def _aggregation(element: Element) -> Aggregation | None:
    told = element.get("aggregation")
    if told and told.upper() not in AGGREGATIONS:
        raise RuleError(_AGGREGATION, Place(text=told), names=", ".join(AGGREGATIONS))
    return AGGREGATIONS.get(told.upper()) if _policy(element) is HitPolicy.COLLECT else None


def _check_names(outputs: tuple[Output, ...]) -> None:
    names = [output.name for output in outputs]
    if not all(names):
        raise RuleError(_UNNAMED, Place(column=str(names.index("") + 1)))
    if len(set(names)) < len(names):
        raise RuleError(_SAME, Place(column=next(name for name in names if names.count(name) > 1)))


def _input(element: Element, names: Names, reading: Reading, at: int) -> Input:
    expression = element.first("inputExpression")
    if expression is None:
        raise RuleError(_NO_EXPRESSION, Place(column=str(at)), line=element.line)
    try:
        text, node = parsed(expression, names, reading)
        return Input(
            text,
            node,
            type_of(expression, reading),
            _allowed(element.first("inputValues"), names),
            element.get("label"),
            element.get("id"),
        )
    except RuleError as error:
        raise error.at(Place(column=element.get("label") or expression.text_of("text") or str(at))) from None


def _output(element: Element, names: Names, reading: Reading, at: int) -> Output:
    default = element.first("defaultOutputEntry")
    try:
        return Output(
            element.get("name"),
            type_of(element, reading),
            _allowed(element.first("outputValues"), names),
            None if default is None else OutputCell(*parsed(default, names, reading), default.get("id")),
            element.get("label"),
            extension.texts(element, "text"),
            element.get("id"),
        )
    except RuleError as error:
        raise error.at(Place(column=element.get("name") or element.get("label") or str(at))) from None


def _allowed(element: Element | None, names: Names) -> Cell | None:
    text = element.text_of("text") if element is not None else ""
    if element is None or not text:
        return None
    return Cell(text, parse_tests(text, names), element.get("id"))


def _row(rule: Element, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...], cells: "_Cells") -> Row:
    entries, results = list(rule.all("inputEntry")), list(rule.all("outputEntry"))
    for found, wanted, text in ((entries, inputs, _INPUT_CELLS), (results, outputs, _OUTPUT_CELLS)):
        if len(found) != len(wanted):
            raise RuleError(text, Place(row=number), line=rule.line, has=len(found), wants=len(wanted))
    return Row(
        tuple(cells.read(cells.input, entry, number, head.text) for entry, head in zip(entries, inputs, strict=True)),
        tuple(
            cells.read(cells.output, entry, number, head.name or head.label)
            for entry, head in zip(results, outputs, strict=True)
        ),
        tuple(entry.text_of("text") for entry in rule.all("annotationEntry")),
        extension.texts(rule, "because"),
        rule.get("id"),
        rule.text_of("description"),
    )


class _Cells:
    """The cells of one table; a text that stands in several is parsed once."""

    def __init__(self, names: Names, reading: Reading) -> None:
        self.names, self.reading = names, reading
        self._tests: dict[str, Tests] = {}
        self._nodes: dict[str, OutputCell] = {}

    def read(self, how: Callable[[Element], Kind], entry: Element, row: int, column: str) -> Kind:
        """A cell, with its place where it cannot be read."""
        try:
            return how(entry)
        except RuleError as error:
            raise error.at(Place(row=row, column=column, text=entry.text_of("text"))) from None

    def input(self, entry: Element) -> Cell:
        check_language(entry, self.reading)
        text = entry.text_of("text")
        if text not in self._tests:
            self._tests[text] = parse_tests(text, self.names) if text else Tests()
        return Cell(text, self._tests[text], entry.get("id"))

    def output(self, entry: Element) -> OutputCell:
        check_language(entry, self.reading)
        text, id_ = entry.text_of("text"), entry.get("id")
        if text not in self._nodes:
            # Nothing written, or a dash, is no value: some tools leave the cell so.
            node = Literal(None) if text in ("", "-") else parse_expression(text, self.names)
            self._nodes[text] = OutputCell(text, node)
        return OutputCell(text, self._nodes[text].node, id_, type_of(entry, self.reading))


_ROWS = mark("the table has %(has)s rows; at most %(most)s can be used. Split it into several tables.")
_NO_OUTPUT = mark("line %(line)s: the table has no output column. Add one.")
_NO_EXPRESSION = mark("line %(line)s: the input column has no expression. Write the name of a fact there.")
_UNNAMED = mark("an output column has no name; each needs one where there are several. Name it.")
_SAME = mark("two output columns have the same name. Rename one.")
_POLICY = mark("there is no such hit policy. Use one of %(names)s.")
_AGGREGATION = mark("there is no such aggregation. Use one of %(names)s.")
_INPUT_CELLS = mark(
    "line %(line)s: the row has %(has)s input cells where there are %(wants)s input columns. Add or remove cells."
)
_OUTPUT_CELLS = mark(
    "line %(line)s: the row has %(has)s output cells where there are %(wants)s output columns. Add or remove cells."
)
