"""The figure of a change: what was measured, against what was expected without it."""

from collections.abc import Callable

from loft.changes.models import Change, VerdictRow
from loft.charts import Drawing, lines, numbers
from loft.language import gettext
from loft.value.measures import measure
from loft.value.verdicts import Look
from loft.web.pages.changes.wording import measured as named


def figure(change: Change, row: VerdictRow) -> Drawing | None:
    """The measured path with the expected one and the sequence's band, the first start marked; None where too few months are known."""
    looks = [look for look in row.verdict.path if look.treated is not None or look.expected is not None]
    if len(looks) < 3:
        return None
    share = measure(row.plan.plan.measure).kind == "share"
    scale, most = (100.0, 100.0) if share else (1.0, None)
    start = min((e.started for e in change.exposures.all() if e.started), default=row.plan.plan.first_start)
    return lines(
        [look.day for look in looks],
        [_scaled(look.treated, scale) for look in looks],
        describe=_described(row, looks),
        name=gettext("Measured, last month"),
        low=[_floored(look.low, scale) for look in looks],
        high=[_capped(look.high, scale, most) for look in looks],
        against=[_scaled(look.expected, scale) for look in looks],
        against_name=gettext("Expected, last month"),
        band_name=gettext("What chance would give"),
        form=_form(row),
        axis=_form(row) if share else None,
        marks=[(start, gettext("First start"))],
    )


def headline(row: VerdictRow) -> str:
    """What the figure shows, in a sentence: the mean of the months since the first start, measured and expected."""
    start = row.plan.plan.first_start
    known = [
        (at.treated, at.expected)
        for at in row.verdict.path
        if at.day >= start and at.treated is not None and at.expected is not None
    ]
    if not known:
        return gettext("Nothing is measured since the start yet")
    scale = 100.0 if measure(row.plan.plan.measure).kind == "share" else 1.0
    measured, expected = (_form(row)(sum(values) / len(known) * scale) for values in zip(*known, strict=True))
    words = {"measure": named(row.plan.plan.measure), "measured": measured, "expected": expected}
    return gettext("%(measure)s since the start: %(measured)s, expected without the change: %(expected)s") % words


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


def _capped(value: float | None, scale: float, most: float | None) -> float | None:
    """A share cannot be above 100 %, though a band may reach there."""
    scaled = _scaled(value, scale)
    return scaled if scaled is None or most is None else min(scaled, most)


def _floored(value: float | None, scale: float) -> float | None:
    """Days, counts and shares cannot be below 0, though a band may reach there."""
    return None if value is None else max(value * scale, 0.0)
