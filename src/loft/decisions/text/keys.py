"""Lines ``key: value`` and columns of texts, with the keys that may stand there; a misspelt one is an error."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from loft.decisions.errors import Place, RuleError
from loft.decisions.model import Head, Texts
from loft.decisions.text.lines import Section, place
from loft.language import mark

LANGUAGES_FIRST = ("nb", "nn", "en")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,3}")


@dataclass(frozen=True)
class Said:
    """What stands under one key, and where."""

    value: str
    place: Place


Fields = Mapping[str, Said]


def fields(section: Section, keys: Iterable[str], texts: Iterable[str], *, file: str, decision: str = "") -> Fields:
    """The lines of a section by key. Raises ``RuleError`` for a key that is not one of *keys*, or of *texts* with a language."""
    found: dict[str, Said] = {}
    for entry in section.entries:
        where = place(file, entry.line, decision=decision, text=entry.key)
        check_key(entry.key, keys, texts, where)
        if entry.key in found:
            raise RuleError(_TWICE, where, key=entry.key)
        found[entry.key] = Said(entry.value, where)
    return found


def check_key(key: str, keys: Iterable[str], texts: Iterable[str], where: Place) -> None:
    """Raises ``RuleError`` for a key that is not known, with the one that may have been meant."""
    keys, texts = tuple(keys), tuple(texts)
    if key in keys:
        return
    noun, _, language = key.partition(" ")
    if noun in texts and _LANGUAGE.fullmatch(language):
        return
    if key in texts:
        raise RuleError(_LANGUAGE_WANTED, where, key=key)
    known = [*keys, *(f"{text} {code}" for text in texts for code in LANGUAGES_FIRST)]
    near = difflib.get_close_matches(key[:80], known, 1)
    if near:
        raise RuleError(_MEANT, where, key=key, near=near[0])
    raise RuleError(_UNKNOWN, where, key=key, keys=", ".join(known))


def texts_of(found: Fields, noun: str) -> Texts:
    """The texts under ``noun nb``, ``noun nn`` …"""
    pairs = [(key.partition(" ")[2], said.value) for key, said in found.items() if key.startswith(f"{noun} ")]
    return in_order(Texts(tuple(pairs)))


def in_order(texts: Texts) -> Texts:
    """Bokmål, nynorsk and English first; on one line each; none that is empty."""
    pairs = [(code, " ".join(text.split())) for code, text in texts.pairs]
    rank = {code: at for at, code in enumerate(LANGUAGES_FIRST)}
    return Texts(tuple(sorted((p for p in pairs if p[1]), key=lambda pair: (rank.get(pair[0], 9), pair[0]))))


def value(found: Fields, key: str) -> str:
    return found[key].value if key in found else ""


HEAD = ("rule", "version", "valid from", "valid to", "source", "namespace", "id")


def head_of(found: Fields) -> Head:
    """The head of a rule. Raises ``RuleError`` for a date that is none, or a period that ends before it begins."""
    start, end = _day(found.get("valid from")), _day(found.get("valid to"))
    if start and end and end < start:
        raise RuleError(_ENDS_FIRST, found["valid to"].place, start=start, end=end)
    return Head(
        rule=value(found, "rule"),
        version=value(found, "version"),
        valid_from=start,
        valid_to=end,
        source=value(found, "source"),
        title=texts_of(found, "title"),
    )


def head_lines(head: Head) -> list[str]:
    """*head* as lines of the form."""
    days = [day.isoformat() if day else "" for day in (head.valid_from, head.valid_to)]
    pairs = zip(HEAD, (head.rule, head.version, *days, head.source), strict=False)
    return [*(line(key, said) for key, said in pairs if said), *text_lines("title", head.title)]


def line(key: str, said: str) -> str:
    return f"- {key}: {' '.join(said.split())}"


def text_lines(noun: str, texts: Texts) -> list[str]:
    return [line(f"{noun} {code}", text) for code, text in in_order(texts).pairs]


def remark_lines(description: str) -> list[str]:
    """A description as quoted lines."""
    return [f"> {each.strip()}".rstrip() for each in description.strip().splitlines()]


def _day(said: Said | None) -> date | None:
    if said is None or not said.value:
        return None
    try:
        if len(said.value) == 10:
            return date.fromisoformat(said.value)
    except ValueError:
        pass
    raise RuleError(_NO_DAY, said.place, day=said.value)


_TWICE = mark("“%(key)s” stands twice. Keep one of the lines.")
_LANGUAGE_WANTED = mark("say which language “%(key)s” is in: “%(key)s nb”, “%(key)s nn” or “%(key)s en”.")
_MEANT = mark("“%(key)s” is not known here. Did you mean “%(near)s”?")
_UNKNOWN = mark("“%(key)s” is not known here; known are: %(keys)s.")
_NO_DAY = mark("“%(day)s” is no day. Write year, month and day: 2026-01-31.")
_ENDS_FIRST = mark("the rule would end on %(end)s, before it begins on %(start)s. Correct one of the two days.")
