"""A model from DMN XML (1.3, 1.4 and 1.5; 1.1 and 1.2 as far as they say the same).

Diagrams (DMNDI), text annotations, knowledge sources, business contexts and other tools' extensions are passed over. Java and PMML
functions are read and never run: they give null.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from loft.decisions import graph
from loft.decisions.dmn import extension
from loft.decisions.dmn.imports import Folder, imports_of
from loft.decisions.dmn.items import Types
from loft.decisions.dmn.logic import Reading
from loft.decisions.dmn.nodes import GRAPH, Nodes
from loft.decisions.dmn.scope import known_through, parts_in, through
from loft.decisions.dmn.xml import LARGEST_FILE, Document, Element, parse
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.feel.names import Names
from loft.decisions.feel.types import Type
from loft.decisions.model import Import, Model
from loft.language import mark

VERSIONS: Final = {
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
}
"""The versions of DMN by their namespaces."""


def read_dmn(path: str | Path, *, strict: bool = True) -> Model:
    """The model in a file, with those it imports from the same folder.

    Raises ``RuleError`` with file, decision, row and column for what is not DMN or cannot be evaluated, ``TooLarge`` past the bounds.
    With ``strict=False`` a decision that cannot be evaluated keeps its ``problem`` instead and gives null, an unknown type is any type,
    and of parts with the same name the first is meant.
    """
    path = Path(path)
    return _read_file(path, Folder(path.parent, strict, _read_file))


def read_dmn_text(text: str | bytes, *, file: str = "", folder: Path | None = None, strict: bool = True) -> Model:
    """As ``read_dmn``, from a text; what it imports is looked for in *folder* alone."""
    return _read(text, file, Folder(folder, strict, _read_file))


def _read_file(path: Path, folder: Folder) -> Model:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise TooLarge(_LARGE, Place(path.name), most=LARGEST_FILE // 1_000_000)
        data = path.read_bytes()
    except OSError as error:
        raise RuleError(_NO_FILE, Place(path.name), why=error.strerror or str(error)) from None
    return _read(data, path.name, folder)


def _read(text: str | bytes, file: str, folder: Folder) -> Model:
    document = parse(text, file=file)
    root = document.root
    if root.name != "definitions" or root.space not in VERSIONS:
        raise RuleError(_NOT_DMN, Place(file), name=root.name)
    folder.open.append(root.get("namespace"))
    try:
        imports = imports_of(root, file=file, folder=folder)
        return _Definitions(document, imports, file, folder.strict).model()
    except RuleError as error:
        raise error.at(Place(file)) from None
    finally:
        folder.open.pop()


@dataclass
class _Definitions:
    """The root element with what its parts are read with."""

    document: Document
    imports: tuple[Import, ...]
    file: str
    strict: bool

    def model(self) -> Model:
        root = self.document.root
        if self.strict:
            _check_unique(root, self.file)
        types = self.types()
        items = types.definitions()
        known = {key: found for one in through(self.imports) for key, found in known_through(one).items()}
        parts = parts_in(root, self.imports)
        definitions = {**self.imported_types(), **{one.name: one.type for one in items}}
        names = Names({}, parts, definitions, lenient=not self.strict)
        reading = Reading(types, root.get("expressionLanguage"))
        nodes = Nodes(root, reading, known=known, names=names, imports=self.imports, file=self.file, strict=self.strict)
        model = Model(
            name=root.get("name"),
            namespace=root.get("namespace"),
            id=root.get("id"),
            head=extension.head(root),
            items=items,
            inputs=nodes.inputs,
            decisions=nodes.decisions(),
            knowledge=nodes.knowledge(),
            services=nodes.services,
            imports=self.imports,
            file=self.file,
            description=root.text_of("description"),
            version=VERSIONS[root.space],
            extra={"parts": parts},
        )
        graph.check(model)
        return model

    def types(self) -> Types:
        root = self.document.root
        return Types(
            root.all("itemDefinition"),
            imported=self.imported_types(),
            prefixes=self.document.prefixes,
            file=self.file,
            strict=self.strict,
        )

    def imported_types(self) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for one in through(self.imports):
            for item in one.model.items:
                found.setdefault(f"{one.name}.{item.name}" if one.name else item.name, item.type)
        return found


def _check_unique(root: Element, file: str) -> None:
    """Raises ``RuleError`` where two parts have the same id, or two parts of the graph the same name."""
    ids: set[str] = set()
    names: set[str] = set()
    for element in root.children:
        if element.space == root.space and element.name in (*GRAPH, "itemDefinition"):
            own, name = element.get("id"), element.get("name")
            if own and own in ids:
                raise RuleError(_SAME_ID, Place(file, name), line=element.line, name=own)
            ids.add(own)
            if element.name in GRAPH:
                if not name or name in names:
                    raise RuleError(_SAME_NAME if name else _NO_NAME, Place(file), line=element.line, name=name)
                names.add(name)


_NO_FILE = mark("the file cannot be read (%(why)s). Check its path.")
_LARGE = mark("the file is larger than %(most)s MB. Split the rule into several files.")
_NOT_DMN = mark("this is not DMN 1.1 to 1.5: its first element is “%(name)s”. Export the rule as DMN XML.")
_SAME_ID = mark("line %(line)s: the id “%(name)s” stands twice. Give each part its own.")
_SAME_NAME = mark("line %(line)s: the name “%(name)s” stands twice. Give each part its own.")
_NO_NAME = mark("line %(line)s: a part has no name. Give it one.")
