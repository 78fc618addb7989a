"""XPath's regular expressions read into their parts (XQuery 1.0 and XPath 2.0 Functions and Operators, 7.6.1).

All of the language is read but blocks that ``letters`` does not know. Whatever is no such pattern raises ``UnfitError``.
"""

from dataclasses import dataclass

from loft.decisions.feel.functions.letters import (
    NAMED,
    LetterClass,
    Letters,
    exactly,
    inverse,
    property_letters,
)
from loft.decisions.feel.functions.signatures import UnfitError

LONGEST = 1_000
"""Characters in one pattern."""
DEEPEST = 50
"""Brackets inside each other."""
LARGEST = 1_000
"""The largest number in ``{…}``."""

_SPACE = " \t\n\r"
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPED = "\\|.-^?*+{}()[]$"
_SIGNS: tuple[tuple[str, int, int | None], ...] = (("*", 0, None), ("+", 1, None), ("?", 0, 1))


@dataclass(frozen=True)
class Part:
    """A part of a pattern."""


@dataclass(frozen=True)
class One(Part):
    """One character of these."""

    letters: Letters


@dataclass(frozen=True)
class Edge(Part):
    """``^`` (start) or ``$``; of any line with flag m."""

    start: bool
    lines: bool


@dataclass(frozen=True)
class Again(Part):
    """What group ``group`` held."""

    group: int
    caseless: bool


@dataclass(frozen=True)
class Group(Part):
    """``(…)``."""

    number: int
    inner: Part


@dataclass(frozen=True)
class Chain(Part):
    """Parts one after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Choice(Part):
    """The first of these that fits."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Repeat(Part):
    """A part ``low`` to ``high`` times (None: without end), as often as possible unless ``lazy``."""

    inner: Part
    low: int
    high: int | None
    lazy: bool


def read_pattern(pattern: str, flags: str) -> tuple[Part, int]:
    """The parts of *pattern* and how many groups it has. Flags: ``s``, ``m``, ``i``, ``x``, ``q`` in any order."""
    if len(pattern) > LONGEST or not set(flags) <= set("smixq"):
        raise UnfitError
    caseless = "i" in flags
    if "q" in flags:
        return Chain(tuple(One(exactly(char, caseless=caseless)) for char in pattern)), 0
    reader = _Reader(_without_space(pattern) if "x" in flags else pattern, flags)
    part = reader.choice(0)
    if reader.at < len(reader.text):
        raise UnfitError
    return part, reader.groups


def _without_space(pattern: str) -> str:
    """A pattern as flag x reads it: without white space outside of ``[…]``."""
    kept, depth, escaped = [], 0, False
    for char in pattern:
        if depth or char not in _SPACE:
            kept.append(char)
            if not escaped:
                depth += (char == "[") - (char == "]")
            escaped = char == "\\" and not escaped
    return "".join(kept)


