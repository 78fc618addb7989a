"""A rule checked before it is used: cases without an answer, rows that contradict each other or never fire, and outputs that do not fit.

The check is exact on the grid of each table (``grid``), not sampled: inside an atom every cell holds throughout or nowhere, so what is
shown for the atoms is shown for all values. Only where that would take too many steps are cases sampled, and the report says so.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from loft.decisions.checking_findings import Finding, Kind, Report, Severity
from loft.decisions.checking_gaps import TOLD, add_gap, gaps, may_leave_gaps, told_gaps
from loft.decisions.checking_outputs import UNKNOWN, Constants, constant, outputs
from loft.decisions.checking_parts import Inner, closure, tables, unused
from loft.decisions.checking_regions import Ground
from loft.decisions.checking_relations import together
from loft.decisions.checking_rows import duplicates, forbidden, impossible, overlap, overlaps, shadowed
from loft.decisions.checking_space import Box, Spent, Steps, meeting, sampled, space_of
from loft.decisions.checking_tests import misfits
from loft.decisions.feel.ast import Name
from loft.decisions.feel.values import Value
from loft.decisions.grid import Grid, bits, grid
from loft.decisions.model import DecisionNode, DecisionTable, Model
from loft.language import mark

if TYPE_CHECKING:
    from loft.decisions.tables import Table

__all__ = ["Finding", "Kind", "Report", "Severity", "check"]

STEPS = 1_200_000
"""Steps for each of two searches in a table; about a second each."""
CASES = 20_000
"""Cases that are sampled where the steps do not suffice."""


def check(
    table: "Table", *, generator: np.random.Generator | None = None, steps: int = STEPS, cases: int = CASES
) -> Report:
    """What is wrong with the decision asked and all it requires, the worst first.

    Found are gaps, overlaps where the hit policy forbids them, rows that never fire, cells that do not fit their column, unused columns
    and facts, outputs outside the allowed values or of another type, and some notes. Each table gets *steps* of search; past these
    *cases* are drawn with *generator* (seeded with 0 by default), and the report is not ``exact``. Null counts as a case only where a
    cell or the allowed values speak of it. Where inputs depend on each other (two expressions about one fact, outcomes of other
    decisions, cells that compare facts), a gap or overlap is an error only where a case of that kind was met; it is a warning
    otherwise. Decisions of imported models are not looked at. Raises ``TooLarge`` past ``model.LARGEST`` rows.
    """
    generator = np.random.default_rng(0) if generator is None else generator
    model, checked, spent = table.model, [], 0
    found = list(_unused(model, table.node))
    for part in closure(model, table.node):
        for inner in tables(model, part):
            more, drawn = _checked(model, inner, generator, Steps(steps), Steps(steps), cases)
            found += more
            spent += drawn
            checked.append(inner.owner)
    order = list(Severity)
    found.sort(key=lambda finding: order.index(finding.severity))
    return Report(tuple(found), exact=not spent, sampled=spent, decisions=tuple(dict.fromkeys(checked)))


def _checked(
    model: Model, inner: Inner, generator: np.random.Generator, steps: Steps, more: Steps, cases: int
) -> tuple[list[Finding], int]:
    """The findings of one table, and how many cases were sampled for them: none where they are exact."""
    cut = together(grid(inner.table))
    ground = Ground(cut, space_of(cut, _domain(model, cut)), inner.facts)
    constants, name = Constants(inner.table, inner.type), inner.owner
    found = [*impossible(ground, name), *duplicates(ground, name, constants), *outputs(constants, name)]
    found += [*misfits(model, inner.table, name), *_columns(inner.table, name)]
    boxes: list[Box] = []
    met: tuple[int, ...] | None = None
    drawn = 0
    try:
        met = meeting(ground.space, steps)
        found += gaps(ground, name, steps=steps, met=met, boxes=boxes)
    except Spent:
        drawn = cases
        found += _drawn(ground, constants, name, generator, cases, boxes, pairs=met is None)
    if met is not None:
        found += overlaps(ground, name, constants, met)
    behind, settled = shadowed(ground, name, constants, steps=more)
    return found + behind, drawn if settled else cases


def _drawn(
    ground: Ground,
    constants: Constants,
    name: str,
    generator: np.random.Generator,
    cases: int,
    boxes: list[Box],
    *,
    pairs: bool,
) -> list[Finding]:
    """Gaps, and overlaps where *pairs*, that sampled cases fall into."""
    met: dict[tuple[int, int], None] = {}
    for point, rows in sampled(ground.space, generator, cases):
        if not rows and may_leave_gaps(ground.grid.table):
            add_gap(ground, boxes, point)
        elif pairs and rows & (rows - 1) and len(met) < TOLD:
            first = next(bits(rows))
            for other in islice(bits(rows & forbidden(ground, constants, first)), 1):
                met[first, other] = None
    return told_gaps(ground, name, boxes) + [overlap(ground, name, constants, pair) for pair in met]


def _domain(model: Model, cut: Grid) -> Box:
    """What may occur on each axis; of another decision's outcome only what its table gives."""
    limits = []
    for axis in cut.axes:
        given = _given(model, axis.node.name) if axis.cell is None and isinstance(axis.node, Name) else None
        null = 1 << len(axis.atoms) - 1
        limits.append(axis.domain if given is None else axis.domain & (null | sum({1 << axis.find(v) for v in given})))
    return tuple(limits)


def _given(model: Model, name: str) -> list[Value] | None:
    """All outcomes of a decision's table with one outcome and constant outputs; None for anything else by that name."""
    decision = next((part for part in model.decisions if part.name == name), None)
    if decision is None or not isinstance(decision.logic, DecisionTable) or not decision.logic.hit_policy.single:
        return None
    if len(decision.logic.outputs) != 1:
        return None
    cells = [row.outputs[0] for row in decision.logic.rows]
    cells += [output.default for output in decision.logic.outputs if output.default is not None]
    values = [constant(cell.node) for cell in cells]
    return None if any(value is UNKNOWN for value in values) else values


def _columns(table: DecisionTable, name: str) -> Iterator[Finding]:
    for number, column in enumerate(table.inputs):
        if all(row.cells[number].tests.always for row in table.rows):
            yield Finding(Kind.UNUSED, Severity.WARNING, name, _COLUMN, column=column.text)


def _unused(model: Model, node: DecisionNode) -> Iterator[Finding]:
    for given in unused(model, node):
        yield Finding(Kind.UNUSED, Severity.WARNING, node.name, _FACT, column=given.name)


_COLUMN = mark(
    "column “%(column)s” tells nothing: no row has a test in it. Remove it, or write the tests that are missing."
)
_FACT = mark("the fact “%(column)s” is asked for, but nothing rests on it.")
