"""Cases that no row fits and no default covers."""

from loft.decisions.checking_findings import Finding, Kind, Severity
from loft.decisions.checking_regions import Ground
from loft.decisions.checking_space import Box, Steps, grown, uncovered, within
from loft.decisions.model import Aggregation, DecisionTable
from loft.language import mark

TOLD = 20
"""Findings of a kind told for one table."""


def gaps(ground: Ground, decision: str, *, steps: Steps, met: tuple[int, ...], boxes: list[Box]) -> list[Finding]:
    """The regions that no row covers, each as large as it can be, and at most ``TOLD``. *boxes* is filled with them.

    Raises ``Spent``; what was found until then is in *boxes*.
    """
    if not may_leave_gaps(ground.grid.table):
        return []
    space = ground.space
    for box in uncovered(space, space.domain, space.every, steps=steps, met=met, told=boxes):
        if len(boxes) == TOLD:
            return [*told_gaps(ground, decision, boxes), _more(ground, decision)]
        boxes.append(grown(space, box, ground.cells))
    return told_gaps(ground, decision, boxes)


def told_gaps(ground: Ground, decision: str, boxes: list[Box]) -> list[Finding]:
    """A finding for each of *boxes*."""
    return [_gap(ground, decision, box) for box in boxes]


def add_gap(ground: Ground, boxes: list[Box], point: Box) -> None:
    """The region around a case that no row fits, among *boxes*."""
    if len(boxes) < TOLD and not any(within(point, box) for box in boxes):
        boxes.append(grown(ground.space, point, ground.cells))


def may_leave_gaps(table: DecisionTable) -> bool:
    """Whether a case that no row fits has no answer: not where there is a default, nor where hits are counted."""
    covered = any(output.default is not None for output in table.outputs)
    return not covered and table.aggregation is not Aggregation.COUNT


def _gap(ground: Ground, decision: str, box: Box) -> Finding:
    example, sure = ground.example(box)
    severity = _severity(ground.grid.table, sure=sure)
    text = _NONE if severity is Severity.NOTE else _GAP if sure else _MAY
    return Finding(Kind.GAP, severity, decision, text, region=ground.region(box), example=example)


def _more(ground: Ground, decision: str) -> Finding:
    severity = _severity(ground.grid.table, sure=False)
    return Finding(Kind.GAP, severity, decision, _FURTHER, values=(("told", TOLD),))


def _severity(table: DecisionTable, *, sure: bool) -> Severity:
    """A list may well be empty; a sum or a least of nothing is null, and so is the outcome of a table with one outcome."""
    if not table.hit_policy.single:
        return Severity.NOTE if table.aggregation is None else Severity.WARNING
    return Severity.ERROR if sure else Severity.WARNING


_GAP = mark("no row fits and there is no default: %(region)s. An example: %(example)s. Add a row or a default.")
_MAY = mark(
    "no row fits and there is no default: %(region)s. An example: %(example)s. Inputs depend on each other here, "
    "so it is not sure that such a case can occur; if it can, add a row or a default."
)
_NONE = mark("no row fits, so that the list is empty: %(region)s. An example: %(example)s.")
_FURTHER = mark("there are more regions that no row fits than the %(told)s told; mend these and check again.")
