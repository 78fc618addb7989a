"""Lying bars in parts: work and waiting by step, or one measure for each of several names."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loft.charts import numbers
from loft.charts.drawing import NARROW, TEXT, WIDE, Drawing, cut, element, svg, text, text_width


@dataclass(frozen=True)
class Part:
    """One part of each bar: its *name* in the legend, its *values*, and its class in the stylesheet (``work``, ``wait``)."""

    name: str
    values: Sequence[float | None]
    class_: str = "work"


def bars(
    labels: Sequence[str],
    parts: Sequence[Part],
    *,
    describe: str,
    notes: Sequence[str] = (),
    form: Callable[[float | None], str] = numbers.days,
    withheld: str = "",
) -> Drawing:
    """One bar for each of *labels*, made of *parts* and ending in their sum, written with *form*.

    *notes* are second lines under the labels, such as the unit. A bar whose parts are all None says *withheld* instead.
    *describe* is what a screen reader says of the whole.
    """
    if any(len(part.values) != len(labels) for part in parts):
        raise ValueError("Every part must have one value for each label.")
    notes = list(notes) or [""] * len(labels)
    sums = [_sum([part.values[i] for part in parts]) for i in range(len(labels))]
    rows = list(zip(labels, notes, sums, strict=True))
    return Drawing(
        _draw(rows, parts, form, withheld, describe, wide=True),
        _draw(rows, parts, form, withheld, describe, wide=False),
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _draw(
    rows: Sequence[tuple[str, str, float | None]],
    parts: Sequence[Part],
    form: Callable[[float | None], str],
    withheld: str,
    describe: str,
    *,
    wide: bool,
) -> str:
    width = WIDE if wide else NARROW
    ends = [form(total) if total is not None else withheld or numbers.MISSING for _, _, total in rows]
    longest = max((text_width(end) for end in ends), default=0)
    lined = any(note for _, note, _ in rows)
    names = min(
        340.0,
        max((text_width(w) * (1.08 if w is label else 1) for label, note, _ in rows for w in (label, note)), default=0),
    )
    left = names + 20 if wide else 0.0
    scale = (width - left - longest - 12) / max((total for *_, total in rows if total), default=1)
    step = (44 if lined else 32) if wide else (58 if lined else 46)
    body, y = _legend(parts, left)
    for i, ((label, note, total), end) in enumerate(zip(rows, ends, strict=True)):
        room = left - 16 if wide else width
        body.append(text(0, y + 14, cut(label, room / 1.08), class_="strong", full=label))
        if note:
            body.append(text(0, y + 30, cut(note, room), full=note))
        bar = y + ((10 if lined else 3) if wide else (38 if lined else 22))
        x = left
        for part in parts:
            size = (part.values[i] or 0) * scale
            if size > 0:
                body.append(
                    element("rect", x=float(x), y=float(bar), width=max(size, 0.5), height=14.0, class_=part.class_)
                )
            x += size
        body.append(text(x + (8 if total is not None else 0), bar + 11.5, end, class_="number"))
        y += step
    return svg(body, width=width, height=y, describe=describe, wide=wide)


def _legend(parts: Sequence[Part], left: float) -> tuple[list[str], float]:
    if not any(part.name for part in parts):
        return [], 0.0
    body, x = [], left
    for part in parts:
        body.append(element("rect", x=float(x), y=2.0, width=14.0, height=14.0, class_=part.class_))
        body.append(text(x + 20, 13.5, part.name))
        x += 44 + text_width(part.name, TEXT)
    return body, 32.0
