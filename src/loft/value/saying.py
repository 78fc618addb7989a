"""The answer in one sentence, for a leader: what is shown, with its range and who was compared."""

from loft.language import mark
from loft.value.measures import Measure
from loft.value.rule import Ruling
from loft.value.sentence import Figure, Sentence, say
from loft.value.verdicts import Size, Word

SHOWN = {
    True: mark(
        "%(measure)s: shown to be lower by %(estimate)s (surely between %(low)s and %(high)s) in %(treated)s units, compared with "
        "%(comparison)s that had not started."
    ),
    False: mark(
        "%(measure)s: shown to be higher by %(estimate)s (surely between %(low)s and %(high)s) in %(treated)s units, compared with "
        "%(comparison)s that had not started."
    ),
}
HARM = mark("Harm is shown. %(why)s The estimate for %(measure)s is %(estimate)s (between %(low)s and %(high)s).")
HARM_ALONE = mark("Harm is shown. %(why)s")
NOT_YET = mark("Not shown yet. The estimate for %(measure)s is %(estimate)s (between %(low)s and %(high)s). %(why)s")
NOT_YET_WHEN = mark(
    "Not shown yet. The estimate for %(measure)s is %(estimate)s (between %(low)s and %(high)s). %(why)s We may know around %(month)s."
)
POINTS = mark(
    "This points to value without showing it. The estimate for %(measure)s is %(estimate)s (between %(low)s and %(high)s). %(why)s"
)
NOT_YET_ALONE = mark("Not shown yet. %(why)s")
UNKNOWABLE = mark("Cannot be known with this design. %(why)s %(instead)s")


def answer(measure: Measure, ruling: Ruling, size: Size | None, *, treated: int, comparison: int) -> Sentence:
    """The answer that goes with a *ruling*."""
    named = Figure(measure.says, "said")
    why = Figure(ruling.reasons[0], "said") if ruling.reasons else Figure("", "text")
    if ruling.word == Word.UNKNOWABLE:
        return say(
            UNKNOWABLE, why=why, instead=Figure(ruling.knowable[0], "said") if ruling.knowable else Figure("", "text")
        )
    if size is None:
        return say(HARM_ALONE if ruling.word == Word.HARM else NOT_YET_ALONE, why=why)
    if ruling.word == Word.VALUE:
        lower = size.estimate < 0
        near, far = (size.high, size.low) if lower else (size.low, size.high)
        return say(
            SHOWN[lower],
            measure=named,
            estimate=_worded(size, abs(size.estimate)),
            low=_amount(size, abs(near)),
            high=_amount(size, abs(far)),
            treated=Figure(treated, "count"),
            comparison=Figure(comparison, "count"),
        )
    figures = {
        "measure": named,
        "estimate": _worded(size, size.estimate, signed=True),
        "low": _amount(size, size.low, signed=True),
        "high": _amount(size, size.high, signed=True),
        "why": why,
    }
    if ruling.word == Word.HARM:
        return say(HARM, **figures)
    if ruling.word == Word.POINTS:
        return say(POINTS, **figures)
    if ruling.may_know:
        return say(NOT_YET_WHEN, **figures, month=Figure(ruling.may_know, "month"))
    return say(NOT_YET, **figures)


def _amount(size: Size, value: float, *, signed: bool = False) -> Figure:
    """A figure of *size* as a number alone, as the ends of a range are told."""
    if size.relative:
        return Figure(value, "signed" if signed else "percent")
    form = {"days": "days", "share": "points"}.get(size.kind, "decimal")
    return Figure(value, f"+{form}" if signed else form)


def _worded(size: Size, value: float, *, signed: bool = False) -> Figure:
    """The same with its unit in words, where the number alone does not tell it."""
    if size.kind == "share" and not size.relative:
        return Figure(value, "signed points" if signed else "percentage points")
    return _amount(size, value, signed=signed)


def amount(size: Size, value: float) -> Figure:
    """A figure of *size* as a number with its sign."""
    return _amount(size, value, signed=True)


def worded(size: Size, value: float) -> Figure:
    """A figure of *size* with its sign and unit."""
    return _worded(size, value, signed=True)
