"""Standing columns: how cases are spread over a few numbers, such as the doors they met."""

from collections.abc import Callable, Sequence

from loft.charts import numbers
from loft.charts.drawing import NARROW, WIDE, Drawing, cut, element, svg, text, text_width

_TOP, _PLOT = 30.0, 190.0


def columns(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    describe: str,
    axis: str = "",
    form: Callable[[float | None], str] = numbers.percent,
    against: Sequence[float | None] | None = None,
    names: tuple[str, str] | None = None,
    withheld: str = "",
) -> Drawing:
    """One column for each of *labels*, its value written above with *form*; *axis* says what the labels are.

    *against* are the values of another period or group, drawn as a pale column beside; *names* says which is which.
    """
    other = list(against) if against is not None else None
    if len(values) != len(labels) or (other is not None and len(other) != len(labels)):
        raise ValueError("There must be one value for each label.")

    def draw(wide: bool) -> str:
        width = float(WIDE if wide else NARROW)
        top = max((v for v in [*values, *(other or [])] if v is not None), default=0) or 1
        slot = min(width / max(len(labels), 1), 110.0)
        body = _legend(names) if other is not None and names else []
        room = slot * (0.98 if other is None else 0.44)
        bare = any(v is not None and text_width(form(v)) > room for v in [*values, *(other or [])])
        start = _TOP + (26 if body else 0)
        base = start + _PLOT
        for i, label in enumerate(labels):
            pair = [("work", values[i])] + ([("other", other[i])] if other is not None else [])
            thick = slot * 0.72 / len(pair)
            for j, (class_, value) in enumerate(pair):
                x = i * slot + slot * 0.14 + j * thick
                height = (value or 0) / top * _PLOT
                body.append(element("rect", x=x, y=base - height, width=thick - 2, height=height, class_=class_))
                words = form(value) if value is not None else numbers.MISSING
                words = words.replace("\u00a0%", "").replace("%", "") if bare else words
                if j and bare:
                    continue
                full = words if value is not None else withheld
                body.append(text(x + thick / 2, base - height - 7, words, anchor="middle", full=full))
            body.append(
                text(i * slot + slot / 2, base + 20, cut(label, slot - 4), anchor="middle", class_="strong", full=label)
            )
        body.append(element("line", x1=0.0, x2=slot * len(labels), y1=base, y2=base, class_="axis"))
        if axis:
            body.append(text(slot * 0.14, base + 42, f"{axis} (%)" if bare and form is numbers.percent else axis))
        return svg(body, width=width, height=base + (50 if axis else 28), describe=describe, wide=wide)

    return Drawing(draw(True), draw(False))


def _legend(names: tuple[str, str]) -> list[str]:
    body, x = [], 0.0
    for name, class_ in zip(names, ("work", "other"), strict=True):
        body.append(element("rect", x=x, y=2.0, width=14.0, height=14.0, class_=class_))
        body.append(text(x + 20, 13.5, name))
        x += 44 + text_width(name)
    return body
