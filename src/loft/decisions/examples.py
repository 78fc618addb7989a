"""Example cases kept beside a rule: what is known of each, and what should come out.

Of ``fee.md`` or ``fee.dmn`` they stand in ``fee.examples.md``, or in the rule's own text under ``## Examples``, as Markdown tables::

    | example    | household income | children | → fee | → status  | → row |
    |------------|------------------|----------|-------|-----------|-------|
    | low income | 312000           | 2        | 0     |           | 1     |
    | not known  |                  | 2        |       | undecided |       |

The first column may name the case (head ``example`` or ``name``). Values are FEEL constants: a text in quotation marks, ``true``,
``date("2026-01-31")``. An empty cell is a fact that is not known, ``nothing`` one that is known to be empty. Of the outputs an empty
cell says nothing, ``nothing`` is null. ``→ status`` takes a ``decision.Status`` (an output of that name has quotation marks), ``→ row``
one row or several (``1, 3``). A heading ``## Decision: name`` says which decision the tables under it are about; without one it is the
table that they are run with.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loft.decisions.decision import Decision, Status
from loft.decisions.errors import Place, RuleError
from loft.decisions.facts import NOTHING
from loft.decisions.feel.compare import equal
from loft.decisions.feel.evaluate import expression
from loft.decisions.feel.writing import text_of_value
from loft.decisions.model import DecisionTable
from loft.decisions.tables import Table
from loft.decisions.text.columns import output_name
from loft.decisions.text.files import text_of_file
from loft.decisions.text.lines import Grid, lines_of, place, sections
from loft.decisions.text.scope import Scope
from loft.language import gettext, mark

SUFFIX = ".examples.md"
_QUOTE = '"'


@dataclass(frozen=True)
class Example:
    """A case: its facts, the outputs by name, the status and the rows that should come out; None where it says nothing of them."""

    name: str
    facts: Mapping[str, Any]
    outputs: Mapping[str, Any]
    status: Status | None = None
    rows: tuple[int, ...] | None = None
    decision: str = ""
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class Outcome:
    """What came out for an example: the decision (None where the case itself is wrong), and a sentence for each difference."""

    example: Example
    decision: Decision | None
    differences: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.differences

    def __str__(self) -> str:
        name = self.example.name or str(self.example.place)
        return f"{name}: {' '.join(self.differences) or gettext(_AS_SAID)}"


def examples_of(path: str | Path) -> tuple[Example, ...]:
    """The examples beside the rule in *path* and in its own text, in order; none where there are none. Raises ``RuleError``."""
    path = Path(path)
    found: list[Example] = []
    if path.suffix.lower() == ".md" and not path.name.lower().endswith(SUFFIX):
        found += read_examples(text_of_file(path), file=path.name, inside=True)
        path = path.with_name(path.stem + SUFFIX)
    elif not path.name.lower().endswith(SUFFIX):
        path = path.with_name(path.stem + SUFFIX)
    if path.is_file():
        found += read_examples(text_of_file(path), file=path.name)
    return tuple(found)


def read_examples(text: str, *, file: str = "", inside: bool = False) -> tuple[Example, ...]:
    """The examples in *text*; with *inside*, in the text of a rule, those under ``## Examples`` only. Raises ``RuleError``."""
    found: list[Example] = []
    begun = not inside
    for section in sections(lines_of(text, file=file), file=file):
        if inside and section.level <= 2:
            begun = section.heading.partition(":")[0].strip().lower() == "examples"
        if not begun:
            continue
        kind, _, decision = section.heading.partition(":")
        about = " ".join(decision.split()) if kind.strip().lower() == "decision" else ""
        for grid in section.grids:
            found += _examples(grid, about, file)
    return tuple(found)


