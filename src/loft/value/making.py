"""Cells from a log: one question to its engine for each measure, a group-by over cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loft.language import mark
from loft.log import Log
from loft.log.steps import DAY
from loft.value.cells import Cells, Ints
from loft.value.errors import BadInput
from loft.value.measures import Measure
from loft.value.measures import measure as measure_named
from loft.value.per_case import Chosen, attribute, with_use, with_value
from loft.value.plan import Use
from loft.value.question import USED, Question, as_input
from loft.value.sentence import Figure
from loft.value.showing import shown
from loft.value.tally import Tally, hash_of

__all__ = ["Question", "cells_of", "hash_of", "shown", "tally_of", "use_cells"]


def cells_of(
    log: Log,
    measure: Measure | str,
    *,
    by: str = "unit",
    services: Sequence[str] = (),
    where: Sequence[tuple[str, str]] = (),
    strata: str = "service",
    within: int | None = None,
    first: date | None = None,
    until: date | None = None,
) -> Cells:
    """The cells of a measure, sorted by unit, day, stratum and age.

    *by* says what a unit is: ``unit``, the first unit that a case met, or ``attribute:NAME``, the case's value, else the first among its
    events'. *services* and *where* choose the cases, *first* and *until* the days they were opened on; *until* earlier than the log's
    last day gives what was known then, but a case that was opened again counts as not closed. *strata* is ``service``,
    ``attribute:NAME`` or empty. *within*: see ``Cells``; by default nine in ten closed cases took no longer. ``on_time:DAYS`` and
    ``first_contact`` have their own, and ``volume`` and ``log_days`` none.

    Raises ``BadInput`` for names that the log has not, and where no case is left.
    """
    measure = measure_named(measure) if isinstance(measure, str) else measure
    question = Question(measure, by, tuple(services), tuple(where), strata, within)
    return _cells(log, question, first, until)


def use_cells(
    log: Log,
    use: Use,
    *,
    by: str = "unit",
    services: Sequence[str] = (),
    where: Sequence[tuple[str, str]] = (),
    strata: str = "service",
    within: int | None = None,
    first: date | None = None,
    until: date | None = None,
) -> Cells:
    """The cells of the share of cases handled in the new way, by units; of comparison units it is the share exposed.

    The options are those of ``cells_of``. A unit met or an activity done counts within *within* days, an attribute whenever it was set.
    """
    return _cells(log, Question(USED, by, tuple(services), tuple(where), strata, within, use), first, until)


def _cells(log: Log, question: Question, first: date | None, until: date | None) -> Cells:
    question = question.settled(log)
    return answered(tally_of(log, question, first=first, until=until), question)


def answered(tally: Tally, question: Question) -> Cells:
    """The cells of a tally. Raises ``BadInput`` where there are none."""
    found = tally.summed()
    if not len(found.n):
        if found.left_out and not found.unknown:
            text = mark(
                "None of the %(count)s cases chosen has a unit by %(by)s. Choose another way to tell units apart."
            )
            raise BadInput(text, count=Figure(found.left_out, "count"), by=Figure(question.by, "text"))
        if found.unknown:
            text = mark("%(measure)s is not known of any of the %(count)s cases chosen. Choose another measure.")
            raise BadInput(text, measure=Figure(question.measure.label, "told"), count=Figure(found.unknown, "count"))
        raise BadInput(
            mark("No case of the log fits the services, attributes and days chosen, and has a final figure.")
        )
    return found


def tally_of(
    log: Log,
    question: Question,
    *,
    first: date | None = None,
    until: date | None = None,
    days: Sequence[date] | None = None,
) -> Tally:
    """The tally of a question that is settled; *days*: of these days of opening only. No cases is no error here."""
    log_first, log_last = log.meta.days
    first, until = first or log_first, min(until or log_last, log_last)
    question = replace(question, strata="") if question.measure.form == "count" else question
    last = until if question.measure.form == "duration" else until - timedelta(days=question.within or 0)
    if last < first:
        rows = None
    else:
        expression, scale = _expression(log, question, first, last, until, days)
        rows = log.run(expression)
    return _tally(log, question, first, until, rows, 1 if rows is None else scale)


def _expression(
    log: Log, question: Question, first: date, last: date, until: date, days: Sequence[date] | None
) -> tuple[Any, float]:
    chosen = as_input(lambda: _chosen(log, question, first, last, days))
    duration = question.measure.form == "duration"
    scale = 1.0
    if question.use:
        where = (*question.where, (question.use.name, question.use.value))
        matching = (
            as_input(lambda: log.cases(question.selection.but(where=where)))
            if question.use.kind == "attribute"
            else None
        )
        cases = with_use(chosen, question.use, matching)
    elif duration:
        cases = _as_known(log, chosen.cases, until)
    else:
        cases, scale = with_value(chosen, question.measure)
    cases = _with_names(chosen, cases, question.by, "unit_name")
    keys = ["unit_name", "opened_day"]
    if question.strata:
        cases = _with_names(chosen, cases, question.strata, "stratum_name")
        keys.append("stratum_name")
    if duration:
        return cases.group_by([*keys, "age", "shut"]).agg(cases=cases.count()), scale
    number = "int64" if cases.y.type().is_integer() else "float64"
    sums = {
        "n": cases.y.count(),
        "total": cases.y.sum().cast(number),
        "squares": (cases.y * cases.y).sum().cast(number),
    }
    return cases.group_by(keys).agg(cases=cases.count(), **sums), scale


def _chosen(log: Log, question: Question, first: date, last: date, days: Sequence[date] | None) -> Chosen:
    selection = question.selection.but(opened_from=first, opened_until=last)
    cases, steps = log.cases(selection), log.steps(selection.but(where=()))
    if days is not None:
        cases, steps = (t.filter(t.opened_day.isin(list(days))) for t in (cases, steps))
    return Chosen(log, cases, steps, question.within or 0)


def _as_known(log: Log, cases: Any, until: date) -> Any:
    """Cases with ``age`` and ``shut`` as they were when the day *until* ended."""
    if until >= log.meta.days[1]:
        return cases.mutate(age=cases.lasted_days, shut=cases.closed)
    end = datetime.combine(until + timedelta(days=1), time(), ZoneInfo(log.meta.time_zone)).astimezone(UTC)
    shut = cases.closed & (cases.ended < end.replace(tzinfo=None))
    seen = (ibis.literal(int(end.timestamp()), "int64") - cases.opened.epoch_seconds().cast("int64")) // DAY
    return cases.mutate(age=ibis.ifelse(shut, cases.lasted_days, seen.cast("int32")), shut=shut)


def _with_names(chosen: Chosen, cases: Any, by: str, column: str) -> Any:
    """Cases with the unit or stratum that each belongs to: an id, or the value of an attribute."""
    kind, _, name = by.partition(":")
    if by == "unit":
        # The first known unit of a case is the one new to it that comes after none.
        first = chosen.steps.filter(lambda t: t.new_door & t.previous_unit_id.isnull())
        return _beside(cases, first.select("case_id", **{column: first.unit_id}))
    if by == "service":
        return cases.mutate(**{column: cases.service_id})
    if kind != "attribute" or not name:
        raise BadInput(
            mark("Cases can be told apart by unit, by service or by attribute:NAME; not by %(by)s."),
            by=Figure(by, "text"),
        )
    own, place = attribute(chosen.log, name)
    table = cases if own else chosen.steps
    if not (table[place].type().is_string() or table[place].type().is_integer() or table[place].type().is_boolean()):
        raise BadInput(
            mark("The attribute %(name)s holds no names, so units cannot be told apart by it."),
            name=Figure(name, "text"),
        )
    if own:
        return cases.mutate(**{column: table[place].cast("string")})
    said = chosen.steps.filter(lambda t: t[place].notnull())
    first = said.group_by("case_id").agg(**{column: lambda t: t[place].argmin(t.position).cast("string")})
    return _beside(cases, first)


def _beside(cases: Any, names: Any) -> Any:
    return cases.left_join(names, "case_id", rname="{name}_beside").drop("case_id_beside")


def _tally(log: Log, question: Question, first: date, until: date, rows: pa.Table | None, scale: float) -> Tally:
    def numbers(name: str, kind: Any = np.int64) -> Any:
        if rows is None:
            return np.zeros(0, dtype=kind)
        column = rows.column(name)
        return (pc.fill_null(column, 0) if column.null_count else column).to_numpy(zero_copy_only=False).astype(kind)

    day = numbers("opened_day", "datetime64[D]").astype(np.int64) - np.datetime64(first, "D").astype(np.int64)
    units, unit = _coded(log, question.by, rows, "unit_name")
    cases = numbers("cases")
    duration = question.measure.form == "duration"
    n = cases if duration else numbers("n")
    age = numbers("age") if duration else None
    known = (unit >= 0) & (n > 0)
    total, squares = (n * age, n * age**2) if age is not None else (numbers(c, float) for c in ("total", "squares"))
    if not np.isfinite(np.where(known, squares, 0)).all():
        raise BadInput(
            mark("A value of %(name)s is no finite number. Mend the source and import the log again."),
            name=Figure(question.measure.told or question.measure.name, "text"),
        )
    strata, stratum = _coded(log, question.strata, rows, "stratum_name") if question.strata else (("",), None)
    if stratum is not None:
        strata, stratum = (*strata, ""), np.where(stratum < 0, len(strata), stratum)[known]
    cells = Cells(
        measure=question.measure,
        units=units,
        first=first,
        until=until,
        unit=unit[known],
        day=day[known],
        n=n[known].astype(np.float64),
        total=total[known] / scale,
        squares=squares[known] / scale**2,
        strata=strata,
        stratum=stratum,
        age=None if age is None else age[known],
        closed=numbers("shut", bool)[known] if duration else None,
        within=question.within or 0,
    )
    days, place = np.unique(day, return_inverse=True)
    without = np.bincount(place, np.where(unit < 0, cases, 0), len(days)).astype(np.int64)
    unknown = np.bincount(place, np.where(unit < 0, 0, cases - n), len(days)).astype(np.int64)
    return Tally(cells, days, without, unknown)


def _coded(log: Log, by: str, rows: pa.Table | None, column: str) -> tuple[tuple[str, ...], Ints]:
    """The names of units or strata, and the place of each row's among them; -1 where there is none."""
    if rows is None:
        return (), np.zeros(0, dtype=np.int64)
    if by in ("unit", "service"):
        names = log.units if by == "unit" else log.services
        ids = pc.fill_null(rows.column(column), 0).to_numpy(zero_copy_only=False).astype(np.int64)
        return names, np.where(ids > 0, ids, -1)
    coded = rows.column(column).combine_chunks().dictionary_encode()
    places = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return tuple(coded.dictionary.to_pylist()), places
