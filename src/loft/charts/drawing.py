"""What the charts are made of: a drawing, elements, text that is measured before it is placed, an axis with round numbers."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

STYLESHEET = Path(__file__).with_name("chart.css")
"""The file with the charts' colours, for a page to link to or carry."""

WIDE, NARROW = 1000, 360
"""Widths of the two drawings; their height follows what they hold. Text is 13 in both, so it is read at about 13 px."""

TEXT = 13


@dataclass(frozen=True)
class Drawing:
    """A chart drawn twice, as SVG elements for a page that has ``chart.css``."""

    wide: str
    narrow: str

    def __str__(self) -> str:
        return self.wide + self.narrow

    __html__ = __str__

    def file(self) -> str:
        """The wide drawing as a file that stands on its own, its colours inside."""
        style = f"<style>{STYLESHEET.read_text()} .chart {{ background: #fff; }}</style>"
        head, rest = self.wide.replace(' data-for="wide"', "", 1).split(">", 1)
        width, height = head.split('viewBox="0 0 ')[1].split('"')[0].split()
        return f'{head} xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{style}{rest}\n'


def svg(body: Iterable[str], *, width: float, height: float, describe: str, wide: bool, role: str = "img") -> str:
    """One drawing. ``role="group"`` is for charts with links in them; an ``img`` hides what is inside from screen readers."""
    shown = "wide" if wide else "narrow"
    return (
        f'<svg class="chart" data-for="{shown}" viewBox="0 0 {number(width)} {number(height)}" '
        f'role="{role}" aria-label="{escape(describe)}">{"".join(body)}</svg>'
    )


def number(value: float) -> str:
    """A coordinate, at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def element(name: str, /, body: str = "", **attributes: object) -> str:
    """An element; ``_`` in a name is ``-``, and a trailing one is dropped (``class_``). Attributes that are None are left out."""
    text = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, float) else escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{text}>{body}</{name}>" if body else f"<{name}{text}/>"


def text(
    x: float, y: float, words: str, *, anchor: str = "start", class_: str | None = None, full: str | None = None
) -> str:
    """A line of text; *full* is shown on pointing where *words* were cut short."""
    title = element("title", escape(full)) if full and full != words else ""
    return element("text", title + escape(words), x=float(x), y=float(y), text_anchor=anchor, class_=class_)


_NARROW_LETTERS, _WIDE_LETTERS = set("iljtfrI.,:;'|!()[] \u202f\u00a0"), set("mwMWæøÆØ@%—→")


@cache
def text_width(words: str, size: float = TEXT) -> float:
    """About how wide *words* are in Inter at *size*, a little generous."""
    em = sum(
        0.32
        if c in _NARROW_LETTERS
        else 0.88
        if c in _WIDE_LETTERS
        else 0.70
        if c.isupper()
        else 0.64
        if c.isdigit()
        else 0.59
        for c in words
    )
    return em * size


def cut(words: str, width: float, size: float = TEXT) -> str:
    """*words*, cut with an ellipsis to fit *width*."""
    if text_width(words, size) <= width:
        return words
    while words and text_width(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip(" .,_-") + "…"


def wrap(words: str, width: float, lines: int = 2, size: float = TEXT) -> list[str]:
    """*words* over at most *lines* lines, broken at spaces, dots, dashes and underscores; what does not fit is cut."""
    pieces, piece = [], ""
    for c in words:
        piece += c
        if c in " ._-/–":
            pieces.append(piece)
            piece = ""
    pieces += [piece] if piece else []
    done: list[str] = []
    line = ""
    for index, piece in enumerate(pieces):
        if line and text_width((line + piece).rstrip(), size) > width:
            if len(done) == lines - 1:
                line += "".join(pieces[index:])
                break
            done.append(line.rstrip())
            line = ""
        line += piece
    return [cut(part, width, size) for part in [*done, line.rstrip()] if part]


def ticks(top: float, most: int = 5) -> list[float]:
    """Round numbers from 0 to at least *top*, at most *most* steps."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / most
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough - 1e-12)
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Places near the *wanted* ones, at least *gap* apart, between *low* and *high*; order is kept."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places = [0.0] * len(wanted)
    last = low - gap
    for i in order:
        places[i] = last = max(wanted[i], last + gap)
    last = high + gap
    for i in reversed(order):
        places[i] = last = min(places[i], last - gap)
    return places
