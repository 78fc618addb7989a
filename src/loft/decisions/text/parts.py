"""The sections of a rule by what they are, each taken apart but not yet read as FEEL."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from loft.decisions.errors import RuleError
from loft.decisions.feel.types import ANY, Type
from loft.decisions.text.facts import Facts, read_facts
from loft.decisions.text.items import read_types
from loft.decisions.text.keys import Fields, fields, value
from loft.decisions.text.lines import Section, place
from loft.decisions.text.table import Parts, parts_of
from loft.decisions.text.types import comma_parts, read_type
from loft.language import mark

HEADINGS = ("Types", "Facts", "Decision: …", "Function: …", "Examples")


@dataclass(frozen=True)
class Sections:
    """Sections by kind; ``facts`` with those of single facts below them."""

    head: Section
    types: tuple[Section, ...]
    facts: tuple[Section, ...]
    decisions: tuple[tuple[str, Section], ...]
    functions: tuple[tuple[str, Section], ...]
    examples: tuple[Section, ...]


def sorted_out(found: tuple[Section, ...], *, file: str) -> Sections:
    """The sections by kind. Raises ``RuleError`` for a heading that is none of ``HEADINGS``."""
    kinds: dict[str, list[tuple[str, Section]]] = {
        "types": [],
        "facts": [],
        "decision": [],
        "function": [],
        "examples": [],
    }
    head, last = _head(found, file)
    for section in found[1:]:
        if section.level == 1:
            continue
        kind, _, name = section.heading.partition(":")
        kind = kind.strip().lower()
        if section.level > 2:
            if last not in ("facts", "examples"):
                raise RuleError(_TOO_LOW, place(file, section.line, text=section.heading))
            kinds[last].append(("", section))
            continue
        if kind not in kinds:
            near = difflib.get_close_matches(kind[:80], kinds, 1)
            told = _MEANT if near else _HEADING
            raise RuleError(told, place(file, section.line, text=section.heading), near="".join(near), headings=_all())
        last = kind
        kinds[kind].append((" ".join(name.split()), section))
    plain = {kind: tuple(section for _, section in kinds[kind]) for kind in ("types", "facts", "examples")}
    return Sections(
        head, plain["types"], plain["facts"], tuple(kinds["decision"]), tuple(kinds["function"]), plain["examples"]
    )


def _all() -> str:
    return ", ".join(HEADINGS)


def _head(found: tuple[Section, ...], file: str) -> tuple[Section, str]:
    """The first heading with what stands before and under it."""
    tops = [section for section in found if section.level == 1]
    if not tops or not tops[0].heading:
        raise RuleError(_NO_TITLE, place(file, 1))
    if len(tops) > 1:
        raise RuleError(_TWO_TITLES, place(file, tops[1].line, text=tops[1].heading))
    top = tops[0]
    for section in (found[0], top):
        if section.grids or section.fences:
            line = section.grids[0].line if section.grids else section.fences[0].line
            raise RuleError(_LOOSE, place(file, line), headings=_all())
    top.entries[:0] = found[0].entries
    top.remark[:0] = found[0].remark
    return top, ""


# --- decisions and functions ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Body:
    """A decision or function: its name, what its lines say, and its table, or its expression in ``section``."""

    name: str
    section: Section
    said: Fields
    table: Parts | None
    type: Type
    parameters: tuple[tuple[str, Type], ...] = ()

    @property
    def requires(self) -> tuple[str, ...] | None:
        """The names that it is said to require; None where they are found from its expressions."""
        if "requires" not in self.said:
            return None
        return tuple(" ".join(name.split()) for name in value(self.said, "requires").split(",") if name.strip())


DECISION = ("type", "id", "requires", "question", "allowed answers")
FUNCTION = ("type", "id", "requires")


def body_of(
    name: str, section: Section, types: Mapping[str, Type], known: frozenset[str], *, function: bool, file: str
) -> Body:
    """A decision or function taken apart. Raises ``RuleError``."""
    here = place(file, section.line, decision=name)
    parameters: tuple[tuple[str, Type], ...] = ()
    if function:
        name, parameters = _signature(name, section, types, file)
    if not name:
        raise RuleError(_NAMELESS, here)
    said = fields(section, FUNCTION if function else DECISION, () if function else ("label",), file=file, decision=name)
    if len(section.grids) + len(section.fences) != 1:
        raise RuleError(_ONE_LOGIC, here)
    table = parts_of(section.grids[0], known=known, file=file, decision=name) if section.grids else None
    kind = ANY
    if value(said, "type"):
        kind = read_type(value(said, "type"), types, said["type"].place)
    elif table is not None and not function:
        kind = _of_output(table, types, name, file)
    return Body(name, section, said, table, kind, parameters)


def _of_output(table: Parts, types: Mapping[str, Type], name: str, file: str) -> Type:
    """The type of the one output, where that is what comes out."""
    columns = table.columns
    if len(columns.outputs) != 1 or not columns.hit_policy.single or "type" not in table.special:
        return ANY
    line, cells = table.special["type"]
    written = cells[columns.outputs[0][0]]
    return read_type(written, types, place(file, line, decision=name, column="type")) if written else ANY


def _signature(
    written: str, section: Section, types: Mapping[str, Type], file: str
) -> tuple[str, tuple[tuple[str, Type], ...]]:
    """The name and parameters in ``share(income: number, rate)``."""
    name, opened, rest = written.partition("(")
    here = place(file, section.line, decision=written)
    if not opened or not rest.endswith(")"):
        raise RuleError(_SIGNATURE, here)
    parameters = []
    for part in comma_parts(rest[:-1]):
        parameter, _, kind = part.partition(":")
        read = read_type(kind, types, here) if kind.strip() else ANY
        parameters.append((" ".join(parameter.split()), read))
    if len({parameter for parameter, _ in parameters}) != len(parameters) or not all(p for p, _ in parameters):
        raise RuleError(_SIGNATURE, here)
    return name.strip(), tuple(parameters)


def facts_and_types(found: Sections, *, file: str) -> tuple[Facts, Mapping[str, Type]]:
    """The facts, and all types by name: those under “Types” and those of facts with allowed values."""
    items = read_types(found.types, file=file)
    facts = read_facts(list(found.facts), {each.name: each.type for each in items}, file=file)
    named = {each.name for each in items}
    for each in facts.items:
        if each.name in named:
            raise RuleError(_TYPE_AND_FACT, place(file, found.facts[0].line), name=each.name)
    everything = (*items, *facts.items)
    return Facts(facts.inputs, everything), {each.name: each.type for each in everything}


_TOO_LOW = mark("a heading with more than two # stands under “Facts” only, with the name of a fact.")
_MEANT = mark("this heading is not known. Did you mean “%(near)s”? Headings are: %(headings)s.")
_HEADING = mark("this heading is not known. Headings are: %(headings)s.")
_NO_TITLE = mark("the rule has no title. Begin the file with a line “# Title”.")
_TWO_TITLES = mark("a rule has one heading with one #. Write ## before the others.")
_LOOSE = mark("this stands before any heading that says what it is. Headings are: %(headings)s.")
_NAMELESS = mark("the decision has no name. Write “## Decision: name”.")
_ONE_LOGIC = mark(
    "a decision has one table, or one block ```feel, not none or several. Give each a heading of its own."
)
_SIGNATURE = mark(
    "a function is headed “## Function: name(first: number, second: string)”, with different names inside the brackets."
)
_TYPE_AND_FACT = mark("a fact with allowed values has the same name as a type: “%(name)s”. Rename one of them.")
