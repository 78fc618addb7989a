"""A tree of XML elements, read by expat within bounds.

DOCTYPE is refused, and with it every entity but the five that XML itself has; nothing outside the text is ever looked up. Diagrams
(DMNDI) are passed over.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.model import LARGEST
from loft.language import mark

LARGEST_FILE: Final = 20_000_000
"""Bytes."""
DEEPEST: Final = 200
"""Elements inside each other."""
MOST_ELEMENTS: Final = 2_000_000
MOST_ROWS: Final = LARGEST + 1_000
"""Rows and columns of a table past which reading stops at once."""
LONGEST_NAME: Final = 1_000
"""Characters in the name of an element or attribute, and in an attribute called ``name``, ``id`` or ``href``."""
LONGEST_ATTRIBUTE: Final = 100_000

_NOTHING: Final[dict[str, str]] = {}
_NO_CHILDREN: "Final[list[Element]]" = []
_NAMES: Final = frozenset(("name", "id", "href", "typeRef", "namespace"))
_SEPARATOR: Final = "\x1f"


class Element:
    """An element: its namespace and name, attributes by name (``{namespace}name`` where one has a namespace), children and text."""

    __slots__ = ("attributes", "children", "line", "name", "space", "text")

    def __init__(self, space: str, name: str, attributes: dict[str, str], line: int) -> None:
        self.space, self.name, self.attributes, self.line = space, name, attributes, line
        self.children, self.text = _NO_CHILDREN, ""

    def get(self, name: str, otherwise: str = "") -> str:
        """The attribute's value, without white space at its ends."""
        return self.attributes.get(name, otherwise).strip()

    def all(self, *names: str) -> "Iterator[Element]":
        """The children of these names in the element's own namespace, in order."""
        return (child for child in self.children if child.name in names and child.space == self.space)

    def first(self, *names: str) -> "Element | None":
        """The first of them."""
        return next(self.all(*names), None)

    def text_of(self, name: str) -> str:
        """The text of the first child of that name; empty where there is none."""
        child = self.first(name)
        return "" if child is None else child.text.strip()


class Document:
    """The root of a text, and the namespaces that its prefixes stand for."""

    def __init__(self, root: Element, prefixes: dict[str, str]) -> None:
        self.root, self.prefixes = root, prefixes


def parse(text: str | bytes, *, file: str = "") -> Document:
    """The tree in *text*. Raises ``RuleError`` with the line for what is not well-formed or is refused, ``TooLarge`` past the bounds."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > LARGEST_FILE:
        raise TooLarge(_LARGE, Place(file), most=f"{LARGEST_FILE // 1_000_000}")
    reading = _Reading(file, "utf-8" if isinstance(text, str) else None)
    try:
        reading.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise RuleError(_NOT_XML, Place(file), line=error.lineno, why=expat.ErrorString(error.code)) from None
    if reading.root is None:
        raise RuleError(_NOT_XML, Place(file), line=1, why="no element found")
    return Document(reading.root, reading.prefixes)


def first_attributes(data: bytes) -> dict[str, str]:
    """The attributes of the first element in the start of a text; none where that is not XML."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate(None, _SEPARATOR)

    def first(_: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append(dict(attributes))

    def refuse(*_: object) -> None:
        found.append({})

    parser.StartElementHandler, parser.StartDoctypeDeclHandler = first, refuse
    try:
        parser.Parse(data, False)
    except expat.ExpatError:
        return {}
    return found[0] if found else {}


class _Reading:
    """What expat's calls build up."""

    def __init__(self, file: str, encoding: str | None) -> None:
        self.file = file
        self.root: Element | None = None
        self.prefixes: dict[str, str] = {}
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
        self.elements = self.passing = 0
        self.parser = expat.ParserCreate(encoding, _SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartNamespaceDeclHandler = self.prefix
        self.parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_: object) -> None:
        raise RuleError(_DOCTYPE, Place(self.file), line=self.parser.CurrentLineNumber)

    def prefix(self, prefix: str | None, space: str | None) -> None:
        if len(self.prefixes) < 1_000:
            self.prefixes.setdefault(prefix or "", space or "")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise TooLarge(_MANY, Place(self.file), most=f"{MOST_ELEMENTS:,}")
        if self.passing or len(self.open) >= DEEPEST:
            return self._pass_over()
        space, _, local = name.rpartition(_SEPARATOR)
        if local == "DMNDI":
            self.passing = 1
            return None
        self._check(local, attributes)
        own = {_qualified(key): value for key, value in attributes.items()} if attributes else _NOTHING
        element = Element(space, local, own, self.parser.CurrentLineNumber)
        if self.open:
            parent = self.open[-1]
            if parent.children is _NO_CHILDREN:
                parent.children = []
            if local == "rule" and len(parent.children) > MOST_ROWS:
                raise TooLarge(_ROWS, Place(self.file, self._decision()), most=f"{LARGEST:,}")
            parent.children.append(element)
        else:
            self.root = element
        self.open.append(element)
        self.texts.append([])
        return None

    def _decision(self) -> str:
        return next((one.get("name") for one in self.open if one.name in ("decision", "businessKnowledgeModel")), "")

    def _pass_over(self) -> None:
        """Count what is inside a diagram; anything else as deep is refused."""
        if len(self.open) + self.passing >= DEEPEST:
            raise TooLarge(_DEEP, Place(self.file), line=self.parser.CurrentLineNumber, most=DEEPEST)
        self.passing += 1

    def _check(self, local: str, attributes: dict[str, str]) -> None:
        long = len(local) > LONGEST_NAME or any(
            len(key) > LONGEST_NAME or len(value) > (LONGEST_NAME if key in _NAMES else LONGEST_ATTRIBUTE)
            for key, value in attributes.items()
        )
        if long:
            raise TooLarge(_LONG, Place(self.file), line=self.parser.CurrentLineNumber, most=f"{LONGEST_NAME:,}")

    def end(self, _: str) -> None:
        if self.passing:
            self.passing -= 1
            return
        element, parts = self.open.pop(), self.texts.pop()
        if parts:
            text = "".join(parts)
            element.text = text if text.strip() else ""

    def characters(self, text: str) -> None:
        if not self.passing and self.texts:
            self.texts[-1].append(text)


def _qualified(key: str) -> str:
    space, _, local = key.rpartition(_SEPARATOR)
    return f"{{{space}}}{local}" if space else local


_LARGE = mark("the file is larger than %(most)s MB. Split the rule into several files.")
_MANY = mark("the file has more than %(most)s elements. Split the rule into several files.")
_ROWS = mark("the table has more than %(most)s rows. Split it into several tables.")
_DEEP = mark(
    "line %(line)s: there are more than %(most)s elements inside each other. Write the rule with fewer levels."
)
_LONG = mark("line %(line)s: a name is longer than %(most)s characters, or an attribute is too long. Shorten it.")
_NOT_XML = mark("line %(line)s is not well-formed XML (%(why)s). Export the file again from the tool that made it.")
_DOCTYPE = mark("line %(line)s has a DOCTYPE, which is refused since it can hide text from a reader. Remove it.")
