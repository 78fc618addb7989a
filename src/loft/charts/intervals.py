"""Points with the range of each: an effect period by period, before and after a start."""

import math
from collections.abc import Sequence
from itertools import pairwise

from loft.charts import numbers
from loft.charts.drawing import NARROW, WIDE, Drawing, element, svg, text, text_width, ticks

_PLOT = 230.0
Values = Sequence[float | None]


def intervals(
    places: Sequence[float],
    middle: Values,
    low: Values,
    high: Values,
    *,
    describe: str,
    labels: Sequence[str] | None = None,
    axis: str = "",
    unit: str = "",
    factor: float = 1,
    mark: tuple[float, str] | None = None,
) -> Drawing:
    """*middle* at *places*, which rise, each with a line from *low* to *high*; a line through 0 tells better from worse.

    *labels* stand under the places (else their numbers), as many as fit; *axis* says what these are. *unit* stands over the scale, which
    counts the values times *factor* (100 for percentage points). *mark* is a place to point out, with a few words. Where a value is
    None nothing is drawn.
    """
    if not places or any(len(values) != len(places) for values in (middle, low, high, labels or places)):
        raise ValueError("There must be at least one place, and one value for each.")
    if any(b <= a for a, b in pairwise(places)):
        raise ValueError("Places must rise.")
    words = list(labels) if labels is not None else [numbers.decimal(p, numbers.digits_for(places)) for p in places]
    middle, low, high = ([None if v is None else v * factor for v in values] for values in (middle, low, high))
    scale = _Scale(places, [*middle, *low, *high])

    def draw(wide: bool) -> str:
        scale.fit(wide)
        body = scale.grid(unit) + _marked(scale, mark) + _points(scale, middle, low, high)
        body += _labels(scale, places, words)
        if axis:
            body.append(text(scale.left, scale.base + 42, axis))
        return svg(body, width=scale.width, height=scale.base + (50 if axis else 28), describe=describe, wide=wide)

    return Drawing(draw(True), draw(False))


class _Scale:
    """Where a place and a value stand in a drawing."""

    def __init__(self, places: Sequence[float], values: list[float | None]) -> None:
        known = [v for v in values if v is not None] or [0.0]
        low, high = min(0.0, *known), max(0.0, *known)
        step = ticks(max(high, -low) or 1)[1]
        self.places = places
        self.steps = [step * i for i in range(math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9) + 1)]
        if len(self.steps) < 2:
            self.steps = [0.0, step]
        digits = 0 if step >= 1 and step == int(step) else numbers.digits_for([step])
        self.words = [numbers.decimal(s, digits) for s in self.steps]
        self.left = max(text_width(w) for w in self.words) + 8
        self.top = 34.0
        self.base = self.top + _PLOT
        self.width = 0.0

    def fit(self, wide: bool) -> None:
        self.width = float(WIDE if wide else NARROW)
        self.room = self.width - self.left
        self.edge = min(self.room / (len(self.places) + 1), 40.0)

    def x(self, place: float) -> float:
        first, last = self.places[0], self.places[-1]
        return self.left + self.edge + (self.room - 2 * self.edge) * ((place - first) / ((last - first) or 1))

    def y(self, value: float) -> float:
        return self.base - (value - self.steps[0]) / (self.steps[-1] - self.steps[0]) * _PLOT

    def grid(self, unit: str) -> list[str]:
        body = [text(0.0, 13.0, unit)] if unit else []
        for value, words in zip(self.steps, self.words, strict=True):
            y = self.y(value)
            kind = "axis" if abs(value) < 1e-12 else "rule"
            body.append(element("line", x1=self.left, x2=self.width, y1=y, y2=y, class_=kind))
            body.append(text(self.left - 8, y + 4, words, anchor="end"))
        return body


def _marked(scale: _Scale, mark: tuple[float, str] | None) -> list[str]:
    if mark is None:
        return []
    x = scale.x(mark[0])
    half = text_width(mark[1]) / 2 * 1.08
    return [
        element("line", x1=x, x2=x, y1=scale.top - 6, y2=scale.base, class_="mark"),
        text(min(max(x, half), scale.width - half), scale.top - 10, mark[1], anchor="middle", class_="strong"),
    ]


def _points(scale: _Scale, middle: Values, low: Values, high: Values) -> list[str]:
    body = []
    for place, value, bottom, top in zip(scale.places, middle, low, high, strict=True):
        x = scale.x(place)
        if bottom is not None and top is not None and bottom != top:
            body.append(element("line", x1=x, x2=x, y1=scale.y(top), y2=scale.y(bottom), class_="line"))
        if value is not None:
            body.append(element("circle", cx=x, cy=scale.y(value), r=4.0, class_="dot"))
    return body


def _labels(scale: _Scale, places: Sequence[float], words: list[str]) -> list[str]:
    body, free = [], 0.0
    for place, said in zip(places, words, strict=True):
        half = text_width(said) / 2
        x = min(max(scale.x(place), half), scale.width - half)
        if x - half >= free:
            body.append(text(x, scale.base + 20, said, anchor="middle"))
            free = x + half + 8
    return body
