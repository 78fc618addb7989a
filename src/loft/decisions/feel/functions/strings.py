"""Functions on strings (DMN 1.5, 10.3.4.3). A string is its Unicode characters; positions count from 1."""

from decimal import Decimal

from loft.decisions.feel.functions.matching import Groups, Search, pattern
from loft.decisions.feel.functions.signatures import MOST, UnfitError, builtin
from loft.decisions.feel.values import Value

_NO_FLAGS = ""


def substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    """The characters from *start* on (below 0: from the end), at most *length*; parts of both numbers are dropped."""
    first = int(max(min(start, Decimal(MOST)), Decimal(-MOST)))
    if first == 0 or abs(first) > len(text) or (length is not None and length < 1):
        raise UnfitError
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin:] if length is None else text[begin : begin + int(min(length, Decimal(MOST)))]


def before(text: str, match: str) -> str:
    """What stands before the first *match*; empty where there is none."""
    at = text.find(match)
    return text[:at] if at >= 0 else ""


def after(text: str, match: str) -> str:
    """What stands after the first *match*; empty where there is none."""
    at = text.find(match)
    return text[at + len(match) :] if at >= 0 else ""


def matches(text: str, wanted: str, flags: str | None = None) -> bool:
    """Whether some part of *text* fits the pattern *wanted*."""
    return Search(pattern(wanted, flags or _NO_FLAGS), text).first() is not None


def replace(text: str, wanted: str, replacement: str, flags: str | None = None) -> str:
    """*text* with every match replaced; ``$1`` in *replacement* is what the first group held, ``$0`` the whole match.

    Raises ``UnfitError`` for a pattern that fits no characters at all, as XPath's ``fn:replace`` does.
    """
    compiled = pattern(wanted, flags or _NO_FLAGS)
    search = Search(compiled, text)
    if Search(compiled, "").first() is not None:
        raise UnfitError
    parts = [replacement] if "q" in (flags or "") else _template(replacement, compiled.groups)
    pieces, last, size = [], 0, 0
    for found in search.all():
        pieces += [text[last : found[0]], *(_filled(part, text, found) for part in parts)]
        last = found[1]
        size += sum(len(piece) for piece in pieces[-len(parts) - 1 :])
        if size > MOST:
            raise UnfitError
    return "".join(pieces) + text[last:]


def _template(replacement: str, groups: int) -> list[str | int]:
    """A replacement as texts and numbers of groups. Raises ``UnfitError`` for a stray ``$`` or backslash."""
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        char, following = replacement[at], replacement[at + 1 : at + 2]
        at += 1
        if char == "\\":
            if following not in ("\\", "$"):
                raise UnfitError
            parts.append(following)
            at += 1
        elif char == "$":
            number, at = _group_number(replacement, at, groups)
            parts.append(number)
        else:
            parts.append(char)
    return parts


def _group_number(replacement: str, at: int, groups: int) -> tuple[int, int]:
    """The number after a ``$``, of as many digits as there are groups for, and where it ends."""
    digits = ""
    while (
        at < len(replacement)
        and replacement[at] in "0123456789"
        and (not digits or int(digits + replacement[at]) <= groups)
    ):
        digits += replacement[at]
        at += 1
    if not digits:
        raise UnfitError
    return int(digits), at


def _filled(part: str | int, text: str, found: Groups) -> str:
    if isinstance(part, str):
        return part
    span = found[2 * part : 2 * part + 2]
    return text[span[0] : span[1]] if len(span) == 2 and min(span) >= 0 else ""


def split(text: str, delimiter: str) -> list[str]:
    """The pieces of *text* between matches of the pattern *delimiter*, empty ones too."""
    compiled = pattern(delimiter)
    if Search(compiled, "").first() is not None:
        raise UnfitError
    pieces, last = [], 0
    for found in Search(compiled, text).all():
        pieces.append(text[last : found[0]])
        last = found[1]
    return [*pieces, text[last:]]


def join(members: list[Value], delimiter: str | None = None) -> str:
    """The strings of a list in one, nulls left out."""
    texts = [member for member in members if member is not None]
    if not all(isinstance(text, str) for text in texts):
        raise UnfitError
    if sum(len(text) for text in texts) + len(delimiter or "") * len(texts) > MOST:
        raise UnfitError
    return (delimiter or "").join(texts)


FUNCTIONS = (
    builtin("substring", ("string: string, start position: number, [length: number]", substring)),
    builtin("string length", ("string: string", lambda text: Decimal(len(text)))),
    builtin("upper case", ("string: string", str.upper)),
    builtin("lower case", ("string: string", str.lower)),
    builtin("substring before", ("string: string, match: string", before)),
    builtin("substring after", ("string: string, match: string", after)),
    builtin("contains", ("string: string, match: string", lambda text, match: match in text)),
    builtin("starts with", ("string: string, match: string", str.startswith)),
    builtin("ends with", ("string: string, match: string", str.endswith)),
    builtin("matches", ("input: string, pattern: string, [flags: string?]", matches)),
    builtin("replace", ("input: string, pattern: string, replacement: string, [flags: string?]", replace)),
    builtin("split", ("string: string, delimiter: string", split)),
    builtin("string join", ("list: list, [delimiter: string?]", join)),
)