def _examples(grid: Grid, decision: str, file: str) -> list[Example]:
    named = grid.heads[0].lower() in ("example", "name", "")
    found = []
    for row, (line, cells) in enumerate(grid.rows, start=1):
        facts: dict[str, Any] = {}
        outputs: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for head, cell in list(zip(grid.heads, cells, strict=True))[int(named) :]:
            where = place(file, line, row=row, column=head, text=cell)
            output = output_name(head)
            if cell and output is None:
                facts[head] = NOTHING if cell == "nothing" else _constant(cell, where)
            elif cell and output is not None and output in _OWN and not cell.startswith(_QUOTE):
                own[output] = _OWN[output](cell, where)
            elif cell and output is not None:
                outputs[output] = None if cell == "nothing" else _constant(cell, where)
        here = place(file, line, row=row)
        if not outputs and not own:
            raise RuleError(_EXPECTS_NOTHING, here)
        found.append(
            Example(cells[0] if named else "", facts, outputs, own.get("status"), own.get("row"), decision, here)
        )
    return found


def _constant(cell: str, where: Place) -> Any:
    return expression(Scope().output(cell, where).node)({})


def _status(cell: str, where: Place) -> Status:
    try:
        return Status(cell.lower())
    except ValueError:
        raise RuleError(_NO_STATUS, where, names=", ".join(Status)) from None


def _rows(cell: str, where: Place) -> tuple[int, ...]:
    numbers = [part.strip() for part in cell.split(",")]
    if not all(number.isascii() and number.isdecimal() and len(number) < 9 for number in numbers):
        raise RuleError(_NO_ROW, where)
    return tuple(map(int, numbers))


_OWN: Mapping[str, Callable[[str, Place], Any]] = {"status": _status, "row": _rows}


# --- run ------------------------------------------------------------------------------------------------------------


def run(table: Table, examples: Iterable[Example]) -> tuple[Outcome, ...]:
    """What *table* gives for each example, in order; an example about another decision is asked of that one in the same rule."""
    tables = {"": table, table.name: table}
    found = []
    for example in examples:
        try:
            if example.decision not in tables:
                tables[example.decision] = Table(table.model, table.model.decision(example.decision))
            asked = tables[example.decision]
            decision = asked.decide(example.facts)
            found.append(Outcome(example, decision, tuple(_differences(example, decision, asked))))
        except RuleError as error:
            found.append(Outcome(example, None, (str(error.at(example.place)),)))
    return tuple(found)


def _differences(example: Example, decision: Decision, table: Table) -> list[str]:
    wanted = example.status or (Status.DECIDED if example.outputs or example.rows else None)
    told = []
    if wanted is not None and decision.status is not wanted:
        told.append(gettext(_OTHER_STATUS) % {"got": decision.status.value, "wanted": wanted.value})
    elif decision.status is Status.DECIDED:
        for name, value in example.outputs.items():
            got = _output(decision.value, name, table)
            if equal(got, value) is not True:
                texts = {"name": name or table.name, "got": text_of_value(got), "wanted": text_of_value(value)}
                told.append(gettext(_OTHER_VALUE) % texts)
    if example.rows is not None and decision.rows != example.rows:
        rows = {"got": ", ".join(map(str, decision.rows)) or "–", "wanted": ", ".join(map(str, example.rows))}
        told.append(gettext(_OTHER_ROW) % rows)
    return told


def _output(value: Any, name: str, table: Table) -> Any:
    """One output of what came out: of several outputs the one of that name, of a list the list of them."""
    logic = table.node.logic
    names = [output.name for output in logic.outputs] if isinstance(logic, DecisionTable) else []
    if len(names) > 1 and name in names:
        return [one[name] for one in value] if isinstance(value, list) else value[name]
    if len(names) <= 1 and name in ("", table.name, *names):
        return value
    raise RuleError(_NO_OUTPUT, Place(column=name), names=", ".join(each for each in names if each) or table.name)


_AS_SAID = mark("comes out as it says.")
_OTHER_STATUS = mark("It is %(got)s, and should be %(wanted)s.")
_OTHER_VALUE = mark("“%(name)s” is %(got)s, and should be %(wanted)s.")
_OTHER_ROW = mark("Rows that fired: %(got)s; should be: %(wanted)s.")
_EXPECTS_NOTHING = mark(
    "this example says nothing of what should come out. Fill in an output (→ name), → status or → row."
)
_NO_STATUS = mark("this is no status. Write one of %(names)s.")
_NO_ROW = mark("this is no row. Write its number from 1, or several with commas between them.")
_NO_OUTPUT = mark("the decision has no such output; it has: %(names)s.")
