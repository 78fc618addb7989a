"""Why a decision came out as it did: one sentence for each fact that the rows which fired really test."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from loft.decisions.decision import Decision, Status
from loft.decisions.errors import Missing
from loft.decisions.facts import NOTHING
from loft.decisions.feel.ast import Name
from loft.decisions.feel.evaluate import expression, test
from loft.decisions.model import Cell, DecisionTable, HitPolicy, Input, InputData, LiteralExpression, Row
from loft.decisions.saying.conditions import clause, phrase, value_clause
from loft.decisions.saying.naming import Names, names_of
from loft.decisions.saying.rows import given
from loft.decisions.saying.values import joined, value_in_words
from loft.language import gettext

_UNKNOWN = object()
MOST_BEFORE = 3
"""Rows before the one that fired which are told one by one."""
DEEPEST = 2
"""Required decisions inside each other whose reasons are told: of more, nobody finds the end of the sentence."""


def reasons(decision: Decision) -> tuple[str, ...]:
    """Why the outcome is as it is, in the language in force: ``because household income 312,000 kr is below 400,000 kr``.

    A row's own ``because`` stands first; then one clause for each fact that the rows which fired test. What comes from a required decision
    is told with that decision's reasons. Without an outcome: which facts could still change it, that no row fits, or which rows conflict.
    """
    if decision.status is Status.UNDECIDED:
        return _undecided(decision)
    told = [
        text if own else gettext("because %(reason)s") % {"reason": text} for own, text in _clauses(decision, DEEPEST)
    ]
    if decision.status is Status.UNMATCHED:
        return (_unmatched(decision),)
    if decision.status is Status.CONFLICT:
        rows = joined([str(row) for row in decision.rows])
        told.insert(0, gettext("Rows %(rows)s fit, and the rule allows one only.") % {"rows": rows})
    return tuple(dict.fromkeys(told))


def _clauses(decision: Decision, depth: int) -> Iterator[tuple[bool, str]]:
    """Pairs: whether it is the rule's own sentence, and the text."""
    logic = decision.table.node.logic
    if not isinstance(logic, DecisionTable):
        yield from _worked_out(decision, depth)
        return
    scope = _scope(decision)
    names = replace(names_of(decision.table.model), values=scope)
    fired = [logic.rows[row - 1] for row in decision.rows if 0 < row <= len(logic.rows)]
    for row in fired:
        if row.because:
            yield True, row.because.said()
        for column, cell in zip(logic.inputs, row.cells, strict=True):
            if not cell.tests.always:
                yield False, _told(decision, column, cell, scope, names, depth)
    if not fired:
        yield from ((False, text) for text in _without_rows(logic, scope, names))
    elif logic.hit_policy is HitPolicy.FIRST and all(cell.tests.always for cell in fired[0].cells):
        yield from ((False, text) for text in _rows_before(logic, decision.rows[0], scope, names))


def _told(decision: Decision, column: Input, cell: Cell, scope: dict[str, Any], names: Names, depth: int) -> str:
    """One fact and the test it passes; for a required decision, what that rests on."""
    called, value = names.of_input(column), _value(column, scope)
    said = phrase(cell.tests, called.unit, names)
    if value is _UNKNOWN:
        return clause(called.label, said)
    words = value_in_words(value, called.unit)
    if value is None or said.plain or isinstance(value, bool):
        text = value_clause(called.label, value, called.unit)
    else:
        text = clause(gettext("%(fact)s %(value)s") % {"fact": called.label, "value": words}, said)
    required = _required(decision, column)
    if required is None or depth == 0:
        return text
    pairs = list(_clauses(required, depth - 1))
    inner, own = [part for of_rule, part in pairs if not of_rule], [part for of_rule, part in pairs if of_rule]
    text = _since(text, inner)
    return f"{text} ({' '.join(own)})" if own else text


def _required(decision: Decision, column: Input) -> Decision | None:
    if not isinstance(column.node, Name):
        return None
    return next((each for each in decision.required if each.table.name == column.node.name), None)


def _scope(decision: Decision) -> dict[str, Any]:
    known = {fact.name: None if fact.value is NOTHING else fact.value for fact in decision.facts}
    decided = {each.table.name: each.value for each in decision.required if each.status is Status.DECIDED}
    return {**known, **decided}


