"""A decision table read from a Markdown table."""

from collections.abc import Mapping
from dataclasses import dataclass

from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.ast import Name, Node
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import LARGEST, DecisionTable, Input, Output, OutputCell, Row, Texts
from loft.decisions.text.columns import Columns, columns_of
from loft.decisions.text.keys import check_key, in_order
from loft.decisions.text.lines import Grid, place
from loft.decisions.text.scope import Scope
from loft.decisions.text.types import read_type
from loft.language import mark

SPECIAL = ("type", "allowed", "default", "label")


@dataclass(frozen=True)
class Setting:
    """Where a table stands: its file and decision, the types by name, and the scope of its expressions."""

    file: str
    decision: str
    types: Mapping[str, Type]
    scope: Scope

    def at(self, line: int, row: int | None = None, column: str = "", text: str = "") -> Place:
        return place(self.file, line, decision=self.decision, row=row, column=column, text=text)


@dataclass(frozen=True)
class Parts:
    """A Markdown table taken apart: its columns, the rows that say something of columns, and the rows of the rule."""

    grid: Grid
    columns: Columns
    special: Mapping[str, tuple[int, tuple[str, ...]]]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def said(self, key: str, column: int) -> str:
        return self.special[key][1][column] if key in self.special else ""


def parts_of(grid: Grid, *, known: frozenset[str], file: str, decision: str) -> Parts:
    """*grid* taken apart; nothing in it is read as FEEL. Raises ``RuleError`` with line, decision, row and column."""
    columns = columns_of(grid, known=known, file=file, decision=decision)
    special: dict[str, tuple[int, tuple[str, ...]]] = {}
    rows: list[tuple[int, tuple[str, ...]]] = []
    for line, cells in grid.rows:
        first = cells[0].strip().lower()
        if not rows and _is_special(first):
            here = place(file, line, decision=decision, text=first)
            check_key(first, SPECIAL, ("label",), here)
            if first in special:
                raise RuleError(_TWICE, here)
            special[first] = (line, cells)
            continue
        if first not in ("", str(len(rows) + 1)):
            raise RuleError(_NUMBER, place(file, line, decision=decision, text=cells[0]), row=len(rows) + 1)
        rows.append((line, cells))
    if len(rows) > LARGEST:
        raise TooLarge(_LARGE, place(file, grid.line, decision=decision), rows=len(rows), most=LARGEST)
    parts = Parts(grid, columns, special, tuple(rows))
    _check_special(parts, file, decision)
    return parts


def _is_special(first: str) -> bool:
    return first in SPECIAL or first.startswith("label ")


def _check_special(parts: Parts, file: str, decision: str) -> None:
    """A row before row 1 speaks of columns that have what it says."""
    inputs, outputs = ({at for at, _ in each} for each in (parts.columns.inputs, parts.columns.outputs))
    for key, (line, cells) in parts.special.items():
        allowed = outputs if key == "default" or key.startswith("label ") else inputs | outputs
        for at, cell in enumerate(cells):
            if at and cell and at not in allowed:
                column = parts.grid.heads[at]
                raise RuleError(_NOT_HERE, place(file, line, decision=decision, column=column, text=cell), key=key)


def output_types(parts: Parts, setting: Setting) -> tuple[Type, ...]:
    """The types of the output columns; ``Any`` where none is written."""
    return tuple(_type(parts, at, name, setting, ANY) for at, name in parts.columns.outputs)


def read_table(parts: Parts, setting: Setting) -> DecisionTable:
    """The table with all its cells read. Raises ``RuleError`` with line, decision, row and column."""
    columns = parts.columns
    return DecisionTable(
        inputs=tuple(_input(parts, at, head, setting) for at, head in columns.inputs),
        outputs=tuple(_output(parts, at, name, setting) for at, name in columns.outputs),
        rows=tuple(_row(parts, number, setting) for number in range(len(parts.rows))),
        hit_policy=columns.hit_policy,
        aggregation=columns.aggregation,
        annotations=tuple(head for _, head in columns.annotations),
    )


def column_type(node: Node, setting: Setting) -> Type:
    """The type of an input column that says none: the fact's, where the column is a fact."""
    return setting.scope.names.type_of(node.name) if isinstance(node, Name) else ANY


def _input(parts: Parts, at: int, head: str, setting: Setting) -> Input:
    text, node = setting.scope.head(head, setting.at(parts.grid.line, column=head))
    allowed = parts.said("allowed", at)
    return Input(
        text=text,
        node=node,
        type=_type(parts, at, head, setting, column_type(node, setting)),
        allowed=setting.scope.cell(allowed, _at(parts, "allowed", head, setting)) if allowed else None,
        label=" ".join(parts.said("label", at).split()),
    )


def _output(parts: Parts, at: int, name: str, setting: Setting) -> Output:
    allowed, default = parts.said("allowed", at), parts.said("default", at)
    texts = tuple((key.partition(" ")[2], parts.said(key, at)) for key in parts.special if key.startswith("label "))
    return Output(
        name=name,
        type=_type(parts, at, name, setting, ANY),
        allowed=setting.scope.cell(allowed, _at(parts, "allowed", name, setting)) if allowed else None,
        default=setting.scope.output(default, _at(parts, "default", name, setting)) if default else None,
        label=" ".join(parts.said("label", at).split()),
        texts=in_order(Texts(texts)),
    )


def _type(parts: Parts, at: int, head: str, setting: Setting, otherwise: Type) -> Type:
    written = parts.said("type", at)
    return read_type(written, setting.types, _at(parts, "type", head, setting)) if written else otherwise


def _at(parts: Parts, key: str, column: str, setting: Setting) -> Place:
    return setting.at(parts.special[key][0], column=column) if key in parts.special else setting.at(parts.grid.line)


def _row(parts: Parts, index: int, setting: Setting) -> Row:
    line, cells = parts.rows[index]
    columns, scope, number = parts.columns, setting.scope, index + 1
    own = {head: " ".join(cells[at].split()) for at, head in columns.own}
    because = tuple((head.partition(" ")[2], said) for head, said in own.items() if head.startswith("because "))
    outputs: list[OutputCell] = []
    for at, name in columns.outputs:
        if not cells[at]:
            raise RuleError(_NO_VALUE, setting.at(line, number, name or setting.decision))
        outputs.append(scope.output(cells[at], setting.at(line, number, name or setting.decision)))
    return Row(
        cells=tuple(scope.cell(cells[at], setting.at(line, number, head)) for at, head in columns.inputs),
        outputs=tuple(outputs),
        annotations=tuple(" ".join(cells[at].split()) for at, _ in columns.annotations),
        because=in_order(Texts(because)),
        id=own.get("id", ""),
        description=own.get("description", ""),
    )


_TWICE = mark("this row stands twice. Keep one of them.")
_NUMBER = mark(
    "here stands row %(row)s: number it so, or leave the cell empty. Before row 1 it may be “type”, “allowed”, “default” or “label nb”."
)
_LARGE = mark("the table has %(rows)s rows; the most is %(most)s. Split it into decisions that require each other.")
_NOT_HERE = mark("this column can have no “%(key)s”. Empty the cell.")
_NO_VALUE = mark("the output is empty. Write its value, or null for none.")
