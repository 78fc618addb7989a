"""The sections “Types” and “Facts”: named types, and what a case brings in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from loft.decisions.errors import RuleError
from loft.decisions.feel.types import ANY, Type
from loft.decisions.model import Cell, InputData, ItemDefinition
from loft.decisions.text.identities import made_ids
from loft.decisions.text.items import limited
from loft.decisions.text.keys import Fields, Said, check_key, fields, texts_of, value
from loft.decisions.text.lines import Section, place
from loft.decisions.text.scope import Scope
from loft.decisions.text.types import read_type, type_text
from loft.language import mark

KEYS = ("type", "allowed", "unit", "cost", "description", "id")
TEXTS = ("label", "question", "why")


@dataclass(frozen=True)
class Facts:
    """The facts, and the types made for those with allowed values."""

    inputs: tuple[InputData, ...]
    items: tuple[ItemDefinition, ...]


def read_facts(parts: list[Section], types: Mapping[str, Type], *, file: str) -> Facts:
    """The facts of all sections “Facts” with their sub-headings. Raises ``RuleError`` with line, row and column."""
    found: dict[str, dict[str, Said]] = {}
    for section in parts:
        if section.level <= 2:
            _columns(section, found, file)
    in_table = frozenset(found)
    for section in parts:
        if section.level > 2:
            _own_section(section, found, in_table, file)
    kept = {name: said["id"].value for name, said in found.items() if "id" in said and said["id"].value}
    ids = made_ids("fact", tuple(found), kept)
    read = [_fact(name, said, ids[name], types) for name, said in found.items()]
    return Facts(tuple(fact for fact, _ in read), tuple(made for _, made in read if made is not None))


def _columns(section: Section, found: dict[str, dict[str, Said]], file: str) -> None:
    for grid in section.grids:
        heads = tuple(head.lower() for head in grid.heads)
        if heads[0] != "fact":
            raise RuleError(_FIRST_HEAD, place(file, grid.line, column=grid.heads[0]), wanted="fact")
        for head in heads[1:]:
            check_key(head, KEYS, TEXTS, place(file, grid.line, column=head))
        for row, (line, cells) in enumerate(grid.rows, start=1):
            where = place(file, line, row=row)
            name = " ".join(cells[0].split())
            if not name:
                raise RuleError(_NAMELESS, where)
            if name in found:
                raise RuleError(_TWICE, where, name=name)
            said = [
                Said(cell, place(file, line, row=row, column=head)) for head, cell in zip(heads, cells, strict=True)
            ]
            found[name] = {head: each for head, each in zip(heads[1:], said[1:], strict=True) if each.value}
    if section.entries:
        raise RuleError(_LOOSE, place(file, section.entries[0].line, text=section.entries[0].key))


def _own_section(section: Section, found: dict[str, dict[str, Said]], in_table: frozenset[str], file: str) -> None:
    """A fact under a heading of its own: adds to what its row says. Where there is no table, the headings are the facts."""
    here = place(file, section.line, text=section.heading)
    name = " ".join(section.heading.split())
    if in_table:
        check_key(name, sorted(in_table), (), here)
    said: Fields = fields(section, KEYS, TEXTS, file=file)
    own = found.setdefault(name, {})
    if section.description:
        said = {**said, "description": Said(section.description, here)}
    for key, each in said.items():
        if key in own:
            raise RuleError(_SAID_TWICE, each.place, key=key)
        own[key] = each


def _fact(name: str, said: Fields, id: str, types: Mapping[str, Type]) -> tuple[InputData, ItemDefinition | None]:
    made = None
    kind = read_type(said["type"].value, types, said["type"].place) if value(said, "type") else ANY
    if "allowed" in said:
        made = limited_type(name, kind, Scope().cell(said["allowed"].value, said["allowed"].place))
        kind = made.type
    fact = InputData(
        name=name,
        type=kind,
        id=id,
        label=texts_of(said, "label"),
        question=texts_of(said, "question"),
        why=texts_of(said, "why"),
        unit=value(said, "unit"),
        cost=_cost(said.get("cost")),
        description=value(said, "description"),
    )
    return fact, made


def limited_type(name: str, kind: Type, allowed: Cell) -> ItemDefinition:
    """The type called *name* that has only the *allowed* values of *kind*."""
    collection = kind.kind == "list" and not kind.name and kind.member is not None
    base = kind.member if collection and kind.member is not None else kind
    made = ItemDefinition(name=name, type=ANY, type_ref=type_text(base), collection=collection, allowed=allowed)
    return replace(made, type=limited(base, made, name))


def _cost(said: Said | None) -> float:
    if said is None or not said.value:
        return 1.0
    try:
        cost = float(said.value)
    except ValueError:
        cost = -1.0
    if not 0 <= cost < _DEAREST:
        raise RuleError(_NO_COST, said.place, cost=said.value)
    return cost


_DEAREST = 1e9
_FIRST_HEAD = mark("the first column of this table is headed “%(wanted)s”.")
_NAMELESS = mark("this row has no name. Write one in the first column, or remove the row.")
_TWICE = mark("“%(name)s” stands twice. Keep one of the rows, or give one of them another name.")
_SAID_TWICE = mark("“%(key)s” is said here and in the table of facts. Keep one of them.")
_LOOSE = mark("this line belongs to no fact. Put it under a heading ### with the name of the fact.")
_NO_COST = mark("“%(cost)s” is no cost. Write a number from 0 (a register tells it) upwards; 1 is usual.")
