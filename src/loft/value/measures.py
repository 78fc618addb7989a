"""What is measured: each measure with its unit, its good direction, and how its cells are made from a log."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches

from loft.language import mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure, Sentence, say


@dataclass(frozen=True)
class Measure:
    """A measure of a case.

    ``name`` is its name in plans, files and addresses; ``label`` an English text, translated when shown. ``kind`` is how a value is
    written: ``days``, ``share``, ``count`` or ``number``. ``better`` is ``lower``, ``higher`` or empty where neither is.
    ``form`` says what a unit's figure over a window is: ``duration`` (restricted mean, open cases censored), ``mean``, ``share``
    (a mean of 0 and 1) or ``count`` (cases a day). ``drops_open``: cases that are still open are left out, which makes a slow unit look
    quick; such a measure is for analysts, and never for a verdict.
    """

    name: str
    label: str
    kind: str
    better: str
    form: str
    drops_open: bool = False

    @property
    def base(self) -> str:
        """The name without what it is told: ``on_time`` of ``on_time:30``."""
        return self.name.partition(":")[0]

    @property
    def told(self) -> str:
        """What the name is told: ``30`` of ``on_time:30``, the activity of ``activity:NAME``; empty where it is told nothing."""
        return self.name.partition(":")[2]

    @property
    def says(self) -> Sentence:
        """What is measured, with what the name is told, in the language in force when it is written."""
        if self.base == "on_time":
            return say(mark("Answered within %(days)s"), days=Figure(int(self.told), "days"))
        if self.told:
            form = "text" if self.base == "attribute" else "step"
            return say(mark("%(measure)s: %(name)s"), measure=Figure(self.label, "told"), name=Figure(self.told, form))
        return Sentence(self.label)


def _named(*measures: Measure) -> dict[str, Measure]:
    return {m.name: m for m in measures}


MEASURES = _named(
    Measure("days", mark("Days to the answer"), "days", "lower", "duration"),
    Measure("doors", mark("Units that a case meets"), "count", "lower", "mean"),
    Measure("handovers", mark("Hand-overs"), "count", "lower", "mean"),
    Measure("bounces", mark("Times sent back"), "count", "lower", "mean"),
    Measure("waiting", mark("Days of waiting"), "days", "lower", "mean"),
    Measure("working", mark("Days of work"), "days", "lower", "mean"),
    Measure("on_time:30", mark("Answered within the time promised"), "share", "higher", "share"),
    Measure("first_contact", mark("Answered within a day by one unit"), "share", "higher", "share"),
    Measure("volume", mark("New cases a day"), "count", "", "count"),
    Measure("withdrawal", mark("Withdrawn"), "share", "lower", "share"),
    Measure("refusal", mark("Refused"), "share", "", "share"),
    Measure("reopening", mark("Opened again after an ending"), "share", "lower", "share"),
    Measure("satisfaction", mark("Satisfaction"), "number", "higher", "mean"),
    Measure("log_days", mark("Log of days, closed cases only"), "number", "lower", "mean", drops_open=True),
)
"""The measures by name. Each is of a case; ``loft.value.making`` says how each is counted.

``on_time:DAYS`` may have any whole number of days. ``withdrawal``, ``refusal`` and ``reopening`` may be told the activity that shows it
in a log with words of its own (``withdrawal:NAME``), and ``satisfaction`` its attribute. Any activity is a measure, ``activity:NAME``: the
share of cases in which it was done. So is any attribute with numbers, ``attribute:NAME``.
"""

ACTIVITIES = {"withdrawal": "application.withdrawn", "refusal": "application.refused"}
"""The activity that shows it, of Løft's own."""

_TOLD: dict[str, Callable[[str], Measure]] = {
    "on_time": lambda days: replace(MEASURES["on_time:30"], name=f"on_time:{_whole_days(days)}"),
    "activity": lambda name: Measure(f"activity:{name}", mark("Share of cases with the step"), "share", "", "share"),
    "attribute": lambda name: Measure(f"attribute:{name}", mark("Mean of the attribute"), "number", "", "mean"),
    **{
        base: lambda name, base=base: replace(MEASURES[base], name=f"{base}:{name}")  # type: ignore[misc]
        for base in ("withdrawal", "refusal", "reopening", "satisfaction")
    },
}


def measure(name: str) -> Measure:
    """The measure of this *name*, as it stands in a plan. Raises ``BadInput`` with the nearest name where there is none."""
    if name in MEASURES:
        return MEASURES[name]
    base, _, told = name.partition(":")
    if base in _TOLD and told:
        return _TOLD[base](told)
    if base in _TOLD:
        raise BadInput(mark("The measure %(name)s must be told what: write %(name)s:WHAT."), name=Figure(base, "text"))
    names = [*MEASURES, *_TOLD]
    near = get_close_matches(base.lower(), names, 1, 0.6)
    if near:
        raise BadInput(
            mark("There is no measure %(name)s. Did you mean %(near)s?"),
            name=Figure(name, "text"),
            near=Figure(near[0], "text"),
        )
    raise BadInput(
        mark("There is no measure %(name)s. Choose one of %(names)s, activity:NAME or attribute:NAME."),
        name=Figure(name, "text"),
        names=Figure(", ".join(MEASURES), "text"),
    )


def _whole_days(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) <= 36_500:
        return int(text)
    raise BadInput(
        mark("on_time must be told a whole number of days, such as on_time:30; it was told %(told)s."),
        told=Figure(text, "text"),
    )
