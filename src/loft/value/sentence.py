"""Sentences that are kept as data and spoken when they are read, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from loft.charts import numbers
from loft.language import gettext
from loft.vocabulary import activity_name

_FORMS: dict[str, Callable[[Any], str]] = {
    "percent": lambda v: numbers.percent(v, 0 if abs(v) >= 0.095 else 1),
    "points": lambda v: numbers.decimal(v * 100, 1),
    "signed": lambda v: ("+" if v > 0 else "") + numbers.percent(v, 0 if abs(v) >= 0.095 else 1),
    "percentage points": lambda v: gettext("%(points)s percentage points") % {"points": numbers.decimal(v * 100, 1)},
    "signed points": lambda v: ("+" if v > 0 else "") + str(Figure(v, "percentage points")),
    "days": numbers.days,
    "count": numbers.count,
    "decimal": lambda v: numbers.decimal(v, numbers.digits_for([v])),
    "day": numbers.day,
    "month": numbers.month,
    "text": str,
    "told": gettext,
    "step": activity_name,
    "said": str,
}


@dataclass(frozen=True)
class Figure:
    """A value with how it is written.

    ``percent`` (a share), ``points`` (a share as percentage points, the number alone),
    ``percentage points`` and ``signed points`` (with the words), ``signed`` (per cent with its sign), ``days``, ``count``,
    ``decimal``, ``day``, ``month`` (a date), ``text`` (a name, as it is), ``told`` (an English text to translate), ``step`` (the
    name of a step) or ``said`` (a whole ``Sentence``). ``+days``, ``+points`` and ``+decimal`` are changes: with a sign, also above 0.
    """

    value: Any
    form: str

    def __str__(self) -> str:
        sign = "+" if self.form.startswith("+") and self.value > 0 else ""
        return sign + _FORMS[self.form.removeprefix("+")](self.value)

    def as_dict(self) -> dict[str, Any]:
        if isinstance(self.value, Sentence):
            return {"form": self.form, "value": self.value.as_dict()}
        return {"form": self.form, "value": self.value.isoformat() if isinstance(self.value, date) else self.value}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Figure":
        value = raw["value"]
        if raw["form"] == "said":
            return cls(Sentence.from_dict(value), "said")
        return cls(date.fromisoformat(value) if raw["form"] in ("day", "month") else value, raw["form"])


@dataclass(frozen=True)
class Sentence:
    """An English text with ``%(name)s`` places, marked for translation where it is written, and the figures for these.

    ``str`` gives it in the language in force.
    """

    text: str
    figures: tuple[tuple[str, Figure], ...] = ()

    def __str__(self) -> str:
        told = gettext(self.text)
        return told % {name: str(figure) for name, figure in self.figures} if self.figures else told

    def as_dict(self) -> dict[str, Any]:
        """The sentence as JSON-ready values; ``from_dict`` makes it again."""
        return {"text": self.text, "figures": {name: figure.as_dict() for name, figure in self.figures}}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Sentence":
        return cls(raw["text"], tuple((name, Figure.from_dict(f)) for name, f in raw["figures"].items()))


def say(text: str, **figures: Figure) -> Sentence:
    """A sentence from a marked *text* and its *figures*: ``say(mark("%(n)s units"), n=Figure(8, "count"))``."""
    return Sentence(text, tuple(figures.items()))
