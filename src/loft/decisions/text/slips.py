"""Common slips of those who write rules, explained: a comma as decimal sign, thousands apart, text without quotation marks."""

import re
from collections.abc import Iterator

from loft.decisions.errors import Place, RuleError
from loft.language import mark


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """*text* in pieces: whether it is a quoted string, and the piece with its quotation marks."""
    start, at, quoted = 0, 0, False
    while at < len(text):
        if quoted and text[at] == "\\":
            at += 1
        elif text[at] == '"':
            end = at + 1 if quoted else at
            if end > start:
                yield quoted, text[start:end]
            start, quoted = end, not quoted
        at += 1
    if start < len(text):
        yield quoted, text[start:]


def tidy(text: str) -> str:
    """*text* of one cell on one line, with a space after a comma between digits and no zeros that look like thousands."""
    return "".join(piece if quoted else _tidy(piece) for quoted, piece in pieces(text)).strip()


def _tidy(piece: str) -> str:
    piece = re.sub(r"\s+", " ", piece)
    piece = re.sub(r"(?<=\d),(?=\d)", ", ", piece)
    return _THOUSANDS.sub(lambda found: found[0].rstrip("0").rstrip("."), piece)


def refuse(text: str, place: Place, *, output: bool = False) -> None:
    """Raises ``RuleError`` for what FEEL would read as something else than was meant: ``0,5``, ``400.000``, ``2026-01-31``, and of an
    *output* ``= 5``."""
    _raise_first((*_MISREAD, *_MISREAD_OUTPUT) if output else _MISREAD, text, place)


def explain(text: str, place: Place, error: RuleError, *, value: bool = True) -> RuleError:
    """*error* at its place; a sentence about the slip instead where *text* shows a common one. A *value* may be meant as a text."""
    try:
        _raise_first(_UNREAD, text[:_LOOKED_AT], place)
    except RuleError as slip:
        return slip
    words = [part.strip() for part in text[:_LOOKED_AT].split(",")]
    if value and all(_WORDS.fullmatch(part) for part in words):
        problem = RuleError(error.text, None, **error.values)
        return RuleError(_QUOTES, place, problem=problem, quoted=", ".join(f'"{word}"' for word in words))
    return error.at(place)


def _raise_first(slips: tuple[tuple[str, str], ...], text: str, place: Place) -> None:
    outside = "".join('""' if quoted else piece for quoted, piece in pieces(text))
    for pattern, told in slips:
        if found := re.search(pattern, outside):
            wrong = found[0]
            digits = re.sub(r"\D", "", wrong)
            raise RuleError(
                told, place, wrong=wrong, digits=digits, point=wrong.replace(",", "."), apart=wrong.replace(",", ", ")
            )


_LOOKED_AT = 1000
"""Characters of an unreadable text that are searched for a slip."""
_WORDS = re.compile(r"[^\W\d][\w '/.-]*")
_THOUSANDS = re.compile(r"(?<![\d.])(?:0\.000|[1-9]\d{0,2}\.\d\d0)(?![\d.])")
"""What may be a number in thousands, ``1.200``: no decimal number needs a zero at its end."""
_MISREAD = (
    (
        r"(?<!\d)\d+,\d+",
        mark("%(wrong)s would be two numbers. Write %(point)s for one number, or %(apart)s for two."),
    ),
    (
        _THOUSANDS.pattern,
        mark("in %(wrong)s the full stop is a decimal sign. Write %(digits)s, without a sign between thousands."),
    ),
    (
        r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])",
        mark('%(wrong)s would be a subtraction. Write the date as date("%(wrong)s").'),
    ),
    (
        r"^\s*\d+(?:\.\d+)? ?- ?\d+(?:\.\d+)?\s*$",
        mark("%(wrong)s would be a subtraction. Write from and to as [1..5]; [1..5) leaves the 5 out."),
    ),
)
_MISREAD_OUTPUT = ((r"^\s*(?:[<>]=?|!?=)", mark("an output is a value, not a test. Write it without %(wrong)s.")),)
_UNREAD = (
    (r"\d{1,2}\.\d{1,2}\.\d{4}", mark('%(wrong)s is no date. Write it as date("2026-01-31"): year, month, day.')),
    (
        r"\d[\d.]*[.  ]\d{3}(?:[.  ]\d{3})*(?!\d)",
        mark("%(wrong)s is no number. Write %(digits)s, without signs between thousands."),
    ),
    (r"[“”«»„‘’]", mark('the quotation mark %(wrong)s is not one of FEEL\'s. Write "…".')),
    (
        r"^\s*[–—−]\s*$",
        mark("%(wrong)s is a long dash. Where a fact does not matter, write -, or leave the cell empty."),
    ),
    (
        r"^\s*\d+(?:\.\d+)? ?\.\.\.? ?\d+(?:\.\d+)?\s*$",
        mark("a range stands in brackets. Write from and to as [1..5]; [1..5) leaves the 5 out."),
    ),
    (r"^\s*(?i:not|ikke|ikkje) \S", mark('what may not be stands in brackets: not("a"), or not("a", "b").')),
    (r"≥|=>", mark("%(wrong)s is written >=.")),
    (r"≤|=<", mark("%(wrong)s is written <=.")),
    (r"≠|<>", mark("%(wrong)s is written !=.")),
    (r"\d+(?:\.\d+)? ?%", mark("%(wrong)s is no number. Write it as a decimal: 6 percent is 0.06.")),
    (r"==", mark("%(wrong)s is written =; in a cell the value alone is enough.")),
    (r"\d (?:to|til) \d", mark("%(wrong)s is no range. Write from and to as [1..5]; [1..5) leaves the 5 out.")),
    (r"^\s*[<>].* and [<>]", mark("two tests of one fact are written as a range: [1..5], or (1..5) without its ends.")),
    (
        r"^[<>= ]*\d+(?:\.\d+)? [^\W\d]+\s*$",
        mark("%(wrong)s has a unit. Write the number alone; the unit stands with the fact."),
    ),
    (r"^\s*(?i:ja|yes)\s*$", mark("%(wrong)s is written true.")),
    (r"^\s*(?i:nei|no)\s*$", mark("%(wrong)s is written false.")),
)
_QUOTES = mark("%(problem)s If it is a text, write it in quotation marks: %(quoted)s.")
