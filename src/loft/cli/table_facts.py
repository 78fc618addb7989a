"""Facts as they are typed or stand in a JSON file, made into values that a rule takes."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loft.cli.group import fail
from loft.language import mark

if TYPE_CHECKING:
    from loft.decisions import Table
    from loft.decisions.feel.types import Type
    from loft.decisions.model import InputData

UNKNOWN = ("", "?", "vet ikke", "veit ikkje", "don't know", "dont know", "do not know", "unknown", "ukjent", "ukjend")
"""What says that a fact is not known."""
EMPTY = ("nothing", "null", "ingenting", "none", "ingen")
"""What says that it is known to be empty."""
_TAKES = {
    "number": mark("a number, such as 312000 or 0.5"),
    "boolean": mark("yes or no"),
    "date": mark("a day, such as 2026-01-31"),
    "time": mark("a time, such as 14:30"),
    "date and time": mark("a day and a time, such as 2026-01-31T14:30"),
    "days and time duration": mark("a length of time, such as P3D"),
    "years and months duration": mark("a length of time, such as P1Y6M"),
}
"""What a fact of a type is answered with."""
_ANY = mark("a value as FEEL writes it, such as [1, 2]")
_TWO_NUMBERS = mark("“%(text)s” may be read as two numbers. Write %(whole)s, or %(decimal)s for the decimal number.")
"""What is said of three digits after one sign, which parts thousands for some and decimals for others."""
_YES = ("true", "yes", "y", "ja", "j", "sant", "1")
_NO = ("false", "no", "n", "nei", "usant", "0")


def facts_of(table: "Table", pairs: Iterable[str], file: Path | None) -> dict[str, Any]:
    """The facts of ``--facts FILE`` and, over these, of ``fact=value`` words; those not known are left out.

    A fact of the rule that this decision does not rest on is left out too, and that is said on standard error.
    """
    found = from_file(table, file) if file else {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"A fact is given as fact=value, such as 'age=34', not {pair!r}.")
        fact = named(table, name)
        found[fact.name] = value_of(text, fact)
    asked = {fact.name for fact in table.inputs}
    if spare := [name for name in found if name not in asked]:
        click.echo(f"Not asked for by “{table.name}”: {', '.join(spare)}.", err=True)
    return {name: value for name, value in found.items() if value is not None and name in asked}


def from_file(table: "Table", file: Path) -> dict[str, Any]:
    """The facts of a JSON object. ``null`` is not known. Ends the program where the file holds another thing."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        fail(f"{file} is no JSON: {error}.")
    if not isinstance(found, dict):
        fail(f"{file} must hold one JSON object: facts by name.")
    return {(fact := named(table, name)).name: _plain(value, fact) for name, value in found.items()}


def named(table: "Table", name: str) -> "InputData":
    """The fact of that name or label, with ``_`` or ``-`` for a space and whatever capitals. Usage error where there is none."""
    known: dict[str, InputData] = {}
    for fact in table.model.inputs:
        for called in (*(text for _, text in fact.label.pairs), fact.name):
            known[_loose(called)] = fact
    found = next((fact for fact in table.model.inputs if fact.name == name.strip()), None) or known.get(_loose(name))
    if found is not None:
        return found
    near = get_close_matches(_loose(name), list(known), 1)
    meant = f" Did you mean “{known[near[0]].name}”?" if near else ""
    raise click.UsageError(
        f"The rule has no fact {name.strip()!r}.{meant} It has: {', '.join(fact.name for fact in table.model.inputs)}."
    )


def _loose(name: str) -> str:
    """A name without what people write in different ways: capitals, and ``_`` or ``-`` for a space."""
    return " ".join(re.sub(r"[_-]", " ", name).lower().split())


def value_of(text: str, fact: "InputData") -> Any:
    """What was typed, as the fact's type has it; None where it says that the fact is not known. Usage error for what does not fit."""
    from loft.decisions import NOTHING
    from loft.language import gettext

    text = text.strip()
    if text.lower() in UNKNOWN:
        return None
    if text.lower() in EMPTY and text not in _allowed_texts(fact):
        return NOTHING
    try:
        return _of_type(text, fact)
    except (ValueError, InvalidOperation):
        told = {
            "fact": fact.label.said(fact.name),
            "what": gettext(_TAKES.get(fact.type.kind, _ANY)),
            "text": text[:80],
        }
        raise click.UsageError(gettext("“%(fact)s” takes %(what)s, not “%(text)s”.") % told) from None


