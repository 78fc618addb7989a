"""The names that an expression may use where it stands; with them the parser reads names that have spaces in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from loft.decisions.feel.lexer import name_tokens
from loft.decisions.feel.types import ANY, Type


@dataclass
class Spellings:
    """Names as a tree of their tokens: the name that ends here, and what may come next."""

    name: str = ""
    after: dict[str, "Spellings"] = field(default_factory=dict)

    def add(self, name: str) -> None:
        """Put in *name*; one that is spelt the same and was there before stays."""
        end = self
        for piece in name_tokens(name):
            end = end.after.get(piece) or end.after.setdefault(piece, Spellings())
        if end is not self and not end.name:
            end.name = name


@dataclass(frozen=True)
class Names:
    """The variables in scope with their types, and the names of parts that occur anywhere in the model.

    The parser knows the built-in functions itself. ``parts`` lets it read ``person.first name`` where the type of ``person`` is not
    known. ``definitions`` are the model's own types, for ``instance of`` and the parameters of functions. Where the reader is ``lenient``,
    ``@"…"`` of what is no date, time or duration is null, and no error.
    """

    types: Mapping[str, Type] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    definitions: Mapping[str, Type] = field(default_factory=dict)
    lenient: bool = False

    def known(self, name: str) -> bool:
        return name in self.types

    def type_of(self, name: str) -> Type:
        return self.types.get(name, ANY)

    def having(self, types: Mapping[str, Type] | Iterable[str]) -> "Names":
        """These names and more; a new one hides an old one."""
        added = dict(types) if isinstance(types, Mapping) else dict.fromkeys(types, ANY)
        return Names({**self.types, **added}, self.parts, self.definitions, self.lenient)

    @cached_property
    def spellings(self) -> Spellings:
        return spellings(self.types)

    @cached_property
    def part_spellings(self) -> Spellings:
        return spellings(sorted(self.parts))

    @cached_property
    def definition_spellings(self) -> Spellings:
        return spellings(self.definitions)


def spellings(names: Iterable[str]) -> Spellings:
    """*names* so that they can be looked up by their tokens."""
    found = Spellings()
    for name in names:
        found.add(name)
    return found
