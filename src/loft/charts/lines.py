"""Lines over months: a median with the band that holds the middle half."""

from collections.abc import Callable, Sequence
from datetime import date

from loft.charts import numbers
from loft.charts.drawing import NARROW, WIDE, Drawing, element, number, spread, svg, text, text_width, ticks

_PLOT = 250.0
Values = Sequence[float | None]
Form = Callable[[float | None], str]
End = tuple[str, Values, str | None]
"""What a line is called, its values, and its class."""
Said = tuple[str, tuple[int, float], str | None]


def lines(
    months: Sequence[date],
    middle: Values,
    *,
    describe: str,
    name: str,
    low: Values | None = None,
    high: Values | None = None,
    against: Values | None = None,
    against_name: str = "",
    band_name: str = "",
    form: Form = numbers.days,
    axis: Form | None = None,
    marks: Sequence[tuple[date, str]] = (),
) -> Drawing:
    """*middle* over *months* as a line that ends in its *name* and last value, with a band from *low* to *high*.

    *against* is a dashed line to hold it against. *marks* are days to point out, each with a few words. Months where a value
    is None leave a gap: nothing is drawn where nothing is known. *axis* says the figures at the axis, which else are numbers alone.
    """
    if not months:
        raise ValueError("A line needs at least one month.")
    series = [middle, low or [], high or [], against or []]
    if any(len(s) not in (0, len(months)) for s in series):
        raise ValueError("Every series must have one value for each month.")

    longest = max(
        text_width(f"{called}: {form(values[-1] if values else None)}")
        for called, values in ((name, middle), (against_name, against))
    )
    room = min(max(longest, text_width(band_name)) * 1.08 + 14, 380)

    def draw(wide: bool) -> str:
        return _Plot(months, series, wide, room, axis).draw(
            [(name, middle, "strong"), (against_name, against or [], None)], band_name, form, marks, describe
        )

    return Drawing(draw(True), draw(False))


