"""What each measure is of a case: an Ibis expression over the log's cases and steps, the same on every engine.

Whatever happens to a case counts where it happened within so many days, the day of opening being the first. Then old cases, which have
had more time, are no different from young ones, and a figure that is final stays as it is. A day here ends at midnight UTC.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import ibis

from loft.language import mark
from loft.log import Log
from loft.log.steps import DAY, MINUTE
from loft.value.errors import BadInput
from loft.value.measures import ACTIVITIES, Measure
from loft.value.plan import Use
from loft.value.sentence import Figure

MICRO = 1_000_000
MOST_NAMED = 12
"""Names that a refusal lists; of more it gives the first."""


@dataclass(frozen=True)
class Chosen:
    """The cases that are asked about: ``cases`` and ``steps`` are Ibis tables, the latter holds their steps and may hold others'.

    ``within``: days in which a step counts.
    """

    log: Log
    cases: Any
    steps: Any
    within: int

    def soon(self, table: Any, moment: str) -> Any:
        """Whether the *moment* of a row, a column of times, lies within the days that count."""
        return table[moment] < table.opened_day.cast("timestamp") + ibis.interval(days=self.within)

    @property
    def soon_steps(self) -> Any:
        """The steps that count."""
        return self.steps.filter(self.soon(self.steps, "at"))


def with_value(chosen: Chosen, measure: Measure) -> tuple[Any, float]:
    """The cases with the measure as the column ``y``, null where it is not known, and what to divide ``y`` by.

    Times are whole minutes, logarithms millionths, so that sums are of whole numbers and every engine has the same.
    Raises ``BadInput`` where the log has not what the measure needs.
    """
    make, scale = _VALUES[measure.base]
    return make(chosen, measure), scale


def with_use(chosen: Chosen, use: Use, matching: Any) -> Any:
    """The cases with ``y`` 1 where they were handled in the new way, else 0.

    *matching*: the ids of the cases with the attribute's value, used where *use* is of that kind.
    """
    if use.kind == "attribute":
        return _marked(chosen, matching)
    if use.kind == "unit":
        place = _place(use.name, chosen.log.units, mark("The log has no unit %(name)s."))
        return _marked(chosen, chosen.soon_steps.filter(lambda t: t.new_door & (t.unit_id == place)))
    if use.kind == "activity":
        return _marked(chosen, _done(chosen, use.name))
    raise BadInput(
        mark(
            "A case shows that it was handled in the new way by an attribute, a unit or an activity; not by %(kind)s."
        ),
        kind=Figure(use.kind, "text"),
    )


def attribute(log: Log, name: str) -> tuple[bool, str]:
    """Whether the attribute *name* is the cases' own, else the events', and its column. A case's own comes first.

    Raises ``BadInput`` with the nearest name where the log has none.
    """
    for own, names in ((True, log.meta.case_attributes), (False, log.meta.attributes)):
        if column := next((column for column, known in names.items() if known == name), None):
            return own, column
    known = [*log.meta.case_attributes.values(), *log.meta.attributes.values()]
    _refuse(name, known, mark("The log has no attribute %(name)s."))
    raise AssertionError


def columns_read(log: Log, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns of cases, and those of steps, that hold the attributes *names*."""
    own, of_events = log.meta.case_attributes, log.meta.attributes
    return [c for c, name in own.items() if name in names], [c for c, name in of_events.items() if name in names]


def _value_of_step(flag: str, column: str) -> Callable[[Chosen, Measure], Any]:
    """Steps with a *flag*, counted; of a case that had nothing happen later, the *column* of the case tells."""

    def make(chosen: Chosen, _: Measure) -> Any:
        late = chosen.soon_steps.filter(lambda t: t[flag])
        return _summed(chosen, late, lambda t: t.count(), lambda c: c[column], lambda c: c.doors > 0)

    return make


