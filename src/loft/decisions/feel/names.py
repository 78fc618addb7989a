"""The names that an expression may use where it stands; with them the parser reads names that have spaces in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from loft.decisions.feel.types import ANY, Type


@dataclass(frozen=True)
class Names:
    """The variables in scope with their types, and the names of parts that occur anywhere in the model.

    The parser knows the built-in functions itself. ``parts`` lets it read ``person.first name`` where the type of ``person`` is not
    known.
    """

    types: Mapping[str, Type] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()

    def known(self, name: str) -> bool:
        return name in self.types

    def type_of(self, name: str) -> Type:
        return self.types.get(name, ANY)

    def having(self, types: Mapping[str, Type] | Iterable[str]) -> "Names":
        """These names and more; a new one hides an old one."""
        added = dict(types) if isinstance(types, Mapping) else dict.fromkeys(types, ANY)
        return Names({**self.types, **added}, self.parts)
