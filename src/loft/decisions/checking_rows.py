"""Rows against each other: several that fit where one may, rows that never fire, rows that say the same."""

from itertools import islice

from loft.decisions.checking_findings import Finding, Kind, Severity, listed
from loft.decisions.checking_gaps import TOLD
from loft.decisions.checking_outputs import Constants
from loft.decisions.checking_regions import Ground
from loft.decisions.checking_space import Box, Space, Spent, Steps, common, uncovered
from loft.decisions.grid import bits
from loft.decisions.model import HitPolicy
from loft.language import mark


def overlaps(ground: Ground, decision: str, outputs: Constants, met: tuple[int, ...]) -> list[Finding]:
    """Pairs of rows that fit the same case where the hit policy forbids it; at most ``TOLD``, and how many more."""
    later = [forbidden(ground, outputs, row) & others >> row + 1 << row + 1 for row, others in enumerate(met)]
    pairs = ((row, other) for row, others in enumerate(later) for other in bits(others))
    found = [overlap(ground, decision, outputs, pair) for pair in islice(pairs, TOLD)]
    more = sum(others.bit_count() for others in later) - len(found)
    if more:
        severity = max((f.severity for f in found), key=lambda s: s is Severity.ERROR)
        found.append(Finding(Kind.OVERLAP, severity, decision, _FURTHER, values=(("told", TOLD), ("more", more))))
    return found


def forbidden(ground: Ground, outputs: Constants, row: int) -> int:
    """The rows (from 0, bits) that may not fit a case that this one fits. The cells are not looked at."""
    policy = ground.grid.table.hit_policy
    if policy is HitPolicy.UNIQUE:
        return ground.space.every & ~(1 << row)
    return ground.space.every & ~outputs.alike[row] if policy is HitPolicy.ANY else 0


def overlap(ground: Ground, decision: str, outputs: Constants, pair: tuple[int, int]) -> Finding:
    """The finding for two rows (from 0) that fit the same case."""
    boxes = ground.space.boxes
    box = common(boxes[pair[0]], boxes[pair[1]])
    assert box is not None, "only rows that meet are told"
    example, sure = ground.example(box)
    unique = ground.grid.table.hit_policy is HitPolicy.UNIQUE
    sure_outputs = unique or outputs.same(*pair) is False
    severity = Severity.ERROR if sure and sure_outputs else Severity.WARNING
    text = (_UNIQUE if unique else _ANY) if sure else (_UNIQUE_MAY if unique else _ANY_MAY)
    rows = (pair[0] + 1, pair[1] + 1)
    return Finding(Kind.OVERLAP, severity, decision, text, rows, region=ground.region(box), example=example)


def impossible(ground: Ground, decision: str) -> list[Finding]:
    """Rows that no case fits at all, for the cell that is to blame where it is one alone."""
    return [_impossible(ground, decision, row, box) for row, box in enumerate(ground.space.boxes) if not all(box)]


def _impossible(ground: Ground, decision: str, row: int, box: Box) -> Finding:
    axis = ground.grid.axes[next(n for n, atoms in enumerate(box) if not atoms)]
    table = ground.grid.table
    same = [n for n, column in enumerate(table.inputs) if column.node == axis.node]
    written = ", ".join(table.rows[row].cells[n].text for n in same if not table.rows[row].cells[n].tests.always)
    column = ground.head(ground.grid.axes.index(axis))
    return Finding(
        Kind.NEVER, Severity.ERROR, decision, _NO_VALUE, (row + 1,), column=column, values=(("cell", written),)
    )


def shadowed(ground: Ground, decision: str, outputs: Constants, *, steps: Steps) -> tuple[list[Finding], bool]:
    """Rows of hit policies F and P whose every case goes to other rows, and whether every row could be settled.

    One row gets at most a twentieth of the steps, so that a hard one does not keep the others from being looked at.
    """
    policy = ground.grid.table.hit_policy
    if policy not in (HitPolicy.FIRST, HitPolicy.PRIORITY):
        return [], True
    first = policy is HitPolicy.FIRST
    found: list[Finding] = []
    share, settled = steps.left // 20, True
    for row, box in enumerate(ground.space.boxes):
        if not steps.left:
            return found, False
        before = (1 << row) - 1 if first else outputs.ahead[row]
        own = Steps(min(share, steps.left))
        try:
            by = _hidden(ground.space, box, before, own)
        except Spent:
            by, settled = None, False
        steps.left -= min(share, steps.left) - max(own.left, 0)
        if by is not None:
            rows, values = (row + 1, *by), (("by", listed(by)),)
            text = _SHADOWED_FIRST if first else _SHADOWED_PRIORITY
            found.append(Finding(Kind.NEVER, Severity.WARNING, decision, text, rows, values=values))
    return found, settled


def _hidden(space: Space, box: Box, before: int, steps: Steps) -> tuple[int, ...] | None:
    """The rows (from 1) of *before* that cover all of *box*; None where they leave some of it, or it is empty."""
    used: set[int] = set()
    if not all(box) or next(uncovered(space, box, before, steps=steps, used=used), None) is not None:
        return None
    return tuple(sorted(row + 1 for row in used))


def duplicates(ground: Ground, decision: str, outputs: Constants) -> list[Finding]:
    """Rows that fit the same cases and give the same, where the hit policy lets them."""
    if ground.grid.table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.PRIORITY):
        return []
    first: dict[Box, int] = {}
    found = []
    for row, box in enumerate(ground.space.boxes):
        other = first.setdefault(box, row)
        if all(box) and other != row and outputs.same(other, row):
            found.append(Finding(Kind.DUPLICATE, Severity.NOTE, decision, _DUPLICATE, (other + 1, row + 1)))
    return found[:TOLD]


_UNIQUE = mark(
    "rows %(rows)s both fit, where the hit policy allows one: %(region)s. An example: %(example)s. Narrow one of them, or "
    "choose another hit policy."
)
_UNIQUE_MAY = mark(
    "rows %(rows)s may both fit, where the hit policy allows one: %(region)s. An example: %(example)s. Inputs depend on each "
    "other here, so it is not sure that such a case can occur."
)
_ANY = mark(
    "rows %(rows)s both fit, and need not give the same: %(region)s. An example: %(example)s. Narrow one of them, or make their "
    "outputs agree."
)
_ANY_MAY = mark(
    "rows %(rows)s may both fit, and need not give the same: %(region)s. An example: %(example)s. Inputs depend on each other "
    "here, so it is not sure that such a case can occur."
)
_FURTHER = mark("%(more)s more pairs of rows fit the same cases than the %(told)s told; mend these and check again.")
_NO_VALUE = mark(
    "row %(row)s can never fire: no value that column “%(column)s” may have fits “%(cell)s”. Correct the cell, or the allowed "
    "values."
)
_SHADOWED_FIRST = mark(
    "row %(row)s can never fire: the rows before it, %(by)s, take all its cases. Move it up, narrow them, or remove it."
)
_SHADOWED_PRIORITY = mark(
    "row %(row)s never decides: rows of higher priority, %(by)s, take all its cases. Narrow them, or remove it."
)
_DUPLICATE = mark("rows %(rows)s fit the same cases and give the same; one is enough.")
