"""Numbers, days and dates as people read them, in the language in force.

Bokmål and nynorsk have a decimal comma, a thin space between thousands and a space before the per cent sign; English has a point,
a comma and none. What is not known is an en dash.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from loft.language import gettext, language, ngettext

MISSING = "–"
_THIN, _FIXED = "\u202f", "\u00a0"
_MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_SHORT = {
    "nb": "jan. feb. mars april mai juni juli aug. sep. okt. nov. des.".split(),
    "en": "Jan Feb Mar Apr May June July Aug Sep Oct Nov Dec".split(),
}


def decimal(value: float | None, digits: int = 1) -> str:
    """*value* with *digits* decimals: ``3,2``; a minus sign, not a hyphen, before negative numbers."""
    if value is None:
        return MISSING
    text = f"{abs(value):,.{digits}f}"
    if language() != "en":
        text = text.replace(",", _THIN).replace(".", ",")
    negative = value < 0 and any(c in "123456789" for c in text)
    return f"−{text}" if negative else text


def count(value: float | None) -> str:
    """A whole number: ``1 284``."""
    return decimal(value, 0)


def percent(share: float | None, digits: int = 0) -> str:
    """A share (0 to 1) as per cent: ``23 %``. A share that is not quite none or all never reads as 0 or 100."""
    if share is None:
        return MISSING
    if digits == 0 and (0 < share < 0.005 or 0.995 <= share < 1):
        digits = 1
    return decimal(share * 100, digits) + ("%" if language() == "en" else f"{_FIXED}%")


def days(value: float | None) -> str:
    """A length of time given in days, in the unit that fits: ``12 minutes``, ``4 hours``, ``3.2 days``, ``41 days``."""
    if value is None:
        return MISSING
    size = abs(value)
    if size == 0:
        return gettext("0 days")
    if size < 1 / 24:
        minutes = round(value * 24 * 60)
        if minutes == 0:
            return gettext("less than a minute")
        return _fixed(ngettext("%(number)s minute", "%(number)s minutes", abs(minutes)), count(minutes))
    if size < 0.95:
        hours = round(value * 24)
        return _fixed(ngettext("%(number)s hour", "%(number)s hours", abs(hours)), count(hours))
    number = decimal(value, 0 if size >= 20 else 1)
    number = number[:-2] if size < 20 and number[-2:] in (",0", ".0") else number
    return _fixed(ngettext("%(number)s day", "%(number)s days", 1 if number in ("1", "−1") else 2), number)


def whole_days(value: float | None) -> str:
    """A length of time that is known in whole days: 0 is less than a day."""
    return gettext("less than a day") if value == 0 else days(value)


def _fixed(text: str, number: str) -> str:
    return (text % {"number": number}).replace(" ", _FIXED)


def day(value: date | None, year: bool = True) -> str:
    """A day: ``3. desember 2026``, ``3 December 2026``; without *year*, ``3. desember``."""
    if value is None:
        return MISSING
    name = _MONTHS.get(language(), _MONTHS["nb"])[value.month - 1]
    dot = "" if language() == "en" else "."
    return f"{value.day}{dot}{_FIXED}{name}" + (f" {value.year}" if year else "")


def month(value: date | None) -> str:
    """A month with its year: ``desember 2026``."""
    return MISSING if value is None else f"{_MONTHS.get(language(), _MONTHS['nb'])[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """A month's name on an axis: ``des.``"""
    return _SHORT.get(language(), _SHORT["nb"])[value.month - 1]


def digits_for(values: Sequence[float | None]) -> int:
    """How many decimals a column needs so that its largest number has at least two figures that say something; none for whole ones."""
    if any(values) and all(v is None or v == int(v) for v in values):
        return 0
    largest = max((abs(v) for v in values if v is not None), default=0)
    for digits, floor in ((0, 1000), (1, 1), (2, 0.1)):
        if largest >= floor:
            return digits
    return 3 if largest else 1


def withheld() -> str:
    """What stands in place of a figure that the gate holds back. It names no number: some are held back only so that
    others cannot be worked out."""
    return gettext("withheld")


def cell(value: Any, kind: str, digits: int = 1) -> str:
    """*value* as it stands in a table's cell; *kind* is the column's kind; days are numbers, their unit stands in the head."""
    if value is None:
        return MISSING
    if kind in ("date", "month"):
        value = value.date() if isinstance(value, datetime) else value
        return month(value) if kind == "month" else day(value)
    if kind == "share":
        return percent(value, 1)
    if kind == "count":
        return count(value)
    return decimal(value, digits) if kind in ("days", "number") else str(value)
