"""The cases of a log or table whose outcome differs between two versions of a rule."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from loft.decisions.errors import RuleError
from loft.decisions.tables import Table
from loft.language import mark

if TYPE_CHECKING:
    import ibis.expr.types as ir

OLD, NEW = "old ", "new "
"""What the columns of the two versions begin with."""


def changed_cases(old: Table, new: Table, cases: "ir.Table", *, facts: Mapping[str, str] | None = None) -> "ir.Table":
    """The *cases* whose outcome changes, with ``old …`` and ``new …`` columns for status, row and each output; lazy.

    *facts* maps facts to columns as in ``Table.over``; one that only one version asks for is told to that one alone. An outcome is the
    status and the outputs that both versions have (the one output, where both have one, whatever it is called); which row fired does
    not matter. Raises ``RuleError`` as ``over``, and where *cases* has a column beginning with ``old`` or ``new`` of that name.
    """
    before, first = _beside(old, cases, _told_to(old, new, facts), OLD)
    after, second = _beside(new, before, _told_to(new, old, facts), NEW)
    pairs = [(name, name) for name in first if name in second and name != "row"]
    outputs = [[name for name in side if name not in ("row", "status")] for side in (first, second)]
    if len(outputs[0]) == len(outputs[1]) == 1 and outputs[0] != outputs[1]:
        pairs.append((outputs[0][0], outputs[1][0]))
    differs = None
    for one, other in pairs:
        left, right = after[OLD + one], after[NEW + other]
        if left.type() != right.type() and not (left.type().is_numeric() and right.type().is_numeric()):
            left, right = left.cast("string"), right.cast("string")
        changed = ~left.identical_to(right)
        differs = changed if differs is None else differs | changed
    return after.filter(differs)


def changed_outcomes(changed: "ir.Table") -> "ir.Table":
    """How many *cases* went from which outcome to which: the ``old …`` and ``new …`` columns but the rows, and ``cases``, the most
    first. Not gated: what comes from a log of people passes the gate before it is shown."""
    rows = (f"{OLD}row", f"{NEW}row")
    by = [name for name in changed.columns if name.startswith((OLD, NEW)) and name not in rows]
    return changed.group_by(by).agg(cases=changed.count()).order_by([_descending(), *by])


def _descending() -> "ir.Value":
    import ibis

    return ibis.desc("cases")


def _told_to(table: Table, other: Table, facts: Mapping[str, str] | None) -> dict[str, str]:
    """The facts that concern *table*; one that neither version knows is told too, so that it is refused."""
    elsewhere = {fact.name for fact in other.inputs} - {fact.name for fact in table.inputs}
    return {name: column for name, column in (facts or {}).items() if name not in elsewhere}


def _beside(table: Table, cases: "ir.Table", facts: Mapping[str, str], prefix: str) -> tuple["ir.Table", list[str]]:
    """*cases* with the outcome of *table* in columns that begin with *prefix*; and what these are called without it."""
    from loft.decisions.over import over

    added = [*table.output_names, "row", "status"]
    for name in added:
        if prefix + name in cases.columns:
            raise RuleError(_CLASH, column=prefix + name)
    return over(table, cases, facts=facts, names=prefix), added


_CLASH = mark("the cases have a column “%(column)s” already. Give it another name.")