class _Plot:
    """The two scales and what is drawn with them."""

    def __init__(
        self, months: Sequence[date], series: list[Values], wide: bool, room: float, axis: Form | None
    ) -> None:
        self.months, self.wide = months, wide
        self.middle, self.low, self.high, self.against = series
        self.width = WIDE if wide else NARROW
        self.ticks = ticks(max((v for s in series for v in s if v is not None), default=1))
        digits = 0 if self.ticks[1] >= 1 else numbers.digits_for([self.ticks[1]])
        self.labels = [axis(t) if axis else numbers.decimal(t, digits) for t in self.ticks]
        self.left = max(text_width(w) for w in self.labels) + 8
        self.right = self.width - (room if wide else 6)
        named = 1 + bool(self.against) + bool(self.high)
        self.top = 14.0 if wide else 14.0 + 20 * named
        self.base = self.top + _PLOT

    def x(self, index: float) -> float:
        return self.left + (self.right - self.left) * (index / max(len(self.months) - 1, 1))

    def y(self, value: float) -> float:
        return self.base - value / self.ticks[-1] * _PLOT

    def draw(
        self, ends: list[End], band_name: str, form: Form, marks: Sequence[tuple[date, str]], describe: str
    ) -> str:
        body = self.grid() + self.month_names()
        for run in _runs([self.low, self.high]):
            there = [f"{number(self.x(i))},{number(self.y(self.high[i]))}" for i in run]  # type: ignore[arg-type]
            back = [f"{number(self.x(i))},{number(self.y(self.low[i]))}" for i in reversed(run)]  # type: ignore[arg-type]
            body.append(element("path", d="M" + " L".join(there + back) + "Z", class_="band"))
        body += self.line(self.against, "expected") + self.line(self.middle, "line") + self.marks(marks)
        body += self.ends([*ends, (band_name, self.high, None)], form)
        return svg(body, width=self.width, height=self.base + 46, describe=describe, wide=self.wide)

    def grid(self) -> list[str]:
        body = []
        for value, label in zip(self.ticks, self.labels, strict=True):
            y = self.y(value)
            body.append(element("line", x1=self.left, x2=float(self.right), y1=y, y2=y, class_="rule"))
            body.append(text(self.left - 8, y + 4, label, anchor="end"))
        return body

    def month_names(self) -> list[str]:
        """Month names as close as they fit, in steps that keep the same months every year; the year under its first month."""
        room = (self.right - self.left) / max(len(self.months) - 1, 1)
        step = next((s for s in (1, 2, 3, 4, 6, 12) if s * room >= 44), 12)
        body, last_year, free, year_free = [], None, 0.0, 0.0
        for i, month in enumerate(self.months):
            if (month.month - 1) % step and len(self.months) > 2:
                continue
            label, x = numbers.short_month(month), self.x(i)
            half = text_width(label) / 2
            x = min(max(x, half), self.width - half)
            if x - half < free:
                continue
            free = x + half + 6
            body.append(text(x, self.base + 20, label, anchor="middle"))
            if month.year != last_year and x - 16 >= year_free:
                body.append(text(x, self.base + 38, str(month.year), anchor="middle", class_="strong"))
                last_year, year_free = month.year, x + 24
        return body

    def line(self, values: Values, class_: str) -> list[str]:
        body = []
        for run in _runs([values]):
            points = [f"{number(self.x(i))},{number(self.y(values[i]))}" for i in run]  # type: ignore[arg-type]
            if len(points) == 1:
                x, y = points[0].split(",")
                body.append(element("circle", cx=x, cy=y, r=3, class_=f"{class_} dot"))
            else:
                body.append(element("path", d="M" + " L".join(points), class_=class_))
        return body

    def marks(self, marks: Sequence[tuple[date, str]]) -> list[str]:
        body = []
        for when, words in marks:
            months = (when.year - self.months[0].year) * 12 + when.month - self.months[0].month + (when.day - 1) / 31
            x = self.x(months)
            if self.left <= x <= self.right:
                body.append(element("line", x1=x, x2=x, y1=self.top, y2=self.base, class_="mark"))
                end = x > (self.left + self.right) / 2
                body.append(
                    text(
                        x - 8 if end else x + 8, self.top + 14, words, anchor="end" if end else "start", class_="strong"
                    )
                )
        return body

    def ends(self, ends: list[End], form: Form) -> list[str]:
        """What each line is called: beside its last point when there is room, else under the months."""
        known = [(n, [(i, v) for i, v in enumerate(values) if v is not None], c) for n, values, c in ends if n]
        said = [
            (f"{n}: {form(points[-1][1])}" if c or n != ends[-1][0] else n, points[-1], c)
            for n, points, c in known
            if points
        ]
        if not self.wide:
            return _legend(said)
        places = spread([self.y(v) for _, (_, v), _ in said], 20, self.top + 6, self.base)
        return [text(self.right + 10, y + 4, words, class_=c) for (words, _, c), y in zip(said, places, strict=True)]


def _legend(said: list[Said]) -> list[str]:
    """Names over the plot, each with a piece of its line, where there is no room beside the ends."""
    body = []
    for i, (words, _, class_) in enumerate(said):
        y = 9.0 + 20 * i
        kind = "line" if class_ else "band" if i == len(said) - 1 and ":" not in words else "expected"
        if kind == "band":
            body.append(element("rect", x=0.0, y=y - 6, width=22.0, height=12.0, class_="band"))
        else:
            body.append(element("path", d=f"M0,{number(y)} L22,{number(y)}", class_=kind))
        body.append(text(30, y + 4.5, words, class_=class_))
    return body


def _runs(series: list[Values]) -> list[list[int]]:
    """Stretches of indices where every one of *series* is known."""
    runs: list[list[int]] = []
    if not all(series):
        return runs
    for i, values in enumerate(zip(*series, strict=True)):
        if any(v is None for v in values):
            continue
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs
