"""The names that an expression may use where it stands; with them the parser reads names that have spaces in them."""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from loft.decisions.feel.lexer import name_tokens
from loft.decisions.feel.types import ANY, Type

Spellings = dict[str, list[tuple[tuple[str, ...], str]]]
"""Names by their first token: the tokens of each, and the name itself, those of most tokens first."""


@dataclass(frozen=True)
class Names:
    """The variables in scope with their types, and the names of parts that occur anywhere in the model.

    The parser knows the built-in functions itself. ``parts`` lets it read ``person.first name`` where the type of ``person`` is not
    known. ``definitions`` are the model's own types, for ``instance of`` and the parameters of functions.
    """

    types: Mapping[str, Type] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    definitions: Mapping[str, Type] = field(default_factory=dict)

    def known(self, name: str) -> bool:
        return name in self.types

    def type_of(self, name: str) -> Type:
        return self.types.get(name, ANY)

    def having(self, types: Mapping[str, Type] | Iterable[str]) -> "Names":
        """These names and more; a new one hides an old one."""
        added = dict(types) if isinstance(types, Mapping) else dict.fromkeys(types, ANY)
        return Names({**self.types, **added}, self.parts, self.definitions)

    @cached_property
    def spellings(self) -> Spellings:
        return spellings(self.types)

    @cached_property
    def part_spellings(self) -> Spellings:
        return spellings(self.parts)


def spellings(names: Iterable[str]) -> Spellings:
    """*names* so that they can be looked up by their tokens."""
    found: Spellings = {}
    for name in sorted(names):
        add_spelling(found, name)
    return found


def add_spelling(found: Spellings, name: str) -> None:
    """Put *name* among the spellings *found*."""
    pieces = name_tokens(name)
    if pieces:
        insort(found.setdefault(pieces[0], []), (pieces, name), key=lambda pair: -len(pair[0]))
