"""The section “Types”: named types, their parts and their allowed values; and what such names mean."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from loft.decisions.errors import Place, RuleError
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import Cell, ItemDefinition
from loft.decisions.text.keys import check_key
from loft.decisions.text.lines import Section, place
from loft.decisions.text.scope import Scope
from loft.decisions.text.types import read_type
from loft.language import mark

KEYS = ("is", "allowed", "constraint", "label", "id")
DEEPEST = 20
"""Parts inside each other, and types that name each other in a row."""


@dataclass
class _Row:
    """A row as it was written; the rows below it that have one dot more are its parts."""

    name: str
    depth: int
    said: Mapping[str, str]
    place: Place
    limits: tuple[Cell | None, Cell | None] = (None, None)
    parts: dict[str, "_Row"] = field(default_factory=dict)


def read_types(parts: Sequence[Section], *, file: str) -> tuple[ItemDefinition, ...]:
    """The definitions of all sections “Types”. Raises ``RuleError`` for unknown types and for types made of themselves."""
    tops: dict[str, _Row] = {}
    above: list[_Row] = []
    for section in parts:
        for row in _rows(section, file):
            if row.depth > len(above) or row.depth > DEEPEST:
                raise RuleError(_NO_WHOLE, row.place, name=row.name)
            above = [*above[: row.depth], row]
            siblings = above[-2].parts if row.depth else tops
            if row.name in siblings:
                raise RuleError(_TWICE, row.place, name=row.name)
            siblings[row.name] = row
    return resolved([_definition(row) for row in tops.values()], lambda name: tops[name].place)


def _rows(section: Section, file: str) -> Iterator[_Row]:
    for grid in section.grids:
        heads = tuple(head.lower() for head in grid.heads)
        if heads[0] != "type":
            raise RuleError(_FIRST_HEAD, place(file, grid.line, column=grid.heads[0]))
        for head in heads[1:]:
            check_key(head, KEYS, (), place(file, grid.line, column=head))
        for number, (line, cells) in enumerate(grid.rows, start=1):
            where = place(file, line, row=number)
            written = cells[0].replace(" ", "")
            depth = len(written) - len(written.lstrip("."))
            name = " ".join(cells[0].lstrip(". ").split())
            if not name:
                raise RuleError(_NAMELESS, where)
            said = {head: cell for head, cell in zip(heads[1:], cells[1:], strict=True) if cell}
            yield _Row(name, depth, said, where, (_cell(said, "allowed", where), _cell(said, "constraint", where)))


def _cell(said: Mapping[str, str], key: str, where: Place) -> Cell | None:
    return Scope().cell(said[key], replace(where, column=key)) if key in said else None


def _definition(row: _Row) -> ItemDefinition:
    """The definition as written; what it means is filled in by ``resolved``."""
    ref = " ".join(row.said.get("is", "").split())
    if row.parts and ref not in ("", "list"):
        raise RuleError(_BOTH, row.place, name=row.name)
    return ItemDefinition(
        name=row.name,
        type=ANY,
        type_ref=ref.removeprefix("list of ") if not row.parts else "",
        collection=ref.startswith("list of ") or ref == "list",
        allowed=row.limits[0],
        constraint=row.limits[1],
        parts=tuple(_definition(part) for part in row.parts.values()),
        id=row.said.get("id", ""),
        label=row.said.get("label", ""),
    )


def resolved(items: Sequence[ItemDefinition], where: Callable[[str], Place]) -> tuple[ItemDefinition, ...]:
    """*items* with what each means. Raises ``RuleError`` at *where* for an unknown type or one that is made of itself."""
    by_name = {each.name: each for each in items}
    done: dict[str, ItemDefinition] = {}

    def finish(name: str, open_names: tuple[str, ...]) -> ItemDefinition:
        if name in open_names or len(open_names) > DEEPEST:
            raise RuleError(_OF_ITSELF, where(name), names=" → ".join((*open_names, name)))
        if name not in done:
            done[name] = meant(by_name[name], (*open_names, name), name)
        return done[name]

    def meant(definition: ItemDefinition, open_names: tuple[str, ...], name: str = "") -> ItemDefinition:
        parts = tuple(meant(part, open_names) for part in definition.parts)
        kind = Type("context", parts=tuple((part.name, part.type) for part in parts)) if parts else ANY
        if not parts and definition.type_ref:
            known = _Types(by_name, lambda name: finish(name, open_names).type)
            kind = read_type(definition.type_ref, known, where(open_names[0]))
        return replace(definition, type=limited(kind, definition, name), parts=parts)

    return tuple(finish(each.name, ()) for each in items)


def limited(base: Type, definition: ItemDefinition, name: str) -> Type:
    """What a definition means: its base, or a list of it, within its limits; parts of types have no name of their own."""
    allowed = definition.allowed.tests if definition.allowed else None
    constraint = definition.constraint.tests if definition.constraint else None
    if definition.collection:
        return Type("list", member=base, allowed=allowed, constraint=constraint, name=name)
    if allowed is None:
        allowed, constraint = constraint, None
    if base.allowed is None:
        return replace(base, allowed=allowed, constraint=constraint or base.constraint, name=name)
    if allowed is None:
        return replace(base, name=name)
    return replace(base, allowed=allowed, constraint=constraint, name=name)


class _Types(Mapping[str, Type]):
    """Types by name, each found out when it is asked for."""

    def __init__(self, names: Mapping[str, object], find: Callable[[str], Type]) -> None:
        self.names, self.find = names, find

    def __getitem__(self, name: str) -> Type:
        if name not in self.names:
            raise KeyError(name)
        return self.find(name)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


_NO_WHOLE = mark(
    "“%(name)s” is a part of nothing. A part has one dot more than the type in the row above it that it belongs to."
)
_TWICE = mark("“%(name)s” stands twice. Keep one of the rows, or give one of them another name.")
_FIRST_HEAD = mark("the first column of this table is headed “type”.")
_NAMELESS = mark("this row has no name. Write one in the first column, or remove the row.")
_BOTH = mark("“%(name)s” has parts, so it can be nothing else than “list” (of such parts). Empty the column “is”.")
_OF_ITSELF = mark("a type is made of itself or of too many others: %(names)s. Name another type in one of them.")
