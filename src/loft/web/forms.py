"""What a page asks for: fields with their labels, what was answered, and what is wrong with it. Works without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpRequest

from loft.charts import numbers
from loft.language import gettext, mark
from loft.value.errors import BadInput
from loft.value.sentence import Figure

Errors = list[tuple[str, str]]
RADIOS = 6
"""One of more choices than this is a list that unfolds."""


class WrongAt(BadInput):
    """An answer that cannot be used, and the ``field`` it was given in."""

    def __init__(self, field: str, text: str, **figures: Figure) -> None:
        self.field = field
        super().__init__(text, **figures)


@dataclass(frozen=True)
class Field:
    """A field: ``label`` and ``about`` are English texts, translated when shown.

    ``kind``: ``text``, ``area``, ``number``, ``percent`` (asked in per cent, answered as a share), ``day``, ``one`` or ``many`` of the
    ``options`` (value, words), or ``file``. ``value`` is what it holds before it is answered.
    """

    name: str
    label: str
    kind: str = "text"
    about: str = ""
    needed: bool = True
    options: tuple[tuple[str, str], ...] = ()
    most: int = 200
    value: Any = None

    def holding(self, value: Any) -> "Field":
        """The same field, holding *value*."""
        return replace(self, value=value)


@dataclass(frozen=True)
class Asked:
    """A field as its template shows it."""

    field: Field
    label: str
    about: str
    text: str
    chosen: tuple[str, ...]
    error: str
    radios: bool

    @property
    def described(self) -> str:
        """The ids of what describes it."""
        name = self.field.name
        return " ".join([f"{name}-about"] * bool(self.about) + [f"{name}-error"] * bool(self.error))


def asked(fields: Sequence[Field], request: HttpRequest | None = None, errors: Errors = ()) -> list[Asked]:  # type: ignore[assignment]
    """The *fields* as they are shown: with what was sent, where *request* sent anything, else with what they hold."""
    sent = request.POST if request is not None and request.method == "POST" else None
    wrong = dict(errors)
    found = []
    for field in fields:
        if sent is None:
            chosen = tuple(map(str, field.value or ())) if field.kind == "many" else (written(field),)
        else:
            chosen = tuple(sent.getlist(field.name)) if field.kind == "many" else (sent.get(field.name, ""),)
        found.append(
            Asked(
                field, gettext(field.label), gettext(field.about), chosen[0] if chosen else "", chosen, wrong.get(field.name, ""),
                field.kind == "one" and len(field.options) <= RADIOS,
            )
        )  # fmt: skip
    return found


def written(field: Field) -> str:
    """What a field holds, as it is typed."""
    value = field.value
    if value is None:
        return ""
    if field.kind in ("number", "percent"):
        number = float(value) * (100 if field.kind == "percent" else 1)
        text = f"{number:.6g}"
        return text if "." not in text else text.replace(".", numbers.decimal(0.5, 1)[1])
    return str(value)


def answers(fields: Sequence[Field], request: HttpRequest) -> tuple[dict[str, Any], Errors]:
    """What *request* answers, by the names of the *fields*, and what is wrong: (name, sentence). None is no answer."""
    found: dict[str, Any] = {}
    errors: Errors = []
    for field in fields:
        try:
            found[field.name] = _answer(field, request)
        except _Wrong as wrong:
            found[field.name] = None
            errors.append((field.name, str(wrong)))
    return found, errors


class _Wrong(Exception):  # noqa: N818 - reads as what it is where it is raised
    """What is wrong with an answer, as a sentence in the language in force."""


def _answer(field: Field, request: HttpRequest) -> Any:
    if field.kind == "file":
        return _file(field, request)
    sent = [text.replace("\x00", "").replace("\r\n", "\n").strip() for text in request.POST.getlist(field.name)]
    sent = [text for text in sent if text]
    if field.kind == "many":
        known = {value for value, _ in field.options}
        if any(text not in known for text in sent) or (field.needed and not sent):
            raise _Wrong(_naming(mark("Choose at least one: %(field)s"), field))
        return sent
    if not sent:
        if field.needed:
            text = mark("Choose: %(field)s") if field.kind == "one" else mark("Fill in: %(field)s")
            raise _Wrong(_naming(text, field))
        return None
    return _READ.get(field.kind, _text)(field, sent[0])


def _naming(text: str, field: Field) -> str:
    return gettext(text) % {"field": gettext(field.label)}


def _file(field: Field, request: HttpRequest) -> Any:
    file = request.FILES.get(field.name)
    if file and file.size:
        return file
    if field.needed:
        raise _Wrong(gettext("Choose a file that is not empty"))
    return None


def _text(field: Field, text: str) -> str:
    if len(text) > field.most:
        words = {"most": numbers.count(field.most), "field": gettext(field.label)}
        raise _Wrong(gettext("Too long, at most %(most)s characters: %(field)s") % words)
    return text


def _one(field: Field, text: str) -> str:
    if text not in {value for value, _ in field.options}:
        raise _Wrong(_naming(mark("Choose: %(field)s"), field))
    return text


def _day(field: Field, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _Wrong(_naming(mark("Write a date such as 2026-12-03: %(field)s"), field)) from None


def _number(field: Field, text: str) -> float:
    plain = "".join(text.split()).removesuffix("%").replace("−", "-").replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e15:
        raise _Wrong(_naming(mark("Write a number such as 12 or 0.5: %(field)s"), field))
    return number


def _percent(field: Field, text: str) -> float:
    return round(_number(field, text) / 100, 9)


_READ = {"one": _one, "day": _day, "number": _number, "percent": _percent}
