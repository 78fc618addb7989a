"""Which characters a part of a pattern stands for (XML Schema 1.0, part 2, appendix F; XPath 2.0's additions)."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

Letters = Callable[[str], bool]

_CATEGORIES = frozenset(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn".split()
)
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
}
"""The blocks that are known; any other makes a pattern unfit."""

_NAME_START = (
    (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF),
    (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD),
    (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME_MORE = ((0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))


def _within(char: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    code = ord(char)
    return any(low <= code <= high for low, high in ranges)


def _starts_name(char: str) -> bool:
    return char in ":_" or _within(char, _NAME_START)


def _in_name(char: str) -> bool:
    return char in "-." or _starts_name(char) or _within(char, _NAME_MORE)


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


NAMED: dict[str, Letters] = {
    "s": lambda char: char in " \t\n\r",
    "d": lambda char: unicodedata.category(char) == "Nd",
    "w": _is_word,
    "i": _starts_name,
    "c": _in_name,
}
"""``\\s``, ``\\d`` and so on. ``\\w`` is all but punctuation, separators and control characters, so it has no underscore."""


def inverse(letters: Letters) -> Letters:
    """All characters but these."""
    return lambda char: not letters(char)


def property_letters(name: str) -> Letters | None:
    """The characters of ``\\p{name}``: a general category or a block (``IsBasicLatin``); None where it is not known."""
    if name in _CATEGORIES:
        return lambda char: unicodedata.category(char).startswith(name)
    if name.startswith("Is") and name[2:] in _BLOCKS:
        low, high = _BLOCKS[name[2:]]
        return lambda char: low <= ord(char) <= high
    return None


def exactly(char: str, *, caseless: bool) -> Letters:
    """One character, or that one in either case."""
    if not caseless:
        return lambda other: other == char
    same = _cases(char)
    return lambda other: other in same or not same.isdisjoint(_cases(other))


def _cases(char: str) -> frozenset[str]:
    """A character in its cases, as long as they are one character too (the Kelvin sign is a k)."""
    return frozenset({char, char.lower(), char.upper(), char.lower().upper(), char.upper().lower()})


@dataclass(frozen=True)
class LetterClass:
    """``[…]``: ranges and named sets, perhaps negated, perhaps less another class."""

    ranges: tuple[tuple[int, int], ...]
    sets: tuple[Letters, ...]
    negated: bool
    less: Letters | None
    caseless: bool

    def __call__(self, char: str) -> bool:
        inside = _within(char, self.ranges) or any(letters(char) for letters in self.sets)
        if not inside and self.caseless:
            inside = any(len(other) == 1 and _within(other, self.ranges) for other in _cases(char))
        if inside == self.negated:
            return False
        return self.less is None or not self.less(char)