def _value(column: Input, scope: dict[str, Any]) -> Any:
    if isinstance(column.node, Name):
        return scope.get(column.node.name, _UNKNOWN)
    try:
        return expression(column.node)(scope)
    except Missing:
        return _UNKNOWN


def _without_rows(logic: DecisionTable, scope: dict[str, Any], names: Names) -> Iterator[str]:
    """Decided though no row is named: by the default, or because every row that could fit gives the same."""
    tested = [column for place, column in enumerate(logic.inputs) if _is_tested(logic, place)]
    values = [(names.of_input(column), _value(column, scope)) for column in tested]
    yield from (value_clause(called.label, value, called.unit) for called, value in values if value is not _UNKNOWN)
    if any(value is _UNKNOWN for _, value in values):
        yield gettext("the outcome is the same whatever the facts that are not known turn out to be")
    else:
        yield gettext("no row of the rule fits, and it says what applies then")


def _is_tested(logic: DecisionTable, place: int) -> bool:
    """Whether any row tests the column at *place*."""
    return any(not row.cells[place].tests.always for row in logic.rows)


def _rows_before(logic: DecisionTable, fired: int, scope: dict[str, Any], names: Names) -> Iterator[str]:
    """Why the rows before a row that tests nothing do not fit."""
    if not 1 < fired <= MOST_BEFORE + 1:
        if fired > 1:
            yield gettext("none of the %(count)s rows before row %(row)s fits") % {"count": fired - 1, "row": fired}
        return
    for number, row in enumerate(logic.rows[: fired - 1], 1):
        failed = _failed(logic, row, scope, names)
        if failed:
            yield gettext("row %(row)s does not fit: %(facts)s") % {"row": number, "facts": joined(failed)}
        else:
            yield gettext("row %(row)s does not fit") % {"row": number}


def _failed(logic: DecisionTable, row: Row, scope: dict[str, Any], names: Names) -> list[str]:
    """The facts that a row's tests do not hold for, with their values."""
    told = []
    for column, cell in zip(logic.inputs, row.cells, strict=True):
        value = _value(column, scope)
        if value is _UNKNOWN or cell.tests.always:
            continue
        try:
            holds = test(cell.tests)(value, scope)
        except Missing:
            continue
        if holds is not True:
            called = names.of_input(column)
            told.append(value_clause(called.label, value, called.unit))
    return told


def _worked_out(decision: Decision, depth: int) -> Iterator[tuple[bool, str]]:
    """Reasons of a decision that is no table: the facts and decisions it takes itself, and the expression."""
    table = decision.table
    names, parts = names_of(table.model), [table.model.part(part) for part in table.node.requires]
    own = {part.name for part in parts if isinstance(part, InputData)}
    for fact in decision.facts:
        if fact.name in own:
            yield False, value_clause(names[fact.name].label, fact.value, names[fact.name].unit)
    for each in decision.required:
        inner = [part for of_rule, part in _clauses(each, depth - 1) if not of_rule] if depth else []
        yield False, _since(joined(given(each)), inner)
    if isinstance(table.node.logic, LiteralExpression):
        yield False, gettext("it is worked out as “%(expression)s”") % {"expression": table.node.logic.text.strip()}


def _since(text: str, inner: list[str]) -> str:
    """A reason with the reasons it rests on."""
    return gettext("%(reason)s, since %(reasons)s") % {"reason": text, "reasons": joined(inner)} if inner else text


def _undecided(decision: Decision) -> tuple[str, ...]:
    names = names_of(decision.table.model)
    if not decision.missing:
        return (gettext("It is not decided."),)
    facts = joined([names[name].label for name in decision.missing])
    return (gettext("Not known, and could still change the outcome: %(facts)s.") % {"facts": facts},)


def _unmatched(decision: Decision) -> str:
    names = names_of(decision.table.model)
    facts = [value_clause(names[f.name].label, f.value, names[f.name].unit) for f in decision.facts]
    for each in decision.required:
        facts += given(each)
    if not facts:
        return gettext("No row of the rule fits.")
    return gettext("No row of the rule fits: %(facts)s.") % {"facts": joined(facts)}
