"""The figure of a change: what was measured, against what was expected without it."""

from collections.abc import Callable

from loft.changes.models import Change, VerdictRow
from loft.charts import Drawing, lines, numbers
from loft.language import gettext
from loft.value.measures import measure
from loft.value.verdict import Look


def figure(change: Change, row: VerdictRow) -> Drawing | None:
    """The measured path with the expected one and the sequence's band, the first start marked; None where too few months are known."""
    looks = [look for look in row.verdict.path if look.treated is not None or look.expected is not None]
    if len(looks) < 3:
        return None
    scale = 100.0 if measure(row.plan.plan.measure).kind == "share" else 1.0
    start = min((e.started for e in change.exposures.all() if e.started), default=row.plan.plan.first_start)
    return lines(
        [look.day for look in looks],
        [_scaled(look.treated, scale) for look in looks],
        describe=_described(row, looks),
        name=gettext("Measured"),
        low=[_floored(look.low, scale) for look in looks],
        high=[_scaled(look.high, scale) for look in looks],
        against=[_scaled(look.expected, scale) for look in looks],
        against_name=gettext("Expected without the change"),
        band_name=gettext("What chance would give"),
        form=_form(row),
        marks=[(start, gettext("First start"))],
    )


def headline(row: VerdictRow) -> str:
    """What the figure shows, in a sentence, by its last month that is known."""
    last = next((at for at in reversed(row.verdict.path) if at.treated is not None and at.expected is not None), None)
    if last is None or last.treated is None or last.expected is None or last.day < row.plan.plan.first_start:
        return gettext("Nothing is measured since the start yet")
    scale = 100.0 if measure(row.plan.plan.measure).kind == "share" else 1.0
    words = {"measured": _form(row)(last.treated * scale), "expected": _form(row)(last.expected * scale)}
    words |= {"measure": measure(row.plan.plan.measure).says, "month": numbers.month(last.day)}
    return gettext("%(measure)s in %(month)s: %(measured)s, expected without the change: %(expected)s") % words


def _described(row: VerdictRow, looks: list[Look]) -> str:
    words = {"first": numbers.month(looks[0].day), "last": numbers.month(looks[-1].day), "finding": headline(row)}
    return gettext("%(finding)s. By month from %(first)s to %(last)s.") % words


def _form(row: VerdictRow) -> Callable[[float | None], str]:
    kind = measure(row.plan.plan.measure).kind
    if kind == "days":
        return numbers.days
    if kind == "share":
        return lambda value: numbers.MISSING if value is None else numbers.percent(value / 100)
    return lambda value: numbers.decimal(value, 1)


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale


def _floored(value: float | None, scale: float) -> float | None:
    """Days, counts and shares cannot be below 0, though a band may reach there."""
    return None if value is None else max(value * scale, 0.0)
