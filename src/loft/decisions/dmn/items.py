"""Item definitions: named types, and what a ``typeRef`` means (DMN 1.5, 7.3.3)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from loft.decisions.dmn.xml import Element
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.names import Names
from loft.decisions.feel.parser import parse_tests
from loft.decisions.feel.types import ANY, OTHER_NAMES, SIMPLE, Type
from loft.decisions.model import Cell, ItemDefinition
from loft.language import mark

MOST_PARTS: Final = 10_000
"""Parts of one type, with the parts of its parts."""

_XSD: Final = {
    **dict.fromkeys(("decimal", "integer", "int", "long", "short", "double", "float"), "number"),
    **{name: name for name in ("string", "boolean", "date", "time")},
    **OTHER_NAMES,
}
_WORDS: Final = {name.lower(): Type(name) for name in SIMPLE} | {
    "list": Type("list", member=ANY),
    "context": Type("context"),
    "function": Type("function"),
    "range": Type("range", member=ANY),
    "daytimeduration": Type("days and time duration"),
    "yearmonthduration": Type("years and months duration"),
    **dict.fromkeys(("integer", "int", "long", "double", "float", "decimal"), Type("number")),
    "datetime": Type("date and time"),
    "date_and_time": Type("date and time"),
    "days_and_time_duration": Type("days and time duration"),
    "years_and_months_duration": Type("years and months duration"),
}
_MADE: Final = re.compile(r"(list|range)\s*<(.*)>\s*\Z", re.DOTALL)


class Types:
    """The types that a ``typeRef`` may name: FEEL's own, the model's and those of its imports (``prefix.name``)."""

    def __init__(
        self,
        elements: Iterable[Element],
        *,
        imported: Mapping[str, Type],
        prefixes: Mapping[str, str],
        file: str,
        strict: bool,
    ) -> None:
        self._elements: dict[str, Element] = {}
        self._imported, self._prefixes, self._file, self._strict = imported, prefixes, file, strict
        self._known: dict[str, ItemDefinition] = {}
        self._open: list[str] = []
        for element in elements:
            name = element.get("name")
            if name in self._elements:
                raise RuleError(_TWICE, Place(file), line=element.line, name=name)
            self._elements[name] = element

    def definitions(self) -> tuple[ItemDefinition, ...]:
        """All item definitions of the model, in order. Raises ``RuleError`` for recursive and unknown ones."""
        return tuple(self._definition(name) for name in self._elements)

    def of(self, ref: str) -> Type:
        """The type that *ref* names; any type where it is empty. Raises ``RuleError`` for an unknown one (a lenient reader: any type)."""
        ref = " ".join(ref.split())
        if not ref:
            return ANY
        if ref in self._elements:
            return self._definition(ref).type
        if ref in self._imported:
            return replace(self._imported[ref], name=ref)
        if made := _MADE.match(ref):
            return Type(made[1], member=self.of(made[2]))
        return self._own(ref)

    def _own(self, ref: str) -> Type:
        """FEEL's types, with the prefixes that tools put before them."""
        prefix, colon, local = ref.rpartition(":")
        if colon and "XMLSchema" in self._prefixes.get(prefix, prefix.replace("xsd", "XMLSchema")):
            return _WORDS.get(_XSD.get(local, "any").lower(), ANY)
        if local.lower() in _WORDS:
            return _WORDS[local.lower()]
        if colon:
            return self.of(local)
        if self._strict:
            raise RuleError(_UNKNOWN, Place(self._file), name=ref)
        return ANY

    def _definition(self, name: str) -> ItemDefinition:
        if name not in self._known:
            if name in self._open:
                raise RuleError(_RECURSIVE, Place(self._file), names=" → ".join([*self._open, name]))
            self._open.append(name)
            self._known[name] = self._read(self._elements[name], name)
            self._open.pop()
        return self._known[name]

    def _read(self, element: Element, name: str) -> ItemDefinition:
        parts = tuple(self._read(part, "") for part in element.all("itemComponent"))
        function = element.first("functionItem")
        ref = element.text_of("typeRef")
        if function is not None:
            parts = tuple(self._parameter(part) for part in function.all("parameters"))
            ref = function.get("outputTypeRef")
            base = Type("function", member=self.of(ref), parameters=tuple(part.type for part in parts))
        elif parts:
            base = Type("context", parts=tuple((part.name, part.type) for part in parts))
        else:
            base = self.of(ref)
        allowed, constraint = self._tests(element, "allowedValues"), self._tests(element, "typeConstraint")
        collection = element.get("isCollection") in ("true", "1")
        read = ItemDefinition(
            element.get("name"),
            _limited(base, collection, allowed, constraint, name),
            type_ref=ref,
            collection=collection,
            allowed=allowed,
            parts=parts,
            id=element.get("id"),
            label=element.get("label"),
            constraint=constraint,
            function=function is not None,
        )
        if _size(read.type) > MOST_PARTS:
            raise TooLarge(_LARGE, Place(self._file), name=read.name, most=f"{MOST_PARTS:,}")
        return read

    def _parameter(self, element: Element) -> ItemDefinition:
        ref = element.get("typeRef")
        return ItemDefinition(element.get("name"), self.of(ref), type_ref=ref, id=element.get("id"))

    def _tests(self, element: Element, name: str) -> Cell | None:
        found = element.first(name)
        text = found.text_of("text") if found is not None else ""
        if found is None or not text:
            return None
        try:
            return Cell(text, parse_tests(text, Names()), id=found.get("id"))
        except RuleError as error:
            if not self._strict:
                return None
            raise error.at(Place(self._file, column=element.get("name"), text=text)) from None


def _limited(base: Type, collection: bool, allowed: Cell | None, constraint: Cell | None, name: str) -> Type:
    """What a definition means: its base, or a list of it, within its limits."""
    limits = None if allowed is None else allowed.tests
    whole = None if constraint is None else constraint.tests
    if collection:
        return Type("list", member=base, allowed=limits, constraint=whole, name=name)
    if limits is None:
        limits, whole = whole, None
    if limits is None and not name:
        return base
    if base.allowed is None:
        return replace(base, allowed=limits, constraint=whole or base.constraint, name=name)
    if limits is None:
        return replace(base, name=name)
    return replace(base, allowed=limits, constraint=whole, name=name)


def _size(type_: Type) -> int:
    """How many parts a type has, stopping past the bound; shared parts count each time they occur."""
    count, left = 0, [type_]
    while left and count <= MOST_PARTS:
        one = left.pop()
        count += 1
        left.extend(part for _, part in one.parts)
        left.extend(one.parameters)
        if one.member is not None:
            left.append(one.member)
    return count


_TWICE = mark("line %(line)s: there are two item definitions called “%(name)s”. Rename one.")
_UNKNOWN = mark(
    "there is no type “%(name)s”. Add an item definition of that name, or use number, string, boolean, date, …"
)
_RECURSIVE = mark("item definitions that hold themselves cannot be used: %(names)s. Break the ring.")
_LARGE = mark("the item definition “%(name)s” has more than %(most)s parts within parts. Write it with fewer.")