def _time_of_step(column: str, known: Callable[[Any], Any] | None = None) -> Callable[[Chosen, Measure], Any]:
    """Seconds of steps, as whole minutes of the case."""

    def make(chosen: Chosen, _: Measure) -> Any:
        late = chosen.soon_steps.filter(lambda t: t[column].notnull())
        asked = known or (lambda c: ibis.literal(True))
        found = _summed(chosen, late, lambda t: t[column].sum(), lambda c: c[column], asked)
        return found.mutate(y=(found.y // MINUTE).cast("int64"))

    return make


def _summed(chosen: Chosen, steps: Any, total: Any, whole: Any, known: Any) -> Any:
    """A sum over *steps* of each case; ``whole`` is the same over all of a case's steps, for most cases have no late ones."""
    cases = chosen.cases
    early = chosen.soon(cases, "ended")
    others = steps.semi_join(cases.filter(~early).select("case_id"), "case_id")
    sums = others.group_by("case_id").agg(late=lambda t: total(t).cast("int64"))
    joined = cases.left_join(sums, "case_id", rname="{name}_right")
    value = ibis.ifelse(
        chosen.soon(joined, "ended"), whole(joined).cast("int64"), ibis.coalesce(joined.late, ibis.literal(0, "int64"))
    )
    return joined.mutate(y=ibis.ifelse(known(joined), value, ibis.null("int64")))


def _marked(chosen: Chosen, rows: Any) -> Any:
    """``y`` 1 for the cases that *rows*, a table with ``case_id``, has; else 0."""
    hits = rows.select("case_id").distinct().mutate(hit=ibis.literal(1, "int64"))
    joined = chosen.cases.left_join(hits, "case_id", rname="{name}_right")
    return joined.mutate(y=ibis.coalesce(joined.hit, ibis.literal(0, "int64")))


def _done(chosen: Chosen, name: str) -> Any:
    place = _place(name, chosen.log.activities, mark("The log has no activity %(name)s."))
    return chosen.soon_steps.filter(lambda t: t.activity_id == place)


def _activity(chosen: Chosen, measure: Measure) -> Any:
    name = measure.told or ACTIVITIES[measure.base]
    if not measure.told and name not in chosen.log.activities:
        raise BadInput(
            mark("The log has no activity %(name)s. Say which one shows it: %(measure)s:NAME."),
            name=Figure(name, "text"),
            measure=Figure(measure.name, "text"),
        )
    return _marked(chosen, _done(chosen, name))


def _reopening(chosen: Chosen, measure: Measure) -> Any:
    if measure.told:
        return _activity(chosen, measure)
    if not chosen.log.meta.endings:
        raise BadInput(mark("The log does not say which activities end a case. Name its endings when it is imported."))
    ends = [chosen.log.activities.index(name) for name in chosen.log.meta.endings]
    return _marked(
        chosen,
        chosen.soon_steps.filter(lambda t: t.previous_activity_id.isin(ends) & ~t.activity_id.isin(ends)),
    )


def _on_time(chosen: Chosen, measure: Measure) -> Any:
    cases = chosen.cases
    return cases.mutate(y=_one(cases.closed & (cases.lasted_s <= int(measure.told) * DAY)))


def _first_contact(chosen: Chosen, _: Measure) -> Any:
    cases = chosen.cases
    answered = _one(cases.closed & (cases.lasted_s <= DAY) & (cases.doors == 1))
    return cases.mutate(y=ibis.ifelse(cases.doors > 0, answered, ibis.null("int64")))


def _one(flag: Any) -> Any:
    """1 where the flag is true, else 0; PostgreSQL turns a truth value into no other number than ``int32``."""
    return flag.cast("int32").cast("int64")


def _volume(chosen: Chosen, _: Measure) -> Any:
    return chosen.cases.mutate(y=ibis.literal(1, "int64"))


def _log_days(chosen: Chosen, _: Measure) -> Any:
    """Natural logarithm of days; less than a minute counts as a minute."""
    cases = chosen.cases
    seconds = ibis.greatest(cases.lasted_s, ibis.literal(MINUTE, "int64")).cast("float64")
    logarithm = ((seconds / DAY).ln() * MICRO).round().cast("int64")
    return cases.mutate(y=ibis.ifelse(cases.closed, logarithm, ibis.null("int64")))


def _attribute(chosen: Chosen, measure: Measure) -> Any:
    """The case's own value, else the last one among its events'."""
    name = measure.told or measure.base
    own, column = attribute(chosen.log, name)
    table = chosen.cases if own else chosen.steps
    kind = table[column].type()
    if not (kind.is_numeric() or kind.is_boolean()):
        raise BadInput(
            mark("The attribute %(name)s does not hold numbers, so it has no mean. Choose another measure."),
            name=Figure(name, "text"),
        )

    def number(value: Any) -> Any:
        return (value.cast("int32") if kind.is_boolean() else value).cast("float64")

    if own:
        return chosen.cases.mutate(y=number(chosen.cases[column]))
    said = chosen.soon_steps.filter(lambda t: t[column].notnull())
    last = said.group_by("case_id").agg(said=lambda t: t[column].argmax(t.position))
    joined = chosen.cases.left_join(last, "case_id", rname="{name}_right")
    return joined.mutate(y=number(joined.said))


def _place(name: str, names: tuple[str, ...], text: str) -> int:
    """The id of a name."""
    if name not in names[1:]:
        _refuse(name, names[1:], text)
    return names.index(name)


def _refuse(name: str, known: Any, text: str) -> None:
    near = get_close_matches(name, list(known), 1, 0.6)
    if near:
        raise BadInput(
            mark("%(what)s Did you mean %(near)s?"),
            what=Figure(str(BadInput(text, name=Figure(name, "text"))), "text"),
            near=Figure(near[0], "text"),
        )
    if not known:
        raise BadInput(text, name=Figure(name, "text"))
    raise BadInput(
        mark("%(what)s It has: %(known)s."),
        what=Figure(str(BadInput(text, name=Figure(name, "text"))), "text"),
        known=Figure(", ".join(list(known)[:MOST_NAMED]) + (" …" if len(known) > MOST_NAMED else ""), "text"),
    )


_VALUES: dict[str, tuple[Callable[[Chosen, Measure], Any], float]] = {
    "doors": (_value_of_step("new_door", "doors"), 1),
    "handovers": (_value_of_step("handover", "handovers"), 1),
    "bounces": (_value_of_step("bounce", "bounces"), 1),
    "waiting": (_time_of_step("wait_s"), DAY / MINUTE),
    "working": (_time_of_step("work_s", lambda c: c.work_s > 0), DAY / MINUTE),
    "on_time": (_on_time, 1),
    "first_contact": (_first_contact, 1),
    "volume": (_volume, 1),
    "withdrawal": (_activity, 1),
    "refusal": (_activity, 1),
    "activity": (_activity, 1),
    "reopening": (_reopening, 1),
    "attribute": (_attribute, 1),
    "satisfaction": (_attribute, 1),
    "log_days": (_log_days, MICRO),
}
