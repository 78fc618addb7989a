"""A row of a table as a sentence, and an outcome in words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from loft.decisions.decision import Decision, Status
from loft.decisions.model import DecisionNode, DecisionTable, HitPolicy, Output, OutputCell, Row
from loft.decisions.saying.conditions import Phrase, clause, constant, is_constant, operand, phrase, value_clause
from loft.decisions.saying.naming import Names, called_decision, called_output, names_of
from loft.decisions.saying.values import capital, joined, value_in_words
from loft.language import gettext

if TYPE_CHECKING:
    from loft.decisions.tables import Table


def row_in_words(table: "Table", row: int) -> str:
    """Row *row* (from 1) as a sentence: ``If household income is below 400,000 kr: fee is 1,500.``

    A row that tests nothing is told as what applies always, or otherwise where rows before it come first. Raises ``IndexError`` for a
    row that is not there, ``TypeError`` where the decision is no table.
    """
    logic, names = logic_of(table), names_of(table.model)
    found = logic.rows[row - 1]
    conditions = [clause(label, said) for label, said in tested(logic, found, names)]
    then = _then(logic, table.node, found, names)
    if conditions:
        return gettext("If %(conditions)s: %(outcome)s.") % {"conditions": joined(conditions), "outcome": then}
    if logic.hit_policy is HitPolicy.FIRST and row > 1:
        return gettext("Otherwise: %(outcome)s.") % {"outcome": then}
    if logic.hit_policy is HitPolicy.PRIORITY:
        return gettext("Unless a row with a higher priority fits: %(outcome)s.") % {"outcome": then}
    return gettext("Always: %(outcome)s.") % {"outcome": then}


def default_in_words(table: "Table") -> str:
    """What applies where no row fits, as a sentence; empty where the table has no default."""
    logic, names = logic_of(table), names_of(table.model)
    told = [_gives(output, output.default, table.node, names) for output in logic.outputs if output.default is not None]
    return gettext("If no row fits: %(outcome)s.") % {"outcome": joined(told)} if told else ""


def tested(logic: DecisionTable, row: Row, names: Names) -> list[tuple[str, Phrase]]:
    """What the row really tests: for each cell that is not ``-``, what the column is called and what stands after “is”."""
    found = []
    for column, cell in zip(logic.inputs, row.cells, strict=True):
        if not cell.tests.always:
            called = names.of_input(column)
            found.append((called.label, phrase(cell.tests, called.unit, names)))
    return found


def outcome(decision: Decision) -> str:
    """The outcome as one sentence: ``Fee is 1,500.``; what stands in the way where there is none, and never a no."""
    if decision.status is Status.UNDECIDED:
        return gettext("Not decided yet: more must be known.")
    if decision.status is Status.UNMATCHED:
        return gettext("No row of the rule fits: the rule says nothing about such a case.")
    if decision.status is Status.CONFLICT:
        return gettext("Several rows fit where the rule allows one: the rule must be mended.")
    return capital(gettext("%(outcome)s.") % {"outcome": joined(given(decision))})


def given(decision: Decision) -> list[str]:
    """Each output of a decision as a clause: ``fee is 1,500``."""
    called = _called(decision.table)
    return [
        value_clause(called.get(name, name), value, output=True)
        for name, value in values_of(decision.table, decision.value).items()
    ]


def outcomes(table: "Table", values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Each output with what it is called and its value in words. *values* are by output name; one without a name by the decision's."""
    called = _called(table)
    return tuple((called.get(name, name), value_in_words(value)) for name, value in values.items())


def _called(table: "Table") -> dict[str, str]:
    """What each output is called, by its name; one without a name goes by the decision's."""
    logic, own = table.node.logic, {table.name: called_decision(table.node)}
    outputs = logic.outputs if isinstance(logic, DecisionTable) else ()
    return {**own, **{output.name or table.name: called_output(output, table.node) for output in outputs}}


def values_of(table: "Table", value: Any) -> Mapping[str, Any]:
    """A table's value by output: one output's under its name (or the decision's), several as they are."""
    logic = table.node.logic
    if isinstance(logic, DecisionTable) and len(logic.outputs) > 1 and isinstance(value, dict):
        return value
    name = logic.outputs[0].name if isinstance(logic, DecisionTable) and len(logic.outputs) == 1 else ""
    return {name or table.name: value}


def logic_of(table: "Table") -> DecisionTable:
    """The table of this decision. Raises ``TypeError`` where its logic is another thing."""
    if not isinstance(table.node.logic, DecisionTable):
        raise TypeError(f"the decision {table.name!r} is no table")
    return table.node.logic


def _then(logic: DecisionTable, node: DecisionNode, row: Row, names: Names) -> str:
    return joined([_gives(output, cell, node, names) for output, cell in zip(logic.outputs, row.outputs, strict=True)])


def _gives(output: Output, cell: OutputCell, node: DecisionNode, names: Names) -> str:
    label = called_output(output, node)
    if is_constant(cell.node):
        return value_clause(label, constant(cell.node), output=True)
    return clause(label, Phrase(operand(cell.node, "", names)))