def _of_type(text: str, fact: "InputData") -> Any:
    kind = fact.type.kind
    if kind == "number":
        return _number(text, fact.unit)
    if kind == "boolean":
        return _boolean(text)
    if kind == "string":
        return _text(text, fact)
    if kind == "date":
        return _date(text)
    if kind == "time" and re.fullmatch(r"\d\d:\d\d(:\d\d)?", text):
        return time.fromisoformat(text)
    if kind == "date and time" and re.fullmatch(r"[\d-]+[T ][\d:.]+", text):
        return datetime.fromisoformat(text)
    if kind.endswith("duration") and re.fullmatch(r"-?P[\dTYMDHS.]+", text):
        return _constant(f'duration("{text}")')
    return _constant(text, otherwise=text if kind == "Any" else None)


def _number(text: str, unit: str) -> Decimal:
    from loft.language import gettext

    written = re.sub(r"[\s\u00a0\u202f]", "", text.removesuffix(unit).strip() if unit else text)
    written = written.replace("−", "-").replace(",", ".")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", written):
        told = {"text": text[:80], "whole": written.replace(".", ""), "decimal": f"{written}0"}
        raise click.UsageError(gettext(_TWO_NUMBERS) % told)
    if not re.fullmatch(r"[+-]?\d{1,40}(\.\d{1,40})?", written):
        raise ValueError(text)
    return Decimal(written)


def _boolean(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(text)


def _date(text: str) -> date:
    if text.startswith(("date(", "@")):
        found = _constant(text)
        if isinstance(found, date):
            return found
        raise ValueError(text)
    if match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text):
        day, month, year = match.groups()
        return date(int(year), int(month), int(day))
    return date.fromisoformat(text)


def _text(text: str, fact: "InputData") -> str:
    bare = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    allowed = {word.lower(): word for word in _allowed_texts(fact)}
    return allowed.get(bare.lower(), bare)


def _allowed_texts(fact: "InputData") -> list[str]:
    return [value for value in choices(fact) if isinstance(value, str)]


def choices(fact: "InputData") -> list[Any]:
    """The values to choose among, where the rule names each of them; none otherwise."""
    from loft.decisions.saying.conditions import constant, is_constant

    if fact.type.kind == "boolean":
        return [True, False]
    allowed = fact.type.allowed
    if allowed is None or allowed.negated or not all(is_constant(test) for test in allowed.tests):
        return []
    values = [constant(test) for test in allowed.tests]
    return values if all(isinstance(value, str | Decimal | date) for value in values) else []


def _constant(text: str, *, otherwise: str | None = None) -> Any:
    """The value of a FEEL expression without names. Raises ``ValueError`` where it has none."""
    from loft.decisions.errors import Missing, RuleError
    from loft.decisions.feel.evaluate import expression
    from loft.decisions.feel.names import Names
    from loft.decisions.feel.parser import parse_expression

    try:
        found = expression(parse_expression(text, Names()))({})
    except (RuleError, Missing):
        found = None
    if found is None:
        if otherwise is None:
            raise ValueError(text)
        return otherwise
    return found


def _plain(value: Any, fact: "InputData") -> Any:
    """A value from JSON: texts become what the fact's type says, lists and objects part by part."""
    if isinstance(value, str) and fact.type.kind != "string":
        return value_of(value, fact)
    return _typed(value, fact.type)


def _typed(value: Any, type: "Type") -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, list):
        return [_typed(member, type.member or type) for member in value]
    if isinstance(value, dict):
        return {name: _typed(part, type.part(name) or type) for name, part in value.items()}
    if isinstance(value, str) and type.kind == "date":
        return _date(value)
    if isinstance(value, str) and type.kind in ("time", "date and time"):
        return time.fromisoformat(value) if type.kind == "time" else datetime.fromisoformat(value)
    return value


def to_json(value: Any) -> Any:
    """A FEEL value as JSON has it: whole numbers whole, days and times as ISO 8601 text, lengths of time as FEEL text."""
    from loft.decisions import NOTHING

    if value is None or value is NOTHING or isinstance(value, bool | str | int | float):
        return None if value is NOTHING else value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [to_json(member) for member in value]
    if isinstance(value, dict):
        return {name: to_json(part) for name, part in value.items()}
    from loft.decisions.feel.writing import text_of_value

    return text_of_value(value)
