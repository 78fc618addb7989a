"""FEEL text cut into tokens: words, numbers, strings and signs. White space and comments fall away (DMN 1.5, 10.3.1.2).

A name with spaces or signs in it is several tokens; which ones belong together only the names in scope can tell.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from loft.decisions.errors import Place, RuleError
from loft.language import mark

LONGEST_NAME = 1_000
"""Characters in a name; a longer one is never met in an expression."""

SPACE = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_START = (
    "?A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\xb7\u0300-\u036f\u203f\u2040"
_TOKEN = re.compile(
    rf"""(?P<space>(?:[{SPACE}]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)++)
    |(?P<word>(?![{SPACE}])[{_START}](?:(?![{SPACE}])[{_PART}])*+)
    |(?P<number>(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)
    |(?P<string>"(?:[^"\\]|\\.)*+")
    |(?P<sign>\*\*|\.\.|<=|>=|!=|/\*|.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """A piece of the text. ``kind`` is word, number, string, sign or end; ``start`` and ``end`` are places in the text."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of *text*, the last one of kind ``end``. Raises ``RuleError`` for a string or comment without an end."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "space":
            continue
        token = Token(kind, match.group(), match.start(), match.end())
        if kind == "sign" and token.text in ('"', "/*"):
            problem = _NO_QUOTE if token.text == '"' else _NO_COMMENT_END
            raise RuleError(problem, Place(text=text), at=token.start + 1)
        found.append(token)
    found.append(Token("end", "", len(text), len(text)))
    return found


@lru_cache(maxsize=10_000)
def name_tokens(name: str) -> tuple[str, ...]:
    """The texts of a name's tokens; none at all for what cannot be a name in an expression."""
    if len(name) > LONGEST_NAME:
        return ()
    try:
        found = tokens(name)[:-1]
    except RuleError:
        return ()
    named = any(token.kind == "word" for token in found) and found[0].kind in ("word", "number")
    return tuple(token.text for token in found) if named else ()


def joined(pieces: list[Token]) -> str:
    """The name that *pieces* write, with one space wherever the text has white space between them."""
    parts: list[str] = []
    for place, token in enumerate(pieces):
        if place and token.start > pieces[place - 1].end:
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)


def unquoted(text: str) -> str:
    r"""The string that a string token writes: ``\n``, ``\"``, ``\u00e6``, ``\U01F40E`` and the like resolved.

    A backslash before any other character stands for itself, as in ``"\d+"``. Two halves of a surrogate pair become one character;
    half a pair becomes the replacement character, since no text can hold it.
    """
    inner = text[1:-1]
    if "\\" not in inner:
        return inner
    found = _ESCAPE.sub(_unescaped, inner)
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else "\ufffd"
    return _PLAIN.get(match.group(3), match.group())


def quoted(text: str) -> str:
    """*text* as a string token."""
    swaps = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(swaps.get(letter, letter) for letter in text) + '"'


_NO_QUOTE = mark("the string that begins at character %(at)s has no closing quotation mark.")
_NO_COMMENT_END = mark("the comment that begins at character %(at)s has no end “*/”.")
