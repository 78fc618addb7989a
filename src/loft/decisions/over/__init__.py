"""A rule over a whole log: the cases with the rule's outputs beside them, as one expression for whichever engine holds the log.

The same grid that decides a single case is written out as conditions, so both give the same answers. A case's facts may be missing
(NULL, NaN, or no column at all): it is decided when every completion has the same outcome, and else ``undecided``.
"""

from collections.abc import Mapping
from dataclasses import replace

import ibis.expr.types as ir

from loft.decisions.errors import Place, RuleError
from loft.decisions.over.columns import chosen, empty, fact
from loft.decisions.over.known import Known
from loft.decisions.over.outputs import Found
from loft.decisions.over.running import run
from loft.decisions.over.sheet import Sheet
from loft.decisions.tables import Table
from loft.language import mark

TAKEN = mark('the log has a column “%(column)s” already; set a prefix for the new columns (names="rule ").')


def over(table: Table, cases: ir.Table, *, facts: Mapping[str, str] | None = None, names: str = "") -> ir.Table:
    """*cases* and, for each: every output of the rule, ``row`` (the row that fired, from 1) and ``status`` (as ``decision.Status``).

    An output's column is named as the output, or as the decision where its one output has no name; *names* is put before each of the
    new names. *facts* says which column holds which fact; others are looked for by name, spaces and underscores being alike, and a
    fact without a column is not known. ``row`` is NULL where no single row fired, or where several with the same outcome could. Hit
    policies that give lists give arrays, one for each output. Nothing runs until the result is asked for.

    What differs from ``Table.decide``:

    - A value outside a fact's allowed values is no error: the cells hold for it or not, as FEEL has it; outside those of a column it
      counts as null. Infinite numbers are numbers.
    - Numbers are the engine's: those calculated from floating columns are rounded as floating point is. Outputs are whole numbers, or
      floating. Durations are numbers of seconds or months, in facts and outputs.
    - A moment is read by UTC's clock, without its zone, and where a date is wanted; two are equal only to the last part of a second.
    - A required decision that is undecided counts as not known, whatever it could still be.
    - Facts that are missing and stand in several input expressions are taken to be independent. In a table that would be cut into
      more than ``tree.LEAVES`` pieces, rows are weighed one by one. Both may leave undecided what ``decide`` decides; never the other
      way round.

    Raises ``RuleError`` for a column that is not there, is of another type or would be written over, and for what cannot be run over a
    log, with decision, row and column.
    """
    sheet = _sheet(table, cases, facts)
    units = table.network.units
    found = None
    for unit in units:
        opened = unit if unit.grid is None else replace(unit, grid=table.network.opened(unit.grid))
        found = run(opened, sheet, Place(file=table.model.file, decision=unit.name))
        if unit is not units[-1]:
            sheet.scope[unit.name] = _required(Table(table.model, unit.node), found, sheet)
    assert found is not None
    columns = dict(zip(table.output_names, (value.value for value in found.outputs), strict=True))
    new = {f"{names}{name}": value for name, value in {**columns, "row": found.row, "status": found.status}.items()}
    for name in new:
        if name in cases.columns:
            raise RuleError(TAKEN, Place(file=table.model.file, decision=table.name, column=name), column=name)
    return sheet.table.mutate(**new).select(*cases.columns, *new)


def _sheet(table: Table, cases: ir.Table, facts: Mapping[str, str] | None) -> Sheet:
    """The log with every fact of the rule as a value."""
    sheet = Sheet(cases, {})
    place = Place(file=table.model.file, decision=table.name)
    try:
        columns = chosen(table.inputs, cases, facts)
        for given in table.inputs:
            value = (
                fact(cases, columns[given.name], given.name, given.type) if given.name in columns else empty(given.type)
            )
            sheet.scope[given.name] = sheet.kept(value)
    except RuleError as error:
        raise error.at(place) from None
    return sheet


def _required(table: Table, found: Found, sheet: Sheet) -> Known:
    """The outputs of a required decision as a value for those that require it."""
    outputs = [sheet.kept(value) for value in found.outputs]
    if len(outputs) == 1:
        return outputs[0]
    parts = dict(zip(table.output_names, outputs, strict=True))
    return Known(outputs[0].value, "context", outputs[0].known, parts=parts)


__all__ = ["over"]
