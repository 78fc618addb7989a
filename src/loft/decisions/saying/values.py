"""Values as people read them: numbers with their unit, days, lengths of time, yes and no, lists and ranges."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from loft.charts import numbers
from loft.decisions.facts import NOTHING, Fact
from loft.decisions.feel.temporal import text_of
from loft.decisions.feel.values import Months, Range
from loft.decisions.feel.wide import Far
from loft.language import gettext, ngettext

_FIXED = "\u00a0"
MOST_DECIMALS = 6
MOST_TOLD = 20
"""Members of a list that are told; of more, the first and how many there are."""
YEAR = "year"
"""The unit of a number that is a calendar year: written without a space between thousands."""


def value_in_words(value: Any, unit: str = "") -> str:
    """A FEEL value in words: ``312,000 kr``, ``yes``, ``3 December 2026``, ``“high”``, ``2 years and 3 months``.

    A number has at most six decimals. *unit* goes with numbers, those in a list or range too; ``years``, ``months``, ``weeks``, ``days``
    and ``hours`` are translated, others stand as they are.
    """
    if isinstance(value, Fact):
        value = value.value
    if value is None or value is NOTHING:
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float | Decimal):
        return _with_unit(value, unit)
    if isinstance(value, str):
        return gettext("“%(text)s”") % {"text": value}
    if isinstance(value, date | time):
        return _moment(value)
    if isinstance(value, timedelta | Months):
        return _length(value)
    if isinstance(value, Far):
        return text_of(value)
    return _several(value, unit)


def joined(parts: Sequence[str], *, last: str = "and") -> str:
    """``a, b and c``; with *last* ``or``: ``a, b or c``."""
    if len(parts) < 2:
        return "".join(parts)
    text = gettext("%(first)s or %(last)s") if last == "or" else gettext("%(first)s and %(last)s")
    return text % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def capital(sentence: str) -> str:
    """*sentence* with a capital letter first."""
    return sentence[:1].upper() + sentence[1:]


def _with_unit(value: Any, unit: str) -> str:
    if unit == YEAR and value == int(value):
        return str(int(value))
    written = _number(value)
    one = value == 1
    units = {
        "years": ngettext("%(number)s year", "%(number)s years", 1 if one else 2),
        "months": ngettext("%(number)s month", "%(number)s months", 1 if one else 2),
        "weeks": ngettext("%(number)s week", "%(number)s weeks", 1 if one else 2),
        "days": ngettext("%(number)s day", "%(number)s days", 1 if one else 2),
        "hours": ngettext("%(number)s hour", "%(number)s hours", 1 if one else 2),
    }
    if unit in units:
        return (units[unit] % {"number": written}).replace(" ", _FIXED)
    return f"{written}{_FIXED}{unit}" if unit else written


def _number(value: Any) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    if not exact.is_finite() or exact.adjusted() > 30:
        return str(value)
    exponent = exact.normalize().as_tuple().exponent
    digits = min(max(-int(exponent), 0), MOST_DECIMALS)
    amount: Any = exact
    return numbers.decimal(amount, digits)


def _moment(value: date | time) -> str:
    if isinstance(value, datetime):
        at = {"day": numbers.day(value), "time": _clock(value.timetz())}
        return gettext("%(day)s at %(time)s") % at
    return numbers.day(value) if isinstance(value, date) else _clock(value)


def _clock(value: time) -> str:
    return value.isoformat(timespec="minutes" if not value.second and not value.microsecond else "auto")


def _length(value: timedelta | Months) -> str:
    if isinstance(value, Months):
        years, months = divmod(abs(value.months), 12)
        negative = value.months < 0
        parts = [(years, "years"), (months, "months")]
    else:
        negative = value < timedelta(0)
        hours, seconds = divmod(abs(value).seconds, 3600)
        parts = [(abs(value).days, "days"), (hours, "hours")]
        minutes, seconds = divmod(seconds, 60)
        rest = [(minutes, ngettext("%(number)s minute", "%(number)s minutes", minutes))]
        rest.append((seconds, ngettext("%(number)s second", "%(number)s seconds", seconds)))
        tail = [(text % {"number": number}).replace(" ", _FIXED) for number, text in rest if number]
        return _signed(
            joined([_with_unit(n, unit) for n, unit in parts if n] + tail) or _with_unit(0, "days"), negative
        )
    return _signed(joined([_with_unit(n, unit) for n, unit in parts if n]) or _with_unit(0, "months"), negative)


def _signed(text: str, negative: bool) -> str:
    return f"−{text}" if negative else text


def _several(value: Any, unit: str) -> str:
    if isinstance(value, list | tuple):
        told = [value_in_words(member, unit) for member in value[:MOST_TOLD]]
        if len(value) > MOST_TOLD:
            told.append(gettext("%(count)s more") % {"count": numbers.count(len(value) - MOST_TOLD)})
        return joined(told) if told else gettext("none")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {value_in_words(part)}" for name, part in value.items()) or gettext("nothing")
    if isinstance(value, Range):
        from loft.decisions.saying.conditions import range_in_words

        return range_in_words(value, unit)
    return gettext("a function")
