"""Which names can be used at a place in an expression, and what is known of their types."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from loft.decisions.feel.lexer import Token
from loft.decisions.feel.names import Names, Spellings, spellings
from loft.decisions.feel.types import ANY, Type

PROPERTIES = (
    "year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone", "years", "months", "days", "hours",
    "minutes", "seconds", "start", "end", "start included", "end included",
)  # fmt: skip
"""The parts of dates, times, durations and ranges (DMN 1.5, tables 59 to 63)."""

RESERVED = frozenset(
    "true false null if then else for return in some every satisfies and or between instance function".split()
)
"""Words that are no name by themselves, though they may stand inside one."""

JOINS = frozenset("and or in between instance then else return satisfies".split())
"""Words that may follow a value; a name that is not known ends before them."""


@dataclass
class Layer:
    """The names that one construct brings in. ``open``: there may be more, since parts of an unknown value go by name here."""

    spellings: Spellings = field(default_factory=Spellings)
    types: dict[str, Type] = field(default_factory=dict)
    open: bool = False

    def add(self, name: str, type: Type = ANY) -> None:
        if name not in self.types:
            self.spellings.add(name)
        self.types[name] = type


@dataclass
class Visible:
    """The layers of names, from the outermost to the innermost."""

    names: Names
    layers: list[Layer] = field(default_factory=list)

    def push(self, types: Mapping[str, Type] | None = None, *, open: bool = False) -> Layer:
        layer = Layer(open=open)
        for name, its_type in (types or {}).items():
            layer.add(name, its_type)
        self.layers.append(layer)
        return layer

    def pop(self) -> None:
        self.layers.pop()

    @property
    def open(self) -> bool:
        return any(layer.open for layer in self.layers)

    def type_of(self, name: str) -> Type:
        for layer in reversed(self.layers):
            if name in layer.types:
                return layer.types[name]
        return self.names.type_of(name)

    def longest(self, tokens: list[Token], at: int) -> tuple[str, int]:
        """The name of most tokens that stands at *at* and how many; ``("", 0)`` where there is none.

        A built-in function wins over a shorter variable only where it is called: ``date and time`` may also be two facts.
        """
        layers = [layer.spellings for layer in reversed(self.layers)] + [self.names.spellings]
        if self.open:
            layers.append(self.names.part_spellings)
        name, count = longest(layers, tokens, at)
        built_in, length = longest([builtin_spellings()], tokens, at)
        if length > count and (not count or tokens[at + length].text == "("):
            return built_in, length
        return name, count

    def near(self, name: str) -> str:
        """The known name that is most like *name*; empty where none is."""
        known = [*self.names.types, *(name for layer in self.layers for name in layer.types), *builtins()]
        return nearest(name, known)


def longest(layers: Iterable[Spellings], tokens: list[Token], at: int) -> tuple[str, int]:
    """The name of most tokens at *at* among *layers* (the first that has it), and how many; ``("", 0)`` where there is none."""
    best, count = "", 0
    for spelling in layers:
        place = at
        while (further := spelling.after.get(tokens[place].text)) is not None:
            spelling, place = further, place + 1
            if spelling.name and place - at > count and not (place - at == 1 and tokens[at].text in RESERVED):
                best, count = spelling.name, place - at
    return best, count


def nearest(name: str, known: Iterable[str]) -> str:
    """The one of *known* that is most like *name*; empty where none is."""
    by_small = {other.lower(): other for other in known if len(other) <= 200}
    found = difflib.get_close_matches(name.lower(), by_small, n=1) if len(name) <= 200 else []
    return by_small[found[0]] if found else ""


def builtins() -> frozenset[str]:
    """The names of the built-in functions."""
    # Functions are evaluated by what this file is read for, so they are looked up when a text is read.
    from loft.decisions.feel.functions import BUILTINS

    return frozenset(BUILTINS)


@cache
def builtin_spellings() -> Spellings:
    return spellings(builtins())


@cache
def property_spellings() -> Spellings:
    return spellings(PROPERTIES)
