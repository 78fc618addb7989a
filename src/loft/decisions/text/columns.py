"""What the heads of a decision table say: its hit policy, and which columns are inputs, outputs and remarks."""

import re
from dataclasses import dataclass

from loft.decisions.errors import RuleError
from loft.decisions.model import Aggregation, HitPolicy
from loft.decisions.text.keys import check_key
from loft.decisions.text.lines import Grid, place
from loft.language import mark

ARROW = "→"
OWN = ("description", "id")
"""Columns of remarks that are the row's own and no annotations."""
_OWN_TEXT = re.compile(r"because(?: .*)?")


@dataclass(frozen=True)
class Columns:
    """The columns of a table by what they are: indices into the cells of a row, with the head of each."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[tuple[int, str], ...]
    outputs: tuple[tuple[int, str], ...]
    own: tuple[tuple[int, str], ...]
    annotations: tuple[tuple[int, str], ...]


def columns_of(grid: Grid, *, known: frozenset[str], file: str, decision: str) -> Columns:
    """The columns of *grid*. *known* are names that stand for no annotation. Raises ``RuleError``."""
    here = place(file, grid.line, decision=decision)
    hit_policy, aggregation = _corner(grid, file, decision)
    outputs = tuple((at, name) for at, head in enumerate(grid.heads) if at and (name := output_name(head)) is not None)
    if not outputs:
        raise RuleError(_NO_OUTPUT, here)
    first, last = outputs[0][0], outputs[-1][0]
    if last - first + 1 != len(outputs):
        wrong = next(head for head in grid.heads[first:last] if output_name(head) is None)
        raise RuleError(_BETWEEN, place(file, grid.line, decision=decision, column=wrong))
    own, annotations = [], []
    for at, head in list(enumerate(grid.heads))[last + 1 :]:
        where = place(file, grid.line, decision=decision, column=head)
        if head in known:
            raise RuleError(_INPUT_AFTER, where)
        if head.lower() in OWN or _OWN_TEXT.fullmatch(head.lower()):
            check_key(head.lower(), OWN, ("because",), where)
            own.append((at, head.lower()))
        else:
            annotations.append((at, head))
    inputs = tuple((at, grid.heads[at]) for at in range(1, first))
    for _, head in inputs:
        if not head.strip():
            raise RuleError(_HEADLESS, here)
    return Columns(hit_policy, aggregation, inputs, outputs, tuple(own), tuple(annotations))


def output_name(head: str) -> str | None:
    """The name of an output column (empty where it has none); None for the head of another column."""
    for arrow in (ARROW, "->"):
        if head.startswith(arrow):
            return " ".join(head.removeprefix(arrow).split())
    if len(head) > 4 and head.startswith("**") and head.endswith("**"):
        return " ".join(head[2:-2].split())
    return None


def corner(hit_policy: HitPolicy, aggregation: Aggregation | None) -> str:
    return hit_policy.value + (aggregation.value if aggregation else "")


_CORNERS = {corner(policy, None): (policy, None) for policy in HitPolicy} | {
    corner(HitPolicy.COLLECT, sign): (HitPolicy.COLLECT, sign) for sign in Aggregation
}


def _corner(grid: Grid, file: str, decision: str) -> tuple[HitPolicy, Aggregation | None]:
    written = grid.heads[0].replace(" ", "").upper()
    if written not in _CORNERS:
        raise RuleError(_CORNER, place(file, grid.line, decision=decision, text=grid.heads[0]))
    return _CORNERS[written]


_CORNER = mark(
    "the corner of a decision table is its hit policy: U (one row fits), A (any), P (priority), F (first), R (all, in order of rows), "
    "O (all, in order of outputs), C (all), C+ (sum), C< (least), C> (greatest), C# (count)."
)
_NO_OUTPUT = mark("the table has no output column. Head it “→ name”.")
_BETWEEN = mark("this column stands between outputs. Inputs come before the outputs, remarks after them.")
_INPUT_AFTER = mark("this input stands after the outputs, where remarks are. Move the column before the first output.")
_HEADLESS = mark("a column before the outputs has no head. Head it with the fact that it is about.")