class _Reader:
    """Where the reading of one pattern is."""

    def __init__(self, text: str, flags: str) -> None:
        self.text, self.at, self.groups = text, 0, 0
        self.closed: set[int] = set()
        self.caseless, self.lines, self.dot_all = "i" in flags, "m" in flags, "s" in flags

    def next(self) -> str:
        """The character here; empty at the end."""
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.next()
        if not char:
            raise UnfitError
        self.at += 1
        return char

    def took(self, text: str) -> bool:
        """Whether *text* stood here; it is behind us then."""
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def choice(self, depth: int) -> Part:
        if depth > DEEPEST:
            raise UnfitError
        parts = [self.chain(depth)]
        while self.took("|"):
            parts.append(self.chain(depth))
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def chain(self, depth: int) -> Part:
        parts: list[Part] = []
        while self.next() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom(depth)))
        return Chain(tuple(parts))

    def repeated(self, inner: Part) -> Part:
        for sign, least, most in _SIGNS:
            if self.took(sign):
                return Repeat(inner, least, most, self.took("?"))
        if not self.took("{"):
            return inner
        low = self.number()
        high: int | None = low
        if self.took(","):
            high = None if self.next() == "}" else self.number()
        if not self.took("}") or (high is not None and high < low):
            raise UnfitError
        return Repeat(inner, low, high, self.took("?"))

    def number(self) -> int:
        digits = ""
        while self.next() and self.next() in "0123456789":
            digits += self.take()
        if not digits or len(digits) > 4 or int(digits) > LARGEST:
            raise UnfitError
        return int(digits)

    def atom(self, depth: int) -> Part:
        char = self.take()
        if char == "(":
            return self.group(depth)
        if char == "[":
            return One(self.letter_class(depth))
        if char == "\\":
            return self.escape()
        if char == ".":
            return One((lambda other: True) if self.dot_all else (lambda other: other not in "\n\r"))
        if char in "^$":
            return Edge(char == "^", self.lines)
        if char in "*+?{}]":
            raise UnfitError
        return One(exactly(char, caseless=self.caseless))

    def group(self, depth: int) -> Part:
        if self.took("?:"):
            inner = self.choice(depth + 1)
        else:
            self.groups += 1
            number = self.groups
            inner = Group(number, self.choice(depth + 1))
            self.closed.add(number)
        if not self.took(")"):
            raise UnfitError
        return inner

    def escape(self) -> Part:
        char = self.next()
        if char and char in "123456789":
            return Again(self.reference(), self.caseless)
        letters, single = self.escaped()
        return One(exactly(single, caseless=self.caseless) if letters is None else letters)

    def reference(self) -> int:
        """The group that a back-reference means: as many digits as there are groups for; it must be closed already."""
        number = int(self.take())
        while self.next() and self.next() in "0123456789" and number * 10 + int(self.next()) <= self.groups:
            number = number * 10 + int(self.take())
        if number not in self.closed:
            raise UnfitError
        return number

    def escaped(self) -> tuple[Letters | None, str]:
        """What follows a backslash: a set of characters, or None and a single one."""
        char = self.take()
        if char in "pP":
            letters = self.property()
            return (inverse(letters) if char == "P" else letters), ""
        if char.lower() in NAMED:
            letters = NAMED[char.lower()]
            return (inverse(letters) if char.isupper() else letters), ""
        if char in _CONTROL:
            return None, _CONTROL[char]
        if char not in _ESCAPED:
            raise UnfitError
        return None, char

    def property(self) -> Letters:
        end = self.text.find("}", self.at)
        if not self.took("{") or end < 0:
            raise UnfitError
        letters = property_letters(self.text[self.at : end])
        if letters is None:
            raise UnfitError
        self.at = end + 1
        return letters

    def letter_class(self, depth: int) -> Letters:
        """The rest of ``[…]``, after its first bracket."""
        if depth > DEEPEST:
            raise UnfitError
        negated = self.took("^")
        ranges: list[tuple[int, int]] = []
        sets: list[Letters] = []
        less: Letters | None = None
        while less is None and (self.next() != "]" or not (ranges or sets)):
            if (ranges or sets) and self.took("-["):
                less = self.letter_class(depth + 1)
            else:
                self.class_part(ranges, sets)
        if not self.took("]"):
            raise UnfitError
        return LetterClass(tuple(ranges), tuple(sets), negated, less, self.caseless)

    def class_part(self, ranges: list[tuple[int, int]], sets: list[Letters]) -> None:
        letters, low = self.class_letter()
        if letters is not None:
            sets.append(letters)
            return
        high = low
        if self.next() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", "[", ""):
            self.at += 1
            letters, high = self.class_letter()
            if letters is not None or ord(high) < ord(low):
                raise UnfitError
        ranges.append((ord(low), ord(high)))

    def class_letter(self) -> tuple[Letters | None, str]:
        char = self.take()
        if char == "\\":
            return self.escaped()
        if char in "[]":
            raise UnfitError
        return None, char
