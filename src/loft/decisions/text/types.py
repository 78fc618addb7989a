"""Types as they are written in a rule's columns: ``number``, ``list of applicant``, ``context<age: number>``."""

import difflib
from collections.abc import Mapping

from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.types import OTHER_NAMES, SIMPLE, Type
from loft.language import mark

_DEEPEST = 20


def read_type(text: str, known: Mapping[str, Type], place: Place, *, depth: int = 0) -> Type:
    """The type that *text* names: a simple one, one of *known*, or one made of others. Raises ``RuleError``."""
    text = " ".join(text.split())
    if text in known:
        return known[text]
    if text in SIMPLE or text in OTHER_NAMES:
        return Type(OTHER_NAMES.get(text, text))
    if depth < _DEEPEST:
        if text.startswith("list of "):
            return Type("list", read_type(text.removeprefix("list of "), known, place, depth=depth + 1))
        made = _made(text, known, place, depth + 1)
        if made is not None:
            return made
    near = difflib.get_close_matches(text[:80], [*SIMPLE, *known], 1)
    if near:
        raise RuleError(_MEANT, place, name=text, near=near[0])
    raise RuleError(_UNKNOWN, place, name=text, names=", ".join(SIMPLE))


def _made(text: str, known: Mapping[str, Type], place: Place, depth: int) -> Type | None:
    kind, opened, rest = text.partition("<")
    kind = kind.strip()
    if not opened or kind not in ("list", "range", "context", "function"):
        return None
    inside, after = _closed(rest)
    if inside is None:
        return None
    if kind in ("list", "range") and not after:
        return Type(kind, read_type(inside, known, place, depth=depth))
    if kind == "context" and not after:
        pairs = [part.partition(":") for part in comma_parts(inside)]
        return Type(kind, parts=tuple((n.strip(), read_type(t, known, place, depth=depth)) for n, _, t in pairs))
    if kind == "function" and after.startswith("->"):
        parameters = tuple(read_type(part, known, place, depth=depth) for part in comma_parts(inside))
        return Type(kind, read_type(after.removeprefix("->"), known, place, depth=depth), parameters=parameters)
    return None


def _closed(text: str) -> tuple[str | None, str]:
    """What stands before the bracket that closes, and after it; None where none does."""
    depth = 1
    for at, sign in enumerate(text):
        if sign == ">" and text[at - 1 : at] == "-":
            continue
        depth += (sign == "<") - (sign == ">")
        if depth == 0:
            return text[:at], text[at + 1 :].strip()
    return None, ""


def comma_parts(text: str) -> list[str]:
    """*text* at its commas outside brackets."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        if sign == "<":
            depth += 1
        elif sign == ">" and text[at - 1 : at] != "-":
            depth -= 1
        elif sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


def type_text(type: Type) -> str:
    """*type* as ``read_type`` reads it."""
    if type.name:
        return type.name
    if type.kind == "list" and type.member is not None:
        return f"list of {type_text(type.member)}"
    if type.kind == "range" and type.member is not None:
        return f"range<{type_text(type.member)}>"
    if type.kind == "context":
        return f"context<{', '.join(f'{name}: {type_text(part)}' for name, part in type.parts)}>"
    if type.kind == "function":
        result = type_text(type.member) if type.member is not None else "Any"
        return f"function<{', '.join(map(type_text, type.parameters))}> -> {result}"
    return type.kind


_MEANT = mark("there is no type “%(name)s”. Did you mean “%(near)s”?")
_UNKNOWN = mark("there is no type “%(name)s”. Types are %(names)s, and those under “Types”.")
