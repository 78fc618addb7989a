"""Verdicts, effects and money in words, as the pages of changes say them."""

from collections.abc import Mapping

from loft.charts import numbers
from loft.language import gettext, mark
from loft.value.measures import measure
from loft.value.plan import Plan
from loft.value.saying import amount
from loft.value.verdicts import Size, Verdict, Word
from loft.vocabulary import activity_name

WORDS: Mapping[str, str] = {
    Word.VALUE: mark("Value shown"),
    Word.HARM: mark("Harm shown"),
    Word.UNKNOWABLE: mark("Cannot be known"),
    Word.NOT_YET: mark("Not shown yet"),
    Word.POINTS: mark("Points to value"),
    Word.LAPSED: mark("Value shown, lapsed"),
}
"""The English name of each verdict."""

COLOURS: Mapping[str, str] = {Word.VALUE: "accent", Word.HARM: "danger"}
"""Beside the word a tag has a colour where the verdict asks for attention."""

SECURITY: Mapping[int, str] = {
    5: mark("The units were drawn by lot"),
    4: mark("Staggered starts in many units"),
    3: mark("Compared with units that had not started"),
    2: mark("One unit against a mix of others"),
    1: mark("Nobody to compare with"),
    0: mark("Only what people say"),
}
"""What each grade of security rests on, roughly; the checks say more."""

WIDEST = 1.5
"""A range that reaches further than this share of the level says nothing a reader could use."""


def verdict_name(word: str) -> str:
    """The verdict in a word; none yet for an empty one."""
    return gettext(WORDS[word]) if word else gettext("No verdict yet")


def colour_of(word: str) -> str:
    """The colour of a verdict's tag."""
    return COLOURS.get(word, "neutral")


def measured(name: str) -> str:
    """What a measure is called, a step by its name in words."""
    found = measure(name)
    if found.base == "activity":
        return gettext("Share of cases with the step “%(step)s”") % {"step": activity_name(found.told)}
    return str(found.says)


def points(size: Size) -> bool:
    """Whether an effect is in percentage points."""
    return not size.relative and size.kind == "share"


def unit_words(size: Size, text: str) -> str:
    """A figure with its unit, where the figure alone does not tell it."""
    if points(size):
        return gettext("%(number)s percentage points") % {"number": text}
    return text


def effect(size: Size | None) -> str:
    """The estimate with its sign and unit; a dash where there is none."""
    return unit_words(size, str(amount(size, size.estimate))) if size else numbers.MISSING


def graded(made: Verdict) -> str:
    """How secure a finding is: ``4 of 5``; empty where nothing is measured, since the grade is of a finding."""
    return gettext("%(grade)s of 5") % {"grade": made.security} if made.size else ""


def span(size: Size | None) -> str:
    """The range of an estimate: ``between −40 % and −6 %``."""
    if size is None:
        return ""
    low, high = str(amount(size, size.low)), str(amount(size, size.high))
    return gettext("between %(low)s and %(high)s") % {"low": low, "high": high}


def told(size: Size | None) -> str:
    """An estimate with its range, or that it is too uncertain to say."""
    if size is None:
        return gettext("Too few cases to tell")
    if size.relative and (size.high > WIDEST or size.high - size.low > 2 * WIDEST):
        return gettext("Too uncertain to tell")
    return f"{effect(size)} ({span(size)})"


def wanted(plan: Plan, kind: str) -> str:
    """The smallest effect worth having, in the measure's unit."""
    sign = -1 if plan.better == "lower" else 1
    size = Size(sign * plan.smallest, 0, 0, plan.relative, kind)
    return effect(size)


def kroner(value: float | None) -> str:
    """An amount of money in whole kroner: ``1 200 000 kr``, in millions from ten of them."""
    if value is None:
        return numbers.MISSING
    if abs(value) >= 1e7:
        return gettext("NOK %(number)s million") % {"number": numbers.decimal(value / 1e6, 1)}
    return gettext("NOK %(number)s") % {"number": numbers.count(value)}


def hours(value: float | None) -> str:
    """Hours a year."""
    return numbers.MISSING if value is None else gettext("%(number)s hours") % {"number": numbers.count(value)}
