"""A decision table written as a Markdown table."""

from collections.abc import Mapping

from loft.decisions.feel.ast import Name
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import DecisionTable, Input, Logic, Model, Output, Row
from loft.decisions.text.cells import written
from loft.decisions.text.columns import ARROW, corner
from loft.decisions.text.keys import LANGUAGES_FIRST
from loft.decisions.text.types import type_text


def told_type(logic: Logic | None) -> Type:
    """The type of a decision that its table tells: that of the one output, where it is what comes out."""
    single = isinstance(logic, DecisionTable) and len(logic.outputs) == 1 and logic.hit_policy.single
    return logic.outputs[0].type if single and isinstance(logic, DecisionTable) else ANY


def types_in_scope(model: Model) -> dict[str, Type]:
    """The types of the names that a reader has in scope everywhere."""
    types = {fact.name: fact.type for fact in model.inputs}
    for decision in model.decisions:
        types[decision.name] = decision.type
        table = decision.logic
        if (
            decision.type == ANY
            and isinstance(table, DecisionTable)
            and len(table.outputs) > 1
            and table.hit_policy.single
        ):
            types[decision.name] = Type("context", parts=tuple((output.name, output.type) for output in table.outputs))
    for function in model.knowledge:
        parameters = function.logic.parameters if function.logic else ()
        types[function.name] = Type("function", function.type, parameters=tuple(kind for _, kind in parameters))
    return types


def table_lines(table: DecisionTable, types: Mapping[str, Type]) -> list[str]:
    """The lines of *table*; a row or column that would be empty is left out."""
    outputs = [f"{ARROW} {output.name}".strip() for output in table.outputs]
    languages = _in_order({code for row in table.rows for code, _ in row.because.pairs})
    because = [f"because {code}" for code in languages]
    own = [name for name in ("description", "id") if any(getattr(row, name) for row in table.rows)]
    head = [corner(table.hit_policy, table.aggregation), *(column.text for column in table.inputs), *outputs]
    rest = [*because, *table.annotations, *own]
    lines = [[*line, *("" for _ in rest)] for line in _special(table, types)]
    for number, row in enumerate(table.rows, start=1):
        lines.append([str(number), *_row(row, languages, len(table.annotations), own)])
    return written([*head, *rest], lines)


def _row(row: Row, languages: list[str], annotations: int, own: list[str]) -> list[str]:
    notes = [*row.annotations, *("" for _ in range(annotations - len(row.annotations)))]
    because = [row.because.get(code) for code in languages]
    cells = [*(cell.text for cell in row.cells), *(cell.text for cell in row.outputs)]
    return [*cells, *because, *notes, *(getattr(row, name) for name in own)]


def _special(table: DecisionTable, types: Mapping[str, Type]) -> list[list[str]]:
    """The rows before row 1 that say something."""
    nothing = ["" for _ in table.inputs]
    columns: tuple[Input | Output, ...] = (*table.inputs, *table.outputs)
    lines = [
        [
            "type",
            *(_input_type(each, types) for each in table.inputs),
            *(_output_type(each.type) for each in table.outputs),
        ],
        ["allowed", *(each.allowed.text if each.allowed else "" for each in columns)],
        ["default", *nothing, *(each.default.text if each.default else "" for each in table.outputs)],
        ["label", *(each.label for each in columns)],
    ]
    for code in _in_order({code for each in table.outputs for code, _ in each.texts.pairs}):
        lines.append([f"label {code}", *nothing, *(each.texts.get(code) for each in table.outputs)])
    return [line for line in lines if any(line[1:])]


def _input_type(column: Input, types: Mapping[str, Type]) -> str:
    told = types.get(column.node.name, ANY) if isinstance(column.node, Name) else ANY
    return "" if column.type == told else type_text(column.type)


def _output_type(type_: Type) -> str:
    return "" if type_ == ANY else type_text(type_)


def _in_order(codes: set[str]) -> list[str]:
    return sorted(codes, key=lambda code: (LANGUAGES_FIRST.index(code) if code in LANGUAGES_FIRST else 9, code))
